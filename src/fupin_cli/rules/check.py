"""Run the catalogue over a book: findings, and for each rule what was checked and what was not (未比对)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from fupin_cli.engine import collected
from fupin_cli.findings import assemble, build_directory, finding_table
from fupin_cli.rules.book import REGISTER, Book
from fupin_cli.rules.catalogue import Rule
from fupin_cli.rules.coverage import missing_columns, missing_sources, partial_towns


@dataclass(frozen=True)
class RuleCheck:
    """What became of one rule: ``checked``, ``not_checked`` or ``partial``: not in ``towns``, in ``part_towns`` only in part
    (against the rest of ``missing``), or, where neither names a town, everywhere only in part."""

    rule_id: str
    title: str
    category: str
    state: str
    missing: tuple[str, ...]
    towns: tuple[str, ...]
    findings: int
    part_towns: tuple[str, ...] = ()


def run_rules(
    book: Book,
    tables: Mapping[str, pl.LazyFrame],
    rules: Iterable[Rule],
    population_kinds: Collection[str],
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[pl.DataFrame, tuple[RuleCheck, ...]]:
    """Check every rule that can be checked. Returns the finding table and one :class:`RuleCheck` a rule."""
    rules = tuple(rules)
    partial = partial_towns(book, population_kinds)
    book = replace(book, partial=partial)
    findings: list[dict[str, str]] = []
    checks: dict[str, RuleCheck] = {}
    for second in (False, True):
        turn = [rule for rule in rules if rule.of_findings is second]
        if not turn:
            continue
        seen = replace(book, found=finding_table(findings)) if second else book
        missing = {
            rule.id: missing_sources((REGISTER, *rule.needs), rule.any_of, book.tables) or missing_columns(rule, book)
            for rule in turn
        }
        results = _results(seen, [rule for rule in turn if not missing[rule.id]], progress)
        directory = build_directory(tables, results.values())
        for rule in turn:
            towns = _unchecked_towns(rule, partial)
            found = assemble(rule, results[rule.id], directory) if rule.id in results else []
            found = [finding for finding in found if finding["town"] not in towns]
            findings += found
            checks[rule.id] = _check(seen, rule, missing[rule.id], towns, partial, len(found))
    return finding_table(findings), tuple(checks[rule.id] for rule in rules)


def _results(book: Book, rules: Iterable[Rule], progress: Callable[[str], None]) -> dict[str, pl.DataFrame]:
    results = {}
    for rule in rules:
        progress(f"{rule.id} {rule.title}")
        results[rule.id] = collected(rule.check(book))
    return results


def _check(
    book: Book,
    rule: Rule,
    missing: tuple[str, ...],
    towns: tuple[str, ...],
    partial: Mapping[str, frozenset[str]],
    found: int,
) -> RuleCheck:
    wanted = () if missing else tuple(kind for kind in rule.wants if not book.arrived(kind)) + rule.lacking(book)
    short = () if missing else tuple(kind for kind in rule.wants if kind not in _kinds(rule) and partial.get(kind))
    part_towns = sorted({town for kind in short for town in partial[kind]} - {*towns}) if not wanted else ()
    state = "not_checked" if missing else "partial" if towns or wanted or short else "checked"
    sources = missing or wanted + tuple(kind for kind in _kinds(rule) if partial.get(kind)) + short
    return RuleCheck(rule.id, rule.title, rule.category, state, sources, towns, found, tuple(part_towns))


def _kinds(rule: Rule) -> tuple[str, ...]:
    return rule.needs + (rule.any_of if len(rule.any_of) == 1 else ())


def _unchecked_towns(rule: Rule, partial: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    towns: set[str] = set()
    for kind in _kinds(rule):
        towns |= partial.get(kind, frozenset())
    return tuple(sorted(towns))
