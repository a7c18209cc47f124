"""人工确认.xlsx: candidates side by side with a drop-down for the decision; ``fupin link import`` takes it back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from fupin_cli.linkage.decisions import ADOPTED, BY, KEY, NOTE, PAIR, REFUSED, VERDICT
from fupin_cli.reports.model import RunSummary
from fupin_cli.reports.page import Page, Styles, open_workbook
from fupin_cli.reports.wording import chinese_date

COLUMNS = (
    ("序号", 4.5), ("名单", 11), ("名单中的姓名", 9), ("名单中的证件号码", 19), ("名单中的其他信息", 19), ("台账中的姓名", 9),
    ("台账中的证件号码", 19), ("台账中的其他信息", 19), ("认定依据", 34), (VERDICT, 8), (BY, 8), (NOTE, 12),
    ("出处（文件!工作表!行）", 18), (KEY, 4),
)  # fmt: skip
FILLED = (9, 10, 11)
HEAD_ROWS = 4
SHEETS = (
    ("待确认", "review", "疑似同一人，请逐条核实",
     "在“结论”列选“采纳”（是同一人）或“不采纳”（不是同一人），填写确认人后存盘，运行 fupin link import 人工确认.xlsx。没有填写结论的不受影响。"),
    ("已自动认定", "link", "证件号码不完全一致、按其他依据自动认定的记录",
     "以下记录已按所列依据认定为同一人，一般不必填写；认定有误的，在“结论”列选“不采纳”，以后各期不再认定。"),
)  # fmt: skip


def write_review(path: Path, rows: pl.DataFrame, titles: Mapping[str, str], summary: RunSummary) -> None:
    """Write the workbook; ``rows`` as :func:`fupin_cli.linkage.review.review_rows` gives them."""
    with open_workbook(path, "人工确认", summary.district, summary.as_of) as book:
        styles = Styles(book)
        open_cell = book.add_format({"font_name": "宋体", "font_size": 10, "valign": "vcenter", "border": 1, "border_color": "#8C8C8C",
                                     "text_wrap": True, "locked": False, "bg_color": "#FFFBE6", "align": "center"})  # fmt: skip
        for name, state, heading, note in SHEETS:
            page = Page(book, styles, name, [width for _, width in COLUMNS])
            page.title(f"人工确认——{heading}")
            wanted = rows.filter(pl.col("state") == state)
            page.subtitle(f"比对日期：{chinese_date(summary.as_of)}    共{wanted.height:,}条")
            page.note(note if wanted.height else "没有这样的记录。")
            page.header([title for title, _ in COLUMNS], sticky=True)
            _add_rows(page, wanted, titles, open_cell)


def _add_rows(page: Page, rows: pl.DataFrame, titles: Mapping[str, str], open_cell: Any) -> None:
    styles = page.styles
    formats = [styles.centre, *[styles.text] * 8, *[open_cell] * 3, styles.small, styles.small]
    for number, row in enumerate(rows.iter_rows(named=True), 1):
        key = json.dumps({name: row[name] for name in PAIR}, ensure_ascii=False, sort_keys=True)
        cells = (
            number, titles.get(row["kind"], row["kind"]), row["name"] or "", row["number"] or "（缺）", _other(row, ""),
            row["name_p"] or "", row["number_p"] or "（缺）", _other(row, "_p"), _reason(row), "", "", "", row["place"], "",
        )  # fmt: skip
        page.wrapped_row(cells, formats)
        page.sheet.write_string(page.next_row - 1, len(COLUMNS) - 1, key, styles.small)
    page.sheet.set_column(len(COLUMNS) - 1, len(COLUMNS) - 1, 4, None, {"hidden": True})
    page.sheet.protect("", {"autofilter": True, "sort": True, "format_rows": True, "format_columns": True})
    if rows.height:
        last = page.next_row - 1
        page.filter(HEAD_ROWS - 1, len(COLUMNS))
        page.sheet.data_validation(
            HEAD_ROWS, FILLED[0], last, FILLED[0],
            {"validate": "list", "source": [ADOPTED, REFUSED], "error_title": "结论", "error_message": "请从下拉列表中选择：采纳、不采纳。"},
        )  # fmt: skip
        page.sheet.ignore_errors({"number_stored_as_text": f"A{HEAD_ROWS + 1}:N{last + 1}"})


def _other(row: Mapping[str, Any], side: str) -> str:
    born = str(row[f"born{side}"] or "")
    said = {
        "出生": f"{born[:4]}-{born[4:6]}-{born[6:]}" if born else "",
        "村": row[f"village{side}"],
        "电话": row[f"phone{side}"],
        "户编号": row.get(f"household_id{side}"),
    }
    return "；".join(f"{title}：{text}" for title, text in said.items() if text)


def _reason(row: Mapping[str, Any]) -> str:
    return f"{row['level']}（{row['evidence']}）" if row["evidence"] else str(row["level"])
