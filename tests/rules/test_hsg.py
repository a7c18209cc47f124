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
    return {"of": 1, "grade": grade, "appraised_on": on, **more}


def work(**more: Any) -> dict[str, Any]:
    done = {"started_on": date(2019, 7, 1), "finished_on": date(2019, 9, 1), "accepted_on": date(2019, 10, 1)}
    return {"of": 1, "target_type": "建档立卡", "batch_year": 2019, **done, **more}


def said(rules: Any, rule: str, houses: list[Any], works: list[Any] | None = None, **home: Any) -> str:
    """What the finding says of the bureau's lists, empty where there is none."""
    findings = rules(rule, [home], {APPRAISALS: houses, RENOVATIONS: works or []})
    assert len(findings) < 2
    return findings[0]["source_value"] if findings else ""


@pytest.mark.shows("HSG-01", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("houses", "hit"), [([], True), ([appraised("A")], False), ([appraised(None, grade_raw="看不清")], False)]
)
def test_hsg_01_household_without_appraisal(rules: Any, houses: list[Any], hit: bool) -> None:
    assert said(rules, "HSG-01", houses) == ("鉴定名单：全户无记录" if hit else "")


@pytest.mark.shows("HSG-01", "boundary")
def test_hsg_01_takes_any_members_appraisal(rules: Any) -> None:
    members = [{}, {"relation": "配偶", "name": "王英"}]
    assert rules("HSG-01", members, {APPRAISALS: [{"of": 2, "grade": "B"}]}) == []


@pytest.mark.parametrize("rule", ["HSG-01", "HSG-02", "HSG-03", "HSG-05", "HSG-06"])
def test_not_checked_without_its_sources(rules: Any, rule: str) -> None:
    assert rules.state(rule, [{}], {}) == "not_checked"


@pytest.mark.shows("HSG-02", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("houses", "grade"),
    [
        ([appraised("C")], "C级（2019-05-01）"),
        ([appraised("B")], ""),
        ([appraised(None, grade_raw="看不清")], ""),
        ([appraised("D"), appraised("A", date(2019, 5, 2))], ""),
        ([appraised("A"), appraised("D", date(2019, 5, 2))], "D级（2019-05-02）"),
        ([appraised("A"), appraised("C")], "C级（2019-05-01）"),
        ([appraised("D", None)], "D级（日期未填）"),
        ([appraised("D", None), appraised("A")], ""),
        ([appraised("D"), appraised(None, date(2019, 5, 2), grade_raw="看不清")], ""),
        ([appraised("D"), appraised(None, grade_raw="看不清")], "D级（2019-05-01）"),
    ],
)
def test_hsg_02_latest_grade_decides_and_the_worse_of_one_day(rules: Any, houses: list[Any], grade: str) -> None:
    assert said(rules, "HSG-02", houses) == (f"鉴定：{grade}；危房改造名单：无记录" if grade else "")


@pytest.mark.shows("HSG-02", "exempt", "unknown")
@pytest.mark.parametrize(
    ("kind", "hit"), [("租住", 0), ("借住", 0), ("随子女居住", 0), ("集中供养", 0), ("？", 0), ("自有", 1), (None, 1)]
)
def test_hsg_02_exempts_those_who_live_elsewhere(rules: Any, kind: str | None, hit: int) -> None:
    house = appraised("D", housing_kind=None if kind == "？" else kind, housing_kind_raw=kind)
    assert bool(said(rules, "HSG-02", [house])) == hit


@pytest.mark.shows("HSG-02", "exempt")
@pytest.mark.parametrize("who", [1, 2])
def test_hsg_02_exempts_household_with_a_renovation_of_any_member(rules: Any, who: int) -> None:
    lists = {APPRAISALS: [appraised("D")], RENOVATIONS: [{"of": who}]}
    assert rules("HSG-02", [{}, {"relation": "配偶", "name": "王英"}], lists) == []


@pytest.mark.parametrize(
    ("rule", "lists"),
    [
        pytest.param("HSG-01", {APPRAISALS: []}, marks=pytest.mark.shows("HSG-01", "exempt")),
        pytest.param(
            "HSG-05",
            {APPRAISALS: [appraised("D", date(2019, 12, 1))], RENOVATIONS: [work()]},
            marks=pytest.mark.shows("HSG-05", "exempt"),
        ),
        pytest.param(
            "HSG-07", {RENOVATIONS: [work(), work(batch_year=2018)]}, marks=pytest.mark.shows("HSG-07", "exempt")
        ),
    ],
)
def test_households_of_the_dead_are_out(rules: Any, rule: str, lists: dict[str, Any]) -> None:
    deaths = [{"of": 1, "died_on": day} for day in (AS_OF, date(2020, 7, 1))]
    assert [len(rules(rule, [{}], {**lists, "civil.deaths": [death]})) for death in deaths] == [0, 1]


@pytest.mark.shows("HSG-03", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("changes", "hits"),
    [
        ({"started_on": ago(181), "batch_year": 2020}, 1),
        ({"started_on": ago(180), "batch_year": 2020}, 0),
        ({"started_on": ago(10), "batch_year": 2019}, 1),
        ({"started_on": ago(10), "batch_year": 2020}, 0),
        ({"started_on": ago(10), "batch_year": None}, 0),
        ({"started_on": ago(181), "batch_year": None}, 1),
        ({"started_on": None, "batch_year": 2019}, 0),
        ({"started_on": ago(300), "finished_on": ago(20), "batch_year": 2019}, 0),
        ({"started_on": ago(300), "accepted_on": ago(20), "batch_year": 2019}, 0),
    ],
)
def test_hsg_03_unfinished_beyond_the_term_or_of_an_earlier_batch(
    rules: Any, changes: dict[str, Any], hits: int
) -> None:
    text = said(rules, "HSG-03", [], [{"of": 1, **changes}])
    batch = changes["batch_year"] or "未填"
    assert text == (f"{batch}年批次，开工{changes['started_on']}，竣工未填" if hits else "")


@pytest.mark.shows("HSG-04", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("finished", "accepted", "hits"), [(ago(61), None, 1), (ago(60), None, 0), (None, None, 0), (ago(61), ago(1), 0)]
)
def test_hsg_04_finished_but_not_accepted(rules: Any, finished: date | None, accepted: date | None, hits: int) -> None:
    row = {"of": 1, "started_on": ago(200), "finished_on": finished, "accepted_on": accepted}
    assert said(rules, "HSG-04", [], [row]) == (f"竣工{finished}，验收未填" if hits else "")


@pytest.mark.shows("HSG-04", "unknown")
def test_hsg_04_month_precision_does_not_fire_early(rules: Any) -> None:
    row = {
        "of": 1,
        "finished_on": "2020-04",
        "finished_on_day": date(2020, 4, 1).toordinal(),
        "finished_on_last": date(2020, 4, 30).toordinal(),
    }
    assert len(rules("HSG-04", [{}], {RENOVATIONS: [row]}, as_of=date(2020, 6, 29))) == 0
    assert len(rules("HSG-04", [{}], {RENOVATIONS: [row]}, as_of=date(2020, 6, 30))) == 1


@pytest.mark.shows("HSG-05", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("day", "grade", "accepted", "hits"),
    [
        (date(2019, 10, 2), "C", date(2019, 10, 1), 1),
        (date(2019, 10, 1), "C", date(2019, 10, 1), 0),
        (date(2019, 10, 2), "B", date(2019, 10, 1), 0),
        (date(2019, 10, 2), None, date(2019, 10, 1), 0),
        (None, "C", date(2019, 10, 1), 0),
        (date(2019, 10, 2), "C", None, 0),
    ],
)
def test_hsg_05_unsafe_after_acceptance(
    rules: Any, day: date | None, grade: str | None, accepted: date | None, hits: int
) -> None:
    text = said(rules, "HSG-05", [appraised(grade, day)], [work(accepted_on=accepted)])
    assert text == ("验收2019-10-01；2019-10-02鉴定C级" if hits else "")


@pytest.mark.shows("HSG-06", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("claim", "houses", "works", "text"),
    [
        (False, [appraised("C")], [], "最近鉴定为C级（2019-05-01）"),
        (False, [appraised("B")], [], ""),
        (False, [appraised("C")], [work()], ""),
        (False, [appraised("C")], [work(accepted_on=None)], "最近鉴定为C级（2019-05-01）"),
        (True, [appraised("B")], [], "最近鉴定为B级（2019-05-01）"),
        (True, [appraised("C")], [], ""),
        (True, [appraised("C")], [work()], "危房改造已于2019-10-01验收"),
        (True, [appraised("C")], [work(accepted_on=None)], ""),
        # an appraisal after the acceptance is HSG-05's, one of the same day is not
        (True, [appraised("C", date(2019, 10, 1))], [work()], "危房改造已于2019-10-01验收"),
        (True, [appraised("C", date(2019, 10, 2))], [work()], ""),
        (True, [appraised("C", None), appraised("C", date(2018, 1, 1))], [work()], ""),
        (False, [appraised("C", date(2019, 10, 2))], [work()], ""),
        (None, [appraised("C")], [], ""),
        (None, [appraised("B")], [work()], ""),
        (False, [appraised("D"), appraised(None, date(2019, 5, 2), grade_raw="看不清")], [], ""),
        (True, [appraised("A"), appraised(None, grade_raw="看不清")], [], ""),
    ],
)
def test_hsg_06_register_against_bureau(
    rules: Any, claim: bool | None, houses: list[Any], works: list[Any], text: str
) -> None:
    assert said(rules, "HSG-06", houses, works, unsafe_house=claim) == text


@pytest.mark.shows("HSG-07", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("years", "hits"), [((2018, 2019), 1), ((2019, 2019), 0), ((2019, None), 0)])
def test_hsg_07_two_batches(rules: Any, years: tuple[Any, Any], hits: int) -> None:
    text = said(rules, "HSG-07", [], [work(batch_year=year) for year in years])
    assert text == ("危房改造批次：2018、2019" if hits else "")


@pytest.mark.shows("HSG-08", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("row", "hits"),
    [
        ({"target_type": None, "target_type_raw": "一般农户"}, 1),
        ({"target_type": "低保户"}, 0),
        ({"target_type": None}, 0),
    ],
)
def test_hsg_08_target_outside_the_four_linked_or_not(rules: Any, row: dict[str, Any], hits: int) -> None:
    assert said(rules, "HSG-08", [], [{"name": "王五", **row}]) == ("对象类别：一般农户" if hits else "")


@pytest.mark.shows("HSG-09", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("changes", "hits"),
    [
        ({"subsidy_paid": 11999.99}, 1),
        ({"subsidy_paid": 12000.0}, 0),
        ({"subsidy_paid": None}, 0),
        ({"subsidy_paid": 1.0, "subsidy": None}, 0),
        ({"subsidy_paid": 1.0, "accepted_on": None}, 0),
    ],
)
def test_hsg_09_subsidy_short(rules: Any, changes: dict[str, Any], hits: int) -> None:
    text = said(rules, "HSG-09", [], [work(**{"subsidy": 12000.0, **changes})])
    assert text == ("应补助12000元，已发放11999.99元" if hits else "")
