"""Amounts, numbers, percentages and measures."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_cli.fields import amounts
from tests.fields.cells import assert_same, cells, columns, plain, series


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("1,200.00", 1200.0),
        ("￥1200", 1200.0),
        ("¥1,200.5元", 1200.5),
        ("-￥1200", -1200.0),
        ("1200元", 1200.0),
        ("１２００元", 1200.0),
        ("0.12万元", 1200.0),
        ("0.12 万", 1200.0),
        ("1.23456789万元", 12345.68),
        ("-300", -300.0),
        ("(1,200)", -1200.0),
        ("（300.5）", -300.5),
        ("+5", 5.0),
        (".5", 0.5),
        ("500元/月", 500.0),
        (1200, 1200.0),
        (0.1, 0.1),
        ("0", 0.0),
        ("1,2,3", 123.0),
        ("待发", None),
        ("1200人", None),
        ("12-13", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        ("9" * 400, None),
        ("nan", None),
        ("1e5", None),
        ("1_000", None),
    ],
)
def test_amounts(written: object, yuan: float | None) -> None:
    assert amounts.parse_amount(written) == yuan


def test_the_unit_of_the_cell_wins_over_the_header() -> None:
    written = [0.12, "0.12", "0.12万元", "1200元", "1,200元", 10**308]
    assert [amounts.parse_amount(value, "万元") for value in written] == [1200.0, 1200.0, 1200.0, 1200.0, 1200.0, None]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("20分钟", 20.0),
        ("3.5亩", 3.5),
        ("95%", 95.0),
        ("40升", 40.0),
        ("40L/人·日", 40.0),
        ("72岁", 72.0),
        ("3级", 3.0),
        ("≤20", 20.0),
        ("１，２００", 1200.0),
        ("12个月", 12.0),
        (3, 3.0),
        ("三", None),
        ("20左右吧", None),
        (False, None),
    ],
)
def test_numbers(written: object, number: float | None) -> None:
    assert amounts.parse_number(written) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("3", 3),
        (3.0, 3),
        ("3级", 3),
        ("一级", 1),
        ("四级", 4),
        ("壹级", 1),
        ("Ⅲ级", 3),
        ("二", 2),
        ("3.5", None),
        (2.5, None),
        ("重度", None),
        (10**30, None),
        (None, None),
    ],
)
def test_integers(written: object, number: int | None) -> None:
    assert amounts.parse_integer(written) == number


@pytest.mark.parametrize(
    ("written", "percent"),
    [
        ("95%", 95.0),
        ("９５％", 95.0),
        (0.95, 95.0),
        ("0.95", 95.0),
        (1, 100.0),
        (95, 95.0),
        ("0.5%", 0.5),
        ("未达", None),
    ],
)
def test_percentages(written: object, percent: float | None) -> None:
    assert amounts.parse_percent(written) == percent


@pytest.mark.parametrize(
    ("written", "measure"),
    [
        ("达标", (None, True)),
        ("基本达标", (None, True)),
        ("合格", (None, True)),
        ("不达标", (None, False)),
        ("不合格", (None, False)),
        ("20分钟", (20.0, None)),
        ("≤20", (20.0, None)),
        (60, (60.0, None)),
        ("95%", (95.0, None)),
        ("待测", (None, None)),
        ("", (None, None)),
        (None, (None, None)),
        (True, (None, None)),
    ],
)
def test_measures(written: object, measure: tuple[float | None, bool | None]) -> None:
    assert amounts.parse_measure(written) == measure


@given(st.integers(-(10**12), 10**12), st.integers(0, 99))
def test_amounts_with_and_without_separators(whole: int, cents: int) -> None:
    written = {f"{whole}.{cents:02d}", f"{whole:,}.{cents:02d}", f"{whole:,}.{cents:02d}元", f" {whole}.{cents:02d} "}
    assert {amounts.parse_amount(text) for text in written} == {float(f"{whole}.{cents:02d}")}


@given(cells(), st.sampled_from(["元", "万元"]))
def test_never_raises_and_always_finite(value: Any, unit: str) -> None:
    found = [
        amounts.parse_amount(value, unit),
        amounts.parse_number(value),
        amounts.parse_integer(value),
        amounts.parse_percent(value),
        amounts.parse_measure(value)[0],
    ]
    assert all(number is None or math.isfinite(number) for number in found)


@given(columns(), st.sampled_from(["元", "万元"]))
def test_columns_are_scalars(values: list[Any], unit: str) -> None:
    double = "double[pyarrow]"
    assert_same(
        values, lambda s: amounts.amount_column(s, unit), lambda value: amounts.parse_amount(value, unit), double
    )
    assert_same(values, amounts.number_column, amounts.parse_number, double)
    assert_same(values, amounts.percent_column, amounts.parse_percent, double)
    assert_same(values, amounts.integer_column, amounts.parse_integer, "int64[pyarrow]")
    table = amounts.measure_column(series(values))
    found = [amounts.parse_measure(value) for value in values]
    assert plain(table["value"]) == [item[0] for item in found]
    assert plain(table["ok"]) == [item[1] for item in found]
    assert table.dtypes.astype(str).tolist() == [double, "bool[pyarrow]"]
