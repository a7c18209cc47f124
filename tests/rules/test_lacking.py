"""A part of a rule for want of a column: that part is not checked and finds nothing wrong, the rest is checked."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fupin_cli.rules.catalogue import catalogue
from fupin_cli.rules.check import run_rules
from tests.rules import conftest

REGISTER, WATCHLIST = "register.persons", "register.watchlist"
ROLL, AID, FACILITIES, SERIOUS = "education.enrolment", "education.aid", "health.facilities", "health.serious"
POSTS = "employment.posts"
INSURANCE, INPATIENT, CERTIFICATES = "health.insurance", "health.inpatient", "disability.certificates"
CERTIFIED, SEVERE = {CERTIFICATES: [{"of": 1}]}, {CERTIFICATES: [{"of": 1, "grade": 1}]}
ADULT: dict[str, Any] = {
    "birth": 19800101, "education": "初中", "school_status": "非在校生", "health": "健康", "labour": "普通劳动力", "poverty_type": "一般",
    "basic_insured": True, "employee_insured": False, "unsafe_house": False, "safe_water": True, "work_place": "省外", "work_months": 3.0,
    "net_income": 9000.0,
}  # fmt: skip
OLD, PUPIL = {**ADULT, "birth": 19500101}, {**ADULT, "birth": 20100101, "dropout_reason": "厌学"}
WATCHED: dict[str, Any] = {
    **ADULT, "household_id": "W1", "risk": "因病", "risk_cleared": False, "identified_on": date(2020, 2, 1),
}  # fmt: skip
NUMBERED = {"id_number": "460108198001010010", "certificate_no": "46010819800101001042"}
STAY = {"of": 1, "admitted_on": date(2020, 3, 1), "total": 1000.0, "self_paid": 100.0}
PARTS = {"basic_paid": 1.0, "serious_paid": 1.0, "supplementary_paid": 1.0, "relief_paid": 1.0, "fund_paid": 1.0}
FOSTERED = {"of": 1, "allowance": "困难残疾人生活补贴"}


def checked(rules: Any, rule: str, persons: Any, sources: Any, watch: Any, *unasked: str) -> tuple[int, str, str]:
    """Number of findings, state, and the titles of the lacking columns; ``unasked``: columns that no sheet has."""
    outcomes = set()
    for tables, book in rules.books(persons, sources, watch=watch):
        columns = {kind: frozenset(conftest.KINDS[kind].names) - set(unasked) for kind in tables}
        outcome = run_rules(replace(book, columns=columns), tables, [catalogue()[rule]])
        (check,) = outcome.checks
        titles = re.findall("“(.+?)”列", "、".join(check.missing))
        outcomes.add((len(outcome.findings), check.state, "、".join(titles)))
    (outcome,) = outcomes  # the engines agree
    return outcome


@pytest.mark.parametrize(("rule", "persons", "sources", "watch", "lacking", "hits"), [
    ("REG-12", [{**ADULT, "health": None}], SEVERE, None, "健康状况", 1),
    ("REG-12", [{**ADULT, "health": "患有大病"}], CERTIFIED, None, "残疾等级", 1),
    ("REG-23", [{**ADULT, "labour": "无劳动力", "school_status": None}, {**OLD, "school_status": None}], None, None, "在校生状况", 1),
    ("REG-23", [{**OLD, "health": None, "education": None}], None, None, "健康状况、文化程度", 1),
    ("REG-24", [{**ADULT, "school_status": "普高", "poverty_type": None}], None, None, "贫困户属性", 1),
    ("REG-24", [{**ADULT, "school_status": "普高", "work_months": None}], None, None, "务工时间(月)", 1),
    ("REG-25", [{**ADULT, "public_post": "保洁员", "work_months": None}], None, None, "公益性岗位(月数)", 1),
    ("REG-27", [{**PUPIL, "school_status": None}], None, [], "在校生状况", 0),
    ("REG-27", [{**ADULT, "unsafe_house": True, "safe_water": None}], None, [], "饮水是否安全", 1),
    ("REG-30", [{**ADULT, "health": None, **NUMBERED}], SEVERE, None, "健康状况", 1),
    ("REG-30", [{**ADULT, **NUMBERED}, {**ADULT, "health": "残疾"}], CERTIFIED, None, "残疾等级", 1),
    ("IDN-03", [ADULT], {ROLL: [{"is_registered_poor": True}], INSURANCE: [{}]}, None, "身份标识", 1),
    ("MON-03", [ADULT], {ROLL: []}, [{**WATCHED, "risk": "因学", "school_status": None}], "在校生状况", 0),
    ("MON-03", [ADULT], {CERTIFICATES: []}, [{**WATCHED, "risk": "缺劳动力", "labour": None}], "劳动技能", 0),
    ("MON-03", [{**ADULT, "health": None}], {"health.chronic": [], SERIOUS: []}, [WATCHED], "健康状况", 0),
    ("MON-06", [ADULT], {ROLL: [], SERIOUS: [{"of": 1}]}, [{**WATCHED, "net_income": None}], "家庭年人均纯收入、是否救治", 0),
    ("MON-08", [{**ADULT, "health": None, "labour": "无劳动力", "net_income": 1.0}], CERTIFIED, [WATCHED], "健康状况、残疾等级、有效期至", 1),
    ("EDU-04", [ADULT], {ROLL: [{"of": 1, "status": "在读"}]}, None, "学段", 1),
    ("EDU-07", [ADULT], {AID: [{"of": 1, "term": "2020春", "amount": 1.0, "stage": "小学"}], ROLL: [{"of": 1, "stage": "小学"}]}, None, "学籍状态", 1),
    ("MED-05", [ADULT], {INSURANCE: [{"of": 1, "year": 2020, "status": "停保"}]}, None, "险种", 1),
    ("MED-14", [ADULT], {INPATIENT: [{**STAY, "pay_after": False}]}, None, "一站式结算", 1),
    ("MED-15", [ADULT], {FACILITIES: [{"level": "村卫生室", "town": "灵山镇"}]}, None, "是否达标", 1),
    ("MED-16", [ADULT], {FACILITIES: [{"level": "村卫生室", "town": "灵山镇", "village": "大昌村"}]}, None, "是否达标", 1),
    ("MED-17", [ADULT], {INPATIENT: [{**STAY, "hospital": "甲"}], "civil.deaths": [{"of": 1, "died_on": date(2020, 2, 1)}]}, None, "出院日期", 1),
    ("MED-17", [ADULT], {INPATIENT: [{**STAY, "hospital": "甲", "discharged_on": date(2020, 3, 9)}], "civil.deaths": [{"of": 1}]}, None, "死亡日期", 0),
    ("MED-19", [ADULT], {INPATIENT: [{**STAY, **PARTS, "fund_paid": None}], "health.outpatient": [{"of": 1, "total": 9.0, "self_paid": 9.0, **PARTS}]}, None, "专项资金", 1),
])  # fmt: skip
def test_part_of_a_rule_is_not_checked_for_want_of_a_column(
    rules: Any, rule: str, persons: Any, sources: Any, watch: Any, lacking: str, hits: int
) -> None:
    assert checked(rules, rule, persons, sources, watch) == (hits, "partial", lacking)


BOTH, NEITHER = {**ADULT, "school_status": "小学"}, {**ADULT, "education": None}


@pytest.mark.parametrize(("rule", "persons", "hits"), [
    ("REG-22", [BOTH, NEITHER], 1), ("REG-27", [{**ADULT, "unsafe_house": True}], 1),
])  # fmt: skip
def test_part_of_a_rule_is_not_checked_for_want_of_a_column_whose_blanks_tell(
    rules: Any, rule: str, persons: Any, hits: int
) -> None:
    assert checked(rules, rule, persons, {}, [], "dropout_reason") == (hits, "partial", "失学或辍学原因")
    assert checked(rules, rule, persons, {}, [])[1:] == ("checked", "")


@pytest.mark.parametrize(("rule", "persons", "sources", "state", "lacking"), [
    ("REG-25", [{**ADULT, "public_post": None, "post_months": 3.0}], {}, "partial", "公益性岗位"),
    ("REG-26", [{**ADULT, "employee_insured": None}, {**ADULT, "basic_insured": None, "employee_insured": None}], {}, "not_checked", "是否参加城镇职工基本医疗保险"),
    ("REG-27", [{**ADULT, "basic_insured": False, "employee_insured": None}], {}, "partial", "是否参加城镇职工基本医疗保险"),
    ("EDU-02", [PUPIL], {ROLL: [{"of": 1}]}, "not_checked", "学籍状态"),
    ("EDU-07", [ADULT], {AID: [{"of": 1, "term": "2020春", "amount": 1.0}], ROLL: [{"of": 1, "stage": "小学", "status": "在读"}]}, "not_checked", "学段"),
    ("EMP-02", [ADULT], {POSTS: [{"name": "外人", "post": "护林员"}]}, "not_checked", "在岗状态"),
    ("EMP-03", [ADULT], {POSTS: [{"name": "外人", "status": "在岗"}]}, "not_checked", "岗位名称"),
    ("IDN-04", [ADULT], {"disability.allowances": [FOSTERED, FOSTERED]}, "not_checked", "发放状态、发放月份"),
])  # fmt: skip
def test_nothing_is_found_for_want_of_a_column(
    rules: Any, rule: str, persons: Any, sources: Any, state: str, lacking: str
) -> None:
    assert checked(rules, rule, persons, sources, []) == (0, state, lacking)


HELPED = {**WATCHED, "help_industry": "种植"}


TOLD = {
    **HELPED, "household_id": "W9", "risk_cleared": True, "help_health": "签约", "help_house": "改造", "help_welfare": "低保", "help_society": "捐款",
}  # fmt: skip
TEXT_ONLY = tuple(name for name in conftest.KINDS[WATCHLIST].names if name.startswith("help_"))


@pytest.mark.parametrize(("rule", "watch", "unasked", "lacking", "hits"), [
    ("MON-02", [HELPED, {**HELPED, "household_id": "W2", "risk": "因安全住房"}], ("measures", "help_health", "help_society"), "健康帮扶、社会帮扶", 1),
    ("MON-02", [HELPED], ("measures", "help_health"), "健康帮扶", 0),
    ("MON-02", [HELPED], ("help_health", "help_society"), "健康帮扶、社会帮扶", 0),
    ("MON-02", [HELPED], ("measures", "help_house"), "住房安全保障", 1),
    ("MON-02", [HELPED], ("measures",), "", 1),
    ("MON-02", [{**WATCHED, "measures": "产业"}], TEXT_ONLY, "", 1),
    ("MON-04", [{**HELPED, "help_welfare": "低保"}], ("measures", "help_work"), "就业帮扶", 1),
    ("MON-04", [{**HELPED, "help_welfare": "低保"}], ("help_work",), "就业帮扶", 1),
])  # fmt: skip
def test_measure_of_which_the_watchlist_has_no_column_may_have_been_taken(
    rules: Any, rule: str, watch: Any, unasked: tuple[str, ...], lacking: str, hits: int
) -> None:
    lists = ("civil.dibao", "civil.tekun", "disability.allowances", POSTS, "employment.status")
    home = {"work_place": "省外", "work_months": 3.0}
    state = "partial" if lacking else "checked"
    watch = [{**row, **home} for row in (*watch, TOLD)]
    assert checked(rules, rule, [ADULT], {kind: [] for kind in lists}, watch, *unasked) == (hits, state, lacking)


DEVELOPMENT = ("help_industry", "help_work", "help_finance", "help_post")


@pytest.mark.parametrize(("unasked", "outcome"), [
    (("measures",), (1, "checked", "")), (("measures", "help_finance"), (0, "not_checked", "金融帮扶")),
    (("help_finance",), (0, "not_checked", "金融帮扶")),
    (("measures", *DEVELOPMENT), (0, "not_checked", "产业帮扶、就业帮扶、金融帮扶、公益岗位帮扶")),
])  # fmt: skip
def test_mon_07_needs_every_column_of_development(rules: Any, unasked: tuple[str, ...], outcome: Any) -> None:
    watch = [{**WATCHED, "identified_on": date(2019, 1, 1)}, {**HELPED, "household_id": "W2"}]
    assert checked(rules, "MON-07", [ADULT], {}, watch, *unasked) == outcome
