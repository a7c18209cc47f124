"""Lights of units: yellow when behind in a month, red when behind in two running, never green without a report."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest

from fupin_cli.errors import FupinError
from fupin_cli.ledger.states import CONFIRMED
from fupin_cli.supervise import Gathered, gaps_of, gather, judge
from fupin_cli.supervision.month import Month, month_of
from fupin_cli.supervision.plan import load_plan
from fupin_cli.supervision.progress import Progress, Report
from fupin_cli.workspace import Workspace, find_workspace
from tests.ledger.ledgers import Office, finding
from tests.supervision.units import JUNE, MAY, Story, write_reports

PLAN = load_plan(Path("没有的目录"))
UNIT, CLAUSE = "区教育局", "（二）1"
# What a unit did on a task in May and in June, and its light in June.
PATTERNS = {
    ("按时序", "按时序"): "绿灯", ("按时序", "落后"): "黄灯", ("落后", "按时序"): "绿灯", ("落后", "落后"): "红灯",
    ("未报", "落后"): "红灯", ("落后", "未报"): "红灯", ("未报", "未报"): "红灯", ("按时序", "未报"): "黄灯",
    ("未报", "按时序"): "绿灯", ("按时序", "未填"): "未定", ("未填", "落后"): "黄灯", ("落后", "未填"): "未定",
}  # fmt: skip


def report(day: str, done: float | None, unit: str = UNIT, clause: str = CLAUSE) -> Report:
    return Report(unit, clause, date.fromisoformat(day), done, None, "", "")


def standing(*reports: Report, month: int = 6, unit: str = UNIT, clause: str = CLAUSE) -> tuple[str, str]:
    judged = month_of(PLAN, Progress(reports), 2020, month)
    return next(
        (one.state, one.light) for row in judged.units for one in row.standings if (one.unit, one.task.clause) == (unit, clause)
    )  # fmt: skip


def test_two_months_of_all_units_give_the_lights_planted_in_them(tmp_path: Path) -> None:
    story = Story()
    truth: dict[tuple[str, str], str] = {}
    kinds = {"落后": story.behind, "未报": story.unsaid, "未填": story.blank}
    pairs = [(unit, task.clause) for task in PLAN.tasks for unit in task.units]
    # What was due wholly by March is reported as done in April, and so is green from then on.
    done = {task.clause for task in PLAN.tasks if PLAN.planned(task, PLAN.issued) == 100}
    truth |= {pair: "绿灯" for pair in pairs if pair[1] in done}
    for pair, (months, light) in zip(
        [pair for pair in pairs if pair not in truth], itertools.cycle(PATTERNS.items()), strict=False
    ):
        truth[pair] = light
        for month, what in zip((MAY, JUNE), months, strict=True):
            if what in kinds:
                kinds[what].add((*pair, month))
    story.silent |= {("区财政局", 5), ("三江镇", 5)}
    write_reports(tmp_path, PLAN, story, date(2020, 6, 30))
    gathered = gather([tmp_path], Workspace(tmp_path))
    assert (gathered.unread, gathered.progress.unused) == ((), ())
    june = judge(gathered, 2020, 6, Workspace(tmp_path))
    assert {(one.unit, one.task.clause): one.light for unit in june.units for one in unit.standings} == truth
    fifth = {unit.unit for unit in june.units if any(period.number == 5 for period in unit.missed)}
    nothing_to_say = {
        unit for unit in PLAN.units if all((unit, clause, JUNE) in story.unsaid for who, clause in pairs if who == unit)
    }
    assert fifth == {"区财政局", "三江镇"} | nothing_to_say


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ((), ("未报告", "黄灯")),
        ((report("2020-05-20", 50, "区扶贫办"),), ("未报告", "红灯")),
        ((report("2020-05-20", 25), report("2020-06-20", 31)), ("按时序", "绿灯")),
        ((report("2020-05-20", 25), report("2020-06-20", 30)), ("未按时序", "黄灯")),
        ((report("2020-05-20", 10), report("2020-06-20", 30)), ("未按时序", "红灯")),
        ((report("2020-05-20", 25), report("2020-06-05", 28), report("2020-06-22", 31)), ("按时序", "绿灯")),
        ((report("2020-05-20", 25), report("2020-06-20", None)), ("未填进度", "未定")),
        ((report("2020-05-20", 25), report("2020-07-01", 50)), ("未报告", "黄灯")),
        ((report("2020-04-20", 100),), ("已完成", "绿灯")),
        ((report("2020-04-20", 100), report("2020-06-20", 40)), ("按时序", "绿灯")),
    ],
)  # fmt: skip
def test_light_follows_from_the_reports(reports: tuple[Report, ...], expected: tuple[str, str]) -> None:
    assert standing(*reports) == expected


@pytest.mark.parametrize(
    ("done", "expected"), [(40, ("未按时序", "红灯")), (99, ("未按时序", "红灯")), (100, ("已完成", "绿灯"))]
)
def test_what_was_due_wholly_by_march_is_behind_until_it_is_done(done: float, expected: tuple[str, str]) -> None:
    who, what = "区委组织部", "（十四）5"
    assert (
        standing(report("2020-05-20", 40, who, what), report("2020-06-20", done, who, what), unit=who, clause=what)
        == expected
    )


def test_first_month_of_the_plan_has_no_red_light() -> None:
    april = month_of(PLAN, Progress(), 2020, 4)
    assert (len(april.lit("红灯")), len(april.lit("黄灯"))) == (0, sum(len(task.units) for task in PLAN.tasks))


@pytest.mark.parametrize("month", [(2020, 3), (2021, 1), (2019, 6)])
def test_month_outside_the_plan_is_refused(month: tuple[int, int]) -> None:
    with pytest.raises(FupinError, match="双周报送截止日"):
        month_of(PLAN, Progress(), *month)


def ranks(month: Month) -> dict[str, int]:
    return {unit.unit: unit.rank for unit in month.towns}


def test_towns_rank_by_share_on_schedule_then_progress_then_missed_reports() -> None:
    days = {"灵山镇": ("2020-06-05", "2020-06-20"), "演丰镇": ("2020-06-05", "2020-06-20"), "三江镇": ("2020-06-20",)}
    june_9 = date(2020, 6, 9)
    done = {"灵山镇": 40.0, "演丰镇": 40.0, "三江镇": 40.0}
    reports = tuple(
        report(day, max(done[town], PLAN.planned(task, june_9)), town, task.clause)
        for town in days
        for day in days[town]
        for task in PLAN.tasks
    )
    june = month_of(PLAN, Progress(reports), 2020, 6)
    assert ranks(june) == {"灵山镇": 1, "演丰镇": 1, "三江镇": 3, "大致坡镇": 4}
    assert [unit.rate for unit in june.towns] == [100, 100, 100, 0]


def test_overdue_work_breaks_a_tie() -> None:
    june = month_of(PLAN, Progress(), 2020, 6, {"灵山镇": 3, "演丰镇": 1})
    assert ranks(june) == {"三江镇": 1, "大致坡镇": 1, "演丰镇": 3, "灵山镇": 4}


def sent(tmp_path: Path, *rows: tuple[str, ...]) -> Gathered:
    text = "责任单位,条款,完成进度,填报日期,进展情况\n" + "\n".join(",".join(row) for row in rows)
    (tmp_path / "进展.csv").write_text(text, encoding="utf-8")
    return gather([tmp_path], Workspace(tmp_path))


def test_rows_that_count_for_nobody_are_listed_with_the_reason(tmp_path: Path) -> None:
    gathered = sent(
        tmp_path,
        ("区教育局", "（二）1", "30", "2020-06-08", ""), ("区体育局", "（二）1", "30", "2020-06-08", ""),
        ("区教育局", "（二）2", "30", "2020-06-08", ""), ("区教育局", "（二）1", "30", "", ""), ("区教育局", "", "30", "2020-06-08", ""),
    )  # fmt: skip
    assert len(gathered.progress.reports) == 1
    reasons = [row.reason for row in gathered.progress.unused]
    for word, reason in zip(("不是工作要点的责任单位", "不是（二）2", "没有填报日期", "空的"), reasons, strict=True):
        assert word in reason
    assert all(row.place.startswith("进展.csv!进展!") for row in gathered.progress.unused)


def test_of_two_figures_of_one_day_the_lower_counts(tmp_path: Path) -> None:
    gathered = sent(
        tmp_path, ("区教育局", "（二）1", "60", "2020-06-08", ""), ("教育局", "教育扶贫", "20%", "2020年6月8日", "")
    )
    assert [one.done for one in gathered.progress.reports] == [20]
    assert "采用较低的" in gathered.progress.unused[0].reason


def test_done_in_words_is_all_of_it(tmp_path: Path) -> None:
    gathered = sent(tmp_path, ("区教育局", "（二）1", "已完成", "2020-06-08", ""))
    assert [one.done for one in gathered.progress.reports] == [100]


def test_late_work_of_the_ledger_counts_for_its_units(tmp_path: Path) -> None:
    (tmp_path / "fupin.toml").write_text('[district]\nname = "美兰区"\n', encoding="utf-8")
    office = Office(tmp_path)
    owners = {"a": "区教育局", "b": "灵山镇、区教育局", "c": "区医保局", "d": "区教育局"}
    office.run("2020-05-31", *(finding(key, owner=owner) for key, owner in owners.items()))
    for key, day in {"a": "2020-06-10", "b": "2020-06-10", "c": "2020-06-10", "d": "2020-07-10"}.items():
        office.change(key, CONFIRMED, due_on=day)
    workspace = find_workspace(tmp_path)
    gathered = sent(tmp_path, ("区教育局", "（二）1", "30", "2020-06-08", ""))
    june = judge(gathered, 2020, 6, workspace)
    assert {unit.unit: unit.overdue for unit in june.units if unit.overdue} == {"区教育局": 2, "灵山镇": 1}
    assert any("区医保局1个" in gap for gap in gaps_of(gathered, june, workspace))
    assert judge(gathered, 2020, 6, Workspace(tmp_path)).units[0].overdue is None


def test_without_last_months_reports_there_is_no_red_light_and_it_is_said(tmp_path: Path) -> None:
    gathered = sent(tmp_path, ("区教育局", "（二）1", "5", "2020-06-08", ""))
    june = judge(gathered, 2020, 6, Workspace(tmp_path))
    assert june.lit("红灯") == ()
    assert any("没有读到上个月的任何报送" in gap for gap in gaps_of(gathered, june, Workspace(tmp_path)))


def test_month_nobody_reported_in_is_refused(tmp_path: Path) -> None:
    gathered = sent(tmp_path, ("区教育局", "（二）1", "5", "2020-06-08", ""))
    with pytest.raises(FupinError, match="没有读到2020年7月的任何报送"):
        judge(gathered, 2020, 7, Workspace(tmp_path))
