"""The life of a finding over runs, sentence by sentence."""

from __future__ import annotations

import pytest

from fupin_cli.errors import FupinError
from fupin_cli.ledger.query import coverage_of, runs_of, seen_in
from fupin_cli.ledger.states import CLOSED, CONFIRMED, DISMISSED, NEW, RELAPSED, REPORTED, UNSEEN, WAITING
from fupin_cli.ledger.update import Update
from tests.ledger.ledgers import ROLL, Office, finding

TOWN = "灵山镇"


def test_new_key_enters_to_be_verified(office: Office) -> None:
    assert office.run("2020-05-31", finding()) == Update(new=1)
    row = office.row()
    assert (row["state"], row["origin"], row["first_as_of"], row["times_seen"]) == (NEW, "比对", "2020-05-31", 1)
    assert office.told() == [("发现", "", NEW)]


def test_key_that_fires_again_is_persistent(office: Office) -> None:
    office.run("2020-05-31", finding())
    assert office.run("2020-06-30", finding(evidence="六月.xlsx!表!9")) == Update(persistent=1)
    row = office.row()
    assert (row["first_as_of"], row["last_as_of"], row["times_seen"]) == ("2020-05-31", "2020-06-30", 2)
    assert row["evidence"] == "六月.xlsx!表!9"
    assert office.told() == [("发现", "", NEW)], "persistence is a sighting, not a change"
    assert [seen_in(office.path, run) for run in (1, 2)] == [["a"], ["a"]]


def test_changed_words_leave_the_old_ones_in_an_event(office: Office) -> None:
    office.run("2020-05-31", finding())
    office.run("2020-06-30", finding(town="三江镇", detail="陈一仍没有学籍。"))
    assert office.told()[1:] == [
        ("内容变化", "镇：灵山镇；问题详情：陈一没有学籍。", "镇：三江镇；问题详情：陈一仍没有学籍。")
    ]


def test_cleared_without_a_report_waits_for_confirmation(office: Office) -> None:
    office.run("2020-05-31", finding())
    assert office.run("2020-06-30") == Update(waiting=1)
    row = office.row()
    assert (row["state"], row["present"], row["cleared_as_of"], row["closed_on"]) == (WAITING, 0, "2020-06-30", "")
    assert office.told()[-1] == ("数据已消除", NEW, WAITING)


def test_cleared_with_the_units_report_is_closed(office: Office) -> None:
    office.run("2020-05-31", finding())
    office.confirm()
    office.report()
    assert office.run("2020-06-30") == Update(closed=1)
    assert (office.row()["state"], office.row()["closed_on"]) == (CLOSED, "2020-06-30")
    assert office.told()[-1] == ("数据已消除", REPORTED, CLOSED)


def test_reported_but_still_firing_stays_reported(office: Office) -> None:
    office.run("2020-05-31", finding())
    office.report()
    assert office.run("2020-06-30", finding()) == Update(persistent=1)
    assert office.state() == REPORTED


@pytest.mark.parametrize(
    "checked", [{("EDU-01", ""): False}, {("EDU-01", TOWN): False}], ids=["nowhere", "not in its town"]
)
def test_unchecked_rule_or_town_changes_nothing(office: Office, checked: dict[tuple[str, str], bool]) -> None:
    office.run("2020-05-31", finding())
    before = office.row()
    assert office.run("2020-06-30", checked=checked) == Update(unchanged=1)
    assert office.row() == before


def test_rule_unknown_to_the_run_changes_nothing(office: Office) -> None:
    office.run("2020-05-31", finding(rule_id="EDU-99"))
    assert office.run("2020-06-30") == Update(unchanged=1)


def test_other_towns_are_cleared_where_one_is_unchecked(office: Office) -> None:
    office.run("2020-05-31", finding("a"), finding("b", town="三江镇"), finding("c", town=""))
    assert office.run("2020-06-30", checked={("EDU-01", TOWN): False}) == Update(waiting=1, unchanged=2)
    assert [office.state(key) for key in "abc"] == [NEW, WAITING, NEW]


def test_finding_is_not_cleared_while_a_source_of_its_evidence_is_missing(office: Office) -> None:
    office.run("2020-05-31", finding())
    assert office.run("2020-06-30", arrived=("register.persons",)) == Update(unchanged=1)
    assert office.run("2020-07-31") == Update(waiting=1)


def test_source_that_went_missing_is_remembered_until_it_arrives(office: Office) -> None:
    """Seen in two lists; one goes missing, the other is mended: not known to be gone before both were read again."""
    both, one = ("civil.dibao", ROLL), ("civil.dibao",)
    office.run("2020-05-31", finding(sources=" ".join(both)), arrived=both)
    office.run("2020-06-30", finding(sources="civil.dibao"), arrived=one)
    assert office.run("2020-07-31", arrived=one) == Update(unchanged=1)
    assert office.run("2020-08-31", arrived=both) == Update(waiting=1)


def test_source_that_came_without_the_findings_town_clears_it_not(office: Office) -> None:
    office.run("2020-05-31", finding("a"), finding("b", town="三江镇"), finding("c", town=""))
    assert office.run("2020-06-30", short=frozenset({(ROLL, TOWN)})) == Update(waiting=1, unchanged=2)
    assert [office.state(key) for key in "abc"] == [NEW, WAITING, NEW]


def test_waiting_finding_that_fires_again_goes_back_to_where_it_was(office: Office) -> None:
    office.run("2020-05-31", finding())
    office.confirm()
    office.run("2020-06-30")
    assert office.run("2020-07-31", finding()) == Update(returned=1)
    row = office.row()
    assert (row["state"], row["present"], row["relapses"], row["measure"]) == (CONFIRMED, 1, 0, "劝返复学")
    assert office.told()[-1] == ("再次出现", WAITING, CONFIRMED)


def test_closed_finding_that_fires_again_relapses_with_its_history(office: Office) -> None:
    office.run("2020-05-31", finding())
    office.confirm()
    office.report()
    office.close()
    told = office.told()
    assert office.run("2020-06-30", finding()) == Update(relapsed=1)
    row = office.row()
    assert (row["state"], row["relapses"], row["first_as_of"]) == (RELAPSED, 1, "2020-05-31")
    assert (row["measure"], row["done_on"], row["closed_on"], row["approver"]) == ("劝返复学", "", "", "")
    assert office.told() == [*told, ("反弹", CLOSED, RELAPSED)]


def test_relapse_is_counted_each_time(office: Office) -> None:
    office.run("2020-01-31", finding())
    for month in ("02", "04"):
        office.report()
        office.run(f"2020-{month}-28")
        assert office.state() == CLOSED
        office.run(f"2020-0{int(month) + 1}-28", finding())
    assert office.row()["relapses"] == 2


def test_relapsed_finding_that_clears_without_a_new_report_waits(office: Office) -> None:
    office.run("2020-05-31", finding())
    office.report()
    office.run("2020-06-30")
    office.run("2020-07-31", finding())
    assert office.run("2020-08-31") == Update(waiting=1)


def test_dismissed_finding_stays_dismissed_while_its_facts_are_the_same(office: Office) -> None:
    office.run("2020-05-31", finding())
    office.dismiss(until="2020-12-31")
    assert office.run("2020-06-30", finding(detail="换了说法")) == Update(persistent=1)
    assert office.state() == DISMISSED


@pytest.mark.parametrize("changed", ["register_value", "source_value"])
def test_dismissed_finding_comes_back_when_a_fact_changes(office: Office, changed: str) -> None:
    office.run("2020-05-31", finding())
    office.dismiss()
    assert office.run("2020-06-30", finding(**{changed: "变了"})) == Update(returned=1)
    assert office.told()[-1] == ("重新核实", DISMISSED, NEW)


def test_dismissed_finding_comes_back_when_its_term_is_over(office: Office) -> None:
    office.run("2020-05-31", finding())
    office.dismiss(until="2020-07-31")
    assert office.run("2020-07-31", finding()) == Update(persistent=1)
    assert office.run("2020-08-31", finding()) == Update(returned=1)
    assert office.state() == NEW


def test_dismissed_finding_that_clears_stays_dismissed(office: Office) -> None:
    office.run("2020-05-31", finding())
    office.dismiss()
    assert office.run("2020-06-30") == Update(unchanged=1)
    assert (office.state(), office.row()["present"]) == (DISMISSED, 0)
    assert office.run("2020-07-31", finding()) == Update(persistent=1)
    assert (office.state(), office.row()["present"]) == (DISMISSED, 1)


def test_same_run_twice_changes_not_a_row(office: Office) -> None:
    office.run("2020-05-31", finding("a"), finding("b"))
    office.run("2020-06-30", finding("b"), finding("c"))
    before = office.dump()
    assert office.run("2020-06-30", finding("c"), finding("b")) == Update(unchanged=3, repeated=True)
    assert office.run("2020-05-31", finding("a"), finding("b")).repeated, "an older run that is known is no older news"
    assert office.dump() == before


def test_later_files_of_the_same_date_are_taken_and_counted_once(office: Office) -> None:
    office.run("2020-06-30", finding("a"))
    assert office.run("2020-06-30", finding("a"), finding("b")) == Update(new=1, persistent=1)
    assert office.row()["times_seen"] == 1


def test_going_back_to_the_first_files_of_a_date_is_a_run_again(office: Office) -> None:
    office.run("2020-06-30", finding())
    office.report()
    assert office.run("2020-06-30") == Update(closed=1)
    assert office.run("2020-06-30", finding()) == Update(returned=1)
    assert (office.state(), office.row()["relapses"]) == (REPORTED, 0)


def test_finding_closed_after_it_was_seen_does_not_relapse_on_the_same_date(office: Office) -> None:
    office.run("2020-06-30", finding())
    office.confirm()
    office.close()
    assert office.run("2020-06-30", finding(), finding("b")) == Update(new=1, persistent=1)
    assert office.state() == CLOSED


def test_older_run_is_refused(office: Office) -> None:
    office.run("2020-06-30", finding())
    before = office.dump()
    with pytest.raises(FupinError, match="早于台账中最近一次比对 2020-06-30"):
        office.run("2020-05-31", finding("b"))
    assert office.dump() == before


def test_backfill_adds_history_and_keeps_every_state(office: Office) -> None:
    office.run("2020-06-30", finding("a"), finding("b"))
    office.run("2020-07-31", finding("b"))
    update = office.run("2020-05-31", finding("a", register_value="旧"), backfill=True)
    assert update == Update(persistent=1, unchanged=1, backfilled=True)
    row = office.row("a")
    assert (row["state"], row["first_as_of"], row["last_as_of"], row["times_seen"]) == (
        WAITING, "2020-05-31", "2020-06-30", 2,
    )  # fmt: skip
    assert row["register_value"] == "在校生状况：小学"
    assert office.state("b") == NEW


def test_backfilled_unknown_finding_waits_where_the_last_run_would_have_seen_it(office: Office) -> None:
    office.run("2020-06-30", finding("a"), checked={("EDU-02", ""): False})
    update = office.run("2020-05-31", finding("b"), finding("c", rule_id="EDU-02"), backfill=True)
    assert update == Update(new=2, unseen=1, unchanged=1, backfilled=True)
    assert [office.state(key) for key in "abc"] == [NEW, UNSEEN, NEW]
    assert office.row("b")["unseen_because"] == "补录的问题，没有逐条核对"


def test_runs_and_their_coverage_are_kept(office: Office) -> None:
    office.run("2020-05-31", checked={("EDU-01", TOWN): False}, out="输出/五月", round="1")
    run = runs_of(office.path).row(0, named=True)
    assert (run["as_of"], run["out"], run["round"], run["arrived"]) == (
        "2020-05-31", "输出/五月", "1", f"{ROLL} register.persons",
    )  # fmt: skip
    assert coverage_of(office.path, run["id"]).rows() == [("EDU-01", "", 1, 0), ("EDU-01", TOWN, 0, 0)]
