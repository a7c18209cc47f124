"""What the intake room hands over: tables, and an account of every file, sheet and row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from fupin_cli.spool import Spool

# ``superseded``: there is a list of a later month; ``copy``: its rows stand in another file; ``own``: an output of the program.
SheetState = Literal["loaded", "superseded", "copy", "own", "unrecognised", "ambiguous", "refused", "ignored"]


@dataclass(frozen=True)
class RowCount:
    """Row accounting (行数核对) of one sheet; ``unread`` are the rows of a sheet that was not used."""

    total: int = 0
    title: int = 0
    header: int = 0
    numbering: int = 0
    subtotal: int = 0
    footnote: int = 0
    blank: int = 0
    loaded: int = 0
    quarantined: int = 0
    unread: int = 0

    @property
    def adds_up(self) -> bool:
        parts = (self.title, self.header, self.numbering, self.subtotal, self.footnote, self.blank)
        return self.total == sum(parts) + self.loaded + self.quarantined + self.unread


@dataclass(frozen=True)
class ColumnMap:
    """One recognised column: Excel letter, header as written (group/leaf), canonical field."""

    letter: str
    header: str
    field: str


@dataclass(frozen=True)
class SheetReport:
    """What one sheet was taken for, and why."""

    file: str
    sheet: str
    hidden: bool = False
    state: SheetState = "unrecognised"
    kind: str = ""
    kind_title: str = ""
    reason: str = ""
    runner_up: str = ""
    header_rows: tuple[int, ...] = ()
    columns: tuple[ColumnMap, ...] = ()
    unmapped: tuple[str, ...] = ()
    rows: RowCount = RowCount()
    month: str = ""
    message: str = ""

    @property
    def unused(self) -> bool:
        """A table that was taken for no kind, so that what it holds was not compared."""
        return self.state in ("unrecognised", "ambiguous", "refused")


@dataclass(frozen=True)
class FileReport:
    """One input file; ``error`` is one Chinese sentence when it could not be read, ``skipped`` why it was not tried."""

    name: str
    sha256: str
    size: int
    error: str | None = None
    sheets: tuple[SheetReport, ...] = ()
    skipped: str = ""


@dataclass(frozen=True)
class QuarantinedRow:
    """A row kept out (隔离行), as it stood."""

    file: str
    sheet: str
    row: int
    kind: str
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class QualityNote:
    """A remark on data quality (数据质量); ``rows`` holds the first rows concerned, ``count`` all of them."""

    file: str
    sheet: str
    kind: str
    field: str
    code: str
    message: str
    count: int = 1
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    """One sheet's outcome. ``table``: canonical columns without ``rid``; ``None`` where the sheet is not used."""

    report: SheetReport
    table: pl.LazyFrame | None = None
    quarantine: tuple[QuarantinedRow, ...] = ()
    notes: tuple[QualityNote, ...] = ()


def set_aside(part: Part, state: SheetState, message: str) -> Part:
    """The sheet without its table: its rows count as unread, its notes and quarantined rows go."""
    count = part.report.rows
    rows = replace(count, loaded=0, quarantined=0, unread=count.unread + count.loaded + count.quarantined)
    return Part(replace(part.report, state=state, message=message, rows=rows))


@dataclass(frozen=True)
class Intake:
    """Everything that arrived: reports, one canonical table per kind, quarantine and notes; ``spool`` holds large tables."""

    files: tuple[FileReport, ...] = ()
    tables: dict[str, pl.LazyFrame] = field(default_factory=dict)
    quarantine: tuple[QuarantinedRow, ...] = ()
    notes: tuple[QualityNote, ...] = ()
    spool: Spool = field(default_factory=Spool)

    @property
    def asked(self) -> dict[str, frozenset[str]]:
        """Kind → fields for which some sheet of it has a column, filled in or not."""
        asked: dict[str, frozenset[str]] = {}
        for sheet in (sheet for file in self.files for sheet in file.sheets if sheet.state == "loaded"):
            asked[sheet.kind] = asked.get(sheet.kind, frozenset()) | {column.field for column in sheet.columns}
        return asked
