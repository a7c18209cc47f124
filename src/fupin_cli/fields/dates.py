"""Dates with their precision (日期及精度), school terms (学期), and the month a file is about."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import pandas as pd

from fupin_cli.fields.columns import blank, mapped, parsed

SERIAL_EPOCH = dt.date(1899, 12, 30)
SERIALS = range(10_000, 80_000)  # 1927 to 2119
PIVOT = 30  # two-digit years up to this are 20xx
_YMD = re.compile(
    r"^(\d{4}|\d{2})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?号?|月)?(?:[T ]?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?$"
)
_DIGITS = re.compile(r"^(\d{4})(\d{2})?(\d{2})?$")
_YEAR = re.compile(r"^(\d{4})年度?$")
_SCHOOL_YEAR = re.compile(r"(\d{4})[-—~–至/](\d{4}|\d{2})学?年?度?.*?(第?[一二12上下春秋])")
_SEASON = re.compile(r"(\d{4})年?度?\s*(春|秋|上半年|下半年)")
_MONTH = re.compile(
    r"(?<!\d)(20\d{2})(?:年|[-_./])?(0[1-9]|1[0-2]|[1-9](?=月))(?:月|[-_./]?(?:0[1-9]|[12]\d|3[01])(?!\d)|(?!\d))"
)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """``iso`` to the precision given; ``first`` and ``last`` day of the period as ordinals; ``year``."""

    iso: str
    first: int
    last: int
    year: int


def parse_date(value: object) -> PartialDate | None:
    """One cell; ``None`` where it is blank or no possible date."""
    if blank(value) or isinstance(value, bool):
        return None
    if isinstance(value, (dt.datetime, dt.date)):
        return _exact(value.year, value.month, value.day)
    if isinstance(value, (int, float)):
        if value in SERIALS or (isinstance(value, float) and SERIALS.start <= value < SERIALS.stop):
            day = SERIAL_EPOCH + dt.timedelta(days=int(value))
            return _exact(day.year, day.month, day.day)
        if value != int(value):
            whole = f"{value:.2f}"  # 2020.3 typed as a number
            return _from_text(whole.rstrip("0")) if 1900 < value < 2100 else None
        value = int(value)
    text = re.sub(r"\s*([-/.年月])\s*", r"\1", unicodedata.normalize("NFKC", str(value)).strip().strip("'"))
    if text.isdigit() and len(text) == 5 and int(text) in SERIALS:
        return parse_date(int(text))
    return _from_text(text)


def _from_text(text: str) -> PartialDate | None:
    found = _YMD.match(text) or _DIGITS.match(text) or _YEAR.match(text)
    if found is None:
        return None
    parts: list[Any] = [*found.groups(), None, None][:3]
    year = int(parts[0])
    if len(parts[0]) == 2:
        if found.re is not _YMD or parts[2] is None:
            return None
        year += 2000 if year <= PIVOT else 1900
    return _exact(year, int(parts[1]) if parts[1] else None, int(parts[2]) if parts[2] else None)


def _exact(year: int, month: int | None, day: int | None) -> PartialDate | None:
    if not 1900 <= year <= 2099:
        return None
    try:
        first = dt.date(year, month or 1, day or 1)
    except ValueError:
        return None
    if month is None:
        return PartialDate(f"{year}", first.toordinal(), dt.date(year, 12, 31).toordinal(), year)
    if day is None:
        last = first.replace(day=calendar.monthrange(year, month)[1])
        return PartialDate(f"{year}-{month:02d}", first.toordinal(), last.toordinal(), year)
    return PartialDate(first.isoformat(), first.toordinal(), first.toordinal(), year)


def date_column(series: pd.Series[Any]) -> pd.DataFrame:
    """Columns ``iso``, ``day`` (first), ``last``, ``year``."""
    found = parsed(series, parse_date)
    columns: dict[str, tuple[list[Any], str]] = {
        "iso": ([item and item.iso for item in found], "string[pyarrow]"),
        "day": ([item and item.first for item in found], "int64[pyarrow]"),
        "last": ([item and item.last for item in found], "int64[pyarrow]"),
        "year": ([item and item.year for item in found], "int64[pyarrow]"),
    }
    return pd.DataFrame({name: pd.Series(v, index=series.index, dtype=d) for name, (v, d) in columns.items()})


def parse_term(value: object) -> str | None:
    """A school term as ``2020春`` or ``2020秋``; a date says the term it lies in."""
    if blank(value):
        return None
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value)))
    if found := _SCHOOL_YEAR.search(text):
        year = int(found.group(1))
        spring = found.group(3)[-1] in "二2下春"
        return f"{year + 1}春" if spring else f"{year}秋"
    if found := _SEASON.search(text):
        return f"{found.group(1)}{'春' if found.group(2) in ('春', '上半年') else '秋'}"
    when = parse_date(value)
    return term_of(dt.date.fromordinal(when.first)) if when and "-" in when.iso else None


def term_of(day: dt.date) -> str:
    """春 from 1 March, 秋 from 1 September, which lasts to the end of February."""
    if day.month >= 9:
        return f"{day.year}秋"
    return f"{day.year}春" if day.month >= 3 else f"{day.year - 1}秋"


def term_column(series: pd.Series[Any]) -> pd.Series[Any]:
    """Terms of a column."""
    return mapped(series, parse_term, "string[pyarrow]")


def month_in_text(text: str) -> str | None:
    """The month (``2020-06``) a file name, sheet name or title speaks of."""
    found = _MONTH.search(unicodedata.normalize("NFKC", text))
    return f"{found.group(1)}-{int(found.group(2)):02d}" if found else None
