"""Policy (政策参数): every number a rule uses, from ``policy.toml``, read by name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from fupin_cli.settings import TEXT, Table, Texts, Value, is_text, number, one_of, read_settings, span, whole

CURE = "改正这一行，或删去它用自带的值；参照 fupin init 写出的文件"

# Words of the policy that the program must know; to other words it would never come.
CONDITIONS = (
    "有大病或重度残疾成员", "整户无劳动能力", "年度医疗自付过高", "收入低于监测标准", "严重问题长期未销号", "有未销号的严重问题",
    "产业不强", "就业不稳", "受疫情影响", "受猪瘟影响", "监测风险未消除",
)  # fmt: skip
MEASURES = (
    "产业", "就业", "金融", "公益岗位", "健康", "教育", "义务教育", "住房", "饮水", "综合", "社会", "搬迁", "基础设施", "生产生活",
)  # fmt: skip
CATEGORIES = (
    "身份核对", "台账质量", "监测帮扶", "村级台账", "义务教育", "基本医疗", "住房安全", "饮水安全", "兜底保障", "残疾人保障",
    "就业扶贫", "产业扶贫", "金融扶贫", "项目资金", "基础设施",
)  # fmt: skip
STAGES = ("学前", "小学", "初中", "普高", "中职", "高职", "大专及以上")
EDUCATIONS = ("文盲或半文盲", "小学", "初中", "高中", "中专", "大专", "本科及以上")


def _is_pattern(value: Any) -> bool:
    """Words to look for, which are read as a regular expression: nothing in them may mean more than itself."""
    words = value.split("|") if isinstance(value, str) else [""]
    return all(is_text(word) and not set(word) & set(r"\^$.*+?()[]{}") for word in words)


def _are_tiers(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    if not all(isinstance(tier, list) and len(tier) == 2 and all(map(MONEY.holds, tier)) for tier in value):
        return False
    return all(low < high for one, next_ in pairwise(value) for low, high in zip(one, next_, strict=True))


def _are_grades(value: Any) -> bool:
    return isinstance(value, list) and all(type(grade) is int and 1 <= grade <= 4 for grade in value)


def _is_day_span(value: Any) -> bool:
    """Two ISO days (texts), the earlier first."""
    try:
        first, last = (date.fromisoformat(day) for day in value)
    except (TypeError, ValueError):
        return False
    return isinstance(value, list) and all(map(is_text, value)) and first <= last


DAY_SPAN = Value('[开始日期, 结束日期]，写成 "2020-01-01"，由早到晚', _is_day_span)
AGE, DAYS, MONTHS, COUNT = whole(0, 120), whole(0, 3660), whole(0, 120), whole(0, 1_000_000)
RATE, MONEY = number(0, 1), number(0, 1_000_000_000)
WORD = Value(
    "文字，不能空白，前后不带空格，不含 | . * ( ) 等符号", lambda value: _is_pattern(value) and "|" not in value
)
PATTERN = Value("文字，几种用“|”隔开，前后不带空格，不含 . * ( ) 等符号", _is_pattern)
TIERS = Value("[[超过的收入, 奖励], …]，都是不小于0的数，由低到高", _are_tiers)
SHAPE = Table(
    {
        "coverage_min_persons": COUNT,
        "receipt_shrink": RATE,
        "receipt_shrink_all": RATE,
        "receipt_loss": RATE,
        "receipt_unknown": RATE,
        "receipt_flood": RATE,
        "poverty_line": MONEY,
        "watch_line": MONEY,
        "dibao_line": MONEY,
        "parent_gap_min": AGE,
        "labour_min_age": AGE,
        "labour_ages": span(120),
        "post_ages": span(120),
        "school_age": span(120),
        "aid_stages": Texts(one_of(STAGES)),
        "aid_grace_days": DAYS,
        "newborn_days": DAYS,
        "inpatient_rate": RATE,
        "outpatient_rate": RATE,
        "build_days": DAYS,
        "accept_days": DAYS,
        "death_grace_days": DAYS,
        "dibao_verified_rate": RATE,
        "medical_burden": RATE,
        "relief_self_paid": MONEY,
        "clear_months": MONTHS,
        "help_months": MONTHS,
        "able_share": RATE,
        "village_poor_households": COUNT,
        "post_record_age": AGE,
        "forest_rangers": COUNT,
        "award_tiers": TIERS,
        "due_soon_days": DAYS,
        "recourse_days": DAYS,
        "loan_max": MONEY,
        "epidemic_loans": DAY_SPAN,
        "living_allowance_grades": Value("[1, 2]：1至4的整数", _are_grades),
        "loan_years": number(0, 100),
        "fund_lag": RATE,
        "project_accept_days": DAYS,
        "kva_per_household": number(0, 1000),
        "exemption_accepted": Texts(TEXT),
        "quarterly_diseases": Texts(WORD, least=1),
        "housed_elsewhere": Texts(TEXT),
        "renovation_targets": Texts(TEXT, least=1),
        "light_finding_days": DAYS,
        "light_finding_categories": Texts(one_of(CATEGORIES)),
        "light_work_months": MONTHS,
        "light_red": Table(
            {
                "any_of": Texts(one_of(CONDITIONS)),
                "several": whole(1, len(CONDITIONS)),
                "several_of": Texts(one_of(CONDITIONS)),
            }
        ),
        "light_yellow": Table({"any_of": Texts(one_of(CONDITIONS))}),
        "light_risks": Table(others=PATTERN, names=one_of(CONDITIONS)),
        "aid_standard": Table(others=MONEY, names=one_of(STAGES)),
        "stage_ages": Table(others=span(120), names=one_of(STAGES)),
        "education_min_ages": Table(others=AGE, names=one_of(EDUCATIONS)),
        "water": Table({"quantity": number(0, 1000), "convenience": number(0, 1440), "reliability": number(0, 100)}),
        "risk_measures": Table(others=Texts(one_of(MEASURES), least=1), names=PATTERN),
    }
)


def default_policy_text() -> str:
    """The shipped ``policy.toml`` with its comments."""
    return files("fupin_cli").joinpath("defaults/policy.toml").read_text(encoding="utf-8")


@cache
def _default_values() -> Mapping[str, Any]:
    return tomllib.loads(default_policy_text())


@dataclass(frozen=True)
class Policy:
    """Thresholds by name; an unknown name is a bug, not a default."""

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True)
class WatchedPolicy(Policy):
    """The same, remembering which names are asked for."""

    asked: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return self.values[name]


def load_policy(path: Path | None = None) -> Policy:
    """Defaults overlaid by the workspace's ``policy.toml`` (tables merge key by key), which is judged first."""
    values = dict(_default_values())
    if path is not None and path.exists():
        for name, value in read_settings(path, SHAPE, CURE).items():
            values[name] = {**values[name], **value} if isinstance(value, dict) else value
    return Policy(values)
