"""What the ledger adds: states of this run's findings, earlier runs with what they did not check, a period's findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from fupin_cli.errors import FupinError
from fupin_cli.ledger.facts import RunFacts
from fupin_cli.ledger.update import update_ledger
from fupin_cli.reports.history import NOT_ENTERED, period_report, rates_in, steps_of, with_history
from fupin_cli.reports.model import Report, RunSummary
from tests.ledger.ledgers import AT, ROLL, Office, facts, finding, lose

MED = {"rule_id": "MED-01", "category": "基本医疗"}
JUNE = date(2020, 6, 30)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def report_of(*findings: dict[str, str], as_of: date = JUNE) -> Report:
    table = pd.DataFrame(list(findings)).drop(columns="sources")
    return Report(RunSummary("区扶贫办", as_of, (), (), (), ()), table)


def two_runs(office: Office) -> Path:
    """May finds a and b; June, without the insurance list, finds a and c."""
    everything = ("education.enrolment", "register.persons", "health.insurance")
    update(
        office,
        facts("2020-05-31", finding("a"), finding("b", **MED), checked={("MED-01", ""): True}, arrived=everything),
    )
    update(office, facts("2020-06-30", finding("a"), finding("c"), checked={("MED-01", ""): False}))
    return office.path


def update(office: Office, run: RunFacts) -> None:
    update_ledger(office.path, run, AT)


def test_states_come_from_the_ledger(office: Office) -> None:
    two_runs(office)
    office.confirm("a")
    made = with_history(report_of(finding("a"), finding("never entered")), office.path)
    assert list(made.findings["state"]) == ["属实·整改中", NOT_ENTERED]
    assert list(made.findings["verified"]) == ["属实", "未核实"]
    assert list(made.findings["first_as_of"]) == ["2020-05-31", ""]


def test_trend_counts_what_each_run_saw_and_what_it_did_not_check(office: Office) -> None:
    may, june = with_history(report_of(finding("a")), two_runs(office)).runs
    assert (may.as_of, dict(may.found), may.checked, may.unchecked) == (
        date(2020, 5, 31),
        {"义务教育": 1, "基本医疗": 1},
        2,
        (),
    )
    assert (dict(june.found), june.checked, june.unchecked) == ({"义务教育": 2}, 1, ("MED-01",))


def test_trend_ends_with_the_run_reported_on(office: Office) -> None:
    made = with_history(report_of(finding("a"), as_of=date(2020, 5, 31)), two_runs(office))
    assert [run.as_of for run in made.runs] == [date(2020, 5, 31)]


def test_of_two_runs_of_a_day_the_last_counts(office: Office) -> None:
    update(office, facts("2020-06-30", finding("a"), finding("b")))
    update(office, facts("2020-06-30", finding("a")))
    assert [dict(run.found) for run in with_history(report_of(finding("a")), office.path).runs] == [{"义务教育": 1}]


def test_ledger_without_earlier_runs_says_so(office: Office) -> None:
    made = with_history(report_of(finding("a"), as_of=date(2020, 1, 31)), two_runs(office))
    assert made.runs == () and "还没有" in made.no_history


def period(office: Office, since: date = date(2020, 6, 1), until: date = JUNE) -> Report:
    return period_report(office.path, since, until, "区扶贫办", (), {"health.insurance": "基本医疗保险参保"})


def test_period_keeps_what_no_run_could_clear(office: Office) -> None:
    two_runs(office)
    made = period(office)
    assert sorted(made.findings["finding_key"]) == ["a", "b", "c"]
    checks = {check.rule_id: check for check in made.summary.checks}
    assert checks["EDU-01"].state == "checked"
    assert (checks["MED-01"].state, checks["MED-01"].missing) == ("not_checked", ("基本医疗保险参保",))


def test_period_leaves_out_what_was_cleared_before_or_came_after(office: Office) -> None:
    office.run("2020-03-31", finding("early"))
    office.run("2020-04-30", finding("a"))
    office.run("2020-05-31", finding("a"))
    office.run("2020-06-30", finding("late"))
    made = period(office, date(2020, 5, 1), date(2020, 5, 31))
    assert list(made.findings["finding_key"]) == ["a"]


def test_rule_checked_in_one_run_of_several_is_partial(office: Office) -> None:
    two_runs(office)
    checks = {check.rule_id: check.state for check in period(office, date(2020, 5, 1)).summary.checks}
    assert checks["MED-01"] == "partial"


def test_rule_not_checked_in_a_town_names_the_town(office: Office) -> None:
    update(office, facts("2020-06-30", finding("a"), checked={("EDU-01", "演丰镇"): False}))
    (check,) = [check for check in period(office).summary.checks if check.rule_id == "EDU-01"]
    assert (check.state, check.towns, check.missing) == ("partial", ("演丰镇",), (ROLL,))


@pytest.mark.parametrize(
    ("since", "until", "message"),
    [(date(2020, 7, 1), JUNE, "晚于截止日期"), (date(2019, 1, 1), date(2019, 12, 31), "没有比对")],
)
def test_period_without_runs_is_refused(office: Office, since: date, until: date, message: str) -> None:
    two_runs(office)
    with pytest.raises(FupinError, match=message):
        period(office, since, until)


def test_steps_count_findings_outside_the_ledger_as_found_only() -> None:
    states = ["待核实", "不属实", "属实·整改中", "已整改待复核", "待确认销号", "已销号", "反弹", NOT_ENTERED]
    findings = pd.DataFrame({"state": states, "state_before": "", "yardstick_changed": "0"})
    steps = [(step.label, step.number, step.rate) for step in steps_of(rates_in(findings))]
    assert steps == [("发现", 8, None), ("属实", 4, 4 / 5), ("整改", 2, 2 / 4), ("销号", 1, 1 / 7)]


def test_period_keeps_what_nobody_can_see(office: Office) -> None:
    update(office, facts("2020-03-31", finding("a")))
    update(office, facts("2020-04-30", finding("b")))
    lose(office, "a")
    update(office, facts("2020-06-30", finding("b")))
    assert sorted(period(office).findings["finding_key"]) == ["a", "b"]
