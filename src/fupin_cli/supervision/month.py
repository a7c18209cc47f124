"""A month's lights (红黄绿灯): every unit on every task it answers for, judged by the plan.

Behind schedule in a month: 黄灯; in this and the month before: 红灯. A task nobody reported on in the month counts as
behind (reporting every two weeks is part of the plan); a report without a figure is neither behind nor on schedule.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fupin_cli.errors import FupinError
from fupin_cli.supervision.plan import Fortnight, Plan, Task
from fupin_cli.supervision.progress import Progress, Report

RED, YELLOW, GREEN, OPEN = "红灯", "黄灯", "绿灯", "未定"
# (unit, clause) → planned percent on the month's last due day, state, the report it was judged by.
States = dict[tuple[str, str], tuple[float, str, Report | None]]
DONE, ON_SCHEDULE, BEHIND, SILENT, NO_FIGURE = "已完成", "按时序", "未按时序", "未报告", "未填进度"


@dataclass(frozen=True)
class Standing:
    """One unit on one task in one month. ``due``: planned percent on ``judged_on``; ``before``: last month's state."""

    unit: str
    task: Task
    due: float
    state: str
    report: Report | None
    before: str

    @property
    def behind(self) -> bool:
        return self.state in (BEHIND, SILENT)

    @property
    def light(self) -> str:
        if self.behind:
            return RED if self.before in (BEHIND, SILENT) else YELLOW
        return OPEN if self.state == NO_FIGURE else GREEN


@dataclass(frozen=True)
class UnitMonth:
    """One unit in one month. ``mean_done``: percent over its tasks, those never reported with a figure as 0."""

    unit: str
    standings: tuple[Standing, ...]
    mean_done: float
    missed: tuple[Fortnight, ...]
    overdue: int | None
    rank: int = 0

    @property
    def on_schedule(self) -> int:
        return sum(one.light == GREEN for one in self.standings)

    @property
    def rate(self) -> float:
        """Share of the unit's tasks that are on schedule, in percent."""
        return round(100 * self.on_schedule / len(self.standings), 1)

    def lit(self, light: str) -> tuple[Standing, ...]:
        return tuple(one for one in self.standings if one.light == light)


@dataclass(frozen=True)
class Month:
    """All units of one month, each group in the order of its ranking."""

    first: date
    last: date
    judged_on: date
    fortnights: tuple[Fortnight, ...]
    towns: tuple[UnitMonth, ...]
    bureaus: tuple[UnitMonth, ...]

    @property
    def units(self) -> tuple[UnitMonth, ...]:
        return self.bureaus + self.towns

    def lit(self, light: str) -> tuple[Standing, ...]:
        return tuple(standing for unit in self.units for standing in unit.lit(light))


def month_of(plan: Plan, progress: Progress, year: int, month: int, overdue: Mapping[str, int] | None = None) -> Month:
    """Judge one month. ``overdue``: late 整改 a unit, ``None`` where there is no ledger. Raises outside the plan's time."""
    first, last = _bounds(year, month)
    fortnights = _due_in(plan, first, last)
    if not fortnights:
        raise FupinError(
            f"{year}年{month}月没有双周报送截止日，不能通报",
            cure=f"工作要点从{plan.issued.isoformat()}执行到{plan.until.isoformat()}",
        )
    states = _states(plan, progress, first, last)
    yesterday = first - timedelta(days=1)
    before = _known_states(plan, progress, *_bounds(yesterday.year, yesterday.month))
    figures = _last_figures(progress.reports, last)
    units = []
    for unit in plan.units:
        standings = tuple(
            Standing(unit, task, due, state, report, before.get((unit, task.clause), (0.0, "", None))[1])
            for task in plan.tasks
            if unit in task.units
            for due, state, report in (states[unit, task.clause],)
        )
        if not standings:
            continue
        done = [figures.get((unit, standing.task.clause), 0.0) for standing in standings]
        units.append(
            UnitMonth(
                unit, standings, round(sum(done) / len(done), 1),
                tuple(period for period in fortnights if not reported(progress, unit, period)),
                None if overdue is None else overdue.get(unit, 0),
            )
        )  # fmt: skip
    towns = _ranked(unit for unit in units if unit.unit in plan.towns)
    bureaus = _ranked(unit for unit in units if unit.unit not in plan.towns)
    return Month(first, last, fortnights[-1].last, fortnights, towns, bureaus)


def reported(progress: Progress, unit: str, period: Fortnight) -> bool:
    """Whether ``unit`` reported on anything in ``period``."""
    return any(one.unit == unit and period.first <= one.day <= period.last for one in progress.reports)


def _bounds(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _due_in(plan: Plan, first: date, last: date) -> tuple[Fortnight, ...]:
    return tuple(period for period in plan.fortnights(last) if first <= period.last)


def _known_states(plan: Plan, progress: Progress, first: date, last: date) -> States:
    """Nothing where not one unit reported in the month: then its reports were not handed in, and nobody was behind."""
    if not any(first <= one.day <= last for one in progress.reports):
        return {}
    return _states(plan, progress, first, last)


def _states(plan: Plan, progress: Progress, first: date, last: date) -> States:
    """How every unit stands on every task of its own at the end of a month."""
    fortnights = _due_in(plan, first, last)
    if not fortnights:
        return {}
    newest: dict[tuple[str, str], Report] = {}
    for one in progress.reports:
        if one.day <= last:
            newest[one.unit, one.clause] = one
    figures = _last_figures(progress.reports, last)
    states = {}
    for task in plan.tasks:
        due = plan.planned(task, fortnights[-1].last)
        for unit in task.units:
            key = (unit, task.clause)
            report = newest.get(key)
            states[key] = (due, _state(report, figures.get(key, 0.0), due, first), report)
    return states


def _state(report: Report | None, figure: float, due: float, first: date) -> str:
    if figure >= 100:
        return DONE
    if report is None or report.day < first:
        return SILENT
    if report.done is None:
        return NO_FIGURE
    return ON_SCHEDULE if report.done >= due else BEHIND


def _last_figures(reports: Iterable[Report], last: date) -> dict[tuple[str, str], float]:
    """(unit, clause) → the newest percent reported by ``last``; reports come oldest first."""
    return {(one.unit, one.clause): one.done for one in reports if one.day <= last and one.done is not None}


def _ranked(units: Iterable[UnitMonth]) -> tuple[UnitMonth, ...]:
    """By on-schedule share, then mean progress, then missed fortnights, then late 整改; equals share a rank."""

    def merit(unit: UnitMonth) -> tuple[float, float, int, int]:
        return (-unit.rate, -unit.mean_done, len(unit.missed), unit.overdue or 0)

    ordered = sorted(units, key=merit)
    ranked: list[UnitMonth] = []
    for at, unit in enumerate(ordered, 1):
        same = bool(ranked) and merit(ranked[-1]) == merit(unit)
        ranked.append(_with_rank(unit, ranked[-1].rank if same else at))
    return tuple(ranked)


def _with_rank(unit: UnitMonth, rank: int) -> UnitMonth:
    return UnitMonth(unit.unit, unit.standings, unit.mean_done, unit.missed, unit.overdue, rank)
