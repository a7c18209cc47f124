"""Dates on the command line."""

from __future__ import annotations

from datetime import date

from fupin_cli.errors import FupinError


def parse_as_of(text: str) -> date:
    """``--as-of`` as 2020-06-30."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FupinError(f"比对日期“{text}”不对", where="--as-of", cure="写成 2020-06-30 这样的日期") from None


def parse_months(text: str) -> tuple[date, date]:
    """``--months`` as 2020-02..2020-12: the first days of two months of one year, in order."""
    try:
        first, last = (date.fromisoformat(f"{month}-01") for month in text.split(".."))
    except ValueError:
        raise FupinError(f"月份“{text}”不对", where="--months", cure="写成 2020-02..2020-12 这样的起止月份") from None
    if first > last or first.year != last.year:
        raise FupinError(f"月份“{text}”不对", where="--months", cure="起止月份应在同一年，先后不能颠倒")
    return first, last
