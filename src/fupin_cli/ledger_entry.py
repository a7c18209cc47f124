"""What a run (一次比对) enters in the ledger (整改台账): its findings, how far each rule looked, which lists it believed."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from fupin_cli.ledger.facts import RunFacts
from fupin_cli.ledger.update import Update, update_ledger
from fupin_cli.rules.book import DEATHS, EVERYWHERE, REGISTER
from fupin_cli.rules.catalogue import CATEGORIES
from fupin_cli.run import Run


def keep_in_ledger(run: Run, out: Path, *, at: str, round: str = "", backfill: bool = False) -> Update:
    """Bring the workspace's ledger (整改台账) up to this run; ``at``: ISO time, ``round``: the annual round it belongs to."""
    facts = RunFacts(
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
    )
    return update_ledger(run.workspace.ledger, facts, at, backfill=backfill)


def ledger_coverage(run: Run) -> tuple[tuple[str, str, bool], ...]:
    """(rule, town, checked): where what a rule no longer finds is not there; not where a part of it was not checked, or
    findings of it are held.

    Of the rules on identity a missing list is no such gap: each of their findings rests on its own list, and nearly every
    run misses some list of persons. The ledger clears a finding only where all of its lists came.
    """
    held: dict[str, set[str]] = {}
    for rule, town in run.held.select("rule_id", "town").iter_rows():
        held.setdefault(rule, set()).add(town)
    rows = []
    for check in run.checks:
        of_identity = check.category == CATEGORIES["IDN"] and all(name in run.kinds for name in check.missing)
        whole = check.whole_elsewhere or (of_identity and check.state != "not_checked")
        checked = whole and EVERYWHERE not in held.get(check.rule_id, ())
        rows.append((check.rule_id, EVERYWHERE, checked))
        towns = {*check.towns, *held.get(check.rule_id, ())}
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
