"""MED, insurance and money (医保、费用)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fupin_cli.rules.med import reimbursed

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


@pytest.mark.shows("MED-01", "hit", "unknown")
@pytest.mark.parametrize(
    ("rows", "severity"),
    [
        ([], ["严重"]),
        ([INSURED], []),
        ([{**INSURED, "year": 2019}], ["严重"]),
        ([{**INSURED, "year": None}], []),
        ([{**INSURED, "status": "停保"}], []),
    ],
)
def test_med_01_no_record_of_the_year(rules: Any, rows: list[Any], severity: list[str]) -> None:
    assert severities(rules("MED-01", [{}], {INSURANCE: rows})) == severity


@pytest.mark.shows("MED-01", "boundary", "unknown")
@pytest.mark.parametrize(
    ("born", "severity"), [(date(2020, 4, 1), "提示"), (date(2020, 3, 31), "严重"), (None, "严重")]
)
def test_med_01_boundary_of_newborns(rules: Any, born: date | None, severity: str) -> None:
    birth_day = born.toordinal() if born else None
    assert severities(rules("MED-01", [{"birth_day": birth_day}], {INSURANCE: []})) == [severity]


@pytest.mark.shows("MED-01", "exempt")
def test_med_01_watches_too_but_not_the_dead(rules: Any) -> None:
    assert len(rules("MED-01", [{}], {INSURANCE: [INSURED]}, watch=[{"name": "李二"}])) == 1
    assert rules("MED-01", [{}], {INSURANCE: [], "civil.deaths": [{"of": 1}]}) == []
    assert rules.state("MED-01", [{}], {}) == "not_checked"


@pytest.mark.shows("MED-02", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([{**INSURED, "status": "停保"}], 1),
        ([{**INSURED, "status": "欠费"}, INSURED], 0),
        ([{**INSURED, "status": None}], 0),
        ([{**INSURED, "status": None, "status_raw": "？"}], 0),
        ([{**INSURED, "status": "停保", "year": 2019}], 0),
        ([{**INSURED, "status": "停保", "year": None}], 0),
        ([], 0),
    ],
)
def test_med_02_none_in_order(rules: Any, rows: list[Any], count: int) -> None:
    found = rules("MED-02", [{}], {INSURANCE: rows})
    assert [finding["source_value"] for finding in found] == ["参保状态：停保（城乡居民）"] * count


@pytest.mark.shows("MED-03", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("row", "count"),
    [
        ({"serious_insured": False}, 1),
        ({"serious_insured": True}, 0),
        ({"serious_insured": None}, 0),
        ({"serious_insured": False, "scheme": "职工"}, 0),
        ({"serious_insured": False, "status": "停保"}, 0),
        ({"serious_insured": False, "year": 2019}, 0),
        ({"serious_insured": False, "year": None}, 0),
    ],
)
def test_med_03_serious_illness_insurance(rules: Any, row: dict[str, Any], count: int) -> None:
    assert len(rules("MED-03", [{}], {INSURANCE: [{**INSURED, **row}]})) == count


@pytest.mark.shows("MED-04", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("row", "count"),
    [
        ({"subsidy": 249.99}, 1),
        ({"subsidy": 250.0}, 0),
        ({"subsidy": None}, 0),
        ({"subsidy": 200.0, "premium": None}, 0),
        ({"subsidy": 0.0, "scheme": "职工"}, 0),
        ({"subsidy": 0.0, "scheme": None, "scheme_raw": "？"}, 0),
        ({"subsidy": 0.0, "year": None}, 0),
    ],
)
def test_med_04_subsidy(rules: Any, row: dict[str, Any], count: int) -> None:
    found = rules("MED-04", [{}], {INSURANCE: [{**INSURED, "premium": 250.0, **row}]})
    assert ["个人应缴250元，财政补贴249.99元" in finding["source_value"] for finding in found] == [True] * count


@pytest.mark.shows("MED-05", "hit", "exempt", "boundary", "unknown")
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
        (False, [{**INSURED, "year": None}], 0),
        (True, [{**INSURED, "year": None}], 0),
        (True, [{**INSURED, "year": 2019}], 1),
        (None, [], 0),
        (None, [INSURED], 0),
    ],
)
def test_med_05_ledgers_differ(rules: Any, claimed: bool | None, rows: list[Any], count: int) -> None:
    found = rules("MED-05", [{"basic_insured": claimed}], {INSURANCE: rows})
    assert ["停保" in finding["detail"] for finding in found] == ["停保" in str(rows)] * count


@pytest.mark.shows("MED-06", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("second", "count"),
    [
        ({"scheme": "职工"}, 1),
        ({}, 1),
        ({"year": 2019}, 0),
        ({"status": "停保"}, 0),
        ({"status": None, "status_raw": "？"}, 0),
        ({"year": None}, 0),
    ],
)
def test_med_06_insured_twice(rules: Any, second: dict[str, Any], count: int) -> None:
    found = rules("MED-06", [{}], {INSURANCE: [INSURED, {**INSURED, **second}]})
    assert ["2020年度有2条正常参保记录" in finding["detail"] for finding in found] == [True] * count


@pytest.mark.parametrize("rule_id", ["MED-02", "MED-03", "MED-04", "MED-05", "MED-06"])
def test_insurance_rules_not_checked_without_insurance(rules: Any, rule_id: str) -> None:
    assert rules.state(rule_id, [{}], {INPATIENT: []}) == "not_checked"


@pytest.mark.shows("MED-11", "boundary", "unknown")
@pytest.mark.parametrize(("own", "count"), [([1005.0], 0), ([1005.01], 1), ([2000.0, 0.0], 0), ([None], 0)])
def test_med_11_sums_the_year(rules: Any, own: list[float | None], count: int) -> None:
    bills = [{**BILL, "self_paid": amount} for amount in own]
    assert len(rules("MED-11", [{}], {INPATIENT: bills})) == count


@pytest.mark.shows("MED-11", "boundary", "unknown")
@pytest.mark.parametrize("day", [date(2019, 12, 31), None])
def test_med_11_other_years_and_bills_without_a_date_do_not_count(rules: Any, day: date | None) -> None:
    other = {**BILL, "admitted_on": day, "self_paid": 9000.0}
    assert rules("MED-11", [{}], {INPATIENT: [other, BILL]}) == []


@pytest.mark.shows("MED-11", "hit")
def test_med_11_says_the_rate(rules: Any) -> None:
    (found,) = rules("MED-11", [{}], {INPATIENT: [{**BILL, "self_paid": 1500.0}]})
    assert "85%" in found["detail"] and "1500" in found["source_value"]


@pytest.mark.shows("MED-12", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("bill", "count"),
    [
        ({"self_paid": 200.5}, 0),
        ({"self_paid": 200.51}, 1),
        ({"self_paid": None}, 0),
        ({"self_paid": 900.0, "visited_on": None}, 0),
    ],
)
def test_med_12_outpatient_rate(rules: Any, bill: dict[str, Any], count: int) -> None:
    found = rules("MED-12", [{}], {OUTPATIENT: [{**VISIT, **bill}]})
    assert ["自付200.51元" in finding["detail"] for finding in found] == [True] * count


@pytest.mark.shows("MED-11", "exempt")
@pytest.mark.shows("MED-12", "exempt")
def test_reimbursed_is_the_rate_of_all_registered_persons_together(rules: Any) -> None:
    def bill(of: int | None, own: float, **more: Any) -> dict[str, Any]:
        return {"of": of, "admitted_on": date(2020, 2, 1), "total": 1000.0, "self_paid": own, **more}

    bills = [
        bill(1, 300.0),
        bill(2, 0.0),
        bill(None, 999.0),
        bill(1, 999.0, admitted_on=date(2019, 2, 1)),
        bill(2, 0.0, total=None),
    ]
    for _, book in rules.books([{}, {"name": "陈二"}], {INPATIENT: bills, OUTPATIENT: []}):
        (said,) = reimbursed(book)
        assert "住院总费用2,000.00元，个人自付300.00元，实际报销比例85.0%（应达90%" in said
    for _, book in rules.books([{}], {}):
        assert reimbursed(book) == ()


@pytest.mark.shows("MED-13", "exempt", "unknown")
@pytest.mark.parametrize(("status", "count"), [("在册", 0), (None, 0), ("停发", 1), ("？", 1)])
def test_med_11_and_12_leave_active_tekun_to_med_13(rules: Any, status: str | None, count: int) -> None:
    sources = {INPATIENT: [{**BILL, "self_paid": 5000.0}], OUTPATIENT: [{**VISIT, "self_paid": 900.0}]}
    sources[TEKUN] = [{"of": 1, "status": None if status == "？" else status, "status_raw": status}]
    assert [len(rules(rule_id, [{}], sources)) for rule_id in ("MED-11", "MED-12", "MED-13")] == [
        count,
        count,
        1 - count,
    ]


@pytest.mark.shows("MED-13", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("inpatient", "outpatient", "count"), [(0.0, 0.0, 0), (0.0, 0.01, 1), (0.01, 0.0, 1), (None, 0.0, 0)]
)
def test_med_13_sums_both_sorts(rules: Any, inpatient: float | None, outpatient: float, count: int) -> None:
    sources = {INPATIENT: [{**BILL, "self_paid": inpatient}], OUTPATIENT: [{**VISIT, "self_paid": outpatient}]}
    found = rules("MED-13", [{}], {**sources, TEKUN: [{"of": 1}]})
    assert [finding["source_value"] for finding in found] == ["个人自付合计0.01元"] * count


def test_med_13_needs_tekun_and_one_sort_of_bills(rules: Any) -> None:
    assert len(rules("MED-13", [{}], {TEKUN: [{"of": 1}], OUTPATIENT: [VISIT]})) == 1
    assert rules.state("MED-13", [{}], {TEKUN: []}) == "not_checked"
    assert rules.state("MED-13", [{}], {INPATIENT: [], OUTPATIENT: []}) == "not_checked"
    assert rules.state("MED-11", [{}], {OUTPATIENT: []}) == "not_checked"
    assert rules.state("MED-12", [{}], {INPATIENT: []}) == "not_checked"


@pytest.mark.shows("MED-14", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("pay_after", "one_stop", "count"),
    [(False, True, 1), (True, False, 1), (False, False, 1), (True, True, 0), (None, None, 0)],
)
def test_med_14_either_flag(rules: Any, pay_after: bool | None, one_stop: bool | None, count: int) -> None:
    stay = {**BILL, "pay_after": pay_after, "one_stop": one_stop}
    found = rules("MED-14", [{}], {INPATIENT: [stay]})
    named = [("先诊疗后付费" in finding["source_value"], "一站式" in finding["source_value"]) for finding in found]
    assert named == [(pay_after is False, one_stop is False)] * count


@pytest.mark.shows("MED-14", "exempt")
def test_med_14_ignores_the_dead(rules: Any) -> None:
    deaths = [{"of": 1, "died_on": day} for day in (date(2020, 6, 30), date(2020, 7, 1))]
    stays = [{**BILL, "one_stop": False}]
    found = [len(rules("MED-14", [{}], {INPATIENT: stays, "civil.deaths": [death]})) for death in deaths]
    assert found == [0, 1]


def test_med_14_not_checked_without_bills(rules: Any) -> None:
    assert rules.state("MED-14", [{}], {OUTPATIENT: []}) == "not_checked"


def stay(first: date, last: date | None, hospital: str | None) -> dict[str, Any]:
    return {**BILL, "admitted_on": first, "hospital": hospital} | ({"discharged_on": last} if last else {})


@pytest.mark.shows("MED-17", "hit", "boundary", "unknown")
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
    found = rules("MED-17", [{}], {INPATIENT: [first, second]})
    assert [finding["source_value"] for finding in found] == ["同时在甲和乙住院"] * count


@pytest.mark.shows("MED-17", "exempt")
def test_med_17_looks_at_the_register_only(rules: Any) -> None:
    stays = [stay(date(2020, 3, 1), date(2020, 3, 10), hospital) for hospital in "甲乙"]
    found = [
        len(rules("MED-17", [{}], {INPATIENT: [{**one, "of": who} for one in stays]}, watch=[{"name": "李二"}]))
        for who in (1, 2)
    ]
    assert found == [1, 0]


@pytest.mark.shows("MED-17", "hit", "boundary", "unknown")
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


@pytest.mark.shows("MED-19", "hit", "boundary")
@pytest.mark.parametrize(
    ("own", "parts"), [(100.0, ""), (101.0, ""), (101.01, "1001.01"), (99.0, ""), (98.99, "998.99")]
)
def test_med_19_parts_and_total(rules: Any, own: float, parts: str) -> None:
    bill = {**PARTS, "self_paid": own, "total": 1000.0}
    rows = {INPATIENT: [{**BILL, **bill, "of": None}], OUTPATIENT: [{**VISIT, **bill}]}
    found = [(finding["severity"], finding["source_value"]) for finding in rules("MED-19", [{}], rows)]
    assert found == ([("提示", f"分项合计{parts}元，总费用1000元")] * 2 if parts else [])


@pytest.mark.shows("MED-19", "unknown")
@pytest.mark.parametrize("blank", [*PARTS, "self_paid", "total"])
def test_med_19_needs_every_part(rules: Any, blank: str) -> None:
    bill = {**PARTS, "self_paid": 500.0, "total": 1000.0, blank: None}
    assert rules("MED-19", [{}], {INPATIENT: [{**BILL, **bill}], OUTPATIENT: [{**VISIT, **bill}]}) == []


def test_med_19_not_checked_without_bills(rules: Any) -> None:
    assert rules.state("MED-19", [{}], {INSURANCE: []}) == "not_checked"
    assert rules.state("MED-19", [{}], {OUTPATIENT: []}) == "partial"
    assert rules.state("MED-19", [{}], {INPATIENT: [], OUTPATIENT: []}) == "checked"
