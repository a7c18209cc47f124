"""Which dataframe engine runs the rules: polars (default) or pandas with Arrow columns.

Arrow-backed columns keep pandas' nulls apart from values, so comparisons with a missing value are missing on
both engines and the rules' results are identical.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

ENGINES = ("polars", "pandas")


def lazy_frames(tables: Mapping[str, pl.DataFrame], engine: str) -> dict[str, nw.LazyFrame]:
    """Hand the tables to ``engine`` as narwhals lazy frames."""
    return {name: lazy_frame(table, engine) for name, table in tables.items()}


def lazy_frame(table: pl.DataFrame, engine: str) -> nw.LazyFrame:
    if engine == "pandas":
        return nw.from_native(table.to_pandas(use_pyarrow_extension_array=True)).lazy()
    return nw.from_native(table.lazy())


def collected(frame: nw.LazyFrame) -> pl.DataFrame:
    """Run the plan; the result is small (findings only) and always polars."""
    native = frame.collect("polars").to_native()
    assert isinstance(native, pl.DataFrame)
    return native
