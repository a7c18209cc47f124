"""Resident ID numbers (公民身份号码, GB 11643): parse, check, upgrade old ones, mend what typing did to them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from fupin_cli.fields.columns import blank, parsed

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
_NOISE = re.compile(r"[\s'`’‘\"“”\u200b-\u200f\u202a-\u202e\ufeff\u2060]+")
_DIGIT_LIKE = str.maketrans(
    {"O": "0", "o": "0", "〇": "0", "Ｏ": "0", "l": "1", "I": "1", "|": "1", "ｌ": "1", "!": "1"}
)
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?E\+?1[4-9]$", re.IGNORECASE)
_OTHER = re.compile(r"^[A-Z]{1,2}\d{6,10}(\(?[0-9A-Z]\)?)?$")
_CERTIFICATE = re.compile(r"^(\d{17}[0-9X])([1-7][1-4])(B\d{1,2})?$")
_NOTHING = frozenset(
    {"无", "暂无", "没有", "未知", "不详", "/", "-", "--", "—", "——", "0", "null", "none", "nan", "无证", "无身份证"}
)


@dataclass(frozen=True, slots=True)
class ResidentId:
    """``text`` normalised, ``status`` (see :func:`parse_id`), ``key`` the valid 18 characters or ``None``,
    ``birth`` as yyyymmdd and ``sex`` (男/女) from the key."""

    text: str | None
    status: str
    key: str | None = None
    birth: int | None = None
    sex: str | None = None


MISSING = ResidentId(None, "missing")


def check_char(first17: str) -> str:
    """The check character (校验码) of the first 17 digits."""
    return CHECK[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def birth_number(digits: str) -> int | None:
    """``yyyymmdd`` as a number when it is a date between 1900 and 2099."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return int(digits) if 1900 <= day.year <= 2099 else None


def parse_id(value: object) -> ResidentId:
    """One cell. ``status``: ``valid``; ``upgraded15`` (old number), ``repaired`` (mended into a valid one) and
    ``disability20`` (残疾人证, the first 18 are valid) also have a key; ``checksum``, ``birthdate`` (18 characters that
    fail), ``precision_lost``, ``masked``, ``missing``, ``other`` (passport, permit), ``malformed`` have none.
    """
    if blank(value):
        return MISSING
    if isinstance(value, bool):
        return ResidentId(str(value), "malformed")
    if isinstance(value, (int, float)):
        return _from_number(value)
    text = _NOISE.sub("", unicodedata.normalize("NFKC", str(value)))
    text = text.removesuffix(".0") if re.fullmatch(r"\d{15,20}\.0", text) else text
    if not text or text.casefold() in _NOTHING or text.startswith("999999"):
        return MISSING
    if _SCIENTIFIC.match(text):
        return ResidentId(f"{int(float(text)):d}", "precision_lost")
    return _from_text(text)


def _from_number(value: int | float) -> ResidentId:
    """A number cell: a spreadsheet keeps 15 digits, the rest are zeros or rounding."""
    if isinstance(value, float) and not value.is_integer():
        return ResidentId(str(value), "malformed")
    text = str(int(value))
    if text == "0" or text.startswith("999999"):
        return MISSING
    if len(text) == 18:
        exact = isinstance(value, int) and _judged(text).status == "valid" and not text.endswith("00")
        return _judged(text) if exact else ResidentId(f"{text[:15]}000", "precision_lost")
    if len(text) == 20:
        return ResidentId(f"{text[:15]}000", "precision_lost")
    return _from_text(text)


def _from_text(text: str) -> ResidentId:
    upper = text.upper()
    if _OTHER.match(upper) and len(upper) < 15:
        return ResidentId(upper, "other")
    masked = upper.replace("●", "*").replace("×", "*").replace("•", "*").replace("＊", "*")
    if masked.count("*") >= 3 or re.search(r"X{3,}", upper):
        masked = masked if "*" in masked else re.sub(r"X(?=X)|(?<=X)X", "*", upper)
        whole = len(masked) in (15, 18) and re.fullmatch(r"[0-9X*]+", masked)
        return ResidentId(masked, "masked" if whole else "malformed")
    mended = _mended(text)
    if len(mended) == 15 and mended.isdigit():
        return _upgraded(mended)
    if certificate := _CERTIFICATE.match(mended):
        first = _judged(certificate.group(1))
        if first.status == "valid":
            return ResidentId(mended, "disability20", first.key, first.birth, first.sex)
    if not re.fullmatch(r"\d{17}[0-9X]", mended):
        other = _OTHER.match(upper) is not None
        return ResidentId(upper, "other" if other else "malformed")
    judged = _judged(mended)
    if judged.status == "valid" and mended != upper:
        return ResidentId(mended, "repaired", judged.key, judged.birth, judged.sex)
    if judged.status == "checksum" and mended.endswith("000"):
        return ResidentId(mended, "precision_lost")
    return judged


def _mended(text: str) -> str:
    """Letters for digits (O, l, I) and forms of X at the 18th place."""
    digits = text.translate(_DIGIT_LIKE).upper()
    if len(digits) >= 18 and digits[17] in "×*＊✕✖Χ":
        digits = f"{digits[:17]}X{digits[18:]}"
    return digits


def _judged(text: str) -> ResidentId:
    birth = birth_number(text[6:14])
    if birth is None:
        return ResidentId(text, "birthdate")
    if check_char(text[:17]) != text[17]:
        return ResidentId(text, "checksum")
    return ResidentId(text, "valid", text, birth, "男" if int(text[16]) % 2 else "女")


def _upgraded(text: str) -> ResidentId:
    """A 15-digit number (一代证): 19 before the year, check character behind."""
    first17 = f"{text[:6]}19{text[6:]}"
    judged = _judged(first17 + check_char(first17))
    if judged.status != "valid":
        return ResidentId(text, "birthdate")
    return ResidentId(judged.text, "upgraded15", judged.key, judged.birth, judged.sex)


def id_column(series: pd.Series[Any]) -> pd.DataFrame:
    """Columns ``text``, ``status``, ``key``, ``birth`` (yyyymmdd), ``birth_day`` (date ordinal), ``sex``."""
    found = parsed(series, parse_id)
    days = {birth: _ordinal(birth) for birth in {item.birth for item in found if item.birth is not None}}
    columns: dict[str, tuple[list[Any], str]] = {
        "text": ([item.text for item in found], "string[pyarrow]"),
        "status": ([item.status for item in found], "string[pyarrow]"),
        "key": ([item.key for item in found], "string[pyarrow]"),
        "birth": ([item.birth for item in found], "int64[pyarrow]"),
        "birth_day": ([days.get(item.birth) for item in found], "int64[pyarrow]"),
        "sex": ([item.sex for item in found], "string[pyarrow]"),
    }
    return pd.DataFrame({name: pd.Series(v, index=series.index, dtype=d) for name, (v, d) in columns.items()})


def _ordinal(birth: int) -> int:
    return date(birth // 10_000, birth // 100 % 100, birth % 100).toordinal()
