"""The facts that make a light red: each alone, at its boundary, unknown, and without its source."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fupin_cli.rules.risks import GRAVE_MEMBER, LOW_INCOME, MEDICAL_BURDEN, NO_LABOUR, red_facts

SERIOUS, CERTIFICATES = "health.serious", "disability.certificates"
INPATIENT, OUTPATIENT = "health.inpatient", "health.outpatient"
WELL = {"labour": "普通劳动力", "health": "健康", "net_income": 8000.0, "birth": 19800101}


def reasons(rules: Any, persons: list[Any], sources: Any = None, watch: Any = None) -> set[tuple[str, str]]:
    frames = rules.on_books(red_facts, persons, sources, watch=watch)
    found = [set(frame.select("household_id", "reason").iter_rows()) for frame in frames]
    assert found[0] == found[1]
    return found[0]


def of_one(rules: Any, sources: Any = None, **changes: Any) -> set[str]:
    return {reason for _, reason in reasons(rules, [{**WELL, **changes}], sources)}


def test_sound_household_has_none(rules: Any) -> None:
    assert of_one(rules) == set()


@pytest.mark.parametrize("health", ["患有大病", "患有大病,残疾"])
def test_serious_disease_in_the_register(rules: Any, health: str) -> None:
    assert of_one(rules, health=health) == {GRAVE_MEMBER}


def test_serious_disease_in_the_bureaus_list(rules: Any) -> None:
    assert of_one(rules, {SERIOUS: [{"of": 1}]}) == {GRAVE_MEMBER}


@pytest.mark.parametrize(("grade", "expires", "found"), [
    (2, None, True), (3, None, False), (None, None, False), (1, date(2020, 6, 29), False), (1, date(2020, 6, 30), True),
])  # fmt: skip
def test_severe_disability_in_force(rules: Any, grade: int | None, expires: date | None, found: bool) -> None:
    row = {"of": 1, "grade": grade} | ({"expires_on": expires} if expires else {})
    assert of_one(rules, {CERTIFICATES: [row]}) == ({GRAVE_MEMBER} if found else set())


@pytest.mark.parametrize(("labour", "birth", "found"), [
    ("无劳动力", 19500101, True), ("丧失劳动力", 19800101, True), ("弱劳动力或半劳动力", 19500101, False),
    (None, 19800101, False), (None, 20100101, True),
])  # fmt: skip
def test_no_labour_in_the_household(rules: Any, labour: str | None, birth: int, found: bool) -> None:
    assert of_one(rules, labour=labour, birth=birth) == ({NO_LABOUR} if found else set())


@pytest.mark.parametrize(
    ("paid", "income", "found"), [(3200.0, 8000.0, False), (3200.1, 8000.0, True), (9e9, None, False)]
)
def test_medical_burden_adds_all_bills_of_the_year_and_all_members(
    rules: Any, paid: float, income: float | None, found: bool
) -> None:
    persons = [{**WELL, "net_income": income}, {**WELL, "name": "陈二", "net_income": income}]
    sources = {
        INPATIENT: [
            {"of": 1, "admitted_on": date(2020, 2, 1), "self_paid": 1000.0},
            {"of": 1, "admitted_on": None, "self_paid": 50000.0},
        ],
        OUTPATIENT: [
            {"of": 2, "visited_on": date(2020, 3, 1), "self_paid": paid - 1000},
            {"of": 2, "visited_on": date(2019, 3, 1), "self_paid": 50000.0},
            {"of": 2, "visited_on": None, "self_paid": 50000.0},
        ],
    }
    assert reasons(rules, persons, sources) == ({("H1", MEDICAL_BURDEN)} if found else set())


@pytest.mark.parametrize(("income", "found"), [(4999.99, True), (5000.0, False), (None, False)])
def test_low_income(rules: Any, income: float | None, found: bool) -> None:
    assert of_one(rules, net_income=income) == ({LOW_INCOME} if found else set())


def test_households_of_the_watchlist_are_looked_at_too(rules: Any) -> None:
    watch = [{**WELL, "household_id": "W1", "name": "李二", "net_income": 3000.0}]
    assert reasons(rules, [WELL], watch=watch) == {("W1", LOW_INCOME)}


def test_dead_members_do_not_count(rules: Any) -> None:
    persons = [WELL, {**WELL, "name": "陈二", "health": "患有大病"}]
    assert reasons(rules, persons, {"civil.deaths": [{"of": 2, "died_on": date(2020, 1, 1)}]}) == set()
