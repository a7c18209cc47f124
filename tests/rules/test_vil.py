"""VIL: village books against the sums of the lists."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

BOOKS, DIBAO, TEKUN, CERTIFICATES = "village.books", "civil.dibao", "civil.tekun", "disability.certificates"
PLACE = {"town": "灵山镇", "village": "东营村"}
BOOK = {**PLACE, "households_total": 100, "persons_total": 400}
HOME = {"unsafe_house": False, "safe_water": True, "health": "健康"}
GRANT = {**PLACE, "name": "李四", "household_no": "D1", "covered_count": 3, "status": "在享"}
UNREADABLE = {"status": None, "status_raw": "？"}


def said(rules: Any, book: dict[str, Any], sources: Any = None, **home: Any) -> list[str]:
    findings = rules("VIL-01", [{**HOME, **home}], {BOOKS: [{**BOOK, **book}], **(sources or {})})
    assert all((one["subject_type"], one["name"], one["owner"]) == ("village", "东营村", "灵山镇") for one in findings)
    return [one["source_value"] for one in findings]


@pytest.mark.parametrize("rule", ["VIL-01", "VIL-02"])
def test_not_checked_without_village_books(rules: Any, rule: str) -> None:
    assert rules.state(rule, [HOME], {}) == "not_checked"


def test_vil_01_is_partial_without_the_lists(rules: Any) -> None:
    assert rules.state("VIL-01", [HOME], {BOOKS: [BOOK]}) == "partial"


@pytest.mark.shows("VIL-01", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("book", "sources", "text"), [
    ({"registered_households": 1, "registered_persons": 1}, {}, ""), ({"registered_households": 2}, {}, "建档立卡户数2（台账1）"),
    ({"registered_persons": None}, {}, ""),
    ({"dibao_households": 1, "dibao_persons": 3}, {DIBAO: [GRANT]}, ""), ({"dibao_persons": 4}, {DIBAO: [GRANT]}, "低保人口数4（低保名单3）"),
    ({"dibao_persons": 2}, {DIBAO: [{**GRANT, "covered_count": None}] * 2}, ""), ({"dibao_persons": 3}, {DIBAO: [GRANT] * 2}, ""),
    ({"dibao_persons": 9}, {DIBAO: [{**GRANT, "status": "停发"}]}, ""), ({"dibao_persons": 9}, {}, ""),
    ({"dibao_persons": 9}, {DIBAO: [GRANT, {**GRANT, "village": None}]}, ""), ({"dibao_persons": 9}, {DIBAO: [{**GRANT, "town": "三江镇"}]}, ""),
    ({"dibao_persons": 9}, {DIBAO: [{**GRANT, "village": "大昌村"}]}, "低保人口数9（低保名单0）"),
    ({"tekun_persons": 2}, {TEKUN: [{**PLACE, "name": "李四", "status": "正常"}]}, "特困供养人口数2（特困名单1）"),
    ({"tekun_persons": 2}, {TEKUN: [{**PLACE, "name": "李四"}, {"village": "东营村", "name": "王五"}]}, ""),
    ({"tekun_persons": 2}, {TEKUN: [{**PLACE, "name": "李四"}, {"name": "王五"}]}, ""),
    ({"disabled_persons": 2}, {CERTIFICATES: [{**PLACE, "name": "李四"}]}, "残疾人口数2（持证残疾人名单1）"),
    ({"dibao_persons": 3}, {DIBAO: [GRANT, {**GRANT, "household_no": "D2", "status": "停发"}]}, ""),
    ({"dibao_persons": 6}, {DIBAO: [GRANT, {**GRANT, "household_no": "D2", **UNREADABLE}]}, ""),
    ({"tekun_persons": 2}, {TEKUN: [{**PLACE, "name": "李四"}, {**PLACE, "name": "王五", **UNREADABLE}]}, ""),
    ({"disabled_persons": 1}, {CERTIFICATES: [{**PLACE, "name": "李四"}, {**PLACE, "name": "王五", "expires_on": date(2020, 6, 29)}]}, ""),
    ({"disabled_persons": 1}, {CERTIFICATES: [{**PLACE, "name": "李四"}, {**PLACE, "name": "王五", "expires_on": date(2020, 6, 30)}]}, "残疾人口数1（持证残疾人名单2）"),
])  # fmt: skip
def test_vil_01_book_and_list_agree(rules: Any, book: dict[str, Any], sources: Any, text: str) -> None:
    assert said(rules, book, sources) == ([text] if text else [])


@pytest.mark.shows("VIL-01", "exempt", "boundary")
@pytest.mark.parametrize(("told", "text"), [
    (0, "建档立卡人口数0（台账1）"), (1, ""), (2, ""), (3, "建档立卡人口数3（台账1）"),
])  # fmt: skip
def test_vil_01_a_book_may_count_the_dead_or_not(rules: Any, told: int, text: str) -> None:
    persons = [HOME, {**HOME, "name": "王英"}]
    sources = {BOOKS: [{**BOOK, "registered_persons": told}], "civil.deaths": [{"of": 2, "died_on": date(2020, 6, 1)}]}
    assert [one["source_value"] for one in rules("VIL-01", persons, sources)] == ([text] if text else [])


def test_vil_takes_the_town_of_a_village_from_the_register_where_it_is_alone(rules: Any) -> None:
    book = {**BOOK, "town": None, "registered_persons": 9, "poor_village": False}
    (finding,) = rules("VIL-01", [HOME], {BOOKS: [book]})
    assert (finding["town"], finding["owner"]) == ("灵山镇", "灵山镇")
    namesake = {**HOME, "household_id": "H2", "name": "王英", "town": "三江镇"}
    assert rules("VIL-01", [HOME, namesake], {BOOKS: [book]}) == []


@pytest.mark.shows("VIL-01", "unknown")
def test_vil_01_someone_without_household_number_may_be_another_home(rules: Any) -> None:
    persons = [HOME, {**HOME, "name": "王英", "household_id": None}]
    assert rules("VIL-01", persons, {BOOKS: [{**BOOK, "registered_households": 2}]}) == []


@pytest.mark.shows("VIL-01", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("book", "home", "text"), [
    ({"unsafe_house_households": 0}, {"unsafe_house": True}, "危房户数0（台账危房户1）"), ({"unsafe_house_households": 5}, {"unsafe_house": True}, ""),
    ({"unsafe_house_households": 0}, {"unsafe_house": None}, ""), ({"unsafe_water_households": 0}, {"safe_water": False}, "未实现饮水安全户数0（台账饮水不安全户1）"),
    ({"disabled_persons": 0}, {"health": "残疾"}, "残疾人口数0（台账残疾人1）"), ({"disabled_persons": None}, {"health": "残疾"}, ""),
])  # fmt: skip
def test_vil_01_book_says_no_less_than_the_register(
    rules: Any, book: dict[str, Any], home: dict[str, Any], text: str
) -> None:
    assert said(rules, book, **home) == ([text] if text else [])


@pytest.mark.shows("VIL-01", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("book", "text"), [
    ({"disabled_persons": 401}, "残疾人口数401（总人口数400）"), ({"disabled_persons": 400}, ""),
    ({"households_total": 401}, "总户数401（总人口数400）"), ({"households_total": None, "unsafe_house_households": 999}, ""),
])  # fmt: skip
def test_vil_01_a_part_is_no_more_than_the_whole(rules: Any, book: dict[str, Any], text: str) -> None:
    assert said(rules, book) == ([text] if text else [])


def homes(count: int, **last: Any) -> list[dict[str, Any]]:
    persons = [{**HOME, "household_id": f"H{n}", "name": f"陈{n}"} for n in range(count)]
    return [*persons[:-1], {**persons[-1], **last}]


@pytest.mark.shows("VIL-02", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("book", "count", "hits"), [
    ({"poor_village": False}, 21, 1), ({"poor_village": False}, 20, 0), ({"poor_village": True}, 21, 0), ({"poor_village": None}, 21, 0),
    ({"poor_village": False, "town": None}, 21, 1), ({"poor_village": False, "town": "三江镇"}, 21, 0),
])  # fmt: skip
def test_vil_02_many_registered_in_a_village_not_poor(rules: Any, book: dict[str, Any], count: int, hits: int) -> None:
    findings = rules("VIL-02", homes(count), {BOOKS: [{**BOOK, **book}]})
    assert [(one["name"], one["owner"], one["register_value"]) for one in findings] == [
        ("东营村", "灵山镇、区扶贫办", "建档立卡户：21户")
    ] * hits


@pytest.mark.shows("VIL-02", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("last", "dead"), [
    ({"household_id": "H0"}, []), ({"household_id": None}, []), ({"village": None}, []), ({"village": "大昌村"}, []), ({}, [{"of": 21}]),
])  # fmt: skip
def test_vil_02_counts_living_homes_known_to_be_of_the_village(
    rules: Any, last: dict[str, Any], dead: list[dict[str, Any]]
) -> None:
    sources = {BOOKS: [{**BOOK, "poor_village": False}], "civil.deaths": dead}
    assert rules("VIL-02", homes(21, **last), sources) == []
