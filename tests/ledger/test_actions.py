"""What people may do to a finding, and what is kept of it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from fupin_cli.ledger.actions import Change, apply_changes, undo_closing
from fupin_cli.ledger.query import events_of
from fupin_cli.ledger.states import (
    BY_PEOPLE,
    CLOSED,
    CONFIRMED,
    DISMISSED,
    NEW,
    RELAPSED,
    REPORTED,
    STATES,
    UNSEEN,
    WAITING,
    WHEN_CLEARED,
    next_step,
)  # fmt: skip
from tests.ledger.ledgers import AT, Office, finding

LEDGER = Path(__file__).parents[2] / "docs" / "ledger.md"


@pytest.fixture
def found(office: Office) -> Office:
    office.run("2020-06-30", finding("a"), finding("b"))
    return office


def test_every_change_is_an_event_with_who_when_and_from_where(found: Office) -> None:
    assert found.confirm().taken == ("a",)
    events = events_of(found.path, "a").to_dicts()[1:]
    assert [(event["event"], event["old"], event["new"]) for event in events] == [
        ("整改措施", "", "劝返复学"),
        ("责任人", "", "王五"),
        ("完成时限", "", "2020-08-31"),
        ("认定属实", NEW, CONFIRMED),
    ]
    assert {(event["who"], event["at"], event["file"]) for event in events} == {("李四", AT, "回填.xlsx")}


def test_the_same_words_again_change_nothing(found: Office) -> None:
    found.confirm()
    before = found.dump()
    assert found.confirm().unchanged == ("a",)
    assert found.dump() == before


def test_unknown_key_is_refused_and_the_rest_is_taken(found: Office) -> None:
    changes = [Change("zz", CONFIRMED), Change("b", CONFIRMED)]
    applied = apply_changes(found.path, changes, who="李四", at=AT)
    assert (applied.taken, applied.refused) == (("b",), (("zz", "台账中没有这个问题编号"),))


@pytest.mark.parametrize(
    ("state", "missing"),
    [(DISMISSED, "不属实理由、不属实佐证"), (REPORTED, "完成日期")],
)
def test_state_needs_its_reasons(found: Office, state: str, missing: str) -> None:
    assert found.change("a", state).refused == (("a", f"改为“{state}”要写明{missing}"),)
    assert found.state() == NEW


def test_unverified_finding_cannot_be_closed(found: Office) -> None:
    ((_, reason),) = found.close().refused
    assert reason.startswith("状态是“待核实”，不能改为“已销号”；先由单位核实：用 fupin dispatch 下发")


def test_every_refused_change_says_what_to_do_instead() -> None:
    refused = {(old, new) for old, news in BY_PEOPLE.items() for new in STATES if new not in (old, *news)}
    assert all(next_step(old, new) for old, new in refused)
    assert "--undo" in next_step(CLOSED, REPORTED) and "由比对得出" in next_step(NEW, WAITING)


def test_closing_needs_evidence_and_approver(found: Office) -> None:
    found.confirm()
    assert "销号佐证、销号批准人" in found.change("a", CLOSED).refused[0][1]
    assert found.close().taken == ("a",)
    row = found.row()
    assert (row["state"], row["closed_on"], row["close_evidence"], row["approver"]) == (
        CLOSED, "2020-07-01", "学籍截图", "张三",
    )  # fmt: skip


def test_dismissal_keeps_the_facts_it_was_made_on(found: Office) -> None:
    found.dismiss()
    row = found.row()
    assert (row["dismissed_register_value"], row["dismissed_source_value"]) == ("在校生状况：小学", "学籍：无记录")


def test_report_on_a_finding_the_data_no_longer_show_closes_it(found: Office) -> None:
    found.run("2020-07-31")
    assert found.state() == WAITING
    found.report()
    assert (found.state(), found.row()["closed_on"]) == (CLOSED, "2020-07-20")
    assert found.report().unchanged == ("a",), "the same report again is no news"


def test_undone_closing_returns_to_where_it_was_and_stays_in_the_history(found: Office) -> None:
    found.confirm()
    found.report()
    found.close()
    assert undo_closing(found.path, ["a", "b"], who="赵六", at=AT, note="佐证不足").taken == ("a",)
    row = found.row()
    assert (row["state"], row["closed_on"], row["close_evidence"], row["approver"]) == (REPORTED, "", "", "")
    assert found.told()[-4:] == [
        ("销号日期", "2020-07-01", ""), ("销号佐证", "学籍截图", ""), ("销号批准人", "张三", ""),
        ("撤销销号", CLOSED, REPORTED),
    ]  # fmt: skip


def test_transitions_by_people_are_exactly_those_of_the_table(office: Office) -> None:
    reach = {
        NEW: [], CONFIRMED: ["confirm"], DISMISSED: ["dismiss"], REPORTED: ["report"], CLOSED: ["confirm", "close"],
    }  # fmt: skip
    fields = {
        "dismiss_reason": "理由", "dismiss_evidence": "佐证", "done_on": "2020-07-02", "close_evidence": "佐证",
        "approver": "张三",
    }  # fmt: skip
    pairs = [pair for pair in itertools.product(reach, repeat=2) if pair[0] != pair[1]]
    office.run("2020-06-30", *(finding(f"{at:03}") for at in range(len(pairs))))
    for at, (old, new) in enumerate(pairs):
        for step in reach[old]:
            getattr(office, step)(f"{at:03}")
        applied = office.change(f"{at:03}", new, **fields)
        assert bool(applied.taken) == (new in BY_PEOPLE[old]), (old, new)


def test_every_state_has_its_place_in_the_table() -> None:
    assert set(BY_PEOPLE) == set(STATES)
    told = [line for line in LEDGER.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert {line.split(" | ")[0].removeprefix("| ") for line in told} >= set(STATES)
    reachable = {NEW, RELAPSED, UNSEEN, *WHEN_CLEARED.values(), *(new for news in BY_PEOPLE.values() for new in news)}
    assert reachable == set(STATES)
