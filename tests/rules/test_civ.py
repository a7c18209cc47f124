"""CIV: 低保, 特困, deaths, relief."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

DIBAO, TEKUN, RELIEF, DEATHS, INPATIENT, INSURANCE = (
    "civil.dibao", "civil.tekun", "civil.relief", "civil.deaths", "health.inpatient", "health.insurance",
)  # fmt: skip
AS_OF = date(2020, 6, 30)
ON = {"of": 1, "status": "在享"}
OFF = {"of": 1, "status": "停发"}
BLANK = {"of": 1}
UNREADABLE = {"of": 1, "status": None, "status_raw": "？"}
KEY = "460108195001011019"


@pytest.mark.shows("CIV-01", "hit", "unknown")
@pytest.mark.parametrize(
    ("rows", "hits"), [([], 1), ([ON], 0), ([BLANK], 0), ([OFF], 1), ([UNREADABLE], 0), ([OFF, ON], 0)]
)
def test_civ_01_dibao_household_without_active_record(rules: Any, rows: list[Any], hits: int) -> None:
    assert len(rules("CIV-01", [{"poverty_type": "低保"}], {DIBAO: rows})) == hits


@pytest.mark.shows("CIV-01", "exempt", "boundary", "unknown")
def test_civ_01_any_member_counts_and_other_types_do_not(rules: Any) -> None:
    members = [{"poverty_type": "低保"}, {"poverty_type": "低保", "relation": "配偶", "name": "王英"}]
    assert rules("CIV-01", members, {DIBAO: [{"of": 2, "status": "正常"}]}) == []
    assert rules("CIV-01", [{"poverty_type": "一般"}], {DIBAO: []}) == []
    assert rules("CIV-01", [{"poverty_type": None}], {DIBAO: []}) == []


@pytest.mark.shows("CIV-02", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("kind", "row", "hits"),
    [("一般", ON, 1), ("一般", OFF, 0), ("一般", UNREADABLE, 0), ("低保", ON, 0), ("特困", ON, 0), (None, ON, 0)],
)
def test_civ_02_on_the_list_but_plain_in_the_register(
    rules: Any, kind: str | None, row: dict[str, Any], hits: int
) -> None:
    assert len(rules("CIV-02", [{"poverty_type": kind}], {DIBAO: [row]})) == hits


@pytest.mark.shows("CIV-03", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("kind", "rows", "severity"), [("特困", [], "严重"), ("特困", [ON], None), ("一般", [ON], "一般"), ("低保", [ON], "一般"), ("一般", [OFF], None), (None, [ON], None),
     ("特困", [OFF], "严重"), ("特困", [UNREADABLE], None), ("一般", [UNREADABLE], None)],
)  # fmt: skip
def test_civ_03_either_way_round(rules: Any, kind: str | None, rows: list[Any], severity: str | None) -> None:
    found = rules("CIV-03", [{"poverty_type": kind}], {TEKUN: rows})
    assert [finding["severity"] for finding in found] == ([severity] if severity else [])


@pytest.mark.parametrize(("rule", "kind", "mine", "others"), [
    ("CIV-01", "低保", 1, 0), ("CIV-02", "一般", 0, 1), ("CIV-03", "特困", 1, 0), ("CIV-03", "一般", 0, 1), ("CIV-06", "一般", 1, 0),
])  # fmt: skip
def test_civ_grants_of_the_dead_say_nothing_of_the_living(
    rules: Any, rule: str, kind: str, mine: int, others: int
) -> None:
    """Of two members the first died yesterday: his record neither covers nor accuses the household, the other's does."""
    home = {"poverty_type": kind, "net_income": 3000.0}
    persons = [home, {**home, "name": "王英", "relation": "配偶"}]
    death = {DEATHS: [{"of": 1, "died_on": AS_OF - timedelta(days=1)}]}
    for row, hits in ((ON, mine), ({**ON, "of": 2}, others)):
        rows = [row]
        assert len(rules(rule, persons, {**death, DIBAO: rows, TEKUN: rows})) == hits


@pytest.mark.shows("CIV-04", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("first", "second", "hits"),
    [(ON, ON, 1), (ON, OFF, 0), (ON, {**ON, "of": 2}, 0), (UNREADABLE, ON, 0), (ON, UNREADABLE, 0)],
)
def test_civ_04_on_both_lists(rules: Any, first: dict[str, Any], second: dict[str, Any], hits: int) -> None:
    assert len(rules("CIV-04", [{}, {"name": "王英"}], {DIBAO: [first], TEKUN: [second]})) == hits


@pytest.mark.shows("CIV-05", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("days", "row", "hits"), [(31, ON, 1), (30, ON, 0), (31, OFF, 0), (31, UNREADABLE, 0)])
def test_civ_05_still_active_after_death(rules: Any, days: int, row: dict[str, Any], hits: int) -> None:
    death = {"of": 1, "died_on": AS_OF - timedelta(days=days)}
    found = rules("CIV-05", [{}], {DEATHS: [death], DIBAO: [row], TEKUN: [OFF]})
    assert len(found) == hits
    assert not hits or ("低保" in found[0]["detail"] and "特困" not in found[0]["detail"])


def test_civ_05_finds_strangers_by_their_number(rules: Any) -> None:
    stranger = {"name": "王五", "id_number_key": KEY}
    death = {**stranger, "died_on": date(2020, 1, 1)}
    (finding,) = rules("CIV-05", [{}], {DEATHS: [death], DIBAO: [{**stranger, "status": "正常"}]})
    assert (finding["name"], finding["owner"]) == ("王五", "区民政局")
    assert (
        rules("CIV-05", [{}], {DEATHS: [death], DIBAO: [{**stranger, "id_number_key": None, "status": "正常"}]}) == []
    )


def test_civ_05_is_for_every_bureau_that_goes_on_paying(rules: Any) -> None:
    death = {"of": 1, "died_on": date(2020, 1, 1)}
    (finding,) = rules("CIV-05", [{}], {DEATHS: [death], DIBAO: [ON], "disability.allowances": [ON]})
    assert set(finding["owner"].split("、")) == {"区民政局", "区残联"}


@pytest.mark.shows("CIV-05", "hit", "boundary", "unknown")
def test_civ_05_paid_later_and_undated_death(rules: Any) -> None:
    death = {"of": 1, "died_on": date(2020, 1, 1)}
    aid = {"of": 1, "paid_on": date(2020, 2, 1)}
    assert len(rules("CIV-05", [{}], {DEATHS: [death], "education.aid": [aid]})) == 1
    assert rules("CIV-05", [{}], {DEATHS: [death], "education.aid": [{**aid, "paid_on": date(2020, 1, 31)}]}) == []
    insured = [
        len(rules("CIV-05", [{}], {DEATHS: [death], INSURANCE: [{**ON, "year": year}]})) for year in (2020, 2019, None)
    ]
    assert insured == [1, 0, 0]
    assert rules("CIV-05", [{}], {DEATHS: [{"of": 1}], DIBAO: [ON]}) == []


@pytest.mark.shows("CIV-06", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("income", "dibao", "tekun", "hits"),
    [(5999.99, [], [], 1), (6000.0, [], [], 0), (None, [], [], 0), (5000.0, [ON], [], 0), (5000.0, [], [ON], 0), (5000.0, [OFF], [OFF], 1),
     (5000.0, [UNREADABLE], [], 0), (5000.0, [], [UNREADABLE], 0)],
)  # fmt: skip
def test_civ_06_poor_and_on_no_list(
    rules: Any, income: float | None, dibao: list[Any], tekun: list[Any], hits: int
) -> None:
    assert len(rules("CIV-06", [{"net_income": income}], {DIBAO: dibao, TEKUN: tekun})) == hits


def listed(yes: int, no: int, **more: Any) -> list[dict[str, Any]]:
    row = {"name": "甲", "town": "灵山镇", "status": "在享", **more}
    return [{**row, "verified": number < yes} for number in range(yes + no)]


WELL = listed(19, 1)
DOUBTFUL = {"name": "乙", "town": "灵山镇", "verified": False}


@pytest.mark.shows("CIV-07", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("rows", "low"),
    [(WELL, []), (listed(18, 1), ["全区", "灵山镇"]), (listed(94, 5), ["全区", "灵山镇"]), (listed(0, 1, status=None), ["全区", "灵山镇"]), ([], []),
     (WELL + listed(18, 1, town="三江镇"), ["全区", "三江镇"]), (listed(99, 1) + listed(18, 1, town="三江镇"), ["三江镇"]),
     (WELL + listed(0, 1, town=None), ["全区"]), (WELL + listed(0, 9, status="停发"), []),
     (WELL + [{**DOUBTFUL, "verified": None}] * 9, []), (WELL + [{**DOUBTFUL, "status_raw": "？"}] * 9, [])],
)  # fmt: skip
def test_civ_07_rate_of_the_district_and_each_town(rules: Any, rows: list[Any], low: list[str]) -> None:
    assert [finding["name"] for finding in rules("CIV-07", [{}], {DIBAO: rows})] == low


@pytest.mark.shows("CIV-07", "exempt", "unknown")
@pytest.mark.parametrize(
    ("said", "low"),
    [({"area": "城市"}, []), ({"area": "农村"}, ["全区"]), ({"area_raw": "？"}, ["全区"]), ({"category": "城镇低保"}, []),
     ({"category": "A类"}, ["全区"]), ({"category": "城镇低保", "area": "农村"}, ["全区"])],
)  # fmt: skip
def test_civ_07_counts_rural_grants_only(rules: Any, said: dict[str, Any], low: list[str]) -> None:
    rows = WELL + [{**row, **said} for row in listed(0, 9, town=None)]
    assert [finding["name"] for finding in rules("CIV-07", [{}], {DIBAO: rows})] == low


def test_civ_07_tells_the_rate(rules: Any) -> None:
    whole, town = rules("CIV-07", [{}], {DIBAO: WELL * 2 + listed(7, 3, town="三江镇")})
    assert (whole["subject_type"], whole["owner"], whole["register_value"]) == ("unit", "区民政局", "核对率应达95%")
    assert "全区农村低保在享50人（户），已核对45，核对率90%" in whole["detail"]
    assert (town["town"], town["source_value"]) == ("三江镇", "低保名单：在享10，已核对7，70%")


@pytest.mark.shows("CIV-08", "hit", "exempt", "boundary")
@pytest.mark.parametrize(
    ("paid", "relief", "hits"),
    [([10000.01], [], 1), ([10000.0], [], 0), ([6000.0, 5000.0], [], 1), ([20000.0], [{"of": 2, "granted_on": date(2020, 3, 1)}], 0),
     ([20000.0], [{"of": 2, "granted_on": date(2019, 3, 1)}], 1)],
)  # fmt: skip
def test_civ_08_heavy_bills_without_relief(rules: Any, paid: list[float], relief: list[Any], hits: int) -> None:
    members = [{}, {"relation": "配偶", "name": "王英"}]
    stays = [{"of": 1, "admitted_on": date(2020, 2, 1), "total": 100000.0, "self_paid": own} for own in paid]
    found = rules("CIV-08", members, {INPATIENT: stays, RELIEF: relief})
    assert [f"本年度住院自付{sum(paid):.2f}".rstrip("0").rstrip(".") in one["detail"] for one in found] == [True] * hits


@pytest.mark.shows("CIV-08", "boundary", "unknown")
def test_civ_08_bills_of_one_person_and_year(rules: Any) -> None:
    bills = ((1, 2020, 9000.0), (2, 2020, 9000.0), (1, 2019, 90000.0), (1, 2020, None), (1, None, 90000.0))
    days = [date(year, 2, 1) if year else None for _, year, _ in bills]
    stays = [
        {"of": of, "admitted_on": day, "total": 1e5, "self_paid": own}
        for (of, _, own), day in zip(bills, days, strict=True)
    ]
    assert rules("CIV-08", [{}, {"relation": "配偶", "name": "王英"}], {INPATIENT: stays, RELIEF: []}) == []


@pytest.mark.parametrize("rule", [f"CIV-0{number}" for number in range(1, 9)])
def test_not_checked_without_its_sources(rules: Any, rule: str) -> None:
    assert rules.state(rule, [{}], {}) == "not_checked"
