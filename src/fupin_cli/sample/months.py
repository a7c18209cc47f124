"""``fupin sample --months``: one district over the months of a year, a folder a month, and what a ledger must say."""

from __future__ import annotations

import copy
import json
import random
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from fupin_cli.sample.clean import build_clean
from fupin_cli.sample.episodes import APPRAISALS, DIBAO, INSURANCE, ROLL, WATER, plan_episodes, plant_month
from fupin_cli.sample.generate import SHARES, refuse_full, write_exports
from fupin_cli.sample.mess import Mess
from fupin_cli.sample.passing import advance
from fupin_cli.sample.people import TOWNS
from fupin_cli.sample.planter import Finding
from fupin_cli.sample.replay import Key, Month, Step, replay
from fupin_cli.sample.world import World

PERSONS_PER_EPISODE = 400
# Lists a bureau fails to send in some month, and the one in which a town is left out.
LATE = (INSURANCE, ROLL, DIBAO, WATER)
SHORT = APPRAISALS


@dataclass(frozen=True)
class Absence:
    """What does not arrive in a month."""

    missing: tuple[str, ...] = ()
    partial: tuple[tuple[str, str], ...] = ()


def month_ends(first: date, last: date) -> list[date]:
    """The last days of the months from ``first`` to ``last``."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(month // 12, month % 12 + 1, monthrange(month // 12, month % 12 + 1)[1]) for month in months]


def generate_months(folder: Path, days: list[date], *, seed: int, persons: int) -> list[Step]:
    """Write ``2020-02/`` … and ``truth.json`` into ``folder``; ``days``: the months' last days, all of one year."""
    refuse_full(folder)
    rng = random.Random(seed + 2)
    world, roster = build_clean(days[0], seed, persons)
    origin = copy.deepcopy(roster)
    times = max(1, persons // PERSONS_PER_EPISODE)
    episodes = plan_episodes(world, origin, rng, len(days), times)
    still = {home for episode in episodes for home in episode.chosen if home}
    absences = _absences(rng, len(days))
    months: list[Month] = []
    listed: set[tuple[str, str]] = set()
    for place, (day, absence) in enumerate(zip(days, absences, strict=True)):
        found: set[Finding] = set()
        if place:
            found = advance(world, roster, day, still, moving=not absence.partial)
        as_found = copy.deepcopy(world)
        found |= plant_month(as_found, origin, episodes, place)
        month = Month(day, frozenset(found), _towns(as_found, found), absence.missing, dict(absence.partial))
        _leave_out(as_found, month)
        now = {one for one in _listed(as_found) if one[0] not in absence.missing}
        here = {kind for kind, _ in now}
        month = replace(month, emptied=frozenset(one for one in listed - now if one[0] in here))
        listed |= now
        mess = Mess(random.Random(f"{seed}/{day}"), SHARES["usual"])
        write_exports(folder / f"{day:%Y-%m}", as_found, month.fired(), mess, absence.missing)
        months.append(month)
    steps = replay(months, rng)
    document = [_document(month, step) for month, step in zip(months, steps, strict=True)]
    text = json.dumps({"months": document}, ensure_ascii=False, separators=(",", ":"))
    (folder / "truth.json").write_text(text, encoding="utf-8")
    return steps


def _absences(rng: random.Random, months: int) -> list[Absence]:
    """In a year of some length two lists fail to come, and one comes without a town."""
    absences = [Absence() for _ in range(months)]
    later = rng.sample(range(1, months), min(3, max(0, months - 2)))
    kinds = [Absence(missing=(kind,)) for kind in rng.sample(LATE, 2)]
    for place, absence in zip(
        later, [kinds[0], Absence(partial=((SHORT, next(iter(TOWNS))),)), kinds[1]], strict=False
    ):
        absences[place] = absence
    return absences


def _towns(world: World, findings: set[Finding]) -> dict[Key, str]:
    """The town of every finding about a person or household."""
    where = {home.household_id: home.town for home in (*world.households, *world.watch_only)}
    return {finding[:2]: where[finding[1][:16]] for finding in findings if finding[1][:16] in where}


def _listed(world: World) -> set[tuple[str, str]]:
    """(kind, town) of which a list has rows."""
    return {(kind, record["town"]) for kind, records in world.records.items() for record in records if record["town"]}


def _leave_out(world: World, month: Month) -> None:
    for kind, town in month.partial.items():
        world.records[kind] = [record for record in world.records[kind] if record["town"] != town]


def _document(month: Month, step: Step) -> dict[str, Any]:
    return {
        "month": f"{month.as_of:%Y-%m}", "as_of": month.as_of.isoformat(), "missing": list(month.missing),
        "partial": dict(month.partial), "emptied": sorted(map(list, month.emptied)), "findings": sorted(map(list, month.fired())), "feedback": list(step.feedback),
        "ledger": [list(row) for row in step.ledger], "counts": step.counts,
    }  # fmt: skip
