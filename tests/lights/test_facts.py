"""Conditions follow from the sources: who, how much, and which row says so; what is unknown is no condition."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from fupin_cli.engine import collected
from fupin_cli.ledger.query import ledger_table
from fupin_cli.lights.facts import STATUS, conditions
from tests.ledger.ledgers import Office
from tests.rules.conftest import Rules

PERSON = {"labour": "普通劳动力", "health": "健康", "net_income": 9000.0}
BILLS = "health.inpatient"


def held(
    tmp_path: Any, persons: list[dict[str, Any]], sources: dict[str, list[dict[str, Any]]] | None = None, **more: Any
) -> dict[str, str]:
    """Condition → detail of household H1."""
    office = Office(tmp_path)
    office.run("2020-06-30")
    rows = [{**PERSON, **person} for person in persons]
    tables, book = next(iter(Rules().books(rows, sources, as_of=date(2020, 6, 30), **more)))
    facts = conditions(book, tables, collected(book.everyone), ledger_table(office.path))
    return dict(facts.filter(pl.col("household_id") == "H1").select("condition", "detail").iter_rows())


def test_healthy_working_household_has_no_condition(tmp_path: Any) -> None:
    assert held(tmp_path, [{"work_months": 10.0}]) == {}


def test_blank_facts_are_no_condition(tmp_path: Any) -> None:
    blank = {"labour": None, "health": None, "net_income": None, "work_months": None}
    assert held(tmp_path, [blank], {STATUS: [{"of": 1, "employed": None}]}, watch=[{"of": 1, "risk": None}]) == {}


def test_ill_member_is_named(tmp_path: Any) -> None:
    members = [{}, {"name": "王五", "relation": "之子", "health": "患有大病"}]
    assert held(tmp_path, members) == {"有大病或重度残疾成员": "王五"}


def test_bills_of_the_year_are_summed(tmp_path: Any) -> None:
    bills = [
        {"of": 1, "self_paid": 1500.5, "admitted_on": date(2020, 3, 1)},
        {"of": 1, "self_paid": 500.0, "admitted_on": date(2020, 4, 1)},
    ]
    assert held(tmp_path, [{}], {BILLS: bills}) == {"年度医疗自付过高": "个人自付2000.5元"}


@pytest.mark.parametrize(
    ("months", "expected"),
    [((2.0, 4.0), {"就业不稳": "全户务工最长4个月"}), ((2.0, 6.0), {}), ((0.0, None), {}), ((None, None), {})],
)
def test_work_is_unstable_when_the_longest_is_short(
    tmp_path: Any, months: tuple[float | None, float | None], expected: dict[str, str]
) -> None:
    members = [{"work_months": months[0]}, {"name": "王五", "relation": "之子", "work_months": months[1]}]
    assert held(tmp_path, members) == expected


@pytest.mark.parametrize(
    ("employed", "labour", "unstable"),
    [((False, False), "普通劳动力", True), ((False, True), "普通劳动力", False), ((False, None), "普通劳动力", True), ((False, False), "无劳动力", False)],
)  # fmt: skip
def test_work_is_unstable_when_all_able_members_listed_are_out_of_work(
    tmp_path: Any, employed: tuple[bool, bool | None], labour: str, unstable: bool
) -> None:
    members = [{"labour": labour}, {"name": "王五", "relation": "之子", "labour": labour}]
    listed = [{"of": at, "name": f"某{at}", "employed": said} for at, said in enumerate(employed, 1)]
    assert ("就业不稳" in held(tmp_path, members, {STATUS: listed})) == unstable


@pytest.mark.parametrize(
    ("risk", "cleared", "expected"),
    [
        ("因疫情收入骤减", False, {"监测风险未消除", "受疫情影响"}), ("非洲猪瘟", None, {"监测风险未消除", "受猪瘟影响"}),
        ("因产业失败", False, {"监测风险未消除", "产业不强"}), ("因务工就业不稳", False, {"监测风险未消除", "就业不稳"}),
        ("因病", False, {"监测风险未消除"}), ("因疫情收入骤减", True, set()), ("", False, set()),
    ],
)  # fmt: skip
def test_risks_of_the_watchlist_not_cleared_are_conditions(
    tmp_path: Any, risk: str, cleared: bool | None, expected: set[str]
) -> None:
    watch = [{"of": 1, "risk": risk, "risk_cleared": cleared, "household_id": "J1"}]
    assert set(held(tmp_path, [{}], watch=watch)) == expected
