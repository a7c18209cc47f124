"""How the year's rounds stand (轮次进度) on a day: done, due, late, and what each covered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from fupin_cli.rounds.plan import Plan, Round
from fupin_cli.rounds.runs import FULL, NONE, PART, round_runs

DONE, DUE, LATE, AHEAD = "已完成", "应开展", "逾期", "未到期"


@dataclass(frozen=True)
class Standing:
    """One round: its ``state``, the last day on which it is not late, and for a run: rules by coverage, findings seen."""

    round: Round
    state: str
    last_day: date
    as_of: str = ""
    at: str = ""
    out: str = ""
    full: int = 0
    part: int = 0
    none: int = 0
    findings: int = 0


def standings(plan: Plan, ledger: Path, as_of: date) -> list[Standing]:
    """All rounds of the plan as they stand on ``as_of``."""
    runs = round_runs(plan, ledger)
    rows = []
    for planned in plan.rounds:
        last_day = planned.day + timedelta(days=plan.grace_days)
        run = runs.get(planned.number)
        if run is None:
            rows.append(Standing(planned, _open_state(planned, as_of, last_day), last_day))
            continue
        counts = Counter(run.rules.values())
        rows.append(
            Standing(
                planned, DONE, last_day, run.as_of, run.at, run.out,
                counts[FULL], counts[PART], counts[NONE], len(run.seen),
            )
        )  # fmt: skip
    return rows


def _open_state(planned: Round, as_of: date, last_day: date) -> str:
    return AHEAD if as_of < planned.day else LATE if as_of > last_day else DUE
