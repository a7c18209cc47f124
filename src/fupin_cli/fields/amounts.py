"""Amounts and numbers with their units (金额、数值)."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

import pandas as pd

from fupin_cli.fields.columns import blank, mapped, parsed

_NUMBER = re.compile(r"^[≤≥<>约≈~]?([+-]?\d[\d,]*(?:\.\d+)?|[+-]?\.\d+)(.*)$")
_UNITS = re.compile(
    r"^(元|块|分钟|min|分|%|升|l|l/人·日|l/人\.日|升/人·日|亩|岁|级|人|户|个|个月|月|天|次|km|公里|千伏安|kva|/.*)?(整|/月|/年|/人)?$"
)
_LEVELS = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "Ⅰ": 1,
    "Ⅱ": 2,
    "Ⅲ": 3,
    "Ⅳ": 4,
}
_GOOD = frozenset({"达标", "基本达标", "合格", "基本合格", "安全", "是", "方便", "基本方便", "√", "正常"})
_BAD = frozenset({"不达标", "未达标", "不合格", "不安全", "否", "不方便", "×", "不正常"})


def _plain(value: object) -> str:
    text = unicodedata.normalize("NFKC", str(value)).replace("，", ",")
    return re.sub(r"[\s'\"]+", "", text).casefold()


def _numeric(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None


def parse_amount(value: object, unit: str = "元") -> float | None:
    """Yuan. The cell's own 元/万元 wins over ``unit``, which is the header's."""
    if blank(value):
        return None
    number, own = _numeric(value), ""
    if number is None:
        text = re.sub(r"^(人民币|rmb)?[¥$]?", "", _plain(value).replace("￥", "¥"))
        negative = re.fullmatch(r"\(([\d,.]+)\)", text)
        text = f"-{negative.group(1)}" if negative else text
        found = _NUMBER.match(text)
        if found is None or found.group(2) not in ("", "元", "万元", "万", "元整", "元/月", "元/年", "元/人"):
            return None
        number, own = float(found.group(1).replace(",", "")), found.group(2)
    tens_of_thousands = own.startswith("万") or (not own and unit == "万元")
    return round(number * 10_000, 2) if tens_of_thousands else number


def parse_number(value: object) -> float | None:
    """A number, with or without the unit behind it."""
    if blank(value):
        return None
    if not isinstance(value, str):
        return _numeric(value)
    found = _NUMBER.match(_plain(value))
    if found is None or not _UNITS.match(found.group(2)):
        return None
    return float(found.group(1).replace(",", ""))


def parse_integer(value: object) -> int | None:
    """A whole number; ``一级`` … ``四级`` too."""
    if isinstance(value, str):
        text = _plain(value).removesuffix("级")
        if text in _LEVELS:
            return _LEVELS[text]
    number = parse_number(value)
    return int(number) if number is not None and number.is_integer() and abs(number) < 1e15 else None


def parse_percent(value: object) -> float | None:
    """Percent as 0–100; a number up to 1 without a sign is a share."""
    number = parse_number(value)
    if number is None:
        return None
    signed = isinstance(value, str) and "%" in unicodedata.normalize("NFKC", value)
    return number if signed or abs(number) > 1 else round(number * 100, 6)


def parse_measure(value: object) -> tuple[float | None, bool | None]:
    """A measured value, or a verdict (达标/不达标)."""
    if blank(value):
        return None, None
    text = _plain(value)
    if text in _GOOD or text in _BAD:
        return None, text in _GOOD
    return parse_number(value), None


def amount_column(series: pd.Series[Any], unit: str = "元") -> pd.Series[Any]:
    """Amounts of a column in yuan."""
    return mapped(series, lambda value: parse_amount(value, unit), "double[pyarrow]")


def number_column(series: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers of a column."""
    return mapped(series, parse_number, "double[pyarrow]")


def integer_column(series: pd.Series[Any]) -> pd.Series[Any]:
    """Whole numbers of a column."""
    return mapped(series, parse_integer, "int64[pyarrow]")


def percent_column(series: pd.Series[Any]) -> pd.Series[Any]:
    """Percentages of a column, 0–100."""
    return mapped(series, parse_percent, "double[pyarrow]")


def measure_column(series: pd.Series[Any]) -> pd.DataFrame:
    """Columns ``value`` and ``ok`` (verdict)."""
    found = parsed(series, parse_measure)
    value = pd.Series([item[0] for item in found], index=series.index, dtype="double[pyarrow]")
    return pd.DataFrame(
        {"value": value, "ok": pd.Series([item[1] for item in found], index=series.index, dtype="bool[pyarrow]")}
    )
