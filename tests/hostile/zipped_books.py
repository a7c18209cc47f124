"""Hostile zipped workbooks: far cells, XML, the archive itself, sheets, merged ranges, odd cells."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator

from tests.hostile.specimen import EITHER, ERROR, Specimen
from tests.hostile.workbooks import (
    HEADER,
    IDS,
    PUPILS,
    ROLL,
    SHEET1,
    SHEET_NS,
    ods,
    ods_rows,
    rows_xml,
    sheet_xml,
    with_shared,
    xlsx,
    xlsx_parts,
    zipped,
)  # fmt: skip

DATA = rows_xml(ROLL)
LAUGHS = '<!DOCTYPE w [<!ENTITY a "haha">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
) + "]>"  # fmt: skip
OUTSIDE = '<!DOCTYPE w [<!ENTITY j SYSTEM "file:///etc/passwd">]>'


def far() -> Iterator[Specimen]:
    """Cells far away, in every spelling; the declared dimension is not believed."""
    yield Specimen("声明整表范围.xlsx", xlsx(dimension="A1:XFD1048576"), len(PUPILS))
    yield Specimen("声明范围是乱码.xlsx", xlsx(dimension="A0:ZZZZ99999999999"), EITHER)
    yield Specimen("右下角.xlsx", xlsx(DATA + _far_row(1_048_576, "XFD1048576")))
    yield Specimen("右下角单引号.xlsx", xlsx(DATA + _far_row(1_048_576, "XFD1048576").replace('"', "'")))
    prefixed = re.sub(r"<(/?)(?=[a-z])", r"<\1x:", sheet_xml(DATA + _far_row(1_048_576, "XFD1048576")))
    yield Specimen("右下角带前缀.xlsx", zipped({**xlsx_parts(), SHEET1: prefixed.replace("xmlns=", "xmlns:x=")}))
    many = "<c><v>1</v></c>" * 2000
    yield Specimen("末行无编号.xlsx", xlsx(f'{DATA}<row r="1048576">{many}</row>'))
    yield Specimen("行号四十亿.xlsx", xlsx(DATA + _far_row(4_294_967_295, "A4294967295")))
    yield Specimen("行号超长.xlsx", xlsx(DATA + _far_row(10**30, f"A{10**30}")))
    yield Specimen("列号过大.xlsx", xlsx(DATA + _far_row(6, "ZZZZ6")))
    yield Specimen("列号超长.xlsx", xlsx(DATA + _far_row(6, "ZZZZZZZZZZZZ6")))
    yield Specimen("末行有一格.xlsx", xlsx(DATA + _far_row(1_048_576, "C1048576")), EITHER)
    yield Specimen("没有编号.xlsx", xlsx(re.sub(r' r="[A-Z]*\d+"', "", DATA)), len(PUPILS))
    yield Specimen("行序颠倒.xlsx", xlsx(rows_xml(PUPILS, first=2) + rows_xml([HEADER])), len(PUPILS))
    yield Specimen("行号重复.xlsx", xlsx(DATA + rows_xml([PUPILS[0]], first=5)))
    yield Specimen("大量空行.xlsx", xlsx(DATA + "".join(f'<row r="{at}"/>' for at in range(6, 90_000))), len(PUPILS))


def _far_row(row: int, reference: str) -> str:
    return f'<row r="{row}"><c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row>'


def xml() -> Iterator[Specimen]:
    parts, sheet = xlsx_parts(), sheet_xml(DATA)
    head, _, body = sheet.partition("?>")
    for name, before in (("亿笑", LAUGHS), ("外部实体", OUTSIDE)):
        yield Specimen(f"{name}.xlsx", zipped({**parts, SHEET1: f"{head}?>{before}{body.replace('陈一', '&j;')}"}))
        yield Specimen(f"{name}.ods", ods(ods_rows(ROLL).replace("陈一", "&j;"), before=before))
        shared = f'<?xml version="1.0"?>{before}<sst xmlns="{SHEET_NS}"><si><t>&j;</t></si></sst>'
        cell = '<row r="6"><c r="A6" t="s"><v>0</v></c></row>'
        yield Specimen(
            f"{name}在文字表.xlsx", zipped(with_shared(xlsx_parts({"学籍": sheet_xml(DATA + cell)}), shared))
        )
        book = str(parts["xl/workbook.xml"]).replace("学籍", "&j;")
        yield Specimen(f"{name}在表名.xlsx", zipped({**parts, "xl/workbook.xml": before + book}), EITHER)
    for encoding in ("utf-16", "gb18030"):
        yield Specimen(f"表内{encoding}.xlsx", zipped({**parts, SHEET1: sheet.encode(encoding)}), EITHER)
    yield Specimen("坏字节.xlsx", zipped({**parts, SHEET1: sheet.encode().replace("陈一".encode(), b"\xff\xfe\xfd")}))
    yield Specimen("空的表.xlsx", zipped({**parts, SHEET1: b""}))
    yield Specimen("嵌套极深.xlsx", xlsx("<a>" * 100_000 + DATA), EITHER)
    yield Specimen("标签不闭合.xlsx", xlsx("<row><c><is>" * 5_000 + DATA), EITHER)
    yield Specimen("属性极长.xlsx", xlsx(f'<row r="1" x="{"y" * 3_000_000}"/>' + rows_xml(ROLL, first=2)), len(PUPILS))
    yield Specimen("没有表数据.xlsx", zipped({**parts, SHEET1: f'<worksheet xmlns="{SHEET_NS}"/>'}), EITHER)
    for attribute in ("count", "uniqueCount"):
        shared = f'<sst xmlns="{SHEET_NS}" {attribute}="4294967295"><si><t>x</t></si></sst>'
        outcome: int | str = ERROR if attribute == "uniqueCount" else len(PUPILS)
        yield Specimen(f"文字表{attribute}过大.xlsx", zipped(with_shared(parts, shared)), outcome)
    styles = f'<styleSheet xmlns="{SHEET_NS}"><numFmts count="4294967295"/><cellXfs count="4294967295"/></styleSheet>'
    yield Specimen("样式数过大.xlsx", zipped({**parts, "xl/styles.xml": styles}), len(PUPILS))


def archives() -> Iterator[Specimen]:
    parts = xlsx_parts()
    yield Specimen("炸弹.xlsx", zipped({**parts, SHEET1: sheet_xml(" " * 60_000_000)}))
    yield Specimen("炸弹在旁.xlsx", zipped({**parts, "xl/media/a.png": bytes(60_000_000)}))
    whole = xlsx()
    central = whole.find(b"PK\x01\x02")
    yield Specimen("目录损坏.xlsx", whole[: central + 20] + bytes(30) + whole[central + 50 :])
    yield Specimen("目录清零.xlsx", whole[:central] + bytes(len(whole) - central))
    yield Specimen("目录谎报大小.xlsx", _with_size(zipped({**parts, SHEET1: sheet_xml(DATA + " " * 1_000_000)}), 500))
    yield Specimen("数据区损坏.xlsx", whole[:400] + bytes(60) + whole[460:])
    yield Specimen("前有杂物.xlsx", b"junk" * 100 + whole, EITHER)
    yield Specimen("后有杂物.xlsx", whole + b"junk" * 100, len(PUPILS))
    yield Specimen("不压缩.xlsx", zipped(parts, method=zipfile.ZIP_STORED), len(PUPILS))
    for name, method in (("bz2", zipfile.ZIP_BZIP2), ("lzma", zipfile.ZIP_LZMA)):
        yield Specimen(f"{name}压缩.xlsx", zipped(parts, method=method), EITHER)
    yield Specimen("压缩包加密.xlsx", _with_flag(whole))
    doubled = zipped({**parts, SHEET1.upper(): sheet_xml(rows_xml(ROLL[:2]))})
    yield Specimen("部分重名.xlsx", doubled)
    for missing in parts:
        yield Specimen(
            f"缺{missing.rpartition('/')[2]}.xlsx", zipped({k: v for k, v in parts.items() if k != missing}), EITHER
        )
    relations = str(parts["xl/_rels/workbook.xml.rels"])
    outside = ("../../../../etc/passwd", "file:///etc/passwd", "http://192.0.2.1/x.xml", "", "C:\\x.xml")
    for at, target in enumerate(outside):
        spoilt = relations.replace("worksheets/sheet1.xml", target)
        name = f"指向外部{at}.xlsx"
        yield Specimen(name, zipped({**parts, "xl/_rels/workbook.xml.rels": spoilt}))


def _with_size(data: bytes, size: int) -> bytes:
    """The sheet's unpacked size in the directory is a lie."""
    spoilt, place = bytearray(data), 0
    while (place := data.find(b"PK\x01\x02", place)) >= 0:
        if data[place + 46 :].startswith(SHEET1.encode()):
            struct.pack_into("<I", spoilt, place + 24, size)
        place += 4
    return bytes(spoilt)


def _with_flag(data: bytes) -> bytes:
    """Every part is said to be encrypted."""
    spoilt = bytearray(data)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = 0
        while (place := data.find(magic, place)) >= 0:
            spoilt[place + offset] |= 1
            place += 4
    return bytes(spoilt)


def sheets() -> Iterator[Specimen]:
    yield Specimen(
        "二百张表.xlsx", zipped(xlsx_parts({f"表{at}": sheet_xml(rows_xml(ROLL[:2])) for at in range(200)})), 200
    )
    yield Specimen("一千张表.xlsx", zipped(xlsx_parts({f"表{at}": sheet_xml("") for at in range(1000)})))
    yield Specimen("没有表.xlsx", zipped(xlsx_parts({})))
    yield Specimen("全是空表.xlsx", zipped(xlsx_parts({"甲": sheet_xml(""), "乙": sheet_xml("")})), 0)
    two = xlsx_parts({"甲": sheet_xml(DATA), "乙": sheet_xml(DATA)})
    book = str(two["xl/workbook.xml"])
    yield Specimen("表重名.xlsx", zipped({**two, "xl/workbook.xml": book.replace('name="乙"', 'name="甲"')}))
    yield Specimen("表无名.xlsx", zipped({**two, "xl/workbook.xml": book.replace('name="乙"', 'name=""')}), EITHER)
    long = book.replace('name="乙"', f'name="{"长" * 5000}"')
    yield Specimen("表名极长.xlsx", zipped({**two, "xl/workbook.xml": long}), 2 * len(PUPILS))
    odd = book.replace('name="乙"', 'name="../[red]\u202e&lt;&#10;="')
    yield Specimen("表名古怪.xlsx", zipped({**two, "xl/workbook.xml": odd}), 2 * len(PUPILS))
    hidden = book.replace('name="甲"', 'name="甲" state="veryHidden"')
    yield Specimen("表隐藏.xlsx", zipped({**two, "xl/workbook.xml": hidden}), 2 * len(PUPILS))
    same = str(two["xl/_rels/workbook.xml.rels"]).replace("sheet2.xml", "sheet1.xml")
    yield Specimen("两名一表.xlsx", zipped({**two, "xl/_rels/workbook.xml.rels": same}), 2 * len(PUPILS))
    yield Specimen("第二张坏.xlsx", zipped({**two, "xl/worksheets/sheet2.xml": sheet_xml(DATA)[:500]}))


def merges() -> Iterator[Specimen]:
    for name, cells in (
        ("整表", ["A1:XFD1048576"]), ("数据以外", ["C30:C40", "Z1:Z9"]), ("倒写", ["E5:A1"]),
        ("层层相套", [f"A2:A{at}" for at in range(3, 3000)]), ("相同", ["C2:C5"] * 5000),
        ("交叠", ["B2:D4", "C3:E5", "A1:C3"]), ("两千对", [f"C{at}:C{at + 1}" for at in range(2, 4000, 2)]),
    ):  # fmt: skip
        merged = "".join(f'<mergeCell ref="{reference}"/>' for reference in cells)
        yield Specimen(f"合并{name}.xlsx", xlsx(after=f"<mergeCells>{merged}</mergeCells>"), len(PUPILS))
    for name, reference in (("空", ""), ("乱码", "!!"), ("超长", f"A1:A{10**30}")):
        yield Specimen(
            f"合并{name}.xlsx", xlsx(after=f'<mergeCells><mergeCell ref="{reference}"/></mergeCells>'), EITHER
        )
    count = '<mergeCells count="4294967295"><mergeCell ref="A1:B1"/></mergeCells>'
    yield Specimen("合并数过大.xlsx", xlsx(after=count), len(PUPILS))
    rows = DATA + "".join(f'<row r="{at}"><c r="C{at}"><v>1</v></c></row>' for at in range(6, 5000))
    covered = "<mergeCells>" + '<mergeCell ref="C2:C5000"/>' * 5000 + "</mergeCells>"
    yield Specimen("合并反复覆盖.xlsx", xlsx(rows, after=covered), len(PUPILS))


def cells() -> Iterator[Specimen]:
    for name, cell, outcome in (
        ("公式无结果", '<c r="A6"><f>A2</f></c>', len(PUPILS)), ("错误值", '<c r="A6" t="e"><v>#N/A</v></c>', len(PUPILS)),
        ("错误值不认识", '<c r="A6" t="e"><v>#FOO!</v></c>', EITHER), ("类型不认识", '<c r="A6" t="zzz"><v>1</v></c>', EITHER),
        ("数字是字", '<c r="A6"><v>abc</v></c>', EITHER), ("文字号越界", '<c r="A6" t="s"><v>99</v></c>', EITHER),
        ("文字号为负", '<c r="A6" t="s"><v>-1</v></c>', EITHER), ("数字极大", '<c r="A6"><v>1e999</v></c>', EITHER),
        ("日期不存在", '<c r="A6" t="d"><v>9999-99-99T99:99:99</v></c>', EITHER), ("非数", '<c r="A6"><v>NaN</v></c>', EITHER),
        ("布尔怪值", '<c r="A6" t="b"><v>7</v></c>', EITHER), ("引用坏", '<c r="6A"><v>7</v></c>', EITHER),
    ):  # fmt: skip
        yield Specimen(f"{name}.xlsx", xlsx(f'{DATA}<row r="6">{cell}</row>'), outcome)
    formulas = re.sub(r'<c (r="[A-Z]+\d+") t="inlineStr"><is><t>[^<]*</t></is></c>', r"<c \1><f>NOW()</f></c>", DATA)
    yield Specimen("全是公式.xlsx", xlsx(formulas))
    yield Specimen("全是公式空值.xlsx", xlsx(formulas.replace("</f>", "</f><v></v>")))
    long = ("陈" * 3_400_000, IDS[0], "一小", "小学", "在读")
    yield Specimen("单元格十兆.xlsx", xlsx(rows_xml([*ROLL, long])), len(PUPILS) + 1)
    dangerous = [
        (f"{mark}cmd|' /C calc'!A0", number, "一小", "小学", "在读") for mark, number in zip("=+-@", IDS, strict=True)
    ]
    yield Specimen("公式注入.xlsx", xlsx(rows_xml([HEADER, *dangerous])), len(PUPILS))
    yield Specimen("列头重复.xlsx", xlsx(rows_xml([HEADER * 3, *(row * 3 for row in PUPILS)])), len(PUPILS))
    yield Specimen("表头极多行.xlsx", xlsx(rows_xml([HEADER] * 40)), EITHER)
    yield Specimen("只有表头.xlsx", xlsx(rows_xml([HEADER])), 0)
