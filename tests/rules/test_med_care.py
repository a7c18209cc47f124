"""MED, care (签约、随访、救治、机构)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

CHRONIC, CONTRACTS, FOLLOWUPS = "health.chronic", "health.contracts", "health.followups"
SERIOUS, FACILITIES = "health.serious", "health.facilities"
ILL = {"of": 1, "disease": "高血压"}
CLINIC = {"facility": "灵山镇卫生院", "level": "乡镇卫生院", "town": "灵山镇", "standard": True}
ROOM = {"facility": "东营村卫生室", "level": "村卫生室", "town": "灵山镇", "village": "东营村", "standard": True}


def severities(findings: list[dict[str, str]]) -> list[str]:
    return [finding["severity"] for finding in findings]


def visits(*days: date, disease: str | None = "高血压") -> list[dict[str, Any]]:
    return [{"of": 1, "disease": disease, "served_on": day} for day in days]


@pytest.mark.shows("MED-07", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("cured", "contracts", "count"),
    [
        (None, [], 1),
        (False, [], 1),
        (True, [], 0),
        (None, [{"year": 2020, "status": "有效"}], 0),
        (None, [{"year": 2020}], 0),
        (None, [{"year": 2020, "status_raw": "？"}], 0),
        (None, [{"year": 2020, "status": "退出"}], 1),
        (None, [{"year": 2019, "status": "有效"}], 1),
        (None, [{"signed_on": date(2020, 1, 1)}], 0),
        (None, [{"signed_on": date(2019, 12, 31)}], 1),
        (None, [{}], 0),
    ],
)
def test_med_07_contract_of_the_year(rules: Any, cured: bool | None, contracts: list[Any], count: int) -> None:
    rows = [{"of": 1, **contract} for contract in contracts]
    found = rules("MED-07", [{}], {CHRONIC: [{**ILL, "cured": cured}], CONTRACTS: rows})
    assert ["陈一患高血压，" in finding["detail"] for finding in found] == [True] * count


def test_med_07_needs_both_lists(rules: Any) -> None:
    assert rules.state("MED-07", [{}], {CHRONIC: [ILL]}) == "not_checked"


@pytest.mark.shows("MED-08", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([], "高血压第1季度、高血压第2季度"),
        (visits(date(2020, 3, 31)), "高血压第2季度"),
        (visits(date(2020, 4, 1)), "高血压第1季度"),
        (visits(date(2020, 1, 1), date(2020, 6, 30)), ""),
        (visits(date(2020, 1, 1), date(2020, 6, 30), disease=None), ""),
        (visits(date(2020, 1, 1), date(2020, 6, 30), disease="糖尿病"), "高血压第1季度、高血压第2季度"),
        (visits(date(2019, 12, 31)), "高血压第1季度、高血压第2季度"),
        ([{"of": 1, "disease": "高血压", "served_on": None}], ""),
    ],
)
def test_med_08_names_the_missing_quarters(rules: Any, rows: list[Any], missing: str) -> None:
    found = rules("MED-08", [{}], {CHRONIC: [ILL], FOLLOWUPS: rows})
    assert [missing in finding["detail"] for finding in found] == ([True] if missing else [])
    assert not missing or ("第1季度" in found[0]["detail"]) == ("第1季度" in missing)


@pytest.mark.shows("MED-08", "boundary")
@pytest.mark.parametrize(
    ("as_of", "quarters"),
    [(date(2020, 3, 30), 0), (date(2020, 3, 31), 1), (date(2020, 12, 30), 3), (date(2020, 12, 31), 4)],
)
def test_med_08_only_quarters_that_ended(rules: Any, as_of: date, quarters: int) -> None:
    found = rules("MED-08", [{}], {CHRONIC: [ILL], FOLLOWUPS: []}, as_of=as_of)
    assert sum(finding["source_value"].count("季度") for finding in found) == quarters


@pytest.mark.shows("MED-08", "boundary", "unknown")
@pytest.mark.parametrize(
    ("diagnosed", "quarters"), [(date(2019, 12, 31), 2), (date(2020, 1, 1), 1), (date(2020, 4, 1), 0), (None, 2)]
)
def test_med_08_only_quarters_after_diagnosis(rules: Any, diagnosed: date | None, quarters: int) -> None:
    found = rules("MED-08", [{}], {CHRONIC: [{**ILL, "diagnosed_on": diagnosed}], FOLLOWUPS: []})
    assert sum(finding["source_value"].count("季度") for finding in found) == quarters


@pytest.mark.shows("MED-08", "exempt", "unknown")
@pytest.mark.parametrize(
    ("disease", "cured", "count"),
    [("肺结核", True, 0), ("肺结核", None, 1), ("高血压", True, 1), ("冠心病", None, 0), (None, None, 0)],
)
def test_med_08_diseases(rules: Any, disease: str | None, cured: bool | None, count: int) -> None:
    row = {"of": 1, "disease": disease, "cured": cured}
    assert len(rules("MED-08", [{}], {CHRONIC: [row], FOLLOWUPS: []})) == count


@pytest.mark.shows("MED-09", "boundary")
@pytest.mark.parametrize(
    ("as_of", "severity"),
    [
        (date(2020, 9, 30), []),
        (date(2020, 10, 1), ["提示"]),
        (date(2020, 11, 30), ["提示"]),
        (date(2020, 12, 1), ["一般"]),
    ],
)
def test_med_09_grows_towards_the_end_of_the_year(rules: Any, as_of: date, severity: list[str]) -> None:
    sources = {CHRONIC: [{"of": 1, "disease": "冠心病"}], FOLLOWUPS: visits(date(2019, 5, 1))}
    assert severities(rules("MED-09", [{}], sources, as_of=as_of)) == severity


@pytest.mark.shows("MED-09", "hit", "exempt", "unknown")
@pytest.mark.parametrize(
    ("ill", "rows", "count"),
    [
        ({}, [], 1),
        ({}, visits(date(2020, 1, 1), disease=None), 0),
        ({}, [{"of": 1, "served_on": None}], 0),
        ({"cured": True}, [], 1),
        ({"disease": "高血压"}, [], 0),
        ({"disease": "糖尿病、高血压病"}, [], 0),
        ({"disease": None}, [], 0),
    ],
)
def test_med_09_other_diseases_only(rules: Any, ill: dict[str, Any], rows: list[Any], count: int) -> None:
    sources = {CHRONIC: [{"of": 1, "disease": "冠心病", **ill}], FOLLOWUPS: rows}
    found = rules("MED-09", [{}], sources, as_of=date(2020, 12, 1))
    assert ["患冠心病" in finding["detail"] for finding in found] == [True] * count


@pytest.mark.parametrize("rule_id", ["MED-08", "MED-09"])
def test_followup_rules_need_both_lists(rules: Any, rule_id: str) -> None:
    assert rules.state(rule_id, [{}], {CHRONIC: [ILL]}) == "not_checked"


@pytest.mark.shows("MED-10", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("treated", "count"), [(False, 1), (True, 0), (None, 0)])
def test_med_10_untreated(rules: Any, treated: bool | None, count: int) -> None:
    found = rules("MED-10", [{}], {SERIOUS: [{"of": 1, "disease": "胃癌", "treated": treated}]})
    assert [(finding["severity"], "胃癌" in finding["detail"]) for finding in found] == [("严重", True)] * count


@pytest.mark.shows("MED-10", "exempt")
def test_med_10_ignores_the_dead(rules: Any) -> None:
    deaths = [{"of": 1, "died_on": day} for day in (date(2020, 6, 30), date(2020, 7, 1))]
    ill = [{"of": 1, "disease": "胃癌", "treated": False}]
    assert [len(rules("MED-10", [{}], {SERIOUS: ill, "civil.deaths": [death]})) for death in deaths] == [0, 1]


def test_med_10_not_checked_without_list(rules: Any) -> None:
    assert rules.state("MED-10", [{}], {CHRONIC: []}) == "not_checked"


@pytest.mark.shows("MED-15", "boundary", "unknown")
@pytest.mark.parametrize(
    ("clinic", "count"),
    [
        ({}, 0),
        ({"standard": False}, 1),
        ({"standard": None}, 0),
        ({"level": "村卫生室"}, 1),
        ({"level": None, "level_raw": "？"}, 0),
        ({"town": "三江镇"}, 1),
    ],
)
def test_med_15_town_without_clinic(rules: Any, clinic: dict[str, Any], count: int) -> None:
    assert len(rules("MED-15", [{}], {FACILITIES: [{**CLINIC, **clinic}]})) == count


@pytest.mark.shows("MED-15", "hit")
def test_med_15_takes_the_towns_of_the_workspace(rules: Any) -> None:
    found = rules("MED-15", [{}], {FACILITIES: [CLINIC]}, towns=("灵山镇", "三江镇"))
    assert [(finding["name"], finding["town"], finding["subject_type"]) for finding in found] == [
        ("三江镇", "三江镇", "unit")
    ]
    assert rules.state("MED-15", [{}], {}) == "not_checked"


@pytest.mark.shows("MED-16", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("room", "count"),
    [
        ({}, 0),
        ({"standard": False}, 1),
        ({"standard": None}, 0),
        ({"level": "乡镇卫生院"}, 0),
        ({"village": "西营村"}, 1),
        ({"town": "三江镇"}, 1),
        ({"town": None}, 0),
        ({"village": None}, 0),
        ({"village": None, "level": "乡镇卫生院"}, 1),
    ],
)
def test_med_16_village_without_clinic(rules: Any, room: dict[str, Any], count: int) -> None:
    assert len(rules("MED-16", [{}], {FACILITIES: [{**ROOM, **room}]})) == count


@pytest.mark.shows("MED-16", "hit", "unknown")
def test_med_16_keeps_villages_of_one_name_apart(rules: Any) -> None:
    found = rules("MED-16", [{}, {"town": "三江镇"}, {"village": None}], {FACILITIES: []})
    assert sorted((finding["town"], finding["name"]) for finding in found) == [
        ("三江镇", "东营村"),
        ("灵山镇", "东营村"),
    ]
    assert rules.state("MED-16", [{}], {}) == "not_checked"


@pytest.mark.shows("MED-16", "hit", "exempt", "boundary")
def test_med_16_asks_of_every_village_also_without_poor_households(rules: Any) -> None:
    far = {**ROOM, "village": "西营村"}

    def villages(*rooms: dict[str, Any], named: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str]]:
        found = rules("MED-16", [{}], {FACILITIES: [ROOM, *rooms]}, villages=named)
        return sorted((finding["town"], finding["name"]) for finding in found)

    assert villages({**far, "standard": False}) == [("灵山镇", "西营村")]
    assert villages(far) == villages({**far, "standard": None}) == villages({**far, "standard": False}, far) == []
    assert villages({**far, "standard": False, "level": "乡镇卫生院"}) == []
    assert villages(named=(("灵山镇", "东营村"), ("灵山镇", "西营村"))) == [("灵山镇", "西营村")]
    assert villages(far, named=(("灵山镇", "西营村"),)) == []


@pytest.mark.shows("MED-18", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("health", "rows", "count"),
    [
        ("健康", [ILL], 1),
        ("健康", [{**ILL, "cured": True}], 1),
        ("健康", [], 0),
        ("长期慢性病", [], 1),
        ("残疾,长期慢性病", [], 1),
        ("长期慢性病", [ILL], 0),
        ("长期慢性病", [{**ILL, "cured": True}], 0),
        ("患有大病", [ILL], 0),
        (None, [ILL], 0),
        (None, [], 0),
    ],
)
def test_med_18_ledgers_differ(rules: Any, health: str | None, rows: list[Any], count: int) -> None:
    found = rules("MED-18", [{"health": health}], {CHRONIC: rows})
    said = "有记录：高血压" if rows else "没有记录"
    assert [(finding["severity"], finding["source_value"]) for finding in found] == [
        ("提示", f"慢病台账：{said}")
    ] * count


def test_med_18_not_checked_without_list(rules: Any) -> None:
    assert rules.state("MED-18", [{"health": "健康"}], {}) == "not_checked"


def test_med_08_checks_every_disease_of_a_patient_who_has_several(rules: Any) -> None:
    both = {"of": 1, "disease": "高血压、糖尿病", "disease_raw": "高血压、糖尿病"}
    seen = visits(date(2020, 2, 1), date(2020, 5, 1), disease="高血压")
    (finding,) = rules("MED-08", [{}], {CHRONIC: [both], FOLLOWUPS: seen})
    assert "糖尿病第1季度、糖尿病第2季度" in finding["detail"] and "高血压第" not in finding["detail"]
