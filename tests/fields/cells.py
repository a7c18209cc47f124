"""Cells of every kind a sheet can hold, and the comparison of scalar and column form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from hypothesis import strategies as st

EVIL: list[Any] = [
    None,
    float("nan"),
    float("inf"),
    float("-inf"),
    pd.NA,
    pd.NaT,
    "",
    " \u3000",
    "\u200b",
    "-",
    "/",
    True,
    False,
    0,
    0.0,
    1,
    1.0,
    -1,
    10**30,
    10**400,
    1e300,
    "1" * 400,
    "٣" * 18,
    "①",
    [1],
    {"a": 1},
    dt.datetime(2020, 3, 1, 8, 30),
    dt.date(2020, 3, 1),
    dt.time(8, 30),
    pd.Timestamp("2020-03-01"),
]
# pieces that come near what the parsers look for
CHARACTERS = "0123456789年月日.-/,，%X×*Oo学期第二春秋是否未已有无镇村社区市县省（）()·万元￥ \u3000一四级"
PIECES = st.sampled_from([*CHARACTERS, "2020", "460108", "19800101"])


def cells() -> st.SearchStrategy[Any]:
    """One cell."""
    return st.one_of(
        st.sampled_from(EVIL),
        st.text(max_size=22),
        st.lists(PIECES, max_size=8).map("".join),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.datetimes(),
        st.dates(),
    )


def columns() -> st.SearchStrategy[list[Any]]:
    """The cells of one column: of every kind, or texts and blanks with one other type at most."""
    texts = st.one_of(st.lists(PIECES, max_size=8).map("".join), st.sampled_from(["", "-", None, float("nan")]))
    others = (texts, st.floats(), st.integers(0, 99), st.booleans(), st.datetimes())
    alike = [st.lists(st.one_of(texts, other), max_size=12) for other in others]
    return st.one_of(st.lists(cells(), max_size=12), *alike)


def series(values: Sequence[Any]) -> pd.Series[Any]:
    """An object column with an index that is not 0, 1, 2 …"""
    return pd.Series(list(values), index=[10 * place + 7 for place in range(len(values))], dtype=object)


def plain(column: pd.Series[Any]) -> list[Any]:
    """Values of a column with ``None`` for NA."""
    return [None if value is pd.NA else value for value in column.tolist()]


def assert_same(
    values: Sequence[Any], column: Callable[[pd.Series[Any]], pd.Series[Any]], scalar: Callable[[Any], Any], dtype: str
) -> None:
    """The column form gives what the scalar gives, under the same index and in the right dtype."""
    given = series(values)
    result = column(given)
    assert plain(result) == [scalar(value) for value in values]
    assert result.index.equals(given.index)
    assert str(result.dtype).removesuffix("[pyarrow]") == dtype.removesuffix("[pyarrow]")
