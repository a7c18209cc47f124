"""IDN-01 … IDN-05: what linkage found out about numbers and names, strangers, repeated and doubtful records."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.rules.conftest import AS_OF, Rules

A, B = "460108198001011015", "46010819800101104X"
ENROLMENT, INSURANCE, AID = "education.enrolment", "health.insurance", "education.aid"
APPRAISALS, RENOVATIONS = "housing.appraisals", "housing.renovations"
DEATHS = "civil.deaths"
ONE_DIGIT = "证件号相差一位且姓名相同"


def person(number: str | None = A, check: str = "valid", **facts: Any) -> dict[str, Any]:
    """``check``: the status of the number, so that ``status`` is free for the record's own."""
    key = number if check in ("valid", "repaired", "upgraded15") else None
    return {"name": "陈一", "id_number": number, "id_number_status": check, "id_number_key": key, **facts}


def link(rid: int, pid: int = 1, level: str = ONE_DIGIT, state: str = "link", name: str = "same") -> dict[str, Any]:
    return {
        "rid": rid,
        "pid": pid,
        "kind": ENROLMENT,
        "level": level,
        "state": state,
        "name_relation": name,
        "evidence": "姓名相同",
    }


def dead(of: int) -> dict[str, Any]:
    return {DEATHS: [{"of": of, "died_on": date(2020, 1, 1)}]}


# IDN-01


@pytest.mark.shows("IDN-01", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("number", "status", "hits"),
    [
        ("460108198001011025", "checksum", 1),
        ("460108198013011015", "birthdate", 1),
        (A, "valid", 0),
        (A, "upgraded15", 0),
        (A, "repaired", 0),
        ("460108********1015", "masked", 0),
        ("460108198001011000", "precision_lost", 0),
        ("460108198001011000", "valid", 0),  # one rounded number in eleven passes its check
        ("46010819800101", "malformed", 0),
        (None, "missing", 0),
    ],
)
def test_idn_01_compares_complete_numbers(rules: Any, number: str | None, status: str, hits: int) -> None:
    roll = {ENROLMENT: [person(number, status, of=1)]}
    assert len(rules("IDN-01", [person()], roll, links=[link(2)])) == hits


def test_idn_01_takes_no_valid_number_for_one_cut_from_a_faulty_number(rules: Any) -> None:
    roll = {ENROLMENT: [person("460108198001011000", of=1)]}
    assert len(rules("IDN-01", [person("460108198001011010", "checksum")], roll, links=[link(2)])) == 1


@pytest.mark.shows("IDN-01", "unknown")
@pytest.mark.parametrize(("number", "status"), [(None, "missing"), ("460108********1015", "masked")])
def test_idn_01_ignores_incomplete_number_of_the_register(rules: Any, number: str | None, status: str) -> None:
    roll = {ENROLMENT: [person(of=1)]}
    assert rules("IDN-01", [person(number, status)], roll, links=[link(2)]) == []


@pytest.mark.shows("IDN-01", "hit")
def test_idn_01_shows_both_numbers_reason_and_owners_in_one_finding(rules: Any) -> None:
    wrong = person("460108198001011025", "checksum", of=1)
    sources = {ENROLMENT: [wrong], INSURANCE: [wrong]}
    (finding,) = rules("IDN-01", [person()], sources, links=[link(2), link(3)])
    for words in (A, "参保名单为460108198001011025（姓名相同）、学籍名单为460108198001011025（姓名相同）"):
        assert words in finding["detail"]
    assert finding["owner"] == "区卫健委、区教育局、区扶贫办"
    assert finding["evidence"].count("!") == 6
    assert finding["severity"] == "一般"


def test_idn_01_owner_of_the_watchlist_is_the_poverty_office_alone(rules: Any) -> None:
    watch = [person("460108198001011025", "checksum", of=1)]
    (finding,) = rules("IDN-01", [person()], watch=watch, links=[link(2)])
    assert finding["owner"] == "区扶贫办"


def test_idn_01_compares_the_first_18_of_a_certificate_number(rules: Any) -> None:
    card = {"id_number": f"{A}42", "id_number_status": "disability20", "id_number_key": A, "of": 1}
    assert rules("IDN-01", [person()], {"disability.certificates": [card]}, links=[link(2)]) == []


@pytest.mark.shows("IDN-01", "exempt")
def test_idn_01_leaves_out_review_and_the_dead(rules: Any) -> None:
    roll = {ENROLMENT: [person("460108198001011025", "checksum", of=1)]}
    assert rules("IDN-01", [person()], roll, links=[link(2, state="review")]) == []
    assert rules("IDN-01", [person()], roll | dead(1), links=[link(2)]) == []


@pytest.mark.parametrize(("rule_id", "kind"), [("IDN-03", "civil.dibao"), ("IDN-04", INSURANCE)])
def test_idn_03_04_not_checked_without_their_sources(rules: Any, rule_id: str, kind: str) -> None:
    assert rules.state(rule_id, [person()], {kind: [person()]}) == "not_checked"


# IDN-02


@pytest.mark.shows("IDN-02", "hit")
@pytest.mark.parametrize(
    ("relation", "severity", "words"),
    [
        ("variant", "提示", "写法不同"),
        ("homophone", "提示", "读音相同"),
        ("one_char", "一般", "相差一个字"),
        ("different", "一般", "姓名不同"),
    ],
)
def test_idn_02_grades_the_difference(rules: Any, relation: str, severity: str, words: str) -> None:
    roll = {ENROLMENT: [person(name="陈依", of=1)]}
    (finding,) = rules("IDN-02", [person()], roll, links=[link(2, level="证件号一致", name=relation)])
    assert finding["severity"] == severity
    assert words in finding["detail"]
    assert finding["register_value"] == "姓名：陈一"
    assert finding["source_value"] == "学籍名单：陈依"


@pytest.mark.shows("IDN-02", "exempt", "boundary")
def test_idn_02_exempts_equal_names_unequal_numbers_and_the_dead(rules: Any) -> None:
    roll = {ENROLMENT: [person(of=1)]}
    assert rules("IDN-02", [person()], roll, links=[link(2)]) == []
    other = {ENROLMENT: [person(B, name="陈依", of=1)]}
    assert rules("IDN-02", [person()], other, links=[link(2, name="homophone")]) == []
    unlike = {ENROLMENT: [person(name="陈依", of=1)]}
    assert rules("IDN-02", [person()], unlike | dead(1), links=[link(2, name="homophone")]) == []


@pytest.mark.shows("IDN-02", "unknown")
def test_idn_02_ignores_a_missing_name_and_equal_numbers_that_are_not_valid(rules: Any) -> None:
    roll = {ENROLMENT: [person(name=None, of=1), person(A, "checksum", name="陈依", of=2)]}
    links = [{**link(3), "name_relation": None}, link(4, 2, name="homophone")]
    assert rules("IDN-02", [person(), person(A, "checksum")], roll, links=links) == []


# IDN-03


@pytest.mark.shows("IDN-03", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("kind", "facts", "hits"),
    [
        (ENROLMENT, {"is_registered_poor": True}, 1),
        (ENROLMENT, {"is_registered_poor": False}, 0),
        (ENROLMENT, {"is_registered_poor": None}, 0),
        (INSURANCE, {"poor_flag": "建档立卡"}, 1),
        (INSURANCE, {"poor_flag": "普通居民"}, 0),
        (INSURANCE, {"poor_flag_raw": "看不清"}, 0),
        (INSURANCE, {"poor_flag_raw": "农村贫困人员"}, 1),
        (INSURANCE, {"poor_flag_raw": "建档立卡、低保"}, 1),
        (INSURANCE, {"poor_flag": "一般贫困户", "poor_flag_raw": "一般贫困户"}, 1),
        (INSURANCE, {"poor_flag_raw": "建档立卡（未脱贫）"}, 1),
        (INSURANCE, {"poor_flag": "非贫困人口", "poor_flag_raw": "非贫困人口"}, 0),
        (INSURANCE, {"poor_flag_raw": "边缘易致贫户"}, 0),
        (APPRAISALS, {"target_type": "建档立卡"}, 1),
        (APPRAISALS, {"target_type": "贫困残疾人家庭", "target_type_raw": "贫困残疾人家庭"}, 0),
        (RENOVATIONS, {"target_type": "建档立卡"}, 1),
        (RENOVATIONS, {"target_type": "低保户"}, 0),
    ],
)
def test_idn_03_reads_the_flag_of_strangers(rules: Any, kind: str, facts: dict[str, Any], hits: int) -> None:
    findings = rules("IDN-03", [person()], {kind: [person(B, name="王五", **facts)]})
    assert len(findings) == hits
    assert all((finding["name"], finding["subject_type"]) == ("王五", "record") for finding in findings)


@pytest.mark.shows("IDN-03", "exempt")
def test_idn_03_exempts_linked_watched_and_doubtful_records(rules: Any) -> None:
    flagged = {"is_registered_poor": True}
    assert rules("IDN-03", [person()], {ENROLMENT: [person(of=1, **flagged)]}) == []
    watched = {ENROLMENT: [person(B, of=2, **flagged)]}
    assert rules("IDN-03", [person()], watched, watch=[person(B, name="王五")]) == []
    doubtful = {ENROLMENT: [person(None, "missing", **flagged)]}
    assert rules("IDN-03", [person()], doubtful, links=[link(2, state="review")]) == []


def test_idn_03_names_the_bureau_and_its_wording(rules: Any) -> None:
    roll = {INSURANCE: [person(B, name="王五", poor_flag="建档立卡", poor_flag_raw="建档立卡贫困人口")]}
    (finding,) = rules("IDN-03", [person()], roll)
    assert finding["source_value"] == "参保名单：建档立卡贫困人口"
    assert finding["owner"] == "区卫健委、区扶贫办"


def test_idn_03_does_not_read_school_aid(rules: Any) -> None:
    sources = {AID: [person(B, item="建档立卡特惠补助")], ENROLMENT: [person(of=1)]}
    assert rules("IDN-03", [person()], sources) == []


# IDN-04


def twice(kind: str, first: dict[str, Any], second: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {kind: [person(of=1, **first), person(of=1, **second)]}


LIVING = {"allowance": "困难残疾人生活补贴"}
NURSING = {"allowance": "重度残疾人护理补贴"}
MAY, JUNE = {"month": "2020-05"}, {"month": "2020-06"}


@pytest.mark.shows("IDN-04", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("kind", "first", "second", "hits"),
    [
        (ENROLMENT, {"status": "在读"}, {"status": "在读"}, 1),
        (ENROLMENT, {"status": "在读"}, {"status": "转出"}, 0),
        (ENROLMENT, {"status": "在读"}, {}, 1),
        (ENROLMENT, {"status": "在读"}, {"status_raw": "看不清"}, 0),
        ("civil.dibao", {}, {"status": "在享"}, 1),
        ("civil.dibao", {"status": "停发"}, {"status": "在享"}, 0),
        ("civil.dibao", {"status_raw": "看不清"}, {"status": "在享"}, 0),
        ("civil.tekun", {}, {}, 1),
        ("disability.certificates", {}, {"expires_on": date(2020, 6, 30)}, 1),
        ("disability.certificates", {}, {"expires_on": date(2020, 6, 29)}, 0),
        ("health.contracts", {"year": 2020}, {"year": 2020}, 1),
        ("health.contracts", {"year": 2020}, {"year": 2019}, 0),
        ("health.contracts", {"year": 2020}, {"signed_on": date(2020, 3, 1)}, 1),
        ("health.contracts", {"year": 2020}, {"year": 2020, "status": "退出"}, 0),
        ("disability.allowances", LIVING | JUNE, LIVING | {"month": date(2020, 6, 10)}, 1),
        ("disability.allowances", LIVING | JUNE, LIVING | MAY, 0),
        ("disability.allowances", LIVING | JUNE, NURSING | JUNE, 0),
        ("disability.allowances", LIVING, LIVING, 0),
    ],
)
def test_idn_04_wants_one_active_row(
    rules: Any, kind: str, first: dict[str, Any], second: dict[str, Any], hits: int
) -> None:
    findings = rules("IDN-04", [person()], twice(kind, first, second))
    assert len(findings) == hits
    assert all(finding["severity"] == "提示" for finding in findings)


def test_idn_04_joins_all_lists_into_one_finding(rules: Any) -> None:
    sources = twice("civil.dibao", {}, {}) | twice("health.contracts", {"year": 2020}, {"year": 2020})
    (finding,) = rules("IDN-04", [person()], sources)
    assert "低保名单2条、家庭医生签约名单2020年度2条" in finding["detail"]
    assert finding["owner"] == "区卫健委、区民政局、区扶贫办"
    assert finding["evidence"].count("!") == 10


@pytest.mark.shows("IDN-04", "exempt")
def test_idn_04_takes_rows_of_two_persons_strangers_and_the_dead_apart(rules: Any) -> None:
    people = [person(), person(B, name="李四")]
    assert rules("IDN-04", people, {"civil.dibao": [person(of=1), person(of=2)]}) == []
    assert rules("IDN-04", people, {"civil.dibao": [person(), person()]}) == []
    assert rules("IDN-04", people, twice("civil.dibao", {}, {}) | dead(1)) == []


# IDN-05


@pytest.mark.shows("IDN-05", "hit", "unknown")
def test_idn_05_lists_all_candidates_of_one_record(rules: Any) -> None:
    people = [person(), person(None, "missing"), person("460108199001011019", name="李四")]
    level = "姓名、村一致，证件号缺失，但有多名候选人"
    links = [link(4, 1, level, "review"), link(4, 2, level, "review")]
    (finding,) = rules("IDN-05", people, {ENROLMENT: [person(None, "missing")]}, links=links)
    assert finding["subject_type"] == "record"
    assert finding["severity"] == "提示"
    assert finding["register_value"] == f"陈一（{A}）、陈一（证件号码缺失）"
    assert finding["source_value"] == "学籍名单：陈一 证件号码缺失"
    assert level in finding["detail"]
    assert finding["owner"] == "区教育局、区扶贫办"
    assert finding["evidence"].count("!") == 6


@pytest.mark.shows("IDN-05", "exempt", "boundary")
def test_idn_05_ignores_links_and_strangers(rules: Any) -> None:
    roll = {ENROLMENT: [person(of=1), person(B)]}
    assert rules("IDN-05", [person()], roll, links=[link(2)]) == []
    assert len(rules("IDN-05", [person()], roll, links=[link(2, state="review")])) == 1


# What did not come


def state(rule_id: str, sources: dict[str, list[dict[str, Any]]]) -> tuple[int, Any]:
    findings, check = Rules().run(rule_id, [person()], sources, AS_OF, None, None, None, (), ())
    return len(findings), check


@pytest.mark.parametrize("rule_id", ["IDN-01", "IDN-02", "IDN-05"])
def test_identities_are_compared_list_by_list_and_of_some_lists_only_if_they_came(rule_id: str) -> None:
    _, check = state(rule_id, {ENROLMENT: [person(of=1)], "finance.loans": [person(None, name=None)]})
    assert check.state == "partial"
    assert "小额信贷名单" in check.parts
    assert not {"学籍名单", "公益岗位名单", "监测名单"} & set(check.parts)


@pytest.mark.parametrize(("kind", "facts"), [
    ("civil.dibao", {}), ("disability.certificates", {}), ("health.contracts", {"status": "有效"}),
    ("disability.allowances", JUNE | {"status": "在享"}),
])  # fmt: skip
def test_idn_04_says_nothing_of_a_list_that_does_not_tell_active_rows_or_occasions(
    kind: str, facts: dict[str, Any]
) -> None:
    hits, check = state("IDN-04", twice(kind, facts, facts) | {ENROLMENT: [person(of=1, status="在读")]})
    assert (hits, check.state) == (0, "partial")


def test_idn_03_without_the_watchlist_looks_and_says_so(rules: Any) -> None:
    roll = {ENROLMENT: [person(B, name="王五", is_registered_poor=True)]}
    (finding,) = rules("IDN-03", [person()], roll)
    assert finding["detail"].endswith("（未收到边缘户、脱贫监测户名单，请先核对。）")
    (finding,) = rules("IDN-03", [person()], roll, watch=[])
    assert "未收到" not in finding["detail"]
