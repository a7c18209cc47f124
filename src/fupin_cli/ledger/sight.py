"""What a run saw besides its findings (所见), for the ledger to look for the same people and records again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from fupin_cli.linkage.identities import IDENTITY
from fupin_cli.linkage.persons import REGISTER, WATCHLIST

PERSONS = (REGISTER, WATCHLIST)  # the lists that say who there is
WHO = ("name", "number", "household_id", "town", "village")
ROW_SCHEMA = {"rid": pl.Int64, "pid": pl.Int64, **dict.fromkeys((*WHO, "occasion", "filled"), pl.String)}
GROUND_SCHEMA = {
    "finding_key": pl.String, "nth": pl.Int64, "own": pl.Boolean, "among": pl.Int64, "kind": pl.String,
    **{name: kind for name, kind in ROW_SCHEMA.items() if name != "rid"},
}  # fmt: skip
PEOPLE_SCHEMA = {
    **dict.fromkeys(IDENTITY, pl.String), "rid": pl.Int64, "pid": pl.Int64, "person_no": pl.String, "born": pl.Int64,
    "checked": pl.Boolean, "born_known": pl.Boolean, "source_row": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Sight:
    """``people``: everybody of register and watchlist (``PEOPLE_SCHEMA``: ``IDENTITY``, ``pid``, ``person_no``).

    ``grounds``: the rows that findings rest on (``GROUND_SCHEMA``; ``among``: how many rows of its person a list has that only
    their content tells apart). ``rows``: kind → all its rows (``ROW_SCHEMA``);
    ``occasion``: what tells it from others of the same person, as ``column=value`` separated by tabs; ``filled``: columns
    that rules read and that have a value, separated by spaces. ``titles``: kind, or ``kind/column`` → its name in Chinese.
    ``strays``: kind → cells of the rows that were set aside there (隔离行). ``cured_by_absence``: rule → lists from which the
    cure may be to vanish; ``of_school_year``: rules that ask about one school year; ``of_findings``: those that ask whether there
    are findings of others; ``events``: kinds of what happened at a time. ``places``: rule → (town, village) of whatever it reads,
    ``None`` where nobody can say.
    """

    people: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PEOPLE_SCHEMA))
    grounds: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=GROUND_SCHEMA))
    rows: Callable[[str], pl.LazyFrame] = lambda _: pl.LazyFrame(schema=ROW_SCHEMA)
    titles: Mapping[str, str] = field(default_factory=dict)
    strays: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    cured_by_absence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of_school_year: frozenset[str] = frozenset()
    of_findings: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    places: Callable[[str], frozenset[tuple[str, str]] | None] = lambda _: None

    @cached_property
    def towns(self) -> frozenset[str]:
        """Towns of the people."""
        return frozenset(self.people["town"].drop_nulls())


def occasion_of(text: str) -> dict[str, str]:
    """Column → value of a row's occasion."""
    return dict(part.split("=", 1) for part in text.split("\t") if part)


def agree(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two occasions can be the same: a column that one of them lacks says nothing."""
    return all(value == other.get(name, value) for name, value in one.items())
