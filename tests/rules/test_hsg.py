"""HSG: houses appraised, renovated, accepted and paid."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

APPRAISALS, RENOVATIONS = "housing.appraisals", "housing.renovations"
AS_OF = date(2020, 6, 30)


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def appraised(grade: str | None, on: date | None = date(2019, 5, 1), **more: Any) -> dict[str, Any]:
    return {"of": 1, "grade": grade, **({"appraised_on": on} if on else {}), **more}


def work(**more: Any) -> dict[str, Any]:
    done = {"started_on": date(2019, 7, 1), "finished_on": date(2019, 9, 1), "accepted_on": date(2019, 10, 1)}
    return {"of": 1, "target_type": "建档立卡", "batch_year": 2019, **done, **more}


def found(rules: Any, rule: str, houses: list[Any], works: list[Any] | None = None, **home: Any) -> int:
    return len(rules(rule, [home], {APPRAISALS: houses, RENOVATIONS: works or []}))


def test_hsg_01_hits_household_without_appraisal(rules: Any) -> None:
    assert found(rules, "HSG-01", []) == 1
    assert found(rules, "HSG-01", [appraised("A")]) == 0


def test_hsg_01_takes_any_members_appraisal(rules: Any) -> None:
    members = [{}, {"relation": "配偶", "name": "王英"}]
    assert rules("HSG-01", members, {APPRAISALS: [{"of": 2, "grade": "B"}]}) == []


@pytest.mark.parametrize("rule", ["HSG-01", "HSG-02", "HSG-03", "HSG-05", "HSG-06"])
def test_not_checked_without_its_sources(rules: Any, rule: str) -> None:
    assert rules.state(rule, [{}], {}) == "not_checked"


@pytest.mark.parametrize(
    ("houses", "hits"),
    [
        ([appraised("C")], 1),
        ([appraised("D")], 1),
        ([appraised("B")], 0),
        ([appraised(None, grade_raw="看不清")], 0),
        ([appraised("D", housing_kind="租住")], 0),
        ([appraised("D", date(2018, 5, 1)), appraised("A", date(2019, 5, 1))], 0),
        ([appraised("A"), appraised("C")], 1),
        ([appraised("D", None), appraised("A")], 0),
    ],
)
def test_hsg_02_latest_grade_decides_and_the_worse_of_one_day(rules: Any, houses: list[Any], hits: int) -> None:
    assert found(rules, "HSG-02", houses) == hits


def test_hsg_02_exempts_renovated_household(rules: Any) -> None:
    assert found(rules, "HSG-02", [appraised("D")], [work()]) == 0


@pytest.mark.parametrize(
    ("changes", "hits"),
    [
        ({"started_on": ago(181), "batch_year": 2020}, 1),
        ({"started_on": ago(180), "batch_year": 2020}, 0),
        ({"started_on": ago(10), "batch_year": 2019}, 1),
        ({"started_on": ago(10), "batch_year": None}, 0),
        ({"started_on": None, "started_on_day": None, "started_on_last": None}, 0),
        ({"started_on": ago(300), "finished_on": ago(20), "batch_year": 2020}, 0),
    ],
)
def test_hsg_03_unfinished_beyond_the_term_or_of_an_earlier_batch(
    rules: Any, changes: dict[str, Any], hits: int
) -> None:
    row = {"of": 1, **changes}
    assert len(rules("HSG-03", [{}], {RENOVATIONS: [row]})) == hits


@pytest.mark.parametrize(("days", "hits"), [(61, 1), (60, 0)])
def test_hsg_04_finished_but_not_accepted(rules: Any, days: int, hits: int) -> None:
    row = {"of": 1, "started_on": ago(200), "finished_on": ago(days)}
    assert len(rules("HSG-04", [{}], {RENOVATIONS: [row]})) == hits


def test_hsg_04_month_precision_does_not_fire_early(rules: Any) -> None:
    row = {
        "of": 1,
        "finished_on": "2020-04",
        "finished_on_day": date(2020, 4, 1).toordinal(),
        "finished_on_last": date(2020, 4, 30).toordinal(),
    }
    assert len(rules("HSG-04", [{}], {RENOVATIONS: [row]}, as_of=date(2020, 6, 29))) == 0
    assert len(rules("HSG-04", [{}], {RENOVATIONS: [row]}, as_of=date(2020, 6, 30))) == 1


@pytest.mark.parametrize(
    ("day", "grade", "hits"), [(date(2019, 10, 2), "C", 1), (date(2019, 10, 1), "C", 0), (date(2019, 10, 2), "B", 0)]
)
def test_hsg_05_unsafe_after_acceptance(rules: Any, day: date, grade: str, hits: int) -> None:
    assert found(rules, "HSG-05", [appraised(grade, day)], [work()]) == hits


@pytest.mark.parametrize(
    ("claim", "houses", "works", "hits"),
    [
        (False, [appraised("C")], [], 1),
        (False, [appraised("C")], [work()], 0),
        (False, [appraised("A")], [], 0),
        (True, [appraised("A")], [], 1),
        (True, [appraised("D")], [], 0),
        (True, [appraised("D")], [work()], 1),
        (None, [appraised("C")], [], 0),
        (True, [appraised("C", date(2019, 12, 1))], [work()], 0),
    ],
)
def test_hsg_06_register_against_bureau(
    rules: Any, claim: bool | None, houses: list[Any], works: list[Any], hits: int
) -> None:
    assert found(rules, "HSG-06", houses, works, unsafe_house=claim) == hits


@pytest.mark.parametrize(("years", "hits"), [((2018, 2019), 1), ((2019, 2019), 0), ((2019, None), 0)])
def test_hsg_07_two_batches(rules: Any, years: tuple[Any, Any], hits: int) -> None:
    assert len(rules("HSG-07", [{}], {RENOVATIONS: [work(batch_year=year) for year in years]})) == hits


@pytest.mark.parametrize(
    ("row", "hits"),
    [
        ({"target_type": None, "target_type_raw": "一般农户"}, 1),
        ({"target_type": "低保户"}, 0),
        ({"target_type": None}, 0),
    ],
)
def test_hsg_08_target_outside_the_four_linked_or_not(rules: Any, row: dict[str, Any], hits: int) -> None:
    assert len(rules("HSG-08", [{}], {RENOVATIONS: [{"name": "王五", **row}]})) == hits


@pytest.mark.parametrize(("paid", "hits"), [(11999.0, 1), (12000.0, 0), (None, 0)])
def test_hsg_09_subsidy_short(rules: Any, paid: float | None, hits: int) -> None:
    assert len(rules("HSG-09", [{}], {RENOVATIONS: [work(subsidy=12000.0, subsidy_paid=paid)]})) == hits
    assert rules("HSG-09", [{}], {RENOVATIONS: [{"of": 1, "subsidy": 12000.0, "subsidy_paid": 1.0}]}) == []
