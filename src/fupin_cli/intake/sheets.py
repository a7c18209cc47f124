"""One sheet, whole or in slices, to one part: recognise, account for every row, normalise, validate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import chain

import pandas as pd
import polars as pl

from fupin_cli.fields.codes import Lookup, clean_text, parse_code, parse_codes
from fupin_cli.fields.dates import month_in_text
from fupin_cli.fields.places import Places
from fupin_cli.intake.around import with_columns_from_text
from fupin_cli.intake.canonical import canonical_table, raw_values
from fupin_cli.intake.grids import Grid, cell_text, column_letter
from fupin_cli.intake.header import Header, HeaderIndex, find_header
from fupin_cli.intake.households import fill_households, fill_merged
from fupin_cli.intake.model import ColumnMap, Part, QualityNote, QuarantinedRow, RowCount, SheetReport, set_aside
from fupin_cli.intake.naming import Names
from fupin_cli.intake.own import EMPTY, WRITTEN, is_empty_template, looks_own
from fupin_cli.intake.quality import Noter, added_up
from fupin_cli.intake.recognise import Candidate, Column, candidates
from fupin_cli.intake.rows import Rows, classify
from fupin_cli.intake.totals import Total, check_totals
from fupin_cli.schema.kinds import Field, Kind
from fupin_cli.schema.polars_types import to_polars
from fupin_cli.spool import Spool

# Sheets of this name hold no data: instructions, code lists for drop-downs.
NOT_DATA = re.compile(
    r"^(填[表报])?(说明|须知|字典|代码表?|数据字典|下拉.*|参数|选项|封面|目录|wpsoffice.*|_.*)$",
    re.IGNORECASE,
)
_TOWN_SHEET = re.compile(r"^[一-龥]{1,6}(镇|乡|街道)$")
# What stands before the town in a title or a line above the table, and words that only look like one (城镇、乡镇、各镇).
_BEFORE_TOWN = re.compile(r"^\W*(?:(?:填报|报送|上报|汇总)?单位(?:\W?盖章\W?)?[:：]|(?:乡镇|镇街?)[:：]|\d{4}年度?)\W*")
_REAL_TOWN = re.compile(r"[^城乡村各全本该小集建]{1,3}(镇|街道)")
_SHEET_NUMBER = re.compile(r"^\d+[.、-]?|[（(]?\d+[)）]?$")
# Fewer than this many known columns say nothing about a sheet.
ENOUGH_COLUMNS = 3
# So many cells of a coded column are looked at before it is said to have none of its values.
VALUES_TRIED = 300


@dataclass(frozen=True)
class Reader:
    """What reading a sheet needs to know besides the sheet."""

    kinds: Mapping[str, Kind]
    index: HeaderIndex
    places: Places

    def read(self, slices: Iterable[Grid], file: str, spool: Spool | None) -> Part:
        """Recognise one sheet by its first slice and turn it into a canonical table.

        ``spool``: where slices after the first are kept; without it all of them stay in memory.
        """
        slices = iter(slices)
        grid = next(slices)
        unread = RowCount(total=grid.top + grid.height, unread=grid.top + grid.height)
        report = SheetReport(file, grid.sheet, hidden=grid.hidden, rows=unread, message=grid.remark)
        if not grid.height:
            return Part(replace(report, state="ignored", message="空表", rows=RowCount()))
        if looks_own(grid):
            return Part(replace(report, state="own", message=WRITTEN, rows=_unread(unread, slices)))
        if NOT_DATA.match(grid.sheet.strip()):
            return Part(replace(report, state="ignored", message="说明或选项表，不含数据"))
        header = find_header(grid, self.index)
        if header is None:
            message = "没有找到表头：前 30 行中没有认得的列名"
            return Part(replace(report, message=message, rows=_unread(unread, slices)))
        titles = _titles(grid, header)
        town = _sheet_town(grid.sheet, titles, self.places)
        names = Names(file, grid.sheet, titles.split("\n"), self.kinds)
        recognised = partial(candidates, index=self.index, kinds=self.kinds, names=names, town_known=town is not None)
        found = recognised(header, unlike=_unlike(grid, header))
        if found[0].missing and (completed := _completed(grid, header, found)) is not None:
            grid, header = completed
            found = recognised(header, unlike=_unlike(grid, header))
        report = replace(report, month=_month(file, grid.sheet, titles), header_rows=_header_rows(grid, header))
        chosen = found[0]
        if chosen.missing or chosen.against:
            return Part(replace(_not_usable(report, found), rows=_unread(unread, slices)))
        report = replace(_described(report, header, found), state="loaded")
        fill_merged(grid, chosen)
        first, loading = header, _Loading(report, chosen, self.places, self.places.town(town) if town else None, spool)
        for piece in chain((grid,), slices):
            loading.take(piece, header)
            header = replace(header, first=0, last=-1)  # only the first slice begins with a header
        part = loading.part()
        return set_aside(part, "own", EMPTY) if is_empty_template(part, first, chosen.kind) else part


class _Loading:
    """A recognised sheet, slice by slice: its rows accounted for, its table kept, its notes added up."""

    def __init__(
        self, report: SheetReport, chosen: Candidate, places: Places, town: str | None, spool: Spool | None
    ) -> None:
        self._report, self._chosen, self._places, self._town, self._spool = report, chosen, places, town, spool
        self._tables: list[pl.LazyFrame] = []
        self._counts: list[RowCount] = []
        self._quarantine: list[QuarantinedRow] = []
        self._notes: list[QualityNote] = []
        self._totals: list[Total] = []
        self._before: pd.DataFrame | None = None

    def take(self, grid: Grid, header: Header) -> None:
        rows = classify(grid, header, self._chosen)
        self._counts.append(rows.count)
        self._quarantine += _quarantined(grid, rows, self._report)
        self._totals += [Total(grid.row_number(row), tuple(grid.cells[row])) for row in rows.totals]
        raw = raw_values(grid.cells, rows.loaded, self._chosen.columns)
        raw = fill_households(raw, self._chosen, self._before)
        self._before = raw.iloc[-1:].copy() if len(raw) else self._before
        table = canonical_table(raw, self._chosen, self._places, self._town)
        noter = Noter(self._report.file, self._report.sheet, self._chosen.kind, grid.row_number(0))
        table, out_of_range = noter.out_of_range(table)
        self._notes += [*noter.all_notes(raw, table), *out_of_range]
        if grid.remark:
            self._notes.append(
                QualityNote(self._report.file, self._report.sheet, self._report.kind, "", "unread", grid.remark)
            )
        self._keep(table, grid)

    def _keep(self, table: pd.DataFrame, grid: Grid) -> None:
        for column, text in (("source_file", self._report.file), ("source_sheet", self._report.sheet)):
            table[column] = pd.Series(text, index=table.index, dtype="string[pyarrow]")
        table["source_row"] = pd.Series(table.index + grid.row_number(0), index=table.index, dtype="int64[pyarrow]")
        frame = to_polars(table.reset_index(drop=True), self._chosen.kind).lazy()
        loaded = sum(count.loaded for count in self._counts)
        self._tables.append(self._spool.kept(frame, loaded) if self._spool else frame)

    def part(self) -> Part:
        table = pl.concat(self._tables)
        noter = Noter(self._report.file, self._report.sheet, self._chosen.kind, 0)
        notes = added_up(self._notes) + tuple(check_totals(self._totals, table, self._chosen, noter))
        counts = RowCount(**{one.name: sum(getattr(x, one.name) for x in self._counts) for one in fields(RowCount)})
        return Part(replace(self._report, rows=counts), table, tuple(self._quarantine), notes)


def _unread(first: RowCount, rest: Iterator[Grid]) -> RowCount:
    """All rows of a sheet that is not used."""
    rows = first.total + sum(grid.height for grid in rest)
    return RowCount(total=rows, unread=rows)


def _titles(grid: Grid, header: Header) -> str:
    above = [cell_text(value) for row in grid.cells[: header.first] for value in row if cell_text(value)]
    return "\n".join([*grid.lines, *above])


def _completed(grid: Grid, header: Header, found: list[Candidate]) -> tuple[Grid, Header] | None:
    """The grid with the columns its best kind lacks, where the lines around the table say them."""
    best = found[0]
    if not set(best.missing) <= set(best.kind.from_text):
        return None
    wider = with_columns_from_text(grid, header, best.kind, best.missing)
    if wider is None:
        return None
    titles = tuple(best.kind.field(name).title for name in best.missing)
    return wider, replace(header, labels=(*header.labels, *titles))


def _header_rows(grid: Grid, header: Header) -> tuple[int, ...]:
    return tuple(grid.row_number(row) for row in range(header.first, header.last + 1))


def _month(file: str, sheet: str, titles: str) -> str:
    for text in (file.rpartition("/")[2], sheet, titles, file):
        if month := month_in_text(text):
            return month
    return ""


def _sheet_town(sheet: str, titles: str, places: Places) -> str | None:
    """The town a sheet is about: its name, else the reporting unit or the title above the header."""
    name = _SHEET_NUMBER.sub("", re.sub(r"\s+", "", sheet))
    if _TOWN_SHEET.match(name):
        return name
    known = places.town(name)
    if known in places.towns or (known and _REAL_TOWN.fullmatch(known)):
        return known
    for line in titles.split("\n"):
        town, _ = places.from_address(_BEFORE_TOWN.sub("", line))
        if town and _REAL_TOWN.fullmatch(town):
            return town
    return None


def _unlike(grid: Grid, header: Header) -> Callable[[Column, Field], str]:
    """The first value of a coded column none of whose first values its field knows; a blank one has nothing against it."""

    def unlike(column: Column, field: Field) -> str:
        if field.type not in ("code", "codes") or field.open or field.vocabulary is None:
            return ""
        lookup, parse = Lookup(field.vocabulary), parse_code if field.type == "code" else parse_codes
        cells = grid.cells[header.last + 1 :, column.index]
        values = [cell_text(cell) for cell in cells[:VALUES_TRIED] if clean_text(cell) is not None]
        return "" if any(parse(value, lookup)[0] is not None for value in values) else (values or [""])[0]

    return unlike


def _not_usable(report: SheetReport, found: list[Candidate]) -> SheetReport:
    """Refused when it is clearly meant to be a kind and lacks a column; ambiguous when it has the columns of a kind and
    something speaks against it; else unrecognised. All say why."""
    complete = [one for one in found if not one.missing]
    if found[0].against and complete:
        return _ambiguous(report, complete[0])
    best = found[0]
    report = replace(report, kind=best.kind.id, kind_title=best.kind.title, reason=best.reason())
    text = f"最像“{best.kind.title}”，但缺少必须的列：{best.missing_titles()}"
    if len(best.columns) >= ENOUGH_COLUMNS and best.words and not best.against:
        return replace(report, state="refused", message=f"{text}；请补上这些列后重新导出")
    return replace(report, state="unrecognised", kind="", kind_title="", message=text)


def _ambiguous(report: SheetReport, like: Candidate) -> SheetReport:
    """Has the columns of a kind, but not its name: not used, and listed only."""
    title = like.kind.title
    cure = f"确是{title}的，请在文件名或标题中写明“{title}”"
    return replace(
        report, state="ambiguous", runner_up=title, message=f"列像“{title}”，但{like.against}，没有使用；{cure}"
    )


def _described(report: SheetReport, header: Header, found: list[Candidate]) -> SheetReport:
    chosen = found[0]
    used = {column.index for column in chosen.columns}
    columns = tuple(ColumnMap(column_letter(column.index), column.label, column.field) for column in chosen.columns)
    unmapped = tuple(label for place, label in enumerate(header.labels) if label and place not in used)
    second = found[1] if len(found) > 1 else None
    runner_up = ""
    if second is not None:
        lacks = f"，缺少{second.missing_titles()}" if second.missing else ""
        runner_up = f"其次像“{second.kind.title}”（{len(second.columns)} 列符合{lacks}）"
    return replace(
        report, kind=chosen.kind.id, kind_title=chosen.kind.title, reason=chosen.reason(), runner_up=runner_up,
        columns=columns, unmapped=unmapped,
    )  # fmt: skip


def _quarantined(grid: Grid, rows: Rows, report: SheetReport) -> tuple[QuarantinedRow, ...]:
    return tuple(
        QuarantinedRow(
            report.file, report.sheet, grid.row_number(row), report.kind, reason,
            tuple([""] * grid.left + [cell_text(value) for value in grid.cells[row]]),
        )
        for row, reason in rows.rejected
    )  # fmt: skip
