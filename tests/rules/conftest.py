"""Small books for rule tests: people and records given as keywords, everything else blank."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from fupin_cli.engine import collected, lazy_frame, lazy_frames
from fupin_cli.linkage.link import LINK_SCHEMA
from fupin_cli.linkage.persons import REGISTER, numbered, person_table, watched
from fupin_cli.policy import load_policy
from fupin_cli.rules.book import Book
from fupin_cli.rules.catalogue import catalogue
from fupin_cli.rules.check import RuleCheck, run_rules
from fupin_cli.schema.kinds import load_kinds
from fupin_cli.schema.polars_types import empty_table

KINDS = load_kinds()
AS_OF = date(2020, 6, 30)
WATCH = "register.watchlist"
PERSON = {
    "household_id": "H1", "name": "陈一", "id_number_status": "valid", "relation": "户主",
    "town": "灵山镇", "village": "东营村", "source_file": "台账.xlsx", "source_sheet": "Sheet1",
}  # fmt: skip


def _dates(row: dict[str, Any]) -> dict[str, Any]:
    """A date given as a ``date`` fills the four columns of a date field."""
    filled = dict(row)
    for name, value in row.items():
        if isinstance(value, date):
            filled |= {name: value.isoformat(), f"{name}_day": value.toordinal(), f"{name}_last": value.toordinal()}
            filled[f"{name}_year"] = value.year
    return filled


def _raw(table: pl.DataFrame) -> pl.DataFrame:
    """``…_raw`` defaults to the value itself, as intake writes it."""
    pairs = [name for name in table.columns if name.endswith("_raw") and name.removesuffix("_raw") in table.columns]
    return table.with_columns(
        pl.coalesce(pl.col(name), pl.col(name.removesuffix("_raw")).cast(pl.String)).alias(name) for name in pairs
    )


def make_table(kind: str, rows: list[dict[str, Any]], rids: itertools.count[int], base: dict[str, Any]) -> pl.DataFrame:
    empty = empty_table(KINDS[kind])
    schema = {**empty.schema, "pid": pl.Int64}
    records = []
    for row in rows:
        rid = next(rids)
        record = {
            "rid": rid,
            "source_file": f"{kind}.xlsx",
            "source_sheet": "表",
            "source_row": rid + 1,
            **base,
            **_dates(row),
        }
        unknown = set(record) - set(schema) - {"of"}
        assert not unknown, f"{kind} has no column {unknown}"
        record["pid"] = record.pop("of", None)
        records.append(record)
    return _raw(pl.DataFrame(records, schema=schema, orient="row"))


class AllCame(Book):
    """A book in which every column of every list that came is filled in, for all anybody knows."""

    def holds(self, kind: str, name: str) -> bool:
        return True


class Rules:
    """``rules(persons=[…], sources={kind: [{"of": 1, …}]})``: ``of`` is the 1-based place of the person in the list.

    Every call runs polars and the ``other`` engine and requires identical findings. It asks for the condition alone, as if
    every column had come filled in, so that a lone blank shows what a blank does; ``run`` and ``state`` mind the columns.
    """

    def __init__(self, other: str = "pandas") -> None:
        self.engines = ("polars", other)

    def __call__(
        self,
        rule_id: str,
        persons: list[dict[str, Any]],
        sources: dict[str, list[dict[str, Any]]] | None = None,
        *,
        as_of: date = date(2020, 6, 30),
        links: list[dict[str, Any]] | None = None,
        watch: list[dict[str, Any]] | None = None,
        policy: dict[str, Any] | None = None,
        towns: tuple[str, ...] = (),
        controls: tuple[tuple[str, int | None, int | None], ...] = (),
        before: tuple[str, ...] = (),
        villages: tuple[tuple[str, str], ...] = (),
    ) -> list[dict[str, str]]:
        """``before``: rules whose findings this one reads."""
        findings, _ = self.run(
            rule_id,
            persons,
            sources,
            as_of,
            links,
            watch,
            policy,
            towns,
            controls,
            before,
            all_came=True,
            villages=villages,
        )
        return findings

    def state(self, rule_id: str, persons: list[dict[str, Any]], sources: dict[str, list[dict[str, Any]]]) -> str:
        _, check = self.run(rule_id, persons, sources, date(2020, 6, 30), None, None, None, (), ())
        return check.state

    def run(
        self,
        rule_id,
        persons,
        sources,
        as_of,
        links,
        watch,
        policy,
        towns,
        controls,
        before=(),
        all_came=False,
        villages=(),
    ) -> tuple[Any, RuleCheck]:  # type: ignore[no-untyped-def]
        results = []
        for tables, book in self.books(
            persons,
            sources,
            as_of=as_of,
            links=links,
            watch=watch,
            policy=policy,
            towns=towns,
            controls=controls,
            villages=villages,
        ):
            if all_came:
                book = AllCame(**{one.name: getattr(book, one.name) for one in fields(book)})
            checked = run_rules(book, tables, [catalogue()[name] for name in (*before, rule_id)])
            found = [finding for finding in checked.findings.to_dicts() if finding["rule_id"] == rule_id]
            results.append((found, checked.checks[-1]))
        assert results[0] == results[1], "engines differ"
        return results[0]

    def on_books(
        self, frame: Callable[[Book], nw.LazyFrame], persons: list[dict[str, Any]], sources: Any = None, **more: Any
    ) -> list[pl.DataFrame]:
        """What ``frame`` gives on each engine's book."""
        return [collected(frame(book)) for _, book in self.books(persons, sources, **more)]

    def books(
        self,
        persons: list[dict[str, Any]],
        sources: dict[str, list[dict[str, Any]]] | None = None,
        *,
        as_of: date = date(2020, 6, 30),
        links: list[dict[str, Any]] | None = None,
        watch: list[dict[str, Any]] | None = None,
        policy: dict[str, Any] | None = None,
        towns: tuple[str, ...] = (),
        controls: tuple[tuple[str, int | None, int | None], ...] = (),
        villages: tuple[tuple[str, str], ...] = (),
    ) -> Iterator[tuple[dict[str, pl.LazyFrame], Book]]:
        """The tables and each engine's book over them."""
        rids = itertools.count(1)
        tables = {"register.persons": make_table("register.persons", persons, rids, PERSON)}
        if watch is not None:
            tables[WATCH] = make_table(WATCH, watch, rids, PERSON)
        for kind, rows in (sources or {}).items():
            tables[kind] = make_table(kind, rows, rids, {})
        lists = {REGISTER: numbered(tables[REGISTER].lazy().drop("pid"))}
        if watch is not None:
            linked = tables[WATCH].filter(pl.col("pid").is_not_null()).select("rid", "pid")
            lists[WATCH] = watched(tables[WATCH].lazy().drop("pid"), linked)
        people = person_table(lists[REGISTER], lists.get(WATCH)).collect().lazy()
        lazy = {kind: table.lazy() for kind, table in tables.items()}
        lazy |= {kind: table.collect().lazy() for kind, table in lists.items()}
        link_table = pl.LazyFrame(links or [], schema=LINK_SCHEMA)
        values = load_policy()
        # floods are shown in test_coverage.py; a rule's own tests may have any number of people
        values = type(values)({**values.values, "receipt_flood": 1.0, **(policy or {})})
        for engine in self.engines:
            book = Book(
                as_of=as_of, policy=values, tables=lazy_frames(lazy, engine), persons=lazy_frame(people, engine),
                links=lazy_frame(link_table, engine), towns=towns, villages=villages, controls=controls, kinds=KINDS,
                engine=engine,
            )  # fmt: skip
            yield lazy, book


@pytest.fixture
def rules(pytestconfig: pytest.Config) -> Rules:
    return Rules(pytestconfig.getoption("engine"))
