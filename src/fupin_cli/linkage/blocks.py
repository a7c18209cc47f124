"""Candidate pairs (候选对): equality joins on derived keys, so the work grows with the rows, not with their product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import polars as pl

# A key that more persons than this share says nothing about any of them (重名过多).
BLOCK_CAP = 50
# Rows between a record and a row of its household in the same sheet.
NEAR = 3

_NUMBER = pl.col("number")
_LONG = _NUMBER.str.len_chars().is_between(17, 19)


def _visible(part: pl.Expr) -> pl.Expr:
    return pl.when(~part.str.contains("*", literal=True)).then(part)


_region = pl.when(_LONG).then(_visible(_NUMBER.str.slice(0, 6)))
_order = pl.when(_LONG).then(_visible(_NUMBER.str.slice(-4, 3)))

# An error in region, birth date or order number leaves the other two; a swap over their borders leaves the rest.
BLOCKS: Mapping[str, tuple[pl.Expr, ...]] = {
    "地区码、出生日期": (pl.when(_LONG).then(_visible(_NUMBER.str.slice(0, 14))),),
    "出生日期、顺序码": (pl.when(_LONG).then(_visible(_NUMBER.str.slice(-12, 11))),),
    "地区码、后四位": (_region, pl.when(_LONG).then(_visible(_NUMBER.str.slice(-4)))),
    "第6、7位以外": (pl.when(_LONG).then(_visible(_NUMBER.str.slice(0, 5) + _NUMBER.str.slice(-11))),),
    "第14、15位以外": (pl.when(_LONG).then(_visible(_NUMBER.str.slice(0, 13) + _NUMBER.str.slice(-3))),),
    "姓名读音、顺序码": (pl.col("sound"), _order),
    "姓名读音、出生日期": (pl.col("sound"), pl.col("born")),
    "姓名读音、电话": (pl.col("sound"), pl.col("phone")),
    "姓名、村": (pl.col("name"), pl.col("village")),
    "出生日期、村": (pl.col("born"), pl.col("village")),
    "出生日期、电话": (pl.col("born"), pl.col("phone")),
}


def candidates(records: pl.DataFrame, people: pl.DataFrame) -> tuple[pl.DataFrame, Counter[str]]:
    """Pairs (``rid``, ``pid``) that share a key, and how many records each block left out because its key is too common.

    Two checked numbers that differ are two persons and never a pair.
    """
    found: list[pl.DataFrame] = []
    skipped: Counter[str] = Counter()
    for name, keys in BLOCKS.items():
        columns = {f"k{place}": key for place, key in enumerate(keys)}
        left = records.select("rid", "checked", **columns).drop_nulls(list(columns))
        right = people.select("pid", checked_p="checked", **columns).drop_nulls(list(columns))
        right = right.join(left.select(*columns).unique(), on=list(columns), how="semi")
        right = right.with_columns(common=pl.len().over(*columns) > BLOCK_CAP)
        rare = right.filter(~pl.col("common"))
        pairs = left.join(rare, on=list(columns), how="inner")
        found.append(pairs.filter(~(pl.col("checked") & pl.col("checked_p"))).select("rid", "pid"))
        common = right.filter("common").select(*columns).unique()
        if common.height:
            skipped[name] = left.join(common, on=list(columns), how="semi").height
    return pl.concat(found).unique(), skipped


def household_pairs(records: pl.DataFrame, sure: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Pairs (``rid``, ``pid``) of a record and the other members of a household that stands within three rows of it.

    ``sure``: records linked by their number, ``pid`` and the place of the row.
    """
    homes = people.select("pid", home="household_id").drop_nulls()
    sheet = ["source_file", "source_sheet"]
    steps = pl.DataFrame({"step": [step for step in range(-NEAR, NEAR + 1) if step]}, schema={"step": pl.Int64})
    around = records.select("rid", *sheet, "source_row").join(steps, how="cross")
    around = around.with_columns(source_row=pl.col("source_row") + pl.col("step"))
    listed = sure.select(*sheet, "source_row", mate="pid")
    near = around.join(listed, on=[*sheet, "source_row"], how="inner").join(
        homes.select("home", mate="pid"), on="mate", how="inner"
    )
    members = near.select("rid", "home", "mate").join(homes, on="home", how="inner")
    return members.filter(pl.col("pid") != pl.col("mate")).select("rid", "pid").unique()
