"""Names (姓名): one form for spaces, dots, brackets, digits and the commonest traditional characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pandas as pd

from fupin_cli.fields.columns import mapped, text_of

_HAN = re.compile(r"[\u4e00-\u9fa5]+")
_DOTS = re.compile(r"[•・.‧·⋅∙●᛫。]+")
_NOTES = re.compile(r"[(\[【〔{<《][^)\]】〕}>》]*[)\]】〕}>》]?")
_SPACES = re.compile(r"[\s'\"*\u200b-\u200f\u2060\ufeff]+")
_END = re.compile(r"[0-9·、,;:/-]+$")
_TRADITIONAL = str.maketrans(
    "陳黃張劉楊趙吳許鄭馮韓蔣鄧蕭鄒龍萬譚賴陸蘇葉鍾盧閻紀賈韋謝羅華馬龐齊嚴孫顏關蓮蘭鳳麗國偉軍強東榮貴興義寶壽慶賢達祿財"
    "賀龔湯顧錢喬魯歐陽單莊聶閔婁畢項連鞏繆談諸簡應鄔鄺勞農麥雲瓊愛鶯銀鋒鐵紅雙學會瑩靜潔",
    "陈黄张刘杨赵吴许郑冯韩蒋邓萧邹龙万谭赖陆苏叶钟卢阎纪贾韦谢罗华马庞齐严孙颜关莲兰凤丽国伟军强东荣贵兴义宝寿庆贤达禄财"
    "贺龚汤顾钱乔鲁欧阳单庄聂闵娄毕项连巩缪谈诸简应邬邝劳农麦云琼爱莺银锋铁红双学会莹静洁",
)


def normalise_name(value: object) -> str | None:
    """A name as it is compared; ``None`` for a blank cell."""
    text = text_of(value)
    if not _HAN.fullmatch(text):
        text = _NOTES.sub("", unicodedata.normalize("NFKC", text))
        text = _DOTS.sub("·", _SPACES.sub("", text)).lstrip("·、,;:/-")
        text = _END.sub("", text)
    return text.translate(_TRADITIONAL) or None


def name_column(series: pd.Series[Any]) -> pd.Series[Any]:
    """Names of a column."""
    return mapped(series, normalise_name, "string[pyarrow]")
