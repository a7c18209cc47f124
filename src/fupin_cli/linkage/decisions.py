"""What people decided about candidates (人工确认): it wins over every level, in every later run."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

# What makes a record, and a person, the same one next month: what they say of themselves, never where they stood.
RECORD = ("kind", "name", "number", "born", "village", "phone")
PERSON = ("name_p", "number_p", "household_id_p")
PAIR = (*RECORD, *PERSON)
ADOPTED, REFUSED = "采纳", "不采纳"
# Columns of 人工确认.xlsx that people fill in, and the hidden one that says which pair a row is about.
VERDICT, BY, NOTE, KEY = "结论", "确认人", "备注", "识别码"
CONFIRMED = "人工确认为同一人"


@dataclass(frozen=True)
class Decided:
    """``decisions``, oldest first: columns of ``RECORD`` and ``PERSON``, ``verdict`` (采纳/不采纳), ``said`` (who and when)."""

    decisions: pl.DataFrame


SCHEMA = {name: pl.Int64 if name == "born" else pl.String for name in (*PAIR, "verdict", "said")}


def apply_decisions(
    decided: Decided | None, records: pl.DataFrame, people: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Links that people confirmed (``rid``, ``pid``, ``kind``, ``level``, ``state``, ``name_relation``, ``evidence``),
    and the pairs (``rid``, ``pid``) they refused."""
    rows = pl.DataFrame(schema=SCHEMA) if decided is None else decided.decisions
    about = rows.with_row_index("place").join(
        records.select("rid", *RECORD), on=list(RECORD), how="inner", nulls_equal=True
    )
    persons = people.select("pid", name_p="name", number_p="number", household_id_p="household_id")
    about = about.join(persons, on=list(PERSON), how="inner", nulls_equal=True)
    # The last word about a record counts; two persons whom nothing tells apart cannot have been meant both.
    adopted = about.filter(pl.col("verdict") == ADOPTED)
    adopted = adopted.filter(pl.col("place") == pl.col("place").max().over("rid")).filter(pl.len().over("rid") == 1)
    confirmed = adopted.select(
        "rid", "pid", "kind", level=pl.lit(CONFIRMED), state=pl.lit("link"),
        name_relation=pl.lit(None, pl.String), evidence="said",
    )  # fmt: skip
    return confirmed, about.filter(pl.col("verdict") == REFUSED).select("rid", "pid").unique()
