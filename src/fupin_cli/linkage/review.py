"""Candidates side by side (人工确认清单): what the record says, what the person's row says, why, and where it stands."""

from __future__ import annotations

import polars as pl

from fupin_cli.linkage.decisions import RECORD
from fupin_cli.linkage.identities import identities, people_of
from fupin_cli.linkage.levels import LINK
from fupin_cli.linkage.link import Linked
from fupin_cli.linkage.persons import REGISTER


def review_rows(linked: Linked) -> pl.DataFrame:
    """Review candidates, and links that do not stand on equal IDs: columns of ``RECORD`` and ``place`` of the record,
    ``name_p``, ``number_p``, ``born_p``, ``village_p``, ``phone_p``, ``household_id_p`` of the person, ``level``,
    ``state``, ``evidence``."""
    doubtful = linked.links.filter((pl.col("state") != LINK) | pl.col("evidence").is_not_null())
    records = [_records(table, kind, doubtful) for kind, table in linked.tables.items() if kind != REGISTER]
    people = _people(linked, doubtful)
    if doubtful.is_empty() or not records:
        return pl.DataFrame(
            schema=dict.fromkeys(("state", "kind"), pl.String) | dict.fromkeys(("rid", "pid"), pl.Int64)
        )
    rows = doubtful.drop("kind").join(pl.concat(records), on="rid", how="inner").join(people, on="pid", how="inner")
    return rows.sort("state", "kind", "rid", "pid")


def _records(table: pl.LazyFrame, kind: str, doubtful: pl.DataFrame) -> pl.DataFrame:
    if not {"name", "id_number"} <= set(table.collect_schema()):
        return pl.DataFrame(
            schema={"rid": pl.Int64, **dict.fromkeys(RECORD, pl.String), "born": pl.Int64, "place": pl.String}
        )
    wanted = table.join(doubtful.lazy().select("rid").unique(), on="rid", how="semi")
    place = pl.concat_str("source_file", "source_sheet", "source_row", separator="!", ignore_nulls=True)
    return identities(wanted, kind).select("rid", *RECORD, place=place)


def _people(linked: Linked, doubtful: pl.DataFrame) -> pl.DataFrame:
    persons = linked.persons.join(doubtful.lazy().select("pid").unique(), on="pid", how="semi")
    shown = ("name", "number", "born", "village", "phone", "household_id")
    return people_of(persons).select("pid", **{f"{name}_p": pl.col(name) for name in shown})
