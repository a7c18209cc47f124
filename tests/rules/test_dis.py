"""DIS: certificates in force, the register's health, the two allowances."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

CERTIFICATES, ALLOWANCES, TEKUN = "disability.certificates", "disability.allowances", "civil.tekun"
LIVING, CARE = "困难残疾人生活补贴", "重度残疾人护理补贴"
HELD = {"of": 1, "grade": 2, "kind": "肢体"}
PLAIN = {"poverty_type": "一般"}


@pytest.mark.shows("DIS-01", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("health", "rows", "hits"),
    [
        ("健康", [HELD], 1), ("残疾", [HELD], 0), ("残疾,长期慢性病", [HELD], 0), (None, [HELD], 0), ("残疾", [], 1), ("健康", [], 0),
        ("残疾", [{**HELD, "expires_on": date(2020, 6, 29)}], 1), ("残疾", [{**HELD, "expires_on": date(2020, 6, 30)}], 0),
        ("健康", [{**HELD, "expires_on": date(2020, 6, 29)}], 0),
    ],
)  # fmt: skip
def test_dis_01_register_against_certificates(rules: Any, health: str | None, rows: list[Any], hits: int) -> None:
    assert len(rules("DIS-01", [{"health": health}], {CERTIFICATES: rows})) == hits


@pytest.mark.shows("DIS-02", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("paid", "hits"),
    [([], 1), ([{"allowance": LIVING, "status": "正常"}], 0), ([{"allowance": CARE}], 1), ([{"allowance": LIVING, "status": "停发"}], 1),
     ([{"allowance": LIVING, "status": None, "status_raw": "？"}], 0), ([{"allowance": None, "status": "正常"}], 0)],
)  # fmt: skip
def test_dis_02_living_allowance(rules: Any, paid: list[Any], hits: int) -> None:
    rows = [{"of": 1, **row} for row in paid]
    assert len(rules("DIS-02", [PLAIN], {CERTIFICATES: [HELD], ALLOWANCES: rows})) == hits


@pytest.mark.shows("DIS-02", "exempt", "boundary")
@pytest.mark.shows("DIS-03", "exempt", "boundary")
@pytest.mark.parametrize(("expires", "hits"), [(date(2020, 6, 29), 0), (date(2020, 6, 30), 1)])
def test_dis_02_and_03_ask_for_a_certificate_in_force(rules: Any, expires: date, hits: int) -> None:
    sources = {CERTIFICATES: [{**HELD, "expires_on": expires}], ALLOWANCES: []}
    assert [len(rules(rule, [PLAIN], sources)) for rule in ("DIS-02", "DIS-03")] == [hits, hits]


@pytest.mark.shows("DIS-02", "exempt", "unknown")
def test_dis_02_exempts_tekun_by_the_list_or_without_it_by_the_register(rules: Any) -> None:
    sources = {CERTIFICATES: [HELD], ALLOWANCES: []}
    assert rules("DIS-02", [{}], {**sources, TEKUN: [{"of": 1, "status": "正常"}]}) == []
    assert rules("DIS-02", [{}], {**sources, TEKUN: [{"of": 1, "status_raw": "？"}]}) == []
    assert len(rules("DIS-02", [{"poverty_type": "特困"}], {**sources, TEKUN: [{"of": 1, "status": "停发"}]})) == 1
    assert rules("DIS-02", [{"poverty_type": "特困"}], sources) == []
    assert len(rules("DIS-02", [{}, {**PLAIN, "household_id": "H2"}], sources)) == 1


@pytest.mark.shows("DIS-02", "hit", "exempt", "unknown")
@pytest.mark.parametrize(
    ("grade", "covered", "hits"),
    [(2, [1, 2], 1), (3, [1, 2], 0), (None, [1, 2], 0), (None, [1, 2, 3, 4], 1), (4, [1, 2, 3, 4], 1)],
)
def test_dis_02_asks_of_the_grades_the_district_pays(
    rules: Any, grade: int | None, covered: list[int], hits: int
) -> None:
    sources = {CERTIFICATES: [{**HELD, "grade": grade}], ALLOWANCES: []}
    found = rules("DIS-02", [PLAIN], sources, policy={"living_allowance_grades": covered})
    assert [one["severity"] for one in found] == ["一般"] * hits


@pytest.mark.shows("DIS-03", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("grade", "paid", "hits"), [
    (1, {}, 1), (2, {}, 1), (3, {}, 0), (None, {}, 0), (2, {"allowance": CARE}, 0), (2, {"allowance": CARE, "status": "停发"}, 1),
    (2, {"allowance": CARE, "status_raw": "？"}, 0), (2, {"allowance": None}, 0),
])  # fmt: skip
def test_dis_03_care_allowance_for_severe_grades(
    rules: Any, grade: int | None, paid: dict[str, Any], hits: int
) -> None:
    sources = {CERTIFICATES: [{**HELD, "grade": grade}], ALLOWANCES: [{"of": 1, "allowance": LIVING, **paid}]}
    assert len(rules("DIS-03", [{}], sources)) == hits


@pytest.mark.parametrize("rule", ["DIS-01", "DIS-02", "DIS-03"])
def test_not_checked_without_its_sources(rules: Any, rule: str) -> None:
    assert rules.state(rule, [{}], {}) == "not_checked"
