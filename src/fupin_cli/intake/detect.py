"""What a file is by its content (文件格式), never by its extension, and whether it is safe to open."""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from fupin_cli.errors import InputError
from fupin_cli.intake.archive import check_directory
from fupin_cli.intake.encrypted import CURE, OLE_MAGIC
from fupin_cli.intake.plain_text import HEAD, wide_encoding

Format = Literal["workbook", "text", "parquet", "word", "other"]

ZIP_MAGIC = b"PK\x03\x04"
PARQUET_MAGIC = (b"PAR1", b"PARE")
BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
TABLE_SUFFIXES = frozenset(
    {".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".csv", ".tsv", ".txt", ".xltx", ".xlt", ".ett", ".parquet"}
)
WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")

WORD_PART = "word/document.xml"

# Workbooks are held in memory; of text and Parquet this only keeps a mistake from taking a day.
MAX_FILE, MAX_TEXT = 1_500_000_000, 50_000_000_000

_BOOK_XML = re.compile(rb"<(html|table|\?mso-application|workbook)[\s>]", re.IGNORECASE)


@dataclass(frozen=True)
class Content:
    """The bytes of a file; ``head`` are the first of them. Text and Parquet are read piece by piece, never whole."""

    path: Path
    head: bytes
    size: int
    sha256: str

    @property
    def in_pieces(self) -> bool:
        return not self.head.startswith((ZIP_MAGIC, OLE_MAGIC))

    def whole(self) -> bytes:
        """All bytes; raises InputError for a file too large to be held in memory."""
        if self.size > MAX_FILE:
            raise _too_large(self.size, MAX_FILE)
        return self.path.read_bytes()

    def open(self) -> BinaryIO:
        return self.path.open("rb")


def look_at(path: Path) -> Content:
    """The content of a file that may be a table. Raises InputError for one too large or hollow, OSError as it comes."""
    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode) and not stat.S_ISDIR(facts.st_mode):
        raise InputError("不是普通文件（可能是设备或管道），没有读取", cure="换成表格文件")
    if facts.st_size > MAX_TEXT:
        raise _too_large(facts.st_size, MAX_TEXT)
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        if head and not head.strip(b"\0"):
            raise InputError("文件内容全是空字节，拷贝没有完成或已损坏", cure="请重新拷贝或重新导出")
        stream.seek(0)
        return Content(path, head, facts.st_size, hashlib.file_digest(stream, "sha256").hexdigest())


def _too_large(size: int, most: int) -> InputError:
    return InputError(f"文件有 {size // 1_000_000} MB，超过 {most // 1_000_000} MB", cure="分成几个文件后重新报送")


def detect(data: bytes, suffix: str) -> Format:
    """``workbook`` (calamine reads it), ``text``, ``parquet``, ``word`` or ``other`` (no table); raises InputError with a cure.

    ``data``: all bytes of a zip or OLE file, of others the first ``HEAD``.
    """
    table_name = suffix.lower() in TABLE_SUFFIXES
    if not data:
        raise InputError("文件是空的", cure="请重新导出或向报送单位索取")
    if data.startswith(ZIP_MAGIC):
        return _detect_zip(data, table_name)
    if data.startswith(OLE_MAGIC):
        return _detect_ole(data, table_name)
    if data.startswith(PARQUET_MAGIC):
        return "parquet"
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
    sample = data[:HEAD]
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
    except Exception as error:  # zipfile, zlib and the others raise each their own
        raise InputError("文件不完整或已损坏", cure="请重新拷贝或重新导出") from error
    if WORD_PART in names and not table_name:
        check_directory(parts)
        return "word"
    if not names.intersection(WORKBOOK_PARTS) or mimetype.startswith(b"application/vnd.oasis.opendocument.text"):
        if table_name:
            raise InputError("压缩包里没有工作簿", cure="先解压，或另存为 .xlsx")
        return "other"
    check_directory(parts)
    return "workbook"


def _detect_ole(data: bytes, table_name: bool) -> Format:
    head = data if len(data) < 50_000_000 else data[:1_000_000] + data[-1_000_000:]
    if _utf16("EncryptedPackage") in head or _utf16("EncryptionInfo") in head:
        raise InputError("工作簿设有打开密码，无法读取", cure=CURE)
    if _utf16("Workbook") in head or _utf16("Book") in head:
        return "workbook"
    if table_name:
        raise InputError("文件里没有工作簿，可能不完整或不是表格", cure="用 Excel 或 WPS 打开后另存为 .xlsx")
    return "other"


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")
