"""Columns a table lacks because a line around it says the same for all rows (填报单位：区教育局　填报日期：2020-06-09)."""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from fupin_cli.fields.dates import parse_date
from fupin_cli.intake.grids import Grid, cell_text
from fupin_cli.intake.header import Header
from fupin_cli.schema.kinds import Field, Kind

# Above and below a table this many rows may speak of it.
ROWS_BELOW = 8
_END = r"(?=\s{2,}|[,，;；|)）]|\s*[一-龥]{2,8}[:：]|$)"


def with_columns_from_text(grid: Grid, header: Header, kind: Kind, missing: tuple[str, ...]) -> Grid | None:
    """``grid`` with a column for every field of ``missing``; ``None`` where a line does not say all of them."""
    lines = _lines(grid, header)
    said = [_said(kind.field(name), lines) for name in missing]
    if not all(said):
        return None
    height, width = grid.cells.shape
    cells = np.full((height, width + len(missing)), "", dtype=object)
    cells[:, :width] = grid.cells
    for column, (name, value) in enumerate(zip(missing, said, strict=True), width):
        cells[header.last, column] = kind.field(name).title
        for row in range(header.last + 1, height):
            if len({cell_text(cell) for cell in grid.cells[row]} - {""}) > 1:  # a lone text is a heading or a note
                cells[row, column] = value
    return Grid(grid.sheet, cells, grid.top, grid.left, grid.hidden, grid.merges, grid.remark, grid.lines)


def _lines(grid: Grid, header: Header) -> list[str]:
    """Lines above, below and around the table, full-width forms made plain."""
    rows = [*grid.cells[: header.first], *grid.cells[max(header.last + 1, grid.height - ROWS_BELOW) :]]
    joined = ("  ".join(text for value in row if (text := cell_text(value))) for row in rows)
    return [unicodedata.normalize("NFKC", line).strip() for text in (*joined, *grid.lines) for line in text.split("\n")]


def _said(field: Field, lines: list[str]) -> str:
    """What stands behind the field's name; else in a signature (落款): a date alone on its line, above it the unit."""
    for name in sorted((field.title, *field.aliases), key=len, reverse=True):  # 填报单位 before 单位, which may be 万元
        labelled = re.compile(rf"(?:^|[\s(（]){re.escape(name)}(?:\(盖章\))?\s*[:：]\s*(.+?){_END}")
        for line in lines:
            if found := labelled.search(line):
                return found.group(1).strip()
    dated = [at for at, line in enumerate(lines) if "日" in line and parse_date(line.replace(" ", ""))]
    if not dated:
        return ""
    return lines[dated[-1]].replace(" ", "") if field.type == "date" else lines[dated[-1] - 1] if dated[-1] else ""
