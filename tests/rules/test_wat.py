"""WAT: the household's own appraisal, else its village's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

APPRAISALS, WORKS = "water.appraisals", "water.works"
GOOD = {
    "quality_ok": True,
    "quantity": 40.0,
    "convenience": 5.0,
    "reliability": 95.0,
    "conclusion": "达标",
    "appraised_on": date(2020, 4, 1),
}


def own(**changes: Any) -> dict[str, Any]:
    return {"of": 1, "name": "陈一", **GOOD, **changes}


def village(**changes: Any) -> dict[str, Any]:
    return {"town": "灵山镇", "village": "东营村", **GOOD, **changes}


def count(rules: Any, rule: str, rows: list[Any], **home: Any) -> int:
    return len(rules(rule, [home], {APPRAISALS: rows}))


@pytest.mark.shows("WAT-01", "hit", "boundary")
@pytest.mark.parametrize(
    ("rows", "hits"),
    [
        ([], 1),
        ([own()], 0),
        ([village()], 0),
        ([village(village="大昌村")], 1),
        ([village(town="三江镇")], 1),
        ([village(town=None)], 0),
    ],
)
def test_wat_01_neither_household_nor_village_appraised(rules: Any, rows: list[Any], hits: int) -> None:
    assert count(rules, "WAT-01", rows) == hits


@pytest.mark.shows("WAT-01", "unknown")
def test_wat_01_blank_village_may_be_an_appraised_one(rules: Any) -> None:
    assert count(rules, "WAT-01", [village()], village=None) == 0


@pytest.mark.shows("WAT-02", "hit", "boundary")
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"quality_ok": False}, "水质"), ({"quantity": 19.9}, "水量"), ({"convenience": 20.1}, "用水方便程度"), ({"reliability": 89.9}, "供水保证率"), ({"reliability": 0.899}, "供水保证率"),
        ({"quantity": None, "quantity_ok": False}, "水量"), ({"conclusion": "不达标"}, "未注明"),
    ],
)  # fmt: skip
def test_wat_02_names_what_is_below_the_standard(rules: Any, changes: dict[str, Any], named: str) -> None:
    (finding,) = rules("WAT-02", [{}], {APPRAISALS: [own(**changes)]})
    assert named in finding["detail"]


@pytest.mark.shows("WAT-02", "boundary", "unknown")
@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": 20.0, "convenience": 20.0, "reliability": 90.0},
        {"reliability": 0.9},
        {"quality_ok": None},
        {"conclusion": None},
    ],
)
def test_wat_02_boundary_and_unknown_are_not_below(rules: Any, changes: dict[str, Any]) -> None:
    assert count(rules, "WAT-02", [own(**changes)]) == 0


@pytest.mark.shows("WAT-02", "exempt")
def test_wat_02_own_appraisal_goes_before_the_villages_and_the_latest_before_older(rules: Any) -> None:
    bad = {"conclusion": "不达标"}
    assert count(rules, "WAT-02", [own(), village(**bad)]) == 0
    assert count(rules, "WAT-02", [village(**bad)]) == 1
    assert count(rules, "WAT-02", [own(**bad, appraised_on=date(2019, 1, 1)), own()]) == 0


@pytest.mark.shows("WAT-03", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("changes", "hits"),
    [
        ({"quantity": 19.9}, 1),
        ({"quantity": 19.9, "conclusion": "基本达标"}, 1),
        ({"quantity": 20.0}, 0),
        ({"quantity": 19.9, "conclusion": "不达标"}, 0),
        ({"quantity": 19.9, "conclusion": None}, 0),
        ({"quantity": None}, 0),
    ],
)
def test_wat_03_verdict_against_indicators(rules: Any, changes: dict[str, Any], hits: int) -> None:
    found = rules("WAT-03", [{}], {APPRAISALS: [village(**changes)]})
    assert [finding["name"] for finding in found] == ["东营村"] * hits


@pytest.mark.shows("WAT-04", "hit", "boundary", "unknown")
@pytest.mark.parametrize(
    ("claim", "conclusion", "hits"),
    [
        (True, "不达标", 1),
        (False, "基本达标", 1),
        (True, "基本达标", 0),
        (True, "达标", 0),
        (False, "不达标", 0),
        (None, "不达标", 0),
        (True, None, 0),
    ],
)
def test_wat_04_register_against_appraisal(rules: Any, claim: bool | None, conclusion: str | None, hits: int) -> None:
    assert count(rules, "WAT-04", [own(conclusion=conclusion)], safe_water=claim) == hits


@pytest.mark.shows("WAT-05", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(
    ("row", "hits"),
    [
        ({"status": "停用", "manager": "王五"}, 1),
        ({"status": "正常"}, 1),
        ({"status": "维修", "manager": "王五"}, 0),
        ({"manager": "王五"}, 0),
    ],
)
def test_wat_05_works_stopped_or_without_manager(rules: Any, row: dict[str, Any], hits: int) -> None:
    findings = rules("WAT-05", [{}], {WORKS: [{"project": "灵山供水工程", "town": "灵山镇", **row}]})
    assert [finding["name"] for finding in findings] == ["灵山供水工程"] * hits


@pytest.mark.parametrize("rule", ["WAT-01", "WAT-02", "WAT-03", "WAT-04", "WAT-05"])
def test_not_checked_without_its_source(rules: Any, rule: str) -> None:
    assert rules.state(rule, [{}], {}) == "not_checked"
