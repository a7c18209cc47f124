"""The sample month many times side by side: large tables whose findings are known to be as many times as many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from fupin_cli.reports.model import RunSummary
from fupin_cli.rules.book import Book
from fupin_cli.run import book_of, compare
from fupin_cli.workspace import Workspace

SAMPLE = Path(__file__).resolve().parent.parent / "sample_data" / "2020-06"
AS_OF = date(2020, 6, 30)
NUMBERS, TEXTS = ("rid", "pid"), ("household_id", "person_no", "id_number_key", "village")


def _copies(table: pl.DataFrame, copies: int, step: int) -> pl.DataFrame:
    """``copies`` of a table, each with row numbers, households and IDs of its own."""
    numbers = [name for name in NUMBERS if name in table.columns]
    texts = [name for name in TEXTS if name in table.columns]

    def copy(place: int) -> pl.DataFrame:
        shifted = [pl.col(name) + place * step for name in numbers]
        marked = [
            pl.when(pl.col(name).is_not_null()).then(pl.concat_str(name, pl.lit(f"#{place}"))).alias(name)
            for name in texts
        ]
        return table.with_columns(*shifted, *marked, *_own_phones(table, place))

    return pl.concat([copy(place) for place in range(copies)])


def _own_phones(table: pl.DataFrame, place: int) -> list[pl.Expr]:
    """A copy's mobile numbers, so that households of two copies do not share one."""
    if "phone" not in table.columns:
        return []
    phone = pl.col("phone")
    last = phone.str.slice(3).cast(pl.Int64, strict=False) + place * 10_000
    own = pl.concat_str(phone.str.head(3), last.cast(pl.String).str.zfill(8))
    return [pl.when(phone.str.len_chars() == 11).then(own).otherwise(phone).alias("phone")]


def replicated_book(copies: int, engine: str) -> tuple[Book, dict[str, pl.LazyFrame], list[str]]:
    """Book, tables and population kinds of ``copies`` districts."""
    run = compare([SAMPLE], AS_OF, Workspace(root=SAMPLE))
    single = {kind: table.collect() for kind, table in run.linked.tables.items()}
    step = 1 + max(table["rid"].max() for table in single.values())  # type: ignore[operator,type-var]
    tables = {kind: _copies(table, copies, step).lazy() for kind, table in single.items()}
    persons = _copies(run.linked.persons.collect(), copies, step).lazy()
    linked = replace(run.linked, persons=persons, tables=tables, links=_copies(run.linked.links, copies, step))
    population = [kind.id for kind in run.kinds.values() if kind.covers == "population"]
    return book_of(linked, AS_OF, run.workspace, engine, run.kinds), tables, population


def many_findings(count: int) -> tuple[pd.DataFrame, RunSummary]:
    """The sample's findings, repeated."""
    run = compare([SAMPLE], AS_OF, Workspace(root=SAMPLE))
    frame: Any = run.findings.to_pandas()
    many = pd.concat([frame] * (count // len(frame) + 1), ignore_index=True).head(count)
    return many, run.summary(())
