"""EDU: compulsory education (义务教育)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

ROLL, EXEMPT, AID = "education.enrolment", "education.exemptions", "education.aid"
VOCATIONAL, CERTIFICATES = "education.vocational_aid", "disability.certificates"
# At 2020-06-30 school age counts from 2019-08-31.
CHILD = {"birth": 20100101, "school_status": "小学"}
STUDYING = {"of": 1, "status": "在读", "stage": "小学", "school": "中心小学"}
PAID = {"of": 1, "term": "2020春", "item": "特惠资助", "amount": 1200.0, "stage": "小学"}


def severities(findings: list[dict[str, str]]) -> list[str]:
    return [finding["severity"] for finding in findings]


@pytest.mark.shows("EDU-01", "hit")
def test_edu_01_hits_child_without_enrolment(rules: Any) -> None:
    (found,) = rules("EDU-01", [CHILD], {ROLL: []})
    assert (found["severity"], found["owner"], found["basis"]) == ("严重", "区教育局", "工作要点 三（二）1")
    assert "9周岁" in found["detail"] and found["register_value"] and found["source_value"]


@pytest.mark.shows("EDU-01", "boundary", "unknown")
@pytest.mark.parametrize(
    ("birth", "severity"),
    [(20130901, []), (20130831, ["严重"]), (20040901, ["严重"]), (20040831, ["提示"]), (20030831, []), (None, [])],
)
def test_edu_01_boundary_of_school_age(rules: Any, birth: int | None, severity: list[str]) -> None:
    assert severities(rules("EDU-01", [{"birth": birth}], {ROLL: []})) == severity


@pytest.mark.parametrize("status", ["在读", "辍学", "毕业", None])
def test_edu_01_any_enrolment_record_will_do(rules: Any, status: str | None) -> None:
    assert rules("EDU-01", [CHILD], {ROLL: [{"of": 1, "status": status}]}) == []


@pytest.mark.shows("EDU-01", "exempt")
@pytest.mark.parametrize(
    ("category", "count"),
    [("送教上门", 0), ("因残免学", 0), ("延缓入学", 0), ("外地就读", 0), ("已死亡", 0), ("休学", 1), ("劝返中", 1)],
)
def test_edu_01_exempts_accepted_categories(rules: Any, category: str, count: int) -> None:
    assert len(rules("EDU-01", [CHILD], {ROLL: [], EXEMPT: [{"of": 1, "category": category}]})) == count


def test_edu_01_ignores_the_dead_and_watches_too(rules: Any) -> None:
    dead = {"civil.deaths": [{"of": 1, "died_on": date(2020, 5, 1)}]}
    assert rules("EDU-01", [CHILD], {ROLL: [], **dead}) == []
    assert len(rules("EDU-01", [{"birth": 19800101}], {ROLL: []}, watch=[{**CHILD, "name": "李二"}])) == 1


def test_edu_01_leaves_certificate_holders_to_edu_09(rules: Any) -> None:
    holder = {CERTIFICATES: [{"of": 1, "kind": "智力", "grade": 2}]}
    assert rules("EDU-01", [CHILD], {ROLL: [], **holder}) == []
    assert severities(rules("EDU-09", [CHILD], {ROLL: [], **holder})) == ["严重"]


def test_edu_01_not_checked_without_roll(rules: Any) -> None:
    assert rules.state("EDU-01", [CHILD], {AID: []}) == "not_checked"


@pytest.mark.shows("EDU-02", "exempt", "unknown")
@pytest.mark.parametrize(
    ("statuses", "exemption", "severity"),
    [
        (["辍学"], None, ["严重"]),
        (["转出"], None, ["严重"]),
        (["转出"], "外地就读", []),
        (["转出"], "？", []),
        (["毕业"], "劝返中", ["严重"]),
        (["休学"], "休学", ["提示"]),
        (["休学"], None, ["严重"]),
        (["退学", "在读"], None, []),
        ([None], None, []),
        (["转出", None], None, []),
    ],
)
def test_edu_02_looks_at_all_records(
    rules: Any, statuses: list[Any], exemption: str | None, severity: list[str]
) -> None:
    sources = {ROLL: [{"of": 1, "status": status} for status in statuses]}
    category = None if exemption == "？" else exemption
    sources[EXEMPT] = [{"of": 1, "category": category, "category_raw": exemption}] if exemption else []
    assert severities(rules("EDU-02", [CHILD], sources)) == severity


@pytest.mark.shows("EDU-02", "hit", "boundary", "unknown")
def test_edu_02_without_exemption_list_and_outside_school_age(rules: Any) -> None:
    dropped = {ROLL: [{"of": 1, "status": "辍学", "school": "中心小学"}]}
    (found,) = rules("EDU-02", [CHILD], dropped)
    assert "辍学" in found["detail"] and "中心小学" in found["source_value"]
    births = (20130901, 20130831, 20040901, 20040831, None)
    assert [len(rules("EDU-02", [{"birth": birth}], dropped)) for birth in births] == [0, 1, 1, 0, 0]
    assert rules.state("EDU-02", [CHILD], {}) == "not_checked"


@pytest.mark.shows("EDU-03", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("categories", "grade", "count"),
    [
        (["因残免学"], None, 1),
        (["因残免学"], 2, 1),
        (["因残免学"], 1, 0),
        (["因残免学", "送教上门"], 2, 0),
        (["因残免学", None], 2, 0),
        (["外地就读"], 2, 0),
        ([None], 2, 0),
    ],
)
def test_edu_03_home_teaching(rules: Any, categories: list[str | None], grade: int | None, count: int) -> None:
    sources = {ROLL: [], EXEMPT: [{"of": 1, "category": category} for category in categories]}
    sources[CERTIFICATES] = [{"of": 1, "kind": "智力", "grade": grade}]
    found = rules("EDU-03", [CHILD], sources)
    assert [f"（{f'{grade}级' if grade else '等级不明'}）" in finding["detail"] for finding in found] == [True] * count


@pytest.mark.shows("EDU-03", "exempt", "unknown")
@pytest.mark.parametrize(("status", "raw", "count"), [("在读", "在读", 0), (None, "？", 0), ("辍学", "辍学", 1)])
def test_edu_03_pupil_on_the_roll(rules: Any, status: str | None, raw: str, count: int) -> None:
    sources = {ROLL: [{"of": 1, "status": status, "status_raw": raw}], EXEMPT: [{"of": 1, "category": "因残免学"}]}
    assert len(rules("EDU-03", [CHILD], sources)) == count


def test_edu_03_without_certificates_and_not_checked(rules: Any) -> None:
    assert len(rules("EDU-03", [CHILD], {ROLL: [], EXEMPT: [{"of": 1, "category": "因残免学"}]})) == 1
    assert rules.state("EDU-03", [CHILD], {EXEMPT: []}) == "not_checked"


@pytest.mark.shows("EDU-04", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("claimed", "stage", "status", "count"),
    [
        ("小学", "初中", "在读", 1),
        ("小学", "小学", "在读", 0),
        ("非在校生", "初中", "在读", 1),
        ("非在校生", "初中", "毕业", 0),
        ("学龄前儿童", "学前", "在读", 0),
        (None, "初中", "在读", 0),
        ("小学", None, "在读", 0),
    ],
)
def test_edu_04_stages(rules: Any, claimed: str | None, stage: str | None, status: str, count: int) -> None:
    found = rules("EDU-04", [{"school_status": claimed}], {ROLL: [{"of": 1, "status": status, "stage": stage}]})
    assert [f"登记为{claimed}，学籍名单为{stage}在读" in finding["detail"] for finding in found] == [True] * count


@pytest.mark.shows("EDU-04", "exempt")
def test_edu_04_one_agreeing_record_is_enough(rules: Any) -> None:
    roll = [STUDYING, {**STUDYING, "stage": "初中"}]
    assert rules("EDU-04", [CHILD], {ROLL: roll}) == []
    assert rules.state("EDU-04", [CHILD], {}) == "not_checked"


@pytest.mark.shows("EDU-05", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("aid", "count"),
    [
        ([], 1),
        ([PAID], 0),
        ([{**PAID, "term": "2019秋"}], 1),
        ([{**PAID, "term": None, "paid_on": date(2020, 3, 1)}], 0),
        ([{**PAID, "term": None, "paid_on": date(2020, 2, 29)}], 1),
        ([{**PAID, "term": None}, {**PAID, "term": "2019秋"}], 0),
    ],
)
def test_edu_05_aid_of_the_term(rules: Any, aid: list[dict[str, Any]], count: int) -> None:
    found = rules("EDU-05", [CHILD], {ROLL: [STUDYING], AID: aid})
    assert ["中心小学（小学）在读，2020春学期" in finding["detail"] for finding in found] == [True] * count


@pytest.mark.shows("EDU-05", "boundary")
@pytest.mark.parametrize(("as_of", "count"), [(date(2020, 4, 29), 0), (date(2020, 4, 30), 1), (date(2020, 2, 1), 1)])
def test_edu_05_begins_after_the_grace_days(rules: Any, as_of: date, count: int) -> None:
    assert len(rules("EDU-05", [CHILD], {ROLL: [STUDYING], AID: []}, as_of=as_of)) == count


@pytest.mark.shows("EDU-05", "exempt", "unknown")
@pytest.mark.parametrize(
    "roll", [{"stage": "高职"}, {"stage": None}, {"status": "休学"}, {"status": None, "status_raw": "？"}]
)
def test_edu_05_ignores_others(rules: Any, roll: dict[str, Any]) -> None:
    assert rules("EDU-05", [CHILD], {ROLL: [{**STUDYING, **roll}], AID: []}) == []


def test_edu_05_not_checked_without_aid(rules: Any) -> None:
    assert rules.state("EDU-05", [CHILD], {ROLL: []}) == "not_checked"


@pytest.mark.shows("EDU-06", "boundary", "unknown")
@pytest.mark.parametrize(
    ("second", "count"),
    [
        ({}, 1),
        ({"term": "2019秋"}, 0),
        ({"item": "营养餐"}, 0),
        ({"item": None}, 0),
        ({"term": None, "paid_on": date(2020, 5, 1)}, 1),
        ({"term": None}, 0),
    ],
)
def test_edu_06_same_term_and_item(rules: Any, second: dict[str, Any], count: int) -> None:
    assert len(rules("EDU-06", [CHILD], {AID: [PAID, {**PAID, **second}]})) == count


@pytest.mark.shows("EDU-06", "hit")
def test_edu_06_names_both_rows(rules: Any) -> None:
    (found,) = rules("EDU-06", [CHILD], {AID: [PAID, PAID]})
    assert found["evidence"].count("education.aid.xlsx") == 2 and "2020春" in found["detail"]
    assert rules.state("EDU-06", [CHILD], {ROLL: []}) == "not_checked"


@pytest.mark.shows("EDU-07", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("aid", "roll", "count"),
    [
        ({"amount": 1000.0}, [], 1),
        ({"amount": 1200.001}, [], 0),
        ({"amount": 1200.01}, [], 1),
        ({"amount": 1199.99}, [], 1),
        ({"amount": None}, [], 0),
        ({"stage": "高职", "amount": 1.0}, [], 0),
        ({"stage": None}, [{**STUDYING, "stage": "初中"}], 1),
        ({"stage": None, "amount": 1450.0}, [{**STUDYING, "stage": "初中"}], 0),
        ({"stage": None}, [], 0),
        ({"stage": None, "term": "2019春"}, [{**STUDYING, "stage": "初中"}], 0),
    ],
)
def test_edu_07_standard_of_the_stage(rules: Any, aid: dict[str, Any], roll: list[Any], count: int) -> None:
    assert len(rules("EDU-07", [CHILD], {AID: [{**PAID, **aid}], ROLL: roll})) == count


@pytest.mark.shows("EDU-07", "hit")
def test_edu_07_follows_the_policy_and_needs_the_roll_where_no_stage_is_told(rules: Any) -> None:
    lower = {"aid_standard": {"小学": 1000}}
    (found,) = rules("EDU-07", [CHILD], {AID: [PAID], ROLL: []}, policy=lower)
    assert "1200" in found["source_value"] and "1000" in found["source_value"]
    assert rules.state("EDU-07", [CHILD], {AID: []}) == "partial"


@pytest.mark.shows("EDU-08", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("row", "count"),
    [
        ({"item": "建档立卡学生资助"}, 1),
        ({"item": "特惠资助"}, 1),
        ({"item": "营养餐"}, 0),
        ({"item": None}, 0),
        ({"item": "特惠资助", "of": 1}, 0),
    ],
)
def test_edu_08_stranger_with_special_aid(rules: Any, row: dict[str, Any], count: int) -> None:
    found = rules("EDU-08", [CHILD], {AID: [{"name": "王五", "amount": 500.0, **row}]})
    assert [finding["name"] for finding in found] == ["王五"] * count


def test_edu_08_reports_a_mere_review_candidate(rules: Any) -> None:
    review = [
        {
            "rid": 2,
            "pid": 1,
            "kind": AID,
            "level": "姓名、村一致，证件号缺失",
            "state": "review",
            "name_relation": "same",
        }
    ]
    assert len(rules("EDU-08", [CHILD], {AID: [{"name": "王五", "item": "特惠资助"}]}, links=review)) == 1
    assert rules.state("EDU-08", [CHILD], {ROLL: []}) == "not_checked"


@pytest.mark.shows("EDU-09", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("birth", "sources", "count"),
    [
        (20100101, {}, 1),
        (20040901, {}, 1),
        (20040831, {}, 0),
        (None, {}, 0),
        (20100101, {ROLL: [{"of": 1, "status": "辍学"}]}, 0),
        (20100101, {EXEMPT: [{"of": 1, "category": "送教上门"}]}, 0),
        (20100101, {EXEMPT: [{"of": 1, "category": None, "category_raw": "？"}]}, 0),
        (20100101, {EXEMPT: [{"of": 1, "category": "劝返中"}]}, 1),
    ],
)
def test_edu_09_holder_out_of_school(rules: Any, birth: int | None, sources: dict[str, Any], count: int) -> None:
    holder = {CERTIFICATES: [{"of": 1, "kind": "肢体", "grade": 2, "expires_on": date(2019, 1, 1)}]}
    assert len(rules("EDU-09", [{"birth": birth}], {ROLL: [], **holder, **sources})) == count


def test_edu_09_needs_both_lists(rules: Any) -> None:
    assert rules.state("EDU-09", [CHILD], {ROLL: []}) == "not_checked"
    assert rules("EDU-09", [CHILD], {ROLL: [], CERTIFICATES: []}) == []


@pytest.mark.shows("EDU-10", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("stage", "aid", "count"),
    [
        ("中职", [], 1),
        ("高职", [], 1),
        ("普高", [], 0),
        (None, [], 0),
        ("中职", [{"of": 1, "term": "2019秋"}], 0),
        ("中职", [{"of": 1, "term": "2020春"}], 0),
        ("中职", [{"of": 1, "term": "2019春"}], 1),
        ("中职", [{"of": 1, "paid_on": date(2019, 9, 1)}], 0),
        ("中职", [{"of": 1, "paid_on": date(2019, 8, 31)}], 1),
        ("中职", [{"of": 1}], 0),
    ],
)
def test_edu_10_vocational_aid_of_the_school_year(rules: Any, stage: str | None, aid: list[Any], count: int) -> None:
    found = rules("EDU-10", [{}], {ROLL: [{**STUDYING, "stage": stage}], VOCATIONAL: aid})
    assert [f"中心小学（{stage}）在读" in finding["detail"] for finding in found] == [True] * count


@pytest.mark.parametrize(
    ("rule", "sources"),
    [
        pytest.param("EDU-06", {AID: [PAID, PAID]}, marks=pytest.mark.shows("EDU-06", "exempt")),
        pytest.param(
            "EDU-10",
            {ROLL: [{**STUDYING, "stage": "中职"}], VOCATIONAL: []},
            marks=pytest.mark.shows("EDU-10", "exempt"),
        ),
    ],
)
def test_the_dead_are_out(rules: Any, rule: str, sources: dict[str, Any]) -> None:
    deaths = [{"of": 1, "died_on": day} for day in (date(2020, 6, 30), date(2020, 7, 1))]
    assert [len(rules(rule, [CHILD], {**sources, "civil.deaths": [death]})) for death in deaths] == [0, 1]


def test_edu_10_not_checked_without_list(rules: Any) -> None:
    assert rules.state("EDU-10", [CHILD], {ROLL: []}) == "not_checked"


@pytest.mark.shows("EDU-01", "unknown")
def test_edu_01_unreadable_exemption_is_not_taken_for_none(rules: Any) -> None:
    child = {"birth": 20120101}
    exemption = {"of": 1, "category": None, "category_raw": "其他情况"}
    assert rules("EDU-01", [child], {"education.enrolment": [], "education.exemptions": [exemption]}) == []


def test_edu_04_pupil_called_none_is_reported_whatever_the_stage(rules: Any) -> None:
    row = {"of": 1, "status": "在读", "stage": None, "stage_raw": "怪学段"}
    assert len(rules("EDU-04", [{"school_status": "非在校生"}], {"education.enrolment": [row]})) == 1
    assert rules("EDU-04", [{"school_status": "小学"}], {"education.enrolment": [row]}) == []
