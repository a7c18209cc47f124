"""Names (姓名): one form for spaces, dots, brackets, digits and the commonest traditional characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pandas as pd

from fupin_cli.fields.columns import blank, mapped

_DOTS = re.compile(r"[•・．.‧·⋅∙●・᛫﹒。]+")
_NOTES = re.compile(r"[(（\[【〔{<《][^)）\]】〕}>》]*[)）\]】〕}>》]?")
_TRADITIONAL = str.maketrans(
    "陳黃張劉楊趙吳許鄭馮韓蔣鄧蕭鄒龍萬譚賴陸蘇葉鍾盧閻紀賈韋謝羅華馬龐齊嚴孫顏關蓮蘭鳳麗國華偉軍強東榮貴興義寶壽慶賢達祿財",
    "陈黄张刘杨赵吴许郑冯韩蒋邓萧邹龙万谭赖陆苏叶钟卢阎纪贾韦谢罗华马庞齐严孙颜关莲兰凤丽国华伟军强东荣贵兴义宝寿庆贤达禄财",
)


def normalise_name(value: object) -> str | None:
    """A name as it is compared; ``None`` for a blank cell."""
    if blank(value):
        return None
    text = unicodedata.normalize("NFKC", str(value))
    text = _NOTES.sub("", text)
    text = re.sub(r"[\s'\"*＊\u200b-\u200f\ufeff]+", "", text)
    text = _DOTS.sub("·", text).strip("·、，,;:-")
    text = re.sub(r"\d+$", "", text).translate(_TRADITIONAL)
    return text or None


def name_column(series: pd.Series[Any]) -> pd.Series[Any]:
    """Names of a column."""
    return mapped(series, normalise_name, "string[pyarrow]")
