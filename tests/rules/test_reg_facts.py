"""REG-21 … REG-30: facts of the register that contradict each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fupin_cli.rules.book import REGISTER
from fupin_cli.rules.check import run_rules
from fupin_cli.rules.reg_facts import REG_30
from tests.rules import conftest

CERTIFICATES = "disability.certificates"
ADULT: dict[str, Any] = {
    "birth": 19800101, "phone": "13800138000", "education": "初中", "labour": "普通劳动力", "health": "健康", "poverty_type": "一般",
    "basic_insured": True, "employee_insured": False, "public_post": "无", "post_months": 0.0, "unsafe_house": False, "safe_water": True,
    "school_status": "非在校生",
}  # fmt: skip
OTHER = {
    **ADULT, "household_id": "H9", "name": "王九", "phone": "13900139000", "public_post": "护林员", "post_months": 6.0, "work_place": "乡镇内",
}  # fmt: skip


def found(rules: Any, rule: str, sources: Any = None, watch: Any = None, **changes: Any) -> list[dict[str, str]]:
    """Findings on one household; another one tells everything, so that every column is there."""
    findings = rules(rule, [{**ADULT, **changes}, OTHER], sources, watch=watch)
    return [one for one in findings if one["household_id"] == "H1"]


def state(rule: str, persons: list[dict[str, Any]], watch: Any = None) -> Any:
    return conftest.Rules().run(rule, persons, None, conftest.AS_OF, None, watch, None, (), ())


@pytest.mark.parametrize("rule", [f"REG-{number}" for number in range(21, 31)])
def test_sound_register_has_no_finding(rules: Any, rule: str) -> None:
    assert rules(rule, [ADULT, OTHER], {CERTIFICATES: []}, watch=[]) == []


@pytest.mark.shows("REG-21", "hit", "boundary")
@pytest.mark.parametrize(("phone", "fault"), [
    ("13800138000", ""), ("+86 138 0013 8000", "不是"), ("+86-13800138000", ""), ("0898-65301234", ""), ("65301234", ""),
    ("13800138000、13700137000", ""), ("1380013800", "不是"), ("12800138000", "不是"), ("138001380001", "不是"), ("没有", "不是"),
    (None, "没有填写"), ("13900139000", "13900139000与户编号H9的户相同"),
])  # fmt: skip
def test_reg_21_phone(rules: Any, phone: str | None, fault: str) -> None:
    findings = found(rules, "REG-21", phone=phone)
    assert len(findings) == bool(fault)
    assert all(fault in one["detail"] for one in findings)


@pytest.mark.shows("REG-21", "exempt", "boundary")
def test_reg_21_one_phone_in_the_household_is_enough_and_may_be_shared_there(rules: Any) -> None:
    members = [{**ADULT, "phone": None}, {**ADULT, "name": "陈二"}, {**ADULT, "name": "陈三"}, OTHER]
    assert rules("REG-21", members) == []


@pytest.mark.shows("REG-21", "unknown")
def test_reg_21_is_not_checked_when_no_phone_was_exported() -> None:
    findings, check = state("REG-21", [{**ADULT, "phone": None}])
    assert (findings, check.state) == ([], "not_checked")


@pytest.mark.shows("REG-22", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    ({"school_status": "高职"}, 1), ({"school_status": "学龄前儿童"}, 1), ({"school_status": "高职", "education": None}, 0),
    ({"education": None}, 1), ({"education": None, "school_status": None}, 1), ({"education": None, "dropout_reason": "因残"}, 0),
    ({"education": None, "birth": 20130630}, 1), ({"education": None, "birth": 20130701}, 0), ({"education": None, "birth": None}, 0),
    ({"education": None, "education_raw": "说不清"}, 0), ({"school_status": None, "school_status_raw": "说不清"}, 0),
])  # fmt: skip
def test_reg_22_both_filled_or_from_seven_both_blank(rules: Any, changes: dict[str, Any], hits: int) -> None:
    assert len(found(rules, "REG-22", **changes)) == hits


@pytest.mark.shows("REG-23", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    ({"labour": "弱劳动力或半劳动力"}, 1), ({"labour": "丧失劳动力"}, 1), ({"labour": None}, 0),
    ({"labour": "无劳动力", "health": "长期慢性病"}, 0), ({"labour": "无劳动力", "health": None}, 0),
    ({"labour": "无劳动力", "school_status": "普高", "education": None}, 0),
    ({"labour": "无劳动力", "birth": 20040630}, 1), ({"labour": "无劳动力", "birth": 20040701}, 0),
    ({"labour": "无劳动力", "birth": 19600701}, 1), ({"labour": "无劳动力", "birth": 19600630}, 0),
    ({"birth": 19600630}, 1), ({"birth": 19600701}, 0), ({"birth": None}, 0), ({"labour": "无劳动力", "birth": None}, 0),
])  # fmt: skip
def test_reg_23_labour_against_age_and_health(rules: Any, changes: dict[str, Any], hits: int) -> None:
    assert len(found(rules, "REG-23", **changes)) == hits


@pytest.mark.shows("REG-24", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    ({"birth": 20040701}, 1), ({"birth": 20040630}, 0), ({"birth": None}, 0), ({"school_status": "普高"}, 1), ({"school_status": "高职"}, 0),
    ({"poverty_type": "特困"}, 1), ({"labour": "无劳动力"}, 1), ({"labour": "丧失劳动力", "work_place": None, "work_months": 0.5}, 1), ({"labour": "弱劳动力或半劳动力"}, 0), ({"labour": None}, 0),
])  # fmt: skip
def test_reg_24_who_should_not_work(rules: Any, changes: dict[str, Any], hits: int) -> None:
    assert len(found(rules, "REG-24", **{"work_place": "省外", **changes})) == hits


@pytest.mark.shows("REG-24", "exempt", "unknown")
@pytest.mark.parametrize("work", [{}, {"work_place": "无"}, {"work_place": "未务工", "work_months": 0.0}])
def test_reg_24_only_registered_work_counts(rules: Any, work: dict[str, Any]) -> None:
    assert found(rules, "REG-24", labour="无劳动力", **work) == []


POST = {"public_post": "保洁员", "post_months": 6.0}


@pytest.mark.shows("REG-25", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "fault"), [
    ({**POST}, ""), ({**POST, "birth": 20040701}, "年龄"), ({**POST, "birth": 20040630}, ""), ({**POST, "birth": 19500630}, "年龄"),
    ({**POST, "birth": 19500701}, ""), ({**POST, "birth": None}, ""), ({**POST, "post_months": None}, "没有聘用月数"),
    ({"post_months": 3.0, "public_post": None}, "没有岗位"), ({**POST, "work_place": "县外省内"}, "县外"),
    ({**POST, "work_place": "乡(镇)外县内"}, ""), ({"work_place": "省外"}, ""),
])  # fmt: skip
def test_reg_25_posts(rules: Any, changes: dict[str, Any], fault: str) -> None:
    findings = found(rules, "REG-25", **changes)
    assert len(findings) == bool(fault)
    assert all(fault in one["detail"] for one in findings)


def test_reg_25_is_partial_when_the_months_were_not_exported() -> None:
    findings, check = state("REG-25", [{**ADULT, **POST, "post_months": None}])
    assert (findings, check.state) == ([], "partial")


@pytest.mark.shows("REG-26", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("residents", "employees", "severity"), [
    (True, True, "一般"), (False, False, "严重"), (None, None, "一般"), (True, False, ""), (False, True, ""), (None, False, ""), (False, None, ""),
])  # fmt: skip
def test_reg_26_insured_in_exactly_one(rules: Any, residents: Any, employees: Any, severity: str) -> None:
    findings = found(rules, "REG-26", basic_insured=residents, employee_insured=employees)
    assert [one["severity"] for one in findings] == ([severity] if severity else [])


CHILD = {"birth": 20100101, "education": None, "school_status": "小学"}


@pytest.mark.shows("REG-27", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "fact"), [
    ({"unsafe_house": True}, "危房"), ({"safe_water": False}, "饮水"), ({"basic_insured": False}, "医疗保险"),
    ({"basic_insured": False, "employee_insured": True}, ""), ({**CHILD, "school_status": None, "dropout_reason": "厌学"}, "失学"),
    ({**CHILD, "dropout_reason": "厌学"}, ""), ({**CHILD, "school_status": None}, ""),
    ({"birth": 20130831}, "失学"), ({"birth": 20130901}, ""), ({"birth": 20040901}, "失学"), ({"birth": 20040831}, ""),
    ({"birth": None, "unsafe_house": None, "safe_water": None, "basic_insured": False, "employee_insured": None}, ""),
])  # fmt: skip
def test_reg_27_not_guaranteed_and_not_watched(rules: Any, changes: dict[str, Any], fact: str) -> None:
    findings = found(rules, "REG-27", watch=[], **changes)
    assert len(findings) == bool(fact)
    assert all(fact in one["detail"] and one["severity"] == "严重" for one in findings)
    assert found(rules, "REG-27", watch=[{"household_id": "H1", "name": "陈一"}], **changes) == []


@pytest.mark.shows("REG-28", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    ({}, 1), ({"poverty_type": "低保"}, 0), ({"poverty_type": "特困"}, 0), ({"poverty_type": None}, 0),
    ({"labour": None, "birth": 20040630}, 0), ({"labour": None, "birth": 20040701}, 1), ({"labour": "弱劳动力或半劳动力"}, 0), ({"labour": "丧失劳动力"}, 1),
])  # fmt: skip
def test_reg_28_nobody_able_and_not_supported(rules: Any, changes: dict[str, Any], hits: int) -> None:
    assert len(found(rules, "REG-28", **{"labour": "无劳动力", **changes})) == hits


@pytest.mark.shows("REG-28", "exempt", "boundary")
@pytest.mark.parametrize("member", [{"labour": "普通劳动力"}, {"labour": "无劳动力", "poverty_type": "低保"}])
def test_reg_28_one_member_able_or_supported_is_enough(rules: Any, member: dict[str, Any]) -> None:
    weak = {**ADULT, "labour": "无劳动力"}
    assert rules("REG-28", [weak, {**weak, "name": "陈二", **member}, OTHER]) == []


@pytest.mark.shows("REG-29", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("reason", "health", "hits"), [
    ("因病", "健康", 1), ("因残疾", "健康", 1), ("厌学", "健康", 0), (None, "健康", 0), ("因病", "长期慢性病", 0), ("因病", None, 0),
])  # fmt: skip
def test_reg_29_reason_against_health(rules: Any, reason: str | None, health: str | None, hits: int) -> None:
    assert len(found(rules, "REG-29", dropout_reason=reason, health=health)) == hits


TWENTY = {"id_number_status": "disability20", "id_number": "46010819800101001142"}
OWN_COLUMN = {"certificate_no_status": "disability20", "certificate_no": "46010819800101001142"}
THIRD = "46010819800101001143"


@pytest.mark.shows("REG-30", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "rows", "hits"), [
    ({"health": "残疾", "labour": "无劳动力"}, [], 1), ({"health": "长期慢性病,残疾", "labour": "无劳动力"}, [], 1),
    ({"health": "残疾", "labour": "无劳动力"}, [{"of": 1, "grade": 2}], 0), ({"health": "残疾", "labour": "无劳动力", **TWENTY}, [], 0),
    ({"health": "残疾", "labour": "无劳动力", "certificate_no": "4601081980010100114"}, [], 0), ({"health": None}, [], 0),
    ({"health": "残疾"}, [{"of": 1, "grade": 2}], 1), ({"health": "残疾"}, [{"of": 1, "grade": 3}], 0),
    ({"health": "残疾"}, [{"of": 1, "grade": None}], 0), ({"health": "残疾", **TWENTY}, [], 1),
    ({"health": "残疾", **TWENTY, "id_number": THIRD}, [], 0), ({"health": "残疾", **OWN_COLUMN}, [], 1),
    ({"health": "残疾", **OWN_COLUMN, "certificate_no": THIRD}, [], 0),
    ({"health": "残疾", "labour": None}, [{"of": 1, "grade": 1}], 0),
])  # fmt: skip
def test_reg_30_disability(rules: Any, changes: dict[str, Any], rows: list[Any], hits: int) -> None:
    assert len(found(rules, "REG-30", {CERTIFICATES: rows}, **changes)) == hits


def test_reg_30_without_the_list_looks_at_the_numbers_alone(rules: Any) -> None:
    assert found(rules, "REG-30", health="残疾", labour="无劳动力") == []
    assert len(found(rules, "REG-30", health="残疾", **TWENTY)) == 1
    assert rules.state("REG-30", [{**ADULT, "id_number": "1"}], {}) == "partial"


@pytest.mark.parametrize(("rule", "told", "lost", "outcome"), [
    ("REG-23", {"labour": "无劳动力", "school_status": None}, "education", (0, "partial")),
    ("REG-24", {"labour": "无劳动力", "work_place": "省外"}, "work_months", (1, "partial")),
    ("REG-25", {"post_months": 3.0}, "public_post", (0, "partial")),
    ("REG-26", {"basic_insured": None}, "employee_insured", (0, "not_checked")),
    ("REG-27", {"basic_insured": False}, "employee_insured", (0, "partial")),
    ("REG-27", {"unsafe_house": True}, "safe_water", (1, "partial")),
    ("REG-27", {"unsafe_house": True}, "household_id", (0, "not_checked")),
])  # fmt: skip
def test_column_that_is_lost_invents_nothing_and_leaves_the_rest(
    rule: str, told: dict[str, Any], lost: str, outcome: tuple[int, str]
) -> None:
    findings, check = state(rule, [{**ADULT, **told, lost: None}, {**OTHER, lost: None}], [{"household_id": "H8"}])
    assert (len(findings), check.state) == outcome


@pytest.mark.parametrize(("columns", "hits"), [((), 1), (("certificate_no",), 0)])
def test_reg_30_register_with_a_column_for_certificate_numbers_needs_it(
    rules: Any, columns: tuple[str, ...], hits: int
) -> None:
    persons = [{**ADULT, "health": "残疾", "labour": "无劳动力", "id_number": "1"}]
    for tables, book in rules.books(persons, {CERTIFICATES: []}):
        book = replace(book, columns={REGISTER: frozenset({"health", "labour", "id_number", *columns})})
        assert run_rules(book, tables, [REG_30]).findings.height == hits
