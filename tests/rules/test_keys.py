"""``finding_key``: the same problem of the same subject has the same key, whatever else the lists hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.conftest import KINDS

INPATIENT = "health.inpatient"
PARTS = {field.name: 0.0 for field in KINDS[INPATIENT].fields if field.name.endswith("_paid")}


def stay(day: int, **values: Any) -> dict[str, Any]:
    """A hospital bill whose parts do not add up."""
    bill = {"name": "陈一", "id_number": "1", "town": "灵山镇", "admitted_on": date(2020, 3, day), "self_paid": 1.0}
    return {**bill, "total": 900.0 + day, **values}


def keys(rules: Any, rows: list[dict[str, Any]]) -> dict[str, str]:
    """What the finding says → its key."""
    found = rules("MED-19", [{}], {INPATIENT: [{**PARTS, **row} for row in rows]})
    assert len(found) == len(rows)
    return {finding["source_value"]: finding["finding_key"] for finding in found}


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 28), min_size=2, max_size=5, unique=True), st.data())
def test_order_and_other_records_of_the_same_person_leave_a_key_alone(rules: Any, days: list[int], data: Any) -> None:
    all_keys = keys(rules, [stay(day) for day in days])
    assert len(set(all_keys.values())) == len(days)
    fewer = data.draw(st.lists(st.sampled_from(days), min_size=1, unique=True))
    assert keys(rules, [stay(day) for day in fewer]).items() <= all_keys.items()


def test_corrected_amount_keeps_the_key_of_a_record(rules: Any) -> None:
    assert list(keys(rules, [stay(1)]).values()) == list(keys(rules, [stay(1, total=500.0)]).values())


def test_equal_records_are_two_findings_numbered_by_what_they_say(rules: Any) -> None:
    """Nothing tells the two apart but their amounts; the order of the rows must not."""
    rows = [stay(1, total=500.0), stay(1, total=700.0)]
    first, second = keys(rules, rows), keys(rules, rows[::-1])
    assert first == second and len(set(first.values())) == 2
