"""What a rule is, and the list of them all.

A rule is a function from the :class:`~fupin_cli.rules.book.Book` to a narwhals lazy frame, one row for
each piece of evidence, with these columns:

- ``subject``: the ``rid`` of the register row (person), the ``household_id`` (household), the ``rid`` of the
  source row (record), or the name of a town, village or unit;
- ``rid`` or ``rid_…`` (optional): source rows that prove it, besides the subject's own row;
- ``severity``, ``variant`` (optional): override the rule's severity, or are appended to its title;
- any other column: a value its texts name in braces.

Rows of one subject become one finding; values that differ between its rows are joined with ``、``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import narwhals as nw

    from fupin_cli.rules.book import Book

SEVERE, GENERAL, HINT = "严重", "一般", "提示"
SEVERITIES = (SEVERE, GENERAL, HINT)
CATEGORIES = {
    "IDN": "身份核对",
    "REG": "台账质量",
    "EDU": "义务教育",
    "MED": "基本医疗",
    "HSG": "住房安全",
    "WAT": "饮水安全",
    "CIV": "兜底保障",
    "DIS": "残疾人保障",
}
FAMILIES = ("idn", "reg", "edu", "med", "med_care", "hsg", "wat", "civ", "dis")


@dataclass(frozen=True)
class Rule:
    """One entry of the catalogue (一条规则)."""

    id: str
    title: str
    severity: str
    subject: str
    owner: str
    basis: str
    needs: tuple[str, ...]
    any_of: tuple[str, ...]
    wants: tuple[str, ...]
    condition: str
    detail: str
    register_value: str
    source_value: str
    check: Callable[[Book], nw.LazyFrame] = field(repr=False, compare=False)

    @property
    def category(self) -> str:
        return CATEGORIES[self.id.partition("-")[0]]


_RULES: dict[str, Rule] = {}


def rule(
    id: str,
    title: str,
    *,
    severity: str,
    subject: str,
    owner: str,
    basis: str,
    detail: str,
    needs: tuple[str, ...] = (),
    any_of: tuple[str, ...] = (),
    wants: tuple[str, ...] = (),
    register_value: str = "",
    source_value: str = "",
) -> Callable[[Callable[[Book], nw.LazyFrame]], Callable[[Book], nw.LazyFrame]]:
    """Enter a function into the catalogue; its docstring is the condition in words (Chinese).

    ``needs``: all of these sources must have arrived, ``any_of``: at least one of these; else 未比对. ``wants``: without
    one of these a part of the rule goes unchecked.
    ``detail``, ``register_value``, ``source_value``, ``owner``: texts with ``{column}`` of the rule's result, and of
    the subject: ``{name}``, ``{town}``, ``{village}``, ``{household_id}``.
    """

    def enter(check: Callable[[Book], nw.LazyFrame]) -> Callable[[Book], nw.LazyFrame]:
        if id in _RULES:
            raise ValueError(f"rule {id} defined twice")
        condition = re.sub(r"\s*\n\s*", "", (check.__doc__ or "").strip())
        _RULES[id] = Rule(
            id, title, severity, subject, owner, basis, needs, any_of, wants,
            condition, detail, register_value, source_value, check,
        )  # fmt: skip
        return check

    return enter


def catalogue() -> dict[str, Rule]:
    """All rules by id, in the catalogue's order."""
    for family in FAMILIES:
        import_module(f"fupin_cli.rules.{family}")
    order = {family.upper(): place for place, family in enumerate(FAMILIES)}
    return dict(sorted(_RULES.items(), key=lambda item: (order[item[0].partition("-")[0]], item[0])))
