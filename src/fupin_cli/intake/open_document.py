"""OpenDocument sheets (ods): repeated rows and cells counted before the reader unrolls them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from fupin_cli.errors import InputError

# So many identical filled rows or cells are no list of people.
MAX_REPEAT = 10_000
DENSITY = 20

_TAG = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)\b([^>]*?)(/?)>")
_REPEAT = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d+)["']""")


def check_repeats(pieces: Iterator[bytes], max_cells: int, max_sparse: int) -> None:
    """Refuse a document whose repetitions unroll to more cells than the limits; blank space behind the data is free."""
    row = bottom = width = cells = 0
    repeat = place = filled_to = 0
    for piece in _well_formed(pieces):
        for closing, name, attributes, empty in _TAG.findall(piece):
            times = _times(attributes)
            if name == b"table":
                row = bottom = width = cells = 0
            elif name == b"table-row":
                if not closing:
                    repeat, place, filled_to = times, 0, 0
                if closing or empty:
                    row += repeat
                    if filled_to:
                        _refuse_above(repeat, "行")
                        bottom, width = row, max(width, filled_to)
                    area = bottom * width
                    if area > max_cells or (area > max_sparse and cells * DENSITY < area):
                        raise InputError("有远离数据的单元格，表格范围过大", cure="删除数据区以外的行和列后再保存")
            elif not closing:
                place += times
                if not empty or b"value" in attributes:
                    _refuse_above(times, "个单元格")
                    filled_to = place
                    cells += times * repeat


def _well_formed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces; refuses a document that is not well-formed, in which the reader may never come back."""
    parser = expat.ParserCreate()
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            yield piece
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise InputError("内容已损坏，无法读取", cure="用 WPS 或 LibreOffice 打开修复后另存为 .xlsx") from error


def _times(attributes: bytes) -> int:
    found = _REPEAT.search(attributes)
    return int(found.group(1)) if found else 1


def _refuse_above(times: int, what: str) -> None:
    if times > MAX_REPEAT:
        raise InputError(
            f"有一{what}重复了 {times} 次，不像真实数据", cure="用 WPS 或 LibreOffice 打开检查后另存为 .xlsx"
        )
