"""Titles of the ledger's statistics, and how each figure is computed, for the terminal and the workbook."""

from __future__ import annotations

GROUP_TITLES = {"unit": "责任单位", "town": "镇", "category": "保障类别"}
# Title and column of :func:`fupin_cli.ledger.stats.statistics`.
RATE_COLUMNS = (
    ("发现", "found"), ("待核实", "unverified"), ("属实率", "true_rate"), ("整改率", "mended_rate"),
    ("销号率", "closed_rate"), ("超期", "overdue"), ("反弹", "relapsed"),
)  # fmt: skip
AGE_COLUMNS = (
    ("未销号", "open"), ("30天内", "days_30"), ("31—60天", "days_60"), ("61—90天", "days_90"), ("90天以上", "days_more"),
)  # fmt: skip
HOW_COMPUTED = (
    "属实率＝属实÷（属实＋不属实），待核实、待确认销号的不计入；整改率＝（已整改待复核＋待确认销号＋已销号）÷（发现－不属实）；"
    "销号率＝已销号÷（发现－不属实）；超期是过了完成时限而没有报告整改的；反弹是销号后又出现过的。"
    "几个单位共同负责的问题各单位分别计数，合计不重复。"
)


def group_title(by: str) -> str:
    return GROUP_TITLES[by]


def percent(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.1%}"
