"""The footer of a Parquet file (文件尾) taken apart and put together again, so that any number in it can be a lie."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from fupin_cli.intake.thrift import BINARY, DOUBLE, FALSE, I8, I16, I32, I64, LIST, STRUCT, TRUE, Struct, read_struct
from tests.hostile.specimen import spoil
from tests.hostile.workbooks import parquet

MAGIC = b"PAR1"
# Field numbers: of the file, a row group, a column chunk, its metadata, an element of the schema.
SCHEMA, ROWS, GROUPS = 2, 3, 4
COLUMNS, GROUP_ROWS = 1, 3
META = 3
CODEC, VALUES, UNPACKED, PACKED, DATA_PAGE, DICTIONARY_PAGE = 4, 5, 6, 7, 9, 11
TYPE, TYPE_LENGTH, REPETITION, NAME, CHILDREN = 1, 2, 3, 4, 5


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
    return bytes([value]) if kind in (TRUE, FALSE, I8) else _integer(value)


def _varint(value: int) -> bytes:
    written = b""
    while value > 127:
        written, value = written + bytes([value & 127 | 128]), value >> 7
    return written + bytes([value])


def _integer(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else ((-value) << 1) - 1)


def spoilt_parquet(chance: random.Random) -> bytes:
    """The roll with a footer or the header of a page spoilt, by ``chance``; sometimes with any byte."""
    codec = chance.choice(("none", "snappy", "zstd", "gzip"))
    data = parquet(
        use_dictionary=chance.random() < 0.5, compression=codec, data_page_version=chance.choice(("1.0", "2.0"))
    )
    start, end = len(data) - 8 - int.from_bytes(data[-8:-4], "little"), len(data) - 8
    match chance.randrange(4):
        case 0:
            return with_footer(data, lambda footer: [_lie(footer, chance) for _ in range(chance.randint(1, 3))])
        case 1:
            written = spoil(data[start:end], chance)
            return data[:start] + written + len(written).to_bytes(4, "little") + MAGIC
        case 2:
            column = chance.choice(chunks(footer_of(data)))
            at = column[chance.choice([place for place in (DATA_PAGE, DICTIONARY_PAGE) if place in column])][1]
            return data[:at] + spoil(data[at : at + 40], chance) + data[at + 40 :]
        case _:
            return spoil(data, chance)


def _lie(footer: Struct, chance: random.Random) -> None:
    """One field of the footer, at any depth, of another value, of another type, missing, or (a list) longer or shorter."""
    structs = list(_structs(footer))
    struct = chance.choice([one for one in structs if one])
    number = chance.choice(sorted(struct))
    kind, value = struct[number]
    if chance.random() < 0.1:
        del struct[number]
    elif kind == LIST and value[1]:
        items = list(value[1])
        place = chance.randrange(len(items))
        items[place : place + 1] = [items[place]] * chance.choice((0, 2, 20))
        struct[number] = LIST, (value[0], items)
    elif kind in (I16, I32, I64):
        numbers = (0, 1, -1, 3, 5, value + 1, value - 1, chance.randrange(12), 1_000_000, 2**31 - 1, -(2**31), 2**62)
        struct[number] = chance.choice((kind, kind, kind, I32, I64)), chance.choice(numbers)
    elif kind == BINARY:
        struct[number] = BINARY, spoil(value, chance)


def _structs(value: Any) -> Iterator[Struct]:
    if isinstance(value, dict):
        yield value
        for _, inner in value.values():
            yield from _structs(inner)
    elif isinstance(value, tuple):
        for item in value[1]:
            yield from _structs(item)
