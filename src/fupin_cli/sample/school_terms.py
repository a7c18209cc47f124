"""School years and terms (学年、学期) of the invented district."""

from __future__ import annotations

from datetime import date


def school_day(as_of: date) -> date:
    """31 August before the current school year."""
    return date(as_of.year if as_of.month >= 9 else as_of.year - 1, 8, 31)


def current_term(as_of: date) -> tuple[str, date]:
    """The running term and its first day: 春 from 1 March, 秋 from 1 September."""
    if as_of.month >= 9:
        return f"{as_of.year}秋", date(as_of.year, 9, 1)
    if as_of.month >= 3:
        return f"{as_of.year}春", date(as_of.year, 3, 1)
    return f"{as_of.year - 1}秋", date(as_of.year - 1, 9, 1)


def previous_term(as_of: date) -> tuple[str, date]:
    """The term before the running one and its first day."""
    term, began = current_term(as_of)
    if term.endswith("秋"):
        return f"{began.year}春", date(began.year, 3, 1)
    return f"{began.year - 1}秋", date(began.year - 1, 9, 1)


def school_year(as_of: date) -> tuple[str, str]:
    """The two terms of the current school year."""
    start = school_day(as_of).year
    return f"{start}秋", f"{start + 1}春"


def ended_quarters(as_of: date) -> list[tuple[date, date]]:
    """First and last day of every quarter of the year that ended on or before ``as_of``."""
    year = as_of.year
    ends = (date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31))
    starts = (date(year, 1, 1), date(year, 4, 1), date(year, 7, 1), date(year, 10, 1))
    return [(first, last) for first, last in zip(starts, ends, strict=True) if last <= as_of]
