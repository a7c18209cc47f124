"""The footer of a Parquet file (文件尾) taken apart and put together again, so that any number in it can be a lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fupin_cli.intake.thrift import BINARY, DOUBLE, FALSE, LIST, STRUCT, TRUE, Struct, read_struct

MAGIC = b"PAR1"
# Field numbers: of the file, a row group, a column chunk, its metadata, an element of the schema.
SCHEMA, ROWS, GROUPS = 2, 3, 4
COLUMNS, GROUP_ROWS = 1, 3
META = 3
CODEC, VALUES, UNPACKED, PACKED, DATA_PAGE, DICTIONARY_PAGE = 4, 5, 6, 7, 9, 11
TYPE, TYPE_LENGTH, REPETITION, NAME, CHILDREN = 1, 2, 3, 4, 5
STRUCT_LIST = (LIST, STRUCT)


def footer_of(data: bytes) -> Struct:
    return read_struct(data, len(data) - 8 - int.from_bytes(data[-8:-4], "little"))[0]


def with_footer(data: bytes, change: Callable[[Struct], object]) -> bytes:
    """``data`` with what ``change`` makes of its footer."""
    footer = footer_of(data)
    change(footer)
    body = data[: len(data) - 8 - int.from_bytes(data[-8:-4], "little")]
    written = written_struct(footer)
    return body + written + len(written).to_bytes(4, "little") + MAGIC


def groups(footer: Struct) -> list[Struct]:
    found: list[Struct] = footer[GROUPS][1][1]
    return found


def chunks(footer: Struct) -> list[Struct]:
    """The metadata of every column chunk."""
    return [chunk[META][1] for group in groups(footer) for chunk in group[COLUMNS][1][1]]


def schema(footer: Struct) -> list[Struct]:
    """The elements of the schema below its root."""
    found: list[Struct] = footer[SCHEMA][1][1][1:]
    return found


def put(struct: Struct, number: int, value: Any) -> None:
    struct[number] = struct[number][0], value


def written_struct(fields: Struct) -> bytes:
    written, before = b"", 0
    for number, (kind, value) in sorted(fields.items()):
        step = number - before
        written += bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + _integer(number)
        written += b"" if kind in (TRUE, FALSE) else _written(kind, value)
        before = number
    return written + b"\0"


def _written(kind: int, value: Any) -> bytes:
    if kind == STRUCT:
        return written_struct(value)
    if kind == LIST:
        item, items = value
        size = bytes([len(items) << 4 | item]) if len(items) < 15 else bytes([0xF0 | item]) + _varint(len(items))
        return size + b"".join(_written(item, one) for one in items)
    if kind == BINARY:
        return _varint(len(value)) + bytes(value)
    if kind == DOUBLE:
        return bytes(value)
    return bytes([value]) if kind in (TRUE, FALSE, 3) else _integer(value)


def _varint(value: int) -> bytes:
    written = b""
    while value > 127:
        written, value = written + bytes([value & 127 | 128]), value >> 7
    return written + bytes([value])


def _integer(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else ((-value) << 1) - 1)
