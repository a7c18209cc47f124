"""Run the catalogue over a book: findings, and for each rule what was checked and what was not (未比对)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from fupin_cli.engine import collected
from fupin_cli.findings import assemble, build_directory, finding_table
from fupin_cli.rules.book import REGISTER, Book
from fupin_cli.rules.catalogue import Rule
from fupin_cli.rules.coverage import missing_sources, partial_towns


@dataclass(frozen=True)
class RuleCheck:
    """What became of one rule: ``checked``, ``not_checked`` or ``partial`` (not in ``towns``, or not against ``missing``)."""

    rule_id: str
    title: str
    category: str
    state: str
    missing: tuple[str, ...]
    towns: tuple[str, ...]
    findings: int


def run_rules(
    book: Book,
    tables: Mapping[str, pl.DataFrame],
    rules: Iterable[Rule],
    population_kinds: Collection[str],
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[pl.DataFrame, tuple[RuleCheck, ...]]:
    """Check every rule that can be checked. Returns the finding table and one :class:`RuleCheck` a rule."""
    rules = tuple(rules)
    partial = partial_towns(book, population_kinds)
    results: dict[str, pl.DataFrame] = {}
    missing = {rule.id: missing_sources((REGISTER, *rule.needs), rule.any_of, book.tables) for rule in rules}
    for rule in rules:
        if not missing[rule.id]:
            progress(f"{rule.id} {rule.title}")
            results[rule.id] = collected(rule.check(book))
    directory = build_directory(tables, results.values())
    findings: list[dict[str, str]] = []
    checks: list[RuleCheck] = []
    for rule in rules:
        towns = _unchecked_towns(rule, partial)
        found = assemble(rule, results[rule.id], directory) if rule.id in results else []
        found = [finding for finding in found if finding["town"] not in towns]
        findings += found
        wanted = tuple(kind for kind in rule.wants if not book.arrived(kind))
        state = "not_checked" if missing[rule.id] else "partial" if towns or wanted else "checked"
        sources = missing[rule.id] or wanted + tuple(kind for kind in _kinds(rule) if partial.get(kind))
        checks.append(RuleCheck(rule.id, rule.title, rule.category, state, sources, towns, len(found)))
    return finding_table(findings), tuple(checks)


def _kinds(rule: Rule) -> tuple[str, ...]:
    return rule.needs + (rule.any_of if len(rule.any_of) == 1 else ())


def _unchecked_towns(rule: Rule, partial: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    towns: set[str] = set()
    for kind in _kinds(rule):
        towns |= partial.get(kind, frozenset())
    return tuple(sorted(towns))
