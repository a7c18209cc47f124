"""The column form parses each distinct cell once."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from fupin_cli.fields.columns import Distinct, blank, mapped, text_of
from tests.fields.cells import series


def test_equal_values_of_different_types_are_apart() -> None:
    column = mapped(series([1, 1.0, True, "1", 1]), lambda value: type(value).__name__, "string[pyarrow]")
    assert column.tolist() == ["int", "float", "bool", "str", "int"]


@pytest.mark.parametrize(
    ("cells", "once"),
    [
        (["a", "b", "a"], ["a", "b"]),
        (["a", 1.5, None, 1.5, "a", float("nan")], ["a", 1.5, None]),
        (["a", [1], 1, True, [1], 1], ["a", [1], 1, True]),
        ([], []),
    ],
)
def test_each_distinct_cell_is_parsed_once(cells: list[Any], once: list[Any]) -> None:
    seen: list[Any] = []
    mapped(series(cells), seen.append, "string[pyarrow]")
    assert seen == once and list(map(type, seen)) == list(map(type, once))


def test_pairs_of_two_columns() -> None:
    pairs = Distinct.of(series(["a", "b", "a", "a"])).beside(Distinct.of(series(["x", None, "x", "y"])))
    assert pairs.cells == [("a", "x"), ("b", None), ("a", "y")]
    assert pairs.rows.tolist() == [0, 1, 0, 2]


def test_blank_cells() -> None:
    assert all(blank(value) for value in (None, pd.NA, pd.NaT, float("nan"), "", " \u3000\t"))
    assert not any(blank(value) for value in (0, 0.0, False, "0", "-", []))


def test_text_of_whole_floats() -> None:
    assert [text_of(value) for value in (8.0, 8.5, 8, " a ", None)] == ["8", "8.5", "8", "a", ""]
