"""Dates with their precision (日期及精度), school terms (学期), and the month a file is about."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from fupin_cli.fields.columns import blank, mapped, parted

SERIAL_EPOCH = dt.date(1899, 12, 30)
SERIALS = range(10_000, 80_000)  # 1927 to 2119
PIVOT = 30  # two-digit years up to this are 20xx
_TIME = re.compile(
    r"(?:[T ]\s*|(?<=[日号]))(?:上午|下午)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
_SPACED = re.compile(r"\s*([-/.年月日号])\s*")
_DASHES = str.maketrans("—–−、", "----")
_YMD = re.compile(r"([0-9]{4}|[0-9]{2})[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})[日号]?|月)?")
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})?([0-9]{2})?")
_YEAR = re.compile(r"([0-9]{4})年度?")
_SERIAL = re.compile(r"[0-9]{5}")
_SCHOOL_YEAR = re.compile(
    r"(?<![0-9])(20[0-9]{2})[学年度]*[-—–~至/](?:(20[0-9]{2})[学年度]*|([0-9]{2})学年度?)"
    r"[^0-9一二上下春秋]{0,2}([一二12上下春秋])(?![0-9])"
)
_SEASON = re.compile(r"(?<![0-9])(20[0-9]{2})年?度?([春秋])")
_MONTH = re.compile(
    r"(?<![0-9])(20[0-9]{2})(?:"
    r"[-_./年]?\s*(0?[1-9]|1[0-2])\s*月"
    r"|[-_./年]?(0[1-9]|1[0-2])(?:[-_./]?(?:0[1-9]|[12][0-9]|3[01]))?(?![0-9])"
    r"|[-_./]([1-9])(?:[-_./][0-9]{1,2})?(?![0-9万元])"
    r")"
)
_PARTS = {"iso": "string[pyarrow]", "day": "int64[pyarrow]", "last": "int64[pyarrow]", "year": "int64[pyarrow]"}


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
    if isinstance(value, dt.date):
        return _exact(value.year, value.month, value.day)
    if isinstance(value, (int, float)):
        return _from_number(value)
    text = unicodedata.normalize("NFKC", str(value)).strip(" \t\r\n'").translate(_DASHES)
    text = _SPACED.sub(r"\1", _TIME.sub("", text))
    return _from_number(int(text)) if _SERIAL.fullmatch(text) else _from_text(text)


def _from_number(value: int | float) -> PartialDate | None:
    """An Excel serial, or a date typed as a number: 20200301, 202003, 2020, 2020.3."""
    if not 1900 <= value <= 20_991_231:
        return None
    if SERIALS.start <= value < SERIALS.stop:
        day = SERIAL_EPOCH + dt.timedelta(days=int(value))
        return _exact(day.year, day.month, day.day)
    if value != int(value):
        return _from_text(f"{value:.2f}".rstrip("0")) if value == round(value, 2) else None
    return _from_text(str(int(value)))


def _from_text(text: str) -> PartialDate | None:
    found = _YMD.fullmatch(text) or _DIGITS.fullmatch(text) or _YEAR.fullmatch(text)
    if found is None:
        return None
    parts: list[Any] = [*found.groups(), None, None][:3]
    year = int(parts[0])
    if len(parts[0]) == 2:
        if parts[2] is None and "年" not in text:
            return None
        year += 2000 if year <= PIVOT else 1900
    return _exact(year, int(parts[1]) if parts[1] else None, int(parts[2]) if parts[2] else None)


@cache
def _exact(year: int, month: int | None, day: int | None) -> PartialDate | None:
    if not 1900 <= year <= 2099:
        return None
    try:
        first = dt.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    if month is None:
        return PartialDate(f"{year}", first.toordinal(), dt.date(year, 12, 31).toordinal(), year)
    if day is None:
        last = first.replace(day=calendar.monthrange(year, month)[1])
        return PartialDate(f"{year}-{month:02d}", first.toordinal(), last.toordinal(), year)
    return PartialDate(first.isoformat(), first.toordinal(), first.toordinal(), year)


def _date_parts(value: object) -> tuple[Any, ...]:
    found = parse_date(value)
    return (found.iso, found.first, found.last, found.year) if found else (None, None, None, None)


def date_column(series: pd.Series[Any]) -> pd.DataFrame:
    """Columns ``iso``, ``day`` (first), ``last``, ``year``."""
    return parted(series, _date_parts, _PARTS)


def parse_term(value: object) -> str | None:
    """A school term as ``2020春`` or ``2020秋``; a date says the term it lies in."""
    if blank(value):
        return None
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value)))
    if found := _SCHOOL_YEAR.search(text):
        year = int(found.group(1))
        if int((found.group(2) or found.group(3))[-2:]) != (year + 1) % 100:
            return None
        return f"{year + 1}春" if found.group(4) in "二2下春" else f"{year}秋"
    if found := _SEASON.search(text):
        return f"{found.group(1)}{found.group(2)}"
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
    if found is None:
        return None
    year, *months = found.groups()
    return f"{year}-{int(next(month for month in months if month)):02d}"
