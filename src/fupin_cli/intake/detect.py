"""What a file is by its content (文件格式), never by its extension, and whether it is safe to open."""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO, Literal

from fupin_cli.errors import InputError
from fupin_cli.intake.plain_text import wide_encoding

Format = Literal["workbook", "text", "word", "other"]

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
TABLE_SUFFIXES = frozenset(
    {".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".csv", ".tsv", ".txt", ".xltx", ".xlt", ".ett"}
)
WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")

WORD_PART = "word/document.xml"

MAX_PART = 1_500_000_000
MAX_TOTAL = 4_000_000_000
BOMB_RATIO = 200
BOMB_SIZE = 100_000_000
MAX_CELLS = 30_000_000
CHUNK = 1 << 20
SCAN_ALWAYS_BELOW = 30_000_000

_DIMENSION = re.compile(rb'<dimension\s+ref="([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?"')
_CELL = re.compile(rb'<c\s[^>]*?r="([A-Z]{1,3})(\d+)"')
_BOOK_XML = re.compile(rb"<(html|table|\?mso-application|workbook)[\s>]", re.IGNORECASE)


def detect(data: bytes, suffix: str) -> Format:
    """``workbook`` (calamine reads it), ``text``, ``word`` or ``other`` (no table); raises InputError with a cure."""
    table_name = suffix.lower() in TABLE_SUFFIXES
    if not data:
        raise InputError("文件是空的", cure="请重新导出或向报送单位索取")
    if data.startswith(ZIP_MAGIC):
        return _detect_zip(data, table_name)
    if data.startswith(OLE_MAGIC):
        return _detect_ole(data, table_name)
    if _looks_like_text(data):
        if _BOOK_XML.search(data[:2000]):
            raise InputError("内容是网页（HTML/XML）而不是工作簿", cure="用 Excel 或 WPS 打开后另存为 .xlsx")
        return "text" if table_name or not suffix else "other"
    if table_name:
        raise InputError("文件内容不是表格，可能已损坏或改过扩展名", cure="用 Excel 或 WPS 打开检查后另存为 .xlsx")
    return "other"


def _looks_like_text(data: bytes) -> bool:
    if data.startswith(BOMS):
        return True
    sample = data[:65536]
    if sample.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"SQLite format 3")
    ):
        return False
    control = sum(sample.count(code) for code in range(1, 32) if code not in (9, 10, 12, 13, 26, 27))
    few_zeros = sample.count(0) * 10 <= len(sample)
    return wide_encoding(data) is not None or (control * 50 <= len(sample) and few_zeros)


def _detect_zip(data: bytes, table_name: bool) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            mimetype = archive.read("mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise InputError("文件不完整或已损坏", cure="请重新拷贝或重新导出") from error
    if WORD_PART in names and not table_name:
        _refuse_bomb(parts, len(data))
        return "word"
    if not names.intersection(WORKBOOK_PARTS) or mimetype.startswith(b"application/vnd.oasis.opendocument.text"):
        if table_name:
            raise InputError("压缩包里没有工作簿", cure="先解压，或另存为 .xlsx")
        return "other"
    _refuse_bomb(parts, len(data))
    return "workbook"


def _refuse_bomb(parts: list[zipfile.ZipInfo], size: int) -> None:
    total = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > BOMB_SIZE and part.file_size > BOMB_RATIO * max(part.compress_size, 1) for part in parts
    )
    if swollen or total > MAX_TOTAL or any(part.file_size > MAX_PART for part in parts):
        raise InputError(
            f"解压后有 {total // 1_000_000} MB，远超正常表格，为安全起见没有打开",
            cure="确认来源，另存为只含数据的 .xlsx 或 .csv",
        )


def _detect_ole(data: bytes, table_name: bool) -> Format:
    head = data if len(data) < 50_000_000 else data[:1_000_000] + data[-1_000_000:]
    if _utf16("EncryptedPackage") in head or _utf16("EncryptionInfo") in head:
        raise InputError("工作簿设有打开密码，无法读取", cure="请报送单位取消密码后重新报送")
    if _utf16("Workbook") in head or _utf16("Book") in head:
        return "workbook"
    if table_name:
        raise InputError("文件里没有工作簿，可能不完整或不是表格", cure="用 Excel 或 WPS 打开后另存为 .xlsx")
    return "other"


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def refuse_far_cells(data: bytes) -> None:
    """Refuse an xlsx whose cells span more than memory can hold (a stray cell in the last column and row)."""
    if not data.startswith(ZIP_MAGIC):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if not (part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")):
                continue
            with archive.open(part) as stream:
                head = stream.read(4096)
                declared = _DIMENSION.search(head)
                modest = declared is not None and _area(declared) <= MAX_CELLS
                if modest and part.file_size > SCAN_ALWAYS_BELOW:
                    continue
                _scan_cells(head, stream)


def _scan_cells(head: bytes, stream: IO[bytes]) -> None:
    """Follow the cell references; the bounding box must stay within ``MAX_CELLS``."""
    rows = (1 << 30, 0)
    columns: set[bytes] = set()
    tail, chunk = b"", head
    while chunk:
        text = tail + chunk
        found = _CELL.findall(text)
        if found:
            columns.update(letters for letters, _ in found)
            numbers = [int(number) for _, number in (found[0], found[-1])]
            rows = (min(rows[0], *numbers), max(rows[1], *numbers))
            width = max(map(_column, columns)) - min(map(_column, columns)) + 1
            if width * (rows[1] - rows[0] + 1) > MAX_CELLS:
                raise InputError(
                    f"有远离数据的单元格（{max(columns, key=_column).decode()}{rows[1]}），表格范围过大",
                    cure="删除数据区以外的行和列后再保存",
                )
        tail, chunk = text[-200:], stream.read(CHUNK)


def _area(declared: re.Match[bytes]) -> int:
    left, top, right, bottom = declared.groups()
    if right is None:
        return 1
    return (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)


def _column(letters: bytes) -> int:
    value = 0
    for code in letters:
        value = value * 26 + code - 64
    return value


def has_formulas(data: bytes) -> bool:
    """True when an xlsx sheet holds formulas in its first part: an empty sheet then lacks stored results."""
    if not data.startswith(ZIP_MAGIC):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as stream:
                    if b"<f>" in stream.read(CHUNK):
                        return True
    return False
