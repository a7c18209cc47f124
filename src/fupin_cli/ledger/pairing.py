"""Which finding of a run is which problem of the ledger (对应): by subject and rule, of several by occasion and content.

Never by position, and by the key only where nothing else tells two apart.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import count

import polars as pl

from fupin_cli.findings import short_hash
from fupin_cli.ledger.sight import PERSONS, Sight, agree, occasion_of
from fupin_cli.ledger.who import HOUSEHOLD, PERSON

RECORD = "record"
CONTENT = ("title", "register_value", "source_value", "detail", "severity")


@dataclass(frozen=True)
class Problem:
    """A finding of the ledger or of a run, as far as it can be told from others of its rule.

    ``whose``: the person (``pid``) or household (户编号) of this run that it is about, ``None`` where there is none or it was
    not found; ``kind``, ``occasion``: of the record that it is about; ``on_lists``: of a household, who the rows of lists are
    about that it rests on.
    """

    key: str
    rule: str
    type: str
    whose: int | str | None
    about: Mapping[str, str]
    content: tuple[str, ...]
    kind: str = ""
    occasion: Mapping[str, str] | None = None
    on_lists: frozenset[int] = frozenset()


def pair(known: Iterable[Problem], found: Iterable[Problem]) -> dict[str, str]:
    """Key of a finding of the run → key of the problem in the ledger, for those the ledger has.

    First among those about one subject; then, where one side does not know whom it is about, by name, number and place, or of
    households that were divided by whom the lists name.
    """
    known, found = list(known), list(found)
    paired: dict[str, str] = {}
    for by_subject in (True, False):
        taken = set(paired.values())
        groups: dict[tuple[object, ...], tuple[list[Problem], list[Problem]]] = defaultdict(lambda: ([], []))
        for side, problems in enumerate((known, found)):
            for problem in problems:
                if problem.key not in (paired if side else taken):
                    whose = problem.whose if by_subject else None
                    groups[problem.rule, problem.type, whose][side].append(problem)
        for ours, theirs in groups.values():
            if ours and theirs:
                paired |= _pair_group(ours, theirs)
    return paired


def _pair_group(known: list[Problem], found: list[Problem]) -> dict[str, str]:
    paired = _equal(known, found)
    taken = set(paired.values())
    nameless = any(not (one.about["name"] or one.about["id_number"]) for one in (*known, *found))
    by = ("id_number", "name", *(("village",) if nameless else ()))  # a village is many people's
    places: dict[tuple[str, object], list[Problem]] = defaultdict(list)
    for problem in known:
        if problem.key not in taken:
            for clue in _clues(problem, by):
                places[clue].append(problem)
    scored = []
    for one in found:
        if one.key not in paired:
            others = {other.key: other for clue in _clues(one, by) for other in places.get(clue, ())}
            scored += [(_likeness(one, other), one.key, other.key) for other in others.values() if _may_be(one, other)]
    for _, key, theirs in sorted(scored, key=lambda row: ([-point for point in row[0]], *row[1:])):
        if key not in paired and theirs not in taken:
            paired[key] = theirs
            taken.add(theirs)
    return paired


def _equal(known: list[Problem], found: list[Problem]) -> dict[str, str]:
    """Those that say the very same under the same key."""
    same = {(one.key, one.content, tuple(one.about.items())): one.key for one in known}
    return {
        one.key: key for one in found if (key := same.get((one.key, one.content, tuple(one.about.items())))) is not None
    }


def _clues(problem: Problem, by: Collection[str]) -> list[tuple[str, object]]:
    """What two that are one have in common: the subject, the people, or one of ``by``."""
    about = [(name, problem.about[name]) for name in by if problem.about[name]]
    people = [("on_lists", pid) for pid in problem.on_lists]
    return [*about, *people, *([("whose", problem.whose)] if problem.whose is not None else [])]


def _may_be(one: Problem, other: Problem) -> bool:
    if one.kind and other.kind and one.kind != other.kind:
        return False
    if one.occasion is not None and other.occasion is not None and not agree(one.occasion, other.occasion):
        return False
    if one.whose is not None and other.whose is not None:
        return one.whose == other.whose or bool(one.on_lists & other.on_lists)
    if one.about["id_number"] and one.about["id_number"] == other.about["id_number"]:
        return True
    return all(not value or other.about[name] in ("", value) for name, value in one.about.items())


def _likeness(one: Problem, other: Problem) -> tuple[int, ...]:
    mine, theirs = one.occasion or {}, other.occasion or {}
    return (
        sum(value == theirs.get(name) for name, value in mine.items()),
        int(one.content[0] == other.content[0]),
        sum(a == b for a, b in zip(one.content, other.content, strict=True)),
        int(one.key == other.key),
    )


def problems_of_ledger(
    connection: sqlite3.Connection, people: Mapping[int, int], homes: Mapping[int, str]
) -> list[Problem]:
    """Every problem that runs have raised; ``people``, ``homes``: subject → who it is in this run."""
    own = {
        row["finding_key"]: (row["kind"], row["occasion"])
        for row in connection.execute("SELECT finding_key, kind, occasion FROM grounds WHERE own")
    }
    on_lists: dict[str, set[int]] = defaultdict(set)
    query = "SELECT finding_key, kind, subject_id FROM grounds WHERE subject_id IS NOT NULL"
    for key, kind, subject in connection.execute(query):
        if kind not in PERSONS and subject in people:
            on_lists[key].add(people[subject])
    problems = []
    for row in connection.execute("SELECT * FROM findings WHERE origin = '比对'"):
        whose = (homes if row["subject_type"] == HOUSEHOLD else people).get(row["subject_id"])
        kind, occasion = own.get(row["finding_key"], ("", ""))
        problems.append(_problem(dict(row), whose, kind, occasion, on_lists.get(row["finding_key"], ())))
    return problems


def problems_of_run(findings: pl.DataFrame, sight: Sight) -> list[Problem]:
    """The findings of a run."""
    own = {row["finding_key"]: row for row in sight.grounds.filter("own").iter_rows(named=True)}
    listed = sight.grounds.filter(~pl.col("kind").is_in(PERSONS) & pl.col("pid").is_not_null())
    on_lists = dict(listed.group_by("finding_key").agg("pid").iter_rows())
    nothing = {"pid": None, "kind": "", "occasion": ""}
    problems = []
    for row in findings.iter_rows(named=True):
        ground = own.get(row["finding_key"], nothing)
        whose: int | str | None = None
        if row["subject_type"] == HOUSEHOLD:
            whose = row["household_id"] or None
        elif row["subject_type"] in (PERSON, RECORD):
            whose = ground["pid"]
        people = on_lists.get(row["finding_key"], ())
        problems.append(_problem(row, whose, ground["kind"], ground["occasion"], people))
    return problems


def _problem(
    row: Mapping[str, str], whose: int | str | None, kind: str, occasion: str, people: Iterable[int]
) -> Problem:
    is_record = row["subject_type"] == RECORD
    return Problem(
        row["finding_key"], row["rule_id"], row["subject_type"], whose,
        {name: row[name] for name in ("id_number", "name", "town", "village")}, tuple(row[name] for name in CONTENT),
        kind if is_record else "", occasion_of(occasion) if is_record and kind else None,
        frozenset(people) if row["subject_type"] == HOUSEHOLD else frozenset(),
    )  # fmt: skip


def fresh_keys(keys: Iterable[str], taken: set[str]) -> dict[str, str]:
    """Key → itself, or where the ledger has it for another problem (a number given anew) one that is free."""
    free = {}
    for key in keys:
        tries = (key if n == 0 else short_hash(f"{key}/{n}") for n in count())
        free[key] = next(one for one in tries if one not in taken)
        taken.add(free[key])
    return free
