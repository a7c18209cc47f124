"""What a rule is, and the list of them all.

A rule is a function from the :class:`~fupin_cli.rules.book.Book` to a narwhals lazy frame, one row for
each piece of evidence, with these columns:

- ``subject``: the ``rid`` of the register row (person), the ``household_id`` (household), the ``rid`` of the
  source row (record), or the name of a town, village or unit;
- ``subject_type`` (optional): where a rule speaks of persons, households and villages alike; ``subject`` is then a ``rid``
  (any member's for a household);
- ``rid`` or ``rid_…`` (optional): source rows that prove it, besides the subject's own row;
- ``severity``, ``variant`` (optional): override the rule's severity, or are appended to its title;
- ``part`` (optional): the part of the rule the row belongs to;
- any other column: a value its texts name in braces.

Rows of one subject become one finding; values that differ between its rows are joined with ``、``. Where several values
of a row belong together, ``each`` is their text, and ``{each}`` the texts of all rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from fupin_cli.rules.reads import Read

if TYPE_CHECKING:
    import narwhals as nw

    from fupin_cli.rules.book import Book

Check: TypeAlias = "Callable[[Book], nw.LazyFrame]"

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
class Part:
    """A part of a rule: what it reads, and its own function; ``None``: the rule's function marks its rows with ``part``."""

    name: str
    reads: tuple[Read, ...]
    check: Check | None = field(default=None, repr=False, compare=False)


@dataclass(eq=False)
class Rule:
    """One entry of the catalogue (一条规则).

    ``reads``: what every part of it reads besides its own; ``excuses``: lists that only take findings away;
    ``cured_by_absence``: lists from which what it found is put right by leaving them; ``of_school_year``: it asks about one
    school year, after which nobody asks again; ``version``: one more whenever its
    condition changes.
    """

    id: str
    title: str
    severity: str
    subject: str
    owner: str
    basis: str
    condition: str
    detail: str
    register_value: str
    source_value: str
    each: str
    reads: tuple[Read, ...]
    excuses: tuple[Read, ...]
    check: Check | None = field(default=None, repr=False)
    parts: list[Part] = field(default_factory=list)
    parts_of: Callable[[Book], Iterable[Part]] | None = field(default=None, repr=False)
    among: Check | None = field(default=None, repr=False)
    of_findings: bool = False
    cured_by_absence: tuple[str, ...] = ()
    of_school_year: bool = False
    version: int = 1

    @property
    def category(self) -> str:
        return CATEGORIES[self.id.partition("-")[0]]

    def parts_in(self, book: Book) -> tuple[Part, ...]:
        """Its parts, each with all that it reads."""
        parts = list(self.parts_of(book)) if self.parts_of else self.parts or [Part("", ())]
        return tuple(replace(part, reads=(*self.reads, *part.reads)) for part in parts)


def rule(
    id: str,
    title: str,
    *,
    severity: str,
    subject: str,
    owner: str,
    basis: str,
    detail: str,
    reads: tuple[Read, ...] = (),
    excuses: tuple[Read, ...] = (),
    register_value: str = "",
    source_value: str = "",
    each: str = "",
    parts_of: Callable[[Book], Iterable[Part]] | None = None,
    among: Check | None = None,
    of_findings: bool = False,
    cured_by_absence: tuple[str, ...] = (),
    of_school_year: bool = False,
    version: int = 1,
) -> Callable[[Check], Rule]:
    """Make a rule of a function; its docstring is the condition in words (Chinese).

    ``reads``: what must have come (the register always must), else 未比对. ``excuses``: lists that can only excuse a subject;
    what one that used to come could have excused is held, not found. ``parts_of``: its parts where they depend on the
    schemas, the policy or the data; the function's rows then say in ``part`` which they belong to, where the parts have no
    function of their own. ``among``: those it could hit (with ``town``), where not every person, household or record is one of
    them. ``of_findings``: checked after the others, whose findings it reads in ``book.findings``. ``cured_by_absence``: lists
    in which being named is the fault (the dead still paid, duplicates, the not entitled): the ledger takes a record's absence
    for the cure, where the list is complete. ``of_school_year``: what it misses is due in one school year; in the next nobody
    asks for it. ``version``: one more whenever the condition changes; what then vanishes is no
    improvement.
    ``detail``, ``register_value``, ``source_value``, ``owner``: texts with ``{column}`` of the rule's result, and of
    the subject: ``{name}``, ``{town}``, ``{village}``, ``{household_id}``.
    """

    def enter(check: Check) -> Rule:
        return Rule(
            id, title, severity, subject, owner, basis, _in_one_line(check.__doc__ or ""), detail, register_value, source_value,
            each, reads, excuses, check, parts_of=parts_of, among=among, of_findings=of_findings,
            cured_by_absence=cured_by_absence, of_school_year=of_school_year, version=version,
        )  # fmt: skip

    return enter


def rule_in_parts(
    id: str,
    title: str,
    condition: str,
    *,
    severity: str,
    subject: str,
    owner: str,
    basis: str,
    detail: str,
    reads: tuple[Read, ...] = (),
    excuses: tuple[Read, ...] = (),
    register_value: str = "",
    source_value: str = "",
    each: str = "",
    parts_of: Callable[[Book], Iterable[Part]] | None = None,
    among: Check | None = None,
    of_findings: bool = False,
    cured_by_absence: tuple[str, ...] = (),
    of_school_year: bool = False,
    version: int = 1,
) -> Rule:
    """A rule whose parts are functions of their own, entered by :func:`part` or given by ``parts_of``. All parts readable:
    checked; some: 部分未比对; none: 未比对. Their results have the same columns; what they have in common goes on as in
    :func:`rule`."""
    return Rule(
        id, title, severity, subject, owner, basis, _in_one_line(condition), detail, register_value, source_value,
        each, reads, excuses, parts_of=parts_of, among=among, of_findings=of_findings,
        cured_by_absence=cured_by_absence, of_school_year=of_school_year, version=version,
    )  # fmt: skip


def part(of: Rule, name: str, *, reads: tuple[Read, ...] = ()) -> Callable[[Check], Check]:
    """Enter a function as a part of a rule, by a name in a few words (Chinese)."""

    def enter(check: Check) -> Check:
        of.parts.append(Part(name, reads, check))
        return check

    return enter


def _in_one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text.strip())


def catalogue() -> dict[str, Rule]:
    """All rules by id, in the catalogue's order."""
    order = {family.upper(): place for place, family in enumerate(FAMILIES)}
    rules = [one for family in FAMILIES for one in import_module(f"fupin_cli.rules.{family}").RULES]
    rules.sort(key=lambda one: (order[one.id.partition("-")[0]], one.id))
    return {one.id: one for one in rules}
