"""Words and text cleaning shared by the reports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from fupin_cli.rules.catalogue import CATEGORIES

SHEET_STATES = {
    "loaded": "已读入",
    "superseded": "已被替代",
    "copy": "重复的名单",
    "own": "自己的输出",
    "unrecognised": "未识别",
    "ambiguous": "不能确定",
    "refused": "拒绝读取",
    "ignored": "未使用",
}
CHECK_STATES = {"checked": "已比对", "partial": "部分未比对", "not_checked": "未比对"}
NOT_CHECKED = "未比对"
NO_TOWN = "（未注明镇）"
NO_VILLAGE = "（未注明村）"
NO_OWNER = "（未指定单位）"

CELL_LIMIT = 32_767  # UTF-16 units Excel holds in a cell
CUT_MARK = "……（过长，已截断）"
# Control characters, lone surrogates and non-characters break XML; the bidirectional controls
# (\u202a-e, \u2066-9) can make a printed cell read as something else than it holds.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_SPREADSHEET_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def printable(text: str) -> str:
    """``text`` without what cannot be stored or shown; line breaks become ``\\n``."""
    if text.isascii() and text.isprintable():
        return text
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def cell_text(text: str) -> str:
    """``text`` as an Excel cell can hold it: printable, within the limit, ``_x0041_`` kept literal."""
    clean = printable(text)
    if len(clean) * 2 > CELL_LIMIT:
        clean = _within_limit(clean)
    return _SPREADSHEET_ESCAPE.sub("_x005F_", clean) if "_x" in clean else clean


def _within_limit(text: str) -> str:
    encoded = text.encode("utf-16-le")
    if len(encoded) <= CELL_LIMIT * 2:
        return text
    return encoded[: (CELL_LIMIT - len(CUT_MARK)) * 2].decode("utf-16-le", "ignore") + CUT_MARK


def one_line(text: str) -> str:
    """Printable ``text`` without line breaks."""
    return " ".join(printable(text).split())


def display_width(text: str) -> int:
    """Columns ``text`` takes on a terminal or in a cell: full-width characters count two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def chinese_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def in_category_order(categories: Iterable[str]) -> list[str]:
    """Distinct 保障类别 in the catalogue's order, unknown ones behind."""
    known = list(CATEGORIES.values())
    present = set(categories)
    return [name for name in known if name in present] + sorted(present.difference(known))
