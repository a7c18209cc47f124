"""Units' reports (双周进展): rows of ``work.progress`` as words of one unit on one task of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from fupin_cli.supervision.names import TaskNames, UnitNames
from fupin_cli.supervision.plan import Plan


@dataclass(frozen=True)
class Report:
    """What ``unit`` said about the task ``clause`` on ``day``. ``done`` in percent, ``None`` where it gave no figure."""

    unit: str
    clause: str
    day: date
    done: float | None
    planned: float | None
    note: str
    place: str


@dataclass(frozen=True)
class Unused:
    """A row that counts for nobody, and why; its place is ``file!sheet!row``."""

    place: str
    unit: str
    item: str
    reason: str


@dataclass(frozen=True)
class Progress:
    """All reports, oldest first, and the rows that could not be used."""

    reports: tuple[Report, ...] = ()
    unused: tuple[Unused, ...] = ()


def read_progress(table: pl.LazyFrame | None, plan: Plan) -> Progress:
    """``table``: canonical ``work.progress`` (item, unit, planned, done, reported_on_last, note, source_…)."""
    if table is None:
        return Progress()
    tasks, units = TaskNames(plan), UnitNames(plan)
    reports: list[Report] = []
    unused: list[Unused] = []
    for row in table.collect().iter_rows(named=True):
        said = list(_said(row, tasks, units))
        reports += [one for one in said if isinstance(one, Report)]
        unused += [one for one in said if isinstance(one, Unused)]
    kept, contradicted = _without_contradictions(reports)
    return Progress(tuple(sorted(kept, key=lambda one: (one.day, one.unit, one.clause))), (*unused, *contradicted))


def _said(row: dict[Any, Any], tasks: TaskNames, units: UnitNames) -> Iterator[Report | Unused]:
    place = f"{row['source_file']}!{row['source_sheet']}!{row['source_row']}"
    unit_text, item_text = row["unit"] or "", row["item"] or ""
    task, why = tasks.find(item_text)
    named = units.find(unit_text)
    if not named:
        near = f"，是不是“{nearest}”？" if (nearest := units.nearest(unit_text)) else ""
        why = f"“{unit_text}”不是工作要点的责任单位{near}" if unit_text else "没有写单位"
    elif row["reported_on_last"] is None:
        why = "没有填报日期，不知道是哪一期"
    if task is None or not named or row["reported_on_last"] is None:
        yield Unused(place, unit_text, item_text, why)
        return
    for unit in named:
        if unit not in task.units:
            yield Unused(place, unit_text, item_text, f"{unit}不是{task.clause}“{task.title}”的责任单位")
        else:
            day = date.fromordinal(int(row["reported_on_last"]))
            yield Report(unit, task.clause, day, row["done"], row["planned"], row["note"] or "", place)


def _without_contradictions(reports: Iterable[Report]) -> tuple[list[Report], list[Unused]]:
    """Of two words of one unit on one task and day the lower figure counts; the other is listed."""
    kept: dict[tuple[str, str, date], Report] = {}
    dropped: list[Unused] = []
    for one in reports:
        key = (one.unit, one.clause, one.day)
        other = kept.get(key)
        if other is None:
            kept[key] = one
            continue
        low, high = sorted((other, one), key=lambda word: (word.done is None, word.done, word.place))
        kept[key] = low
        if low.done != high.done:
            dropped.append(Unused(high.place, high.unit, high.clause, f"与{low.place}同日所报进度不同，采用较低的"))
        else:
            dropped.append(Unused(high.place, high.unit, high.clause, f"与{low.place}重复"))
    return list(kept.values()), dropped
