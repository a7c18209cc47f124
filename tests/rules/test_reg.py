"""REG-01 … REG-17: what each rule reports about the register, what it leaves alone, and when it cannot be checked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.rules.conftest import AS_OF

DEATHS, CERTIFICATES = "civil.deaths", "disability.certificates"


def man(**facts: Any) -> dict[str, Any]:
    return {"sex": "男", "birth": 19700101, **facts}


def child(relation: str = "之子", **facts: Any) -> dict[str, Any]:
    return {"name": "陈小", "relation": relation, "birth": 20080101, **facts}


def names(findings: list[dict[str, str]]) -> list[str]:
    return sorted(finding["name"] for finding in findings)


def died(of: int, **more: Any) -> dict[str, list[dict[str, Any]]]:
    return {DEATHS: [{"of": of, "name": "陈一", "died_on": date(2020, 1, 1), **more}]}


# REG-01, REG-02: the number by itself


@pytest.mark.shows("REG-01", "hit", "boundary", "unknown")
@pytest.mark.shows("REG-02", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("number", "status", "rule_id", "words"),
    [
        (None, "missing", "REG-01", "证件号码为空"),
        ("46010819800101", "malformed", "REG-01", "位数或字符不对"),
        ("460108********1015", "masked", "REG-01", "被遮盖"),
        ("H12345678", "other", "REG-01", "不是居民身份证号"),
        ("460108801332101", "birthdate", "REG-01", "出生日期段不存在"),
        ("460108198001011015", "upgraded15", "REG-01", "15位旧号码"),
        ("460108198001011010", "checksum", "REG-02", "校验码不正确"),
        ("460108198013321015", "birthdate", "REG-02", "出生日期段不存在"),
        ("460108198001011000", "precision_lost", "REG-02", "失真"),
    ],
)
def test_reg_01_02_share_out_faulty_numbers(
    rules: Any, number: str | None, status: str, rule_id: str, words: str
) -> None:
    persons = [man(id_number=number, id_number_status=status)]
    other = {"REG-01": "REG-02", "REG-02": "REG-01"}[rule_id]
    (finding,) = rules(rule_id, persons)
    assert words in finding["detail"]
    assert finding["severity"] == "一般"
    assert finding["owner"] == "灵山镇、区扶贫办"
    assert rules(other, persons) == []


def test_reg_01_shows_old_and_upgraded_number(rules: Any) -> None:
    old = man(id_number="460108198001011015", id_number_raw="460108800101101", id_number_status="upgraded15")
    (finding,) = rules("REG-01", [old])
    assert "460108800101101" in finding["detail"]
    assert "460108198001011015" in finding["detail"]


@pytest.mark.shows("REG-01", "boundary")
@pytest.mark.shows("REG-02", "boundary")
@pytest.mark.parametrize("rule_id", ["REG-01", "REG-02"])
@pytest.mark.parametrize("status", ["valid", "repaired", "disability20"])
def test_reg_01_02_accept_good_numbers(rules: Any, rule_id: str, status: str) -> None:
    assert rules(rule_id, [man(id_number="460108198001011015", id_number_status=status)]) == []


# REG-03: one number twice


@pytest.mark.shows("REG-03", "hit")
def test_reg_03_hits_every_person_of_a_shared_number_in_two_households(rules: Any) -> None:
    same = {"id_number": "460108198001011015", "id_number_key": "460108198001011015"}
    findings = rules("REG-03", [man(name="陈一", **same), man(name="李四", household_id="H2", **same)])
    assert names(findings) == ["李四", "陈一"]
    assert {finding["title"] for finding in findings} == {"证件号码重复（不同户）"}
    assert {finding["severity"] for finding in findings} == {"严重"}
    assert all(finding["evidence"].count("台账.xlsx") == 2 for finding in findings)


@pytest.mark.shows("REG-03", "hit")
def test_reg_03_hits_one_human_entered_twice_in_one_household(rules: Any) -> None:
    findings = rules("REG-03", [man(id_number_key="460108198001011015")] * 2)
    assert [finding["title"] for finding in findings] == ["证件号码重复（同户）"] * 2


@pytest.mark.shows("REG-03", "exempt", "boundary")
def test_reg_03_exempts_the_next_number_and_the_dead(rules: Any) -> None:
    first, same = man(id_number_key="460108198001011015"), man(name="李四", id_number_key="460108198001011015")
    assert rules("REG-03", [first, man(id_number_key="460108198001011031")]) == []
    assert rules("REG-03", [first, same], died(1)) == []


@pytest.mark.shows("REG-03", "unknown")
@pytest.mark.parametrize(
    ("status", "number", "hits"),
    [("missing", None, 0), ("precision_lost", "460108198001011000", 0), ("checksum", "460108198001011010", 2)],
)
def test_reg_03_compares_faulty_numbers_that_lost_nothing(rules: Any, status: str, number: Any, hits: int) -> None:
    assert len(rules("REG-03", [man(id_number=number, id_number_status=status)] * 2)) == hits


# REG-04: sex


@pytest.mark.shows("REG-04", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("sex", "of_number", "hits"), [("男", "女", 1), ("男", "男", 0), (None, "女", 0), ("男", None, 0)]
)
def test_reg_04_compares_given_sex_with_number(rules: Any, sex: str | None, of_number: str | None, hits: int) -> None:
    assert len(rules("REG-04", [man(sex=sex, id_sex=of_number)])) == hits


# REG-05, REG-06, REG-14: the household as written


@pytest.mark.shows("REG-05", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("relations", "hits"),
    [
        (["户主", "之子"], 0),
        (["户主", "户主"], 1),
        (["配偶", "之子"], 1),
        (["户主", None], 0),
        ([None, "之子"], 0),
        (["户主", "户主", None], 1),
    ],
)
def test_reg_05_wants_one_head(rules: Any, relations: list[str | None], hits: int) -> None:
    assert len(rules("REG-05", [man(relation=relation) for relation in relations])) == hits


def test_reg_05_says_how_many(rules: Any) -> None:
    (finding,) = rules("REG-05", [man(), man(name="李四"), child()])
    assert "共3人" in finding["detail"]
    assert "有2人" in finding["detail"]
    assert finding["subject_type"] == "household"


@pytest.mark.shows("REG-06", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("size", "hits"), [(2, 0), (3, 1), (1, 1), (None, 0)])
def test_reg_06_compares_size_with_rows(rules: Any, size: int | None, hits: int) -> None:
    assert len(rules("REG-06", [man(household_size=size), child(household_size=size)])) == hits


@pytest.mark.shows("REG-14", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("types", "hits"), [(["低保", "一般"], 1), (["低保", "特困"], 1), (["低保", "低保"], 0), (["低保", None], 0)]
)
def test_reg_14_wants_one_poverty_type(rules: Any, types: list[str | None], hits: int) -> None:
    findings = rules("REG-14", [man(poverty_type=kind) for kind in types])
    assert len(findings) == hits
    assert all("、".join(sorted(filter(None, types))) in finding["detail"] for finding in findings)


@pytest.mark.shows("REG-14", "boundary")
def test_reg_14_takes_other_households_apart(rules: Any) -> None:
    assert rules("REG-14", [man(poverty_type="低保"), man(household_id="H2", poverty_type="特困")]) == []


# REG-07, REG-08: relation to the head


@pytest.mark.shows("REG-07", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("relation", "sex", "hits"),
    [
        ("之子", "女", 1), ("之子", "男", 0), ("之女", "男", 1), ("之孙子", "女", 1), ("之父", "女", 1), ("之母", "男", 1),
        ("之儿媳", "男", 1), ("之女婿", "女", 1), ("配偶", "男", 1), ("配偶", "女", 0), ("其他", "女", 0), (None, "女", 0),
        ("之子", None, 0), ("配偶", None, 0),
    ],
)  # fmt: skip
def test_reg_07_relation_and_sex(rules: Any, relation: str | None, sex: str | None, hits: int) -> None:
    assert len(rules("REG-07", [man(), {"relation": relation, "sex": sex}])) == hits


def test_reg_07_takes_sex_of_the_number_where_blank(rules: Any) -> None:
    assert len(rules("REG-07", [man(), {"relation": "之子", "id_sex": "女"}])) == 1


@pytest.mark.shows("REG-07", "unknown")
def test_reg_07_ignores_spouse_beside_two_heads(rules: Any) -> None:
    assert rules("REG-07", [man(), man(), {"relation": "配偶", "sex": "男"}]) == []


@pytest.mark.shows("REG-08", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("relation", "birth", "hits"),
    [
        ("之子", 19831231, 1), ("之子", 19840101, 0), ("之女", 19650101, 1), ("之父", 19560101, 0), ("之父", 19560102, 1),
        ("之孙女", 19971231, 1), ("之孙女", 19980101, 0), ("之外孙子", 19900101, 1), ("之儿媳", 19700101, 0),
        ("之子", None, 0), (None, 19700101, 0),
    ],
)  # fmt: skip
def test_reg_08_gap_to_the_head(rules: Any, relation: str | None, birth: int | None, hits: int) -> None:
    assert len(rules("REG-08", [man(), child(relation, birth=birth)])) == hits


@pytest.mark.shows("REG-08", "unknown")
def test_reg_08_ignores_household_without_head_or_head_without_birth(rules: Any) -> None:
    young = child(birth=19800101)
    assert rules("REG-08", [young]) == []
    assert rules("REG-08", [man(birth=None), young]) == []


def test_reg_08_gap_is_policy(rules: Any) -> None:
    (finding,) = rules("REG-08", [man(), child(birth=19840101)], policy={"parent_gap_min": 15})
    assert "不少于15岁" in finding["detail"]


# REG-09 … REG-12, REG-17: a person's facts against age and health (as_of 2020-06-30)


def turning(age: int) -> int:
    """The birth date of one who is ``age`` that very day."""
    return (2020 - age) * 10_000 + 630


def born_the_day_after(age: int) -> int:
    return (2020 - age) * 10_000 + 701


STAGES = {
    "学前": (2, 8), "小学": (5, 16), "初中": (10, 19), "普高": (13, 24), "中职": (13, 24), "高职": (15, 35), "大专及以上": (15, 35),
}  # fmt: skip


@pytest.mark.shows("REG-09", "hit", "boundary")
def test_reg_09_stage_and_age(rules: Any) -> None:
    births = {
        f"{stage}{word}": (stage, birth)
        for stage, (youngest, oldest) in STAGES.items()
        for word, birth in {
            "太小": born_the_day_after(youngest), "最小": turning(youngest),
            "最大": born_the_day_after(oldest + 1), "太大": turning(oldest + 1),
        }.items()
    }  # fmt: skip
    pupils = [child(name=name, school_status=stage, birth=birth) for name, (stage, birth) in births.items()]
    findings = rules("REG-09", pupils, policy={"receipt_flood": 1.0})
    assert names(findings) == sorted(f"{stage}{word}" for stage in STAGES for word in ("太小", "太大"))


@pytest.mark.shows("REG-09", "exempt", "unknown")
def test_reg_09_ignores_other_statuses_and_unknown_ages(rules: Any) -> None:
    facts = [("非在校生", 20150701), ("学龄前儿童", 20100101), (None, 20190701), ("小学", None)]
    assert rules("REG-09", [child(school_status=status, birth=birth) for status, birth in facts]) == []


@pytest.mark.shows("REG-10", "hit", "boundary")
def test_reg_10_education_and_age(rules: Any) -> None:
    youngest = {"初中": 11, "高中": 14, "中专": 14, "大专": 17, "本科及以上": 17}
    early = [child(name=name, education=name, birth=born_the_day_after(age)) for name, age in youngest.items()]
    due = [child(name=f"{name}到龄", education=name, birth=turning(age)) for name, age in youngest.items()]
    assert names(rules("REG-10", early + due)) == sorted(youngest)


@pytest.mark.shows("REG-10", "exempt", "unknown")
def test_reg_10_ignores_lower_educations_and_unknown_ages(rules: Any) -> None:
    facts = [("小学", 20150101), ("文盲或半文盲", 20150101), (None, 20150101), ("初中", None)]
    assert rules("REG-10", [child(education=education, birth=birth) for education, birth in facts]) == []


@pytest.mark.shows("REG-11", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("labour", "birth", "hits"),
    [
        ("普通劳动力", 20040701, 1), ("弱劳动力或半劳动力", 20040701, 1), ("普通劳动力", 20040630, 0),
        ("无劳动力", 20100101, 0), ("丧失劳动力", 20100101, 0), (None, 20100101, 0), ("普通劳动力", None, 0),
    ],
)  # fmt: skip
def test_reg_11_labour_under_16(rules: Any, labour: str | None, birth: int | None, hits: int) -> None:
    assert len(rules("REG-11", [child(labour=labour, birth=birth)])) == hits


@pytest.mark.shows("REG-12", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("labour", "health", "grade", "hits"),
    [
        ("普通劳动力", "患有大病", None, 1), ("技能劳动力", "患有大病,残疾", None, 1), ("普通劳动力", "残疾", 2, 1),
        ("普通劳动力", "残疾", 3, 0), ("普通劳动力", "残疾", None, 0), ("弱劳动力或半劳动力", "患有大病", 1, 0),
        ("普通劳动力", None, None, 0), (None, "患有大病", 1, 0), ("普通劳动力", None, 1, 1),
    ],
)  # fmt: skip
def test_reg_12_labour_and_health(
    rules: Any, labour: str | None, health: str | None, grade: int | None, hits: int
) -> None:
    card = {CERTIFICATES: [{"of": 1, "name": "陈一", "grade": grade}]}
    assert len(rules("REG-12", [man(labour=labour, health=health)], card)) == hits


def test_reg_12_works_without_certificates_and_joins_both_reasons(rules: Any) -> None:
    person = man(labour="普通劳动力", health="患有大病")
    assert len(rules("REG-12", [person])) == 1
    (finding,) = rules("REG-12", [person], {CERTIFICATES: [{"of": 1, "grade": 1}]})
    assert "患有大病" in finding["source_value"]
    assert "1级" in finding["source_value"]
    assert CERTIFICATES in finding["evidence"]


@pytest.mark.shows("REG-17", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("status", "birth", "hits"),
    [
        (None, 20130831, 1), (None, 20130901, 0), (None, 20040901, 1), (None, 20040831, 0), ("非在校生", 20100101, 1),
        ("小学", 20100101, 0), (None, None, 0),
    ],
)  # fmt: skip
def test_reg_17_school_age_without_status(rules: Any, status: str | None, birth: int | None, hits: int) -> None:
    findings = rules("REG-17", [child(school_status=status, birth=birth)])
    assert len(findings) == hits
    assert all(finding["severity"] == "提示" for finding in findings)


@pytest.mark.shows("REG-17", "unknown")
def test_reg_17_ignores_unreadable_status(rules: Any) -> None:
    assert rules("REG-17", [child(school_status_raw="某校", birth=20100101)]) == []


# REG-13: income


@pytest.mark.shows("REG-13", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("income", "exit_status", "watch", "severity"),
    [
        (3999.99, "已脱贫", None, "严重"), (4000, "已脱贫", None, ""), (3999, "未脱贫", None, ""), (3999, None, None, ""),
        (None, "已脱贫", [], ""), (4000, "已脱贫", [], "一般"), (4999.99, "已脱贫", [], "一般"), (5000, "已脱贫", [], ""),
        (3000, "已脱贫", [], "严重"),
    ],
)  # fmt: skip
def test_reg_13_income_lines(
    rules: Any, income: float | None, exit_status: str | None, watch: list[dict[str, Any]] | None, severity: str
) -> None:
    findings = rules("REG-13", [man(net_income=income, exit_status=exit_status)], watch=watch)
    assert [finding["severity"] for finding in findings] == ([severity] if severity else [])


@pytest.mark.shows("REG-13", "exempt")
@pytest.mark.parametrize("entry", [{"of": 1, "household_id": "W1"}, {"name": "别人", "household_id": "H1"}])
def test_reg_13_exempts_watched_household_below_watch_line(rules: Any, entry: dict[str, Any]) -> None:
    assert rules("REG-13", [man(net_income=4500, exit_status="已脱贫")], watch=[entry]) == []
    findings = rules("REG-13", [man(net_income=3500, exit_status="已脱贫")], watch=[entry])
    assert [finding["severity"] for finding in findings] == ["严重"]


# REG-16: control totals


@pytest.mark.shows("REG-16", "hit", "exempt", "boundary")
@pytest.mark.parametrize(
    ("controls", "units"),
    [
        ((), []),
        ((("", 2, 3),), []),
        ((("", 2, 4),), ["全区"]),
        ((("", 3, None),), ["全区"]),
        ((("", None, 3),), []),
        ((("灵山镇", 1, 2), ("演丰镇", 1, 2), ("三江镇", 1, 1)), ["三江镇", "演丰镇"]),
    ],
)
def test_reg_16_control_totals(rules: Any, controls: Any, units: list[str]) -> None:
    persons = [man(), child(), man(household_id="H2", town="演丰镇")]
    assert names(rules("REG-16", persons, controls=controls)) == units


def test_reg_16_says_both_totals(rules: Any) -> None:
    (finding,) = rules("REG-16", [man(), child()], controls=(("灵山镇", 2, None),))
    assert finding["detail"] == "灵山镇台账共1户2人，控制数为2户。"
    assert finding["owner"] == "灵山镇、区扶贫办"
    assert finding["town"] == "灵山镇"


def test_reg_16_counts_the_register_as_written(rules: Any) -> None:
    assert rules("REG-16", [man(), child()], died(2), controls=(("", 1, 2),)) == []


@pytest.mark.shows("REG-16", "unknown")
def test_reg_16_blank_household_is_none_and_blank_town_is_of_the_district_alone(rules: Any) -> None:
    persons = [man(), man(household_id=None, town=None)]
    assert rules("REG-16", persons, controls=(("", 1, 2), ("灵山镇", 1, 1))) == []


@pytest.mark.parametrize(("lost", "controls", "state"), [
    ("town", (("灵山镇", 9, 9),), "not_checked"), ("town", (("灵山镇", 9, 9), ("", 1, 1)), "partial"),
    ("household_id", (("", 9, None),), "not_checked"), ("household_id", (("", None, 1),), "checked"), ("town", (), "checked"),
])  # fmt: skip
def test_reg_16_does_not_count_by_a_column_that_is_lost(rules: Any, lost: str, controls: Any, state: str) -> None:
    findings, check = rules.run("REG-16", [man(**{lost: None})], {}, AS_OF, None, None, None, (), controls)
    assert (findings, check.state) == ([], state)


@pytest.mark.parametrize(("rule", "told", "state"), [
    ("REG-01", {"id_number_status": "missing"}, "not_checked"), ("REG-07", {"relation": "之子", "id_sex": "女"}, "not_checked"),
    ("REG-12", {"labour": "普通劳动力"}, "not_checked"), ("REG-13", {"exit_status": "已脱贫", "net_income": 4500.0}, "partial"),
])  # fmt: skip
def test_column_or_list_that_is_lost_invents_nothing(rules: Any, rule: str, told: dict[str, Any], state: str) -> None:
    findings, check = rules.run(rule, [{"birth": 19700101, **told}], {}, AS_OF, None, None, None, (), ())
    assert (findings, check.state) == ([], state)


def test_reg_15_looks_nowhere_without_the_days_of_death(rules: Any) -> None:
    assert rules.state("REG-15", [man()], {DEATHS: [{"of": 1, "name": "陈一"}]}) == "not_checked"
