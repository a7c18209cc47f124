"""What was not checked: a source that did not arrive, a list that leaves out a whole town."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fupin_cli.rules.catalogue import catalogue
from fupin_cli.rules.check import run_rules

ROLL = "education.enrolment"
AS_OF = date(2020, 6, 30)


def people(town: str, count: int) -> list[dict[str, Any]]:
    return [{"household_id": f"{town}{n}", "name": f"陈{n}", "town": town, "birth": 20100101} for n in range(count)]


def check(
    rules: Any, persons: list[dict[str, Any]], rows: list[dict[str, Any]], rule: str = "EDU-01"
) -> tuple[Any, Any]:
    return rules.run(rule, persons, {ROLL: rows}, AS_OF, None, None, None, (), ())


def test_town_nobody_of_which_is_listed_is_not_checked(rules: Any) -> None:
    persons = people("灵山镇", 20) + people("三江镇", 20)
    rows = [{"of": place, "status": "在读"} for place in range(1, 20)]
    findings, state = check(rules, persons, rows)
    assert (state.state, state.towns, state.missing) == ("partial", ("三江镇",), (ROLL,))
    assert [finding["town"] for finding in findings] == ["灵山镇"]


def test_small_town_is_checked_all_the_same(rules: Any) -> None:
    persons = people("灵山镇", 20) + people("三江镇", 19)
    findings, state = check(rules, persons, [{"of": 1, "status": "在读"}])
    assert state.state == "checked"
    assert len(findings) == 38


def test_list_of_few_people_is_complete_as_it_comes(rules: Any) -> None:
    persons = [{**person, "poverty_type": "低保"} for person in people("灵山镇", 30)]
    _, state = rules.run("CIV-01", persons, {"civil.dibao": []}, AS_OF, None, None, None, (), ())
    assert state.state == "checked"


@pytest.mark.parametrize("rule", sorted(catalogue()))
def test_without_the_sources_it_needs_a_rule_is_not_checked(rules: Any, rule: str) -> None:
    known = catalogue()[rule]
    groups = [(kind,) for kind in known.needs] + ([known.any_of] if known.any_of else [])
    for missing in groups:
        others = {kind for group in groups for kind in group} - set(missing) - {"register.persons"}
        found, state = rules.run(rule, [{}], {kind: [] for kind in others}, AS_OF, None, None, None, (), ())
        assert (found, state.state, set(state.missing)) == ([], "not_checked", set(missing))


@pytest.mark.parametrize("rule", sorted(rule.id for rule in catalogue().values() if rule.columns))
def test_rule_is_not_checked_where_a_column_it_needs_holds_nothing(rules: Any, rule: str) -> None:
    known = catalogue()[rule]
    sources: dict[str, list[dict[str, Any]]] = {kind: [{"of": 1}] for kind in (*known.needs, *known.any_of)}
    found, state = rules.run(rule, [{"relation": None}], sources, AS_OF, None, None, None, (), ())
    assert (found, state.state) == ([], "not_checked")
    assert len(state.missing) == sum(map(len, known.columns.values()))


@pytest.mark.parametrize("rule", sorted(rule.id for rule in catalogue().values() if rule.headers))
def test_rule_is_not_checked_where_a_column_whose_blanks_it_reports_is_not_there(rules: Any, rule: str) -> None:
    known = catalogue()[rule]
    kinds = {kind: [] for kind in (*known.needs, *known.any_of)}
    tables, book = next(rules.books([], kinds))
    (_, (state,)) = run_rules(replace(book, columns=dict.fromkeys(tables, frozenset())), tables, [known], [])
    assert state.state == "not_checked"
    assert len(state.missing) == sum(map(len, known.headers.values()))


def test_every_rule_has_its_words() -> None:
    for rule in catalogue().values():
        assert rule.condition and rule.basis.startswith("工作要点") and rule.detail.endswith("。"), rule.id


def test_catalogue_is_complete() -> None:
    counts = {
        "IDN": 5, "REG": 30, "MON": 8, "VIL": 2, "EDU": 10, "MED": 19, "HSG": 9, "WAT": 5, "CIV": 8, "DIS": 3,
        "EMP": 3, "IND": 2, "FIN": 4, "FND": 3, "INF": 3,
    }  # fmt: skip
    expected = [f"{family}-{number:02d}" for family, count in counts.items() for number in range(1, count + 1)]
    assert list(catalogue()) == expected


SORTS = {"hit", "exempt", "boundary", "unknown"}
# The rules whose sentence names nobody to be left out.
NO_EXEMPTION = {
    "REG-05", "REG-06", "REG-07", "REG-08", "REG-14",  # the register as written, the dead included
    "MED-15", "MED-19", "HSG-08", "EMP-03", "FND-01", "FND-02", "INF-01", "INF-02", "INF-03",  # records, no persons
}  # fmt: skip


def test_every_rule_is_shown_to_hit_to_exempt_at_its_boundary_and_with_the_unknown(
    request: pytest.FixtureRequest,
) -> None:
    """``@pytest.mark.shows(rule, *sorts)`` says what a test shows; missing sources are above."""
    items = request.session.items
    if not set(Path(__file__).parent.glob("test_*.py")) <= {item.path for item in items}:
        pytest.skip("needs all the tests of the rules")
    marks = [mark.args for item in items for mark in item.iter_markers("shows")]
    shown = {(rule, sort) for rule, *sorts in marks for sort in sorts}
    wanted = {(rule, sort) for rule in catalogue() for sort in SORTS if sort != "exempt" or rule not in NO_EXEMPTION}
    assert shown == wanted
