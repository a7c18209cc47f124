"""When the register itself is not believed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.receipt.lists import BOOKS, INSURANCE, LING, REGISTER, ROLL, SAN, doubts, people, receipt

BOTH = people(LING, 30) + people(SAN, 30)
CERTIFICATES, LOANS, POSTS = "civil.tekun", "finance.loans", "employment.posts"


def register(persons: list[dict[str, Any]], **more: Any) -> set[str]:
    """Towns in which the register is in doubt."""
    return doubts({REGISTER: persons, **more.pop("lists", {})}, **more).get(REGISTER, set())


@pytest.mark.parametrize(("left", "doubted"), [(0, {SAN}), (26, {SAN}), (27, set())])
def test_town_of_the_register_gone_or_a_tenth_of_it(left: int, doubted: set[str]) -> None:
    assert register(people(LING, 30) + people(SAN, left), last=receipt({})) == doubted


def test_more_than_a_tenth_everywhere() -> None:
    assert register(people(LING, 26) + people(SAN, 26), last=receipt({})) == {""}


@pytest.mark.parametrize(("persons", "doubted"), [(66, set()), (67, {""}), (54, {""}), (55, set())])
def test_control_total_of_the_district(persons: int, doubted: set[str]) -> None:
    assert register(BOTH, controls=(("", None, persons),)) == doubted


def test_control_total_of_a_town() -> None:
    assert register(BOTH, controls=((SAN, None, 60), (LING, None, 30))) == {SAN}


@pytest.mark.parametrize(("unknown", "doubted"), [(7, {SAN}), (6, set())])
def test_persons_other_lists_say_are_registered(unknown: int, doubted: set[str]) -> None:
    roll = people(LING, 20) + people(SAN, 20, is_registered_poor=True)
    persons = people(LING, 30) + people(SAN, 30)[unknown:]
    assert register(persons, lists={ROLL: roll}) == doubted


def test_fewer_than_twenty_say_nothing() -> None:
    roll = people(LING, 20) + people(SAN, 19, is_registered_poor=True)
    assert register(people(LING, 30) + people(SAN, 30)[15:], lists={ROLL: roll}) == set()


def test_with_memory_the_last_register_decides() -> None:
    insured = people(LING, 30) + [
        {**row, "id_number_key": f"别人{n}", "poor_flag": "建档立卡"} for n, row in enumerate(people(SAN, 25))
    ]
    lists = {INSURANCE: [*insured, *people(SAN, 5)]}
    assert register(BOTH, lists=lists) == {SAN}
    assert register(BOTH, lists=lists, last=receipt({})) == set()


@pytest.mark.parametrize(("counted", "doubted"), [(33, set()), (34, {SAN})])
def test_village_books(counted: int, doubted: set[str]) -> None:
    persons = [{**row, "village": "一村"} for row in BOTH]
    books = [{"town": LING, "village": "一村", "registered_persons": 30}]
    books.append({"town": SAN, "village": "一村", "registered_persons": counted})
    assert register(persons, lists={BOOKS: books}) == doubted


@pytest.mark.parametrize(("rows", "doubted"), [(10, {SAN}), (9, set())])
def test_town_that_three_lists_know(rows: int, doubted: set[str]) -> None:
    lists = {kind: people(LING, 5) + people(SAN, rows) for kind in (CERTIFICATES, LOANS, POSTS)}
    assert register(people(LING, 30), lists=lists) == doubted
    del lists[POSTS]
    assert register(people(LING, 30), lists=lists) == set()


def test_town_of_the_settings_that_a_list_knows() -> None:
    lists = {LOANS: people(SAN, 10)}
    assert register(people(LING, 30), lists=lists, towns=(LING, SAN)) == {SAN}
