"""Identities (身份要素): what a row says about who it is, under one name for every table."""

from __future__ import annotations

import polars as pl

from fupin_cli.linkage.names import sounds
from fupin_cli.linkage.numbers import CHECKED
from fupin_cli.linkage.persons import REGISTER

# Complete numbers that fail their own check; what birth date they show may still be right.
FAILED = ("checksum", "precision_lost", "masked")
TEXTS = ("sex", "town", "village", "phone", "household_id", "source_file", "source_sheet")
IDENTITY = (
    "rid", "kind", "key", "number", "status", "checked", "name", "sound", "born", "born_known", *TEXTS, "source_row",
)  # fmt: skip


def identities(table: pl.LazyFrame, kind: str, *more: str) -> pl.DataFrame:
    """The columns of ``IDENTITY`` and ``more`` of the table's own. ``born``: yyyymmdd out of number or birth date; ``born_known``: not out of a damaged
    number; ``checked``: the number passed its check digit, and not because a spreadsheet rounded it; ``sound``: the name's pinyin."""
    columns = table.collect_schema().names()
    optional = {name: pl.col(name) if name in columns else pl.lit(None, pl.String) for name in TEXTS}
    row = pl.col("source_row") if "source_row" in columns else pl.lit(None, pl.Int64)
    known = pl.col("birth")
    if "birth_date_day" in columns:
        given = pl.col("birth_date").str.replace_all("-", "")
        known = pl.coalesce(known, pl.when(given.str.len_chars() == 8).then(given.cast(pl.Int64, strict=False)))
    sex = optional.pop("sex")
    if "id_number_sex" in columns:
        sex = pl.coalesce("id_number_sex", sex)
    frame = table.select(
        "rid", *more, **optional, sex=sex, source_row=row, kind=pl.lit(kind), key=pl.col("id_number_key"),
        number=pl.col("id_number"), status=pl.col("id_number_status"), name=pl.col("name"), known=known,
    ).collect()  # fmt: skip
    shown = pl.col("number").str.slice(6, 8)
    possible = pl.col("status").is_in(FAILED) & shown.str.contains(r"^(19|20)\d\d(0[1-9]|1[0-2])[0-3]\d$")
    return frame.with_columns(
        born=pl.coalesce("known", pl.when(possible).then(shown).cast(pl.Int64)),
        born_known=pl.col("known").is_not_null(),
        checked=pl.col("status").is_in(list(CHECKED)) & ~pl.col("key").str.ends_with("000"),
        sound=sounds(frame["name"]),
    ).select(*IDENTITY, *more)


def people_of(persons: pl.LazyFrame) -> pl.DataFrame:
    """The identities of persons (``pid``) of the register."""
    return identities(persons, REGISTER, "pid")
