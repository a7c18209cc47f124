"""Broken, hostile and strange files built by code: what each holds, and what reading it must come to."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.hostile.workbooks import (
    HEADER,
    IDS,
    PUPILS,
    ROLL,
    SHEET1,
    SHEET_NS,
    csv,
    docx,
    ods,
    ods_cell,
    ods_rows,
    record,
    rows_xml,
    sheet_xml,
    wide,
    with_shared,
    xls,
    xlsb,
    xlsb_row,
    xlsx,
    xlsx_parts,
    zipped,
)  # fmt: skip

ERROR, EITHER = "error", "either"
DATA = rows_xml(ROLL)
LAUGHS = '<!DOCTYPE w [<!ENTITY a "haha">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
) + "]>"  # fmt: skip
OUTSIDE = '<!DOCTYPE w [<!ENTITY j SYSTEM "file:///etc/passwd">]>'


@dataclass(frozen=True)
class Specimen:
    """One file. ``outcome``: rows that must be loaded, ``ERROR``, or ``EITHER`` (an error, or all rows accounted for)."""

    name: str
    data: bytes
    outcome: int | str = ERROR


def specimens() -> list[Specimen]:
    """The whole corpus, every name once."""
    groups: tuple[Callable[[], Iterator[Specimen]], ...] = (
        _whole, _cut, _misnamed, _far, _xml, _archives, _sheets, _merges, _cells, _binary, _open_documents, _texts,
        _word, _not_tables, _spoilt,
    )  # fmt: skip
    return [specimen for group in groups for specimen in group()]


WORD_PART = "word/document.xml"
BASES: dict[str, Callable[[], bytes]] = {"xlsx": xlsx, "xls": xls, "ods": ods, "xlsb": xlsb, "csv": csv}


def _whole() -> Iterator[Specimen]:
    for suffix, make in BASES.items():
        yield Specimen(f"完好.{suffix}", make(), len(PUPILS))


def _cut() -> Iterator[Specimen]:
    for suffix in ("xlsx", "ods", "xlsb", "xls"):
        whole = BASES[suffix]()
        for part in range(1, 20):
            yield Specimen(f"截断{part:02}.{suffix}", whole[: len(whole) * part // 20])
        yield Specimen(f"少一个字节.{suffix}", whole[:-1], EITHER if suffix == "xls" else ERROR)
    text = csv()
    for part in range(1, 8):
        yield Specimen(f"截断{part:02}.csv", text[: len(text) * part // 8], EITHER)
    parts = xlsx_parts()
    sheet = str(parts[SHEET1])
    for share in (30, 50, 70, 90):
        yield Specimen(f"表内截断{share}.xlsx", zipped({**parts, SHEET1: sheet[: len(sheet) * share // 100]}))
    yield Specimen("截在行间.xlsx", zipped({**parts, SHEET1: sheet[: sheet.rfind("<row")]}))


def _misnamed() -> Iterator[Specimen]:
    for suffix, make in BASES.items():
        for other in ("xlsx", "xls", "csv", "ods", "et"):
            if other != suffix:
                yield Specimen(f"{suffix}改名.{other}", make(), len(PUPILS))
    yield Specimen("图片.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    yield Specimen("文档.xls", b"%PDF-1.4\n" + bytes(range(256)) * 8)
    yield Specimen("压缩包.xlsx", zipped({"学籍.txt": "x"}))
    yield Specimen("网页.xls", "<html><table><tr><td>姓名</td></tr></table></html>".encode())
    yield Specimen("文字处理.xlsx", zipped({"word/document.xml": "<w/>", "[Content_Types].xml": "<Types/>"}))


def _far() -> Iterator[Specimen]:
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


def _xml() -> Iterator[Specimen]:
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


def _archives() -> Iterator[Specimen]:
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


def _sheets() -> Iterator[Specimen]:
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


def _merges() -> Iterator[Specimen]:
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


def _cells() -> Iterator[Specimen]:
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


def _binary() -> Iterator[Specimen]:
    whole = xls()
    label, dimension = whole.find(b"\xfd\x00\x0a\x00\x04\x00\x04\x00"), whole.find(b"\x00\x02\x0e\x00")
    yield Specimen("末格.xls", _packed(whole, label + 4, "<HH", 65535, 65535))
    yield Specimen("末列.xls", _packed(whole, label + 4, "<HH", 4, 65535), EITHER)
    yield Specimen("声明范围.xls", _packed(whole, dimension + 4, "<IIHH", 0, 4_294_967_295, 0, 65535))
    yield Specimen("声明范围倒.xls", _packed(whole, dimension + 4, "<IIHH", 4_294_967_295, 0, 65535, 0), EITHER)
    yield Specimen("文字号越界.xls", _packed(whole, label + 10, "<I", 4_000_000_000), EITHER)
    for offset in (0x1C, 0x2C, 0x30, 0x3C, 0x44, 0x48):
        yield Specimen(f"复合文件头{offset:x}.xls", _packed(whole, offset, "<I", 0xFFFFFFF0), EITHER)
    yield Specimen("乱码.xls", whole[:512] + random.Random(1).randbytes(8000))
    yield Specimen("只有文件头.xls", whole[:8])
    data = b"".join(xlsb_row(at, dict(enumerate(row))) for at, row in enumerate(ROLL))
    yield Specimen("末格.xlsb", xlsb(data + xlsb_row(1_048_575, {16_383: "x"})))
    yield Specimen("列四亿.xlsb", xlsb(data + xlsb_row(6, {400_000_000: "x"})))
    yield Specimen("列一千万.xlsb", xlsb(data + xlsb_row(6, {11_000_000: "x"})))
    yield Specimen("行四十亿.xlsb", xlsb(data + xlsb_row(4_294_967_295, {0: "x"})), EITHER)
    yield Specimen("声明范围.xlsb", xlsb(dimension=(0, 4_294_967_295, 0, 4_294_967_295)), EITHER)
    yield Specimen("截在行间.xlsb", xlsb(data[: len(data) // 2]))
    yield Specimen(
        "文字长度.xlsb", xlsb(data + record(0, bytes(25)) + record(6, struct.pack("<III", 0, 0, 4_294_967_295)))
    )
    yield Specimen("记录长度.xlsb", xlsb(data + b"\x00\xff\xff\xff\x7f"))
    yield Specimen(
        "文字极长.xlsb", xlsb(data + record(0, bytes(25)) + record(6, bytes(8) + wide("长" * 400_000))), EITHER
    )


def _packed(data: bytes, place: int, form: str, *values: int) -> bytes:
    spoilt = bytearray(data)
    struct.pack_into(form, spoilt, place, *values)
    return bytes(spoilt)


def _open_documents() -> Iterator[Specimen]:
    data, blank = ods_rows(ROLL), '<table:table-cell table:number-columns-repeated="16384"/>'

    def row(repeat: int, cells: str) -> str:
        return f'<table:table-row table:number-rows-repeated="{repeat}">{cells}</table:table-row>'

    for times in (1_048_571, 4_294_967_295, 10**30):
        yield Specimen(f"行重复{times}.ods", ods(data + row(times, ods_cell("x"))))
        cell = ods_cell("x", f'table:number-columns-repeated="{times}"')
        yield Specimen(f"列重复{times}.ods", ods(data + row(1, cell)))
        yield Specimen(f"空行重复{times}.ods", ods(data + row(times, blank)), EITHER if times > 10**9 else len(PUPILS))
    wide_cell = ods_cell("x", 'table:number-columns-repeated="9000"')
    yield Specimen("行列都重复.ods", ods(data + row(9_000, wide_cell)))
    yield Specimen("空后又有.ods", ods(data + row(1_048_000, blank) + ods_rows([("",) * 99 + ("x",)])))
    yield Specimen("同行三次.ods", ods(ods_rows(ROLL[:2]) + row(3, "".join(map(ods_cell, PUPILS[0])))), 4)
    parts = parts_of(ods(data))
    torn = parts["content.xml"].replace(b"document-content ", b"document-conhent ", 1)
    assert torn != parts["content.xml"]
    yield Specimen("首尾标签不同.ods", zipped({**parts, "content.xml": torn}))
    yield Specimen("重复为负.ods", ods(data + row(-1, ods_cell("x"))), EITHER)


def _texts() -> Iterator[Specimen]:
    text = csv()
    for encoding in ("utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"):
        yield Specimen(f"编码{encoding}.csv", csv(encoding), len(PUPILS))
    for name, data, outcome in (
        ("空字节", text.replace("陈一".encode(), "陈\0一".encode()), len(PUPILS)), ("全空字节", bytes(100_000), ERROR),
        ("二进制", bytes(range(256)) * 400, ERROR), ("混合编码", text + csv("gb18030").partition(b"\r\n")[2], 2 * len(PUPILS)),
        ("又一个表头", text + text, 2 * len(PUPILS)), ("文件结束符", text[:60] + b"\x1a" + text[60:], len(PUPILS)),
        ("引号不成对", text + b'"' + text.partition(b"\r\n")[2] * 200, 201 * len(PUPILS)), ("全是引号", b'"' * 500_000, EITHER),
        ("旧式换行", csv(end="\r"), len(PUPILS)), ("一行极宽", text + b"," * 300_000, EITHER),
        ("行多且一行极宽", text * 200 + b"," * 200_000, ERROR), ("单元格十兆", text + b"x" * 10_000_000, EITHER),
        ("制表符", csv(delimiter="\t"), len(PUPILS)), ("全角逗号", csv(delimiter="，"), len(PUPILS)),
        ("半个字符", csv("utf-16-le")[:-1], EITHER), ("只有换行", b"\r\n" * 5000, EITHER), ("只有一行", b"x", EITHER),
        ("转义字符", text.replace("陈一".encode(), "陈\x1b[31m一".encode()), len(PUPILS)),
    ):  # fmt: skip
        yield Specimen(f"{name}.csv", data, outcome)


def _word() -> Iterator[Specimen]:
    whole = docx()
    parts = parts_of(whole)
    text = parts[WORD_PART].decode()
    yield Specimen("完好.docx", whole, len(PUPILS))
    for part in range(1, 10):
        yield Specimen(f"截断{part}.docx", whole[: len(whole) * part // 10], EITHER)
    for name, xml in (
        ("跨列过多", text.replace("<w:tcPr>", '<w:tcPr><w:gridSpan w:val="4000000000"/>', 1)),
        ("截断的正文", text[: len(text) // 2]), ("没有正文", "<w/>"), ("嵌套极深", text.replace("<w:tbl>", "<w:tbl>" * 5000)),
        ("亿笑", LAUGHS + text.partition("?>")[2].replace("陈一", "&j;")),
        ("外部实体", OUTSIDE + text.partition("?>")[2].replace("陈一", "&j;")),
    ):  # fmt: skip
        yield Specimen(f"{name}.docx", zipped({**parts, WORD_PART: xml}), ERROR if name == "跨列过多" else EITHER)
    for seed in range(12):
        chance = random.Random(f"docx{seed}")
        yield Specimen(f"改动{seed:02}.docx", zipped({**parts, WORD_PART: spoil(parts[WORD_PART], chance)}), EITHER)


def _not_tables() -> Iterator[Specimen]:
    for suffix in ("xlsx", "xls", "ods", "csv"):
        yield Specimen(f"空的文件.{suffix}", b"")
        yield Specimen(f"一个字节.{suffix}", b"\0")
    yield Specimen("乱码.parquet", b"PAR1" + random.Random(2).randbytes(300) + b"PAR1", EITHER)
    yield Specimen("乱码.xlsx", random.Random(3).randbytes(5000))
    for name in (
        "=1+1.csv",
        "[red]名单[bold].csv",
        ":smile:.csv",
        "460108201201011017.csv",
        "有 空格　全角.csv",
        "-x.csv",
    ):
        yield Specimen(name, csv(), len(PUPILS))
    yield Specimen(f"460108201201011017{'长' * 50}.xlsx", b"")


def _spoilt() -> Iterator[Specimen]:
    """Valid files with a few bytes changed, by seed; inside a zip the parts are changed before they are packed."""
    parts = {suffix: parts_of(BASES[suffix]()) for suffix in ("xlsx", "ods", "xlsb")}
    for suffix in BASES:
        for seed in range(12):
            chance = random.Random(f"{suffix}{seed}")
            if suffix in parts:
                name = chance.choice(sorted(parts[suffix]))
                data = zipped({**parts[suffix], name: spoil(parts[suffix][name], chance)})
            else:
                data = spoil(BASES[suffix](), chance)
            yield Specimen(f"改动{seed:02}.{suffix}", data, EITHER)


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a zipped workbook, unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def spoil(data: bytes, chance: random.Random) -> bytes:
    """``data`` with one to four changes: bytes flipped, cut out, doubled, or a number made huge."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(max(len(spoilt), 1))
        match chance.randrange(5):
            case 0:
                spoilt[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del spoilt[place : place + chance.randint(1, 40)]
            case 2:
                spoilt[place:place] = spoilt[place : place + chance.randint(1, 200)]
            case 3:
                spoilt[place : place + 4] = chance.choice(
                    (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\0\0\0\x80")
                )
            case _:
                digits = [found.span() for found in re.finditer(rb"\d+", spoilt)]
                if digits:
                    first, last = chance.choice(digits)
                    spoilt[first:last] = chance.choice(
                        (b"4294967295", b"-1", b"0", b"1048576", b"99999999999999999999")
                    )
    return bytes(spoilt)
