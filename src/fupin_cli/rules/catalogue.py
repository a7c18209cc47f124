"""What a rule is, and the list of them all.

A rule is a function from the :class:`~fupin_cli.rules.book.Book` to a narwhals lazy frame, one row for
each piece of evidence, with these columns:

- ``subject``: the ``rid`` of the register row (person), the ``household_id`` (household), the ``rid`` of the
  source row (record), or the name of a town, village or unit;
- ``subject_type`` (optional): where a rule speaks of persons, households and villages alike; ``subject`` is then a ``rid``
  (any member's for a household);
- ``rid`` or ``rid_…`` (optional): source rows that prove it, besides the subject's own row;
- ``severity``, ``variant`` (optional): override the rule's severity, or are appended to its title;
- any other column: a value its texts name in braces.

Rows of one subject become one finding; values that differ between its rows are joined with ``、``. Where several values
of a row belong together, ``each`` is their text, and ``{each}`` the texts of all rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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
    "MON": "监测帮扶",
    "VIL": "村级台账",
    "EDU": "义务教育",
    "MED": "基本医疗",
    "HSG": "住房安全",
    "WAT": "饮水安全",
    "CIV": "兜底保障",
    "DIS": "残疾人保障",
    "EMP": "就业扶贫",
    "IND": "产业扶贫",
    "FIN": "金融扶贫",
    "FND": "项目资金",
    "INF": "基础设施",
}
FAMILIES = (
    "idn", "reg", "reg_fields", "reg_facts", "mon", "vil", "edu", "med", "med_care", "hsg", "wat", "civ", "dis",
    "emp", "ind", "fin", "fnd", "inf",
)  # fmt: skip


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
    each: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacking: Callable[[Book], tuple[str, ...]] = field(default=lambda _: (), repr=False, compare=False)
    of_findings: bool = False

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
    each: str = "",
    columns: Mapping[str, tuple[str, ...]] | None = None,
    headers: Mapping[str, tuple[str, ...]] | None = None,
    lacking: Callable[[Book], tuple[str, ...]] = lambda _: (),
    of_findings: bool = False,
) -> Callable[[Callable[[Book], nw.LazyFrame]], Callable[[Book], nw.LazyFrame]]:
    """Enter a function into the catalogue; its docstring is the condition in words (Chinese).

    ``needs``: all of these sources must have arrived, ``any_of``: at least one of these; else 未比对. ``wants``: without
    one of these a part of the rule goes unchecked; ``lacking`` names columns for want of which that is so too.
    ``columns``: kind → columns that must hold a value in some row (``"a/b"``: either does), ``headers``: kind → columns that must be there (the same), though
    their blanks may be the very fault; else 未比对 (where the kind arrived).
    ``of_findings``: checked after the others, whose findings it reads in ``book.findings``.
    ``detail``, ``register_value``, ``source_value``, ``owner``: texts with ``{column}`` of the rule's result, and of
    the subject: ``{name}``, ``{town}``, ``{village}``, ``{household_id}``.
    """

    def enter(check: Callable[[Book], nw.LazyFrame]) -> Callable[[Book], nw.LazyFrame]:
        if id in _RULES:
            raise ValueError(f"rule {id} defined twice")
        condition = re.sub(r"\s*\n\s*", "", (check.__doc__ or "").strip())
        _RULES[id] = Rule(
            id, title, severity, subject, owner, basis, needs, any_of, wants,
            condition, detail, register_value, source_value, check, each, columns or {}, headers or {}, lacking, of_findings,
        )  # fmt: skip
        return check

    return enter


def catalogue() -> dict[str, Rule]:
    """All rules by id, in the catalogue's order."""
    for family in FAMILIES:
        import_module(f"fupin_cli.rules.{family}")
    order = {family.upper(): place for place, family in enumerate(FAMILIES)}
    return dict(sorted(_RULES.items(), key=lambda item: (order[item[0].partition("-")[0]], item[0])))
