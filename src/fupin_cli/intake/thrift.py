"""Structures in Thrift's compact protocol, in which Parquet writes its footer and the headers of its pages."""

from __future__ import annotations

from typing import Any

TRUE, FALSE, I8, I16, I32, I64, DOUBLE, BINARY, LIST, STRUCT = 1, 2, 3, 4, 5, 6, 7, 8, 9, 12
# Bytes of the longest number; fields above the last that Parquet uses are passed over.
_LONGEST, _LAST_FIELD = 10, 32

# Field number → type and value; a list's value is the type of its items and the items.
Struct = dict[int, tuple[int, Any]]


def read_struct(data: bytes, at: int) -> tuple[Struct, int]:
    """The structure that begins at ``at``, and where it ends. Raises ValueError or IndexError for what is none."""
    fields: Struct = {}
    number = 0
    while head := data[at]:
        at += 1
        if head >> 4:
            number += head >> 4
        else:
            number, at = _integer(data, at)
        kind = head & 15
        value: Any = kind == TRUE
        if kind not in (TRUE, FALSE):
            value, at = _value(data, at, kind)
        if number <= _LAST_FIELD:
            fields[number] = kind, value
    return fields, at + 1


def field(struct: Struct, number: int, kind: int) -> Any:
    """The value of a field that must be there and of type ``kind``; raises ValueError."""
    found, value = struct.get(number, (None, None))
    if found != kind:
        raise ValueError("a field is missing or of another type")
    return value


def _value(data: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in (I16, I32, I64):
        return _integer(data, at)
    if kind in (TRUE, FALSE, I8):
        return data[at], at + 1
    if kind == STRUCT:
        return read_struct(data, at)
    if kind == DOUBLE:
        return _bytes(data, at, 8)
    if kind == BINARY:
        size, at = _varint(data, at)
        return _bytes(data, at, size)
    if kind != LIST:
        raise ValueError("not a type that Parquet uses")
    head, at = data[at], at + 1
    size = head >> 4
    if size == 15:
        size, at = _varint(data, at)
    items = []
    for _ in range(size):
        item, at = _value(data, at, head & 15)
        items.append(item)
    return (head & 15, items), at


def _bytes(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    if at + size > len(data):
        raise IndexError
    return data[at : at + size], at + size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(_LONGEST):
        byte = data[at + place]
        value |= (byte & 127) << (7 * place)
        if byte < 128:
            return value, at + place + 1
    raise ValueError("a number is too long")


def _integer(data: bytes, at: int) -> tuple[int, int]:
    value, at = _varint(data, at)
    return (value >> 1) ^ -(value & 1), at
