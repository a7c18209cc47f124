"""Two months of reports of every unit (两个月的双周进展), each unit in its own form, with the truth of what is behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from docx import Document

from fupin_cli.supervision.plan import Fortnight, Plan, Task

APRIL, MAY, JUNE = "2020-04", "2020-05", "2020-06"


@dataclass
class Story:
    """What is wrong in an otherwise punctual district. Keys: (unit, clause, month) and (unit, number of the fortnight)."""

    behind: set[tuple[str, str, str]] = field(default_factory=set)
    unsaid: set[tuple[str, str, str]] = field(default_factory=set)  # the task is left out of every report of the month
    blank: set[tuple[str, str, str]] = field(default_factory=set)  # reported without a figure
    silent: set[tuple[str, int]] = field(default_factory=set)  # the unit sends nothing in the fortnight


def write_reports(folder: Path, plan: Plan, story: Story, until: date) -> None:
    """One file a unit and fortnight, sent the day before it is due."""
    folder.mkdir(parents=True, exist_ok=True)
    for period in plan.fortnights(until):
        for at, unit in enumerate(plan.units):
            if (unit, period.number) in story.silent:
                continue
            rows = list(_rows(plan, story, unit, period))
            write = (write_sheet, write_word, write_long_sheet)[at % 3]
            write(folder / f"{unit}第{period.number}期", unit, period.last - timedelta(days=1), rows)


def _rows(plan: Plan, story: Story, unit: str, period: Fortnight) -> Iterator[tuple[Task, str, str]]:
    month = f"{period.last:%Y-%m}"
    for task in plan.tasks:
        key = (unit, task.clause, month)
        if unit not in task.units or key in story.unsaid:
            continue
        planned = plan.planned(task, plan.fortnights(month_end(period.last))[-1].last)
        done = max(0.0, planned - 12) if key in story.behind else min(100.0, planned + 2)
        yield task, "" if key in story.blank else f"{done:g}%", f"{task.title}正在推进"


def month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def write_sheet(path: Path, unit: str, day: date, rows: list[tuple[Task, str, str]]) -> None:
    """A form: unit and date stand above the table, a signature below."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["工作要点进展情况表"])
    sheet.merge_cells("A1:D1")
    sheet.append([f"填报单位：{unit}", "", "", f"填报日期：{day.year}年{day.month}月{day.day}日"])
    sheet.append(["条款", "工作任务", "完成进度(%)", "工作进展情况"])
    for task, done, note in rows:
        sheet.append([task.clause, task.title, done, note])
    sheet.append(["填报人：王某"])
    book.save(path.with_suffix(".xlsx"))


def write_long_sheet(path: Path, unit: str, day: date, rows: list[tuple[Task, str, str]]) -> None:
    """A list: unit and date in every row, the clause the way the plan cites it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "责任单位", "事项", "实际进度", "填报时间", "备注"])
    for number, (task, done, note) in enumerate(rows, 1):
        sheet.append([number, f"美兰{unit}" if unit.startswith("区") else unit, f"三{task.clause}.{task.title}方面",
                      done, day.isoformat(), note])  # fmt: skip
    book.save(path.with_suffix(".xlsx"))


def write_word(path: Path, unit: str, day: date, rows: list[tuple[Task, str, str]]) -> None:
    """A letter with a table in it, signed and dated at the end."""
    document = Document()
    document.add_paragraph("双周工作进展情况汇报")
    document.add_paragraph("区指挥部办公室：")
    document.add_paragraph("按照工作要点的要求，现将我单位近两周工作进展情况汇报如下。" * 5)
    table = document.add_table(rows=2, cols=4)
    table.cell(0, 0).merge(table.cell(0, 3)).text = "工作进展明细"
    for cell, text in zip(table.rows[1].cells, ("序号", "重点任务", "完成\n进度", "工作开展情况"), strict=True):
        cell.text = text
    for number, (task, done, note) in enumerate(rows, 1):
        name = f"{task.clause} {task.title}"
        for cell, text in zip(table.add_row().cells, (str(number), name, done, note), strict=True):
            cell.text = text
    document.add_paragraph(f"{unit}人民政府" if unit.endswith("镇") else unit)
    document.add_paragraph(f"{day.year} 年 {day.month} 月 {day.day} 日")
    document.save(str(path.with_suffix(".docx")))
