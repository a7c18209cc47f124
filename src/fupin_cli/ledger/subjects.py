"""The subjects of findings during an update (对象): who of the known is here, who is new, what they rest on now."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from functools import cached_property

import polars as pl

from fupin_cli.ledger.sight import WHO, Sight
from fupin_cli.ledger.who import (
    HOUSEHOLD,
    MEMBER,
    PERSON,
    add_marks,
    adopt_subjects,
    new_subject,
    person_marks,
    recognised_households,
    recognised_people,
)


class Subjects:
    """``people``: subject → ``pid``, ``homes``: subject → 户编号, of all that the ledger knows and the run has."""

    def __init__(self, connection: sqlite3.Connection, sight: Sight, as_of: str) -> None:
        self._connection, self._sight, self._as_of = connection, sight, as_of
        adopt_subjects(connection, as_of)
        self.people = recognised_people(connection, sight.people)
        self.homes = recognised_households(connection, sight.people)
        self._by_pid = {pid: subject for subject, pid in sorted(self.people.items(), reverse=True)}
        self._by_home = {home: subject for subject, home in sorted(self.homes.items(), reverse=True)}

    def of_findings(self, findings: pl.DataFrame, grounds: pl.DataFrame) -> dict[str, int]:
        """Key → subject, of the findings about a person, a household, or a record of a person; new ones are entered."""
        own = dict(grounds.filter(pl.col("own") & pl.col("pid").is_not_null()).select("finding_key", "pid").iter_rows())
        subjects = {}
        for key, type, home in findings.select("finding_key", "subject_type", "household_id").iter_rows():
            if type == HOUSEHOLD and home:
                subjects[key] = self._home(home)
            elif type != HOUSEHOLD and key in own:
                subjects[key] = self._person(own[key])
        return subjects

    @cached_property
    def towns(self) -> dict[int, frozenset[str]]:
        """Subject → the towns in which the run has it; of a household those of its people."""
        by_pid: dict[int, set[str]] = defaultdict(set)
        by_home: dict[str, set[str]] = defaultdict(set)
        for pid, home, town in self._sight.people.select("pid", "household_id", "town").drop_nulls("town").iter_rows():
            by_pid[pid].add(town)
            if home:
                by_home[home].add(town)
        found = {subject: frozenset(by_pid.get(pid, ())) for subject, pid in self.people.items()}
        return found | {subject: frozenset(by_home.get(home, ())) for subject, home in self.homes.items()}

    def save(self, grounds: pl.DataFrame) -> None:
        """Note the marks that all bear now, and what the run's findings rest on."""
        rows = [
            (
                row["finding_key"], row["nth"], int(row["own"]), row["among"] or 1, row["kind"],
                self._person(row["pid"]) if row["pid"] in self._people else None,
                *(row[name] or "" for name in WHO), row["occasion"] or "", row["filled"] or "",
            )
            for row in grounds.iter_rows(named=True)
        ]  # fmt: skip
        self._connection.executemany("DELETE FROM grounds WHERE finding_key = ?", [(row[0],) for row in rows])
        columns = f"finding_key, nth, own, among, kind, subject_id, {', '.join(WHO)}, occasion, filled"
        marks = ", ".join("?" * 13)
        self._connection.executemany(f"INSERT INTO grounds ({columns}) VALUES ({marks})", rows)
        for pid, subject in self._by_pid.items():
            if pid in self._people:
                add_marks(self._connection, subject, person_marks(self._people[pid]), self._as_of)
        for home, subject in self._by_home.items():
            self._mark_home(subject, home)

    def _person(self, pid: int) -> int:
        if pid not in self._by_pid:
            self._by_pid[pid] = new_subject(self._connection, PERSON)
            self.people[self._by_pid[pid]] = pid
        return self._by_pid[pid]

    def _home(self, home: str) -> int:
        if home not in self._by_home:
            self._by_home[home] = new_subject(self._connection, HOUSEHOLD)
            self.homes[self._by_home[home]] = home
        return self._by_home[home]

    def _mark_home(self, subject: int, home: str) -> None:
        members = [(MEMBER, one) for one in self._members.get(home, ())]
        add_marks(self._connection, subject, [("household_id", home), *members], self._as_of)

    @cached_property
    def _people(self) -> dict[int, dict[str, str]]:
        """``pid`` → its row, of everybody whom findings concern."""
        wanted = {*self._by_pid, *self._sight.grounds["pid"].drop_nulls()}
        rows = self._sight.people.filter(pl.col("pid").is_in(sorted(wanted)))
        return {row["pid"]: row for row in rows.iter_rows(named=True)}

    @cached_property
    def _members(self) -> dict[str, list[str]]:
        """户编号 → the numbers and the names of its people: of one who lives alone the number may be the thing corrected."""
        numbers: dict[str, list[str]] = defaultdict(list)
        rows = self._sight.people.filter(pl.col("household_id").is_in(sorted(self._by_home)))
        for home, key, number, name in rows.select("household_id", "key", "number", "name").iter_rows():
            numbers[home] += [one for one in (key or number, name) if one]
        return numbers
