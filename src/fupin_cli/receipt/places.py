"""Where ``[towns]`` of ``fupin.toml`` and the lists differ in the names of places (镇、村)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

import polars as pl

from fupin_cli.receipt.count import REGISTER, Count
from fupin_cli.receipt.ground import Ground
from fupin_cli.receipt.lists import LEAST_ROWS_IN_TOWN
from fupin_cli.receipt.model import Fault

# The list that is asked for every place of ``[towns]``, also those without a registered person.
FACILITIES = "health.facilities"
# A town of which so many lists have rows is one; one list may have misspelt it throughout.
LEAST_LISTS = 3
ALIKE = 0.5


def misspelt_places(tables: Mapping[str, pl.LazyFrame], counts: Mapping[str, Count], ground: Ground) -> Iterator[Fault]:
    """Towns of ``[towns]`` that no list knows, villages that no list knows and that are near one which lists know: nobody
    can say what is lacking there."""
    known = {town for count in counts.values() for town in count.written}
    for town in ground.towns:
        if town not in known:
            hint = _nearest(town, known - set(ground.towns))
            yield _fault(town, f"fupin.toml 的 [towns] 写了“{town}”，名单里没有这个镇{hint}")
    for town, named, unnamed in _villages(tables, ground):
        for village in sorted(named):
            if hint := _nearest(village, unnamed):
                yield _fault(town, f"fupin.toml 的 [towns] 写了{town}的“{village}”，名单里没有这个村{hint}")


def unnamed_towns(counts: Mapping[str, Count], ground: Ground) -> Iterator[str]:
    """Towns that lists know and ``[towns]`` does not name, in words."""
    if not ground.towns:
        return
    lists = list(counts.values())
    known = {town for count in lists for town in count.written}
    for town in sorted(known - set(ground.towns)):
        listed = sum(count.written.get(town, 0) >= LEAST_ROWS_IN_TOWN for count in lists)
        if counts[REGISTER].written.get(town) or listed >= LEAST_LISTS:
            yield f"名单里有“{town}”，fupin.toml 的 [towns] 没有写{_nearest(town, ground.towns)}"


def _fault(town: str, reason: str) -> Fault:
    return Fault(FACILITIES, town, "missing", reason)


def _villages(tables: Mapping[str, pl.LazyFrame], ground: Ground) -> Iterator[tuple[str, set[str], set[str]]]:
    """By town: villages that ``[towns]`` names and no list knows, and those that a list knows and it does not name."""
    if not ground.villages:
        return
    place = ["town", "village"]
    rows = [table.select(place) for table in tables.values() if set(place) <= set(table.collect_schema().names())]
    known = set(pl.concat(rows).drop_nulls().unique().collect().iter_rows())
    named = set(ground.villages)
    for town in sorted({town for town, _ in named - known}):
        yield town, {one for at, one in named - known if at == town}, {one for at, one in known - named if at == town}


def _nearest(name: str, among: Collection[str]) -> str:
    close = get_close_matches(name, sorted(among), 1, ALIKE)
    return f"（是不是“{close[0]}”？）" if close else ""
