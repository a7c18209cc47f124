"""Files and sheets that the program wrote itself (自己的输出) are no data: known by their property, or by title and columns.

An empty template is none either; one that somebody filled in is data.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from fupin_cli.intake.detect import ZIP_MAGIC
from fupin_cli.intake.encrypted import OLE_MAGIC
from fupin_cli.intake.grids import Grid
from fupin_cli.intake.header import Header
from fupin_cli.intake.model import Part, SheetReport, set_aside
from fupin_cli.own import HEADERS, OUTPUT, TEMPLATE, TITLES
from fupin_cli.schema.kinds import Kind

WRITTEN = "是 fupin 自己写的文件，不是数据，没有使用"
EMPTY = "是没有填写的模板，没有数据"
# Where a property stands: in workbooks and documents of Office, in those of LibreOffice.
PROPERTIES, LARGEST = ("docProps/core.xml", "meta.xml"), 1_000_000
PAGE_HEAD = 2000
TITLE_ROWS, HEADER_ROWS = 3, 30
_LABELS = frozenset().union(*HEADERS)


def mark_of(data: bytes) -> str:
    """The mark a file carries, else nothing. ``data``: all bytes of a zip or OLE file, of others the first ones."""
    if data.startswith(ZIP_MAGIC):
        data = _properties(data)
    elif not data.startswith(OLE_MAGIC):
        data = data[:PAGE_HEAD] if data.lstrip()[:1] == b"<" else b""
    return next((mark for mark in (OUTPUT, TEMPLATE) if mark.encode() in data or mark.encode("utf-16-le") in data), "")


def _properties(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {part.filename: part for part in archive.infolist()}
            found = [parts[name] for name in PROPERTIES if name in parts]
            return b"".join(archive.read(part) for part in found if part.file_size <= LARGEST)
    except Exception:  # zipfile, zlib and the others raise each their own; opening it in earnest will explain it
        return b""


def written_here(file: str) -> Part:
    """What stands for the sheets of a file that carries the mark: they are not read."""
    return Part(SheetReport(file, "", state="own", message=WRITTEN))


def looks_own(grid: Grid) -> bool:
    """Whether a sheet has the title or the columns of an output."""
    rows = [[value.strip() for value in row if isinstance(value, str)] for row in grid.cells[:HEADER_ROWS]]
    if any(TITLES.fullmatch(text) for row in (grid.lines, *rows[:TITLE_ROWS]) for text in row):
        return True
    known = [_LABELS.intersection(row) for row in rows]
    return any(columns <= labels for labels in known if labels for columns in HEADERS)


def is_empty_template(part: Part, header: Header, kind: Kind) -> bool:
    """Whether a sheet has exactly the columns of its kind's template, and no row."""
    return _is_empty(part) and tuple(label for label in header.labels if label) == kind.template_header


def apart(parts: Sequence[Part], mark: str) -> tuple[Part, ...]:
    """The parts of a file; beside an own sheet, what is of no use is own as well, and an empty template has no data."""
    if mark == TEMPLATE and all(part.report.state == "ignored" or _is_empty(part) for part in parts):
        return tuple(set_aside(part, "own", EMPTY) for part in parts)
    messages = [part.report.message for part in parts if part.report.state == "own"]
    if not messages:
        return tuple(parts)
    return tuple(part if part.table is not None else set_aside(part, "own", messages[0]) for part in parts)


def _is_empty(part: Part) -> bool:
    """Whether a list was read that has no row; one that was refused may have some."""
    return part.table is not None and not part.report.rows.loaded and not part.report.rows.quarantined
