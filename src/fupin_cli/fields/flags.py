"""Yes, no or unknown (是否): a blank cell is unknown, never no."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pandas as pd

from fupin_cli.fields.columns import mapped, text_of

_YES_SIGNS = "√✓✔☑"
_YES_WORDS = (
    "是|有|对|1|1.0|y|yes|t|true|已|达标|合格|享受|参加|参保|在保|安全|符合|落实|通|覆盖|正常|基本达标|治愈|就业|"
    "结清|还清|入库|公示|核对|同意|救治|消除|建档立卡|建档立卡户|建档立卡贫困户|贫困户"
)
_NO_SIGNS = "×✗✘✕✖x☒"
_NO_WORDS = "否|无|没有|错|0|0.0|n|no|f|false|未|不|没|不是|非"
_UNKNOWN_WORDS = (
    "未知|不知|不知道|不详|不明|不明确|不清|不清楚|不确定|不一定|不适用|不涉及|未填|未填写|未填报|未登记|未采集|未录入|"
    "未核实|未确认|未确定|无法核实|无法确定|无数据|无信息|无记录"
)
YES = frozenset([*_YES_SIGNS, *_YES_WORDS.split("|")])
NO = frozenset([*_NO_SIGNS, *_NO_WORDS.split("|")])
UNKNOWN = frozenset(_UNKNOWN_WORDS.split("|"))
_CODE = re.compile(r"^\(?[0-9]{1,2}\)?[-.、:_]?(?=[^0-9.])")
_SPACES = re.compile(r"[\s'\"\u200b-\u200f\u2060\ufeff]+")


def parse_flag(value: object) -> bool | None:
    """One cell; ``None`` for blank or unreadable."""
    if isinstance(value, bool):
        return value
    text = _SPACES.sub("", unicodedata.normalize("NFKC", text_of(value))).casefold().rstrip("。.!;,")
    text = _CODE.sub("", text)
    if not text or text in UNKNOWN:
        return None
    if text in YES:
        return True
    if text in NO:
        return False
    if text[0] == "已" and len(text) <= 6:
        return True
    if text[0] in "未不没非无" and len(text) <= 6:
        return False
    return True if text[0] in "是有" and text[1:] in YES | {"的"} else None


def flag_column(series: pd.Series[Any]) -> pd.Series[Any]:
    """Flags of a column."""
    return mapped(series, parse_flag, "bool[pyarrow]")
