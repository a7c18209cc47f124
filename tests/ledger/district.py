"""A very small district whose truth is known: who is who, what is wrong with whom, and what each month's lists show of it.

Four rules stand for all: ``P`` a person missing from a list, ``R`` a record with a wrong value, ``D`` a person twice in a list
(leaving it is the cure), ``H`` a household with a bad grade.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from stdnum.cn.ric import calc_check_digit

from fupin_cli.fields.resident_id import parse_id
from fupin_cli.ledger.facts import FACTS, RunFacts
from fupin_cli.ledger.sight import GROUND_SCHEMA, ROW_SCHEMA, Sight
from fupin_cli.linkage.identities import identities

REGISTER, ROLL, BILLS, INSURED, HOUSES = (
    "register.persons", "education.enrolment", "health.inpatient", "health.insurance", "housing.appraisals",
)  # fmt: skip
KINDS = (REGISTER, ROLL, BILLS, INSURED, HOUSES)
READ = {REGISTER: {"id_number"}, BILLS: {"self_paid"}, HOUSES: {"grade"}}
Problem = tuple[str, int, str]  # rule, person or household, occasion


def number(uid: int) -> str:
    body = f"46010819{80 + uid % 20}0{1 + uid % 9}1{uid % 10}{100 + uid:03}"
    return body + calc_check_digit(body + "0")


@dataclass
class Person:
    """Somebody as the lists write him now; ``uid`` never changes."""

    uid: int
    home: int
    name: str
    number: str
    person_no: str
    place: tuple[str, str] = ("灵山镇", "东营村")


@dataclass
class District:
    """The truth. ``bills``: (person, date) → whether it is wrong; ``bad_homes``: graded C, of those that were graded."""

    persons: dict[int, Person] = field(default_factory=dict)
    home_ids: dict[int, str] = field(default_factory=dict)
    enrolled: set[int] = field(default_factory=set)
    twice: set[int] = field(default_factory=set)
    bills: dict[tuple[int, str], bool] = field(default_factory=dict)
    bad_homes: set[int] = field(default_factory=set)
    policy: float = 0.9

    @classmethod
    def of(cls, homes: int, members: int) -> District:
        found = cls()
        for uid in range(homes * members):
            home = uid // members
            found.home_ids[home] = f"H{home:03}"
            name = f"{'陈王李张林黄吴符'[uid % 8]}{'一二三四五六七八九十'[uid // 8 % 10]}{'明华'[uid // 80]}"
            found.persons[uid] = Person(uid, home, name, number(uid), f"P{uid:04}")
        found.enrolled = set(found.persons)
        return found

    def open(self) -> set[Problem]:
        """What is wrong, whoever sees it."""
        return (
            {("P", uid, "") for uid in self.persons if uid not in self.enrolled}
            | {("D", uid, "") for uid in self.twice}
            | {("R", uid, day) for (uid, day), wrong in self.bills.items() if wrong}
            | {("H", home, "") for home in self.bad_homes}
        )


@dataclass
class Faults:
    """What is wrong with a month's lists, not with the people: rows that did not come, by list and person (or household),
    people missing from the register, columns nobody exported, lists without anything."""

    rows: set[tuple[str, int]] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    nameless: set[tuple[str, int]] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    order: int = 0


def head(district: District, home: int) -> int:
    return min(uid for uid, person in district.persons.items() if person.home == home)


class Month:
    """The lists of one month, what the rules find in them, and what they could not have missed (``seen_right``)."""

    def __init__(self, district: District, faults: Faults, as_of: date) -> None:
        self.district, self.faults, self.as_of = district, faults, as_of
        shuffled = random.Random(faults.order)
        people = [one for one in district.persons.values() if one.uid not in faults.gone]
        shuffled.shuffle(people)
        self.pids = {one.uid: place for place, one in enumerate(people)}
        self.rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
        for one in people:
            self._add(REGISTER, one.uid, {}, {"id_number"} if parse_id(one.number).key else set())
        for uid in sorted(district.persons):
            if uid in district.enrolled:
                self._add(ROLL, uid, {}, set())
            for _ in range(1 + (uid in district.twice)):
                self._add(INSURED, uid, {}, set())
            for owner, day in sorted(district.bills):
                if owner == uid:
                    occasion = {} if "admitted_on" in faults.columns else {"admitted_on": day}
                    self._add(BILLS, uid, occasion, {"self_paid"}, what=day)
        for home in sorted(district.home_ids):
            self._add(HOUSES, head(district, home), {}, {"grade"})
        self.problems: dict[str, Problem] = {}
        self.found: list[dict[str, str]] = []
        self.grounds: list[dict[str, Any]] = []
        self._find()

    def _add(self, kind: str, uid: int, occasion: dict[str, str], filled: set[str], what: str = "") -> None:
        if (kind, uid) in self.faults.rows:
            return
        one, nameless = self.district.persons[uid], (kind, uid) in self.faults.nameless
        town, village = one.place
        shown = {
            "name": one.name, "number": None if nameless else one.number, "town": town, "village": village,
            "household_id": self.district.home_ids[one.home],
        }  # fmt: skip
        self.rows[kind].append({
            "rid": len(self.rows[kind]) * len(KINDS) + KINDS.index(kind), "uid": uid, "what": what,
            "pid": None if nameless else self.pids.get(uid),
            **{name: None if name in self.faults.columns and kind != REGISTER else value for name, value in shown.items()},
            "occasion": "\t".join(f"{name}={value}" for name, value in occasion.items()), "filled": " ".join(sorted(filled)),
        })  # fmt: skip

    def _of(self, kind: str, uid: int) -> list[dict[str, Any]]:
        return [row for row in self.rows[kind] if row["uid"] == uid and row["pid"] is not None]

    def _find(self) -> None:
        district = self.district
        for uid in self.pids:
            (own,) = self._of(REGISTER, uid) or [None]
            if own is None:
                continue
            if own["filled"] and ROLL not in self.faults.absent and not self._of(ROLL, uid):
                self._raise(("P", uid, ""), uid, [own])
            if INSURED not in self.faults.absent and len(rows := self._of(INSURED, uid)) > 1:
                self._raise(("D", uid, ""), uid, [own, *rows])
            for row in self._of(BILLS, uid) if BILLS not in self.faults.absent else ():
                if district.bills[uid, row["what"]] and district.policy >= 0.9:
                    self._raise(("R", uid, row["what"]), uid, [row])
        for home in district.bad_homes:
            uid = head(district, home)
            rows = [*self._of(REGISTER, uid), *self._of(HOUSES, uid)]
            if len(rows) == 2 and HOUSES not in self.faults.absent:
                self._raise(("H", home, ""), uid, rows)

    def _raise(self, problem: Problem, uid: int, rows: Iterable[dict[str, Any]]) -> None:
        rule, _, what = problem
        one = self.district.persons[uid]
        person_no = "" if "person_no" in self.faults.columns else one.person_no
        kind = {"R": "record", "H": "household"}.get(rule, "person")
        occasion = "" if "admitted_on" in self.faults.columns else what
        home = self.district.home_ids[one.home]
        key = f"{rule}|{home if kind == 'household' else person_no or one.number}|{occasion}"
        same = sum(raw.rpartition("#")[0] == key for raw in self.problems)
        key = f"{key}#{same + 1}"
        self.problems[key] = problem
        town, village = one.place
        self.found.append({
            **dict.fromkeys(FACTS, ""), "finding_key": key, "rule_id": rule, "category": "义务教育", "severity": "严重",
            "subject_type": kind, "household_id": home, "person_no": "" if kind == "household" else person_no,
            "name": one.name, "id_number": one.number, "town": town, "village": village, "owner": "区教育局", "title": rule,
            "detail": f"{one.name}{what[-2:]}", "source_value": what[-2:], "sources": " ".join(sorted(self._sources(rule))),
        })  # fmt: skip
        for nth, row in enumerate(rows):
            kind = KINDS[row["rid"] % len(KINDS)]
            alike = [(other["pid"], other["occasion"]) for other in self.rows[kind]]
            self.grounds.append({
                **row, "finding_key": key, "nth": nth, "own": nth == 0, "kind": kind,
                "among": alike.count((row["pid"], row["occasion"])),
                "filled": " ".join(sorted(set(row["filled"].split()) & READ.get(kind, set()))),
            })  # fmt: skip

    @staticmethod
    def _sources(rule: str) -> set[str]:
        return {REGISTER, *{"P": (), "D": (INSURED,), "R": (BILLS,), "H": (HOUSES,)}[rule]}

    def seen_right(self, problem: Problem) -> bool | None:
        """Whether the month shows what the problem is about, and that it is no longer there; ``None``: it may be said so, or
        not, since the number of somebody cannot be read."""
        rule, which, what = problem
        if problem in self.district.open() or self._needs(rule) & self.faults.absent:
            return False
        uid = head(self.district, which) if rule == "H" else which
        if uid not in self.pids:
            return False
        if rule == "R":
            return "admitted_on" not in self.faults.columns and any(row["what"] == what for row in self._of(BILLS, uid))
        if (rule == "H" and not self._of(HOUSES, uid)) or (rule == "D" and not self._of(INSURED, uid)):
            return False
        return True if self._of(REGISTER, uid)[0]["filled"] else None

    @staticmethod
    def _needs(rule: str) -> set[str]:
        return {{"P": ROLL, "D": INSURED, "R": BILLS, "H": HOUSES}[rule]}

    def facts(self) -> RunFacts:
        """The month as the ledger is told of it."""
        registered = [row for row in self.rows[REGISTER] if row["pid"] is not None]
        numbers = [parse_id(row["number"]) for row in registered]
        persons = [self.district.persons[row["uid"]] for row in registered]
        names = ("rid", "pid", "name", "household_id", "town", "village")
        table = pl.DataFrame(
            [
                {
                    **{name: row[name] for name in names}, "id_number": said.text, "id_number_key": said.key,
                    "id_number_status": said.status, "birth": said.birth,
                    "person_no": None if "person_no" in self.faults.columns else one.person_no,
                }
                for row, said, one in zip(registered, numbers, persons, strict=True)
            ],
            schema={**dict.fromkeys((*names, "id_number", "id_number_key", "id_number_status", "person_no"), pl.String),
                    "rid": pl.Int64, "pid": pl.Int64, "birth": pl.Int64},
        )  # fmt: skip
        schema = {name: GROUND_SCHEMA[name] for name in GROUND_SCHEMA}
        grounds = pl.DataFrame([{name: row[name] for name in schema} for row in self.grounds], schema=schema)
        rows = {
            kind: pl.LazyFrame([{name: row[name] for name in ROW_SCHEMA} for row in found], schema=ROW_SCHEMA)
            for kind, found in self.rows.items()
        }
        absent = self.faults.absent
        coverage = tuple((rule, "", not self._needs(rule) & absent) for rule in "PDRH")
        sight = Sight(
            identities(table.lazy(), REGISTER, "pid", "person_no"), grounds, rows.__getitem__,
            cured_by_absence={"D": (INSURED,)}, events=frozenset({BILLS}),
        )  # fmt: skip
        found = pl.DataFrame(self.found, schema={name: pl.String for name in FACTS})
        yardsticks = {rule: f'{{"version": 1, "policy": {{"rate": {self.district.policy}}}}}' for rule in "R"}
        arrived = frozenset(kind for kind in KINDS if kind not in absent)
        return RunFacts(self.as_of, found, coverage, arrived, sight=sight, yardsticks=yardsticks)
