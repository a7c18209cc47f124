"""Statistics of the ledger (台账统计): what was found, true, mended, closed, late, and how old the rest is."""

from __future__ import annotations

from datetime import date

import polars as pl

from fupin_cli.ledger.rates import counts, rates
from fupin_cli.ledger.states import NEW, OPEN, is_late

# How findings are grouped: name on the command line → column.
GROUPS = {"unit": "owner", "town": "town", "category": "category"}
# Days open up to which a finding falls into each column of the ageing.
AGES = (30, 60, 90)
TOTAL = "合计"


def statistics(table: pl.DataFrame, as_of: date, by: str) -> pl.DataFrame:
    """One row a group and a last row 合计; ``by``: unit, town or category.

    ``group``; the counts and rates of :class:`~fupin_cli.ledger.rates.Rates`; ``unverified`` 待核实, ``overdue`` 超期,
    ``relapsed`` 反弹过, ``open`` 未销号, ``days_30`` … ``days_more`` of those. A finding of several units counts for each
    of them, once in 合计.
    """
    column = GROUPS[by]
    table = table.with_columns(late=_late(table, as_of))
    groups = table.with_columns(group=pl.col(column).str.split("、") if by == "unit" else pl.concat_list(column))
    rows = (
        groups.explode("group").group_by("group").agg(*_counts(as_of)).sort("found", "group", descending=[True, False])
    )
    total = table.select(pl.lit(TOTAL).alias("group"), *_counts(as_of))
    return pl.concat([rows, total]).with_columns(rates())


def _late(table: pl.DataFrame, as_of: date) -> pl.Series:
    rows, day = table.select("state", "state_before", "due_on").iter_rows(), as_of.isoformat()
    return pl.Series([is_late(state, before, due_on, day) for state, before, due_on in rows], dtype=pl.Boolean)


def _counts(as_of: date) -> list[pl.Expr]:
    age = (pl.lit(as_of) - pl.col("first_as_of").str.to_date(strict=False)).dt.total_days().clip(0)
    is_open, bounds = pl.col("state").is_in(OPEN), (-1, *AGES)
    ages = {
        f"days_{upper}": is_open & (age > lower) & (age <= upper)
        for lower, upper in zip(bounds, AGES, strict=False)
    }  # fmt: skip
    masks = {
        "unverified": pl.col("state") == NEW,
        "overdue": pl.col("late"),
        "relapsed": pl.col("relapses") > 0,
        "open": is_open,
        **ages,
        "days_more": is_open & (age > AGES[-1]),
    }
    return [
        *counts(),
        *(mask.sum().cast(pl.Int64).alias(name) for name, mask in masks.items()),
    ]
