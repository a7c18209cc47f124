"""Two rounds side by side (两轮对比): what is new, gone, persistent; compared only where both were checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import polars as pl

from fupin_cli.rounds.runs import RoundRun

NEW, GONE, PERSISTENT, APART = "新增", "消除", "持续", "不能对比"
OUTCOMES = (NEW, GONE, PERSISTENT, APART)


@dataclass(frozen=True)
class Comparison:
    """``findings``: ledger columns of everything either round saw, with ``outcome``.

    ``apart``: (rule, town, the rounds in which it was not checked); town ``""`` is the whole district.
    """

    first: RoundRun
    second: RoundRun
    findings: pl.DataFrame
    apart: tuple[tuple[str, str, str], ...]

    def counts(self, *by: str) -> dict[tuple[str, ...], Counter[str]]:
        """Findings by outcome, grouped by these columns."""
        grouped: dict[tuple[str, ...], Counter[str]] = {}
        for *group, outcome in self.findings.select(*by, "outcome").iter_rows():
            grouped.setdefault(tuple(group), Counter())[outcome] += 1
        return dict(sorted(grouped.items()))


def compare_rounds(first: RoundRun, second: RoundRun, table: pl.DataFrame) -> Comparison:
    """Compare two runs; ``table`` is the ledger's findings (``ledger_table``)."""
    either = table.filter(pl.col("finding_key").is_in(list(first.seen | second.seen)))
    columns = either.select("finding_key", "rule_id", "town", "sources").iter_rows()
    outcomes = [_outcome(first, second, *row) for row in columns]
    return Comparison(
        first, second, either.with_columns(outcome=pl.Series(outcomes, dtype=pl.String)), _apart(first, second)
    )


def _outcome(first: RoundRun, second: RoundRun, key: str, rule: str, town: str, sources: str) -> str:
    if key in first.seen and key in second.seen:
        return PERSISTENT
    other, outcome = (second, GONE) if key in first.seen else (first, NEW)
    return outcome if other.would_see(rule, town, sources) else APART


def _apart(first: RoundRun, second: RoundRun) -> tuple[tuple[str, str, str], ...]:
    found = []
    for rule, town in sorted(first.coverage.keys() | second.coverage.keys()):
        missing = [f"第{run.round.number}轮" for run in (first, second) if not run.checked(rule, town)]
        if missing and not (town and all(not run.checked(rule, "") for run in (first, second))):
            found.append((rule, town, "、".join(missing)))
    return tuple(found)
