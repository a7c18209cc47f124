"""A printed page (版面) in a workbook: formats, paper, and a cursor that writes rows from top to bottom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter

from fupin_cli.own import OUTPUT
from fupin_cli.reports.wording import cell_text, display_width
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE

Format = Any  # xlsxwriter has no type information
BODY_FONT, HEADING_FONT = "宋体", "黑体"
MAX_ROWS = 1_048_576
LINE = "#8C8C8C"
SEVERITY_COLOURS = {
    SEVERE: ("#9C0006", "#FFC7CE"),
    GENERAL: ("#7F4F00", "#FFE699"),
    HINT: ("#2F4A5F", "#D6DFE8"),
}
LINE_HEIGHT = 13
# No zero: in a matrix "—" reads better, and Excel still sums it.
COUNT_FORMAT = "#,##0;-#,##0;—"


def open_workbook(path: Path, title: str, author: str, created: date) -> Any:
    """A workbook whose bytes depend on its content only.

    Scratch files stay beside ``path``, since they hold personal data.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(path.parent),
    }
    book = xlsxwriter.Workbook(str(path), options)
    moment = datetime(created.year, created.month, created.day)
    book.set_properties({"title": title, "author": cell_text(author)[:255], "created": moment, "keywords": OUTPUT})
    return book


class Styles:
    """The formats of a workbook, by their role."""

    def __init__(self, book: Any) -> None:
        body = {"font_name": BODY_FONT, "font_size": 10, "valign": "vcenter"}
        grid = body | {"border": 1, "border_color": LINE, "text_wrap": True}
        bold = {"bold": True, "bg_color": "#F2F2F2"}
        heading = {"font_name": HEADING_FONT, "valign": "vcenter"}
        self.title = book.add_format(heading | {"font_size": 18, "align": "center"})
        self.note = book.add_format(body | {"text_wrap": True})
        self.note_centre = book.add_format(body | {"align": "center", "font_size": 11})
        self.section = book.add_format(heading | {"font_size": 12})
        self.header = book.add_format(grid | {"font_name": HEADING_FONT, "align": "center", "bg_color": "#DDE6EE"})
        self.text = book.add_format(grid)
        self.small = book.add_format(grid | {"font_size": 8})
        self.centre = book.add_format(grid | {"align": "center"})
        self.count = book.add_format(grid | {"align": "center", "num_format": COUNT_FORMAT})
        self.total = book.add_format(grid | bold | {"align": "center"})
        self.total_count = book.add_format(grid | bold | {"align": "center", "num_format": COUNT_FORMAT})
        self.absent = book.add_format(grid | {"align": "center", "font_color": "#7F7F7F", "italic": True})
        self.alarm = book.add_format(grid | {"align": "center", **_colours(SEVERE)})
        self.severity = {
            name: book.add_format(grid | {"align": "center", **_colours(name)}) for name in SEVERITY_COLOURS
        }


def _colours(severity: str) -> dict[str, str]:
    font, background = SEVERITY_COLOURS[severity]
    return {"font_color": font, "bg_color": background}


class Page:
    """One A4 landscape sheet, one page wide; rows must be written in order (XlsxWriter's constant memory).

    Titles and notes run across all columns but the last ``screen_only``, which lie outside the print area.
    """

    def __init__(
        self, book: Any, styles: Styles, name: str, widths: Sequence[float], *, tab: str = "", screen_only: int = 0
    ) -> None:
        self.styles, self.widths, self.next_row = styles, widths, 0
        self.printed = len(widths) - screen_only
        self.sheet = book.add_worksheet(sheet_name(name, [sheet.get_name() for sheet in book.worksheets()]))
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.center_horizontally()
        self.sheet.set_footer("&C&9第&P页 共&N页&R&9&A")
        self.sheet.hide_gridlines(2)
        if tab:
            self.sheet.set_tab_color(tab)
        for at, width in enumerate(widths):
            self.sheet.set_column(at, at, width)

    def title(self, text: str) -> None:
        self._across(text, self.styles.title, 32)

    def subtitle(self, text: str) -> None:
        self._across(text, self.styles.note_centre, 20)

    def section(self, text: str) -> None:
        self._across(text, self.styles.section, 26)

    def note(self, text: str) -> None:
        """A wrapped paragraph over the page's width; its height is set, as merged cells do not grow."""
        room = sum(self.widths[: self.printed]) * 0.92
        lines = sum(max(1, ceil(display_width(line) / room)) for line in text.split("\n"))
        self._across(text, self.styles.note, min(409, 14 * lines + 4))

    def header(self, names: Sequence[str], *, sticky: bool = False, height: float = 30) -> None:
        """A table's header; ``sticky`` freezes it on the screen and repeats it on every printed page."""
        self.sheet.set_row(self.next_row, height)
        if sticky:
            self.sheet.freeze_panes(self.next_row + 1, 0)
            self.sheet.repeat_rows(self.next_row)
        self.row(names, [self.styles.header] * len(names))

    def filter(self, header_row: int, columns: int) -> None:
        """Filter buttons on ``header_row`` for the rows written below it so far."""
        self.sheet.autofilter(header_row, 0, max(header_row + 1, self.next_row - 1), columns - 1)

    def row(self, values: Sequence[str | int], formats: Sequence[Format]) -> None:
        """One row; text is always stored as text, never read as a formula, link or number."""
        at, sheet = self.next_row, self.sheet
        for col, (value, style) in enumerate(zip(values, formats, strict=True)):
            if isinstance(value, int):
                sheet.write_number(at, col, value, style)
            elif value:
                sheet.write_string(at, col, cell_text(value), style)
            else:
                sheet.write_blank(at, col, None, style)
        self.next_row = at + 1

    def wrapped_row(self, values: Sequence[str | int], formats: Sequence[Format], *, lines: int = 1) -> None:
        """A row as high as its longest text needs in its column's width, and at least ``lines``."""
        for value, width, style in zip(values, self.widths, formats, strict=False):
            if isinstance(value, str):
                lines = max(lines, _lines(value, width * (1.2 if style is self.styles.small else 0.95)))
        self.sheet.set_row(self.next_row, min(409, LINE_HEIGHT * lines + 3))
        self.row(values, formats)

    def merged(self, first: int, last: int, text: str, style: Format) -> None:
        """Text over several columns of the row written last."""
        self.sheet.merge_range(self.next_row - 1, first, self.next_row - 1, last, "", style)
        self.sheet.write_string(self.next_row - 1, first, cell_text(text), style)

    def _across(self, text: str, style: Format, height: float) -> None:
        self.sheet.set_row(self.next_row, height)
        self.next_row += 1
        self.merged(0, self.printed - 1, text, style)


def _lines(text: str, width: float) -> int:
    """Lines a text takes: in GBK a Chinese character is two bytes, as it is two columns."""
    if "\n" in text:
        return sum(_lines(line, width) for line in text.split("\n"))
    return max(1, ceil(len(text.encode("gbk", "replace")) / width))


def sheet_name(wanted: str, taken: Sequence[str]) -> str:
    """``wanted`` as Excel accepts it (31 characters, none of ``[]:*?/\\``), numbered if already taken."""
    base = re.sub(r"[\[\]:*?/\\]", "", cell_text(wanted).replace("\n", "")).strip("' ")[:31] or "表"
    used = {name.casefold() for name in taken} | {"history"}
    name, number = base, 1
    while name.casefold() in used:
        number += 1
        name = f"{base[: 29 - len(str(number))]}（{number}）"
    return name
