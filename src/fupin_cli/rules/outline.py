"""The catalogue without data (规则目录): which lists each rule reads, for those who tell of rules and of past runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import narwhals as nw
import polars as pl

from fupin_cli.policy import Policy, load_policy
from fupin_cli.rules.book import REGISTER, Book
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


def _kinds(parts: tuple[Part, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(read.kind for part in parts for read in part.reads if read.kind != REGISTER))
