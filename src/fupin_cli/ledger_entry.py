"""What a run (一次比对) enters in the ledger (整改台账): its findings, how far each rule looked, which lists it believed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import polars as pl

from fupin_cli.findings import OCCASION
from fupin_cli.ledger.facts import RunFacts
from fupin_cli.ledger.sight import GROUND_SCHEMA, PERSONS, ROW_SCHEMA, Sight
from fupin_cli.ledger.update import Update, updating_ledger
from fupin_cli.linkage.identities import identities
from fupin_cli.rules.book import DEATHS, EVERYWHERE, REGISTER
from fupin_cli.rules.catalogue import CATEGORIES, catalogue
from fupin_cli.rules.outline import fields_read
from fupin_cli.run import Run
from fupin_cli.schema.kinds import Field

# What a list calls the thing that a row is about: a person, a project, an institution, a village.
NAMES = ("name", "project", "facility", "natural_village", "head_name")


def keep_in_ledger(run: Run, out: Path, *, at: str, round: str = "", backfill: bool = False) -> Update:
    """Bring the workspace's ledger (整改台账) up to this run; ``at``: ISO time, ``round``: the annual round it belongs to."""
    with keeping_in_ledger(run, out, at=at, round=round, backfill=backfill) as (_, update):
        return update


@contextmanager
def keeping_in_ledger(
    run: Run, out: Path, *, at: str, round: str = "", backfill: bool = False, accepted: str = ""
) -> Iterator[tuple[Run, Update]]:
    """The same, kept only if the block ends well, which is given the run with its findings under the ledger's keys.

    ``accepted``: why somebody let a doubtful run in.
    """
    facts = facts_of(run, out, round=round, accepted=accepted)
    with updating_ledger(run.workspace.ledger, facts, at, backfill=backfill) as update:
        key = pl.col("finding_key").replace(update.keys) if update.keys else pl.col("finding_key")
        yield replace(run, findings=run.findings.with_columns(key)), update


def facts_of(run: Run, out: Path, *, round: str = "", accepted: str = "") -> RunFacts:
    """What the ledger is told of a run."""
    return RunFacts(
        run.as_of,
        with_sources(run),
        ledger_coverage(run),
        trusted_kinds(run),
        short=frozenset((kind, town) for kind, towns in run.doubts.items() for town in towns if town),
        out=str(out),
        round=round,
        partly=frozenset(check.rule_id for check in run.checks if check.state == "partial"),
        receipt=run.receipt.to_json(),
        dead=dead_numbers(run),
        sight=sight_of(run),
        yardsticks={rule: json.dumps(asdict(used), ensure_ascii=False) for rule, used in run.yardsticks.items()},
        accepted=accepted,
    )


def sight_of(run: Run) -> Sight:
    """What the ledger can look for the same people and records in."""
    tables, rules = run.linked.tables, catalogue()
    people = identities(run.linked.persons, REGISTER, "pid", "person_no")
    strays: dict[str, list[tuple[str, ...]]] = {}
    for row in run.intake.quarantine:
        strays.setdefault(row.kind, []).append(row.cells)
    titles = {kind.id: kind.title for kind in run.kinds.values()}
    titles |= {f"{kind.id}/{one.name}": one.title for kind in run.kinds.values() for one in kind.fields}
    return Sight(
        people=people,
        grounds=_grounds(run),
        rows=lambda kind: _rows(run, kind) if kind in tables else pl.LazyFrame(schema=ROW_SCHEMA),
        titles=titles,
        strays={kind: tuple(cells) for kind, cells in strays.items()},
        cured_by_absence={rule.id: rule.cured_by_absence for rule in rules.values() if rule.cured_by_absence},
        of_school_year=frozenset(rule.id for rule in rules.values() if rule.of_school_year),
        of_findings=frozenset(rule.id for rule in rules.values() if rule.of_findings),
        events=frozenset(kind.id for kind in run.kinds.values() if kind.nature == "events"),
        places=lambda rule: _places(run, rule),
    )


def _places(run: Run, rule: str) -> frozenset[tuple[str, str]] | None:
    """(town, village) of everything that a rule reads, and of the villages and towns that the workspace names."""
    if rule not in (reading := fields_read()):
        return None
    found = {*run.workspace.villages, *((town, "") for town in run.workspace.towns)}
    for kind in reading[rule].keys() & run.linked.tables.keys():
        table = run.linked.tables[kind]
        if {"town", "village"} <= set(table.collect_schema()):
            found |= set(table.select("town", "village").drop_nulls("town").unique().collect().iter_rows())
    return frozenset(found)


def _rows(run: Run, kind: str) -> pl.LazyFrame:
    """All rows of a list as the ledger knows them again (``ROW_SCHEMA``)."""
    table = run.linked.tables[kind]
    columns = table.collect_schema().names()

    def text(name: str) -> pl.Expr:
        return pl.col(name).cast(pl.String) if name in columns else pl.lit(None, pl.String)

    def part(name: str) -> pl.Expr:
        return pl.when(text(name).is_not_null()).then(pl.lit(f"{name}=") + text(name))

    def mark(name: str) -> pl.Expr:
        return pl.when(_is_filled(run.kinds[kind].field(name), columns)).then(pl.lit(name))

    known = {field.name for field in run.kinds[kind].fields}
    read = sorted(known & {"id_number", *(name for fields in fields_read().values() for name in fields.get(kind, ()))})
    number = pl.coalesce(text("id_number_key"), text("id_number"))
    return table.select(
        "rid", pl.col("pid").cast(pl.Int64), pl.coalesce(*map(text, NAMES)).alias("name"), number.alias("number"),
        *(text(name).alias(name) for name in ("household_id", "town", "village")),
        occasion=pl.concat_str([part(name) for name in OCCASION], separator="\t", ignore_nulls=True),
        filled=pl.concat_str([mark(name) for name in read], separator=" ", ignore_nulls=True) if read else pl.lit(""),
    )  # fmt: skip


def _is_filled(field: Field, columns: Collection[str]) -> pl.Expr:
    """Whether a row has a value in the field that can be read; of a number, a valid one."""
    wanted = [f"{field.name}_key"] if field.type == "id" else [field.name, f"{field.name}_ok"]
    return pl.any_horizontal(pl.col(name).is_not_null() for name in wanted if name in columns)


def _grounds(run: Run) -> pl.DataFrame:
    """The rows that the findings rest on (``GROUND_SCHEMA``), of their columns those that the rule reads."""
    rules = run.findings.select("finding_key", "rule_id")
    grounds = run.grounds.join(rules, on="finding_key", how="left")
    wanted = grounds.lazy().select("rid").unique()
    parts = [pl.DataFrame(schema={**ROW_SCHEMA, "kind": pl.String, "among": pl.Int64})]
    for kind in run.linked.tables:
        rows = _rows(run, kind)
        mine = rows.join(wanted, on="rid", how="semi").with_columns(kind=pl.lit(kind)).collect()
        parts.append(mine.join(_alike(rows, mine, kind), on=["pid", "occasion"], how="left", nulls_equal=True))
    found = grounds.join(pl.concat(parts), on="rid", how="inner").rename({"place": "nth"})
    read = fields_read()
    filled = [
        " ".join(name for name in names.split() if name in read[rule].get(kind, ()))
        for rule, kind, names in found.select("rule_id", "kind", "filled").iter_rows()
    ]
    return found.with_columns(filled=pl.Series(filled, dtype=pl.String)).select(list(GROUND_SCHEMA))


def _alike(rows: pl.LazyFrame, mine: pl.DataFrame, kind: str) -> pl.DataFrame:
    """``pid``, ``occasion`` → how many rows of a list have both (``among``): where some go, nobody knows which.

    Of the register nothing: who is entered twice is one person all the same.
    """
    pids = (
        mine.lazy().select("pid").drop_nulls().unique()
        if kind not in PERSONS
        else pl.LazyFrame(schema={"pid": pl.Int64})
    )
    counts = rows.join(pids, on="pid", how="semi").group_by("pid", "occasion").agg(among=pl.len().cast(pl.Int64))
    return counts.collect()


def ledger_coverage(run: Run) -> tuple[tuple[str, str, bool], ...]:
    """(rule, town, checked): where what a rule no longer finds is not there; not where a part of it was not checked, or
    findings of it are held.

    Of the rules on identity a missing list, or town of a list, is no such gap: each of their findings rests on its own list,
    and nearly every run misses some list of persons. The ledger clears a finding only where all of its lists came. But whom
    the register does not have cannot be missed where the register itself is in doubt.
    """
    unregistered = {town for kind in PERSONS for town in run.doubts.get(kind, ())}
    held: dict[str, set[str]] = {}
    for rule, town in run.held.select("rule_id", "town").iter_rows():
        held.setdefault(rule, set()).add(town)
    rows = []
    for check in run.checks:
        of_identity = check.category == CATEGORIES["IDN"] and all(name in run.kinds for name in check.missing)
        whole = check.whole_elsewhere or (of_identity and check.state != "not_checked")
        checked = whole and EVERYWHERE not in held.get(check.rule_id, ())
        rows.append((check.rule_id, EVERYWHERE, checked))
        unsure = check.towns if not of_identity else unregistered.intersection(check.towns)
        towns = {*unsure, *held.get(check.rule_id, ())}
        rows += [(check.rule_id, town, False) for town in sorted(towns) if checked and town]
    return tuple(rows)


def trusted_kinds(run: Run) -> frozenset[str]:
    """Kinds of which everything that came was read and is believed somewhere; none where a whole file stayed closed: nobody
    knows what it held."""
    sheets = [sheet for file in run.intake.files for sheet in file.sheets]
    if any(file.error for file in run.intake.files):
        return frozenset()
    refused = {sheet.kind for sheet in sheets if sheet.state == "refused"}
    doubted = {kind for kind, towns in run.doubts.items() if EVERYWHERE in towns}
    return frozenset(sheet.kind for sheet in sheets if sheet.state == "loaded") - refused - doubted


def dead_numbers(run: Run) -> frozenset[str] | None:
    """ID numbers of the persons whom the list of the dead names (死亡名单); ``None`` where it is not believed everywhere."""
    if DEATHS not in run.linked.tables or DEATHS in run.doubts:
        return None
    day = run.as_of.toordinal()
    dead = run.linked.tables[DEATHS].filter((pl.col("died_on_day") <= day) | pl.col("died_on_day").is_null())
    persons = run.linked.persons.join(dead.select("pid").drop_nulls().unique(), on="pid", how="semi")
    return frozenset(persons.select("id_number_key").drop_nulls().collect()["id_number_key"])


def with_sources(run: Run) -> pl.DataFrame:
    """The findings and ``sources``: the kinds of the sheets that their evidence names, the register at least."""
    places: dict[str, list[str]] = {}
    for file in run.intake.files:
        for sheet in file.sheets:
            if sheet.state == "loaded":
                places.setdefault(sheet.kind, []).append(f"{sheet.file}!{sheet.sheet}!")
    named = [
        pl.when(pl.col("evidence").str.contains_any(names)).then(pl.lit(kind)) for kind, names in sorted(places.items())
    ]
    sources = pl.concat_str(named, separator=" ", ignore_nulls=True).replace("", REGISTER)
    return run.findings.with_columns(sources=sources)
