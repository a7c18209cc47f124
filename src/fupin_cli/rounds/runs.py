"""The runs of a plan's rounds (各轮比对) as the ledger keeps them: what each saw and what it covered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from fupin_cli.errors import FupinError
from fupin_cli.ledger.query import coverage_of, rule_states, runs_of, seen_in
from fupin_cli.rounds.plan import Plan, Round
from fupin_cli.rules.outline import kinds_read

FULL, PART, NONE = "已比对", "部分未比对", "未比对"
WORDS = {"checked": FULL, "partial": PART, "not_checked": NONE}


def covered(parts: Iterable[str]) -> str:
    """The coverage of a whole from that of its parts."""
    said = set(parts)
    return FULL if said <= {FULL} else NONE if said == {NONE} else PART


@dataclass(frozen=True)
class RoundRun:
    """The run that counts for a round: the last one made for it."""

    round: Round
    ledger: Path
    run_id: int
    as_of: str
    at: str
    out: str
    arrived: frozenset[str]

    @cached_property
    def seen(self) -> frozenset[str]:
        """Keys of the findings it came upon."""
        return frozenset(seen_in(self.ledger, self.run_id))

    @cached_property
    def coverage(self) -> Mapping[tuple[str, str], bool]:
        """(rule, town) → whether it was checked; town ``""`` is the district, a town is there where it differs."""
        rows = coverage_of(self.ledger, self.run_id).select("rule_id", "town", "checked").iter_rows()
        return {(rule, town): bool(checked) for rule, town, checked in rows}

    @cached_property
    def partly(self) -> frozenset[str]:
        """Rules that were checked only in part; findings of such a rule are compared where ``coverage`` says so."""
        return frozenset(coverage_of(self.ledger, self.run_id).filter(pl.col("part") > 0)["rule_id"])

    @cached_property
    def rules(self) -> Mapping[str, str]:
        """Rule → ``FULL``, ``PART`` (not in every town, or not all of it) or ``NONE``."""
        return {rule: WORDS[state] for rule, state in rule_states(self.ledger, self.run_id).items()}

    def said(self, rule: str, town: str) -> str:
        """How far a rule was checked in a place."""
        return FULL if self.checked(rule, town) else PART if not town and rule in self.partly else NONE

    def checked(self, rule: str, town: str) -> bool:
        return self.coverage.get((rule, town), self.coverage.get((rule, ""), False))

    def would_see(self, rule: str, town: str, sources: str) -> bool:
        """Whether a finding of the rule in that town, proved by these sources, would have come up."""
        kinds = set(sources.split())
        return self.checked(rule, town) and kinds <= self.arrived and not kinds & self._left_out.get(town, set())

    @cached_property
    def _left_out(self) -> Mapping[str, set[str]]:
        """Town → kinds that came without it: what rests on such a list alone was not checked there."""
        alone = {rule: kinds[0] for rule, kinds in kinds_read().items() if len(kinds) == 1}
        kinds: dict[str, set[str]] = {}
        for (rule, town), checked in self.coverage.items():
            if town and not checked and rule in alone:
                kinds.setdefault(town, set()).add(alone[rule])
        return kinds


def round_runs(plan: Plan, ledger: Path) -> dict[int, RoundRun]:
    """Round number → its run, for the rounds that have one."""
    if not ledger.exists():
        return {}
    found = {}
    for row in runs_of(ledger).sort("id").iter_rows(named=True):
        number = int(row["round"]) if str(row["round"]).isdigit() else 0
        if row["as_of"].startswith(f"{plan.year}-") and 1 <= number <= len(plan.rounds):
            arrived = frozenset(row["arrived"].split())
            found[number] = RoundRun(
                plan.round(number), ledger, row["id"], row["as_of"], row["at"], row["out"], arrived
            )
    return found


def run_of_round(plan: Plan, ledger: Path, number: int) -> RoundRun:
    """The run of one round; raises where it has not been made."""
    wanted = plan.round(number)
    run = round_runs(plan, ledger).get(number)
    if run is None:
        raise FupinError(f"{wanted.title}还没有比对", cure=f"先运行 fupin round run {number} 数据文件夹")
    return run
