"""Tables of a Word document (Word 表格) as grids; the lines around them say whose they are and of when."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from fupin_cli.errors import InputError
from fupin_cli.intake.detect import WORD_PART
from fupin_cli.intake.grids import Grid, reading

# A heading, a signature or a date is short; longer paragraphs are prose.
LONGEST_LINE, MOST_LINES = 60, 200
MOST_COLUMNS = 1000
_SPAN = re.compile(rb"""gridSpan\b[^>]*?val\s*=\s*["'](\d+)""")


def word_grids(data: bytes) -> Iterator[Grid]:
    """One grid a table, named 表格1, 表格2 …; rows count within the table."""
    with reading("Word 文件"):
        _refuse_wide_spans(data)
        body = list(Document(io.BytesIO(data)).iter_inner_content())
        lines = tuple(text for block in body if isinstance(block, Paragraph) for text in _short_lines(block))
        tables = [block for block in body if isinstance(block, Table)]
        for number, table in enumerate(tables, 1):
            yield _grid(table, f"表格{number}", lines[:MOST_LINES])


def _refuse_wide_spans(data: bytes) -> None:
    """A cell said to span a million columns would be unrolled into as many."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        spans = _SPAN.findall(archive.read(WORD_PART))
    if any(int(span) > MOST_COLUMNS for span in spans):
        raise InputError("表格中有单元格跨列过多", cure="用 Word 或 WPS 打开检查后另存为 .docx")


def _short_lines(paragraph: Paragraph) -> Iterator[str]:
    for line in _text(paragraph._p).splitlines():
        if line.strip() and len(line) <= LONGEST_LINE:
            yield line.strip()


def _grid(table: Table, name: str, lines: tuple[str, ...]) -> Grid:
    """Cells as in a workbook: a merged cell's text stands in its first place, its range in ``merges``."""
    places: dict[Any, list[tuple[int, int]]] = {}
    for at, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells, row.grid_cols_before):
            places.setdefault(cell._tc, []).append((at, column))
    height = len(table.rows)
    width = 1 + max((column for found in places.values() for _, column in found), default=-1)
    cells = np.full((height, width), "", dtype=object)
    for cell, found in places.items():
        cells[found[0]] = _text(cell)
    merges = tuple((found[0], found[-1]) for found in places.values() if len(found) > 1)
    return Grid(name, cells, merges=merges, lines=lines)


def _text(element: Any) -> str:
    """All text inside, that of tracked insertions (修订) and content controls too; deleted text is no ``w:t``."""
    paragraphs = [element] if element.tag == qn("w:p") else list(element.iter(qn("w:p")))
    breaks = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): " "}
    texts = (
        "".join(node.text or "" if node.tag == qn("w:t") else breaks.get(node.tag, "") for node in paragraph.iter())
        for paragraph in paragraphs
    )
    return "\n".join(texts).strip()
