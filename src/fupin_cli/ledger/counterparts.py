"""Rows that findings rested on, and the rows of this run that may be the same records (对应的记录)."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from fupin_cli.ledger.sight import WHO, Sight, occasion_of


@dataclass(frozen=True)
class Row:
    """A row of a list in this run, or one that a finding rested on, ``among`` so many of that person and occasion."""

    kind: str
    pid: int | None
    about: Mapping[str, str]
    occasion: Mapping[str, str]
    filled: frozenset[str]
    among: int = 1


class Counterparts:
    """The rows of a kind in this run about somebody a finding rests on, and those about nobody known."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._by_person: dict[int, list[Row]] = defaultdict(list)
        self._of_nobody: list[Row] = []
        self._by_name: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            if row.pid is not None:
                self._by_person[row.pid].append(row)
            else:
                self._of_nobody.append(row)
            for name in ("number", "name", "village"):
                if row.about[name]:
                    self._by_name[name, row.about[name]].append(row)

    def of(self, ground: Row) -> list[Row]:
        """Its counterparts: of the same person, else of the same number, name and place."""
        if ground.pid is not None and (own := self._by_person.get(ground.pid)):
            return own
        for name in ("number", "name", "village"):
            if ground.about[name]:
                rows = self._by_name.get((name, ground.about[name]), [])
                return rows if name == "number" else [row for row in rows if _not_contrary(row.about, ground.about)]
        return []

    def may_hide(self, ground: Row) -> bool:
        """Whether the record may be a row that nobody can tell whose it is."""
        number, name = ground.about["number"], ground.about["name"]
        for row in self._of_nobody:
            others = "id_number" in row.filled and row.about["number"] != number
            if not others and row.about["name"] in ("", name):
                return True
        return False


def _not_contrary(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return all(not value or not other[name] or other[name] == value for name, value in one.items())


def _by_sources(row: sqlite3.Row, people: Mapping[int, int]) -> list[Row]:
    """What a finding of an earlier version of the program, which noted no rows, rested on: some row of each of its lists."""
    about = {"number": row["id_number"], **{name: row[name] for name in ("name", "household_id", "town", "village")}}
    pid = people.get(row["subject_id"])
    return [Row(kind, pid, about, {}, frozenset()) for kind in row["sources"].split()]


def grounds_of(
    connection: sqlite3.Connection, findings: Iterable[sqlite3.Row], people: Mapping[int, int]
) -> dict[str, list[Row]]:
    """Key → the rows that findings of the ledger rested on; ``people``: subject → ``pid``."""
    wanted = {row["finding_key"]: row for row in findings}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in connection.execute("SELECT * FROM grounds ORDER BY finding_key, nth"):
        if row["finding_key"] in wanted:
            about = {name: row[name] for name in WHO}
            found[row["finding_key"]].append(
                Row(
                    row["kind"], people.get(row["subject_id"]), about, occasion_of(row["occasion"]),
                    frozenset(row["filled"].split()), row["among"],
                )
            )  # fmt: skip
    return {key: found[key] if key in found else _by_sources(row, people) for key, row in wanted.items()}


def counterparts(sight: Sight, grounds: Iterable[Row]) -> dict[str, Counterparts]:
    """Kind → its rows of this run that may be counterparts of ``grounds``."""
    pids: dict[str, set[int]] = defaultdict(set)
    for ground in grounds:
        pids[ground.kind] |= {ground.pid} if ground.pid is not None else set()
    return {kind: Counterparts(_read(kind, sight.rows(kind), theirs)) for kind, theirs in pids.items()}


def _read(kind: str, rows: pl.LazyFrame, pids: Collection[int]) -> Iterable[Row]:
    wanted = pl.col("pid").is_null() | pl.col("pid").is_in(sorted(pids))
    for row in rows.filter(wanted).collect().iter_rows(named=True):
        about = {name: row[name] or "" for name in WHO}
        yield Row(kind, row["pid"], about, occasion_of(row["occasion"] or ""), frozenset((row["filled"] or "").split()))
