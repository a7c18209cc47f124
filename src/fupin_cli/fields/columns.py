"""The column form of a scalar parser: each distinct cell is parsed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

_ARROW = {
    "string[pyarrow]": pa.large_string(),
    "double[pyarrow]": pa.float64(),
    "int64[pyarrow]": pa.int64(),
    "bool[pyarrow]": pa.bool_(),
}


def blank(value: object) -> bool:
    """Nothing in the cell: ``None``, NaN, NaT, NA or white space."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, float) and value != value


def arrow_column(values: Sequence[Any] | pa.Array, index: pd.Index[Any], dtype: str) -> pd.Series[Any]:
    """Values as an Arrow-backed column (``None`` becomes NA)."""
    array = pa.array(values, _ARROW[dtype]) if not isinstance(values, pa.Array) else values
    if dtype == "string[pyarrow]":
        return pd.Series(pd.arrays.ArrowStringArray(array), index=index)
    return pd.Series(pd.arrays.ArrowExtensionArray(array), index=index)


def mapped(series: pd.Series[Any], parse: Callable[[Any], Any], dtype: str) -> pd.Series[Any]:
    """``parse`` of every value, as an Arrow-backed column (``None`` becomes NA)."""
    return arrow_column(parsed(series.tolist(), parse), series.index, dtype)


def parsed(values: Sequence[Any], parse: Callable[[Any], Any]) -> list[Any]:
    """``parse`` of every value; equal values of one type are parsed once (1, 1.0 and True are three)."""
    if set(map(type, values)) == {str}:  # nearly every column, and three times as fast
        texts = {value: parse(value) for value in dict.fromkeys(values)}
        return [texts[value] for value in values]
    known: dict[tuple[type, Any], Any] = {}
    found = []
    for value in values:
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
