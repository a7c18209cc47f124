"""Text files (csv, tsv, txt) to rows: character set, delimiter, NUL bytes, broken quotes."""

from __future__ import annotations

import csv
import io

DELIMITERS = (",", "\t", ";", "|", "，")
SAMPLE_LINES = 40
QUOTE_RUNAWAY = 50

csv.field_size_limit(1 << 30)


def read_text(data: bytes) -> tuple[list[list[str]], str]:
    """Rows of cell texts, and a remark in Chinese when characters had to be guessed ("" otherwise)."""
    text, remark = decode(data)
    text = text.replace("\0", "")
    delimiter = sniff_delimiter(text)
    rows = _parse(text, delimiter, csv.QUOTE_MINIMAL)
    if any(cell.count("\n") > QUOTE_RUNAWAY for row in rows for cell in row if len(cell) > QUOTE_RUNAWAY):
        rows = _parse(text, delimiter, csv.QUOTE_NONE)
        remark = remark or "有引号没有成对，已按普通字符读取"
    return rows, remark


def decode(data: bytes) -> tuple[str, str]:
    """Text of ``data``: BOM, UTF-8, UTF-16, GB18030; lines of mixed character sets are decoded one by one."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), ""
    elif (wide := wide_encoding(data)) is not None:
        return data.decode(wide, errors="replace"), ""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), ""
        except UnicodeDecodeError:
            continue
    lines = [_decode_line(line) for line in data.splitlines(keepends=True)]
    return "".join(lines), "文件里混有不同的字符编码，已逐行识别，请核对姓名"


def _decode_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030", errors="replace")


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a BOM: nearly all characters are ASCII or common Chinese, and the line ends are zero-padded."""
    sample = data[:65536]
    if b"\0" not in sample or len(data) % 2:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, errors="replace")
        usual = sum(
            " " <= char <= "~" or char in "\r\n\t" or "\u3000" <= char <= "\u9fff" or char >= "\uff00" for char in text
        )
        if usual >= 0.95 * len(text) and "\ufffd" not in text[:-1]:
            return encoding
    return None


def sniff_delimiter(text: str) -> str:
    """The character that splits most lines into the same number of cells."""
    lines = [line for line in text[: 1 << 20].splitlines()[:SAMPLE_LINES] if line.strip()]

    def consistency(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines if delimiter in line]
        if not counts:
            return 0, 0
        common = max(set(counts), key=lambda count: (counts.count(count), count))
        return counts.count(common) * min(common, 3), common

    return max(DELIMITERS, key=consistency)


def _parse(text: str, delimiter: str, quoting: int) -> list[list[str]]:
    # with QUOTE_NONE the stray quotes stay in the cells, so that no row swallows its neighbours
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    return list(reader)
