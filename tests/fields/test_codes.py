"""Texts and coded values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from fupin_cli.fields.codes import (
    Lookup,
    clean_text,
    code_column,
    codes_column,
    normalise_text,
    parse_code,
    parse_codes,
    strip_code_number,
    text_column,
)
from tests.fields.cells import assert_same, cells, columns, plain, series

HEALTH = {"健康": (), "长期慢性病": ("慢病", "慢性病"), "患有大病": ("大病",), "残疾": ("残疾（持证）",)}
POVERTY = {"一般贫困户": ("一般脱贫户",), "特困供养贫困户": ("特困脱贫户", "五保户")}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("  健　康 ", "健康"),
        ("ＡＢ（１）", "AB(1)"),
        ("'健康", "健康"),
        ("健\u200b康", "健康"),
        (8.0, "8"),
        (8, "8"),
        ("", None),
        ("-", None),
        ("／", None),
        ("—", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_normalise_text(written: object, text: str | None) -> None:
    assert normalise_text(written) == text


def test_clean_text_keeps_single_spaces() -> None:
    assert clean_text(" 第一　 小学 ") == "第一 小学"


@pytest.mark.parametrize("written", ["8-健康", "01健康", "8.健康", "(1)健康", "8健康", "8、健康", "08_健康", "健康"])
def test_strip_code_number(written: str) -> None:
    assert strip_code_number(written) == "健康"


@pytest.mark.parametrize("written", ["7年级", "12月", "3组", "2020春", "3.5亩", "15"])
def test_numbers_that_are_no_codes_stay(written: str) -> None:
    assert strip_code_number(written) == written


def test_codes_are_matched_on_normalised_text() -> None:
    written = ["8-健康", "01健康", "健 康", "慢病", "残疾(持证)", "残疾（二级）", "亚健康", None, "-"]
    table = code_column(series(written), HEALTH)
    assert plain(table["value"]) == ["健康", "健康", "健康", "长期慢性病", "残疾", "残疾", None, None, None]
    assert plain(table["raw"]) == [
        "8-健康", "01健康", "健 康", "慢病", "残疾(持证)", "残疾(二级)", "亚健康", None, None
    ]  # fmt: skip
    assert plain(code_column(series(["特困供养贫困户（五保）"]), POVERTY)["value"]) == ["特困供养贫困户"]


def test_open_vocabularies_keep_what_they_do_not_know() -> None:
    table = code_column(series(["9-亚 健康", "大病", "7年级"]), HEALTH, open=True)
    assert plain(table["value"]) == ["亚健康", "患有大病", "7年级"]


@pytest.mark.parametrize("separator", [",", "，", "、", ";", "；", "/", "|", "｜", " ", "　　", "， "])
def test_several_values(separator: str) -> None:
    table = codes_column(series([f"残疾{separator}慢病{separator}残疾", f"不明{separator}健 康", "不明", None]), HEALTH)
    expected = ["健康"] if separator.strip() else [None]
    assert plain(table["value"]) == ["残疾,长期慢性病", *expected, None, None]


@given(cells())
def test_never_raises(value: Any) -> None:
    lookup = Lookup(HEALTH)
    assert parse_code(value, lookup)[0] in (*HEALTH, None)
    joined = parse_codes(value, lookup)[0]
    assert joined is None or joined.split(",") == sorted(set(joined.split(",")) & set(HEALTH))


@given(columns())
def test_columns_are_scalars(values: list[Any]) -> None:
    lookup = Lookup(HEALTH)
    assert_same(values, text_column, clean_text, "string")
    for place, part in enumerate(("value", "raw")):
        assert plain(codes_column(series(values), HEALTH)[part]) == [parse_codes(v, lookup)[place] for v in values]
        for keep in (False, True):
            table = code_column(series(values), HEALTH, open=keep)
            assert plain(table[part]) == [parse_code(v, lookup, keep_unknown=keep)[place] for v in values]
            assert table.dtypes.astype(str).tolist() == ["string", "string"]
