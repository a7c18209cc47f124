"""Which record is which person: every level, and the pairs that must never be linked."""

from __future__ import annotations

import polars as pl
import pytest
from tables import COLUMNS, ID, OTHER, decided, link, person

from fupin_cli.linkage.link import LINK_SCHEMA, link_tables


def test_equal_id_links() -> None:
    linked = link([person()], [person()])
    assert decided(linked) == [(1, "link", "证件号一致")]
    assert linked.tables["education.enrolment"].collect()["pid"].to_list() == [1]


def test_equal_id_with_another_name_links_and_says_so() -> None:
    linked = link([person("陈一")], [person("王芳芳")])
    assert decided(linked)[0][1] == "link"
    assert linked.links["name_relation"].to_list() == ["different"]


@pytest.mark.parametrize(
    ("name", "relation"), [("陈一", "same"), ("陈依", "homophone"), ("陈二", "one_char"), ("李大明", "different")]
)
def test_name_relation(name: str, relation: str) -> None:
    assert link([person("陈一")], [person(name)]).links["name_relation"].to_list() == [relation]


@pytest.mark.parametrize(
    ("number", "status", "level"),
    [
        (ID, "repaired", "证件号规范化后一致且姓名相同"),
        ("460108198001011000", "precision_lost", "证件号末位失真、前15位一致且姓名相同"),
        ("460108********1015", "masked", "证件号遮盖较多、可见数字一致，姓名相同，村不矛盾"),
        ("46010819800101****", "masked", "证件号部分遮盖、可见数字一致且姓名相同"),
        ("46010819800101101", "malformed", "证件号多一位或少一位且姓名相同"),
        ("460108198001011014", "checksum", "证件号前17位一致、校验码不同且姓名相同"),
        ("460108198001011025", "checksum", "证件号相差一位且姓名相同"),
        ("460108198010011015", "checksum", "证件号相邻两位颠倒且姓名相同"),
    ],
)
def test_damaged_number_of_the_same_name_links(number: str, status: str, level: str) -> None:
    assert decided(link([person()], [person(number=number, status=status)])) == [(1, "link", level)]


@pytest.mark.parametrize(
    ("number", "status"), [("460108198001011025", "checksum"), ("460108********1015", "masked"), (None, "missing")]
)
def test_damaged_number_of_another_name_never_links(number: str | None, status: str) -> None:
    assert decided(link([person()], [person("李四", number, status)])) == []


def test_two_valid_ids_are_two_persons_even_with_one_name_and_village() -> None:
    assert decided(link([person(village="东营村")], [person(number=OTHER, village="东营村")])) == []


def test_registered_id_never_links_elsewhere_by_name() -> None:
    people = [person("陈一", ID), person("李四", None, "missing", village="东营村")]
    assert decided(link(people, [person("李四", ID, village="东营村")])) == [(1, "link", "证件号一致")]


def test_missing_number_with_name_and_village_goes_to_review() -> None:
    linked = link([person(village="东营村")], [person(number=None, status="missing", village="东营村")])
    assert decided(linked) == [(1, "review", "姓名、村一致，证件号缺失")]
    assert linked.tables["education.enrolment"].collect()["pid"].to_list() == [None]


def test_missing_number_with_name_birth_and_village_links() -> None:
    born = {"birth_date": "1980-01-01", "birth_date_day": 722815, "village": "东营村"}
    linked = link([person(village="东营村")], [person(number=None, status="missing", **born)])
    assert decided(linked) == [(1, "link", "姓名、出生日期、村一致，证件号缺失")]


def test_missing_number_with_another_birth_date_is_a_stranger() -> None:
    born = {"birth_date": "1990-01-01", "birth_date_day": 726468, "village": "东营村"}
    assert decided(link([person(village="东营村")], [person(number=None, status="missing", **born)])) == []


def test_two_equal_candidates_mean_review() -> None:
    people = [person(number=ID, village="东营村"), person(number=OTHER, village="东营村")]
    linked = link(people, [person(number=None, status="missing", village="东营村")])
    assert {state for _, state, _ in decided(linked)} == {"review"}


def test_number_of_two_registered_persons_goes_to_the_one_of_that_name() -> None:
    assert decided(link([person("陈一"), person("李四")], [person("李四")])) == [(2, "link", "证件号一致")]


def test_number_of_two_registered_persons_of_other_names_goes_to_review() -> None:
    assert {state for _, state, _ in decided(link([person("陈一"), person("李四")], [person("王五")]))} == {"review"}


def test_person_registered_twice_is_one_person() -> None:
    linked = link([person(household_id="H1"), person(household_id="H2")], [person()])
    assert linked.persons.collect().height == 1
    assert decided(linked) == [(1, "link", "证件号一致")]


def test_order_of_rows_does_not_matter() -> None:
    people = [person("陈一"), person("李四", OTHER)]
    records = [person("李四", OTHER), person("陈一", "460108198001011025", "checksum"), person("赵六", None, "missing")]
    forward, backward = link(people, records), link(people, records[::-1])
    assert sorted(forward.links["level"]) == sorted(backward.links["level"])


def test_no_register_links_nothing() -> None:
    linked = link_tables({"education.enrolment": pl.LazyFrame([{"rid": 1, **person()}], schema=COLUMNS)})
    assert linked.links.schema == pl.Schema(LINK_SCHEMA)
    assert linked.tables["education.enrolment"].collect()["pid"].to_list() == [None]
