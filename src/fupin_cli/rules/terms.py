"""Terms of the catalogue (规则用语): school age, term, record year, active; and the few verbs rules share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import narwhals as nw

ACTIVE = ("正常", "在享", "在册", "有效", "享受", "正常参保")
# Date columns that give a record its year, in order of preference.
RECORD_DATES = (
    "served_on", "admitted_on", "visited_on", "signed_on", "paid_on", "granted_on", "month", "appraised_on",
)  # fmt: skip


def date_number(day: date) -> int:
    """A date as yyyymmdd: differences of such numbers over 10,000 are full years."""
    return day.year * 10_000 + day.month * 100 + day.day


def full_years(birth: nw.Expr, on: int) -> nw.Expr:
    """Full years (周岁) from a yyyymmdd birth date to a yyyymmdd day; unknown where that is before the birth."""
    return nw.when(birth <= on).then((nw.lit(on) - birth) // 10_000)


def school_reference(as_of: date) -> date:
    """31 August before the current school year, which begins on 1 September."""
    year = as_of.year if as_of.month >= 9 else as_of.year - 1
    return date(year, 8, 31)


def current_term(as_of: date) -> tuple[str, date]:
    """The term (学期) at ``as_of`` and the day it began: 春 from 1 March, 秋 from 1 September."""
    if as_of.month >= 9:
        return f"{as_of.year}秋", date(as_of.year, 9, 1)
    if as_of.month >= 3:
        return f"{as_of.year}春", date(as_of.year, 3, 1)
    return f"{as_of.year - 1}秋", date(as_of.year - 1, 9, 1)


def school_year_terms(as_of: date) -> tuple[str, str]:
    """The two terms of the school year at ``as_of``: 秋 and the next 春."""
    start = school_reference(as_of).year
    return f"{start}秋", f"{start + 1}春"


def with_terms(records: nw.LazyFrame, as_of_year: int) -> nw.LazyFrame:
    """Add ``record_year`` (its year, else its date's year, else ``as_of``'s) and ``active`` (null: unreadable status)."""
    columns = records.collect_schema().names()
    years = [nw.col("year")] if "year" in columns else []
    years += [nw.col(f"{name}_year") for name in RECORD_DATES if f"{name}_year" in columns]
    records = records.with_columns(record_year=nw.coalesce(*years, nw.lit(as_of_year)).cast(nw.Int64))
    if {"term", "paid_on_day"} <= set(columns):
        records = records.with_columns(term=_record_term(as_of_year))
    if "status_raw" not in columns:
        return records
    blank, readable = nw.col("status_raw").is_null(), ~nw.col("status").is_null()
    return records.with_columns(
        active=nw.when(blank).then(nw.lit(True)).otherwise(nw.when(readable).then(nw.col("status").is_in(ACTIVE)))
    )


def without(subjects: nw.LazyFrame, records: nw.LazyFrame, on: str = "pid") -> nw.LazyFrame:
    """Subjects that have none of these records."""
    return subjects.join(records.select(on).unique(), on=on, how="anti")


def _record_term(as_of_year: int) -> nw.Expr:
    """The term of a record: its own, else the one its date lies in wholly."""
    term = nw.col("term")
    for year in range(as_of_year - 3, as_of_year + 1):
        for name in (f"{year}春", f"{year}秋"):
            first, last = term_days(name)
            inside = (nw.col("paid_on_day") >= first) & (nw.col("paid_on_last") <= last)
            term = nw.when(nw.col("term").is_null() & inside).then(nw.lit(name)).otherwise(term)
    return term


def among(frame: nw.LazyFrame, subjects: nw.LazyFrame, on: str = "pid") -> nw.LazyFrame:
    """Rows of ``frame`` about one of the subjects."""
    return frame.join(subjects.select(on).unique(), on=on, how="semi")


def of_terms(records: nw.LazyFrame, terms: tuple[str, ...]) -> nw.LazyFrame:
    """Records of these terms (学期): by their term, else by ``paid_on``; one with neither is taken as current."""
    first, last = (term_days(term) for term in (terms[0], terms[-1]))
    dated = (nw.col("paid_on_day") <= last[1]) & (nw.col("paid_on_last") >= first[0])
    undated = nw.col("term").is_null() & (dated | nw.col("paid_on_day").is_null())
    return records.filter(nw.col("term").is_in(list(terms)) | undated)


def term_days(term: str) -> tuple[int, int]:
    """First and last day of a term, as ordinals."""
    year = int(term[:4])
    if term.endswith("春"):
        return date(year, 3, 1).toordinal(), date(year, 8, 31).toordinal()
    return date(year, 9, 1).toordinal(), date(year + 1, 3, 1).toordinal() - 1


MONTH = 32  # a calendar month in the parts :func:`lapse` counts: no month has more days


def lapse(first: str, last: str) -> nw.Expr:
    """Calendar months between two date columns, in 32nds, days beside them; unknown where a month is."""
    days = nw.coalesce(_part(last, 8) - _part(first, 8), nw.lit(0))
    return (_months(last) - _months(first)) * MONTH + days


def lapse_until(first: str, day: date) -> nw.Expr:
    """The same until a day."""
    months = day.year * 12 + day.month - _months(first)
    return months * MONTH + nw.coalesce(day.day - _part(first, 8), nw.lit(0))


def _months(column: str) -> nw.Expr:
    year = nw.when(nw.col(column).str.len_chars() >= 7).then(nw.col(column).str.slice(0, 4)).cast(nw.Int64)
    return year * 12 + _part(column, 5)


def _part(column: str, start: int) -> nw.Expr:
    """Two digits of an ISO date text; null where it is not that precise."""
    precise = nw.col(column).str.len_chars() >= start + 2
    return nw.when(precise).then(nw.col(column).str.slice(start, 2)).cast(nw.Int64)


def empty(frame: nw.LazyFrame) -> nw.LazyFrame:
    """No row of ``frame``: what a rule returns before the day from which it is checked."""
    return frame.head(0)


def known(column: str) -> nw.Expr:
    return ~nw.col(column).is_null()


def shown(column: str) -> nw.Expr:
    """A text as the register or a bureau has it, 未填写 where blank."""
    return nw.col(column).fill_null("未填写")


def not_ended(as_of_day: int, column: str) -> nw.Expr:
    """In force (有效) at ``as_of``: its last day is not past, or blank."""
    return (nw.col(f"{column}_last") >= as_of_day) | nw.col(f"{column}_last").is_null()


def newest(appraisals: nw.LazyFrame, keys: list[str]) -> nw.LazyFrame:
    """The latest appraisal(s) of each key; undated ones are oldest."""
    rows = appraisals.with_columns(day=nw.coalesce(nw.col("appraised_on_last"), nw.lit(0)))
    latest = rows.group_by(keys).agg(newest=nw.col("day").max())
    return rows.join(latest, on=keys, how="inner").filter(nw.col("day") == nw.col("newest"))


def torn(rows: nw.LazyFrame, keys: list[str], verdict: nw.Expr) -> nw.LazyFrame:
    """The keys whose rows give more than one verdict: without dates nobody knows which is the latest."""
    verdicts = rows.select(*keys, verdict=verdict).unique().group_by(keys).agg(verdicts=nw.len())
    return verdicts.filter(nw.col("verdicts") > 1).select(keys)


def in_parts(rows: nw.LazyFrame, records: nw.LazyFrame, listed: str, others: str, on: str = "pid") -> nw.LazyFrame:
    """Rows with the ``part`` of the rule they belong to: by whether their subject has one of these records."""
    known_of = records.select(on).unique().with_columns(part=nw.lit(listed))
    return rows.join(known_of, on=on, how="left").with_columns(part=nw.coalesce(nw.col("part"), nw.lit(others)))


def worded(code: nw.Expr, words: Mapping[str, str]) -> nw.Expr:
    """A code in words; null for codes that have none."""
    return nw.coalesce(*(nw.when(code == value).then(nw.lit(word)) for value, word in words.items()))


def flag_shown(column: str) -> nw.Expr:
    """A flag as 是, 否 or 未填写."""
    text = nw.when(nw.col(column)).then(nw.lit("是")).otherwise(nw.lit("否"))
    return nw.when(nw.col(column).is_null()).then(nw.lit("未填写")).otherwise(text)
