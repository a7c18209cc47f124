"""The column form of a scalar parser: each distinct cell is parsed once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd


def blank(value: object) -> bool:
    """Nothing in the cell: ``None``, NaN, NaT, NA or white space."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, float) and value != value


def mapped(series: pd.Series[Any], parse: Callable[[Any], Any], dtype: str) -> pd.Series[Any]:
    """``parse`` of every value, as an Arrow-backed column (``None`` becomes NA)."""
    return pd.Series(parsed(series, parse), index=series.index, dtype=dtype)


def parsed(series: pd.Series[Any], parse: Callable[[Any], Any]) -> list[Any]:
    """``parse`` of every value; equal values of one type are parsed once (1, 1.0 and True are three)."""
    known: dict[tuple[type, Any], Any] = {}
    found = []
    for value in series.array:
        key = (type(value), value)
        try:
            result = known[key]
        except KeyError:
            result = known[key] = parse(value)
        except TypeError:  # unhashable
            result = parse(value)
        found.append(result)
    return found


def text_of(value: object) -> str:
    """A cell as text: whole floats without ``.0``."""
    if blank(value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
