"""Household facts (户信息) that stand in a list of their own, given to the household's members."""

from __future__ import annotations

import polars as pl

PLACE = ("rid", "source_file", "source_sheet", "source_row", "household_id")


def with_household_facts(register: pl.LazyFrame, households: pl.LazyFrame) -> pl.LazyFrame:
    """The register's rows; what a row leaves blank comes from its household's row of ``register.households``."""
    own = register.collect_schema().names()
    shared = [name for name in households.collect_schema().names() if name in own and name not in PLACE]
    known = households.filter(pl.col("household_id").is_not_null()).unique(
        "household_id", keep="first", maintain_order=True
    )
    joined = register.join(
        known.select("household_id", *shared), on="household_id", how="left", suffix="_home", maintain_order="left"
    )
    filled = joined.with_columns(pl.coalesce(name, f"{name}_home") for name in shared)
    return filled.select(own)
