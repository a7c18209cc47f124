"""Lights of households (三色灯) of one day: from a comparison and the ledger to a light a household, kept in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from fupin_cli.engine import collected
from fupin_cli.errors import FupinError, InputError
from fupin_cli.ledger.cares import read_cares
from fupin_cli.ledger.lights import (
    cares_of,
    keep_cares,
    keeping_lights,
    light_days,
    lights_frame,
    lights_on,
    lit_households,
    overrides_of,
    set_override,
)
from fupin_cli.ledger.query import ledger_table, runs_of
from fupin_cli.ledger.states import OPEN
from fupin_cli.lights.changes import Change, changes_between
from fupin_cli.lights.facts import STATUS, conditions
from fupin_cli.lights.model import LIGHTS, Care, Household, HouseholdLight, LightRun, Override, Reason
from fupin_cli.lights.table import CONDITIONS, light_table, what_is_due
from fupin_cli.rules.book import WATCHLIST
from fupin_cli.rules.risks import RISK_SOURCES
from fupin_cli.run import Run, book_of, compare
from fupin_cli.workspace import Workspace

HOME = "household_id"
SOURCES = (WATCHLIST, STATUS, *RISK_SOURCES)
# The plan wants poor households and ordinary ones (贫困户和一般农户) lit; no list of all ordinary ones ever comes.
SCOPE = "范围是台账的贫困户和监测名单的监测户、边缘户；监测名单以外的一般农户没有名单，没有灯，不等于没有风险。"


@dataclass(frozen=True)
class Lit:
    """A day's lights, whether they are new to the ledger, and what changed since the day before it (``None``: first)."""

    run: LightRun
    new: bool
    since: str | None
    changes: tuple[Change, ...]


def light_households(
    paths: Sequence[Path], as_of: date, workspace: Workspace, at: str, progress: Callable[[str], None] = lambda _: None
) -> Lit:
    """Judge every household of register and watchlist and keep the day's lights. Needs a workspace that was reconciled."""
    with lighting_households(paths, as_of, workspace, at, progress) as lit:
        return lit


@contextmanager
def lighting_households(
    paths: Sequence[Path], as_of: date, workspace: Workspace, at: str, progress: Callable[[str], None] = lambda _: None
) -> Iterator[Lit]:
    """The same, kept only if the block that is given them ends well."""
    if not workspace.configured:
        raise FupinError("这里不是工作目录，三色灯无处保存", cure="先运行 fupin init，或用 --workspace 指定")
    runs = runs_of(workspace.ledger)
    if runs.is_empty():
        raise FupinError("整改台账里还没有比对结果", cure="先在工作目录里运行 fupin reconcile")
    compared = compare(paths, as_of, workspace, progress=progress)
    findings = ledger_table(workspace.ledger).filter(pl.col("state").is_in(OPEN))
    lit = judge(compared, findings, workspace, str(runs["as_of"].max()))
    rows = [_kept(one) for one in lit.lights]
    with keeping_lights(workspace.ledger, as_of.isoformat(), rows, at) as new:
        earlier = [day for day in light_days(workspace.ledger) if day < as_of.isoformat()]
        if not earlier:
            yield Lit(lit, new, None, ())
        else:
            changes = changes_between(lights_on(workspace.ledger, earlier[-1]), lights_frame(rows))
            yield Lit(lit, new, earlier[-1], changes)


def light_changes(ledger: Path, before: str, after: str) -> tuple[Change, ...]:
    """What changed between two days."""
    return changes_between(lights_on(ledger, before), lights_on(ledger, after))


def judge(run: Run, open_findings: pl.DataFrame, workspace: Workspace, compared_on: str) -> LightRun:
    """Exactly one light a household. ``compared_on``: the day of the ledger's last comparison."""
    policy = workspace.policy
    table = light_table(policy)
    book = book_of(run.linked, run.as_of, workspace, "polars", run.kinds)
    living = collected(book.everyone)
    facts = conditions(book, run.linked.tables, living, open_findings)
    reasons: dict[str, list[Reason]] = {}
    for home, condition, detail, place in facts.iter_rows():
        reasons.setdefault(home, []).append(Reason(condition, detail, place))
    overrides, cares = overrides_of(workspace.ledger), cares_of(workspace.ledger)
    lights = []
    for household in _households(living):
        why = tuple(sorted(reasons.get(household.household_id, ()), key=_of_reason))
        computed = table.light([reason.condition for reason in why])
        override = _override(overrides.get(household.household_id), run.as_of)
        care = _care(cares.get(household.household_id, ("", "", "")))
        light = override.light if override else computed
        lights.append(HouseholdLight(household, computed, why, override, care, what_is_due(light, care, run.as_of)))
    lights.sort(key=_order)
    return LightRun(run.as_of, tuple(lights), _gaps(run, living, compared_on))


def _households(living: pl.DataFrame) -> list[Household]:
    """Households with a living member; the head's name, else that of the first member."""
    members = living.filter(pl.col(HOME).is_not_null()).sort(
        pl.col("relation").eq_missing("户主"), "rid", descending=[True, False]
    )
    homes = members.group_by(HOME, maintain_order=True).agg(
        pl.col("name").drop_nulls().first(),
        pl.col("town").drop_nulls().first(),
        pl.col("village").drop_nulls().first(),
        persons=pl.len(),
        watched=pl.col("in_watchlist").any(),
    )
    return [
        Household(row[HOME], row["name"] or "", row["town"] or "", row["village"] or "", row["persons"], row["watched"])
        for row in homes.iter_rows(named=True)
    ]


def _override(said: tuple[str, str, str] | None, as_of: date) -> Override | None:
    """The light set by hand, while it lasts."""
    if said is None or date.fromisoformat(said[2]) < as_of:
        return None
    return Override(said[0], said[1], date.fromisoformat(said[2]))


def _care(said: tuple[str, str, str]) -> Care:
    return Care(said[0], said[1], date.fromisoformat(said[2]) if said[2] else None)


def _order(one: HouseholdLight) -> tuple[str, str, int, str]:
    home = one.household
    return home.town, home.village, LIGHTS.index(one.light), home.household_id


def _of_reason(one: Reason) -> tuple[int, str, str]:
    """Where a reason stands among a household's: one order, whichever way the facts were found."""
    return CONDITIONS.index(one.condition), one.detail, one.place


def _kept(one: HouseholdLight) -> tuple[str, ...]:
    home = one.household
    reasons = "；".join(str(reason) for reason in one.reasons)
    if one.override:
        reasons = f"人工调整：{one.override.reason}（至{one.override.until.isoformat()}）" + (
            f"；{reasons}" if reasons else ""
        )
    return (home.household_id, home.head, home.town, home.village, one.light, reasons)


def _gaps(run: Run, living: pl.DataFrame, compared_on: str) -> tuple[str, ...]:
    """What the lights could not see, in sentences."""
    found = []
    missing = [run.kinds[kind].title for kind in SOURCES if kind not in run.linked.tables]
    if missing:
        found.append(f"没有收到“{'”“'.join(missing)}”，有关情形没有判断，没有灯不等于没有风险。")
    if compared_on != run.as_of.isoformat():
        found.append(f"整改台账最近一次比对是{compared_on}，未销号问题以当时为准。")
    homeless = living[HOME].null_count()
    if homeless:
        found.append(f"有{homeless}人没有户编号，归不到户，没有灯。")
    return (*found, SCOPE)


@dataclass(frozen=True)
class Taken:
    """What one returned workbook brought: households that changed, those filled as before, refused rows."""

    file: str
    changed: tuple[str, ...]
    same: int
    refused: tuple[tuple[str, str], ...]


def take_cares(ledger: Path, file: Path, *, who: str, at: str) -> Taken:
    """Read a filled 三色灯.xlsx back; a household that never had a light is refused, and so is a file that cannot be read."""
    try:
        cares = read_cares(file, lit_households(ledger))
    except InputError as error:
        return Taken(file.name, (), 0, ((error.where or file.name, f"{error.message}；处理办法：{error.cure}"),))
    changed = keep_cares(ledger, cares.reports, who=who, at=at, file=file.name)
    return Taken(file.name, tuple(changed), len(cares.reports) - len(changed), tuple(cares.refused))


def set_light(ledger: Path, household_id: str, override: Override, *, who: str, at: str) -> None:
    """Set a household's light by hand; raises for a household that never had one."""
    if household_id not in lit_households(ledger):
        raise FupinError(f"户编号“{household_id}”没有判定过三色灯", cure="先运行 fupin lights run，用名单上的户编号")
    until = override.until.isoformat()
    set_override(ledger, household_id, override.light, override.reason, until, who=who, at=at)


def two_days(ledger: Path, before: str | None, after: str | None) -> tuple[str, str]:
    """The days to compare: as asked, else the last one and the last before it. Raises where there are not two."""
    days = light_days(ledger)
    last = after or (days[-1] if days else "")
    earlier = [day for day in days if day < last]
    if not last or not (before or earlier):
        raise FupinError("还没有两次不同日期的三色灯，无法比较", cure="先运行两次 fupin lights run")
    return before or earlier[-1], last
