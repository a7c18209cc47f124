"""Supervision (督查) from units' report files to a judged month."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from fupin_cli.errors import FupinError, InputError
from fupin_cli.intake.model import FileReport, Intake
from fupin_cli.ledger.query import ledger_table
from fupin_cli.ledger.stats import TOTAL, statistics
from fupin_cli.privacy import masked_deep
from fupin_cli.run import read_sources
from fupin_cli.supervision.month import Month, month_of
from fupin_cli.supervision.names import UnitNames
from fupin_cli.supervision.plan import Fortnight, Plan, load_plan
from fupin_cli.supervision.progress import Progress, Unused, read_progress
from fupin_cli.workspace import Workspace

KIND = "work.progress"
FOLDER = "工作进展"


@dataclass(frozen=True)
class Gathered:
    """The plan and what units reported; ``unread``: a sentence a file or sheet that was not used, ``broken`` if one could not be."""

    plan: Plan
    progress: Progress
    unread: tuple[str, ...]
    broken: bool


def gather(paths: Sequence[Path], workspace: Workspace, progress: Callable[[str], None] = lambda _: None) -> Gathered:
    """Read the reports under ``paths`` (none: the workspace's 工作进展 folder) against the work plan."""
    if not paths:
        if not workspace.configured:
            raise FupinError("没有说明进展报表在哪里", cure="写出文件或文件夹，或在工作目录中运行")
        paths = [workspace.root / FOLDER]
    plan = load_plan(workspace.root, tuple(workspace.towns))
    intake, _ = read_sources(paths, workspace, progress)
    said = read_progress(intake.tables.get(KIND), plan)
    if not said.reports and not any(file.sheets for file in intake.files):
        errors = "".join(file.error for file in intake.files if file.error)
        where = "、".join(str(path) for path in paths)
        raise InputError(f"没有读到任何进展报表。{errors}", where=where, cure="检查文件夹里的文件")
    kept_out = tuple(
        Unused(f"{row.file}!{row.sheet}!{row.row}", "", " ".join(filter(None, row.cells)), row.reason)
        for row in intake.quarantine
        if row.kind == KIND
    )
    unread = tuple(sentence for file in intake.files for sentence in _unread(file))
    # No document of supervision is about a person: their numbers in what units wrote, and in names of files, are covered.
    words = masked_deep(Progress(said.reports, (*said.unused, *kept_out)))
    return Gathered(plan, words, masked_deep(unread), _broken(intake))


def judge(gathered: Gathered, year: int, month: int, workspace: Workspace) -> Month:
    """The month's lights and rankings; late 整改 is that of the workspace's ledger at the end of the month."""
    last = date(year, month, calendar.monthrange(year, month)[1])
    overdue, _ = _overdue(gathered.plan, workspace, last)
    judged = month_of(gathered.plan, gathered.progress, year, month, overdue)
    if not any(judged.first <= one.day <= judged.last for one in gathered.progress.reports):
        raise InputError(f"没有读到{year}年{month}月的任何报送，不能判定", cure="把当月各单位的进展报表放进文件夹")
    return judged


def gaps_of(gathered: Gathered, month: Month, workspace: Workspace) -> list[str]:
    """What no number of the month contains, in sentences."""
    found = []
    names = dict.fromkeys(name for task in gathered.plan.tasks for name in task.unnamed)
    if names:
        matters = sum(len(task.unnamed) for task in gathered.plan.tasks)
        found.append(
            f"工作要点中的“{'”“'.join(names)}”只有统称、没有列出单位名称，承担的{matters}个事项没有统计到单位。"
        )
    if gathered.plan.fortnights(month.first) and not any(one.before for unit in month.units for one in unit.standings):
        found.append("没有读到上个月的任何报送，看不出是否连续2个月未按时序，本月没有挂“红灯”。")
    if gathered.unread:
        found.append(f"有{len(gathered.unread)}个文件或表没有采用，见“督查明细.xlsx”。")
    if gathered.progress.unused:
        found.append(f"有{len(gathered.progress.unused)}行进展没有采用（单位、条款对不上或重复），见“督查明细.xlsx”。")
    _, elsewhere = _overdue(gathered.plan, workspace, month.last)
    if elsewhere:
        units = "、".join(f"{unit}{count}个" for unit, count in elsewhere.items())
        found.append(f"超期整改问题中，责任单位不在工作要点中的没有列入排名：{units}。")
    return found


def _overdue(plan: Plan, workspace: Workspace, on: date) -> tuple[dict[str, int] | None, dict[str, int]]:
    """Late 整改 by unit of the plan (``None``: there is no ledger), and that of other units."""
    if not workspace.configured or not workspace.ledger.exists():
        return None, {}
    rows = statistics(ledger_table(workspace.ledger), on, "unit").filter(pl.col("group") != TOTAL)
    names = UnitNames(plan)
    known: dict[str, int] = {}
    others: dict[str, int] = {}
    for owner, count in rows.filter(pl.col("overdue") > 0).select("group", "overdue").iter_rows():
        units = names.find(owner)
        for unit in units:
            known[unit] = known.get(unit, 0) + count
        if not units:
            others[owner or "（未指定单位）"] = count
    return known, others


def fortnight_of(plan: Plan, day: date) -> Fortnight:
    """The fortnight ``day`` lies in. Raises where the plan has none."""
    for period in plan.fortnights(plan.until):
        if period.first <= day <= period.last:
            return period
    raise FupinError(
        f"{day.isoformat()}不在工作要点的双周报送期内",
        cure=f"工作要点从{plan.issued.isoformat()}执行到{plan.until.isoformat()}",
    )


def _unread(file: FileReport) -> list[str]:
    if file.error:
        return [file.error]
    if file.skipped:
        return [f"{file.name}：{file.skipped}；处理办法：把进展填成表格（Excel，或 .docx 中的表格）后重新报送。"]
    return [
        f"{file.name}!{sheet.sheet}：{sheet.message or f'认作“{sheet.kind_title}”，不是工作要点进展'}。"
        for sheet in file.sheets
        if sheet.state not in ("loaded", "ignored", "own") or (sheet.state == "loaded" and sheet.kind != KIND)
    ]


def _broken(intake: Intake) -> bool:
    return any(file.error or any(sheet.state == "refused" for sheet in file.sheets) for file in intake.files)
