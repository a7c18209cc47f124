"""One sheet per 保障类别: the findings, readable for officials."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from fupin_cli.reports.counts import column
from fupin_cli.reports.model import RunSummary
from fupin_cli.reports.page import MAX_ROWS, SEVERITY_COLOURS, Page, Styles
from fupin_cli.reports.wording import chinese_date, in_category_order
from fupin_cli.rules.catalogue import SEVERE, SEVERITIES

# Heading, finding column, width in characters, style.
COLUMNS = (
    ("级别", "severity", 5, "centre"),
    ("规则", "rule_id", 7.5, "centre"),
    ("问题", "title", 13, "text"),
    ("户编号", "household_id", 10, "centre"),
    ("姓名", "name", 7.5, "centre"),
    ("证件号码", "id_number", 19, "centre"),
    ("镇", "town", 7.5, "centre"),
    ("村", "village", 8, "centre"),
    ("责任单位", "owner", 10, "text"),
    ("问题详情", "detail", 32, "text"),
    ("台账记录", "register_value", 13, "text"),
    ("行业记录", "source_value", 15, "text"),
    ("依据", "basis", 9.5, "text"),
    ("证据（文件!工作表!行）", "evidence", 20, "small"),
    ("问题编号", "finding_key", 8.5, "small"),
)
WIDTHS = (4.5, *(width for _, _, width, _ in COLUMNS))
HEADINGS = ("序号", *(heading for heading, _, _, _ in COLUMNS))
HEAD_ROWS = 3
# 证据 and 问题编号 are for work on the screen; without them the rest prints at 小六 (6.5 points) or larger.
SCREEN_ONLY = 2


def add_finding_sheets(book: Any, styles: Styles, findings: pd.DataFrame, summary: RunSummary) -> None:
    """A sheet for every category that has findings; a second one where Excel's rows do not suffice."""
    names = column(findings, "category")
    for category in in_category_order(names):
        rows = findings[[name == category for name in names]]
        room = MAX_ROWS - HEAD_ROWS
        for start in range(0, len(rows), room):
            _add_sheet(book, styles, category, rows.iloc[start : start + room], start, summary)


def add_held_sheet(book: Any, styles: Styles, held: pd.DataFrame) -> None:
    """待核对: what waits for a receipt to be accepted and is no finding yet; no sheet where there is nothing."""
    if not len(held):
        return
    page = Page(book, styles, "待核对", (4.5, 40, *(width for _, _, width, _ in COLUMNS)), screen_only=SCREEN_ONLY)
    page.title("数据比对问题清单——待核对收件后再定")
    page.subtitle(
        "这些情况所依据的名单没有送全或存疑，没有列为问题，也没有记入台账；核对后用 fupin receipt accept 采信。"
    )
    page.header(("序号", "待核对的原因", *(heading for heading, *_ in COLUMNS)), sticky=True)
    formats = [getattr(styles, style) for _, _, _, style in COLUMNS]
    columns = [column(held, name) for name in ("held_because", *(name for _, name, _, _ in COLUMNS))]
    for number, values in enumerate(zip(*columns, strict=True), 1):
        page.wrapped_row((number, *values), (styles.centre, styles.text, *formats))
    page.filter(HEAD_ROWS - 1, len(COLUMNS) + 2)


def _add_sheet(book: Any, styles: Styles, category: str, rows: pd.DataFrame, start: int, summary: RunSummary) -> None:
    severities = column(rows, "severity")
    tab = SEVERITY_COLOURS[SEVERE][0] if SEVERE in severities else ""
    page = Page(book, styles, category or "未分类", WIDTHS, tab=tab, screen_only=SCREEN_ONLY)
    page.title(f"数据比对问题清单——{category or '未分类'}")
    page.subtitle(_caption(Counter(severities), summary))
    page.header(HEADINGS, sticky=True)
    formats = [getattr(styles, style) for _, _, _, style in COLUMNS]
    columns = [column(rows, name) for _, name, _, _ in COLUMNS]
    for number, values in enumerate(zip(*columns, strict=True), start + 1):
        severity_style = styles.severity.get(values[0], styles.centre)
        page.wrapped_row((number, *values), (styles.centre, severity_style, *formats[1:]))
    page.filter(HEAD_ROWS - 1, len(HEADINGS))
    page.sheet.print_area(0, 0, page.next_row - 1, page.printed - 1)
    page.sheet.ignore_errors({"number_stored_as_text": f"A{HEAD_ROWS + 1}:P{MAX_ROWS}"})


def _caption(severities: Counter[str], summary: RunSummary) -> str:
    parts = "，".join(f"{name}{severities[name]:,}条" for name in SEVERITIES if severities[name])
    unit = f"填报单位：{summary.district}    " if summary.district else ""
    return f"{unit}比对日期：{chinese_date(summary.as_of)}    共{severities.total():,}条（{parts}）"
