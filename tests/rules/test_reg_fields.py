"""REG-18 … REG-20: what the schemas expect of the register's and the village books' fields."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fupin_cli.schema.expectations import Expectation
from tests.rules import conftest

HOUSEHOLDS, BOOKS = "register.households", "village.books"
# Everything the register is expected to tell of a grown person and of a household.
FULL: dict[str, Any] = {
    "birth": 19800101, "relation": "户主", "ethnicity": "汉族", "education": "初中", "school_status": None, "health": "健康",
    "labour": "普通劳动力", "basic_insured": True, "serious_insured": True, "pension_insured": True, "main_cause": "因病",
    "unsafe_house": False, "safe_water": True, "electricity": True, "work_months": 6.0, "monthly_wage": 2000.0,
}  # fmt: skip
OTHER = {**FULL, "household_id": "H9", "name": "王九", "school_status": "小学"}
CHILD = {"birth": 20100101, "education": None, "school_status": "小学", "labour": None, "pension_insured": None}


def found(rules: Any, rule: str, sources: Any = None, **changes: Any) -> list[tuple[str, str, str]]:
    """(subject type, severity, register value); a second household tells everything, so that every column is there."""
    findings = rules(rule, [{**FULL, **changes}, OTHER], sources)
    return [(one["subject_type"], one["severity"], one["register_value"]) for one in findings]


def test_reg_18_filled_is_no_finding(rules: Any) -> None:
    assert found(rules, "REG-18") == []


@pytest.mark.shows("REG-18", "hit")
@pytest.mark.parametrize(("changes", "expected"), [
    ({"ethnicity": None}, ("person", "提示", "空：民族")),
    ({"health": None, "relation": None}, ("person", "提示", "空：与户主关系、健康状况")),
    ({"basic_insured": None, "ethnicity": None}, ("person", "一般", "空：是否参加城乡居民基本医疗保险、民族")),
    ({"education": None}, ("person", "一般", "空：在校生状况")),
    ({"safe_water": None, "main_cause": None}, ("household", "一般", "空：主要致贫原因、饮水是否安全")),
    ({"electricity": None}, ("household", "提示", "空：是否通生活用电")),
])  # fmt: skip
def test_reg_18_names_all_blanks_of_a_subject_and_is_worse_for_the_guarantees(
    rules: Any, changes: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert found(rules, "REG-18", **changes) == [expected]


@pytest.mark.shows("REG-18", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    (CHILD, 0), ({**CHILD, "birth": 20040630, "labour": None}, 1), ({**CHILD, "birth": 20040701}, 0), ({**CHILD, "birth": None}, 0),
    ({"education": None, "school_status": "非在校生"}, 0), ({"health": None, "health_raw": "不知道"}, 0),
])  # fmt: skip
def test_reg_18_asks_only_where_it_applies_from_16_and_where_age_is_known(
    rules: Any, changes: dict[str, Any], hits: int
) -> None:
    assert len(found(rules, "REG-18", **changes)) == hits


@pytest.mark.shows("REG-18", "boundary")
def test_reg_18_household_is_blank_only_when_all_its_members_are(rules: Any) -> None:
    members = [{**FULL, "unsafe_house": None}, {**FULL, "name": "陈二", "relation": "配偶"}, OTHER]
    assert rules("REG-18", members) == []


def test_reg_18_asks_nothing_where_a_column_is_blank_that_was_not_exported() -> None:
    persons = [{**FULL, "education": None}, {**OTHER, "education": None}]
    findings, check = conftest.Rules().run("REG-18", persons, None, conftest.AS_OF, None, None, None, (), ())
    assert (findings, check.state) == ([], "partial")
    assert check.missing == ("建档立卡贫困人口信息的“文化程度”列", BOOKS)


@pytest.mark.parametrize(("rule", "changes", "column"), [
    ("REG-19", {"work_months": 13.0}, "务工月收入"), ("REG-20", {"ethnicity": "汉"}, "性别"),
])  # fmt: skip
def test_reg_19_and_20_name_the_columns_they_could_not_look_at(
    rules: Any, rule: str, changes: Any, column: str
) -> None:
    persons = [{**FULL, "monthly_wage": None, **changes}]
    findings, check = conftest.Rules().run(rule, persons, None, conftest.AS_OF, None, None, None, (), ())
    assert (len(findings), check.state) == (1, "partial")
    assert f"建档立卡贫困人口信息的“{column}”列" in check.missing


@pytest.mark.shows("REG-18", "unknown")
def test_reg_18_column_that_nobody_filled_was_not_exported(rules: Any) -> None:
    persons = [{**FULL, "ethnicity": None}, {**OTHER, "ethnicity": None}]
    findings, check = conftest.Rules().run("REG-18", persons, None, conftest.AS_OF, None, None, None, (), ())
    assert (findings, check.state) == ([], "partial")
    assert check.missing == ("建档立卡贫困人口信息的“民族”列", BOOKS)


def test_reg_18_village_books_are_looked_at_too(rules: Any) -> None:
    book = {"town": "灵山镇", "village": "东营村", "poor_village": True, "households_total": 90, "persons_total": 300}
    rows = [{**book, "unsafe_house_households": 0}, {**book, "village": "大昌村", "unsafe_water_households": 1}]
    findings = [
        (one["name"], one["severity"], one["register_value"]) for one in rules("REG-18", [FULL, OTHER], {BOOKS: rows})
    ]
    assert sorted(findings) == [("东营村", "一般", "空：未实现饮水安全户数"), ("大昌村", "一般", "空：危房户数")]


def test_new_check_is_a_line_of_yaml(rules: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    register = conftest.KINDS["register.persons"]
    fields = tuple(
        replace(field, expectation=Expectation(severity="一般")) if field.name == "helper" else field
        for field in register.fields
    )
    monkeypatch.setitem(conftest.KINDS, "register.persons", replace(register, fields=fields))
    findings = rules("REG-18", [FULL, {**OTHER, "helper": "李四"}])
    assert [(one["household_id"], one["register_value"]) for one in findings] == [("H1", "空：帮扶责任人")]


@pytest.mark.shows("REG-19", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "expected"), [
    ({"work_months": 12.5}, [("person", "提示", "务工时间(月)12.5（合理范围：0–12）")]),
    ({"work_months": 12.0}, []), ({"work_months": None}, []),
    ({"monthly_wage": 99.0}, [("person", "提示", "务工月收入99（合理范围：100–30000）")]), ({"monthly_wage": 100.0}, []),
    ({"cropland": 100.1}, [("household", "提示", "耕地面积(亩)100.1（合理范围：0–100）")]), ({"cropland": 100.0}, []),
    ({"net_income": -0.5}, [("household", "提示", "家庭年人均纯收入-0.5（合理范围：不小于0）")]), ({"net_income": 0.0}, []),
    ({"cropland": 200.0, "road_distance": 5.5}, [
        ("household", "提示", "与村主干路距离5.5（合理范围：0–5）、耕地面积(亩)200（合理范围：0–100）"),
    ]),
])  # fmt: skip
def test_reg_19_names_values_out_of_range(rules: Any, changes: dict[str, Any], expected: list[Any]) -> None:
    assert found(rules, "REG-19", **changes) == expected


def test_reg_19_looks_at_the_household_list_of_its_own(rules: Any) -> None:
    rows = [{"household_id": "H1", "operating_income": -3.0}, {"household_id": "H9", "operating_income": 3.0}]
    assert found(rules, "REG-19", {HOUSEHOLDS: rows}) == [
        ("household", "提示", "家庭经营性纯收入-3（合理范围：不小于0）")
    ]


@pytest.mark.shows("REG-20", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "expected"), [
    ({"ethnicity": "汉"}, [("person", "提示", "民族“汉”")]), ({"ethnicity": "穿青人"}, []), ({"ethnicity": None}, []),
    ({"main_cause": "家里穷"}, [("household", "提示", "主要致贫原因“家里穷”")]), ({"main_cause": "缺资金"}, []),
    ({"labour": None, "labour_raw": "还行"}, [("person", "提示", "劳动技能“还行”")]), ({"labour": None}, []),
    ({"exit_status": None, "exit_status_raw": "脱了"}, [("household", "提示", "脱贫属性“脱了”")]),
])  # fmt: skip
def test_reg_20_names_values_that_are_not_standard(rules: Any, changes: dict[str, Any], expected: list[Any]) -> None:
    assert found(rules, "REG-20", **changes) == expected


def test_reg_20_one_finding_a_subject(rules: Any) -> None:
    (finding,) = found(rules, "REG-20", ethnicity="汉", health=None, health_raw="一般般")
    assert finding[2] == "健康状况“一般般”、民族“汉”"


def test_reg_18_names_the_fields_and_the_lists_it_could_not_look_at() -> None:
    persons = [{**FULL, "education": None}]
    _, check = conftest.Rules().run("REG-18", persons, None, conftest.AS_OF, None, None, None, (), ())
    assert check.parts == ("建档立卡贫困人口信息的在校生状况", "村级台账（村）")
