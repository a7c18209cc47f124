"""Dates with their precision, terms, and months in titles."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_cli.fields.dates import date_column, month_in_text, parse_date, parse_term, term_column
from tests.fields.cells import assert_same, cells, columns, plain, series


@pytest.mark.parametrize(
    "written",
    [
        "2020-3-1",
        "2020-03-01",
        "2020/03/01",
        "2020.3.1",
        "20200301",
        20200301,
        20200301.0,
        "2020年3月1日",
        "2020年03月01号",
        "2020 年 3 月 1 日",
        "２０２０年３月１日",
        "2020-03-01 08:30",
        "2020-03-01T08:30:00",
        "2020-03-01T08:30:00.000Z",
        "2020-03-01 00:00:00",
        "2020/3/1 8:30:15",
        "2020年3月1日08:30",
        "20.3.1",
        "20-3-1",
        "20年3月1日",
        "2020—3—1",
        "2020、3、1",
        "'2020-03-01",
        43891,
        43891.0,
        43891.75,
        "43891",
        dt.date(2020, 3, 1),
        dt.datetime(2020, 3, 1, 23, 59),
        pd.Timestamp("2020-03-01 10:00"),
    ],
)
def test_one_day(written: object) -> None:
    found = parse_date(written)
    assert found is not None
    assert (found.iso, found.first, found.last, found.year) == ("2020-03-01", 737485, 737485, 2020)


@pytest.mark.parametrize("written", ["2020年2月", "202002", 202002, "2020.2", 2020.2, "2020-02", "2020/2", "2020.02"])
def test_one_month(written: object) -> None:
    found = parse_date(written)
    assert found is not None
    first, last = dt.date(2020, 2, 1).toordinal(), dt.date(2020, 2, 29).toordinal()
    assert (found.iso, found.first, found.last) == ("2020-02", first, last)


@pytest.mark.parametrize("written", ["2020", "2020年", "2020年度", 2020, 2020.0])
def test_one_year(written: object) -> None:
    found = parse_date(written)
    assert found is not None
    assert (found.iso, found.last - found.first + 1, found.year) == ("2020", 366, 2020)


def test_two_digit_years_turn_at_thirty() -> None:
    assert [found and found.iso for found in map(parse_date, ("99.5.6", "30.1.1", "31.1.1"))] == [
        "1999-05-06",
        "2030-01-01",
        "1931-01-01",
    ]


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "无",
        "2020-02-30",
        "2020-13",
        "2020-0-1",
        "2020-00",
        "20201301",
        "202013",
        "20.3",
        "1899-12-31",
        "2100-01-01",
        5,
        -1,
        2020.304,
        True,
        float("inf"),
        "460108198001011234",
        "约2020年",
    ],
)
def test_no_possible_date(written: object) -> None:
    assert parse_date(written) is None


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
def test_every_day_in_every_form(day: dt.date) -> None:
    forms = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]
    found = {parse_date(f"{day:{form}}") for form in forms} | {parse_date(day)}
    assert len(found) == 1
    only = found.pop()
    assert only is not None
    assert (only.iso, only.first) == (day.isoformat(), day.toordinal())


@given(cells())
def test_never_raises(value: Any) -> None:
    found = parse_date(value)
    if found is not None:
        assert found.first <= found.last
        assert parse_date(found.iso) == found
    parse_term(value)


@given(columns())
def test_column_is_scalar(values: list[Any]) -> None:
    given_series = series(values)
    table = date_column(given_series)
    found = [parse_date(value) for value in values]
    for name, part in (("iso", "iso"), ("day", "first"), ("last", "last"), ("year", "year")):
        assert plain(table[name]) == [getattr(item, part, None) for item in found]
    assert table.index.equals(given_series.index)
    assert table.dtypes.astype(str).tolist() == ["string", *["int64[pyarrow]"] * 3]
    assert_same(values, term_column, parse_term, "string")


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("2020春", "2020春"),
        ("2020年春季学期", "2020春"),
        ("2020年春季", "2020春"),
        ("2020 秋", "2020秋"),
        ("2020年度秋季", "2020秋"),
        ("2019-2020学年第二学期", "2020春"),
        ("2019-2020学年第一学期", "2019秋"),
        ("2019-2020学年上学期", "2019秋"),
        ("2019-2020学年下学期", "2020春"),
        ("2019—2020学年度（第二学期）", "2020春"),
        ("2019至2020学年春季学期", "2020春"),
        ("2019-20学年第2学期", "2020春"),
        ("2019-2020-1", "2019秋"),
        ("2019-2020-2", "2020春"),
        ("2018-2020学年第二学期", None),
        ("2020-03-01", "2020春"),
        ("2020-08-31", "2020春"),
        ("2020-09-01", "2020秋"),
        ("2011-12-01", "2011秋"),
        ("2020-01-15", "2019秋"),
        ("2020年2月", "2019秋"),
        ("2020.3", "2020春"),
        ("20200401", "2020春"),
        (dt.datetime(2020, 3, 1), "2020春"),
        (dt.datetime(2020, 10, 12, 12, 21), "2020秋"),
        (43891, "2020春"),
        ("2020", None),
        ("2020上半年", None),
        ("", None),
        (None, None),
    ],
)
def test_terms(written: object, term: str | None) -> None:
    assert parse_term(written) == term


@given(st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2099, 12, 31)))
def test_term_of_a_date_is_the_same_in_every_form(when: dt.datetime) -> None:
    forms = {parse_term(value) for value in (when, when.date(), f"{when:%Y/%m/%d}", f"{when:%Y年%m月%d日}", str(when))}
    assert len(forms) == 1 and None not in forms


@pytest.mark.parametrize(
    "text",
    [
        "2020年6月",
        "美兰区2020年06月30日低保名单.xlsx",
        "2020-06",
        "低保202006.xls",
        "低保20200630",
        "2020.6",
        "名单（2020.6）",
        "2020.6.30",
        "2020-06-30",
        "2020_06",
        "２０２０年６月",
        "2020年 6 月",
        "460108198001011234 2020年6月",
    ],
)
def test_month_in_text(text: str) -> None:
    assert month_in_text(text) == "2020-06"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "低保名单",
        "2020年",
        "460108202006011234",
        "13820200612",
        "2020061234",
        "2019-2020学年",
        "2020年13月",
        "2020.16",
    ],
)
def test_no_month_in_text(text: str) -> None:
    assert month_in_text(text) is None


@given(st.text(max_size=30))
def test_month_in_text_never_raises(text: str) -> None:
    month_in_text(text)
