"""Every level of evidence: what it takes, and what it must not take."""

from __future__ import annotations

from typing import Any

import pytest
from tables import ID, OTHER, decided, link, numberless, person

from fupin_cli.linkage.levels import LEVELS

HERE = {"village": "东营村"}
CALL = {"phone": "13800000001"}
BORN = "1980-01-01"
WRONG = "460108198001011025"  # one digit of ID
TWO_WRONG = "460108198001021025"
REVIEW_ONLY = "review"


@pytest.mark.parametrize(
    ("registered", "record", "state", "level"),
    [
        ({}, person("陈依", WRONG, "checksum"), "link", "证件号基本一致（个别数字有误、失真或遮盖）且姓名同音"),
        (HERE, person("陈二", WRONG, "checksum", **HERE), "link", "证件号个别数字有误，姓名相差一个字，村、电话或同户成员相符"),
        ({}, person("陈二", WRONG, "checksum"), "review", "证件号基本一致，姓名相差一个字"),
        (CALL, person("李大明", WRONG, "checksum", **CALL), "review", "证件号基本一致，村、电话或同户成员相符，姓名不同"),
        (HERE, person("陈一", TWO_WRONG, "checksum", **HERE), "link", "证件号相差两位，姓名相同，村、电话或同户成员相符"),
        ({}, person("陈一", "460108198001011225", "checksum"), "review", "证件号相差两位，姓名相同或同音"),
        (HERE, person("陈一", "450222198001019999", "checksum", **HERE), "link", "姓名、出生日期、村一致，证件号有误"),
        (HERE, numberless("陈一", BORN, **HERE), "link", "姓名、出生日期、村一致，证件号缺失"),
        (CALL, numberless("陈一", BORN, **CALL), "link", "姓名、出生日期一致，电话或同户成员相符，证件号缺失或有误"),
        (CALL, numberless("陈一", **CALL), "link", "姓名、联系电话一致，证件号缺失"),
        (CALL, numberless("陈一", "1990-01-01", **CALL), "review", "姓名、电话一致，出生日期或性别不同，证件号缺失"),
        (HERE, numberless("陈依", BORN, **HERE), "link", "姓名同音，出生日期一致，村、电话或同户成员相符，证件号缺失"),
        ({}, numberless("陈依", BORN), "review", "姓名同音，出生日期一致，证件号缺失"),
        ({}, numberless("陈一", BORN), "review", "姓名、出生日期一致，证件号缺失或有误"),
        (HERE, numberless("陈一", **HERE), "review", "姓名、村一致，证件号缺失"),
        (CALL, numberless("陈依", **CALL), "review", "姓名同音，电话或同户成员相符，证件号缺失"),
        (HERE, numberless("陈二", BORN, **HERE), "review", "姓名相差一个字，出生日期一致，村、电话或同户成员相符，证件号缺失"),
        (CALL, numberless("李大明", BORN, **CALL), "review", "出生日期、电话一致，姓名不同，证件号缺失"),
        (HERE, person("陈一", "460108********1015", "masked", village="大昌村"), "review", "证件号可见数字一致、姓名相同，村不同"),
        (HERE, person("陈依", "460108********1015", "masked", **HERE), "review", "证件号可见数字一致、姓名同音"),
    ],
)  # fmt: skip
def test_level(registered: dict[str, Any], record: dict[str, Any], state: str, level: str) -> None:
    assert decided(link([person(**registered)], [record])) == [(1, state, level)]


@pytest.mark.parametrize(
    ("registered", "record"),
    [
        ({}, person("李大明", WRONG, "checksum")),
        (HERE, numberless("李大明", BORN, **HERE)),
        (HERE, numberless("陈一", "1990-01-01", **HERE)),
        ({}, numberless("陈一")),
        (HERE, person("陈一", "460108198503011215", "upgraded15", **HERE)),
        (HERE, person("陈一", "450222********1019", "masked", **HERE)),
        (HERE, person("陈一", "460108198001012000", "precision_lost", **HERE)),
        (CALL, person("陈一", OTHER, "valid", **CALL)),
        (HERE, person("陈一", "450222197703039999", "checksum", **HERE)),
    ],
)
def test_too_little_or_against_it_is_a_stranger(registered: dict[str, Any], record: dict[str, Any]) -> None:
    assert decided(link([person(**registered)], [record])) == []


def test_every_level_is_tested() -> None:
    tested = {mark.args[1][at][3] for mark in test_level.pytestmark for at in range(len(mark.args[1]))}
    elsewhere = {level.reason for level in LEVELS if level.reason.endswith("且姓名相同")}
    elsewhere |= {"证件号遮盖较多、可见数字一致，姓名相同，村不矛盾", "姓名一致、同户成员登记在相邻行，证件号缺失"}
    assert tested | elsewhere == {level.reason for level in LEVELS}


def test_household_in_the_rows_around_speaks_for_a_bare_name() -> None:
    people = [person("王大", OTHER, household_id="H1"), person("陈一", ID, household_id="H1")]
    linked = link(people, [person("王大", OTHER), numberless("陈一")])
    assert (2, "link", "姓名一致、同户成员登记在相邻行，证件号缺失") in decided(linked)
    far = [person("王大", OTHER), *[person("陌生", None, "other") for _ in range(5)], numberless("陈一")]
    assert [pid for pid, *_ in decided(link(people, far))] == [1]


def test_father_and_son_of_one_name_are_a_question() -> None:
    people = [person("陈一", ID, **CALL), person("陈一", OTHER, **CALL)]
    assert {state for _, state, _ in decided(link(people, [numberless("陈一", **CALL)]))} == {"review"}


def test_more_agreement_decides_between_namesakes() -> None:
    people = [person("陈一", ID, village="东营村"), person("陈一", OTHER, village="大昌村")]
    masked = person("陈一", "46010819800101****", "masked", village="大昌村")
    assert decided(link(people, [masked])) == [(2, "link", "证件号部分遮盖、可见数字一致且姓名相同")]


def test_person_who_stands_in_the_list_by_number_is_not_linked_again_by_name() -> None:
    records = [person(**CALL), numberless("陈一", **CALL)]
    states = {level: state for _, state, level in decided(link([person(**CALL)], records))}
    assert states == {"证件号一致": "link", "姓名、联系电话一致，证件号缺失，但此人在同一名单中另有记录": "review"}
    assert [state for _, state, _ in decided(link([person(**CALL)], records, snapshot=False))] == ["link", "link"]


def test_unregistered_twin_with_a_mistyped_number_is_not_his_brother() -> None:
    twin = person("陈二", "460108198001011049", "checksum")  # OTHER but for its last character
    assert decided(link([person("陈一")], [twin])) == []


@pytest.mark.parametrize(("name", "state"), [("陈一", "link"), ("王芳芳", None)])
def test_valid_looking_number_that_a_spreadsheet_rounded(name: str, state: str | None) -> None:
    """460108198001011000 → …000 passes its check by chance for one number in eleven."""
    registered = person("陈一", "460108195102021274")
    rounded = person(name, "460108195102021000")
    found = decided(link([registered], [rounded]))
    assert [found_state for _, found_state, _ in found] == ([state] if state else [])


def test_masked_number_that_ends_in_000_is_found() -> None:
    found = decided(link([person("陈一", "460108195102024000")], [person("陈一", "460108********4000", "masked")]))
    assert found == [(1, "link", "证件号遮盖较多、可见数字一致，姓名相同，村不矛盾")]


def test_common_key_is_left_out_and_reported() -> None:
    people = [person("陈一", None, "missing", village="东营村", household_id=f"H{at}") for at in range(51)]
    linked = link(people, [numberless("陈一", village="东营村")])
    assert linked.links.is_empty()
    assert linked.skipped == {"姓名、村": 1}


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (person("陈一", WRONG, "checksum", **HERE), "证件号第17位台账为1、名单为2，其余相同，姓名相同，出生日期、村一致"),
        (person("陈依", "460108198010011015", "checksum"), "证件号第11、12位颠倒（台账01、名单10），姓名同音（台账陈一、名单陈依）"),
        (numberless("陈一", BORN, **HERE), "名单缺证件号，姓名相同，出生日期、村一致"),
        (person("陈一", "46010819800101101", "malformed"), "名单的证件号少一位，其余相同，姓名相同"),
    ],
)  # fmt: skip
def test_evidence_reads_like_a_sentence(record: dict[str, Any], sentence: str) -> None:
    assert link([person(**HERE)], [record]).links["evidence"].to_list() == [sentence]
