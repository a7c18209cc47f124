"""隔离行.xlsx: every row that was kept out, as it stood, with its place and the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name

from fupin_cli.reports.page import MAX_ROWS, Page, Styles, open_workbook

if TYPE_CHECKING:
    from fupin_cli.intake.model import QuarantinedRow

CREATED = date(2020, 1, 1)  # fixed, so that the same rows give the same bytes
LEAD = (("文件", 28), ("工作表", 16), ("行号", 8), ("识别为", 18), ("原因", 36))
MAX_CELLS = 16_384 - len(LEAD)
PRINTABLE_CELLS = 20
HEAD_ROWS = 3


def write_quarantine(path: Path, rows: Sequence[QuarantinedRow], titles: Mapping[str, str] | None = None) -> None:
    """Write the workbook; ``titles`` gives the Chinese title of a source kind's id."""
    with open_workbook(path, "隔离行", "", CREATED) as book:
        styles = Styles(book)
        room = MAX_ROWS - HEAD_ROWS
        for start in range(0, max(1, len(rows)), room):
            _add_sheet(book, styles, rows[start : start + room], len(rows), titles or {})


def _add_sheet(
    book: Any, styles: Styles, rows: Sequence[QuarantinedRow], total: int, titles: Mapping[str, str]
) -> None:
    cells = min(MAX_CELLS, max((len(row.cells) for row in rows), default=0))
    page = Page(book, styles, "隔离行", [width for _, width in LEAD] + [14.0] * cells)
    if cells > PRINTABLE_CELLS:
        page.sheet.fit_to_pages(0, 0)
    page.title("隔离行（没有参加比对的行）")
    page.note(f"共{total:,}行，按原样列出。请按“原因”更正原文件后重新比对。" if total else "没有隔离行。")
    letters = [f"原{xl_col_to_name(at)}列" for at in range(cells)]
    page.header([name for name, _ in LEAD] + letters, sticky=True)
    formats = [styles.text, styles.text, styles.centre, styles.text, styles.text] + [styles.text] * cells
    for row in rows:
        place = (row.file, row.sheet, row.row, titles.get(row.kind, row.kind), row.reason)
        page.wrapped_row((*place, *_fitted(row.cells, cells)), formats)
    if rows:
        page.filter(HEAD_ROWS - 1, len(LEAD) + cells)
        page.sheet.ignore_errors({"number_stored_as_text": f"A{HEAD_ROWS + 1}:XFD{MAX_ROWS}"})


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    """Exactly ``width`` cells; what a sheet is too narrow for is joined into the last one."""
    if len(cells) <= width:
        return [*cells, *[""] * (width - len(cells))]
    return [*cells[: width - 1], " | ".join(cells[width - 1 :])]
