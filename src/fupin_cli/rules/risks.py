"""Risks (风险) of households: the facts of which two together make a red light (红灯), for rules and lights alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import narwhals as nw

from fupin_cli.rules.book import REGISTER, Book
from fupin_cli.rules.reads import Read, arrived, value, values
from fupin_cli.rules.register_rows import homes_without_labour
from fupin_cli.rules.terms import known, not_ended

HOME = "household_id"
CERTIFICATES, SERIOUS = "disability.certificates", "health.serious"
# Bills, each with the date that gives its year; of one whose date cannot be read nobody knows the year.
BILLS = {"health.inpatient": "admitted_on", "health.outpatient": "visited_on"}
# Without one of these a fact may stay unseen.
RISK_SOURCES = (CERTIFICATES, SERIOUS, *BILLS)
GRAVE_MEMBER = "有大病或重度残疾成员"
NO_LABOUR = "整户无劳动能力"
MEDICAL_BURDEN = "年度医疗自付过高"
LOW_INCOME = "收入低于监测标准"


def red_facts(book: Book) -> nw.LazyFrame:
    """``household_id``, ``reason``, ``rid`` (its proof) of living households of register and watchlist.

    大病或重残成员, 整户无劳动能力, 年度医疗自付超过家庭纯收入的 20%, 人均纯收入低于监测标准 (the numbers are policy).
    """
    found = [_ill_members(book), _labourless(book), _low_income(book)]
    found += [_treated_members(book)] if book.arrived(SERIOUS) else []
    found += [_disabled_members(book)] if book.arrived(CERTIFICATES) else []
    bills = [kind for kind in BILLS if book.arrived(kind)]
    found += [_medical_burden(book, bills)] if bills else []
    return nw.concat(found)


def _members(book: Book) -> nw.LazyFrame:
    return book.everyone.filter(known(HOME))


def _ill_members(book: Book) -> nw.LazyFrame:
    return _with_reason(_members(book).filter(nw.col("health").str.contains("患有大病")), GRAVE_MEMBER)


def _treated_members(book: Book) -> nw.LazyFrame:
    return _named(book, book.linked(SERIOUS))


def _disabled_members(book: Book) -> nw.LazyFrame:
    valid = not_ended(book.as_of_day, "expires_on")
    return _named(book, book.linked(CERTIFICATES).filter(valid & (nw.col("grade") <= 2)))


def _named(book: Book, records: nw.LazyFrame) -> nw.LazyFrame:
    """Grave members that these records name."""
    named = _members(book).select("pid", HOME).join(records.select("pid", "rid"), on="pid", how="inner")
    return _with_reason(named, GRAVE_MEMBER)


def _labourless(book: Book) -> nw.LazyFrame:
    return _with_reason(homes_without_labour(book, _members(book)), NO_LABOUR)


def _medical_burden(book: Book, kinds: Iterable[str]) -> nw.LazyFrame:
    """The year's 个人自付 of all members on these bills against the household's net income (per head × living members)."""
    members, bills = _members(book), [_self_paid(book, kind) for kind in kinds]
    paid = members.select("pid", HOME).join(nw.concat(bills), on="pid", how="inner")
    sums = paid.group_by(HOME).agg(own=nw.col("self_paid").sum())
    homes = members.group_by(HOME).agg(persons=nw.len(), income=nw.col("net_income").min())
    share = book.policy["medical_burden"]
    heavy = homes.join(sums, on=HOME, how="inner").filter(
        nw.col("own") > share * nw.col("income") * nw.col("persons") + 0.005
    )
    proof = paid.filter(nw.col("self_paid") > 0).select(HOME, "rid")
    return _with_reason(heavy.select(HOME).join(proof, on=HOME, how="inner"), MEDICAL_BURDEN)


def _self_paid(book: Book, kind: str) -> nw.LazyFrame:
    of_the_year = nw.col(f"{BILLS[kind]}_year") == book.as_of.year
    rows = book.linked(kind).filter(of_the_year & known("self_paid"))
    return rows.select("pid", "rid", "self_paid")


def _low_income(book: Book) -> nw.LazyFrame:
    homes = _members(book).group_by(HOME).agg(rid=nw.col("rid").min(), income=nw.col("net_income").min())
    return _with_reason(homes.filter(nw.col("income") < book.policy["watch_line"]), LOW_INCOME)


def _with_reason(rows: nw.LazyFrame, reason: str) -> nw.LazyFrame:
    return rows.select(HOME, "rid", reason=nw.lit(reason))


@dataclass(frozen=True)
class Fact:
    """A red fact as one source tells it: its name and reason, what it reads, its rows as in :func:`red_facts`."""

    name: str
    reason: str
    reads: tuple[Read, ...]
    rows: Callable[[Book], nw.LazyFrame]


INCOME, (INPATIENT, OUTPATIENT) = value(REGISTER, "net_income"), BILLS
_STAYS, _VISITS = (values(kind, "self_paid", date) for kind, date in BILLS.items())
FACTS = (
    Fact("登记患有大病", GRAVE_MEMBER, (value(REGISTER, "health"),), _ill_members),
    Fact("大病救治", GRAVE_MEMBER, (arrived(SERIOUS),), _treated_members),
    Fact("重度残疾", GRAVE_MEMBER, values(CERTIFICATES, "grade", "expires_on"), _disabled_members),
    Fact("无劳动能力", NO_LABOUR, (value(REGISTER, "labour"),), _labourless),
    Fact("住院自付", MEDICAL_BURDEN, (INCOME, *_STAYS), partial(_medical_burden, kinds=(INPATIENT,))),
    Fact("住院和门诊自付", MEDICAL_BURDEN, (INCOME, *_STAYS, *_VISITS), partial(_medical_burden, kinds=tuple(BILLS))),
    Fact("收入低", LOW_INCOME, (INCOME,), _low_income),
)
