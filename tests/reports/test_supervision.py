"""督办函, 约谈, 月度通报, 双周汇报: who gets which paper, and what it says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

from fupin_cli.reports.docx_template import FOLDER
from fupin_cli.reports.supervision_letters import SUMMON_LIST, URGE, write_letters
from fupin_cli.reports.supervision_reports import BULLETIN, FORTNIGHT, last, write_bulletin, write_fortnight
from fupin_cli.reports.supervision_sheet import DETAIL, write_detail
from fupin_cli.reports.supervision_templates import TEMPLATES, write_templates
from fupin_cli.supervision.month import Month, month_of
from fupin_cli.supervision.plan import Plan, load_plan
from fupin_cli.supervision.progress import Progress, Report, Unused

PLAN = load_plan(Path("没有的目录"))
SIGNED = date(2020, 7, 2)
LATE = {("区住建局", "（二）3", 6), ("区教育局", "（二）1", 5), ("区教育局", "（二）1", 6), ("三江镇", "（二）1", 6)}
LATE |= {("三江镇", "（四）1", 5), ("三江镇", "（四）1", 6)}
HOSTILE = "=cmd|' /C calc'!A1 <b>&amp; {{ 7*7 }}\x07"


@pytest.fixture(scope="module")
def progress() -> Progress:
    """Everybody on schedule in May and June but for ``LATE``; 区残联 missed the fortnight ending 23 June."""
    reports = [
        Report(unit, task.clause, day, 5.0 if (unit, task.clause, day.month) in LATE else max(60.0, PLAN.planned(task, day)), None, f"{unit}{HOSTILE}", "甲.xlsx!表!3")
        for task in PLAN.tasks for unit in task.units
        for day in (date(2020, 5, 8), date(2020, 5, 25), date(2020, 6, 8), date(2020, 6, 22))
        if (unit, day.day) != ("区残联", 22)
    ]  # fmt: skip
    return Progress(tuple(sorted(reports, key=lambda one: one.day)))


@pytest.fixture(scope="module")
def june(progress: Progress) -> Month:
    return month_of(PLAN, progress, 2020, 6)


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_yellow_gets_a_letter_and_red_a_summons_and_a_line_on_the_list(june: Month, tmp_path: Path) -> None:
    files = write_letters(june, PLAN, tmp_path, None, SIGNED)
    assert [path.name for path in files] == [
        "督办函-区住建局.docx", "督办函-三江镇.docx", "约谈通知-区教育局.docx", "约谈通知-三江镇.docx", "约谈名单.docx",
    ]  # fmt: skip
    urge = text_of(tmp_path / "督办函-三江镇.docx")
    assert "下列1项工作当月未按时序进度完成" in urge and "（二）1" in urge and "（四）1" not in urge
    summons = text_of(tmp_path / "约谈通知-三江镇.docx")
    assert "2020年5月、2020年6月连续2个月" in summons and "（四）1" in summons and "2020年7月2日" in summons
    table = docx.Document(str(tmp_path / SUMMON_LIST)).tables[0]
    assert [[cell.text for cell in row.cells][:4] for row in table.rows[1:]] == [
        ["1", "区教育局", "1", "（二）1"], ["2", "三江镇", "1", "（四）1"],
    ]  # fmt: skip


def test_nobody_to_summon_is_said(tmp_path: Path) -> None:
    april = month_of(PLAN, Progress(), 2020, 4)
    files = write_letters(april, PLAN, tmp_path, None, None)
    assert not any(path.name.startswith("约谈通知") for path in files)
    assert "本月没有约谈对象" in text_of(tmp_path / SUMMON_LIST)


def test_bulletin_counts_ranks_and_says_how(june: Month, progress: Progress, tmp_path: Path) -> None:
    write_bulletin(june, PLAN, progress, ["有2个文件没有采用。"], tmp_path / BULLETIN, None, SIGNED)
    text = text_of(tmp_path / BULLETIN)
    matters = sum(len(task.units) for task in PLAN.tasks)
    assert f"37个责任单位承担44项任务，共{matters}个事项" in text
    assert f"按时序推进和已完成{matters - 4}个" in text
    assert "挂“黄灯”2个，涉及2个单位" in text and "挂“红灯”2个，涉及2个单位" in text
    assert "已报36个，未报1个：区残联" in text
    assert "排名依次比较" in text and "有2个文件没有采用。" in text and "没有整改台账，未统计" in text
    towns = docx.Document(str(tmp_path / BULLETIN)).tables[0]
    assert [[cell.text for cell in row.cells][:5] for row in towns.rows[1:]] == [
        ["1", "灵山镇", "44", "44", "100%"], ["1", "演丰镇", "44", "44", "100%"], ["1", "大致坡镇", "44", "44", "100%"],
        ["4", "三江镇", "44", "42", "95.5%"],
    ]  # fmt: skip
    assert "排名居后的区残联、区教育局、区住建局、三江镇，要查找差距" in text


def test_no_more_units_are_last_than_the_plan_sets() -> None:
    april = month_of(PLAN, Progress(), 2020, 4, {"三江镇": 2, "灵山镇": 2})
    assert {unit.unit for unit in last(april.towns, 2)} == {"灵山镇", "三江镇"}
    assert last(april.towns, 1) == ()
    silent = month_of(PLAN, Progress(), 2020, 4)
    assert (last(silent.towns, 1), last(silent.bureaus, 3)) == ((), ())
    behind = month_of(PLAN, Progress(), 2020, 4, {"区残联": 1})
    assert [unit.unit for unit in last(behind.bureaus, 3)] == ["区残联"]


def test_fortnight_gathers_what_units_wrote_and_names_who_did_not(progress: Progress, tmp_path: Path) -> None:
    period = next(period for period in PLAN.fortnights(PLAN.until) if period.last == date(2020, 6, 23))
    write_fortnight(period, PLAN, progress, tmp_path / FORTNIGHT, None, None)
    text = text_of(tmp_path / FORTNIGHT)
    assert "应报37个单位，已报36个；未报1个：区残联" in text
    assert "区住建局=cmd|' /C calc'!A1 <b>&amp; {{ 7*7 }}（完成进度5%）。" in text
    assert text.count("区教育局：") == sum("区教育局" in task.units for task in PLAN.tasks)


def test_task_nobody_reported_on_is_named(tmp_path: Path) -> None:
    period = PLAN.fortnights(PLAN.until)[0]
    only = Report("区教育局", "（二）1", date(2020, 4, 8), 5.0, None, "", "")
    write_fortnight(period, PLAN, Progress((only,)), tmp_path / FORTNIGHT, None, None)
    text = text_of(tmp_path / FORTNIGHT)
    assert "区教育局：未写进展情况（完成进度5%）。" in text
    assert "（二）2健康扶贫" in text and "（二）1教育扶贫" not in text


def test_detail_traces_every_light_to_a_row(june: Month, tmp_path: Path) -> None:
    unused = [Unused("乙.xlsx!表!9", "区体育局", "（二）1", "不是责任单位")]
    write_detail(tmp_path / DETAIL, june, PLAN, unused, ["坏.xlsx：打不开。"])
    book = openpyxl.load_workbook(tmp_path / DETAIL)
    rows = [row for row in book["事项明细"].iter_rows(values_only=True) if row[0] == "区教育局" and row[1] == "（二）1"]
    assert [(row[3], row[4], row[6], row[8], row[11]) for row in rows] == [
        ("30.5%", "5%", "未按时序", "红灯", "甲.xlsx!表!3")
    ]
    left_out = [str(cell) for row in book["没有采用的"].iter_rows(values_only=True) for cell in row if cell]
    assert {"坏.xlsx：打不开。", "乙.xlsx!表!9", "不是责任单位"} <= set(left_out)
    assert all(cell.data_type != "f" for row in book["事项明细"].iter_rows() for cell in row)


def test_an_office_edits_its_own_templates(june: Month, tmp_path: Path) -> None:
    assert sorted(path.name for path in write_templates(tmp_path)) == sorted(TEMPLATES)
    own = tmp_path / FOLDER / URGE
    document = docx.Document(str(own))
    document.paragraphs[-1].add_run("本地加的一句")
    document.save(str(own))
    assert write_templates(tmp_path) == []
    write_letters(june, PLAN, tmp_path / "输出", tmp_path, SIGNED)
    assert "本地加的一句" in text_of(tmp_path / "输出" / "督办函-区住建局.docx")


def test_same_progress_gives_the_same_bytes(june: Month, progress: Progress, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        write_bulletin(june, PLAN, progress, [], tmp_path / folder / BULLETIN, None, SIGNED)
    assert (tmp_path / "a" / BULLETIN).read_bytes() == (tmp_path / "b" / BULLETIN).read_bytes()


def test_a_plan_of_other_places_says_other_names(tmp_path: Path) -> None:
    plan: Plan = load_plan(tmp_path, ("甲镇",))
    assert month_of(plan, Progress(), 2020, 4).towns[0].unit == "甲镇"
