"""Link every record to at most one person: first on the ID, then level by level on what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from fupin_cli.linkage.levels import BLOCK_CAP, LEVELS, LINK, REVIEW, Level
from fupin_cli.linkage.names import name_relations
from fupin_cli.linkage.numbers import number_distance
from fupin_cli.linkage.persons import REGISTER, WATCHLIST, numbered_register, person_table

LINK_SCHEMA = {
    "rid": pl.Int64, "pid": pl.Int64, "kind": pl.String, "level": pl.String, "state": pl.String, "name_relation": pl.String,
}  # fmt: skip
IDENTITY = ("rid", "kind", "key", "number", "status", "name_norm", "born", "village", "phone")


@dataclass(frozen=True)
class Linked:
    """``persons`` (see :func:`person_table`), ``tables`` with ``pid``, ``links`` (columns of ``LINK_SCHEMA``)."""

    persons: pl.DataFrame
    tables: dict[str, pl.DataFrame]
    links: pl.DataFrame


def link_tables(tables: Mapping[str, pl.DataFrame]) -> Linked:
    """Link all person-shaped tables to the persons of register and watchlist."""
    if REGISTER not in tables:
        unlinked = {kind: table.with_columns(pid=pl.lit(None, pl.Int64)) for kind, table in tables.items()}
        return Linked(pl.DataFrame(), unlinked, pl.DataFrame(schema=LINK_SCHEMA))
    found = []
    watch_links: dict[int, int] = {}
    if WATCHLIST in tables:
        watch = find_links(_identities(tables[WATCHLIST], WATCHLIST), numbered_register(tables[REGISTER]))
        watch_links = dict(watch.filter(pl.col("state") == LINK).select("rid", "pid").iter_rows())
        found.append(watch)
    persons, linked = person_table(tables, watch_links)
    rest = {kind: table for kind, table in tables.items() if kind not in linked}
    records = [_identities(table, kind) for kind, table in rest.items() if {"name", "id_number"} <= set(table.columns)]
    if records:
        found.append(find_links(pl.concat(records), persons))
    links = pl.concat(found) if found else pl.DataFrame(schema=LINK_SCHEMA)
    sure = links.filter(pl.col("state") == LINK).select("rid", "pid")
    linked |= {kind: table.join(sure, on="rid", how="left", maintain_order="left") for kind, table in rest.items()}
    return Linked(persons, linked, links.sort("rid", "pid"))


def find_links(records: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """Links and review candidates of records (see ``IDENTITY``); columns of ``LINK_SCHEMA``, several rows a record only in review."""
    people = _identities(persons, REGISTER).with_columns(pid=persons["pid"])
    on_number, settled = _by_number(records, people)
    found = [on_number]
    rest = records.join(settled, on="rid", how="anti")
    # Most of what is left are strangers: only those who share a name with somebody can go further.
    rest = rest.join(people.select("name_norm").unique(), on="name_norm", how="semi")
    for level in LEVELS:
        pairs = _pairs(rest, people, level)
        if pairs.height:
            chosen = _decide(pairs, level)
            found.append(chosen)
            rest = rest.join(chosen.select("rid"), on="rid", how="anti")
    return name_relations(pl.concat(found), records, people)


def _identities(table: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The columns the levels speak of, under one name for every table."""
    born = pl.col("birth")
    if "birth_date_day" in table.columns:
        given = pl.col("birth_date").str.replace_all("-", "")
        born = pl.coalesce(born, pl.when(given.str.len_chars() == 8).then(given.cast(pl.Int64, strict=False)))
    optional = [
        pl.col(name) if name in table.columns else pl.lit(None, pl.String).alias(name) for name in ("village", "phone")
    ]
    return table.select(
        "rid", *optional, key=pl.col("id_number_key"), number=pl.col("id_number"),
        status=pl.col("id_number_status"), name_norm=pl.col("name"), born=born, kind=pl.lit(kind),
    ).select(*IDENTITY)  # fmt: skip


def _by_number(records: pl.DataFrame, people: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Equal valid IDs. A number shared by several persons goes to the one of that name, else to review."""
    registered = people.filter(pl.col("key").is_not_null())
    pairs = records.join(registered, on="key", how="inner", suffix="_p")
    same_name = pl.col("name_norm").eq_missing(pl.col("name_norm_p"))
    pairs = pairs.with_columns(same_name=same_name, shared=pl.len().over("rid"), named=same_name.sum().over("rid"))
    pairs = pairs.filter((pl.col("named") != 1) | pl.col("same_name"))
    sure = (pl.col("shared") == 1) | (pl.col("named") == 1)
    plain = pl.col("status").eq("valid")
    level = (
        pl.when(~sure).then(pl.lit("证件号在台账中对应多人"))
        .when(plain).then(pl.lit("证件号一致"))
        .when(pl.col("same_name")).then(pl.lit("证件号规范化后一致且姓名相同"))
        .otherwise(pl.lit("证件号规范化后一致"))
    )  # fmt: skip
    links = pairs.select("rid", "pid", level=level, state=pl.when(sure).then(pl.lit(LINK)).otherwise(pl.lit(REVIEW)))
    return links, pairs.select("rid").unique()


def _pairs(records: pl.DataFrame, people: pl.DataFrame, level: Level) -> pl.DataFrame:
    keys = {f"k{place}": key for place, key in enumerate(level.key)}
    left = records.with_columns(**keys).drop_nulls(list(keys))
    right = people.with_columns(**keys).drop_nulls(list(keys)).filter(pl.len().over(*keys) <= BLOCK_CAP)
    pairs = left.join(right, on=list(keys), how="inner", suffix="_p")
    pairs = pairs.filter(pl.col("key").is_null() | pl.col("key_p").is_null())
    pairs = pairs.with_columns(distance=number_distance(pairs["number"], pairs["number_p"]))
    return pairs.filter(level.true_of)


def _decide(pairs: pl.DataFrame, level: Level) -> pl.DataFrame:
    """One candidate takes the level's state; several equally good ones mean review, not a guess."""
    pairs = pairs.unique(["rid", "pid"], maintain_order=True)
    alone = pl.len().over("rid") == 1
    return pairs.select(
        "rid", "pid",
        level=pl.when(alone).then(pl.lit(level.reason)).otherwise(pl.lit(f"{level.reason}，但有多名候选人")),
        state=pl.when(alone).then(pl.lit(level.state)).otherwise(pl.lit(REVIEW)),
    )  # fmt: skip
