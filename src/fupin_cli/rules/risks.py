"""Risks (风险) of households: the facts of which two together make a red light (红灯), for rules and lights alike."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import Book
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
    labourless = _with_reason(homes_without_labour(book, _members(book)), NO_LABOUR)
    return nw.concat([_grave_members(book), labourless, _medical_burden(book), _low_income(book)])


def _members(book: Book) -> nw.LazyFrame:
    return book.everyone.filter(known(HOME))


def _grave_members(book: Book) -> nw.LazyFrame:
    members = _members(book)
    found = [members.filter(nw.col("health").str.contains("患有大病")).select(HOME, "rid")]
    whom = members.select("pid", HOME)
    if book.arrived(SERIOUS):
        found.append(whom.join(book.linked(SERIOUS).select("pid", "rid"), on="pid", how="inner").select(HOME, "rid"))
    if book.arrived(CERTIFICATES):
        valid = not_ended(book.as_of_day, "expires_on")
        severe = book.linked(CERTIFICATES).filter(valid & (nw.col("grade") <= 2)).select("pid", "rid")
        found.append(whom.join(severe, on="pid", how="inner").select(HOME, "rid"))
    return _with_reason(nw.concat(found), GRAVE_MEMBER)


def _medical_burden(book: Book) -> nw.LazyFrame:
    """The year's 个人自付 of all members against the household's net income (per head × living members)."""
    members = _members(book)
    bills = [_self_paid(book, kind) for kind in BILLS if book.arrived(kind)]
    if not bills:
        return _with_reason(members.head(0), MEDICAL_BURDEN)
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
