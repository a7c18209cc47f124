"""Rounds over a ledger: how they stand, what changed from one to another, the year."""

from __future__ import annotations

from datetime import date

import pytest

from fupin_cli.errors import FupinError
from fupin_cli.ledger.query import ledger_table, runs_of
from fupin_cli.rounds.comparison import APART, GONE, NEW, PERSISTENT, Comparison, compare_rounds
from fupin_cli.rounds.plan import Plan
from fupin_cli.rounds.runs import FULL, NONE, PART, round_runs, run_of_round
from fupin_cli.rounds.status import AHEAD, DONE, DUE, LATE, standings
from fupin_cli.rounds.summary import Cell, Year, summarise
from tests.ledger.ledgers import ROLL, Office, finding

MARCH, MAY, JUNE = "2020-03-31", "2020-05-31", "2020-06-30"


def compared(office: Office, plan: Plan, first: int = 1, second: int = 2) -> Comparison:
    runs = [run_of_round(plan, office.path, number) for number in (first, second)]
    return compare_rounds(runs[0], runs[1], ledger_table(office.path))


def outcomes(found: Comparison) -> dict[str, str]:
    return dict(found.findings.select("finding_key", "outcome").iter_rows())


def year_of(office: Office, plan: Plan) -> Year:
    return summarise(plan, round_runs(plan, office.path), ledger_table(office.path))


def test_rounds_are_done_due_late_or_ahead(office: Office, plan: Plan) -> None:
    office.run(
        MARCH,
        finding("a"),
        round="1",
        checked={("MED-01", ""): False, ("HSG-01", ""): True, ("HSG-01", "灵山镇"): False},
    )
    rows = standings(plan, office.path, date(2020, 7, 15))
    assert [row.state for row in rows] == [DONE, LATE, DUE, AHEAD, AHEAD]
    assert (rows[0].full, rows[0].part, rows[0].none, rows[0].findings) == (1, 1, 1, 1)
    assert standings(plan, office.path, date(2020, 7, 16))[2].state == LATE


def test_rule_checked_in_part_is_counted_so_and_still_not_compared(office: Office, plan: Plan) -> None:
    half = {("MED-01", ""): False}
    office.run(MARCH, finding("m", rule_id="MED-01"), round="1", checked=half, partly=frozenset({"MED-01"}))
    office.run(MAY, round="2", checked=half, partly=frozenset({"MED-01"}))
    row = standings(plan, office.path, date(2020, 7, 15))[0]
    assert (row.full, row.part, row.none) == (1, 1, 0)
    assert outcomes(compared(office, plan)) == {"m": APART}


def test_plan_without_a_ledger_has_nothing_done(office: Office, plan: Plan) -> None:
    assert {row.state for row in standings(plan, office.path, date(2020, 1, 1))} == {AHEAD}
    assert not office.path.exists()


def test_run_known_already_gets_its_round_afterwards_and_keeps_it(office: Office, plan: Plan) -> None:
    office.run(MARCH, finding("a"))
    before = office.row()
    assert office.run(MARCH, finding("a"), round="1").repeated
    assert office.run(MARCH, finding("a")).repeated
    assert runs_of(office.path)["round"].to_list() == ["1"]
    assert office.row() == before


def test_round_of_another_year_is_not_this_years(office: Office, plan: Plan) -> None:
    office.run("2019-03-31", finding("a"), round="1")
    with pytest.raises(FupinError, match=r"第1轮.*还没有比对"):
        run_of_round(plan, office.path, 1)


def test_last_run_of_a_round_counts(office: Office, plan: Plan) -> None:
    office.run(MARCH, finding("a"), round="1")
    office.run(MARCH, finding("a"), finding("b"), round="1")
    assert run_of_round(plan, office.path, 1).seen == {"a", "b"}


def test_two_rounds_give_new_gone_and_persistent(office: Office, plan: Plan) -> None:
    office.run(MARCH, finding("a"), finding("b"), round="1")
    office.run(MAY, finding("b"), finding("c", town="演丰镇"), round="2")
    found = compared(office, plan)
    assert outcomes(found) == {"a": GONE, "b": PERSISTENT, "c": NEW}
    assert found.counts("town")["演丰镇",] == {NEW: 1}
    assert found.apart == ()


def test_rule_unchecked_in_one_round_is_not_compared(office: Office, plan: Plan) -> None:
    office.run(MARCH, finding("a"), round="1")
    office.run(MAY, checked={("EDU-01", ""): False}, round="2")
    office.run(JUNE, finding("c"), round="3")
    assert outcomes(compared(office, plan)) == {"a": APART}
    assert outcomes(compared(office, plan, 2, 3)) == {"c": APART}
    assert compared(office, plan).apart == (("EDU-01", "", "第2轮"),)
    assert outcomes(compared(office, plan, 1, 3)) == {"a": GONE, "c": NEW}


def test_town_left_out_is_not_compared_but_others_are(office: Office, plan: Plan) -> None:
    office.run(MARCH, finding("a", town="灵山镇"), finding("b", town="演丰镇"), round="1")
    office.run(MAY, checked={("EDU-01", "灵山镇"): False}, round="2")
    found = compared(office, plan)
    assert outcomes(found) == {"a": APART, "b": GONE}
    assert found.apart == (("EDU-01", "灵山镇", "第2轮"),)


def test_finding_whose_list_did_not_come_is_not_gone(office: Office, plan: Plan) -> None:
    office.run(MARCH, finding("a"), round="1")
    office.run(MAY, arrived=("register.persons",), round="2")
    assert ROLL in office.row()["sources"]
    assert outcomes(compared(office, plan)) == {"a": APART}


def test_finding_of_identity_is_not_gone_from_a_town_its_list_left_out(office: Office, plan: Plan) -> None:
    """Identity is compared in every list; whether this one covered the town, the rule that rests on it alone tells."""
    insurance = "health.insurance"
    name = {"rule_id": "IDN-02", "sources": f"{insurance} register.persons"}
    everywhere = {("IDN-02", ""): True, ("MED-01", ""): True}
    arrived = (ROLL, insurance, "register.persons")
    findings = (finding("a", town="灵山镇", **name), finding("b", town="演丰镇", **name))
    office.run(MARCH, *findings, round="1", checked=everywhere, arrived=arrived)
    office.run(MAY, round="2", checked={**everywhere, ("MED-01", "灵山镇"): False}, arrived=arrived)
    assert outcomes(compared(office, plan)) == {"a": APART, "b": GONE}


def test_year_follows_each_rule_and_says_where_it_was_not_checked(office: Office, plan: Plan) -> None:
    med = {"rule_id": "MED-01", "category": "基本医疗", "town": "演丰镇"}
    office.run(MARCH, finding("a"), finding("b"), finding("m", **med), round="1", checked={("MED-01", ""): True})
    office.run(MAY, finding("a"), round="2", checked={("MED-01", ""): False})
    both = {("MED-01", ""): True, ("MED-01", "灵山镇"): False}
    office.run(JUNE, finding("m", **med), round="3", checked=both)
    year = year_of(office, plan)
    assert [(one.rule_id, one.cells) for one in year.trends] == [
        ("EDU-01", (Cell(2, FULL), Cell(1, FULL), Cell(0, FULL))),
        ("MED-01", (Cell(1, FULL), Cell(0, NONE), Cell(1, PART))),
    ]
    assert year.categories["基本医疗"] == (Cell(1, FULL), Cell(0, NONE), Cell(1, PART))
    assert year.towns["灵山镇"] == (Cell(2, FULL), Cell(1, PART), Cell(0, PART))
    assert year.totals == (Cell(3, FULL), Cell(1, PART), Cell(1, PART))
    assert [(change.new, change.gone) for change in year.changes] == [(0, 1), (0, 1)]


def test_year_tells_where_its_findings_stand_and_which_came_back(office: Office, plan: Plan) -> None:
    office.run(MARCH, finding("a"), finding("b"), round="1")
    office.report("a")
    office.run(MAY, finding("b"), round="2")
    office.run(JUNE, finding("a"), finding("b"), round="3")
    office.run("2020-07-31", finding("z"), finding("a"), finding("b"))
    year = year_of(office, plan)
    assert (dict(year.states), year.relapsed, year.counted.found) == ({"反弹": 1, "待核实": 1}, 1, 2)
