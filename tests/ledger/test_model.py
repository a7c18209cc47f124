"""Months of true changes and of harmless ones against a plain model of what really happened.

Every problem has one history; nothing is closed that is still there, or that nobody looked at; nothing stays open that was
seen to be right.
"""

from __future__ import annotations

import copy
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from fupin_cli.errors import FupinError
from fupin_cli.ledger.actions import Change, apply_changes
from fupin_cli.ledger.backups import FOLDER, KEPT
from fupin_cli.ledger.query import ledger_table
from fupin_cli.ledger.states import CLOSED, CONFIRMED, REPORTED, UNSEEN, WAITING
from fupin_cli.ledger.undo import undo_run
from fupin_cli.ledger.update import update_ledger
from tests.ledger.district import BILLS, HOUSES, INSURED, ROLL, District, Faults, Month, Problem

HOMES, MEMBERS = 4, 3
PEOPLE = st.integers(0, HOMES * MEMBERS - 1)
HOUSEHOLDS = st.integers(0, HOMES - 1)
DAYS = st.sampled_from(("2020-03-05", "2020-04-11", "2020-05-23"))
GONE = (WAITING, CLOSED)


@dataclass
class Looked:
    """What was true when a run looked, and which problems it could see to be right."""

    month: Month
    open: set[Problem]
    fired: set[Problem]


class Year(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.ledger = Path(self.folder.name) / "整改台账.db"
        self.district, self.faults = District.of(HOMES, MEMBERS), Faults()
        self.day = date(2020, 2, 1)
        self.keys: dict[Problem, str] = {}
        self.runs: list[Looked] = []
        self.before: list[dict[str, dict[str, Any]]] = []
        self.answered: list[set[str]] = [set()]
        self.dates_matter = False

    def teardown(self) -> None:
        self.folder.cleanup()

    # What really happens.

    @rule(uid=PEOPLE)
    def leaves_or_enters_school(self, uid: int) -> None:
        self.district.enrolled ^= {uid}

    @rule(uid=PEOPLE)
    def is_insured_twice_or_no_more(self, uid: int) -> None:
        self.district.twice ^= {uid}

    @rule(uid=PEOPLE, day=DAYS)
    def bill_is_wrong_or_put_right(self, uid: int, day: str) -> None:
        self.district.bills[uid, day] = not self.district.bills.get((uid, day), False)
        self.dates_matter = True

    @rule(home=HOUSEHOLDS)
    def house_is_bad_or_mended(self, home: int) -> None:
        self.district.bad_homes ^= {home}

    # What changes on paper only.

    @rule()
    def persons_are_renumbered(self) -> None:
        for person in self.district.persons.values():
            person.person_no = f"N{(person.uid * 7 + 3) % 12:02}{person.person_no[:1]}"

    @rule()
    def households_are_renumbered(self) -> None:
        ids = self.district.home_ids
        self.district.home_ids = {home: ids[(home + 1) % len(ids)] for home in ids}

    @rule(uid=PEOPLE, place=st.sampled_from((("灵山镇", "东营村"), ("三江镇", "西营村"), ("演丰镇", "北排村"))))
    def moves(self, uid: int, place: tuple[str, str]) -> None:
        self.district.persons[uid].place = place

    @rule(uid=PEOPLE)
    def number_is_mistyped_or_corrected(self, uid: int) -> None:
        from tests.ledger.district import number

        person, right = self.district.persons[uid], number(uid)
        wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
        person.number = wrong if person.number == right else right

    @rule(home=HOUSEHOLDS)
    @precondition(lambda self: len(self.district.home_ids) < HOMES + 2)
    def household_is_split(self, home: int) -> None:
        members = sorted(uid for uid, one in self.district.persons.items() if one.home == home)
        if len(members) > 2:
            new = max(self.district.home_ids) + 1
            self.district.home_ids[new] = f"S{new:03}"
            self.district.persons[members[-1]].home = new

    # What is wrong with the next month's lists.

    # Of a list that people are missed in, or that they leave when they are put right, a lost row looks like the truth.

    @rule(uid=PEOPLE, kind=st.sampled_from((BILLS, HOUSES)))
    def row_is_lost(self, uid: int, kind: str) -> None:
        self.faults.rows.add((kind, uid))

    @rule(uid=PEOPLE, kind=st.sampled_from((BILLS, INSURED, HOUSES)))
    def row_has_no_number(self, uid: int, kind: str) -> None:
        self.faults.nameless.add((kind, uid))

    @rule(uid=PEOPLE)
    def person_is_left_out(self, uid: int) -> None:
        self.faults.gone.add(uid)

    @rule(column=st.sampled_from(("person_no", "town", "village", "household_id", "admitted_on")))
    def column_is_lost(self, column: str) -> None:
        self.faults.columns.add(column)

    @rule(kind=st.sampled_from((ROLL, BILLS, INSURED, HOUSES)))
    def list_does_not_come(self, kind: str) -> None:
        self.faults.absent.add(kind)

    @rule(rate=st.sampled_from((0.9, 0.8)))
    def policy_is_set(self, rate: float) -> None:
        self.district.policy = rate

    # What people and the office do.

    @rule(place=st.integers(0, 100), state=st.sampled_from((CONFIRMED, REPORTED)))
    @precondition(lambda self: self.keys)
    def unit_answers(self, place: int, state: str) -> None:
        key = sorted(self.keys.values())[place % len(self.keys)]
        if self.table().get(key, {}).get("state") == WAITING and state == CONFIRMED:
            return  # somebody who says that the data are wrong is right
        fields = {"done_on": self.day.isoformat()} if state == REPORTED else {}
        apply_changes(self.ledger, [Change(key, state, fields)], who="单位", at=f"{self.day}T12:00:00")
        self.answered[-1].add(key)

    @rule()
    def month_is_compared(self) -> None:
        if self.dates_matter:  # of bills of one person without dates nobody can tell the new one from the old one
            self.faults.columns.discard("admitted_on")
        self.day += timedelta(days=30)
        month = Month(copy.deepcopy(self.district), self.faults, self.day)
        hidden = self.faults.gone or any(kind == BILLS for kind, _ in self.faults.rows | self.faults.nameless)
        if not hidden and BILLS not in self.faults.absent and "admitted_on" not in self.faults.columns:
            self.dates_matter = self.district.policy < 0.9
        self.faults = Faults(order=self.day.toordinal())
        before = self.table()
        update = update_ledger(self.ledger, month.facts(), f"{self.day}T09:00:00")
        fired = {problem: update.keys.get(raw, raw) for raw, problem in month.problems.items()}
        for problem, key in fired.items():
            assert self.keys.setdefault(problem, key) == key, f"{problem} has another history"
        assert len(set(self.keys.values())) == len(self.keys), "one history for two problems"
        self.before.append(before)
        self.answered.append(set())
        self.runs.append(Looked(month, month.district.open(), set(fired)))
        self._judge(before)

    @rule()
    @precondition(lambda self: self.runs)
    def month_is_compared_again(self) -> None:
        held = self.table()
        assert update_ledger(self.ledger, self.runs[-1].month.facts(), f"{self.day}T10:00:00").repeated
        assert self.table() == held

    @rule()
    @precondition(lambda self: self.runs)
    def run_is_taken_back(self) -> None:
        try:
            undo_run(self.ledger, reason="试", who="张三", at=f"{self.day}T18:00:00")
        except FupinError:
            assert len(list((self.ledger.parent / FOLDER).iterdir())) == KEPT
            return
        self.runs.pop()
        before, now = self.before.pop(), self.table()
        assert now.keys() == before.keys()
        answered = self.answered.pop()
        self.answered[-1] |= answered
        for key in now.keys() - answered:
            assert now[key] == before[key]
        self.dates_matter = True

    def table(self) -> dict[str, dict[str, Any]]:
        if not self.ledger.exists():
            return {}
        return {row["finding_key"]: row for row in ledger_table(self.ledger).iter_rows(named=True)}

    def _judge(self, before: dict[str, dict[str, Any]]) -> None:
        looked, now = self.runs[-1], self.table()
        assert set(now) <= set(self.keys.values())
        for problem, key in self.keys.items():
            if key not in now:
                continue
            state = now[key]["state"]
            was = before.get(key, {}).get("state", "")
            if problem in looked.fired:
                assert state not in (*GONE, UNSEEN), (problem, state)
            elif problem in looked.open:
                assert state not in GONE or state == was, (problem, was, state, "is still there")
            elif (right := looked.month.seen_right(problem)) and self._measured_alike(problem):
                assert state in GONE, (problem, state, now[key]["unseen_because"], "was seen to be right")
            elif right is not None:
                assert state not in GONE or state == was, (problem, was, state, "nobody looked")

    def _measured_alike(self, problem: Problem) -> bool:
        """Whether the rule measured by the same when it last found the problem."""
        last = [run for run in self.runs if problem in run.fired]
        return problem[0] != "R" or last[-1].month.district.policy == self.runs[-1].month.district.policy


def test_ledger_agrees_with_what_really_happened(pytestconfig: pytest.Config) -> None:
    years = int(pytestconfig.getoption("--years"))
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Year,
        settings=settings(
            max_examples=years, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
