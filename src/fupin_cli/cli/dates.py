"""Dates on the command line."""

from __future__ import annotations

from datetime import date

from fupin_cli.errors import FupinError


def parse_as_of(text: str) -> date:
    """``--as-of`` as 2020-06-30."""
    return parse_day(text, "--as-of", "比对日期")


def day_or_today(as_of: str | None) -> date:
    """``--as-of`` of a command that only looks, which may leave it out."""
    return date.today() if as_of is None else parse_as_of(as_of)


def parse_day(text: str, where: str, title: str = "日期") -> date:
    """A day as 2020-06-30; ``where``: the option it stands in."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FupinError(f"{title}“{text}”不对", where=where, cure="写成 2020-06-30 这样的日期") from None


def parse_month(text: str) -> tuple[int, int]:
    """A month as 2020-06: (year, month)."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise FupinError(f"月份“{text}”不对", cure="写成 2020-06 这样的月份") from None
    return day.year, day.month


def parse_months(text: str) -> tuple[date, date]:
    """``--months`` as 2020-02..2020-12: the first days of two months of one year, in order."""
    try:
        first, last = (date.fromisoformat(f"{month}-01") for month in text.split(".."))
    except ValueError:
        raise FupinError(f"月份“{text}”不对", where="--months", cure="写成 2020-02..2020-12 这样的起止月份") from None
    if first > last or first.year != last.year:
        raise FupinError(f"月份“{text}”不对", where="--months", cure="起止月份应在同一年，先后不能颠倒")
    return first, last
