"""CIV: 低保, 特困, deaths, relief."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

DIBAO, TEKUN, RELIEF, DEATHS, INPATIENT = (
    "civil.dibao",
    "civil.tekun",
    "civil.relief",
    "civil.deaths",
    "health.inpatient",
)
AS_OF = date(2020, 6, 30)
ON = {"of": 1, "status": "在享"}
OFF = {"of": 1, "status": "停发"}
BLANK = {"of": 1}
UNREADABLE = {"of": 1, "status": None, "status_raw": "？"}
KEY = "460108195001011019"


@pytest.mark.parametrize(
    ("rows", "hits"), [([], 1), ([ON], 0), ([BLANK], 0), ([OFF], 1), ([UNREADABLE], 0), ([OFF, ON], 0)]
)
def test_civ_01_dibao_household_without_active_record(rules: Any, rows: list[Any], hits: int) -> None:
    assert len(rules("CIV-01", [{"poverty_type": "低保"}], {DIBAO: rows})) == hits


def test_civ_01_any_member_counts_and_other_types_do_not(rules: Any) -> None:
    members = [{"poverty_type": "低保"}, {"poverty_type": "低保", "relation": "配偶", "name": "王英"}]
    assert rules("CIV-01", members, {DIBAO: [{"of": 2, "status": "正常"}]}) == []
    assert rules("CIV-01", [{"poverty_type": "一般"}], {DIBAO: []}) == []


@pytest.mark.parametrize(
    ("kind", "row", "hits"),
    [("一般", ON, 1), ("一般", OFF, 0), ("一般", UNREADABLE, 0), ("低保", ON, 0), ("特困", ON, 0), (None, ON, 0)],
)
def test_civ_02_on_the_list_but_plain_in_the_register(
    rules: Any, kind: str | None, row: dict[str, Any], hits: int
) -> None:
    assert len(rules("CIV-02", [{"poverty_type": kind}], {DIBAO: [row]})) == hits


@pytest.mark.parametrize(
    ("kind", "rows", "severity"), [("特困", [], "严重"), ("特困", [ON], None), ("一般", [ON], "一般"), ("低保", [ON], "一般"), ("一般", [OFF], None), (None, [ON], None)]
)  # fmt: skip
def test_civ_03_either_way_round(rules: Any, kind: str | None, rows: list[Any], severity: str | None) -> None:
    found = rules("CIV-03", [{"poverty_type": kind}], {TEKUN: rows})
    assert [finding["severity"] for finding in found] == ([severity] if severity else [])


@pytest.mark.parametrize(("first", "second", "hits"), [(ON, ON, 1), (ON, OFF, 0), (UNREADABLE, ON, 0)])
def test_civ_04_on_both_lists(rules: Any, first: dict[str, Any], second: dict[str, Any], hits: int) -> None:
    assert len(rules("CIV-04", [{}], {DIBAO: [first], TEKUN: [second]})) == hits


@pytest.mark.parametrize(("days", "hits"), [(31, 1), (30, 0)])
def test_civ_05_still_active_after_death(rules: Any, days: int, hits: int) -> None:
    death = {"of": 1, "died_on": AS_OF - timedelta(days=days)}
    found = rules("CIV-05", [{}], {DEATHS: [death], DIBAO: [ON], TEKUN: [OFF]})
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


def test_civ_05_paid_later_and_undated_death(rules: Any) -> None:
    death = {"of": 1, "died_on": date(2020, 1, 1)}
    aid = {"of": 1, "paid_on": date(2020, 2, 1)}
    assert len(rules("CIV-05", [{}], {DEATHS: [death], "education.aid": [aid]})) == 1
    assert rules("CIV-05", [{}], {DEATHS: [death], "education.aid": [{**aid, "paid_on": date(2020, 1, 31)}]}) == []
    assert rules("CIV-05", [{}], {DEATHS: [{"of": 1}], DIBAO: [ON]}) == []


@pytest.mark.parametrize(
    ("income", "rows", "hits"),
    [(5999.0, [], 1), (6000.0, [], 0), (None, [], 0), (5000.0, [ON], 0), (5000.0, [UNREADABLE], 0)],
)
def test_civ_06_poor_and_on_no_list(rules: Any, income: float | None, rows: list[Any], hits: int) -> None:
    assert len(rules("CIV-06", [{"net_income": income}], {DIBAO: rows, TEKUN: []})) == hits


def test_civ_07_rate_of_the_district_and_each_town(rules: Any) -> None:
    def rows(town: str, yes: int, no: int) -> list[dict[str, Any]]:
        return [{"name": "甲", "town": town, "status": "在享", "verified": number < yes} for number in range(yes + no)]

    found = rules("CIV-07", [{}], {DIBAO: [*rows("灵山镇", 19, 1), *rows("三江镇", 18, 2)]})
    assert [finding["name"] for finding in found] == ["全区", "三江镇"]
    assert rules("CIV-07", [{}], {DIBAO: rows("灵山镇", 19, 1)}) == []
    assert rules("CIV-07", [{}], {DIBAO: [{"name": "甲", "town": "灵山镇", "status": "在享"}]}) == []


@pytest.mark.parametrize(
    ("paid", "relief", "hits"),
    [([10000.01], [], 1), ([10000.0], [], 0), ([6000.0, 5000.0], [], 1), ([20000.0], [{"of": 2, "granted_on": date(2020, 3, 1)}], 0),
     ([20000.0], [{"of": 2, "granted_on": date(2019, 3, 1)}], 1)],
)  # fmt: skip
def test_civ_08_heavy_bills_without_relief(rules: Any, paid: list[float], relief: list[Any], hits: int) -> None:
    members = [{}, {"relation": "配偶", "name": "王英"}]
    stays = [{"of": 1, "admitted_on": date(2020, 2, 1), "total": 100000.0, "self_paid": own} for own in paid]
    assert len(rules("CIV-08", members, {INPATIENT: stays, RELIEF: relief})) == hits


@pytest.mark.parametrize("rule", [f"CIV-0{number}" for number in range(1, 9)])
def test_not_checked_without_its_sources(rules: Any, rule: str) -> None:
    assert rules.state(rule, [{}], {}) == "not_checked"
