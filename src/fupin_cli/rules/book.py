"""The book (账册): the linked tables as the rules see them, with the terms of the catalogue computed once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import narwhals as nw
import polars as pl

from fupin_cli.engine import collected, lazy_frame
from fupin_cli.policy import Policy
from fupin_cli.rules import terms
from fupin_cli.schema.kinds import Kind

REGISTER = "register.persons"
WATCHLIST = "register.watchlist"
HOUSEHOLDS = "register.households"
BOOKS = "village.books"
DEATHS = "civil.deaths"
EVERYWHERE = ""  # among towns: the whole district

# Household columns: the first filled value among the members speaks for the household.
HOUSEHOLD_COLUMNS = (
    "household_size", "poverty_type", "exit_status", "exit_year", "net_income", "unsafe_house", "safe_water",
)  # fmt: skip


@dataclass(frozen=True)
class Book:
    """Everything a rule may read.

    ``tables``: kind → canonical columns plus ``pid`` (``rid`` of the linked person's row, null where unlinked);
    ``persons``: one row a human being (``pid``, ``in_register``, ``in_watchlist`` and the register's columns);
    ``kinds``: what the sources look like; ``columns``: kind → fields that its sheets have a column for;
    ``towns``, ``villages`` (town and village): those the workspace names; ``doubts``: kind → towns in which it is not to be looked at (``""``: nowhere at all); ``lost``: kind → towns of which it
    came to this workspace before and not, or not to be believed, now (``""``: everywhere); ``blanked``: kind → columns that
    used to be filled in and are not; ``accepted``: kind → towns of which a person vouches for it; ``counted_before``: (rule,
    town) → findings of the last run; ``dead_before``: ``pid`` of those a list of the dead named that is lost now; ``found``: what the rules before found; ``links``: ``rid``, ``pid``, ``kind``, ``level`` (Chinese reason), ``state`` (``link``/``review``), ``name_relation``.
    """

    as_of: date
    policy: Policy
    tables: Mapping[str, nw.LazyFrame]
    persons: nw.LazyFrame
    links: nw.LazyFrame
    towns: tuple[str, ...] = ()
    villages: tuple[tuple[str, str], ...] = ()
    controls: tuple[tuple[str, int | None, int | None], ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    engine: str = "polars"
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    doubts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lost: Mapping[str, frozenset[str]] = field(default_factory=dict)
    blanked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    counted_before: Mapping[tuple[str, str], int] = field(default_factory=dict)
    dead_before: frozenset[int] = frozenset()
    found: pl.DataFrame | None = None

    @property
    def as_of_day(self) -> int:
        return self.as_of.toordinal()

    @property
    def as_of_number(self) -> int:
        """``as_of`` as yyyymmdd."""
        return terms.date_number(self.as_of)

    def arrived(self, kind: str) -> bool:
        return kind in self.tables

    def believed(self, kind: str) -> bool:
        """Whether the list came and is not in doubt as a whole."""
        return self.arrived(kind) and EVERYWHERE not in self.doubts.get(kind, ())

    def doubtful_towns(self, kinds: Iterable[str]) -> frozenset[str]:
        """Towns in which one of these lists is not to be looked at."""
        return frozenset(town for kind in kinds for town in self.doubts.get(kind, ()))

    @cached_property
    def registered_towns(self) -> frozenset[str]:
        """Towns of the register."""
        return frozenset(collected(self.tables[REGISTER].select("town").drop_nulls().unique())["town"])

    @cached_property
    def register(self) -> nw.LazyFrame:
        """The register as written: every row, deceased included, with ``age`` and ``school_age``."""
        return self._with_ages(self.tables[REGISTER])

    @cached_property
    def dead(self) -> nw.LazyFrame:
        """``pid``, ``died_on``, ``died_day``, ``rid_death`` of the deceased (已死亡) at ``as_of``."""
        deaths = self.tables[DEATHS].filter(~nw.col("pid").is_null())
        dead = deaths.filter((nw.col("died_on_day") <= self.as_of_day) | nw.col("died_on_day").is_null())
        return dead.select("pid", "died_on", died_day=nw.col("died_on_last"), rid_death=nw.col("rid"))

    @cached_property
    def everyone(self) -> nw.LazyFrame:
        """Living persons of register and watchlist (监测对象也查), one row a person."""
        return self.alive(self._with_ages(self.persons))

    def alive(self, rows: nw.LazyFrame) -> nw.LazyFrame:
        """Rows about nobody who is dead (已死亡): on the list now or, where it is lost, as it was known before."""
        if self.arrived(DEATHS):
            rows = rows.join(self.dead, on="pid", how="anti")
        if self.dead_before:
            rows = rows.filter(~nw.col("pid").is_in(sorted(self.dead_before)).fill_null(False))
        return rows

    @cached_property
    def people(self) -> nw.LazyFrame:
        """Living persons of the register, one row a person."""
        return self.everyone.filter(nw.col("in_register"))

    @cached_property
    def households(self) -> nw.LazyFrame:
        """Households of the register with a living member: ``household_id``, ``town``, ``village`` and household columns."""
        first = [nw.col(column).min().alias(column) for column in (*HOUSEHOLD_COLUMNS, "town", "village")]
        members = self.people.filter(~nw.col("household_id").is_null())
        return members.group_by("household_id").agg(*first)

    @cached_property
    def findings(self) -> nw.LazyFrame:
        """Findings of this run so far: the columns of ``findings.csv``. Only for rules that are ``of_findings``."""
        assert self.found is not None
        return lazy_frame(self.found.lazy(), self.engine)

    def asked(self, kind: str, name: str) -> bool:
        """Whether the source has this column, so that a blank says something."""
        return (kind not in self.columns or name in self.columns[kind]) and name not in self.blanked.get(kind, ())

    def filled(self, kind: str) -> frozenset[str]:
        """Columns of a source that have a value in some row; the others were not exported, or nobody fills them."""
        if kind not in self._filled:
            rows = self.tables[kind]
            columns = rows.collect_schema().names()
            counts = collected(rows.select(nw.col(name).count() for name in columns))
            self._filled[kind] = frozenset(name for name in columns if counts[name].item())
        return self._filled[kind]

    def holds(self, kind: str, name: str) -> bool:
        """Whether some row has a value in this field, readable or not; a list without rows lacks nothing."""
        filled = self.filled(kind)
        return bool(filled & {name, f"{name}_raw", f"{name}_ok"}) or "rid" not in filled

    @cached_property
    def _filled(self) -> dict[str, frozenset[str]]:
        return {}

    def records(self, kind: str) -> nw.LazyFrame:
        """Rows of a source, linked or not, with ``record_year`` and (where it has a status) ``active``."""
        return terms.with_terms(self.tables[kind], self.as_of.year)

    def linked(self, kind: str) -> nw.LazyFrame:
        """Rows of a source that are linked to a person."""
        return self.records(kind).filter(~nw.col("pid").is_null())

    def of_households(self, kind: str) -> nw.LazyFrame:
        """Linked rows of a source with the ``household_id`` of the person (any member's record counts, the dead's too)."""
        members = self.persons.filter(nw.col("in_register") & ~nw.col("household_id").is_null())
        frame = self.linked(kind)
        if "household_id" in frame.collect_schema().names():
            frame = frame.drop("household_id")
        return frame.join(members.select("pid", "household_id"), on="pid", how="inner")

    def of_villages(self, kind: str) -> nw.LazyFrame:
        """Rows of a list of villages, each in its town."""
        return self.in_towns(self.tables[kind])

    def in_towns(self, rows: nw.LazyFrame) -> nw.LazyFrame:
        """Rows that tell a village but no town (镇) get the only one in which the register has such a village."""
        places = (
            self.tables[REGISTER].select("village", "town").filter(terms.known("village"), terms.known("town")).unique()
        )
        towns = places.group_by("village").agg(theirs=nw.col("town").min(), towns=nw.len()).filter(nw.col("towns") == 1)
        rows = rows.join(towns.select("village", "theirs"), on="village", how="left")
        return rows.with_columns(town=nw.coalesce("town", "theirs")).drop("theirs")

    def _with_ages(self, persons: nw.LazyFrame) -> nw.LazyFrame:
        school_day = terms.school_reference(self.as_of)
        return persons.with_columns(
            age=terms.full_years(nw.col("birth"), self.as_of_number),
            school_age=terms.full_years(nw.col("birth"), terms.date_number(school_day)),
        )
