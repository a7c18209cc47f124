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
