"""Titles of the ledger's statistics, and how each figure is computed, for the terminal and the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin_cli.ledger.rates import Rates
from fupin_cli.ledger.states import UNSEEN

GROUP_TITLES = {"unit": "责任单位", "town": "镇", "category": "保障类别"}
# Title and column of :func:`fupin_cli.ledger.stats.statistics`.
RATE_COLUMNS = (
    ("发现", "found"), ("待核实", "unverified"), ("属实率", "true_rate"), ("整改率", "mended_rate"),
    ("销号率", "closed_rate"), ("超期", "overdue"), ("反弹", "relapsed"), ("证据不在", "unseen"),
    ("参数变", "yardstick_changed"),
)  # fmt: skip
AGE_COLUMNS = (
    ("未销号", "open"), ("30天内", "days_30"), ("31—60天", "days_60"), ("61—90天", "days_90"), ("90天以上", "days_more"),
)  # fmt: skip
HOW_RATED = (
    "属实率＝属实÷（属实＋不属实），整改率＝（已整改待复核＋已销号）÷属实，销号率＝已销号÷（发现－不属实）；"
    "待确认销号、证据不在的，以前核实属实的才算属实，都不算整改、不算销号"
)
HOW_COMPUTED = (
    f"{HOW_RATED}；超期是过了完成时限而没有报告整改的；反弹是销号后又出现过的；参数变是证据不在中因政策参数或规则变了而不再报出的。"
    "几个单位共同负责的问题各单位分别计数，合计不重复。"
)


def group_title(by: str) -> str:
    return GROUP_TITLES[by]


def state_words(row: Mapping[str, Any]) -> str:
    """The state, and why nobody can see the finding where it is 证据不在."""
    reason = row["unseen_because"] if row["state"] == UNSEEN else ""
    return f"{row['state']}：{reason}" if reason else str(row["state"])


def unseen_text(counted: Rates) -> str:
    """How many findings nobody can see, or nothing where there are none."""
    if not counted.unseen:
        return ""
    changed = f"（其中参数或规则变了的{counted.yardstick_changed:,}条）" if counted.yardstick_changed else ""
    return f"证据不在{counted.unseen:,}条{changed}"


def percent(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.1%}"
