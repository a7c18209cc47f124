"""下发表: one workbook a responsible unit, 问题清单、责任清单、任务清单 in one table with yellow cells to fill in.

``fupin ledger import`` takes it back; what it looks for stands in ``schemas/forms/feedback.yaml`` (titles) and
``ledger/row_keys.py`` (the hidden key).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from fupin_cli.ledger.feedback import DATES, FACTS, TITLES, TRUE, UNTRUE
from fupin_cli.ledger.joint import units_of, words_of
from fupin_cli.ledger.row_keys import RowKey, facts_hash
from fupin_cli.ledger.states import CONFIRMED, REPORTED, worked_on_as
from fupin_cli.reports.ledger_words import state_words
from fupin_cli.reports.page import BODY_FONT, LINE, Page, Styles, open_workbook
from fupin_cli.reports.wording import cell_text, chinese_date, printable
from fupin_cli.rules.catalogue import SEVERE

# The order of work: the problem, whether it is so, who, what until when, what came of it. No group is called as a column
# is, or a header shifted under its groups would be misread.
GROUPS = (
    ("问题清单（已锁定）",
     (("number", 4.5), ("severity", 4.5), ("place", 9), ("name", 8), ("detail", 30), ("state", 8))),
    ("核实（不属实的才填后三栏）",
     (("verdict", 8), ("dismiss_reason", 11), ("dismiss_evidence", 10), ("dismissed_until", 10.5))),
    ("责任清单", (("leader", 8), ("person_in_charge", 8))),
    ("任务清单", (("measure", 20), ("due_on", 10.5))),
    ("反馈", (("progress", 14), ("done_on", 10.5))),
)  # fmt: skip
COLUMNS = tuple(name for _, columns in GROUPS for name, _ in columns)
WIDTHS = tuple(width for _, columns in GROUPS for _, width in columns)
LOCKED = len(GROUPS[0][1])
HEAD_ROWS = 5
ROOM = 3  # lines of a row at least: what is typed in later must be readable too
FIRST_DAY, LAST_DAY = date(2014, 1, 1), date(2099, 12, 31)
NOTE = (
    "只填黄色格：先选“属实”或“不属实”，再填责任领导、责任人、整改措施、完成时限；整改完成后填整改情况、完成日期。"
    "填好存盘，把本文件原样报回。"
)
SIGNATURE = "单位负责人（签字）：                              填报人：                              联系电话：                              填报日期："
BASIS = (
    ("序号", 4.5), ("姓名（名称）", 10), ("证件号码", 19), ("户编号", 17), ("问题", 20), ("问题详情", 34),
    ("台账记录", 20), ("行业记录", 20), ("依据", 16), ("责任单位", 14), ("证据（文件!工作表!行）", 24),
)  # fmt: skip


@dataclass(frozen=True)
class Addressee:
    """Whom a workbook is for, and the date of the comparison it rests on."""

    unit: str
    district: str
    as_of: date


def write_dispatch(path: Path, findings: pl.DataFrame, addressee: Addressee) -> None:
    """Write a unit's workbook; ``findings``: rows of the ledger, in printing order."""
    rows = findings.to_dicts()
    with open_workbook(path, f"{addressee.unit}问题清单", addressee.district, addressee.as_of) as book:
        styles = Styles(book)
        severe = sum(row["severity"] == SEVERE for row in rows)
        about = f"责任单位：{addressee.unit}    比对日期：{chinese_date(addressee.as_of)}    共{len(rows):,}条" + (
            f"，其中严重{severe:,}条" if severe else ""
        )
        _write_lists(Page(book, styles, "三清单", WIDTHS), _Pens(book), rows, addressee.unit, about)
        _write_basis(Page(book, styles, "问题依据", [width for _, width in BASIS]), rows, about)


class _Pens:
    """Formats of the cells to fill in, and of the groups above the header."""

    def __init__(self, book: Any) -> None:
        cell = {"font_name": BODY_FONT, "font_size": 10, "valign": "vcenter", "border": 1, "border_color": LINE,
                "text_wrap": True, "locked": False, "bg_color": "#FFFBE6"}  # fmt: skip
        self.text = book.add_format(cell)
        self.centre = book.add_format(cell | {"align": "center"})
        self.day = book.add_format(cell | {"align": "center", "num_format": "yyyy-mm-dd"})
        self.missing = book.add_format({"bg_color": "#FFC7CE"})

    def of(self, name: str) -> Any:
        if name in DATES:
            return self.day
        return self.centre if name in ("verdict", "leader", "person_in_charge") else self.text


def _write_lists(page: Page, pens: _Pens, rows: Sequence[Mapping[str, Any]], unit: str, about: str) -> None:
    """问题清单、责任清单、任务清单 side by side, a row a finding, the key in a hidden last column."""
    styles = page.styles
    page.title("问题、责任、任务清单")
    page.subtitle(about)
    page.note(NOTE)
    page.row([""] * len(COLUMNS), [styles.header] * len(COLUMNS))
    first = 0
    for group, columns in GROUPS:
        page.merged(first, first + len(columns) - 1, group, styles.header)
        first += len(columns)
    page.header([TITLES[name] for name in COLUMNS], sticky=True)
    page.sheet.write_string(page.next_row - 1, len(COLUMNS), TITLES["key"], styles.header)
    for number, row in enumerate(rows, 1):
        _write_row(page, pens, number, row, unit)
    page.sheet.set_column(len(COLUMNS), len(COLUMNS), 4, None, {"hidden": True})
    last = page.next_row - 1
    page.filter(HEAD_ROWS - 1, len(COLUMNS) + 1)
    page.note("")
    page.note(SIGNATURE)
    _guard(page, pens, HEAD_ROWS, last)


def _write_row(page: Page, pens: _Pens, number: int, row: Mapping[str, Any], unit: str) -> None:
    styles = page.styles
    place = "\n".join(filter(None, (row["town"], row["village"])))
    shown = {**row, "place": place, "state": state_words(row)}
    facts = {name: printable(shown[name]) for name in FACTS}
    filled = _known_answers(row, unit)
    formats = [
        styles.centre,
        styles.severity.get(row["severity"], styles.centre),
        styles.centre,
        styles.centre,
        styles.text,
        styles.centre,
    ]
    formats += [pens.of(name) for name in COLUMNS[LOCKED:]]
    texts = [filled.get(name, "") for name in COLUMNS[LOCKED:]]
    page.wrapped_row([number, *facts.values(), *texts], formats, lines=ROOM)
    at = page.next_row - 1
    for column, name in enumerate(COLUMNS):
        if name in DATES and filled.get(name):
            page.sheet.write_datetime(at, column, date.fromisoformat(filled[name]), pens.day)
    key = RowKey(row["finding_key"], facts_hash(facts.values()), unit)
    page.sheet.write_string(at, len(COLUMNS), cell_text(str(key)), styles.small)


def _known_answers(row: Mapping[str, Any], unit: str) -> dict[str, str]:
    """What this unit has already answered, so that it need only fill in what is new."""
    units = units_of(row["owner"])
    names = ("leader", "person_in_charge", "measure", "progress")
    answers = {name: words_of(row[name], units).get(unit, "") for name in names}
    answers |= {"due_on": row["due_on"], "done_on": row["done_on"]}
    standing = worked_on_as(row["state"], row["state_before"])
    return answers | {"verdict": TRUE if standing in (CONFIRMED, REPORTED) else ""}


def _guard(page: Page, pens: _Pens, first: int, last: int) -> None:
    """Drop-downs, date checks and protection without a password."""
    sheet = page.sheet
    at = {name: place for place, name in enumerate(COLUMNS)}
    verdict = {
        "validate": "list", "source": [TRUE, UNTRUE],
        "error_title": "核实情况", "error_message": f"请从下拉列表中选择：{TRUE}、{UNTRUE}。",
    }  # fmt: skip
    sheet.data_validation(first, at["verdict"], last, at["verdict"], verdict)
    for name in DATES:
        day = {
            "validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY,
            "error_title": TITLES[name], "error_message": "请填日期，如 2020-07-31。",
        }  # fmt: skip
        sheet.data_validation(first, at[name], last, at[name], day)
    left, right = at["dismiss_reason"], at["dismiss_evidence"]
    chosen, blank = f"${xl_col_to_name(at['verdict'])}{first + 1}", f"{xl_col_to_name(left)}{first + 1}"
    untrue = f'=AND({chosen}="{UNTRUE}",{blank}="")'
    sheet.conditional_format(first, left, last, right, {"type": "formula", "criteria": untrue, "format": pens.missing})
    sheet.protect("", {"autofilter": True, "sort": True, "format_rows": True, "format_columns": True})


def _write_basis(page: Page, rows: Sequence[Mapping[str, Any]], about: str) -> None:
    """Everything known of each finding, for whoever looks into it; nothing to fill in."""
    styles = page.styles
    page.title("问题依据")
    page.subtitle(about)
    page.note("供核实时查对，序号与“三清单”相同，不用填写。")
    page.header([title for title, _ in BASIS], sticky=True)
    formats = [styles.centre, styles.centre, styles.centre, styles.centre, *[styles.text] * 6, styles.small]
    names = (
        "name",
        "id_number",
        "household_id",
        "title",
        "detail",
        "register_value",
        "source_value",
        "basis",
        "owner",
        "evidence",
    )
    for number, row in enumerate(rows, 1):
        page.wrapped_row([number, *(row[name] for name in names)], formats)
    page.filter(3, len(BASIS))
    page.sheet.ignore_errors({"number_stored_as_text": f"A5:N{page.next_row}"})
    page.sheet.protect("", {"autofilter": True, "sort": True, "format_rows": True, "format_columns": True})
