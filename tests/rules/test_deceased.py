"""The deceased are out of every population: of two homes alike, one of the dead, only the other has the problem."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

AS_OF = date(2020, 6, 30)
DIBAO, TEKUN, AWARDS, HOUSEHOLDS = "civil.dibao", "civil.tekun", "agriculture.awards", "register.households"
CERTIFICATES, ALLOWANCES, LOANS = "disability.certificates", "disability.allowances", "finance.loans"
WATER = {"water.appraisals": [{"name": "陈一", "conclusion": "不达标"}]}
BILL = {"admitted_on": date(2020, 2, 1), "total": 90000.0, "self_paid": 20000.0}
LOAN = {"principal": 1.0, "repaid": False}
# Rule: what the register says of both, what a bureau says of each.
PROBLEMS: dict[str, tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]] = {
    "WAT-01": ({}, {"water.appraisals": []}),
    "WAT-02": ({}, WATER),
    "WAT-04": ({"safe_water": True}, WATER),
    "CIV-01": ({"poverty_type": "低保"}, {DIBAO: []}),
    "CIV-02": ({"poverty_type": "一般"}, {DIBAO: [{}]}),
    "CIV-03": ({"poverty_type": "特困"}, {TEKUN: []}),
    "CIV-04": ({}, {DIBAO: [{}], TEKUN: [{}]}),
    "CIV-06": ({"net_income": 1.0}, {DIBAO: [], TEKUN: []}),
    "CIV-08": ({}, {"health.inpatient": [BILL], "civil.relief": []}),
    "DIS-01": ({"health": "健康"}, {CERTIFICATES: [{}]}),
    "DIS-02": ({"poverty_type": "一般"}, {CERTIFICATES: [{}], ALLOWANCES: []}),
    "DIS-03": ({}, {CERTIFICATES: [{"grade": 1}], ALLOWANCES: []}),
    "EMP-01": ({"birth": 19800101, "labour": "普通劳动力"}, {"employment.status": []}),
    "IND-01": ({}, {AWARDS: [{"operating_income": 9000.0, "award": 0.0, "year": 2020}]}),
    "IND-02": ({}, {AWARDS: [], HOUSEHOLDS: [{"operating_income": 9000.0}]}),
    "FIN-01": ({}, {LOANS: [{**LOAN, "due_on": AS_OF - timedelta(days=1)}]}),
    "FIN-02": ({}, {LOANS: [{**LOAN, "due_on": AS_OF}]}),
    "FIN-03": ({}, {LOANS: [{**LOAN, "recourse_since": date(2020, 1, 1)}]}),
}


@pytest.mark.parametrize(
    "rule", [pytest.param(rule, marks=pytest.mark.shows(rule, "hit", "exempt")) for rule in PROBLEMS]
)
def test_the_dead_have_no_problem(rules: Any, rule: str) -> None:
    home, told = PROBLEMS[rule]
    persons = [{**home, "household_id": f"H{n}", "name": f"陈{n}"} for n in (1, 2)]
    sources = {
        kind: [
            {**row, **({"household_id": f"H{n}"} if kind == HOUSEHOLDS else {"of": n})} for row in rows for n in (1, 2)
        ]
        for kind, rows in told.items()
    }
    found = rules(rule, persons, {**sources, "civil.deaths": [{"of": 2, "died_on": AS_OF}]})
    assert [finding["household_id"] for finding in found] == ["H1"]
