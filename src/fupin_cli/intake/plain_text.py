"""Text files (csv, tsv, txt) to rows, however long: character set, delimiter, NUL bytes, broken quotes.

How to read a file is found in passes that keep nothing of it, so that its rows can be read one at a time.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import BinaryIO

from fupin_cli.errors import InputError

DELIMITERS = (",", "\t", ";", "|", "，")
SAMPLE_LINES = 40
QUOTE_RUNAWAY = 50
HEAD, BLOCK = 65536, 1 << 20
# Characters of a line, so that a file without line ends does not fill the memory.
LONGEST_LINE = 32 << 20

csv.field_size_limit(LONGEST_LINE)

Opener = Callable[[], BinaryIO]


@dataclass(frozen=True)
class TextFile:
    """How a text file is to be read; ``encoding`` is empty where its lines differ. ``remark``: what had to be guessed."""

    open: Opener
    encoding: str
    delimiter: str
    quoting: int
    remark: str

    def rows(self) -> Iterator[list[str]]:
        """Rows of cell texts."""
        # with QUOTE_NONE the stray quotes stay in the cells, so that no row swallows its neighbours
        yield from csv.reader(
            _lines(self.open, self.encoding),
            delimiter=self.delimiter,
            quoting=self.quoting,  # type: ignore[arg-type]
        )


def text_file(open_: Opener) -> TextFile:
    """Find out how to read what ``open_`` opens."""
    encoding, quotes = _encoding(open_)
    remark = "" if encoding else "文件里混有不同的字符编码，已逐行识别，请核对姓名"
    filled = (line for line in _lines(open_, encoding) if line.strip())
    delimiter = sniff_delimiter(list(islice(filled, SAMPLE_LINES)))
    quoted = TextFile(open_, encoding, delimiter, csv.QUOTE_MINIMAL, remark)
    if quotes and _runs_away(quoted):
        remark = remark or "有引号没有成对，已按普通字符读取"
        return TextFile(open_, encoding, delimiter, csv.QUOTE_NONE, remark)
    return quoted


def _encoding(open_: Opener) -> tuple[str, bool]:
    """The encoding that fits the whole file ("" where none does), and whether it holds quotes."""
    with open_() as stream:
        head = stream.read(HEAD)
        size = stream.seek(0, io.SEEK_END)
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16", True
        if size % 2 == 0 and (wide := wide_encoding(head)) is not None:
            return wide, True
        decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8", "gb18030")}
        quotes = False
        _skip_mark(stream)
        while block := stream.read(BLOCK):
            quotes = quotes or b'"' in block
            decoders = {name: decoder for name, decoder in decoders.items() if _decodes(decoder, block)}
    fitting = [name for name, decoder in decoders.items() if _decodes(decoder, b"", final=True)]
    return (fitting or [""])[0], quotes


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _lines(open_: Opener, encoding: str) -> Iterator[str]:
    """Lines with their ends, without NUL and the mark of the encoding (BOM)."""
    with open_() as stream:
        _skip_mark(stream)
        for line in _decoded_lines(stream, encoding) if encoding else _mixed_lines(stream):
            yield line.replace("\0", "")


def _skip_mark(stream: BinaryIO) -> None:
    stream.seek(len(codecs.BOM_UTF8) if stream.read(3) == codecs.BOM_UTF8 else 0)


def _decoded_lines(stream: BinaryIO, encoding: str) -> Iterator[str]:
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
    for line in iter(partial(text.readline, LONGEST_LINE), ""):
        _refuse_longest(line)
        yield line


def _mixed_lines(stream: BinaryIO) -> Iterator[str]:
    """Lines of mixed character sets, decoded one by one."""
    for ended in iter(partial(stream.readline, LONGEST_LINE), b""):
        _refuse_longest(ended)
        yield from map(_decode_line, ended.splitlines(keepends=True))


def _refuse_longest(line: str | bytes) -> None:
    if len(line) >= LONGEST_LINE:
        raise InputError("有一行长得不像表格，可能没有换行", cure="检查换行后重新导出")


def _decode_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030", errors="replace")


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 without a BOM: nearly all characters are ASCII or common Chinese, and the line ends are zero-padded."""
    if b"\0" not in head or len(head) % 2:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, errors="replace")
        usual = sum(
            " " <= char <= "~" or char in "\r\n\t" or "\u3000" <= char <= "\u9fff" or char >= "\uff00" for char in text
        )
        if usual >= 0.95 * len(text) and "\ufffd" not in text[:-1]:
            return encoding
    return None


def sniff_delimiter(lines: list[str]) -> str:
    """The character that splits most lines into the same number of cells."""

    def consistency(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines if delimiter in line]
        if not counts:
            return 0, 0
        common = max(set(counts), key=lambda count: (counts.count(count), count))
        return counts.count(common) * min(common, 3), common

    return max(DELIMITERS, key=consistency)


def _runs_away(text: TextFile) -> bool:
    """A cell of very many lines: a quote was opened that nobody closed."""
    try:
        return any(cell.count("\n") > QUOTE_RUNAWAY for row in text.rows() for cell in row if len(cell) > QUOTE_RUNAWAY)
    except csv.Error:  # a cell longer than a line may be
        return True
