"""The year in figures (年度比对情况): each rule's, category's and town's findings over the rounds, and what became of them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from fupin_cli.ledger.rates import Rates, rates_of
from fupin_cli.privacy import masked
from fupin_cli.rounds.comparison import GONE, NEW, Comparison, compare_rounds
from fupin_cli.rounds.plan import Plan
from fupin_cli.rounds.runs import FULL, NONE, RoundRun, covered
from fupin_cli.rules.catalogue import CATEGORIES


@dataclass(frozen=True)
class Cell:
    """Findings of a rule in one round, and how far it was checked (已比对、部分未比对、未比对)."""

    count: int
    coverage: str


@dataclass(frozen=True)
class Trend:
    """A rule over the rounds."""

    rule_id: str
    title: str
    category: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Change:
    """From one round to the next: findings ``new`` and ``gone`` where both were checked."""

    new: int
    gone: int


@dataclass(frozen=True)
class Year:
    """``runs`` in order; ``changes`` has one entry fewer; ``categories``, ``towns``, ``totals``: a cell a round, numbers
    of people in names of towns covered; ``states``: where the findings of all these rounds stand now, ``counted`` so far; ``relapsed``: how many of them ever
    came back."""

    plan: Plan
    runs: tuple[RoundRun, ...]
    changes: tuple[Change, ...]
    trends: tuple[Trend, ...]
    categories: Mapping[str, tuple[Cell, ...]]
    towns: Mapping[str, tuple[Cell, ...]]
    totals: tuple[Cell, ...]
    states: Mapping[str, int]
    counted: Rates
    relapsed: int


def summarise(plan: Plan, runs: Mapping[int, RoundRun], table: pl.DataFrame) -> Year:
    """The rounds that have been run; ``table`` is the ledger's findings (``ledger_table``)."""
    ordered = tuple(runs[number] for number in sorted(runs))
    seen = [table.filter(pl.col("finding_key").is_in(list(run.seen))) for run in ordered]
    every = table.filter(pl.col("finding_key").is_in(list(frozenset[str]().union(*(run.seen for run in ordered)))))
    changes = [_change(compare_rounds(first, second, table)) for first, second in itertools.pairwise(ordered)]
    return Year(
        plan=plan,
        runs=ordered,
        changes=tuple(changes),
        trends=_trends(ordered, seen, every),
        categories={
            name: _category(prefix, name, ordered, seen)
            for prefix, name in CATEGORIES.items()
            if name in set(every["category"])
        },
        towns={masked(town): _town(town, ordered, seen) for town in sorted(set(every["town"].to_list()))},
        totals=tuple(Cell(len(run.seen), covered(run.rules.values())) for run in ordered),
        states=Counter(every["state"].to_list()),
        counted=rates_of(every),
        relapsed=every.filter(pl.col("relapses") > 0).height,
    )


def _change(comparison: Comparison) -> Change:
    counts = comparison.counts().get((), Counter())
    return Change(counts[NEW], counts[GONE])


def _trends(runs: tuple[RoundRun, ...], seen: list[pl.DataFrame], every: pl.DataFrame) -> tuple[Trend, ...]:
    rules = every.sort("rule_id", "title").unique("rule_id", keep="first", maintain_order=True)
    counts = [Counter(frame["rule_id"].to_list()) for frame in seen]
    return tuple(
        Trend(
            rule, title.partition("（")[0], category,
            tuple(Cell(count[rule], run.rules.get(rule, NONE)) for run, count in zip(runs, counts, strict=True)),
        )
        for rule, title, category in rules.select("rule_id", "title", "category").iter_rows()
    )  # fmt: skip


def _category(prefix: str, name: str, runs: Sequence[RoundRun], seen: Sequence[pl.DataFrame]) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            frame.filter(pl.col("category") == name).height,
            covered(said for rule, said in run.rules.items() if rule.startswith(f"{prefix}-")),
        )
        for run, frame in zip(runs, seen, strict=True)
    )


def _town(town: str, runs: Sequence[RoundRun], seen: Sequence[pl.DataFrame]) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            frame.filter(pl.col("town") == town).height,
            covered(FULL if run.checked(rule, town) else NONE for rule in run.rules),
        )
        for run, frame in zip(runs, seen, strict=True)
    )
