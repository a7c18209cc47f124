"""Small valid tables in every format, written part by part so that any part can be spoilt."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq
import xlwt
from docx import Document as docx_document

HEADER = ("姓名", "身份证号", "学校", "学段", "学籍状态")
IDS = ("460108201201011017", "46010820120101105X", "460108201005051038", "460108198001011018")
PUPILS = tuple((f"陈{name}", number, "一小", "小学", "在读") for name, number in zip("一二三四", IDS, strict=True))
ROLL = (HEADER, *PUPILS)
FIXED = (2020, 6, 30, 0, 0, 0)

SHEET_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET1 = "xl/worksheets/sheet1.xml"
Parts = Mapping[str, str | bytes]


def letter(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def rows_xml(rows: Iterable[Sequence[str]], *, first: int = 1) -> str:
    """``<row>`` elements with inline texts."""
    lines = []
    for at, row in enumerate(rows, first):
        cells = "".join(
            f'<c r="{letter(column)}{at}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
            for column, text in enumerate(row)
        )
        lines.append(f'<row r="{at}">{cells}</row>')
    return "".join(lines)


def sheet_xml(data: str, *, dimension: str = "A1:E5", after: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{SHEET_NS}">'
        f'<dimension ref="{dimension}"/><sheetData>{data}</sheetData>{after}</worksheet>'
    )


def xlsx_parts(sheets: Mapping[str, str] | None = None) -> dict[str, str | bytes]:
    """The parts of an xlsx; ``sheets``: name → sheet XML (default: the roll)."""
    sheets = {"学籍": sheet_xml(rows_xml(ROLL))} if sheets is None else sheets
    names = [(f"rId{at}", name, f"worksheets/sheet{at}.xml") for at, name in enumerate(sheets, 1)]
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" r:id="{rid}"/>' for at, (rid, name, _) in enumerate(names, 1)
    )
    relations = "".join(
        f'<Relationship Id="{rid}" Type="{REL_NS}/worksheet" Target="{target}"/>' for rid, _, target in names
    )
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/{target}" ContentType="{main}.worksheet+xml"/>' for _, _, target in names
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES_NS}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}.sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE_NS}">'
        f'<Relationship Id="rId1" Type="{REL_NS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET_NS}" xmlns:r="{REL_NS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE_NS}">{relations}</Relationships>',
    }
    return parts | {f"xl/{target}": xml for (_, _, target), xml in zip(names, sheets.values(), strict=True)}


def with_shared(parts: Parts, shared: str) -> dict[str, str | bytes]:
    """The same workbook with a table of shared strings."""
    relations = str(parts["xl/_rels/workbook.xml.rels"]).replace(
        "</Relationships>",
        f'<Relationship Id="rIdS" Type="{REL_NS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    return {**parts, "xl/_rels/workbook.xml.rels": relations, "xl/sharedStrings.xml": shared}


def zipped(parts: Parts, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip whose bytes depend on them only."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, FIXED)
            info.compress_type = method
            archive.writestr(info, content)
    return target.getvalue()


def xlsx(data: str | None = None, **sheet: str) -> bytes:
    """One sheet with ``data`` as its rows (default: the roll)."""
    return zipped(xlsx_parts({"学籍": sheet_xml(rows_xml(ROLL) if data is None else data, **sheet)}))


def xls(rows: Iterable[Sequence[Any]] = ROLL) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("学籍")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def docx() -> bytes:
    document = docx_document()
    table = document.add_table(rows=0, cols=len(HEADER))
    for row in ROLL:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def ods_rows(rows: Iterable[Sequence[str]]) -> str:
    return "".join("<table:table-row>" + "".join(map(ods_cell, row)) + "</table:table-row>" for row in rows)


def ods_cell(text: str, attributes: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {attributes}><text:p>{escape(text)}</text:p></table:table-cell>'
    )


def ods(rows: str | None = None, *, before: str = "", name: str = "学籍") -> bytes:
    """One sheet with ``rows`` as its ``table-row`` elements (default: the roll)."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content xmlns:office="{urn}:office:1.0" '
        f'xmlns:table="{urn}:table:1.0" xmlns:text="{urn}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="{name}">{ods_rows(ROLL) if rows is None else rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zipped({"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": manifest})


def csv(encoding: str = "utf-8", *, delimiter: str = ",", end: str = "\r\n") -> bytes:
    return "".join(delimiter.join(row) + end for row in ROLL).encode(encoding)


def roll_table() -> pa.Table:
    return pa.table(dict(zip(HEADER, zip(*PUPILS, strict=True), strict=True)))


def parquet(table: pa.Table | None = None, **options: Any) -> bytes:
    """``table`` (default: the roll) as a Parquet file; ``options`` as ``pyarrow.parquet.write_table`` has them."""
    target = io.BytesIO()
    pq.write_table(roll_table() if table is None else table, target, **options)
    return target.getvalue()


def record(kind: int, payload: bytes = b"") -> bytes:
    """One BIFF12 record of an xlsb part."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(payload), b""
    while True:
        size, low = size >> 7, size & 0x7F
        length += bytes([low | 0x80 if size else low])
        if not size:
            return head + length + payload


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_row(at: int, cells: Mapping[int, str]) -> bytes:
    """BrtRowHdr and BrtCellSt records; 0-based row and columns."""
    head = struct.pack("<IIHHBI", at, 0, 300, 0, 0, 1) + struct.pack("<II", 0, 16383)
    return record(0, head) + b"".join(
        record(6, struct.pack("<II", column, 0) + wide(text)) for column, text in cells.items()
    )


def xlsb(rows: bytes | None = None, dimension: tuple[int, int, int, int] = (0, 4, 0, 4)) -> bytes:
    """One sheet; ``rows`` as :func:`xlsb_row` gives them (default: the roll), ``dimension``: rows, then columns."""
    if rows is None:
        rows = b"".join(xlsb_row(at, dict(enumerate(row))) for at, row in enumerate(ROLL))
    sheet = record(129) + record(148, struct.pack("<IIII", *dimension)) + record(145) + rows + record(146) + record(130)
    bundle = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("学籍"))
    book = record(131) + record(143) + bundle + record(144) + record(132)
    relation = f'<Relationship Id="rId1" Type="{REL_NS}/worksheet" Target="worksheets/sheet1.bin"/>'
    return zipped({
        "[Content_Types].xml": f'<Types xmlns="{TYPES_NS}"><Default Extension="bin" ContentType="application/octet-stream"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE_NS}"/>',
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE_NS}">{relation}</Relationships>',
        "xl/worksheets/sheet1.bin": sheet,
    })  # fmt: skip
