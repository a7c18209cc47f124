"""Yes, no or unknown (是否): a blank cell is unknown, never no."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pandas as pd

from fupin_cli.fields.columns import mapped, text_of

YES = frozenset(
    ("是 有 √ ✓ ✔ ☑ 对 1 y yes t true 已 达标 合格 享受 参加 参保 在保 安全 符合 落实 通 覆盖 正常 基本达标 治愈 就业 "
     "结清 还清 入库 公示 核对 同意 救治 消除").split()
)  # fmt: skip
NO = frozenset("否 无 没有 × ✗ ✘ ✕ x ☒ 错 0 n no f false 未 不 没 不是 非".split())
_CODE = re.compile(r"^\d+[-.、:_]?(?=[^\d.])")


def parse_flag(value: object) -> bool | None:
    """One cell; ``None`` for blank or unreadable."""
    if isinstance(value, bool):
        return value
    text = re.sub(r"[\s。.!'\"]+", "", unicodedata.normalize("NFKC", text_of(value))).casefold()
    if not text:
        return None
    if text not in ("1", "0"):
        text = _CODE.sub("", text)
    if text in YES:
        return True
    if text in NO:
        return False
    if len(text) > 1 and text[0] == "已" and len(text) <= 6:
        return True
    if text[0] in "未不没非无" and 2 <= len(text) <= 6:
        return False
    if text[0] in "是有" and text[1:] in YES | {"的", ""}:
        return True
    return None


def flag_column(series: pd.Series[Any]) -> pd.Series[Any]:
    """Flags of a column."""
    return mapped(series, parse_flag, "bool[pyarrow]")
