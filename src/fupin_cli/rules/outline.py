"""The catalogue without data (规则目录): which lists each rule reads, for those who tell of rules and of past runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import narwhals as nw
import polars as pl

from fupin_cli.policy import Policy, load_policy
from fupin_cli.rules.book import REGISTER, WATCHLIST, Book
from fupin_cli.rules.catalogue import Part, Rule, catalogue
from fupin_cli.schema.kinds import Kind, load_kinds


def parts_of(rule: Rule, kinds: Mapping[str, Kind], policy: Policy) -> tuple[Part, ...]:
    """The parts a rule has, whatever came."""
    nothing = nw.from_native(pl.LazyFrame())
    return rule.parts_in(Book(date.min, policy, {}, nothing, nothing, kinds=kinds))


@cache
def kinds_read() -> Mapping[str, tuple[str, ...]]:
    """Rule → the lists its parts read besides the register, in their order."""
    kinds, policy = load_kinds(), load_policy()
    return {rule.id: _kinds(parts_of(rule, kinds, policy)) for rule in catalogue().values()}


@cache
def fields_read() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Rule → kind → fields whose values it reads; of persons also the number, which tells who and how old they are."""
    kinds, policy = load_kinds(), load_policy()
    found: dict[str, dict[str, frozenset[str]]] = {}
    for rule in catalogue().values():
        fields: dict[str, set[str]] = {kind: {"id_number"} for kind in (REGISTER, WATCHLIST)}
        for read in (read for part in parts_of(rule, kinds, policy) for read in part.reads if read.how == "value"):
            fields.setdefault(read.kind, set()).update(read.columns)
        found[rule.id] = {kind: frozenset(names) for kind, names in fields.items()}
    return found


def _kinds(parts: tuple[Part, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(read.kind for part in parts for read in part.reads if read.kind != REGISTER))
