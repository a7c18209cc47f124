"""The column form of a scalar parser: each distinct cell is parsed once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.types import infer_dtype

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


def arrow_column(array: pa.Array, index: pd.Index[Any]) -> pd.Series[Any]:
    """A column backed by ``array``."""
    backed = pd.arrays.ArrowStringArray if pa.types.is_large_string(array.type) else pd.arrays.ArrowExtensionArray
    return pd.Series(backed(array), index=index)


def unknown_column(index: pd.Index[Any], dtype: str) -> pd.Series[Any]:
    """A column in which nothing is known."""
    return arrow_column(pa.nulls(len(index), _ARROW[dtype]), index)


@dataclass(frozen=True)
class Distinct:
    """The distinct cells of a column (各不相同的值), and which of them stands in each row.

    Equal cells of one type are one cell (1, 1.0 and True are three), and all that are missing may be.
    """

    cells: list[Any]
    rows: np.ndarray[Any, np.dtype[np.intp]]
    index: pd.Index[Any]

    @classmethod
    def of(cls, series: pd.Series[Any]) -> Distinct:
        values = series.to_numpy() if series.dtype == object else series.array
        if series.dtype != object or _hashed_apart(values):  # nearly every column
            rows, cells = pd.factorize(values)
            missing = rows < 0
            if not missing.any():
                return cls(cells.tolist(), rows, series.index)
            return cls([*cells.tolist(), None], np.where(missing, len(cells), rows), series.index)
        known: dict[tuple[type, Any], int] = {}
        rows = np.array([known.setdefault(_key(cell), len(known)) for cell in values.tolist()], dtype=np.intp)
        return cls(values[np.unique(rows, return_index=True)[1]].tolist(), rows, series.index)

    def column(self, values: Sequence[Any], dtype: str) -> pd.Series[Any]:
        """``values``, one for each distinct cell, in every row of theirs."""
        return arrow_column(pa.array(values, _ARROW[dtype]).take(pa.array(self.rows)), self.index)

    def marks(self, test: Callable[[Any], bool]) -> np.ndarray[Any, Any]:
        """Whether ``test`` is true of the cell of each row."""
        return np.array([test(cell) for cell in self.cells], dtype=bool).take(self.rows)

    def beside(self, other: Distinct) -> Distinct:
        """The distinct pairs of two columns."""
        width = len(other.cells)
        rows, pairs = pd.factorize(self.rows * width + other.rows)
        return Distinct([(self.cells[pair // width], other.cells[pair % width]) for pair in pairs], rows, self.index)


def _hashed_apart(cells: np.ndarray[Any, Any]) -> bool:
    """Whether equal cells are of one type: texts and one other type, not two of numbers (1, 1.0, True)."""
    if infer_dtype(cells, skipna=True) == "string":
        return True
    others = set(map(type, cells.tolist())) - {str, NoneType}
    return len(others) <= 1 and all(issubclass(other, Hashable) for other in others)


def _key(cell: object) -> tuple[type, Any]:
    try:
        hash(cell)
    except TypeError:
        return type(cell), repr(cell)
    return type(cell), cell


def mapped(series: pd.Series[Any], parse: Callable[[Any], Any], dtype: str) -> pd.Series[Any]:
    """``parse`` of every value, as an Arrow-backed column (``None`` becomes NA)."""
    cells = Distinct.of(series)
    return cells.column([parse(cell) for cell in cells.cells], dtype)


def parted(series: pd.Series[Any], parse: Callable[[Any], tuple[Any, ...]], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """The same where ``parse`` gives several values: a column for each."""
    cells = Distinct.of(series)
    found = [parse(cell) for cell in cells.cells]
    return pd.DataFrame(
        {
            name: cells.column([parts[place] for parts in found], dtype)
            for place, (name, dtype) in enumerate(dtypes.items())
        }
    )


def text_of(value: object) -> str:
    """A cell as text: whole floats without ``.0``."""
    if blank(value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
