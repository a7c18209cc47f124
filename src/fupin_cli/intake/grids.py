"""Files to grids: one rectangle of raw cells a sheet, with merged ranges and visibility."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
import python_calamine as calamine

from fupin_cli.errors import InputError
from fupin_cli.intake.archive import MAX_CELLS, MAX_COLUMNS, Unread, look_through
from fupin_cli.intake.detect import ZIP_MAGIC
from fupin_cli.intake.encrypted import CURE
from fupin_cli.intake.plain_text import TextFile
from fupin_cli.intake.probe import try_out
from fupin_cli.spool import ROWS_IN_MEMORY

MAX_SHEETS = 300
# Cells of a slice, so that very wide rows do not fill the memory.
MAX_SLICE = 8_000_000
# A text table may be so many times wider than its rows are filled.
RAGGED = 3
BINARY_BOOK = b"xl/workbook.bin"

Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Grid:
    """Raw cells of one sheet, or of a slice of it; ``top``/``left`` are the 0-based place of the first cell, merges are
    relative to it.

    ``lines``: text that stands around a table of a document; ``above``: rows of the slices before this one.
    """

    sheet: str
    cells: np.ndarray[Any, Any]
    top: int = 0
    left: int = 0
    hidden: bool = False
    merges: tuple[Merge, ...] = ()
    remark: str = ""
    lines: tuple[str, ...] = ()
    above: int = 0

    @property
    def height(self) -> int:
        return int(self.cells.shape[0])

    @property
    def width(self) -> int:
        return int(self.cells.shape[1])

    def row_number(self, index: int) -> int:
        """1-based row as Excel shows it."""
        return self.above + self.top + index + 1


def cell_text(value: object) -> str:
    """A raw cell as the user sees it, trimmed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < 1e15 else f"{value:.0f}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value)


def column_letter(index: int) -> str:
    """Excel letter of a 0-based column."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def text_slices(text: TextFile, sheet: str) -> Iterator[Grid]:
    """The grid of a text file, in slices of ``ROWS_IN_MEMORY`` rows."""
    rows, above, width, remark = text.rows(), 0, 0, text.remark
    while (part := _slice(rows)) or not above:
        cells = _rectangle(part, width)
        yield Grid(sheet, cells, remark=remark, above=above)
        above, width, remark = above + max(len(part), 1), cells.shape[1], ""


def _slice(rows: Iterator[list[str]]) -> list[list[str]]:
    part: list[list[str]] = []
    cells = 0
    for row in rows:
        part.append(row)
        cells += len(row)
        if len(part) == ROWS_IN_MEMORY or cells > MAX_SLICE:
            break
    return part


def _rectangle(rows: list[list[str]], width: int) -> np.ndarray[Any, Any]:
    """The cells, at least as wide as the slices before."""
    width = max(width, *map(len, rows), 0)
    if width * len(rows) > max(MAX_CELLS, RAGGED * sum(map(len, rows))):
        raise InputError("列数极不一致，表格范围过大", cure="检查分隔符后重新导出")
    cells = np.full((len(rows), width), "", dtype=object)
    for index, row in enumerate(rows):
        cells[index, : len(row)] = row
    return cells


def joined(slices: Iterable[Grid]) -> Grid:
    """One grid of all slices of a sheet."""
    parts = list(slices)
    if len(parts) == 1:
        return parts[0]
    width = max(part.width for part in parts)
    wide = [np.pad(part.cells, ((0, 0), (0, width - part.width)), constant_values="") for part in parts]
    return replace(parts[0], cells=np.concatenate(wide))


def workbook_grids(data: bytes) -> Iterator[Grid]:
    """The grids of a workbook, one at a time in sheet order; chart and macro sheets are left out."""
    with reading():
        unread = look_through(data) if data.startswith(ZIP_MAGIC) else {}
        if not data.startswith(ZIP_MAGIC) or BINARY_BOOK in data:
            try_out(data)
        book = calamine.load_workbook(io.BytesIO(data))
        metadata = book.sheets_metadata
    names = [meta.name for meta in metadata]
    if not names:
        raise InputError("工作簿里没有工作表", cure="请重新导出")
    if len(names) > MAX_SHEETS:
        raise InputError(f"有 {len(names)} 张工作表，超过 {MAX_SHEETS} 张", cure="分成几个工作簿后重新报送")
    if len(set(names)) < len(names):
        raise InputError("有重名的工作表，读取会丢失内容", cure="用 Excel 或 WPS 打开修复后另存为 .xlsx")
    for meta in metadata:
        if meta.typ not in (calamine.SheetTypeEnum.WorkSheet, calamine.SheetTypeEnum.MacroSheet):
            continue
        yield _sheet_grid(book, meta, unread.get(meta.name, Unread()))


def _sheet_grid(book: calamine.CalamineWorkbook, meta: calamine.SheetMetadata, unread: Unread) -> Grid:
    hidden = meta.visible != calamine.SheetVisibleEnum.Visible
    with reading(f"工作表“{meta.name}”"):
        sheet = book.get_sheet_by_name(meta.name)
        if sheet.start is None and unread.formulas:
            raise InputError(
                "只有公式、没有保存计算结果",
                where=f"工作表“{meta.name}”",
                cure="用 Excel 或 WPS 打开并保存一次后重新报送",
            )
        if sheet.start is None:
            return Grid(meta.name, np.empty((0, 0), dtype=object), hidden=hidden)
        top, left = sheet.start
        if left + sheet.width > MAX_COLUMNS or sheet.width * sheet.height > MAX_CELLS:
            # of binary books this is not known before
            raise InputError(
                "有远离数据的单元格，表格范围过大",
                where=f"工作表“{meta.name}”",
                cure="删除数据区以外的行和列后再保存",
            )
        cells = np.empty((sheet.height, sheet.width), dtype=object)
        # the reader's rows begin at the top of the sheet, their cells at the first filled column
        for at, row in enumerate(islice(sheet.iter_rows(), top, None)):
            cells[at] = row
    merges = tuple(
        ((first_row - top, first - left), (last_row - top, last - left))
        for (first_row, first), (last_row, last) in sorted(sheet.merged_cell_ranges or ())
        if top <= first_row < top + sheet.height and left <= first < left + sheet.width
    )
    return Grid(meta.name, cells, top, left, hidden, merges, unread.remark)


@contextmanager
def reading(where: str = "", *, cure: str = "用 Excel 或 WPS 打开修复后另存") -> Iterator[None]:
    """Turn whatever a library raises over a damaged file into one Chinese sentence."""
    try:
        yield
    except InputError:
        raise
    except calamine.PasswordError as error:
        raise InputError("工作簿设有打开密码，无法读取", where=where, cure=CURE) from error
    except BaseException as error:
        # a panic of calamine is not an Exception; a closed generator, Ctrl-C and the like go on
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise InputError("内容已损坏，无法读取", where=where, cure=cure) from error
