"""Hostile binary workbooks, open documents, texts and Word documents."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator

from tests.hostile.specimen import EITHER, ERROR, Specimen, packed, parts_of, spoil
from tests.hostile.workbooks import (
    PUPILS,
    ROLL,
    csv,
    docx,
    ods,
    ods_cell,
    ods_rows,
    record,
    wide,
    xls,
    xlsb,
    xlsb_row,
    zipped,
)  # fmt: skip
from tests.hostile.zipped_books import LAUGHS, OUTSIDE

WORD_PART = "word/document.xml"


def binary() -> Iterator[Specimen]:
    whole = xls()
    label, dimension = whole.find(b"\xfd\x00\x0a\x00\x04\x00\x04\x00"), whole.find(b"\x00\x02\x0e\x00")
    yield Specimen("末格.xls", packed(whole, label + 4, "<HH", 65535, 65535))
    yield Specimen("末列.xls", packed(whole, label + 4, "<HH", 4, 65535), EITHER)
    yield Specimen("声明范围.xls", packed(whole, dimension + 4, "<IIHH", 0, 4_294_967_295, 0, 65535))
    yield Specimen("声明范围倒.xls", packed(whole, dimension + 4, "<IIHH", 4_294_967_295, 0, 65535, 0), EITHER)
    yield Specimen("文字号越界.xls", packed(whole, label + 10, "<I", 4_000_000_000), EITHER)
    for offset in (0x1C, 0x2C, 0x30, 0x3C, 0x44, 0x48):
        yield Specimen(f"复合文件头{offset:x}.xls", packed(whole, offset, "<I", 0xFFFFFFF0), EITHER)
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


def open_documents() -> Iterator[Specimen]:
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


def texts() -> Iterator[Specimen]:
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


def word() -> Iterator[Specimen]:
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
