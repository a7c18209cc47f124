"""The policy table (三色灯判定表) and what it decides: red, yellow, or else green. No condition is decided in code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from fupin_cli.lights.model import GREEN, RED, YELLOW, Care
from fupin_cli.policy import Policy
from fupin_cli.rules.risks import GRAVE_MEMBER, LOW_INCOME, MEDICAL_BURDEN, NO_LABOUR

OLD_FINDING, OPEN_FINDING = "严重问题长期未销号", "有未销号的严重问题"
WEAK_INDUSTRY, UNSTABLE_WORK, EPIDEMIC, SWINE_FEVER = "产业不强", "就业不稳", "受疫情影响", "受猪瘟影响"
WATCHED_RISK = "监测风险未消除"
CONDITIONS = (
    GRAVE_MEMBER, NO_LABOUR, MEDICAL_BURDEN, LOW_INCOME, OLD_FINDING, OPEN_FINDING, WEAK_INDUSTRY, UNSTABLE_WORK, EPIDEMIC,
    SWINE_FEVER, WATCHED_RISK,
)  # fmt: skip
NO_MEASURE, NO_FOLLOW_UP, LATE_FOLLOW_UP = "缺帮扶措施", "缺下次跟踪日期", "跟踪逾期"


@dataclass(frozen=True)
class LightTable:
    """Red: any of ``red_any``, or ``several`` of ``red_several``; yellow: any of ``yellow_any``."""

    red_any: frozenset[str]
    red_several: frozenset[str]
    several: int
    yellow_any: frozenset[str]

    def light(self, conditions: Collection[str]) -> str:
        held = set(conditions)
        if held & self.red_any or len(held & self.red_several) >= self.several:
            return RED
        return YELLOW if held & self.yellow_any else GREEN


def light_table(policy: Policy) -> LightTable:
    """The table of ``policy.toml``."""
    red, yellow = policy["light_red"], policy["light_yellow"]
    return LightTable(
        frozenset(red["any_of"]), frozenset(red["several_of"]), int(red["several"]), frozenset(yellow["any_of"])
    )


def what_is_due(light: str, care: Care, as_of: date) -> tuple[str, ...]:
    """What a yellow or red household lacks: a measure, a day of follow-up, or one that is not past."""
    if light == GREEN:
        return ()
    due = [] if care.measure else [NO_MEASURE]
    if care.follow_up_on is None:
        due.append(NO_FOLLOW_UP)
    elif care.follow_up_on < as_of:
        due.append(LATE_FOLLOW_UP)
    return tuple(due)
