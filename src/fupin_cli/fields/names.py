"""Names (姓名): one form for spaces, dots, brackets, digits and traditional characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import pandas as pd

from fupin_cli.fields.codes import WITH_RAW, clean_text
from fupin_cli.fields.columns import parted, text_of

_HAN = re.compile(r"[\u4e00-\u9fa5]+")
_DOTS = re.compile(r"[•・.‧·⋅∙●᛫。]+")
_NOTES = re.compile(r"[(\[【〔{<《][^)\]】〕}>》]*[)\]】〕}>》]?")
_SPACES = re.compile(r"[\s'\"*\u200b-\u200f\u2060\ufeff]+")
_END = re.compile(r"[0-9·、,;:/-]+$")
# Traditional forms that the 通用规范汉字表 of 2013 admits in names stay what they are.
_ADMITTED = "昇陞甦逕鉅釐谿龢"


def normalise_name(value: object) -> str | None:
    """A name as it is compared; ``None`` for a blank cell."""
    text = value if isinstance(value, str) else text_of(value)
    if not _HAN.fullmatch(text):
        text = _NOTES.sub("", unicodedata.normalize("NFKC", text))
        text = _DOTS.sub("·", _SPACES.sub("", text)).lstrip("·、,;:/-")
        text = _END.sub("", text)
    return (text if _simplified(text) else text.translate(_traditional())) or None


def _simplified(text: str) -> bool:
    """Whether every character stands in GB 2312, the set of simplified characters in common use."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _traditional() -> dict[int, str]:
    """Traditional → simplified. A character that GB 2312 has is a name's own (乾, 於), not a traditional form."""
    from opencc import OpenCC

    characters = [chr(code) for code in range(0x4E00, 0x9FFF)]
    simple = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        ord(old): new
        for old, new in zip(characters, simple, strict=True)
        if old != new and old not in _ADMITTED and not _simplified(old) and _simplified(new)
    }


def name_column(series: pd.Series[Any]) -> pd.DataFrame:
    """Columns ``value`` and ``raw``."""
    return parted(series, lambda cell: (normalise_name(cell), clean_text(cell)), WITH_RAW)
