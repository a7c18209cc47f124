"""Run the catalogue over a book: findings, what is held back, and for each rule what was checked and what was not (未比对)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import polars as pl

from fupin_cli.engine import collected
from fupin_cli.findings import Directory, assemble, build_directory, finding_table, grounds_of
from fupin_cli.policy import WatchedPolicy
from fupin_cli.rules.book import EVERYWHERE, REGISTER, Book
from fupin_cli.rules.catalogue import Part, Rule
from fupin_cli.rules.excuses import held_by, not_excused_note
from fupin_cli.rules.flood import Floods
from fupin_cli.rules.reads import arrived, unread

PART = "part"


@dataclass(frozen=True)
class RuleCheck:
    """What became of one rule: ``checked``, ``not_checked``, or ``partial``: not all of it, or not everywhere.

    ``missing``: lists and columns for want of which, also those that could have excused what is held; ``towns``: where
    only some towns lack them, those; ``parts``: names of the parts that were not checked anywhere, empty where the rule
    has one part.
    """

    rule_id: str
    title: str
    category: str
    state: str
    missing: tuple[str, ...]
    towns: tuple[str, ...]
    findings: int
    parts: tuple[str, ...] = ()
    held: int = 0

    @property
    def whole_elsewhere(self) -> bool:
        """Whether it was checked whole outside ``towns``."""
        return self.state == "checked" or (self.state == "partial" and not self.parts)


@dataclass(frozen=True)
class Yardstick:
    """What a rule measured by (尺度): its ``version`` and the ``policy`` values it asked for."""

    version: int
    policy: Mapping[str, Any]


@dataclass(frozen=True)
class Checked:
    """``findings`` and ``held``: finding tables, ``held`` with ``held_because``; ``checks``: one a rule; ``grounds``: the rows
    that findings rest on; ``yardsticks``: rule → its version and the policy values it used."""

    findings: pl.DataFrame
    held: pl.DataFrame
    checks: tuple[RuleCheck, ...]
    grounds: pl.DataFrame
    yardsticks: Mapping[str, Yardstick]


@dataclass(frozen=True)
class _Plan:
    """A rule's parts as they can be read: ``lacking`` by unreadable part, ``towns`` not to be looked at by readable part."""

    rule: Rule
    lacking: dict[str, tuple[str, ...]]
    towns: dict[str, frozenset[str]]
    sources: dict[str, tuple[str, ...]]
    readable: tuple[Part, ...]


def run_rules(
    book: Book,
    tables: Mapping[str, pl.LazyFrame],
    rules: Iterable[Rule],
    progress: Callable[[str], None] = lambda _: None,
) -> Checked:
    """Check every rule that can be checked."""
    rules, policy = tuple(rules), WatchedPolicy(book.policy.values)
    book = replace(book, policy=policy)
    findings: list[dict[str, str]] = []
    held: list[dict[str, str]] = []
    checks: dict[str, RuleCheck] = {}
    yardsticks: dict[str, Yardstick] = {}
    for second in (False, True):
        turn = [rule for rule in rules if rule.of_findings is second]
        if not turn:
            continue
        seen = replace(book, found=finding_table(findings)) if second else book
        plans: list[_Plan] = []
        results: dict[str, pl.DataFrame] = {}
        for rule in turn:
            policy.asked.clear()
            plans.append(_plan(seen, rule))
            results |= _results(seen, plans[-1], progress)
            yardsticks[rule.id] = Yardstick(rule.version, {name: policy[name] for name in sorted(policy.asked)})
        directory, floods = build_directory(tables, results.values()), Floods(seen)
        for plan in plans:
            found = _found(plan, results, directory)
            kept, back = _parted(seen, plan, found, floods)
            findings += kept
            held += back
            checks[plan.rule.id] = _check(seen, plan, len(kept), len(back))
    in_order = tuple(checks[rule.id] for rule in rules)
    return Checked(finding_table(findings), finding_table(held, held=True), in_order, grounds_of(findings), yardsticks)


def _plan(book: Book, rule: Rule) -> _Plan:
    lacking: dict[str, tuple[str, ...]] = {}
    towns: dict[str, frozenset[str]] = {}
    sources: dict[str, tuple[str, ...]] = {}
    readable = []
    for part in rule.parts_in(book):
        if gone := unread(book, (arrived(REGISTER), *part.reads)):
            lacking[part.name] = gone
            continue
        kinds = dict.fromkeys((REGISTER, *(read.kind for read in part.reads)))
        doubtful, doubted = book.doubtful_towns(kinds), tuple(kind for kind in kinds if book.doubts.get(kind))
        if doubtful and book.registered_towns <= doubtful:
            lacking[part.name] = doubted
            continue
        readable.append(part)
        towns[part.name], sources[part.name] = doubtful, doubted
    return _Plan(rule, lacking, towns, sources, tuple(readable))


def _results(book: Book, plan: _Plan, progress: Callable[[str], None]) -> dict[str, pl.DataFrame]:
    if not plan.readable:
        return {}
    rule = plan.rule
    progress(f"{rule.id} {rule.title}")
    own = [part.check(book).with_columns(part=nw.lit(part.name)) for part in plan.readable if part.check]
    if own:
        return {rule.id: collected(own[0] if len(own) == 1 else nw.concat(own))}
    assert rule.check is not None, rule.id
    return {rule.id: collected(rule.check(book))}


def _found(plan: _Plan, results: Mapping[str, pl.DataFrame], directory: Directory) -> list[dict[str, str]]:
    """The findings of the readable parts, where these are to be looked at."""
    result = results.get(plan.rule.id)
    if result is None:
        return []
    if PART in result.columns:
        result = result.filter(pl.col(PART).is_in(list(plan.towns)))
        by_part: dict[str, frozenset[str]] = plan.towns
    else:
        result = result.with_columns(part=pl.lit(""))
        by_part = {"": frozenset().union(*plan.towns.values())}
    if any(by_part.values()):
        result = _where_looked(plan.rule, result, by_part, directory)
    return assemble(plan.rule, result.drop(PART), directory)


def _where_looked(
    rule: Rule, result: pl.DataFrame, by_part: Mapping[str, frozenset[str]], directory: Directory
) -> pl.DataFrame:
    """Rows about subjects of towns that are to be looked at; of a subject of no town nobody knows, nor of the district."""
    keep = []
    for row in result.iter_rows(named=True):
        towns = by_part[row[PART]]
        town = directory.town(row.get("subject_type", rule.subject), row) if towns else ""
        keep.append(not towns or bool(town and town not in towns))
    return result.filter(pl.Series(keep, dtype=pl.Boolean))


def _parted(
    book: Book, plan: _Plan, found: list[dict[str, str]], floods: Floods
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Findings, and those held: that a list which used to come could have excused, or that are too many at once."""
    excused, note = held_by(book, plan.rule), not_excused_note(book, plan.rule)
    kinds = {read.kind for part in plan.readable for read in part.reads}
    flooded = floods.because(plan.rule, kinds, found)
    kept, back = [], []
    for finding in found:
        flood = flooded.get(finding["town"]) or flooded.get(EVERYWHERE, "")
        if because := excused.because(finding["town"]) or flood:
            back.append({**finding, "held_because": because})
        else:
            kept.append({**finding, "detail": finding["detail"] + note})
    return kept, back


def _check(book: Book, plan: _Plan, findings: int, held: int) -> RuleCheck:
    rule, lacking = plan.rule, plan.lacking
    excusing = held_by(book, rule).lost if held else ()
    gone = dict.fromkeys(name for names in lacking.values() for name in names)
    doubtful = dict.fromkeys(kind for kinds in plan.sources.values() for kind in kinds)
    towns = sorted({town for towns in plan.towns.values() for town in towns})
    state = "not_checked" if not plan.readable else "partial" if lacking or towns or held else "checked"
    parts = tuple(name for name in lacking if name) if plan.readable else ()
    missing = tuple(dict.fromkeys((*gone, *doubtful, *excusing)))
    return RuleCheck(rule.id, rule.title, rule.category, state, missing, tuple(towns), findings, parts, held)
