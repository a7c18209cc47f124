"""Exports of different months (不同月份的导出): the newest list is used; lists of different people are stacked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import polars as pl

from fupin_cli.intake.copies import worth
from fupin_cli.intake.model import Part, set_aside
from fupin_cli.schema.kinds import Kind

OVERLAP = 0.5


def keep_newest(parts: Sequence[Part], kinds: Mapping[str, Kind]) -> list[Part]:
    """Parts in their order; an older list loses its table to a newer one of its kind that is about the same people: most of
    the smaller of the two stand in the other. So half a list does not bring the last month's back."""
    by_kind: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if part.table is not None and part.report.month and kinds[part.report.kind].nature == "snapshot":
            by_kind[part.report.kind].append(part)
    replaced: dict[int, Part] = {}
    for group in by_kind.values():
        for older in group:
            newer = [part for part in group if part.report.month > older.report.month]
            if newer and _contained(older, newer):
                replaced[id(older)] = _superseded(older, _best(newer))
    return [replaced.get(id(part), part) for part in parts]


def _contained(older: Part, newer: Sequence[Part]) -> bool:
    mine = _who(older)
    theirs = pl.concat([_who(part) for part in newer]).unique()
    fewer = min(len(mine), len(theirs))
    return bool(fewer) and int(mine.is_in(theirs.implode()).sum()) >= OVERLAP * fewer


def _who(part: Part) -> pl.Series:
    assert part.table is not None
    known = part.table.collect_schema()
    for column in ("id_number_key", "household_id", "facility", "project", "village"):
        if column in known:
            values = part.table.select(pl.col(column).drop_nulls().unique().alias("who")).collect()["who"]
            if len(values):
                return values
    return pl.Series("who", [], pl.String)


def _best(newer: Sequence[Part]) -> Part:
    """The newest; of copies the one that will be kept."""
    return max(sorted(newer, key=lambda part: worth(part.report.file)), key=lambda part: part.report.month)


def _superseded(part: Part, by: Part) -> Part:
    message = f"是 {part.report.month} 的名单，已有 {by.report.month} 的“{by.report.file}”，用新的"
    return set_aside(part, "superseded", message)
