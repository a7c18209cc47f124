"""The footer of a Parquet file (文件尾) and its pages (页), looked through before the reader has them.

The reader allots what the header of a page declares, and the footer's own sums may say anything: so the headers are
read, some fifty bytes a page, and a file that would fill the memory is refused. The footer is taken apart here because
asking the library about a damaged row group may end the process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fupin_cli.errors import InputError
from fupin_cli.intake.archive import BOMB_RATIO, BOMB_SIZE
from fupin_cli.intake.thrift import I32, I64, LIST, STRUCT, Struct, field, read_struct

ENCRYPTED_MAGIC = b"PARE"
MAX_FOOTER = 10_000_000
# Of every column one page is unpacked at a time.
MAX_HELD = 200_000_000
CURE = "请重新导出，或另存为 .csv"
_HEAD, _LONGEST_HEAD = 1_000, 16_000_000


# Numbers of fields, as the format has them: of the footer, a row group, a column chunk and its metadata, a page's header.
_GROUPS, _ALGORITHM = 4, 8
_COLUMNS, _ROWS = 1, 3
_META, _ENCODINGS, _VALUES, _CHUNK_SIZE, _DATA_PAGE, _DICTIONARY_PAGE = 3, 2, 5, 7, 9, 11
_UNPACKED, _PACKED = 2, 3
# A text in these encodings is written as what differs from the one before.
_DELTA = {6, 7}


@dataclass(frozen=True)
class Chunk:
    """Where the pages of one column of a row group begin and end; ``delta``: texts are written as differences."""

    first: int
    end: int
    values: int
    delta: bool


@dataclass(frozen=True)
class RowGroup:
    """What the footer says of one row group (行组)."""

    rows: int
    chunks: tuple[Chunk, ...]

    @property
    def size(self) -> int:
        return sum(chunk.end - chunk.first for chunk in self.chunks)


def footer_of(path: Path) -> bytes:
    """The footer, still packed. Raises InputError for one that is encrypted or too large."""
    with path.open("rb") as stream:
        stream.seek(-8, 2)
        length, magic = int.from_bytes(stream.read(4), "little"), stream.read(4)
        if magic == ENCRYPTED_MAGIC:
            raise _encrypted()
        if length > MAX_FOOTER:
            raise InputError("文件尾过大或已损坏，没有读取", cure=CURE)
        stream.seek(-8 - length, 2)
        return stream.read(length)


def row_groups(footer: bytes) -> list[RowGroup]:
    """The row groups. Raises InputError where columns are encrypted, ValueError or IndexError for a damaged footer."""
    facts, _ = read_struct(footer, 0)
    if _ALGORITHM in facts:
        raise _encrypted()
    return [
        RowGroup(
            field(group, _ROWS, I64), tuple(_chunk(field(chunk, _META, STRUCT)) for chunk in _structs(group, _COLUMNS))
        )
        for group in _structs(facts, _GROUPS)
    ]


def _encrypted() -> InputError:
    return InputError("Parquet 文件是加密的，无法读取", cure="解密后重新导出，或另存为 .csv")


def _structs(struct: Struct, number: int) -> list[Struct]:
    kind, items = field(struct, number, LIST)
    if kind != STRUCT and items:
        raise ValueError("not a list of structures")
    return list(items)


def _chunk(column: Struct) -> Chunk:
    first: int = field(column, _DATA_PAGE, I64)
    dictionary: int = field(column, _DICTIONARY_PAGE, I64) if _DICTIONARY_PAGE in column else 0
    if 0 < dictionary < first:
        first = dictionary
    end = first + field(column, _CHUNK_SIZE, I64)
    if not 0 <= first <= end:
        raise ValueError("pages outside the file")
    return Chunk(first, end, field(column, _VALUES, I64), not _DELTA.isdisjoint(field(column, _ENCODINGS, LIST)[1]))


def check_pages(path: Path, groups: Iterable[RowGroup]) -> int:
    """The most bytes that a row of texts written as differences may have; raises InputError for pages that would fill
    the memory: unpacked far larger than the file, or too large at once.
    """
    unpacked, widest, most = 0, 0, max(BOMB_SIZE, BOMB_RATIO * path.stat().st_size)
    with path.open("rb") as stream:
        for group in groups:
            held = delta = 0
            for chunk in group.chunks:
                largest = 0
                for size in _page_sizes(stream, chunk.first, chunk.end):
                    largest = max(largest, size)
                    unpacked += size
                held += largest
                delta += largest if chunk.delta else 0
                if unpacked > most:
                    raise InputError("解压后远大于文件本身，为安全起见没有读取", cure="确认来源后重新导出")
            if held > MAX_HELD:
                raise InputError("数据页过大，读入会占满内存", cure="导出时把行组（row group）设为 10 万行以内")
            widest = max(widest, delta)
    return widest


def _page_sizes(stream: BinaryIO, at: int, end: int) -> Iterator[int]:
    """Unpacked sizes of the pages of one column of a row group."""
    while at < end:
        header, size = _header(stream, at)
        unpacked, packed = field(header, _UNPACKED, I32), field(header, _PACKED, I32)
        if unpacked < 0 or packed < 0:
            raise ValueError("a page of negative size")
        yield unpacked
        at += size + packed


def _header(stream: BinaryIO, at: int) -> tuple[Struct, int]:
    for length in (_HEAD, _LONGEST_HEAD):
        stream.seek(at)
        try:
            return read_struct(stream.read(length), 0)
        except IndexError:
            continue
    raise ValueError("not the header of a page")
