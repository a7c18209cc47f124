"""The plan of a year's rounds: written with sensible dates, edited by people, checked when read."""

from __future__ import annotations

from pathlib import Path

import pytest

from fupin_cli.errors import FupinError
from fupin_cli.rounds.plan import PLAN, Plan, load_plan, write_plan

FIVE = ("2020-03-31", "2020-05-31", "2020-06-30", "2020-09-30", "2020-11-30")


def planned(folder: Path, *days: str, look_backs: tuple[str, ...] = FIVE[2:4], more: str = "") -> Plan:
    entries = "".join(f"[[rounds]]\ndate = {day}\nlook_back = {str(day in look_backs).lower()}\n" for day in days)
    (folder / PLAN).write_text(f"year = 2020\n{more}{entries}", encoding="utf-8")
    return load_plan(folder)


def test_usual_plan_has_five_rounds_two_of_them_look_backs(plan: Plan) -> None:
    assert tuple(one.day.isoformat() for one in plan.rounds) == FIVE
    assert [one.number for one in plan.rounds if one.look_back] == [3, 4]
    assert plan.round(3).title == "第3轮（上半年“回头看”）"


def test_rounds_are_numbered_by_date_wherever_they_stand_in_the_file(tmp_path: Path) -> None:
    plan = planned(tmp_path, *reversed(FIVE), "2020-08-31")
    assert plan.round(4).day.isoformat() == "2020-08-31"
    assert plan.round(6).day.isoformat() == FIVE[-1]


def test_existing_plan_is_kept(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(FupinError, match="没有覆盖"):
        write_plan(tmp_path, 2021)


@pytest.mark.parametrize(
    ("days", "look_backs", "more", "said"),
    [
        (FIVE[:4], FIVE[2:4], "", "全年不少于5次"),
        (FIVE, FIVE[2:3], "", "回头看"),
        ((*FIVE, "2020-06-30"), FIVE[2:4], "", "日期相同"),
        ((*FIVE, "2021-01-31"), FIVE[2:4], "", "应都在2020年"),
        ((*FIVE[:4], '"2020-11-30"'), FIVE[2:4], "", "不加引号"),
        ((*FIVE[:4], "2020-11-31"), FIVE[2:4], "", PLAN),
        (FIVE, FIVE[2:4], "grace_days = -1\n", "grace_days"),
        (FIVE, FIVE[2:4], "轮次 = 5\n", PLAN),
    ],
)
def test_plan_that_is_none_is_refused_with_its_place(
    tmp_path: Path, days: tuple[str, ...], look_backs: tuple[str, ...], more: str, said: str
) -> None:
    with pytest.raises(FupinError, match=said) as refused:
        planned(tmp_path, *days, look_backs=look_backs, more=more)
    assert PLAN in str(refused.value)


def test_unknown_round_and_missing_plan_say_what_to_do(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(FupinError, match="没有第6轮"):
        plan.round(6)
    with pytest.raises(FupinError, match="fupin round plan"):
        load_plan(tmp_path / "别处")
