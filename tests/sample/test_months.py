"""Months of one district, and the truth of what a ledger must say (the year itself: tests/rounds/test_year.py)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fupin_cli.errors import FupinError
from fupin_cli.run import compare
from fupin_cli.sample.months import generate_months, month_ends
from fupin_cli.sample.planter import G
from fupin_cli.sample.replay import Month, Step, replay
from fupin_cli.workspace import Workspace
from tests.test_truth import assert_true


def test_months_give_exactly_their_truth(tmp_path: Path) -> None:
    """The first, in which a school year begins, and those in which a list or a town is missing."""
    generate_months(tmp_path, month_ends(date(2020, 8, 1), date(2020, 11, 1)), seed=2, persons=300)
    months = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["months"]
    chosen = [month for month in months if month["month"] == "2020-09" or month["missing"] or month["partial"]]
    assert {bool(month["missing"]) for month in chosen} == {bool(month["partial"]) for month in chosen} == {False, True}
    for month in chosen:
        folder = tmp_path / month["month"]
        run = compare([folder], date.fromisoformat(month["as_of"]), Workspace(root=tmp_path))
        assert_true(run, json.loads((folder / "truth.json").read_text(encoding="utf-8")))


def test_same_seed_gives_the_same_files_and_nothing_is_written_over(tmp_path: Path) -> None:
    days = month_ends(date(2020, 8, 1), date(2020, 9, 1))
    first, second = tmp_path / "一", tmp_path / "二"
    for folder in (first, second):
        generate_months(folder, days, seed=9, persons=200)
    written = [{path.relative_to(one): path.read_bytes() for path in one.rglob("*.*")} for one in (first, second)]
    assert written[0] == written[1]
    with pytest.raises(FupinError, match="不是空的"):
        generate_months(first, days, seed=9, persons=200)


def test_month_ends_of_a_leap_year() -> None:
    assert month_ends(date(2020, 2, 1), date(2020, 4, 1)) == [date(2020, 2, 29), date(2020, 3, 31), date(2020, 4, 30)]


class Always:
    """In place of chance: every unit has this habit."""

    def __init__(self, habit: str) -> None:
        self.habit = habit

    def choice(self, _: Any) -> str:
        return self.habit


def steps_of(habit: str, *found: bool, rule: str = "HSG-01", **absent: Any) -> list[Step]:
    """A year of one problem that is there (or not) month by month; ``absent`` is missing in its second month."""
    months = [
        Month(
            date(2020, 1 + place, 28), frozenset({(rule, "甲", G)} if there else ()), {(rule, "甲"): "灵山镇"},
            **(absent if place == 1 else {}),
        )
        for place, there in enumerate(found)
    ]  # fmt: skip
    return replay(months, Always(habit))  # type: ignore[arg-type]


def lived(habit: str, *found: bool, **absent: Any) -> list[tuple[str, int, int]]:
    """State, times seen, relapses after each month."""
    return [step.ledger[0][2:] for step in steps_of(habit, *found, **absent)]


def test_reported_and_gone_is_closed_and_back_is_a_relapse() -> None:
    assert lived("reports", True, True, False, True) == [
        ("属实·整改中", 1, 0), ("已整改待复核", 2, 0), ("已销号", 2, 0), ("属实·整改中", 3, 1),
    ]  # fmt: skip


def test_gone_without_a_report_waits_and_returns_to_where_it_was() -> None:
    assert lived("silent", True, False, True) == [("属实·整改中", 1, 0), ("待确认销号", 1, 0), ("属实·整改中", 2, 0)]


def test_nothing_is_cleared_where_a_list_or_a_town_is_missing() -> None:
    kind = "housing.appraisals"
    assert lived("none", True, True, missing=(kind,))[1] == ("待核实", 1, 0)
    assert lived("none", True, True, partial={kind: "灵山镇"})[1] == ("待核实", 1, 0)
    assert lived("none", True, True, partial={kind: "演丰镇"})[1] == ("待核实", 2, 0)


def test_dismissal_holds_for_its_term_and_is_asked_for_again_after() -> None:
    steps = steps_of("dismisses", True, True, True, True)
    assert [len(step.feedback) for step in steps] == [1, 0, 0, 1]
    assert [step.counts for step in steps] == [{"不属实": 1}] * 4
