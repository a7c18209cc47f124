"""Zipped workbooks (xlsx, ods) looked through before they are opened: bombs, far cells, what would be lost unseen.

The reader allots memory for the whole rectangle of a sheet and for the counts a file declares, and an allotment that
fails ends the program. So nothing is opened that would need more than the limits below.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from fupin_cli.errors import InputError
from fupin_cli.intake.open_document import check_repeats

MAX_PART = 1_500_000_000
MAX_TOTAL = 4_000_000_000
BOMB_RATIO = 100
BOMB_SIZE = 50_000_000
MAX_CELLS = 30_000_000
# A rectangle above this size must not be nearly empty.
MAX_SPARSE, DENSITY = 16_000_000, 20
MAX_SHARED = 15_000_000
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
# Parts up to this size are read in any spelling of XML; of larger ones only far references are looked for.
THOROUGH_BELOW = 4_000_000

_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d+)["']""")
_FAR_REFERENCE = re.compile(rb""" r="([A-Z]{2,}|[A-Z](?=\d{7}))(\d+)""")
_ROW_START = re.compile(rb"<(?:\w+:)?row\b")
_ROW_NUMBER = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr\s*=\s*["'](\d+)["']""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_SHARED = re.compile(rb"""<(?:\w+:)?sst\b[^>]*?\suniqueCount\s*=\s*["'](\d+)["']""")
_UNSAVED = re.compile(
    rb"""<c\b(?![^>]*\bt=["']str["'])[^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v>\s*</v>|<v\s*/>)?\s*</c>"""
)
_ERROR = re.compile(rb"""<c\b[^>]*\bt=["']e["']""")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")


@dataclass(frozen=True)
class Unread:
    """Cells of a sheet that the reader leaves blank: formulas without a stored result, error values."""

    formulas: int = 0
    errors: int = 0

    @property
    def remark(self) -> str:
        """What to tell the user, empty where nothing is lost."""
        said = []
        if self.formulas:
            said.append(f"有 {self.formulas} 个公式没有保存计算结果，按空白处理；请用 Excel 或 WPS 打开保存一次再报送")
        if self.errors:
            said.append(f"有 {self.errors} 个单元格是错误值（如 #N/A），按空白处理；请更正")
        return "；".join(said)


def check_directory(parts: list[zipfile.ZipInfo]) -> None:
    """Refuse what the directory alone gives away: too large when unpacked, a name twice, a password."""
    total = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > BOMB_SIZE and part.file_size > BOMB_RATIO * max(part.compress_size, 1) for part in parts
    )
    if swollen or total > MAX_TOTAL or any(part.file_size > MAX_PART for part in parts):
        raise InputError(
            f"解压后有 {total // 1_000_000} MB，远超正常表格，为安全起见没有打开",
            cure="确认来源，另存为只含数据的 .xlsx 或 .csv",
        )
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise InputError("内部有重名的部分，不知道以哪个为准", cure="用 Excel 或 WPS 打开检查后另存为 .xlsx")
    if any(part.flag_bits & 1 for part in parts):
        raise InputError("压缩包设有密码，无法读取", cure="解除密码后重新报送")


def look_through(data: bytes) -> dict[str, Unread]:
    """Unpack every part once; raise InputError for one that must not be opened. Returns what stays unread, by sheet."""
    unread = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if part.filename == "content.xml":
                check_repeats(_pieces(archive, part), MAX_CELLS, MAX_SPARSE)
            else:
                unread[part.filename] = _look_at(_pieces(archive, part), part.file_size)
        sheets = _sheet_parts(archive)
    return {sheet: unread[part] for sheet, part in sheets.items() if part in unread}


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that end with a row or a tag; a small one is one piece. Size and CRC are checked on the way."""
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(THOROUGH_BELOW):
            rest += chunk
            if len(chunk) < THOROUGH_BELOW:
                break
            end = max(rest.rfind(b"row>") + 4, 0) if b"row>" in chunk else rest.rfind(b">") + 1
            yield rest[:end]
            rest = rest[end:]
        yield rest + stream.read()


@dataclass
class _Extent:
    """The rectangle of cells of a sheet as far as it was read."""

    columns: set[bytes] = field(default_factory=set)
    last_row: int = 0
    widest: int = 0
    cells: int = 0

    def take(self, piece: bytes, *, thorough: bool) -> None:
        found = (_REFERENCE if thorough else _FAR_REFERENCE).findall(piece)
        self.columns.update(letters.upper() for letters, _ in found)
        self.last_row = max(self.last_row, max((int(number) for _, number in found), default=0))
        self.cells = len(_CELL.findall(piece)) if thorough else MAX_CELLS
        if thorough and self.cells > sum(1 for letters, _ in found if letters):
            # cells without a reference stand side by side, rows without a number one below the other
            self.widest = max(len(_CELL.findall(row)) for row in _ROW_START.split(piece))
            self.last_row += len(_ROW_START.findall(piece))
        if thorough:
            rows = _ROW_NUMBER.findall(piece)
            if len(set(rows)) < len(rows):
                raise InputError("有行号相同的行，读取会丢失内容", cure="用 Excel 或 WPS 打开修复后另存为 .xlsx")
        self._check()

    def _check(self) -> None:
        width = max([self.widest, *map(_column, self.columns)])
        area = width * self.last_row
        beyond = self.last_row > MAX_ROWS or width > MAX_COLUMNS
        if beyond or area > MAX_CELLS or (area > MAX_SPARSE and self.cells * DENSITY < area):
            last = max(self.columns, key=_column, default=b"").decode()
            raise InputError(
                f"有远离数据的单元格（在第 {self.last_row} 行{f'或 {last} 列' if last else ''}），表格范围过大",
                cure="删除数据区以外的行和列后再保存",
            )


def _look_at(pieces: Iterator[bytes], size: int) -> Unread:
    """Look through one part; what is said of sheets is looked for in sheets only."""
    extent, formulas, errors, shared, is_sheet, is_texts = _Extent(), 0, 0, 0, False, False
    for piece in pieces:
        is_sheet = is_sheet or b"sheetData" in piece
        if is_sheet:
            extent.take(piece, thorough=size <= THOROUGH_BELOW)
            formulas += len(_UNSAVED.findall(piece)) if b"<f" in piece else 0
            errors += len(_ERROR.findall(piece)) if b"#" in piece else 0
        elif is_texts := is_texts or b"sst" in piece[:4096]:
            declared = _SHARED.search(piece[:4096])
            shared += piece.count(b"<si")
            if shared > MAX_SHARED or (declared and int(declared.group(1)) > size // 4):
                raise InputError("文字表过大或已损坏，为安全起见没有打开", cure="用 Excel 或 WPS 打开后另存为 .xlsx")
    return Unread(formulas, errors)


def _column(letters: bytes) -> int:
    value = 0
    for code in letters:
        value = value * 26 + code - 64
    return value


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → its part, as the workbook says."""
    try:
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    except KeyError:
        return {}
    targets = {}
    for attributes in _RELATION.findall(relations):
        found = dict(_ATTRIBUTE.findall(attributes))
        targets[found.get("Id")] = "xl/" + found.get("Target", "").removeprefix("/xl/").removeprefix("xl/")
    sheets = {}
    for attributes in _SHEET.findall(book):
        found = dict(_ATTRIBUTE.findall(attributes))
        target = next(
            (targets[value] for name, value in found.items() if name.endswith(":id") and value in targets), ""
        )
        sheets[found.get("name", "")] = target
    return sheets
