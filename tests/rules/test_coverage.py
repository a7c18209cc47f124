"""What was not checked: a list that did not come or is not believed, a column, a town; what is held; floods."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fupin_cli.rules.book import REGISTER
from fupin_cli.rules.catalogue import catalogue
from fupin_cli.rules.check import Checked, RuleCheck, run_rules
from fupin_cli.rules.outline import kinds_read
from fupin_cli.rules.reads import Read
from tests.rules.conftest import KINDS

ROLL, EXEMPTIONS, CERTIFICATES = "education.enrolment", "education.exemptions", "disability.certificates"
WATCH = "register.watchlist"
NOTHING: Any = (date(2020, 6, 30), None, None, None, (), ())


def people(town: str, count: int) -> list[dict[str, Any]]:
    return [{"household_id": f"{town}{n}", "name": f"陈{n}", "town": town, "birth": 20100101} for n in range(count)]


def on_book(rules: Any, rule: str, persons: Any, sources: Any, watch: Any = None, **more: Any) -> Checked:
    """A rule on both engines' books with ``more`` of the receipt in them; they agree."""
    outcomes = [
        run_rules(replace(book, **more), tables, [catalogue()[rule]])
        for tables, book in rules.books(persons, sources, watch=watch, policy={"receipt_flood": 0.3})
    ]
    assert outcomes[0].checks == outcomes[1].checks
    return outcomes[0]


def check_of(checked: Checked) -> RuleCheck:
    (check,) = checked.checks
    return check


def test_town_in_which_a_list_is_in_doubt_is_not_checked(rules: Any) -> None:
    persons = people("灵山镇", 4) + people("三江镇", 4)
    doubts = {ROLL: frozenset({"三江镇"})}
    checked = on_book(rules, "EDU-01", persons, {ROLL: [{"of": 1, "status": "在读"}]}, doubts=doubts)
    check = check_of(checked)
    assert (check.state, check.towns, check.missing) == ("partial", ("三江镇",), (ROLL,))
    assert set(checked.findings["town"]) == {"灵山镇"}
    assert check.whole_elsewhere


def test_list_in_doubt_in_every_town_leaves_nothing_to_check(rules: Any) -> None:
    doubts = {ROLL: frozenset({"灵山镇"}), REGISTER: frozenset({"三江镇"})}
    checked = on_book(rules, "EDU-01", people("灵山镇", 2) + people("三江镇", 2), {ROLL: []}, doubts=doubts)
    assert (check_of(checked).state, check_of(checked).missing) == ("not_checked", (REGISTER, ROLL))


def test_subject_of_no_town_is_not_looked_at_where_a_town_is_in_doubt(rules: Any) -> None:
    persons = [*people("灵山镇", 1), {"household_id": "无", "name": "陈无", "town": None, "birth": 20100101}]
    checked = on_book(rules, "EDU-01", persons, {ROLL: []}, doubts={ROLL: frozenset({"三江镇"})})
    assert checked.findings["name"].to_list() == ["陈0"]


@pytest.mark.parametrize("kind", [ROLL, REGISTER])
def test_list_in_doubt_everywhere_is_as_one_that_did_not_come(rules: Any, kind: str) -> None:
    checked = on_book(rules, "EDU-01", people("灵山镇", 3), {ROLL: []}, doubts={kind: frozenset({""})})
    assert (check_of(checked).state, check_of(checked).missing) == ("not_checked", (kind,))
    assert not checked.findings.height


def test_list_of_few_people_is_complete_as_it_comes(rules: Any) -> None:
    persons = [{**person, "poverty_type": "低保"} for person in people("灵山镇", 30)]
    assert rules.state("CIV-01", persons, {"civil.dibao": []}) == "checked"


def test_what_a_lost_list_could_have_excused_is_held(rules: Any) -> None:
    persons = people("灵山镇", 2) + people("三江镇", 2)
    checked = on_book(rules, "EDU-01", persons, {ROLL: []}, lost={EXEMPTIONS: frozenset({"三江镇"})})
    assert set(checked.held["town"]) == {"三江镇"} and set(checked.findings["town"]) == {"灵山镇"}
    assert all("控辍保学台账" in text for text in checked.held["held_because"])
    assert (check_of(checked).state, check_of(checked).held) == ("partial", 2)


def test_column_that_excuses_and_is_blank_holds_what_it_could_excuse(rules: Any) -> None:
    sources = {ROLL: [], EXEMPTIONS: [{"of": 1, "category": "因残免学"}], CERTIFICATES: [{"of": 1}]}
    checked = on_book(rules, "EDU-03", people("灵山镇", 1), sources)
    assert checked.held.height == 1 and "残疾等级" in checked.held["held_because"][0]


def test_list_that_never_came_is_named_in_the_finding(rules: Any) -> None:
    checked = on_book(rules, "EDU-01", people("灵山镇", 1), {ROLL: []})
    assert "未收到" in checked.findings["detail"][0] and "请先核对" in checked.findings["detail"][0]
    came = {ROLL: [], EXEMPTIONS: [], CERTIFICATES: []}
    assert "未收到" not in on_book(rules, "EDU-01", people("灵山镇", 1), came).findings["detail"][0]


def test_the_dead_of_a_lost_list_stay_dead(rules: Any) -> None:
    for tables, book in rules.books(people("灵山镇", 3), {ROLL: []}):
        found = run_rules(replace(book, dead_before=frozenset({2})), tables, [catalogue()["EDU-01"]]).findings
        assert found["name"].to_list() == ["陈0", "陈2"]


@pytest.mark.parametrize(("count", "before", "accepted", "held"), [
    (30, {}, {}, 30), (19, {}, {}, 0), (30, {("EDU-01", "灵山镇"): 10}, {}, 0), (30, {("EDU-01", "灵山镇"): 9}, {}, 30),
    (30, {}, {ROLL: frozenset({""})}, 0), (30, {}, {REGISTER: frozenset({"灵山镇"})}, 0), (30, {}, {ROLL: frozenset({"三江镇"})}, 30),
])  # fmt: skip
def test_flood_is_held_until_its_list_is_accepted(
    rules: Any, count: int, before: Any, accepted: Any, held: int
) -> None:
    checked = on_book(rules, "EDU-01", people("灵山镇", count), {ROLL: []}, counted_before=before, accepted=accepted)
    assert (checked.held.height, checked.findings.height) == (held, count - held)


def test_flood_is_a_share_of_those_the_rule_could_hit(rules: Any) -> None:
    """Of 40 persons 22 are of school age: 6 of these are not more than 0.3 of them, 7 are."""
    persons = [{**one, "birth": 20100101 if n < 22 else 19800101} for n, one in enumerate(people("灵山镇", 40))]
    for enrolled, held in ((16, 0), (15, 7)):
        roll = {ROLL: [{"of": place + 1, "status": "在读"} for place in range(enrolled)]}
        assert on_book(rules, "EDU-01", persons, roll).held.height == held


def test_flood_of_all_towns_together_is_held_where_each_is_small(rules: Any) -> None:
    persons = [one for town in ("灵山镇", "三江镇", "演丰镇") for one in people(town, 8)]
    assert on_book(rules, "EDU-01", persons, {ROLL: []}).held.height == 24
    before = {("EDU-01", "灵山镇"): 4, ("EDU-01", "三江镇"): 4}
    assert on_book(rules, "EDU-01", persons, {ROLL: []}, counted_before=before).findings.height == 24


def common_reads(rule: str) -> tuple[Read, ...]:
    return catalogue()[rule].reads


@pytest.mark.parametrize("rule", sorted(kinds_read()))
def test_without_the_lists_it_reads_a_rule_is_not_checked(rules: Any, rule: str) -> None:
    """None of its lists: nothing is looked at; one of those that all its parts read: nothing either."""
    kinds = kinds_read()[rule]
    came = {kind: [] for kind in kinds if kind != WATCH}
    _, book = next(rules.books([{}], {}))
    if all({read.kind for read in part.reads} - {REGISTER} for part in catalogue()[rule].parts_in(book)):
        found, state = rules.run(rule, [{}], {}, *NOTHING)
        assert (found, state.state) == ([], "not_checked")
    for kind in {read.kind for read in common_reads(rule)} - {REGISTER, WATCH}:
        found, state = rules.run(rule, [{}], {one: rows for one, rows in came.items() if one != kind}, *NOTHING)
        assert (found, state.state) == ([], "not_checked") and kind in state.missing


@pytest.mark.parametrize("rule", sorted(kinds_read()))
def test_blank_value_column_never_leaves_a_rule_checked(rules: Any, rule: str) -> None:
    """Every list came with rows in which nothing is filled in: no part that reads a value can be checked."""
    came = {kind: [{"of": 1}] for kind in kinds_read()[rule] if kind != WATCH}
    watch = [{"of": 1}] if WATCH in kinds_read()[rule] else None
    for tables, book in rules.books([{"relation": None, "town": None, "village": None}], came, watch=watch):
        (check,) = run_rules(book, tables, [catalogue()[rule]]).checks
        values = [read for part in catalogue()[rule].parts_in(book) for read in part.reads if read.how == "value"]
        assert not values or check.state != "checked", check


@pytest.mark.parametrize(
    "rule", sorted(rule for rule in kinds_read() if any(one.how == "header" for one in common_reads(rule)))
)
def test_rule_is_not_checked_where_a_column_whose_blanks_it_reads_is_not_there(rules: Any, rule: str) -> None:
    came = {kind: [] for kind in kinds_read()[rule] if kind != WATCH}
    for tables, book in rules.books([], came, watch=[]):
        (check,) = run_rules(
            replace(book, columns=dict.fromkeys(tables, frozenset())), tables, [catalogue()[rule]]
        ).checks
        assert check.state == "not_checked"


@pytest.mark.parametrize("rule", sorted(kinds_read()))
def test_reads_name_fields_of_their_kind(rules: Any, rule: str) -> None:
    _, book = next(rules.books([], {}))
    reads = [read for part in catalogue()[rule].parts_in(book) for read in part.reads]
    for read in (*reads, *catalogue()[rule].excuses):
        assert set(read.columns) <= set(KINDS[read.kind].names), (rule, read)


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
