"""Files to grids: one rectangle of raw cells a sheet, with merged ranges and visibility."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import python_calamine as calamine

from fupin_cli.errors import InputError
from fupin_cli.intake.detect import MAX_CELLS, has_formulas, refuse_far_cells
from fupin_cli.intake.plain_text import read_text

Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Grid:
    """Raw cells of one sheet; ``top``/``left`` are the 0-based place of the first cell, merges are relative to it.

    ``lines``: text that stands around a table of a document.
    """

    sheet: str
    cells: np.ndarray[Any, Any]
    top: int = 0
    left: int = 0
    hidden: bool = False
    merges: tuple[Merge, ...] = ()
    remark: str = ""
    lines: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        return int(self.cells.shape[0])

    @property
    def width(self) -> int:
        return int(self.cells.shape[1])

    def row_number(self, index: int) -> int:
        """1-based row as Excel shows it."""
        return self.top + index + 1


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


def text_grid(data: bytes, sheet: str) -> Grid:
    """The grid of a text file."""
    rows, remark = read_text(data)
    width = max(map(len, rows), default=0)
    if width * len(rows) > MAX_CELLS * 5:
        raise InputError("列数极不一致，表格范围过大", cure="检查分隔符后重新导出")
    cells = np.full((len(rows), width), "", dtype=object)
    for index, row in enumerate(rows):
        cells[index, : len(row)] = row
    return Grid(sheet, cells, remark=remark)


def workbook_grids(data: bytes) -> Iterator[Grid]:
    """The grids of a workbook, one at a time in sheet order; chart and macro sheets are left out."""
    with _reading():
        refuse_far_cells(data)
        book = calamine.load_workbook(io.BytesIO(data))
        metadata = book.sheets_metadata
    if not metadata:
        raise InputError("工作簿里没有工作表", cure="请重新导出")
    for meta in metadata:
        if meta.typ not in (calamine.SheetTypeEnum.WorkSheet, calamine.SheetTypeEnum.MacroSheet):
            continue
        with _reading(meta.name):
            grid = _sheet_grid(book, meta)
        if not grid.height and has_formulas(data):
            raise InputError(
                "只有公式、没有保存计算结果",
                where=f"工作表“{meta.name}”",
                cure="用 Excel 或 WPS 打开并保存一次后重新报送",
            )
        yield grid


def _sheet_grid(book: calamine.CalamineWorkbook, meta: calamine.SheetMetadata) -> Grid:
    sheet = book.get_sheet_by_name(meta.name)
    hidden = meta.visible != calamine.SheetVisibleEnum.Visible
    if sheet.start is None:
        return Grid(meta.name, np.empty((0, 0), dtype=object), hidden=hidden)
    if sheet.height * sheet.width > MAX_CELLS:
        raise InputError("表格范围过大", cure="删除数据区以外的行和列后再保存")
    top, left = sheet.start
    cells = np.array(sheet.to_python(), dtype=object).reshape(sheet.height, sheet.width)
    merges = tuple(
        ((first_row - top, first - left), (last_row - top, last - left))
        for (first_row, first), (last_row, last) in sorted(sheet.merged_cell_ranges or ())
        if first_row >= top and first >= left
    )
    return Grid(meta.name, cells, top, left, hidden, merges)


@contextmanager
def _reading(sheet: str = "") -> Iterator[None]:
    """Turn what the reader may raise into one Chinese sentence."""
    where = f"工作表“{sheet}”" if sheet else ""
    try:
        yield
    except calamine.PasswordError as error:
        raise InputError("工作簿设有打开密码，无法读取", where=where, cure="请报送单位取消密码后重新报送") from error
    except (calamine.CalamineError, zipfile.BadZipFile, OSError, EOFError, ValueError, MemoryError) as error:
        raise InputError("内容已损坏，无法读取", where=where, cure="用 Excel 或 WPS 打开修复后另存为 .xlsx") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise InputError(
                "内容已损坏，无法读取", where=where, cure="用 Excel 或 WPS 打开修复后另存为 .xlsx"
            ) from error
        raise
