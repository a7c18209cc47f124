"""Small ledgers: one office, a few findings, runs by date."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

import polars as pl

from fupin_cli.ledger.actions import Applied, Change, apply_changes
from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.ledger.facts import FACTS, RunFacts
from fupin_cli.ledger.query import events_of, ledger_table
from fupin_cli.ledger.sight import GROUND_SCHEMA, PEOPLE_SCHEMA, ROW_SCHEMA, Sight
from fupin_cli.ledger.states import CLOSED, CONFIRMED, DISMISSED, REPORTED, UNSEEN
from fupin_cli.ledger.update import Update, update_ledger

AT = "2020-07-01T09:00:00"
ROLL = "education.enrolment"
DEFAULTS = {
    "rule_id": "EDU-01", "category": "义务教育", "severity": "严重", "subject_type": "person", "household_id": "H1",
    "person_no": "P1", "name": "陈一", "id_number": "460108201005051011", "town": "灵山镇", "village": "东营村",
    "owner": "区教育局", "title": "义务教育适龄人口无学籍", "detail": "陈一没有学籍。", "register_value": "在校生状况：小学",
    "source_value": "学籍：无记录", "basis": "工作要点 三（二）1", "evidence": "台账.xlsx!表!2",
}  # fmt: skip


def finding(key: str = "a", **values: str) -> dict[str, str]:
    """One row of ``findings.csv`` with defaults, of a person of its own; ``sources`` are the kinds of its evidence."""
    own = {} if key == "a" else {
        "person_no": f"P1{key}", "name": f"陈{key}", "household_id": f"H1{key}",
        "id_number": f"4601082010{crc32(key.encode()) % 10**8:08}",
    }  # fmt: skip
    return {"finding_key": key, **DEFAULTS, "sources": f"{ROLL} register.persons", **own, **values}


def facts(
    as_of: str,
    *findings: dict[str, str],
    checked: dict[tuple[str, str], bool] | None = None,
    arrived: tuple[str, ...] = (ROLL, "register.persons"),
    **more: Any,
) -> RunFacts:
    """``checked``: (rule, town) → whether it was; EDU-01 in the whole district by default."""
    table = pl.DataFrame(list(findings), schema={name: pl.String for name in FACTS})
    coverage = {("EDU-01", ""): True} | (checked or {})
    rows = tuple((rule, town, yes) for (rule, town), yes in coverage.items())
    return RunFacts(date.fromisoformat(as_of), table, rows, frozenset(arrived), **more)


def lose(office: Office, key: str, because: str = "学籍名单没有来", *, yardstick: bool = False) -> None:
    """The finding fires no more and nobody can see why not (证据不在); ``yardstick``: because a parameter changed."""
    with open_ledger(office.path) as connection, transaction(connection):
        connection.execute(
            "UPDATE findings SET state_before = state, state = ?, unseen_because = ?, yardstick_changed = ?"
            " WHERE finding_key = ?",
            (UNSEEN, because, int(yardstick), key),
        )


class Office:
    """A ledger and what happens to it. Whoever was ever named in a finding is in the register and on every list afterwards."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "整改台账.db"
        self.persons: dict[str, dict[str, str]] = {}

    def run(self, as_of: str, *findings: dict[str, str], backfill: bool = False, **more: Any) -> Update:
        self.persons |= {one["person_no"]: one for one in findings if one["person_no"]}
        more = {"sight": self.sight(*findings)} | more
        return update_ledger(self.path, facts(as_of, *findings, **more), f"{as_of}T10:00:00", backfill=backfill)

    def sight(self, *findings: dict[str, str], without: tuple[str, ...] = ()) -> Sight:
        """Everybody known, but for those of these 人编号; each finding rests on a row of each of its lists."""
        pids = {number: place for place, number in enumerate(sorted(self.persons)) if number not in without}
        people = [_person(self.persons[number], pid) for number, pid in pids.items()]
        rows = [_row(self.persons[number], pid) for number, pid in pids.items()]
        grounds = [
            {**_row(one, pids[one["person_no"]]), "finding_key": one["finding_key"], "nth": nth, "own": not nth, "kind": kind}
            for one in findings if one["person_no"] in pids
            for nth, kind in enumerate(sorted(one["sources"].split(), reverse=True))
        ]  # fmt: skip
        return Sight(
            pl.DataFrame(people, schema=PEOPLE_SCHEMA), pl.DataFrame(grounds, schema=GROUND_SCHEMA),
            lambda _: pl.LazyFrame(rows, schema=ROW_SCHEMA),
        )  # fmt: skip

    def row(self, key: str = "a") -> dict[str, Any]:
        return ledger_table(self.path).filter(pl.col("finding_key") == key).row(0, named=True)

    def state(self, key: str = "a") -> str:
        return str(self.row(key)["state"])

    def told(self, key: str = "a") -> list[tuple[str, str, str]]:
        return events_of(self.path, key).select("event", "old", "new").rows()

    def change(self, key: str, state: str | None, note: str = "", **fields: str) -> Applied:
        return apply_changes(self.path, [Change(key, state, fields, note)], who="李四", at=AT, file="回填.xlsx")

    def confirm(self, key: str = "a") -> Applied:
        return self.change(key, CONFIRMED, measure="劝返复学", person_in_charge="王五", due_on="2020-08-31")

    def report(self, key: str = "a") -> Applied:
        return self.change(key, REPORTED, done_on="2020-07-20", reported_by="王五")

    def dismiss(self, key: str = "a", until: str = "") -> Applied:
        fields = {"dismiss_reason": "在外省就读", "dismiss_evidence": "学籍证明", "dismissed_until": until}
        return self.change(key, DISMISSED, **fields)

    def close(self, key: str = "a") -> Applied:
        return self.change(key, CLOSED, close_evidence="学籍截图", approver="张三")

    def dump(self) -> list[str]:
        """Everything in the file, for "nothing changed"."""
        with open_ledger(self.path) as connection:
            return list(connection.iterdump())


def _row(finding: dict[str, str], pid: int) -> dict[str, Any]:
    who = {name: finding[name] for name in ("name", "household_id", "town", "village")}
    return {"rid": pid, "pid": pid, **who, "number": finding["id_number"], "occasion": "", "filled": ""}


def _person(finding: dict[str, str], pid: int) -> dict[str, Any]:
    number = finding["id_number"]
    who = {name: finding[name] for name in ("name", "person_no", "household_id", "town", "village")}
    return {**dict.fromkeys(PEOPLE_SCHEMA), **who, "rid": pid, "pid": pid, "key": number, "number": number}
