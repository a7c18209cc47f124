"""Copies (重复的名单): one list in two files is used once, whatever its name, format or order of rows.

Files of the same bytes are one list. So is a sheet nearly all of whose rows stand in another file of its kind; rows are
counted, so that what one list says twice stays said twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import polars as pl

from fupin_cli.intake.model import FileReport, Part, set_aside
from fupin_cli.schema.columns import DOUBLE, canonical_columns
from fupin_cli.schema.kinds import Kind

SHARE = 0.95
# Folders and files that people make beside the ones they work with.
_BACKUP = re.compile(r"备份|副本|复制|复件|backup|\bcopy\b|\bbak\b", re.IGNORECASE)
# A print of a workbook as text lost something, even where no row.
_TEXT = (".txt", ".tsv")
# What a record may be about; the first that is filled in tells two records apart, before their other columns are looked at.
_IDENTITY = (
    "id_number", "head_id", "household_id", "facility", "project", "natural_village", "village", "item", "name",
)  # fmt: skip
_WHEN = ("date", "term", "year")
DECIMALS = 4  # of a number that one format prints shorter than another stores it


def one_of_identical(parts: Sequence[Part], files: Iterable[FileReport]) -> list[Part]:
    """Parts in their order; of files with the same bytes one keeps its tables: the one of which most could be used."""
    sheets = _by_file(parts)
    same: dict[str, list[str]] = defaultdict(list)
    for file in files:
        if file.name in sheets:
            same[file.sha256].append(file.name)
    instead: dict[str, str] = {}
    for names in same.values():
        best, *others = sorted(names, key=lambda name: (-_all_rows(sheets[name]), worth(name)))
        if _all_rows(sheets[best]):
            instead |= dict.fromkeys(others, best)
    return [
        set_aside(part, "copy", f"“{part.report.file}”与“{kept}”内容完全相同，只用后者")
        if (kept := instead.get(part.report.file)) and part.report.state not in ("own", "ignored")
        else part
        for part in parts
    ]


def one_of_each_list(parts: Sequence[Part], kinds: Mapping[str, Kind]) -> list[Part]:
    """Parts in their order; a sheet of which at least ``SHARE`` stands in another file of its kind loses its table.

    Of two lists that stand in each other the smaller goes, of equal ones the later.
    """
    by_kind: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if part.report.rows.loaded and part.table is not None:
            by_kind[part.report.kind].append(part)
    replaced: dict[int, Part] = {}
    for kind, group in by_kind.items():
        if len({part.report.file for part in group}) > 1:
            replaced |= _without_copies(group, kinds[kind])
    return [replaced.get(id(part), part) for part in parts]


def _without_copies(group: Sequence[Part], kind: Kind) -> dict[int, Part]:
    files = _by_file(group)
    of_file = {name: _all_rows(sheets) for name, sheets in files.items()}
    alike = _alike(group, kind)

    def rank(name: str) -> tuple[Any, ...]:
        return (-of_file[name], *worth(name))

    replaced: dict[int, Part] = {}
    for at in sorted(alike, key=lambda at: rank(group[at].report.file), reverse=True):
        part = group[at]
        for name in sorted(alike[at], key=rank):
            others = [other for other in files[name] if id(other) not in replaced]
            found = _in_common(part, others, kind) if others else 0
            if found >= SHARE * _rows(part):
                text = "都" if found == _rows(part) else f"有{found:,}行"
                message = f"“{part.report.file}”的{_rows(part):,}行{text}在“{name}”中，是同一份名单，只用后者"
                replaced[id(part)] = set_aside(part, "copy", message)
                break
    return replaced


def _alike(group: Sequence[Part], kind: Kind) -> dict[int, set[str]]:
    """Sheet → files with as many records of the same persons or things; all others need no closer look."""
    values = _values(kind)
    who = pl.coalesce([values[name] for name in _IDENTITY if name in values] or list(values.values())[:1])
    counted = pl.concat(
        part.table.filter(who.is_not_null())
        .select(who=who.hash())
        .group_by("who")
        .len("rows")
        .with_columns(sheet=pl.lit(at, pl.Int64), file=pl.lit(part.report.file))
        for at, part in enumerate(group)
        if part.table is not None
    )
    by_file = counted.group_by("who", "file").agg(pl.col("rows").sum())
    shared = (
        counted.join(by_file, on="who", suffix="_there")
        .filter(pl.col("file") != pl.col("file_there"))
        .group_by("sheet", "file_there")
        .agg(pl.min_horizontal("rows", "rows_there").sum())
        .collect()
    )
    alike: dict[int, set[str]] = defaultdict(set)
    for at, file, rows in shared.iter_rows():
        if rows >= SHARE * _rows(group[at]):
            alike[at].add(file)
    return alike


def _in_common(part: Part, others: Sequence[Part], kind: Kind) -> int:
    """How many rows of a sheet stand in the sheets of another file; columns that one of the two leaves blank are left out."""
    months = {other.report.month for other in others if other.report.month}
    if kind.nature == "snapshot" and part.report.month and months and part.report.month not in months:
        return 0  # two months of one list are alike; which is the newer one is for their months to say
    mine, theirs = _filled([part]), _filled(others)
    columns = {name: value for name, value in _values(kind).items() if name in mine and name in theirs}
    if kind.nature == "events" and not _same_occasion(part, others, kind, mine | theirs, columns):
        return 0
    rows, there = _counted([part], columns.values()), _counted(others, columns.values())
    shared = rows.join(there, on="row").select(pl.min_horizontal("rows", "rows_right").sum()).collect().item()
    return int(shared)


def _same_occasion(part: Part, others: Sequence[Part], kind: Kind, filled: set[str], columns: Iterable[str]) -> bool:
    """Whether equal rows of two lists of events are one event: what says when is compared; of two months, the day."""
    months = {other.report.month for other in others if other.report.month}
    wanted = ("date",) if part.report.month and months - {part.report.month} else _WHEN
    when = {field.name for field in kind.fields if field.type in wanted}
    return bool(when.intersection(columns)) or (wanted == _WHEN and not when & filled)


def _values(kind: Kind) -> dict[str, pl.Expr]:
    """Canonical columns that say what a row says, as they are compared: not how it was written, nor what follows from them.

    A number of which a spreadsheet lost the end is whatever the format makes of it.
    """
    columns = canonical_columns(kind)
    values = {}
    for field in kind.fields:
        value = pl.col(field.name)
        if field.type == "id":
            value = pl.when(pl.col(f"{field.name}_status").ne_missing("precision_lost")).then(value)
        values[field.name] = value.round(DECIMALS) if columns[field.name] == DOUBLE else value
        if field.type == "measure":
            values[f"{field.name}_ok"] = pl.col(f"{field.name}_ok")
    return values


def _filled(parts: Sequence[Part]) -> set[str]:
    tables = [part.table for part in parts if part.table is not None]
    counts = pl.concat(table.select(pl.all().count()) for table in tables).sum().collect()
    return {name for name in counts.columns if counts[name].item()}


def _counted(parts: Sequence[Part], values: Iterable[pl.Expr]) -> pl.LazyFrame:
    """Each different row (as a number) and how often it stands there."""
    rows = pl.concat(part.table for part in parts if part.table is not None)
    return rows.select(row=pl.struct(values).hash()).group_by("row").len("rows")


def worth(name: str) -> tuple[bool, bool, int, bool, str]:
    """The order in which equal files are kept: no backup, no text where there is a table, the shorter path, the name."""
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    return bool(_BACKUP.search(name)), suffix in _TEXT, len(name) - len(suffix), suffix == ".csv", name


def _by_file(parts: Iterable[Part]) -> dict[str, list[Part]]:
    files: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        files[part.report.file].append(part)
    return files


def _all_rows(parts: Iterable[Part]) -> int:
    return sum(map(_rows, parts))


def _rows(part: Part) -> int:
    return part.report.rows.loaded
