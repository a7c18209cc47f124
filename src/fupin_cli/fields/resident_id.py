"""Resident ID numbers (公民身份号码, GB 11643): parse, check, upgrade old ones, mend what typing did to them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
from stdnum.cn.ric import calc_check_digit

from fupin_cli.fields.codes import clean_text
from fupin_cli.fields.columns import Distinct, arrow_column, blank
from fupin_cli.fields.valid_ids import split_valid

_NOISE = re.compile(r"[\s'`’‘\"“”\u200b-\u200f\u202a-\u202e\ufeff\u2060]+")
# “身份证：” before a number, a note in brackets behind it, dashes between its parts.
_ASIDE = re.compile(r"^[一-龥]+:?(?=\d{6})|\([一-龥]+\)$|(?<=\d)[-–—](?=[0-9XB])", re.IGNORECASE)
_DIGIT_LIKE = str.maketrans({"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1", "|": "1", "!": "1"})
_X_LIKE = "×*✕✖ΧХ"
_MASKS = str.maketrans(dict.fromkeys("●×•○", "*"))
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?1[4-9]", re.IGNORECASE)
_FLOAT = re.compile(r"[0-9]{15,20}\.0+")
_OLD = re.compile(r"[0-9]{15}")
_CURRENT = re.compile(r"[0-9]{17}[0-9X]")
_OTHER = re.compile(r"[A-Z]{1,2}[0-9]{6,10}(\(?[0-9A-Z]\)?)?")
_CERTIFICATE = re.compile(r"([0-9]{17}[0-9X])[1-7][1-4](?:B[0-9]{1,2})?")
_UNREGISTERED = "999999"
KEPT = 13  # of the 15 digits that a spreadsheet keeps of a number, two may be zeros that scientific notation leaves out
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
    return str(calc_check_digit(first17 + "0"))


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
    text = _bare(str(value))
    if not text or text.casefold() in _NOTHING or text.startswith(_UNREGISTERED):
        return MISSING
    if _FLOAT.fullmatch(text):
        return _from_number(float(text))
    if _SCIENTIFIC.fullmatch(text):
        return _from_scientific(text)
    return _from_text(text)


def _from_number(value: int | float) -> ResidentId:
    """A number cell: a spreadsheet keeps 15 digits, the rest are zeros or rounding."""
    if isinstance(value, float) and not value.is_integer():
        return ResidentId(str(value), "malformed")
    whole = int(value)
    if not -(10**20) < whole < 10**20:
        return ResidentId(None, "malformed")
    text = str(whole)
    if whole == 0 or text.startswith(_UNREGISTERED):
        return MISSING
    if len(text) not in (18, 20):
        return _from_text(text)
    kept = round(whole, 15 - len(text))
    if isinstance(value, float) or text.endswith("000") or whole == int(float(kept)):
        return ResidentId(f"{str(kept)[:15]}000", "precision_lost")
    return _from_text(text)


def _from_scientific(text: str) -> ResidentId:
    """``4.60108198001011E+17``: written out with zeros, unless every digit is there; of ``4.60108E+17`` too few are."""
    shown = len(text.upper().partition("E")[0].replace(".", ""))
    digits = str(int(Decimal(text)))
    if shown >= len(digits):
        return _from_text(digits)
    return ResidentId(digits, "precision_lost") if shown >= KEPT else ResidentId(text.upper(), "malformed")


def _from_text(text: str) -> ResidentId:
    upper = text.upper()
    if _OTHER.fullmatch(upper):
        return ResidentId(upper, "other")
    if masked := _masked(upper):
        whole = len(masked) in (15, 18) and re.fullmatch(r"[0-9X*]+", masked)
        return ResidentId(masked, "masked" if whole else "malformed")
    mended = _mended(text)
    if _OLD.fullmatch(mended):
        return _upgraded(mended)
    if certificate := _CERTIFICATE.fullmatch(mended):
        first = _judged(certificate.group(1))
        if first.status == "valid":
            return ResidentId(mended, "disability20", first.key, first.birth, first.sex)
    if not _CURRENT.fullmatch(mended):
        return ResidentId(upper, "malformed")
    judged = _judged(mended)
    if judged.status == "valid" and mended != upper:
        return ResidentId(mended, "repaired", judged.key, judged.birth, judged.sex)
    if judged.status == "checksum" and mended.endswith("000"):
        return ResidentId(mended, "precision_lost")
    return judged


def _masked(upper: str) -> str | None:
    """The number with ``*`` for what a publication list hides, if it hides anything."""
    masked = upper.translate(_MASKS)
    if masked.count("*") >= 3:
        return masked
    return re.sub(r"X(?=X)|(?<=X)X", "*", upper) if "XXX" in upper else None


def _mended(text: str) -> str:
    """Letters for digits (O, l, I) and forms of X at the 18th place."""
    digits = text.translate(_DIGIT_LIKE).upper()
    if len(digits) >= 18 and digits[17] in _X_LIKE:
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
        return ResidentId(text, "malformed")
    return ResidentId(judged.text, "upgraded15", judged.key, judged.birth, judged.sex)


def id_column(series: pd.Series[Any]) -> pd.DataFrame:
    """Columns ``raw``, ``text``, ``status``, ``key``, ``birth`` (yyyymmdd), ``birth_day`` (date ordinal), ``sex``."""
    valid = split_valid(series.tolist())
    rest = Distinct.of(series.iloc[valid.others])
    columns = {name: array.take(pa.array(rest.rows)) for name, array in _arrays(rest.cells).items()}
    return pd.DataFrame(
        {name: arrow_column(valid.merged(name, array), series.index) for name, array in columns.items()}
    )


def _arrays(cells: list[Any]) -> dict[str, pa.Array]:
    """The same of distinct cells, which are no plain numbers: without the noise they may be."""
    valid = split_valid([_bare(cell) if isinstance(cell, str) else None for cell in cells])
    found = [parse_id(cells[place]) for place in valid.others]
    rest = {
        "text": pa.array([item.text for item in found], pa.large_string()),
        "status": pa.array([item.status for item in found], pa.large_string()),
        "key": pa.array([item.key for item in found], pa.large_string()),
        "birth": pa.array([item.birth for item in found], pa.int64()),
        "birth_day": pa.array([item.birth and _ordinal(item.birth) for item in found], pa.int64()),
        "sex": pa.array([item.sex for item in found], pa.large_string()),
    }
    raw = pa.array([clean_text(cell) for cell in cells], pa.large_string())
    return {"raw": raw} | {name: valid.merged(name, array) for name, array in rest.items()}


def _bare(text: str) -> str:
    return _ASIDE.sub("", _NOISE.sub("", unicodedata.normalize("NFKC", text)))


def _ordinal(birth: int) -> int:
    return date(birth // 10_000, birth // 100 % 100, birth % 100).toordinal()
