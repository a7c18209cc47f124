"""MED, insurance and money (医保、费用)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

INSURANCE, INPATIENT, OUTPATIENT, TEKUN = "health.insurance", "health.inpatient", "health.outpatient", "civil.tekun"
INSURED = {"of": 1, "year": 2020, "status": "正常参保", "scheme": "城乡居民"}
BILL = {"of": 1, "admitted_on": date(2020, 3, 1), "total": 10000.0, "self_paid": 500.0}
VISIT = {"of": 1, "visited_on": date(2020, 3, 1), "total": 1000.0, "self_paid": 100.0}
PARTS = {
    "basic_paid": 400.0,
    "serious_paid": 300.0,
    "supplementary_paid": 100.0,
    "relief_paid": 50.0,
    "fund_paid": 50.0,
}


def severities(findings: list[dict[str, str]]) -> list[str]:
    return [finding["severity"] for finding in findings]


@pytest.mark.parametrize(
    ("rows", "severity"),
    [([], ["严重"]), ([INSURED], []), ([{**INSURED, "year": 2019}], ["严重"]), ([{**INSURED, "status": "停保"}], [])],
)
def test_med_01_no_record_of_the_year(rules: Any, rows: list[Any], severity: list[str]) -> None:
    assert severities(rules("MED-01", [{}], {INSURANCE: rows})) == severity


@pytest.mark.parametrize(
    ("born", "severity"), [(date(2020, 4, 1), "提示"), (date(2020, 3, 31), "严重"), (None, "严重")]
)
def test_med_01_boundary_of_newborns(rules: Any, born: date | None, severity: str) -> None:
    birth_day = born.toordinal() if born else None
    assert severities(rules("MED-01", [{"birth_day": birth_day}], {INSURANCE: []})) == [severity]


def test_med_01_watches_too_but_not_the_dead(rules: Any) -> None:
    assert len(rules("MED-01", [{}], {INSURANCE: [INSURED]}, watch=[{"name": "李二"}])) == 1
    assert rules("MED-01", [{}], {INSURANCE: [], "civil.deaths": [{"of": 1}]}) == []
    assert rules.state("MED-01", [{}], {}) == "not_checked"


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([{**INSURED, "status": "停保"}], 1),
        ([{**INSURED, "status": "欠费"}, INSURED], 0),
        ([{**INSURED, "status": None}], 0),
        ([{**INSURED, "status": None, "status_raw": "？"}], 0),
        ([{**INSURED, "status": "停保", "year": 2019}], 0),
        ([], 0),
    ],
)
def test_med_02_none_in_order(rules: Any, rows: list[Any], count: int) -> None:
    assert len(rules("MED-02", [{}], {INSURANCE: rows})) == count


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ({"serious_insured": False}, 1),
        ({"serious_insured": True}, 0),
        ({"serious_insured": None}, 0),
        ({"serious_insured": False, "scheme": "职工"}, 0),
        ({"serious_insured": False, "status": "停保"}, 0),
    ],
)
def test_med_03_serious_illness_insurance(rules: Any, row: dict[str, Any], count: int) -> None:
    assert len(rules("MED-03", [{}], {INSURANCE: [{**INSURED, **row}]})) == count


@pytest.mark.parametrize(
    ("premium", "subsidy", "scheme", "count"),
    [(250.0, 200.0, "城乡居民", 1), (250.0, 250.0, "城乡居民", 0), (250.0, None, "城乡居民", 0), (250.0, 0.0, "职工", 0)],
)  # fmt: skip
def test_med_04_subsidy(rules: Any, premium: float, subsidy: float | None, scheme: str, count: int) -> None:
    row = {**INSURED, "premium": premium, "subsidy": subsidy, "scheme": scheme}
    assert len(rules("MED-04", [{}], {INSURANCE: [row]})) == count


@pytest.mark.parametrize(
    ("claimed", "rows", "count"),
    [
        (True, [], 1),
        (True, [{**INSURED, "status": "停保"}], 1),
        (True, [{**INSURED, "status": None, "status_raw": "？"}], 0),
        (True, [{**INSURED, "scheme": "职工"}], 0),
        (False, [INSURED], 1),
        (False, [{**INSURED, "scheme": "职工"}], 0),
        (False, [{**INSURED, "year": 2019}], 0),
        (None, [], 0),
    ],
)
def test_med_05_ledgers_differ(rules: Any, claimed: bool | None, rows: list[Any], count: int) -> None:
    assert len(rules("MED-05", [{"basic_insured": claimed}], {INSURANCE: rows})) == count


@pytest.mark.parametrize(
    ("second", "count"),
    [
        ({"scheme": "职工"}, 1),
        ({}, 1),
        ({"year": 2019}, 0),
        ({"status": "停保"}, 0),
        ({"status": None, "status_raw": "？"}, 0),
    ],
)
def test_med_06_insured_twice(rules: Any, second: dict[str, Any], count: int) -> None:
    assert len(rules("MED-06", [{}], {INSURANCE: [INSURED, {**INSURED, **second}]})) == count


@pytest.mark.parametrize("rule_id", ["MED-02", "MED-03", "MED-04", "MED-05", "MED-06"])
def test_insurance_rules_not_checked_without_insurance(rules: Any, rule_id: str) -> None:
    assert rules.state(rule_id, [{}], {INPATIENT: []}) == "not_checked"


@pytest.mark.parametrize(
    ("own", "count"), [([1000.0], 0), ([1005.0], 0), ([1006.0], 1), ([2000.0, 0.0], 0), ([None], 0)]
)
def test_med_11_sums_the_year(rules: Any, own: list[float | None], count: int) -> None:
    bills = [{**BILL, "self_paid": amount} for amount in own]
    assert len(rules("MED-11", [{}], {INPATIENT: bills})) == count


def test_med_11_other_years_do_not_count(rules: Any) -> None:
    last_year = {**BILL, "admitted_on": date(2019, 12, 31), "self_paid": 9000.0}
    assert rules("MED-11", [{}], {INPATIENT: [last_year, BILL]}) == []
    (found,) = rules("MED-11", [{}], {INPATIENT: [{**BILL, "self_paid": 1500.0}]})
    assert "85%" in found["detail"] and "1500" in found["source_value"]


@pytest.mark.parametrize(("own", "count"), [(200.0, 0), (201.0, 1), (None, 0)])
def test_med_12_outpatient_rate(rules: Any, own: float | None, count: int) -> None:
    assert len(rules("MED-12", [{}], {OUTPATIENT: [{**VISIT, "self_paid": own}]})) == count


@pytest.mark.parametrize(("status", "count"), [("在册", 0), (None, 0), ("停发", 1)])
def test_med_11_and_12_leave_active_tekun_to_med_13(rules: Any, status: str | None, count: int) -> None:
    sources = {INPATIENT: [{**BILL, "self_paid": 5000.0}], OUTPATIENT: [{**VISIT, "self_paid": 900.0}]}
    sources[TEKUN] = [{"of": 1, "status": status}]
    assert [len(rules(rule_id, [{}], sources)) for rule_id in ("MED-11", "MED-12", "MED-13")] == [
        count,
        count,
        1 - count,
    ]


@pytest.mark.parametrize(
    ("inpatient", "outpatient", "count"), [(0.0, 0.0, 0), (0.0, 1.0, 1), (1.0, 0.0, 1), (None, 0.0, 0)]
)
def test_med_13_sums_both_sorts(rules: Any, inpatient: float | None, outpatient: float, count: int) -> None:
    sources = {INPATIENT: [{**BILL, "self_paid": inpatient}], OUTPATIENT: [{**VISIT, "self_paid": outpatient}]}
    assert len(rules("MED-13", [{}], {**sources, TEKUN: [{"of": 1}]})) == count


def test_med_13_needs_tekun_and_one_sort_of_bills(rules: Any) -> None:
    assert len(rules("MED-13", [{}], {TEKUN: [{"of": 1}], OUTPATIENT: [VISIT]})) == 1
    assert rules.state("MED-13", [{}], {TEKUN: []}) == "not_checked"
    assert rules.state("MED-13", [{}], {INPATIENT: [], OUTPATIENT: []}) == "not_checked"
    assert rules.state("MED-11", [{}], {OUTPATIENT: []}) == "not_checked"
    assert rules.state("MED-12", [{}], {INPATIENT: []}) == "not_checked"


@pytest.mark.parametrize(
    ("pay_after", "one_stop", "count"),
    [(False, True, 1), (True, False, 1), (False, False, 1), (True, True, 0), (None, None, 0)],
)
def test_med_14_either_flag(rules: Any, pay_after: bool | None, one_stop: bool | None, count: int) -> None:
    stay = {**BILL, "pay_after": pay_after, "one_stop": one_stop}
    assert len(rules("MED-14", [{}], {INPATIENT: [stay]})) == count


def test_med_14_not_checked_without_bills(rules: Any) -> None:
    assert rules.state("MED-14", [{}], {OUTPATIENT: []}) == "not_checked"


def stay(first: date, last: date | None, hospital: str | None) -> dict[str, Any]:
    return {**BILL, "admitted_on": first, "hospital": hospital} | ({"discharged_on": last} if last else {})


@pytest.mark.parametrize(
    ("second", "count"),
    [
        (stay(date(2020, 3, 8), date(2020, 3, 12), "乙"), 1),
        (stay(date(2020, 3, 9), date(2020, 3, 12), "乙"), 0),
        (stay(date(2020, 3, 8), date(2020, 3, 12), "甲"), 0),
        (stay(date(2020, 3, 8), date(2020, 3, 12), None), 0),
        (stay(date(2020, 3, 8), None, "乙"), 0),
        (stay(date(2020, 4, 1), date(2020, 4, 5), "乙"), 0),
    ],
)
def test_med_17_overlapping_stays(rules: Any, second: dict[str, Any], count: int) -> None:
    first = stay(date(2020, 3, 1), date(2020, 3, 10), "甲")
    assert len(rules("MED-17", [{}], {INPATIENT: [first, second]})) == count


@pytest.mark.parametrize(
    ("died", "count"),
    [
        ({"died_on": date(2020, 2, 29)}, 1),
        ({"died_on": date(2020, 3, 1)}, 0),
        (
            {
                "died_on": "2020-03",
                "died_on_day": date(2020, 3, 1).toordinal(),
                "died_on_last": date(2020, 3, 31).toordinal(),
            },
            0,
        ),
        ({}, 0),
    ],
)
def test_med_17_service_after_death(rules: Any, died: dict[str, Any], count: int) -> None:
    assert len(rules("MED-17", [{}], {INPATIENT: [BILL], "civil.deaths": [{"of": 1, **died}]})) == count


def test_med_17_partly_checked_without_deaths(rules: Any) -> None:
    assert rules.state("MED-17", [{}], {INPATIENT: [], "civil.deaths": []}) == "checked"
    assert rules.state("MED-17", [{}], {INPATIENT: []}) == "partial"
    assert rules.state("MED-17", [{}], {OUTPATIENT: []}) == "not_checked"


@pytest.mark.parametrize(
    ("own", "basic", "count"),
    [(100.0, 400.0, 0), (101.0, 400.0, 0), (101.01, 400.0, 1), (98.0, 400.0, 1), (98.0, None, 0)],
)
def test_med_19_parts_and_total(rules: Any, own: float, basic: float | None, count: int) -> None:
    parts = {**PARTS, "basic_paid": basic, "self_paid": own, "total": 1000.0}
    rows = {INPATIENT: [{**BILL, **parts, "of": None}], OUTPATIENT: [{**VISIT, **parts}]}
    assert severities(rules("MED-19", [{}], rows)) == ["提示"] * (2 * count)


def test_med_19_not_checked_without_bills(rules: Any) -> None:
    assert rules.state("MED-19", [{}], {INSURANCE: []}) == "not_checked"
    assert rules.state("MED-19", [{}], {OUTPATIENT: []}) == "partial"
    assert rules.state("MED-19", [{}], {INPATIENT: [], OUTPATIENT: []}) == "checked"
