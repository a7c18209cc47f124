"""Lists of the bureaus that come without a column, as ``test_lacking``: houses, water, aid, work, money, villages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.rules.test_lacking import checked

HOUSES, WORKS, WATER, PLANTS = "housing.appraisals", "housing.renovations", "water.appraisals", "water.works"
DEATHS, DIBAO, AID = "civil.deaths", "civil.dibao", "education.aid"
CERTIFICATES, ALLOWANCES = "disability.certificates", "disability.allowances"
LOANS, PROJECTS, NETWORKS, BOOKS = "finance.loans", "finance.projects", "village.infrastructure", "village.books"
PLACE = {"town": "灵山镇", "village": "东营村"}
SAFE, UNSAFE = {"unsafe_house": False, "safe_water": True}, {"unsafe_house": True, "safe_water": False}
STARTED = {"of": 1, "started_on": date(2020, 6, 1)}
ACCEPTED = {"of": 1, "accepted_on": date(2019, 10, 1)}
OLD_LOAN = {"of": 1, "principal": 1.0, "due_on": date(2020, 1, 1), "recourse_since": date(2020, 1, 1), "status": "逾期"}
UNTOLD = {**OLD_LOAN, "status": None, "repaid": False}
LATE = {"project": "道路硬化", "planned_finish": date(2020, 1, 1)}
DONE = {"project": "道路硬化", "finished_on": date(2020, 1, 1)}
BOOK = {
    **PLACE, "households_total": 9, "persons_total": 9, "registered_households": 1, "registered_persons": 1, "dibao_households": 1,
    "dibao_persons": 3, "tekun_persons": 0, "disabled_persons": 0, "unsafe_water_households": 0, "unsafe_house_households": 0,
}  # fmt: skip
WELL = {**SAFE, "health": "健康"}
GRANT = {**PLACE, "name": "李四", "household_no": "D1", "covered_count": 3, "status": "在享"}


def own(grade: str | None = None, **more: Any) -> dict[str, Any]:
    return {"of": 1, "name": "陈一", **({"grade": grade} if grade else {}), **more}


def water(conclusion: str, **more: Any) -> dict[str, Any]:
    return {"of": 1, "name": "陈一", "conclusion": conclusion, **more}


def village(conclusion: str, project: str) -> dict[str, Any]:
    return {**PLACE, "conclusion": conclusion, "project": project}


@pytest.mark.parametrize(("rule", "home", "sources", "unasked", "lacking", "found"), [
    ("HSG-02", SAFE, {HOUSES: [own("D"), own("D")], WORKS: []}, "", "鉴定日期", 1),
    ("HSG-02", SAFE, {HOUSES: [own("D"), own("A")], WORKS: []}, "", "鉴定日期", 0),
    ("HSG-02", SAFE, {HOUSES: [own("D", housing_kind="自有"), own("C", housing_kind="租住")], WORKS: []}, "", "鉴定日期", 0),
    ("HSG-03", SAFE, {WORKS: [STARTED]}, "", "年度批次", 0),
    ("HSG-06", SAFE, {HOUSES: [own("D", appraised_on=date(2019, 1, 1))], WORKS: [{"of": 1}]}, "accepted_on", "验收日期", 0),
    ("HSG-06", SAFE, {HOUSES: [own("D", appraised_on=date(2019, 1, 1))], WORKS: []}, "accepted_on", "验收日期", 1),
    ("HSG-06", SAFE, {HOUSES: [own("D"), own("A")], WORKS: []}, "", "鉴定日期", 0),
    ("HSG-06", UNSAFE, {HOUSES: [own("D")], WORKS: [ACCEPTED]}, "", "鉴定日期", 0),
    ("HSG-06", UNSAFE, {HOUSES: [own("A")], WORKS: [ACCEPTED]}, "", "鉴定日期", 1),
    ("WAT-02", SAFE, {WATER: [water("不达标", appraised_on=date(2020, 1, 1), quantity=9.0, reliability=9.0)]}, "", "水质、用水方便程度", 1),
    ("WAT-02", SAFE, {WATER: [water("不达标"), water("达标", quality_ok=True, quantity=30.0, convenience=1.0, reliability=99.0)]}, "", "评价日期", 0),
    ("WAT-03", SAFE, {WATER: [water("达标", quality_ok=False, quantity=30.0, convenience=1.0)]}, "", "供水保证率", 1),
    ("WAT-04", SAFE, {WATER: [water("不达标"), water("达标")]}, "", "评价日期", 0),
    ("WAT-04", SAFE, {WATER: [village("不达标", "甲水厂"), village("达标", "乙水厂")]}, "", "评价日期", 0),
    ("WAT-05", SAFE, {PLANTS: [{"project": "甲水厂"}]}, "", "运行状态", 1),
    ("WAT-05", SAFE, {PLANTS: [{"project": "甲水厂", "status": "停用"}]}, "manager", "管护责任人", 1),
    ("CIV-07", SAFE, {DIBAO: [{"of": 1, "verified": False}]}, "", "镇", 1),
    ("FIN-01", SAFE, {LOANS: [{**OLD_LOAN, "due_on": date(2020, 6, 1), "recourse_since": None}]}, "recourse_since", "追索起始日", 1),
    ("FIN-01", SAFE, {LOANS: [{**OLD_LOAN, "recourse_since": None}]}, "recourse_since", "追索起始日", 0),
    ("FND-02", SAFE, {PROJECTS: [{"project": "道路硬化", "published": False}]}, "", "是否入库", 1),
    ("FND-03", SAFE, {PROJECTS: [LATE]}, "", "完工日期", 1),
    ("FND-03", SAFE, {PROJECTS: [DONE]}, "", "计划完工日期", 1),
    ("INF-03", SAFE, {NETWORKS: [{**PLACE, "fibre": False}]}, "", "4G是否覆盖", 1),
])  # fmt: skip
def test_part_for_want_of_a_column(
    rules: Any, rule: str, home: Any, sources: Any, unasked: str, lacking: str, found: int
) -> None:
    assert checked(rules, rule, [home], sources, None, unasked) == (found, "partial", lacking)


@pytest.mark.parametrize(("rule", "sources", "unasked", "lacking"), [
    ("HSG-02", {HOUSES: [own("D", appraised_on=date(2019, 1, 1))], WORKS: []}, "housing_kind", "住房方式"),
    ("HSG-03", {WORKS: [{**STARTED, "batch_year": 2018}]}, "accepted_on", "验收日期"),
    ("WAT-01", {WATER: [{"conclusion": "达标"}]}, "", "行政村"),
    ("CIV-02", {DIBAO: [{"of": 1}]}, "status", "享受状态"),
    ("DIS-02", {CERTIFICATES: [{"of": 1}], ALLOWANCES: []}, "", "贫困户属性"),
    ("FIN-01", {LOANS: [UNTOLD]}, "status", "贷款状态"),
    ("FIN-02", {LOANS: [{**UNTOLD, "due_on": date(2020, 7, 1)}]}, "status", "贷款状态"),
    ("FIN-03", {LOANS: [UNTOLD]}, "status", "贷款状态"),
    ("FND-03", {PROJECTS: [LATE]}, "finished_on", "完工日期"),
    ("FND-03", {PROJECTS: [{**LATE, **DONE}]}, "accepted_on", "验收日期"),
])  # fmt: skip
def test_nothing_can_be_told_for_want_of_a_column(
    rules: Any, rule: str, sources: Any, unasked: str, lacking: str
) -> None:
    home = {**SAFE, "poverty_type": "一般"} if rule == "CIV-02" else SAFE
    assert checked(rules, rule, [home], sources, None, unasked) == (0, "not_checked", lacking)


LONG_AGO = date(2018, 5, 1)
STAY = {"of": 1, "admitted_on": date(2020, 3, 1), "total": 9e5, "self_paid": 9e5}
ILL = {"of": 1, "disease": "高血压", "diagnosed_on": date(2019, 1, 1)}
POOR, DISABLED = (
    {"poverty_type": "低保", "net_income": 1.0, "health": "残疾"},
    {"poverty_type": "特困", "health": "健康"},
)


@pytest.mark.parametrize(("rule", "home", "rest", "kind", "row", "unasked", "lacking"), [
    ("MED-01", {}, {}, "health.insurance", {"status": "正常"}, "year", "参保年度"),
    ("MED-05", {"basic_insured": True}, {}, "health.insurance", {"year": 2019, "status": "暂停", "scheme": "城乡居民"}, "status", "参保状态"),
    ("MED-07", {}, {"health.chronic": [ILL]}, "health.contracts", {"signed_on": date(2019, 1, 1)}, "year", "签约年度"),
    ("MED-07", {}, {"health.chronic": [ILL]}, "health.contracts", {"year": 2020}, "status", "签约状态"),
    ("MED-08", {}, {"health.chronic": [ILL]}, "health.followups", {"served_on": date(2020, 2, 1)}, "disease", "病种"),
    ("MED-11", {}, {"health.inpatient": [STAY]}, "civil.tekun", {}, "status", "供养状态"),
    ("CIV-01", POOR, {}, DIBAO, {}, "status", "享受状态"),
    ("CIV-03", DISABLED, {}, "civil.tekun", {}, "status", "供养状态"),
    ("CIV-06", POOR, {DIBAO: []}, "civil.tekun", {}, "status", "供养状态"),
    ("CIV-08", {}, {"health.inpatient": [STAY]}, "civil.relief", {}, "granted_on", "救助日期"),
    ("DIS-01", POOR, {}, CERTIFICATES, {}, "expires_on", "有效期至"),
    ("DIS-03", {}, {CERTIFICATES: [{"of": 1, "grade": 1}]}, ALLOWANCES, {"allowance": "困难残疾人生活补贴"}, "status", "发放状态"),
    ("IND-02", {}, {"register.households": [{"household_id": "H1", "operating_income": 9000.0}]}, "agriculture.awards", {}, "year", "奖励年度"),
])  # fmt: skip
def test_whom_a_list_does_not_name_is_told_without_its_columns(
    rules: Any, rule: str, home: Any, rest: Any, kind: str, row: Any, unasked: str, lacking: str
) -> None:
    """Whom the list names may be excused by what the column would say; whom it does not name cannot be."""
    stranger = {"name": "李四", "of": None}
    row = {name: value for name, value in row.items() if name != unasked}
    found, state, titles = checked(rules, rule, [home], {**rest, kind: [{"of": 1, **row}]}, None, unasked)
    assert (found if rule != "MED-08" else found - 1, state, lacking in titles.split("、")) == (0, "partial", True)
    found, state, _ = checked(rules, rule, [home], {**rest, kind: [{**row, **stranger}]}, None, unasked)
    assert (found, state) == (1, "partial")


def test_civ_05_aid_without_a_date_says_nothing_after_death(rules: Any) -> None:
    sources = {DEATHS: [{"of": 1, "died_on": date(2020, 1, 1)}], AID: [{"of": 1}], DIBAO: [{"of": 1}]}
    assert checked(rules, "CIV-05", [SAFE], sources, None) == (1, "partial", "发放日期")


@pytest.mark.parametrize(("book", "home", "grant", "lacking", "found"), [
    ({}, {}, {}, "", 0),
    ({"town": None}, {}, {}, "", 0),
    ({"town": None, "village": "别处村"}, {}, {}, "镇", 0),
    ({"dibao_persons": None}, {}, {}, "低保人口数", 0),
    ({"unsafe_house_households": None}, {"unsafe_house": True}, {}, "危房户数", 0),
    ({}, {"unsafe_house": None, "safe_water": None}, {}, "是否危房户、饮水是否安全", 0),
    ({"dibao_persons": 1}, {}, {"village": None}, "行政村", 0),
    ({"dibao_persons": 2}, {}, {"household_no": None}, "低保证号", 0),
    ({}, {}, {"covered_count": None}, "保障人数", 0),
    ({"dibao_households": 2}, {}, {"covered_count": None}, "保障人数", 1),
])  # fmt: skip
def test_vil_01_compares_what_book_and_lists_tell(
    rules: Any, book: Any, home: Any, grant: Any, lacking: str, found: int
) -> None:
    lists: dict[str, Any] = {"civil.tekun": [], CERTIFICATES: []}
    sources = {BOOKS: [{**BOOK, **book}], DIBAO: [{**GRANT, **grant}], **lists}
    state = "partial" if lacking else "checked"
    assert checked(rules, "VIL-01", [{**WELL, **home}], sources, None) == (found, state, lacking)


@pytest.mark.parametrize(("rule", "row", "kind"), [
    ("FIN-01", {"status": "逾期", "repaid": None}, LOANS),
    ("FND-02", {"published": False, "in_library": None}, PROJECTS), ("INF-03", {"mobile_4g": False}, NETWORKS),
])  # fmt: skip
def test_one_of_two_columns_will_do(rules: Any, rule: str, row: dict[str, Any], kind: str) -> None:
    base = {"of": 1, "due_on": date(2020, 6, 1)} if kind == LOANS else {"project": "路"} if kind == PROJECTS else PLACE
    found, state, _ = checked(rules, rule, [SAFE], {kind: [{**base, **row}]}, None)
    assert (found, state == "not_checked") == (1, False)
    found, state, _ = checked(rules, rule, [SAFE], {kind: [base]}, None)
    assert (found, state) == (0, "not_checked")
