"""Statistics of the ledger (台账统计): what was found, true, mended, closed, late, and how old the rest is."""

from __future__ import annotations

from datetime import date

import polars as pl

from fupin_cli.ledger.states import CLOSED, DISMISSED, MENDED, NEW, OPEN, TRUE, UNFINISHED

# How findings are grouped: name on the command line → column.
GROUPS = {"unit": "owner", "town": "town", "category": "category"}
# Days open up to which a finding falls into each column of the ageing.
AGES = (30, 60, 90)
TOTAL = "合计"


def statistics(table: pl.DataFrame, as_of: date, by: str) -> pl.DataFrame:
    """One row a group and a last row 合计; ``by``: unit, town or category.

    ``group``; counts ``found`` 发现, ``unverified`` 待核实, ``true`` 属实, ``dismissed`` 不属实, ``mended`` 已整改,
    ``closed`` 已销号, ``overdue`` 超期, ``relapsed`` 反弹过, ``open`` 未销号, ``days_30`` … ``days_more`` of those;
    rates ``true_rate`` = true ÷ (true + dismissed), ``mended_rate`` = mended ÷ (found − dismissed), ``closed_rate`` =
    closed ÷ (found − dismissed), null where there is nothing to divide by. A finding of several units counts for each of
    them, once in 合计.
    """
    column = GROUPS[by]
    groups = table.with_columns(group=pl.col(column).str.split("、") if by == "unit" else pl.concat_list(column))
    rows = (
        groups.explode("group").group_by("group").agg(*_counts(as_of)).sort("found", "group", descending=[True, False])
    )
    total = table.select(pl.lit(TOTAL).alias("group"), *_counts(as_of))
    not_dismissed = pl.col("found") - pl.col("dismissed")
    return pl.concat([rows, total]).with_columns(
        true_rate=_rate("true", pl.col("true") + pl.col("dismissed")),
        mended_rate=_rate("mended", not_dismissed),
        closed_rate=_rate("closed", not_dismissed),
    )


def _counts(as_of: date) -> list[pl.Expr]:
    late = pl.col("state").is_in(UNFINISHED) & (pl.col("due_on") != "") & (pl.col("due_on") < as_of.isoformat())
    age = (pl.lit(as_of) - pl.col("first_as_of").str.to_date(strict=False)).dt.total_days().clip(0)
    is_open, bounds = pl.col("state").is_in(OPEN), (-1, *AGES)
    ages = {
        f"days_{upper}": is_open & (age > lower) & (age <= upper)
        for lower, upper in zip(bounds, AGES, strict=False)
    }  # fmt: skip
    masks = {
        "unverified": pl.col("state") == NEW,
        "true": pl.col("state").is_in(TRUE),
        "dismissed": pl.col("state") == DISMISSED,
        "mended": pl.col("state").is_in(MENDED),
        "closed": pl.col("state") == CLOSED,
        "overdue": late,
        "relapsed": pl.col("relapses") > 0,
        "open": is_open,
        **ages,
        "days_more": is_open & (age > AGES[-1]),
    }
    return [
        pl.len().cast(pl.Int64).alias("found"),
        *(mask.sum().cast(pl.Int64).alias(name) for name, mask in masks.items()),
    ]


def _rate(count: str, of: pl.Expr) -> pl.Expr:
    return pl.when(of > 0).then(pl.col(count) / of)
