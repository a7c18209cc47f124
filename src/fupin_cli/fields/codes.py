"""Text and coded values (代码值): matched on normalised text; what is not known stays as written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import pandas as pd

from fupin_cli.fields.columns import mapped, parted, text_of

_NUMBERED = re.compile(
    r"^(?:\([0-9]{1,2}\)[-.、:_]?|[0-9]{1,2}[-.、:_]|[0-9]{1,2}(?![年月日级组号队户人岁个届班村社区]))(?=[^0-9\s.])"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_SEPARATORS = re.compile(r"[,、;|/+]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff]+")
_NOTHING = frozenset({"", "-", "--", "/", "\\", "—", "——", "无数据", "null", "none", "nan"})
_LONGEST_NOTHING = max(map(len, _NOTHING))
WITH_RAW = {"value": "string[pyarrow]", "raw": "string[pyarrow]"}
Vocabulary = Mapping[str, tuple[str, ...]]


def clean_text(value: object) -> str | None:
    """Text as it is shown: half-width, single spaces; ``None`` for a blank or a dash."""
    if isinstance(value, str) and value.isalnum() and unicodedata.is_normalized("NFKC", value):  # most cells
        return value if len(value) > _LONGEST_NOTHING or value.casefold() not in _NOTHING else None
    text = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text_of(value))).split()).strip("' ")
    return None if text.casefold() in _NOTHING else text


def normalise_text(value: object) -> str | None:
    """Text as it is compared: :func:`clean_text` without any space."""
    text = clean_text(value)
    return text.replace(" ", "") if text else None


def strip_code_number(text: str) -> str:
    """``8-健康``, ``01健康``, ``(1)健康`` → ``健康``."""
    return _NUMBERED.sub("", text)


class Lookup:
    """Every way of writing a value → the value."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known: dict[str, str] = {}
        for value, aliases in vocabulary.items():
            for alias in (value, *aliases):
                text = normalise_text(alias)
                if text:
                    self._known.setdefault(text.casefold(), value)

    def find(self, text: str) -> str | None:
        """The value of a normalised text: as it is, without code number, without brackets."""
        bare = strip_code_number(text)
        for variant in (text, bare, _BRACKETS.sub("", bare)):
            if (value := self._known.get(variant.casefold())) is not None:
                return value
        return None


def parse_code(value: object, lookup: Lookup, *, keep_unknown: bool = False) -> tuple[str | None, str | None]:
    """(canonical value, text as written)."""
    raw = clean_text(value)
    if raw is None:
        return None, None
    text = raw.replace(" ", "")
    found = lookup.find(text)
    return (strip_code_number(text) if found is None and keep_unknown else found), raw


def parse_codes(value: object, lookup: Lookup) -> tuple[str | None, str | None]:
    """(canonical values, sorted and joined by a comma, text as written) of a cell with several values."""
    raw = clean_text(value)
    if raw is None:
        return None, None
    if whole := lookup.find(raw.replace(" ", "")):
        return whole, raw
    found: set[str | None] = set()
    for part in _SEPARATORS.split(raw):
        one = lookup.find(part.replace(" ", ""))
        found |= {one} if one else {lookup.find(word) for word in part.split()}
    return ",".join(sorted(value for value in found if value)) or None, raw


def code_column(series: pd.Series[Any], vocabulary: Vocabulary, open: bool = False) -> pd.DataFrame:
    """Columns ``value`` and ``raw``."""
    lookup = Lookup(vocabulary)
    return parted(series, lambda value: parse_code(value, lookup, keep_unknown=open), WITH_RAW)


def codes_column(series: pd.Series[Any], vocabulary: Vocabulary) -> pd.DataFrame:
    """Columns ``value`` (joined by a comma) and ``raw``."""
    lookup = Lookup(vocabulary)
    return parted(series, lambda value: parse_codes(value, lookup), WITH_RAW)


def text_column(series: pd.Series[Any]) -> pd.Series[Any]:
    """Texts of a column."""
    return mapped(series, clean_text, "string[pyarrow]")
