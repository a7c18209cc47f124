"""EMP, IND, FIN, FND, INF: work, awards, loans, projects, networks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

STATUS, POSTS, AWARDS = "employment.status", "employment.posts", "agriculture.awards"
HOUSEHOLDS, LOANS, PROJECTS, NETWORKS = (
    "register.households",
    "finance.loans",
    "finance.projects",
    "village.infrastructure",
)
AS_OF = date(2020, 6, 30)
ABLE = {"birth": 19800101, "labour": "普通劳动力", "school_status": "非在校生"}


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


@pytest.mark.parametrize("rule", [
    "EMP-01", "EMP-02", "EMP-03", "IND-01", "IND-02", "FIN-01", "FIN-02", "FIN-03", "FIN-04", "FND-01", "FND-02", "FND-03",
    "INF-01", "INF-02", "INF-03",
])  # fmt: skip
def test_not_checked_without_its_source(rules: Any, rule: str) -> None:
    assert rules.state(rule, [ABLE], {}) == "not_checked"


@pytest.mark.shows("EMP-01", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    ({}, 1), ({"labour": "技能劳动力"}, 1), ({"labour": "弱劳动力或半劳动力"}, 0), ({"labour": None}, 0), ({"school_status": "普高"}, 0),
    ({"birth": 20040630}, 1), ({"birth": 20040701}, 0), ({"birth": 19600701}, 1), ({"birth": 19600630}, 0), ({"birth": None}, 0),
    ({"school_status": None}, 1),
])  # fmt: skip
def test_emp_01_household_with_labour_and_no_work(rules: Any, changes: dict[str, Any], hits: int) -> None:
    assert len(rules("EMP-01", [{**ABLE, **changes}], {STATUS: []})) == hits


@pytest.mark.shows("EMP-01", "exempt", "unknown")
@pytest.mark.parametrize(("row", "hits"), [({"employed": True}, 0), ({"employed": None}, 0), ({"employed": False}, 1)])
def test_emp_01_any_member_at_work_is_enough(rules: Any, row: dict[str, Any], hits: int) -> None:
    members = [ABLE, {**ABLE, "name": "陈二", "relation": "配偶", "labour": "弱劳动力或半劳动力"}]
    assert len(rules("EMP-01", members, {STATUS: [{"of": 2, **row}]})) == hits


@pytest.mark.parametrize(
    ("employed", "state", "hits"), [(None, "partial", 1), (True, "checked", 1), (False, "checked", 2)]
)
def test_emp_01_bare_list_tells_who_is_not_in_it(rules: Any, employed: bool | None, state: str, hits: int) -> None:
    persons = [ABLE, {**ABLE, "household_id": "H2", "name": "李四"}]
    findings, check = rules.run(
        "EMP-01", persons, {STATUS: [{"of": 1, "employed": employed}]}, AS_OF, None, None, None, (), ()
    )
    assert (len(findings), check.state) == (hits, state)


POST = {"post": "村保洁员", "name": "李四"}


@pytest.mark.shows("EMP-02", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("row", "hits"), [
    ({"of": 1}, 0), ({}, 1), ({"status": "退出"}, 0), ({"to": days_ago(1)}, 0), ({"to": AS_OF}, 1), ({"status": None, "status_raw": "?"}, 0),
    ({"of": 1, "birth": 19590630}, 1), ({"of": 1, "birth": 19590701}, 0),
])  # fmt: skip
def test_emp_02_holders_are_known_and_not_over_60(rules: Any, row: dict[str, Any], hits: int) -> None:
    assert len(rules("EMP-02", [ABLE], {POSTS: [{**POST, **row}]})) == hits


@pytest.mark.shows("EMP-02", "unknown")
def test_emp_02_age_of_a_holder_without_a_number_is_the_registers(rules: Any) -> None:
    assert len(rules("EMP-02", [{**ABLE, "birth": 19500101}], {POSTS: [{**POST, "of": 1}]})) == 1
    assert rules("EMP-02", [{**ABLE, "birth": None}], {POSTS: [{**POST, "of": 1}]}) == []


@pytest.mark.shows("EMP-02", "exempt")
@pytest.mark.shows("FIN-04", "exempt")
def test_emp_02_and_fin_04_leave_candidates_to_the_review(rules: Any) -> None:
    review = [
        {"rid": 2, "pid": 1, "kind": POSTS, "level": "疑似", "state": "review", "name_relation": "same", "evidence": ""}
    ]
    assert rules("EMP-02", [ABLE], {POSTS: [POST]}, links=review) == []
    assert rules("FIN-04", [ABLE], {LOANS: [{"principal": 1.0}]}, links=review) == []


@pytest.mark.shows("EMP-03", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("last", "hits"), [
    ({}, 0), ({"status": "退出"}, 1), ({"status": None, "status_raw": "?"}, 0), ({"to": days_ago(1)}, 1), ({"to": AS_OF}, 0),
    ({"post": "保洁员"}, 1), ({"post": "护林员"}, 0), ({"post": None}, 0), ({"of": 1}, 0),
])  # fmt: skip
def test_emp_03_twenty_two_rangers_are_planned(rules: Any, last: dict[str, Any], hits: int) -> None:
    rows = [{"post": "生态护林员", "name": f"李{n}"} for n in range(22)]
    findings = rules("EMP-03", [ABLE], {POSTS: [*rows[:-1], {**rows[-1], **last}]})
    assert [(one["subject_type"], one["name"], one["owner"]) for one in findings] == [
        ("unit", "全区", "区农业农村局")
    ] * hits
    assert all("在岗的生态护林员21人，少于计划22人" in one["detail"] for one in findings)


@pytest.mark.shows("EMP-03", "hit")
@pytest.mark.parametrize("rows", [[], [{"post": None, "name": "李四"}] * 21])
def test_emp_03_list_without_rangers(rules: Any, rows: list[Any]) -> None:
    (finding,) = rules("EMP-03", [ABLE], {POSTS: rows})
    assert finding["source_value"] == "公益岗位名单：在岗0人"


@pytest.mark.shows("IND-01", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("income", "award", "hits"), [
    (4000.0, 0.0, 0), (4000.0, 1000.0, 1), (4000.01, 1000.0, 0), (4000.01, 0.0, 1), (8000.0, 1000.0, 0), (8000.01, 2000.0, 0),
    (10000.0, 2000.0, 0), (10000.01, 3000.0, 0), (10000.01, 2000.0, 1), (None, 3000.0, 0), (9000.0, None, 0),
])  # fmt: skip
def test_ind_01_award_is_that_of_the_tier(rules: Any, income: float | None, award: float | None, hits: int) -> None:
    rows = [{"of": 1, "operating_income": income, "award": award, "year": 2020}]
    assert len(rules("IND-01", [ABLE], {AWARDS: rows})) == hits


@pytest.mark.shows("IND-01", "unknown")
def test_ind_01_adds_what_a_household_got_in_a_year(rules: Any) -> None:
    half = {"of": 1, "operating_income": 9000.0, "award": 1000.0, "year": 2020}
    assert rules("IND-01", [ABLE], {AWARDS: [half, half]}) == []
    assert len(rules("IND-01", [ABLE], {AWARDS: [half, {**half, "year": 2019}]})) == 1
    assert rules("IND-01", [ABLE], {AWARDS: [half, {**half, "award": None}]}) == []
    assert rules("IND-01", [ABLE], {AWARDS: [{**half, "award": 2000.0}, {**half, "year": None}]}) == []
    assert rules("IND-01", [ABLE], {AWARDS: [half, {**half, "operating_income": None}]}) == []


@pytest.mark.shows("IND-01", "hit", "exempt", "unknown")
@pytest.mark.shows("IND-02", "hit", "exempt", "unknown")
@pytest.mark.parametrize(
    ("income", "hits"),
    [
        ({"gross_income": 12000.0}, 0), ({"gross_income": 12000.0, "operating_cost": 3000.0}, 1),
        ({"gross_income": 12000.0, "operating_cost": 8000.0}, 0), ({"operating_income": 9000.0, "gross_income": 1.0, "operating_cost": 1.0}, 1),
    ],
)  # fmt: skip
def test_ind_tiers_are_of_net_income(rules: Any, income: dict[str, Any], hits: int) -> None:
    assert len(rules("IND-01", [ABLE], {AWARDS: [{"of": 1, "award": 0.0, "year": 2020, **income}]})) == hits
    assert len(rules("IND-02", [ABLE], {HOUSEHOLDS: [{"household_id": "H1", **income}], AWARDS: []})) == hits


@pytest.mark.shows("IND-01", "unknown")
@pytest.mark.shows("IND-02", "unknown")
def test_ind_not_checked_where_only_gross_income_came(rules: Any) -> None:
    gross = {"gross_income": 12000.0}
    awards = {AWARDS: [{"of": 1, "award": 0.0, **gross}]}
    assert rules.state("IND-01", [ABLE], awards) == "not_checked"
    assert rules.state("IND-02", [ABLE], {**awards, HOUSEHOLDS: [{"household_id": "H1", **gross}]}) == "not_checked"
    net = {AWARDS: [{"of": 1, "award": 0.0, "year": 2020, **gross, "operating_cost": 1.0}]}
    assert rules.state("IND-01", [ABLE], net) == "checked"


@pytest.mark.shows("IND-02", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("income", "rows", "hits"), [
    (4000.01, [], 1), (4000.0, [], 0), (None, [], 0), (9000.0, [{"of": 1, "award": 1.0}], 0), (9000.0, [{"of": 1, "year": 2019}], 1),
])  # fmt: skip
def test_ind_02_worthy_and_not_awarded(rules: Any, income: float | None, rows: list[Any], hits: int) -> None:
    sources = {HOUSEHOLDS: [{"household_id": "H1", "operating_income": income}], AWARDS: rows}
    assert len(rules("IND-02", [ABLE], sources)) == hits


LOAN = {"of": 1, "principal": 30000.0, "granted_on": date(2018, 6, 30), "due_on": days_ago(1), "repaid": False}


@pytest.mark.shows("FIN-01", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    ({}, 1), ({"due_on": AS_OF}, 0), ({"repaid": True}, 0), ({"repaid": None}, 0), ({"repaid": None, "status": "逾期"}, 1),
    ({"repaid": None, "status": "结清"}, 0), ({"status": "续贷"}, 0), ({"status": "展期"}, 0), ({"recourse_since": days_ago(90)}, 0),
    ({"recourse_since": days_ago(89)}, 1), ({"of": None}, 0), ({"due_on": None}, 0), ({"repaid": None, "status_raw": "?"}, 0),
])  # fmt: skip
def test_fin_01_overdue(rules: Any, changes: dict[str, Any], hits: int) -> None:
    assert len(rules("FIN-01", [ABLE], {LOANS: [{**LOAN, **changes}]})) == hits


@pytest.mark.shows("FIN-01", "hit", "exempt", "boundary")
@pytest.mark.parametrize(("changes", "hits"), [
    ({"status": "延期还款"}, 0), ({"remark": "受疫情影响，已延期至2021年3月"}, 0), ({"status_raw": "疫情延期6个月"}, 0),
    ({"remark": "不能按期还款，已办理展期"}, 0), ({"remark": "未办理延期"}, 1), ({"remark": "不符合展期条件"}, 1), ({"remark": "受疫情影响"}, 1),
    ({"status": "延期还款", "due_on": date(2020, 1, 1)}, 0), ({"status": "延期还款", "due_on": date(2019, 12, 31)}, 1),
])  # fmt: skip
def test_fin_01_not_while_postponed_for_the_epidemic(rules: Any, changes: dict[str, Any], hits: int) -> None:
    assert len(rules("FIN-01", [ABLE], {LOANS: [{**LOAN, **changes}]})) == hits


@pytest.mark.shows("FIN-01", "boundary")
@pytest.mark.parametrize(("as_of", "hits"), [(date(2021, 3, 31), 0), (date(2021, 4, 1), 1)])
def test_fin_01_postponed_until_the_end_of_march(rules: Any, as_of: date, hits: int) -> None:
    assert len(rules("FIN-01", [ABLE], {LOANS: [{**LOAN, "status": "延期还款"}]}, as_of=as_of)) == hits


@pytest.mark.shows("FIN-02", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("due", "hits"), [(0, 1), (30, 1), (31, 0), (-1, 0)])
def test_fin_02_due_within_thirty_days(rules: Any, due: int, hits: int) -> None:
    row = {**LOAN, "due_on": days_ago(-due)}
    assert len(rules("FIN-02", [ABLE], {LOANS: [row]})) == hits
    silent = [{**row, "repaid": True}, {**row, "repaid": None}, {**row, "status": "展期"}, {**row, "due_on": None}]
    assert rules("FIN-02", [ABLE], {LOANS: silent}) == []


@pytest.mark.shows("FIN-03", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    ({"recourse_since": days_ago(90)}, 1), ({"recourse_since": days_ago(89)}, 0), ({}, 0), ({"recourse_since": days_ago(91), "repaid": True}, 0),
    ({"recourse_since": days_ago(91), "repaid": None}, 0), ({"recourse_since": days_ago(91), "status": "展期"}, 0),
])  # fmt: skip
def test_fin_03_in_recourse_for_ninety_days_or_more(rules: Any, changes: dict[str, Any], hits: int) -> None:
    assert len(rules("FIN-03", [ABLE], {LOANS: [{**LOAN, **changes}]})) == hits


@pytest.mark.shows("FIN-04", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    ({}, 0), ({"principal": 50000.0}, 0), ({"principal": 50000.01}, 1), ({"principal": None}, 0), ({"of": None}, 1),
    ({"due_on": date(2021, 6, 30)}, 0), ({"due_on": date(2021, 7, 1)}, 1), ({"due_on": None}, 0),
])  # fmt: skip
def test_fin_04_amount_term_borrower(rules: Any, changes: dict[str, Any], hits: int) -> None:
    assert len(rules("FIN-04", [ABLE], {LOANS: [{**LOAN, **changes}]})) == hits


@pytest.mark.shows("FIN-04", "boundary", "unknown")
def test_fin_04_three_years_by_the_month_where_a_day_is_unknown(rules: Any) -> None:
    def row(due: str, day: date) -> dict[str, Any]:
        return {
            "of": 1,
            "principal": 1.0,
            "granted_on": date(2018, 6, 30),
            "due_on": due,
            "due_on_day": day.toordinal(),
        }

    assert rules("FIN-04", [ABLE], {LOANS: [row("2021-06", date(2021, 6, 1))]}) == []
    assert len(rules("FIN-04", [ABLE], {LOANS: [row("2021-07", date(2021, 7, 1))]})) == 1
    assert rules("FIN-04", [ABLE], {LOANS: [row("2022", date(2022, 1, 1))]}) == []


PROJECT = {
    "project": "道路硬化", "project_no": "P1", "town": "灵山镇", "unit": "区住建局", "budget": 1000.0, "paid": 900.0, "in_library": True,
    "published": True,
}  # fmt: skip


def projects(rules: Any, rule: str, **changes: Any) -> list[dict[str, str]]:
    found: list[dict[str, str]] = rules(rule, [ABLE], {PROJECTS: [{**PROJECT, **changes}]})
    return found


@pytest.mark.shows("FND-01", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("paid", "budget", "hits"), [
    (397.2, 1000.0, 1), (397.3, 1000.0, 0), (None, 1000.0, 0), (0.0, None, 0), (0.0, 0.0, 0),
])  # fmt: skip
def test_fnd_01_spending_behind_the_year(rules: Any, paid: float | None, budget: float | None, hits: int) -> None:
    """30 June of a leap year: 182/366 of the year, less 0.10, is 0.39727."""
    assert len(projects(rules, "FND-01", paid=paid, budget=budget)) == hits


@pytest.mark.shows("FND-02", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    ({}, 0), ({"in_library": False}, 1), ({"published": False}, 1), ({"in_library": None, "published": None}, 0),
])  # fmt: skip
def test_fnd_02_in_the_library_and_published(rules: Any, changes: dict[str, Any], hits: int) -> None:
    findings = projects(rules, "FND-02", **changes)
    assert [(one["subject_type"], one["name"], one["owner"]) for one in findings] == [
        ("project", "道路硬化", "区住建局、区财政局")
    ] * hits


@pytest.mark.shows("FND-03", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    ({"planned_finish": days_ago(1)}, 1), ({"planned_finish": AS_OF}, 0), ({}, 0), ({"planned_finish": days_ago(9), "finished_on": days_ago(5)}, 0),
    ({"finished_on": days_ago(61)}, 1), ({"finished_on": days_ago(60)}, 0), ({"finished_on": days_ago(99), "accepted_on": days_ago(1)}, 0),
])  # fmt: skip
def test_fnd_03_late_or_not_accepted(rules: Any, changes: dict[str, Any], hits: int) -> None:
    assert len(projects(rules, "FND-03", **changes)) == hits


def test_projects_of_one_name_in_two_towns_are_two(rules: Any) -> None:
    rows = [{**PROJECT, "project_no": None, "published": False, "town": town} for town in ("灵山镇", "三江镇")]
    findings = rules("FND-02", [ABLE], {PROJECTS: rows})
    assert sorted(one["town"] for one in findings) == ["三江镇", "灵山镇"]


VILLAGE = {
    "town": "灵山镇", "village": "东营村", "natural_village": "上村", "hard_road": True, "kva_per_household": 2.1, "fibre": True, "mobile_4g": True,
}  # fmt: skip


@pytest.mark.shows("INF-01", "hit", "boundary", "unknown")
@pytest.mark.shows("INF-02", "hit", "boundary", "unknown")
@pytest.mark.shows("INF-03", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("rule", "changes", "hits"), [
    ("INF-01", {}, 0), ("INF-01", {"hard_road": False}, 1), ("INF-01", {"hard_road": None}, 0), ("INF-02", {}, 0),
    ("INF-02", {"kva_per_household": 2.09}, 1), ("INF-02", {"kva_per_household": None}, 0), ("INF-03", {}, 0),
    ("INF-03", {"fibre": False}, 1), ("INF-03", {"mobile_4g": False, "fibre": False}, 1), ("INF-03", {"fibre": None, "mobile_4g": None}, 0),
])  # fmt: skip
def test_inf_networks_of_villages(rules: Any, rule: str, changes: dict[str, Any], hits: int) -> None:
    findings = rules(rule, [ABLE], {NETWORKS: [{**VILLAGE, **changes}]})
    assert [(one["subject_type"], one["name"], one["village"]) for one in findings] == [
        ("village", "东营村", "东营村")
    ] * hits


@pytest.mark.parametrize(("rule", "fault", "text"), [
    ("INF-01", {"hard_road": False}, "上村、下村"), ("INF-02", {"kva_per_household": 1.5}, "上村1.5千伏安、下村1.5千伏安"),
    ("INF-03", {"mobile_4g": False}, "上村没有4G网络、下村没有4G网络"),
])  # fmt: skip
def test_inf_a_village_is_reported_once_with_its_natural_villages(
    rules: Any, rule: str, fault: dict[str, Any], text: str
) -> None:
    """The list tells no town; the register does."""
    rows = [{**VILLAGE, **fault, "town": None, "natural_village": name} for name in ("上村", "下村")]
    (finding,) = rules(rule, [ABLE], {NETWORKS: rows})
    assert (finding["town"], finding["name"], text in finding["detail"]) == ("灵山镇", "东营村", True)
