"""Canonical tables in polars types: the hand-over from intake (pandas, Arrow columns) to linkage and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fupin_cli.schema.columns import canonical_columns

if TYPE_CHECKING:
    import pandas as pd

    from fupin_cli.schema.kinds import Kind

TYPES = {"string": pl.String, "int64": pl.Int64, "double": pl.Float64, "bool": pl.Boolean}


def polars_schema(kind: Kind) -> dict[str, type[pl.DataType]]:
    """Canonical column → polars type."""
    return {column: TYPES[str(dtype).partition("[")[0]] for column, dtype in canonical_columns(kind).items()}


def empty_table(kind: Kind) -> pl.DataFrame:
    """The table of a kind with no row."""
    return pl.DataFrame(schema=polars_schema(kind))


def to_polars(frame: pd.DataFrame, kind: Kind) -> pl.DataFrame:
    """A canonical pandas frame without ``rid`` as a polars one (no copy of the Arrow buffers)."""
    table = pl.from_pandas(frame)
    return table.select(pl.col(column).cast(dtype) for column, dtype in polars_schema(kind).items() if column != "rid")
