"""Link every record to at most one person: by people's decisions, by equal ID, then by the best evidence of its candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from fupin_cli.linkage.blocks import candidates, household_pairs
from fupin_cli.linkage.decisions import Decided, apply_decisions
from fupin_cli.linkage.evidence import sentence, with_evidence
from fupin_cli.linkage.identities import identities, people_of
from fupin_cli.linkage.levels import LEVELS, LINK, REVIEW
from fupin_cli.linkage.names import SAME, name_relation
from fupin_cli.linkage.persons import REGISTER, WATCHLIST, numbered, person_table, watched
from fupin_cli.spool import Spool

# Records of so many rows are looked at together: below, what is done once for all persons costs more than the records.
BATCH = 1_000_000
PLACE = ("source_file", "source_sheet", "source_row")
LINK_SCHEMA = {
    "rid": pl.Int64, "pid": pl.Int64, "kind": pl.String, "level": pl.String, "state": pl.String, "name_relation": pl.String,
    "evidence": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Linked:
    """``persons`` (see :func:`person_table`), ``tables`` with ``pid``, ``links`` (columns of ``LINK_SCHEMA``);
    ``skipped``: block → records whose key is too common to say who they are; ``spool`` holds large tables."""

    persons: pl.LazyFrame
    tables: dict[str, pl.LazyFrame]
    links: pl.DataFrame
    skipped: dict[str, int]
    spool: Spool


def link_tables(
    tables: Mapping[str, pl.LazyFrame],
    snapshots: frozenset[str] = frozenset(),
    decided: Decided | None = None,
    spool: Spool | None = None,
) -> Linked:
    """Link all person-shaped tables to the persons of register and watchlist.

    ``snapshots``: kinds in which a person has one row; ``decided``: what people confirmed or refused.
    """
    spool = spool or Spool()
    counts = pl.collect_all([table.select(pl.len()) for table in tables.values()])
    rows = {kind: count.item() for kind, count in zip(tables, counts, strict=True)}
    if REGISTER not in tables:
        unlinked = {kind: table.with_columns(pid=pl.lit(None, pl.Int64)) for kind, table in tables.items()}
        return Linked(pl.LazyFrame(), unlinked, pl.DataFrame(schema=LINK_SCHEMA), {}, spool)
    linked = {REGISTER: spool.kept(numbered(tables[REGISTER]), rows[REGISTER])}
    found: list[pl.DataFrame] = []
    skipped: Counter[str] = Counter()
    if WATCHLIST in tables:
        watch, skipped = find_links(
            identities(tables[WATCHLIST], WATCHLIST), people_of(linked[REGISTER]), snapshots, decided
        )
        linked[WATCHLIST] = spool.kept(watched(tables[WATCHLIST], _sure(watch)), rows[WATCHLIST])
        found.append(watch)
    people_rows = rows[REGISTER] + rows.get(WATCHLIST, 0)
    persons = spool.kept(person_table(linked[REGISTER], linked.get(WATCHLIST)), people_rows)
    people = people_of(persons)
    rest = [kind for kind in tables if kind not in linked]
    of_people = [kind for kind in rest if {"name", "id_number"} <= set(tables[kind].collect_schema())]
    for kinds in _batches(of_people, rows):
        records = pl.concat([identities(tables[kind], kind) for kind in kinds])
        links, more = find_links(records, people, snapshots, decided)
        found.append(links)
        skipped += more
    links = pl.concat([pl.DataFrame(schema=LINK_SCHEMA), *found])
    sure = _sure(links).lazy()
    for kind in rest:
        table = tables[kind].join(sure, on="rid", how="left", maintain_order="left")
        linked[kind] = spool.kept(table, rows[kind])
    return Linked(persons, linked, links.sort("rid", "pid"), dict(sorted(skipped.items())), spool)


def _sure(links: pl.DataFrame) -> pl.DataFrame:
    return links.filter(pl.col("state") == LINK).select("rid", "pid")


def _batches(kinds: Iterable[str], rows: Mapping[str, int]) -> Iterator[list[str]]:
    """Kinds whose records are looked at together: a person's other lists say nothing about a record."""
    batch: list[str] = []
    for kind in kinds:
        if batch and sum(rows[one] for one in batch) + rows[kind] > BATCH:
            yield batch
            batch = []
        batch.append(kind)
    if batch:
        yield batch


def find_links(
    records: pl.DataFrame,
    people: pl.DataFrame,
    snapshots: frozenset[str] = frozenset(),
    decided: Decided | None = None,
) -> tuple[pl.DataFrame, Counter[str]]:
    """Links and review candidates of records (columns ``IDENTITY``), several rows a record only in review; and how many
    records were left out of each block. ``people``: ``IDENTITY`` and ``pid``."""
    confirmed, refused = apply_decisions(decided, records, people)
    on_number = _by_number(records.join(confirmed.select("rid"), on="rid", how="anti"), people, refused)
    done = pl.concat([confirmed.select("rid"), on_number.select("rid")])
    rest = records.filter(pl.col("name").is_not_null() | pl.col("number").is_not_null()).join(
        done, on="rid", how="anti"
    )
    sure = records.select("rid", *PLACE).join(_sure(on_number), on="rid", how="inner")
    best, skipped = _by_evidence(rest, people, sure, refused, snapshots)
    links = pl.concat([confirmed, on_number, best], how="diagonal")
    return links.select(list(LINK_SCHEMA)), skipped


def _by_number(records: pl.DataFrame, people: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """Equal valid IDs. A number shared by several persons goes to the one of that name, else to review."""
    registered = people.lazy().filter(pl.col("key").is_not_null()).select("pid", "key", ours="name")
    pairs = records.lazy().select("rid", "kind", "key", "status", theirs="name").join(registered, on="key", how="inner")
    same_name = pl.col("theirs").eq_missing(pl.col("ours"))
    # A number that a spreadsheet may have rounded can be anybody's of that day: it needs the name, or more evidence.
    pairs = pairs.filter(~pl.col("key").str.ends_with("000") | same_name).drop("key")
    pairs = pairs.join(refused.lazy(), on=["rid", "pid"], how="anti")
    pairs = pairs.with_columns(same_name=same_name, shared=pl.len().over("rid"), named=same_name.sum().over("rid"))
    pairs = pairs.filter((pl.col("named") != 1) | pl.col("same_name"))
    sure = (pl.col("shared") == 1) | (pl.col("named") == 1)
    level = (
        pl.when(~sure).then(pl.lit("证件号在台账中对应多人"))
        .when(pl.col("status") == "valid").then(pl.lit("证件号一致"))
        .when(pl.col("same_name")).then(pl.lit("证件号规范化后一致且姓名相同"))
        .otherwise(pl.lit("证件号规范化后一致"))
    )  # fmt: skip
    state = pl.when(sure).then(pl.lit(LINK)).otherwise(pl.lit(REVIEW))
    return _named(pairs.select("rid", "pid", "kind", "theirs", "ours", level=level, state=state).collect())


def _named(found: pl.DataFrame) -> pl.DataFrame:
    """Add ``name_relation`` of the names of record (``theirs``) and person (``ours``), which are dropped."""
    same = pl.col("theirs").eq(pl.col("ours")).fill_null(False)
    other = found.lazy().filter(~same).select("theirs", "ours").unique().collect()
    said = pl.Series(map(name_relation, other["theirs"], other["ours"]), dtype=pl.String)
    links = found.lazy().join(other.lazy().with_columns(said=said), on=["theirs", "ours"], how="left", nulls_equal=True)
    relation = pl.when(same).then(pl.lit(SAME)).otherwise("said")
    return links.with_columns(name_relation=relation).drop("theirs", "ours", "said").collect()


def _by_evidence(
    records: pl.DataFrame, people: pl.DataFrame, sure: pl.DataFrame, refused: pl.DataFrame, snapshots: frozenset[str]
) -> tuple[pl.DataFrame, Counter[str]]:
    """The best candidates of records whose number is not registered. ``sure``: records linked by number, with ``pid``."""
    doubtful, checked = records.filter(~pl.col("checked")), records.filter("checked")
    pairs, skipped = candidates(doubtful, people)
    # A stranger with a checked number can only be a person whose own number is damaged or missing.
    others, _ = candidates(checked, people.filter(~pl.col("checked")))
    mates = household_pairs(doubtful, sure, people)
    pairs = pl.concat([pairs, others, mates]).unique().join(refused, on=["rid", "pid"], how="anti")
    judged = with_evidence(pairs, records, people, mates)
    return _resolved(_with_level(judged), sure, snapshots), skipped


def _with_level(pairs: pl.DataFrame) -> pl.DataFrame:
    """``rank``, ``level``, ``state`` and ``on_number`` of the first level true of each pair; other pairs drop out."""
    rank = pl.lit(None, pl.Int64)
    for place in reversed(range(len(LEVELS))):
        rank = pl.when(LEVELS[place].true_of).then(pl.lit(place)).otherwise(rank)
    table = pl.DataFrame(
        [(place, level.reason, level.state, level.on_number) for place, level in enumerate(LEVELS)],
        schema={"rank": pl.Int64, "level": pl.String, "state": pl.String, "on_number": pl.Boolean},
        orient="row",
    )
    return pairs.with_columns(rank=rank.cast(pl.Int64)).drop_nulls("rank").join(table, on="rank", how="inner")


def _resolved(pairs: pl.DataFrame, sure: pl.DataFrame, snapshots: frozenset[str]) -> pl.DataFrame:
    """Of each record the best level, then the most that agrees; what is still equal is a question, not a guess."""
    best = pairs.filter(pl.col("rank") == pl.col("rank").min().over("rid"))
    best = best.filter(pl.col("agreeing") == pl.col("agreeing").max().over("rid"))
    sheet = ["pid", "source_file", "source_sheet"]
    entered = pl.concat([sure.select(sheet), best.filter("on_number").select(sheet)]).unique()
    best = best.join(entered.with_columns(entered=pl.lit(True)), on=sheet, how="left", nulls_equal=True)
    several = pl.len().over("rid") > 1
    twice = pl.col("entered").fill_null(False) & ~pl.col("on_number") & pl.col("kind").is_in(list(snapshots))
    doubt = pl.when(several).then(pl.lit("，但有多名候选人")).when(twice & (pl.col("state") == LINK)).then(
        pl.lit("，但此人在同一名单中另有记录")
    )  # fmt: skip
    best = best.with_columns(
        level=pl.col("level") + doubt.otherwise(pl.lit("")),
        state=pl.when(several | twice).then(pl.lit(REVIEW)).otherwise("state"),
    )
    said = [sentence(pair) for pair in best.iter_rows(named=True)]
    return best.select(
        "rid", "pid", "kind", "level", "state", "name_relation", evidence=pl.Series(said, dtype=pl.String)
    )
