"""The column form parses each distinct cell once."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fupin_cli.fields.columns import blank, parsed, text_of


def test_equal_values_of_different_types_are_apart() -> None:
    assert parsed([1, 1.0, True, "1", 1], lambda value: type(value).__name__) == ["int", "float", "bool", "str", "int"]


def test_each_distinct_cell_is_parsed_once() -> None:
    seen: list[Any] = []
    parsed(["a", "b", "a", [1], [1]], seen.append)
    assert seen == ["a", "b", [1], [1]]


def test_blank_cells() -> None:
    assert all(blank(value) for value in (None, pd.NA, pd.NaT, float("nan"), "", " \u3000\t"))
    assert not any(blank(value) for value in (0, 0.0, False, "0", "-", []))


def test_text_of_whole_floats() -> None:
    assert [text_of(value) for value in (8.0, 8.5, 8, " a ", None)] == ["8", "8.5", "8", "a", ""]
