"""整改台账.xlsx: every finding with its state, and the statistics, ready to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from fupin_cli.ledger.states import CLOSED, DISMISSED, STATES, UNSEEN, is_late
from fupin_cli.ledger.stats import GROUPS, TOTAL, statistics
from fupin_cli.reports.files import beside
from fupin_cli.reports.ledger_words import AGE_COLUMNS, HOW_COMPUTED, RATE_COLUMNS, group_title, percent, state_words
from fupin_cli.reports.page import MAX_ROWS, Page, Styles, open_workbook
from fupin_cli.reports.wording import chinese_date

# Heading, width in characters, style.
COLUMNS = (
    ("序号", 4.5, "centre"), ("状态", 8, "centre"), ("级别", 5, "centre"), ("问题", 15, "text"), ("姓名", 7.5, "centre"),
    ("户编号", 10.5, "centre"), ("镇村", 10, "centre"), ("责任单位", 11, "text"), ("问题详情", 34, "text"),
    ("首次发现", 10, "centre"), ("期数", 4.5, "centre"), ("整改措施和进展", 20, "text"), ("责任领导、责任人", 9, "centre"),
    ("完成时限", 10, "centre"), ("完成日期", 10, "centre"), ("办理结果", 24, "text"), ("反弹", 4.5, "centre"),
    ("问题编号", 8.5, "small"),
)  # fmt: skip
DUE = 13
HEAD_ROWS = 3


def write_ledger(path: Path, table: pl.DataFrame, district: str, as_of: date, password: str = "") -> None:
    """Write ``table`` (all columns of the ledger, in printing order) beside ``path`` and move it in when complete."""
    with beside(path, password) as draft, open_workbook(draft, "整改台账", district, as_of) as book:
        styles = Styles(book)
        for by in GROUPS:
            _add_statistics(book, styles, table, by, district, as_of)
        for start in range(0, max(table.height, 1), MAX_ROWS - HEAD_ROWS):
            _add_findings(book, styles, table[start : start + MAX_ROWS - HEAD_ROWS], start, district, as_of)


def _caption(table: pl.DataFrame, district: str, as_of: date) -> str:
    counts = Counter(table["state"].to_list())
    parts = "，".join(f"{state}{counts[state]:,}条" for state in STATES if counts[state])
    unit = f"填报单位：{district}    " if district else ""
    return f"{unit}截至：{chinese_date(as_of)}    共{table.height:,}条" + (f"（{parts}）" if parts else "")


def _add_statistics(book: Any, styles: Styles, table: pl.DataFrame, by: str, district: str, as_of: date) -> None:
    columns, title = (*RATE_COLUMNS, *AGE_COLUMNS), group_title(by)
    page = Page(book, styles, f"按{title}", (26, *[9.5] * len(columns)))
    page.title(f"整改台账——按{title}统计")
    page.subtitle(_caption(table, district, as_of))
    page.note(f"{HOW_COMPUTED}“30天内”等是未销号问题从首次发现起的天数。")
    page.header((title, *(heading for heading, _ in columns)), sticky=True)
    for row in statistics(table, as_of, by).iter_rows(named=True):
        total = row["group"] == TOTAL
        label, number = (styles.total, styles.total_count) if total else (styles.text, styles.count)
        cells = [percent(row[name]) if name.endswith("_rate") else row[name] for _, name in columns]
        page.row((row["group"] or "（未注明）", *cells), (label, *[number] * len(cells)))


def _add_findings(book: Any, styles: Styles, rows: pl.DataFrame, start: int, district: str, as_of: date) -> None:
    page = Page(book, styles, "台账", [width for _, width, _ in COLUMNS])
    page.title("整改台账")
    page.subtitle(_caption(rows, district, as_of))
    page.header([heading for heading, _, _ in COLUMNS], sticky=True)
    usual = [getattr(styles, style) for _, _, style in COLUMNS]
    for number, row in enumerate(rows.iter_rows(named=True), start + 1):
        formats = list(usual)
        formats[2] = styles.severity.get(row["severity"], styles.centre)
        if is_late(row["state"], row["state_before"], row["due_on"], as_of.isoformat()):
            formats[DUE] = styles.alarm
        page.wrapped_row((number, *_cells(row)), formats)
    page.filter(HEAD_ROWS - 1, len(COLUMNS))
    page.sheet.ignore_errors({"number_stored_as_text": f"A{HEAD_ROWS + 1}:R{MAX_ROWS}"})


def _cells(row: Mapping[str, Any]) -> tuple[str | int, ...]:
    people = "\n".join(dict.fromkeys(name for name in (row["leader"], row["person_in_charge"]) if name))
    return (
        row["state"], row["severity"], f"{row['rule_id']} {row['title']}".strip(), row["name"], row["household_id"],
        f"{row['town']}{row['village']}", row["owner"], row["detail"], row["first_as_of"], row["times_seen"],
        "\n".join(text for text in (row["measure"], row["progress"]) if text), people, row["due_on"], row["done_on"], _result(row), row["relapses"] or "", row["finding_key"],
    )  # fmt: skip


def _result(row: Mapping[str, Any]) -> str:
    """How it stands, in words: closed on what evidence, dismissed why, not to be seen why, gone from the data since when."""
    if row["state"] == CLOSED:
        approved = f"，{row['approver']}批准" if row["approver"] else ""
        return f"{row['closed_on']}销号{approved}：{row['close_evidence']}"
    if row["state"] == DISMISSED:
        until = f"（有效至{row['dismissed_until']}）" if row["dismissed_until"] else ""
        return f"{row['dismiss_reason']}；佐证：{row['dismiss_evidence']}{until}"
    if row["state"] == UNSEEN:
        return f"{state_words(row)}（原来是{row['state_before']}）"
    return "" if row["present"] else f"{row['cleared_as_of']}比对起数据中已没有"
