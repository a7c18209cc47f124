"""The shipped work plan says what the office's paper says; the calendar and the schedule follow from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fupin_cli.errors import FupinError
from fupin_cli.rules.catalogue import catalogue
from fupin_cli.rules.civ import SCHEMES
from fupin_cli.rules.idn import SOURCES
from fupin_cli.schema.kinds import load_kinds
from fupin_cli.supervision.plan import PLAN_FILE, Plan, default_plan_text, load_plan

PLAN = load_plan(Path("没有的目录"))


def edited(root: Path, old: str, new: str) -> Plan:
    text = default_plan_text()
    assert text.count(old) == 1
    (root / PLAN_FILE).write_text(text.replace(old, new), encoding="utf-8")
    return load_plan(root)


def test_plan_has_19_items_and_44_tasks() -> None:
    assert len({task.item for task in PLAN.tasks}) == 19
    assert len(PLAN.tasks) == 44
    assert [task.clause for task in PLAN.tasks if task.clause.startswith("（四）")] == [
        f"（四）{n}" for n in range(1, 8)
    ]


@pytest.mark.parametrize(
    ("clause", "units"),
    [
        ("（二）2", ("区卫健委", "灵山镇", "演丰镇", "三江镇", "大致坡镇")),
        ("（五）2", ("区科工信局", "灵山镇", "演丰镇", "三江镇", "大致坡镇")),
        ("（十四）3", ("区指挥部办公室", "灵山镇", "演丰镇", "三江镇", "大致坡镇")),
    ],
)
def test_tasks_have_the_units_of_the_paper_and_every_town(clause: str, units: tuple[str, ...]) -> None:
    assert next(task.units for task in PLAN.tasks if task.clause == clause) == units


def test_every_rule_is_answered_for_by_units_of_the_paper() -> None:
    owners = {owner for rule in catalogue().values() for owner in rule.owner.split("、") if "{" not in owner}
    bureaus = {bureau for bureau, _ in SOURCES.values() if bureau} | {bureau for _, bureau in SCHEMES.values()}
    assert owners | bureaus <= set(PLAN.units)
    assert {catalogue()[rule].owner for rule in ("EMP-02", "EMP-03")} == {"区农业农村局"}
    assert {catalogue()[rule].owner for rule in ("MED-11", "MED-17")} == {"区卫健委"}
    assert {catalogue()[rule].basis for rule in ("EDU-09", "DIS-01", "DIS-02", "DIS-03")} == {"工作要点 三（七）2"}
    assert load_kinds()["village.infrastructure"].bureau == "区住建局、区科工信局"


def test_towns_of_the_workspace_stand_for_all_towns(tmp_path: Path) -> None:
    plan = load_plan(tmp_path, ("甲镇", "乙镇"))
    assert plan.tasks[0].units[-2:] == ("甲镇", "乙镇")
    assert "灵山镇" not in plan.units


def test_units_named_only_as_a_group_are_told_apart(tmp_path: Path) -> None:
    finance = next(task for task in PLAN.tasks if task.clause == "（四）6")
    assert finance.unnamed == ("各合作金融机构",)
    plan = edited(tmp_path, '"各合作金融机构" = []', '"各合作金融机构" = ["农信社"]')
    named = next(task for task in plan.tasks if task.clause == "（四）6")
    assert (named.unnamed, "农信社" in named.units) == ((), True)


def test_progress_is_planned_evenly_from_issue_to_year_end() -> None:
    task = PLAN.tasks[0]
    assert PLAN.planned(task, PLAN.issued) == 0
    assert PLAN.planned(task, date(2020, 6, 30)) == round(100 * 91 / 275, 1)
    assert PLAN.planned(task, PLAN.until) == PLAN.planned(task, date(2021, 3, 1)) == 100


def test_what_the_paper_wants_wholly_by_march_is_due_from_then_on() -> None:
    team = next(task for task in PLAN.tasks if task.clause == "（十四）5")
    assert [PLAN.planned(team, day) for day in (PLAN.issued, date(2020, 4, 14), PLAN.until)] == [100, 100, 100]
    early = [node.by for task in PLAN.tasks for node in task.nodes if node.percent == 100 and node.by < PLAN.until]
    assert early == [PLAN.issued]


def test_nodes_with_a_percent_bend_the_schedule(tmp_path: Path) -> None:
    half = 'text = "上半年脱贫攻坚成效检查“回头看”"'
    plan = edited(tmp_path, half, f"{half}, percent = 60")
    task = next(task for task in plan.tasks if task.clause == "（八）")
    assert plan.planned(task, date(2020, 6, 30)) == 60
    assert plan.planned(task, date(2020, 5, 15)) == round(60 * 45 / 91, 1)
    assert plan.planned(task, date(2020, 9, 30)) == 80


def test_fortnights_count_from_the_day_after_issue() -> None:
    periods = PLAN.fortnights(date(2020, 6, 30))
    assert (periods[0].first, periods[0].last) == (date(2020, 4, 1), date(2020, 4, 14))
    assert [period.last for period in periods if period.last.month == 6] == [date(2020, 6, 9), date(2020, 6, 23)]
    assert PLAN.fortnights(date(2021, 6, 30))[-1].last <= PLAN.until


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("issued = 2020-03-31", "# issued"), ("issued = 2020-03-31", "issued = 2021-03-31"),
        ('number = "（十九）"', 'number = "（十八）"'), ("fortnight_days = 14", 'fortnight_days = "两周"'),
        ('towns = ["灵山镇", "演丰镇", "三江镇", "大致坡镇"]', "towns = 4"), ("fortnight_days = 14", "fortnight_days = 0"),
    ],
)  # fmt: skip
def test_a_broken_plan_is_one_sentence(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(FupinError, match="工作要点"):
        edited(tmp_path, old, new)
