"""Amounts and numbers with their units (金额、数值)."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

import pandas as pd

from fupin_cli.fields.columns import mapped, parted

_BARE = re.compile(r"[+-]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
_NOISE = re.compile(r"[\s'\"]+")
_PERCENT = re.compile(r"[%％﹪]")
_NUMBER = re.compile(r"[≤≥<>约≈~]?([+-]?[0-9][0-9,]*(?:\.[0-9]+)?|[+-]?\.[0-9]+)(.*)")
_CURRENCY = re.compile(r"^([+-]?)(?:人民币|rmb)?[¥$]?")
_MONEY = frozenset({"", "元", "万元", "万", "元整", "元/月", "元/年", "元/人"})
_UNITS = re.compile(
    r"(元|块|分钟|min|分|%|升|l|l/人·日|l/人\.日|升/人·日|亩|岁|级|人|户|个|个月|月|天|次|km|公里|米|平方米|m2|"
    r"千伏安|kva|/.*)?(整|/月|/年|/人)?"
)
_LEVELS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5}
_LEVELS |= {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_GOOD = frozenset({"达标", "基本达标", "合格", "基本合格", "安全", "是", "方便", "基本方便", "√", "正常"})
_SHARES = {"已完成": 100.0, "完成": 100.0, "全部完成": 100.0, "未启动": 0.0, "未开始": 0.0, "未开展": 0.0}
_BAD = frozenset({"不达标", "未达标", "不合格", "不安全", "否", "不方便", "×", "不正常"})


def _plain(value: object) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", str(value))).casefold()


def _finite(value: object) -> float | None:
    """A number cell, or the digits of a text cell; never infinite."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value.replace(",", "") if isinstance(value, str) else value)
    except (OverflowError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _split(text: str) -> tuple[float, str] | None:
    """(number, what stands behind it) of normalised text."""
    found = _NUMBER.fullmatch(text)
    number = _finite(found.group(1)) if found else None
    return (number, found.group(2)) if found and number is not None else None


def parse_amount(value: object, unit: str = "元") -> float | None:
    """Yuan. The cell's own 元/万元 wins over ``unit``, which is the header's."""
    own = ""
    if isinstance(value, str) and not _BARE.fullmatch(value):
        text = _CURRENCY.sub(r"\1", _plain(value))
        negative = re.fullmatch(r"\(([0-9,.]+)\)", text)
        found = _split(f"-{negative.group(1)}" if negative else text)
        if found is None or found[1] not in _MONEY:
            return None
        number: float | None = found[0]
        own = found[1]
    else:
        number = _finite(value)
    if number is None or not (own.startswith("万") or (not own and unit == "万元")):
        return number
    return _finite(round(number * 10_000, 2))


def parse_number(value: object) -> float | None:
    """A number, with or without the unit behind it."""
    if not isinstance(value, str):
        return _finite(value)
    if _BARE.fullmatch(bare := value.removesuffix("%")):
        return _finite(bare)
    found = _split(_plain(value))
    return found[0] if found and _UNITS.fullmatch(found[1]) else None


def parse_integer(value: object) -> int | None:
    """A whole number; ``一级`` … ``四级`` too."""
    number = parse_number(value)
    if number is None and isinstance(value, str):
        return _LEVELS.get(_plain(value).removesuffix("级"))
    return int(number) if number is not None and number.is_integer() and abs(number) < 1e15 else None


def parse_percent(value: object) -> float | None:
    """Percent as 0–100; a number up to 1 without a sign is a share, ``已完成`` is all of it."""
    if isinstance(value, str) and (known := _SHARES.get(_plain(value))) is not None:
        return known
    number = parse_number(value)
    if number is None:
        return None
    signed = isinstance(value, str) and _PERCENT.search(value) is not None
    return number if signed or abs(number) > 1 else round(number * 100, 6)


def parse_measure(value: object) -> tuple[float | None, bool | None]:
    """A measured value, or a verdict (达标/不达标)."""
    number = parse_number(value)
    if number is not None or not isinstance(value, str):
        return number, None
    text = _plain(value)
    return None, text in _GOOD if text in _GOOD or text in _BAD else None


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
    return parted(series, parse_measure, {"value": "double[pyarrow]", "ok": "bool[pyarrow]"})
