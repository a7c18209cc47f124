"""Whether a finding that is no longer found was looked at and seen to be right (消除的依据), or why nobody can tell."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from fupin_cli.ledger.counterparts import Counterparts, Row, counterparts, grounds_of
from fupin_cli.ledger.facts import RunFacts
from fupin_cli.ledger.sight import PERSONS, Sight, agree
from fupin_cli.ledger.states import UNSEEN
from fupin_cli.ledger.subjects import Subjects
from fupin_cli.ledger.who import HOUSEHOLD, PERSON
from fupin_cli.linkage.persons import REGISTER

VILLAGE, PROJECT = "village", "project"
PLACES = (VILLAGE, "unit")
PERSON_GONE, HOUSEHOLD_GONE = "此人不在台账和监测名单中", "这一户不在台账和监测名单中"
VILLAGE_GONE, TOWN_GONE = "这个村不在台账和名单中", "这个镇不在台账和名单中"
DIVIDED = "原来同一户的人现在不在同一户"
BACKFILLED = "补录的问题，没有逐条核对"
_LAST_YARDSTICK = """
    SELECT yardstick FROM sightings JOIN runs ON runs.id = sightings.run_id
    JOIN yardsticks ON yardsticks.run_id = runs.id AND rule_id = ?
    WHERE finding_key = ? AND withdrawn = '' ORDER BY as_of DESC, runs.id DESC LIMIT 1
"""


@dataclass(frozen=True)
class Reason:
    """Why nobody can tell; ``yardstick``: because another policy value or condition was used."""

    text: str
    yardstick: bool = False


def doubts_about(
    connection: sqlite3.Connection, candidates: Sequence[sqlite3.Row], facts: RunFacts, subjects: Subjects
) -> dict[str, Reason]:
    """Key → why the finding was not seen to be right; not there: it was. ``candidates``: rows of ``findings``."""
    sight, people, homes = facts.sight, subjects.people, subjects.homes
    keys = [row["finding_key"] for row in candidates]
    grounds = grounds_of(connection, candidates, people)
    here = counterparts(sight, [ground for one in grounds.values() for ground in one])
    known = sight.people.filter(pl.col("pid").is_in(sorted(set(people.values()))))
    lives = dict(known.select("pid", "household_id").iter_rows())
    found: dict[str, Reason] = {}
    for row in candidates:
        key, rule = row["finding_key"], row["rule_id"]
        changed = _changed(connection, key, rule, facts.yardsticks)
        curing = sight.cured_by_absence.get(rule, ())
        over = rule in sight.of_school_year and _school_year(row["last_as_of"]) != _school_year(facts.as_of.isoformat())
        mine = [] if over else grounds.get(key, [])
        if row["subject_type"] in (*PLACES, PROJECT):  # the registered person whom it names stands for a place
            mine = [ground for ground in mine if ground.kind not in PERSONS]
        text = changed or _gone(row, people, homes, curing) or _unseen(row, mine, here, sight, curing)
        text = text or _divided(connection, row, lives, people, homes)
        if not text and not mine and row["subject_type"] in PLACES:
            text = _place_gone(row, sight)
        if text:
            found[key] = Reason(text, bool(changed))
    for row in candidates:
        key = row["finding_key"]
        about_others = row["rule_id"] in sight.of_findings and key not in found
        if about_others and (text := _rests_on_lost(connection, row, found, keys)):
            found[key] = Reason(text)
    return found


def _divided(
    connection: sqlite3.Connection,
    row: sqlite3.Row,
    lives: Mapping[int, str | None],
    people: Mapping[int, int],
    homes: Mapping[int, str],
) -> str:
    """Whether people whom it rests on lived in one household when it was last found, and now do not: it was asked of others."""
    query = (
        "SELECT subject_id, value FROM grounds JOIN marks USING (subject_id)"
        " WHERE finding_key = ? AND mark = 'household_id' AND first_as_of <= ? ORDER BY last_as_of, first_as_of"
    )
    then = dict(connection.execute(query, [row["finding_key"], row["last_as_of"]]).fetchall())
    now: dict[str, set[str]] = defaultdict(set)
    for subject, home in then.items():
        now[home].add(lives.get(people.get(subject, -1)) or "")
    if row["subject_type"] == HOUSEHOLD:
        now[row["household_id"]].add(homes.get(row["subject_id"], ""))
    return DIVIDED if any(len(found - {""}) > 1 for found in now.values()) else ""


def _place_gone(row: sqlite3.Row, sight: Sight) -> str:
    """Whether a village or town that rests on no row is named by nothing that the rule reads, and so was not asked about."""
    places = sight.places(row["rule_id"])
    if places is None or not row["town"]:
        return ""
    if row["subject_type"] == VILLAGE:
        return "" if (row["town"], row["village"] or row["name"]) in places else VILLAGE_GONE
    return "" if row["town"] in {town for town, _ in places} else TOWN_GONE


def _rests_on_lost(
    connection: sqlite3.Connection, row: sqlite3.Row, doubts: Mapping[str, Reason], candidates: Collection[str]
) -> str:
    """Whether one of the findings that it was raised for is not found either, and nobody saw that it is right."""
    others = connection.execute(
        "SELECT finding_key, rule_id, title FROM findings WHERE household_id = ? AND household_id <> ''"
        f" AND (present OR state = '{UNSEEN}') AND finding_key NOT IN (SELECT finding_key FROM fired)"
        " ORDER BY rule_id, finding_key",
        [row["household_id"]],
    )
    for key, rule, title in others:
        if rule in row["source_value"] and (key in doubts or key not in candidates):
            return f"它所指的问题（{rule} {title}）这次没有看到"
    return ""


def _school_year(day: str) -> int:
    """The year in which the school year of an ISO date began."""
    return int(day[:4]) - (day[5:7] < "09")


def _changed(connection: sqlite3.Connection, key: str, rule: str, yardsticks: Mapping[str, str]) -> str:
    row = connection.execute(_LAST_YARDSTICK, [rule, key]).fetchone()
    if row is None or rule not in yardsticks or row[0] == yardsticks[rule]:
        return ""
    before, now = json.loads(row[0]), json.loads(yardsticks[rule])
    if before["version"] != now["version"]:
        return f"规则{rule}的条件变了（第{before['version']}版改为第{now['version']}版）"
    old, new = before["policy"], now["policy"]
    changes = [
        f"{name}由{json.dumps(old[name], ensure_ascii=False)}改为{json.dumps(new[name], ensure_ascii=False)}"
        for name in sorted(old.keys() & new.keys()) if old[name] != new[name]
    ]  # fmt: skip
    return f"政策参数变了：{'，'.join(changes)}" if changes else ""


def _gone(row: sqlite3.Row, people: Mapping[int, int], homes: Mapping[int, str], curing: Collection[str]) -> str:
    """Whether its person or household is nowhere; where leaving the register is the cure, that is for its records to say."""
    subject = row["subject_id"]
    if subject is None or (REGISTER in curing and row["subject_type"] == PERSON):
        return ""
    if row["subject_type"] == HOUSEHOLD:
        return "" if subject in homes else HOUSEHOLD_GONE
    return "" if subject in people else PERSON_GONE


def _unseen(
    row: sqlite3.Row, grounds: Sequence[Row], here: Mapping[str, Counterparts], sight: Sight, curing: Collection[str]
) -> str:
    """Whether a record that the finding rested on is not there, or cannot be read."""
    left: dict[str, int] = defaultdict(int)
    gone: list[Row] = []
    taken: set[int] = set()  # a row is the counterpart of one
    for ground in grounds:
        same = [one for one in here[ground.kind].of(ground) if agree(ground.occasion, one.occasion)]
        linked = [one for one in same if ground.pid is None or one.pid == ground.pid]
        free = [one for one in linked if id(one) not in taken]
        whole = [one for one in free if ground.filled <= one.filled and ground.occasion.keys() <= one.occasion.keys()]
        title = sight.titles.get(ground.kind, ground.kind)
        if whole:
            taken.add(id(whole[0]))
            left[ground.kind] += 1
        if whole and len(linked) >= ground.among:
            continue
        if same and not linked:
            return f"{title}中这条记录认不出是谁的"
        if free and not whole:
            lost = sorted((ground.filled - free[0].filled) | (ground.occasion.keys() - free[0].occasion.keys()))
            names = "、".join(sight.titles.get(f"{ground.kind}/{name}", name) for name in lost)
            return f"{title}中这条记录的{names}读不出来"
        if ground.kind in curing:
            gone.append(ground)
        else:
            return f"{title}中没有这条记录"
    for ground in gone:
        title = sight.titles.get(ground.kind, ground.kind)
        if ground.kind in sight.events and not left[ground.kind]:
            return f"{title}中没有这条记录"
        strays = sight.strays.get(ground.kind, ())
        if here[ground.kind].may_hide(ground) or any(_may_be_of(row["town"], cells, sight.towns) for cells in strays):
            return f"{title}有认不出是谁的行或隔离行，可能就是这条记录"
    return ""


def _may_be_of(town: str, cells: Iterable[str], towns: Collection[str]) -> bool:
    """Whether a row that was set aside may be about somebody of a town: it names this one, or none."""
    named = {one for one in towns for cell in cells if one in cell}
    return not town or not named or town in named
