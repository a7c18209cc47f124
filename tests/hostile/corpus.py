"""Broken, hostile and strange files built by code: what each holds, and what reading it must come to."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from tests.hostile.other_formats import binary, open_documents, texts, word
from tests.hostile.parquet_footer import spoilt_parquet
from tests.hostile.parquets import parquets
from tests.hostile.specimen import EITHER, ERROR, Specimen, parts_of, spoil
from tests.hostile.workbooks import PUPILS, SHEET1, csv, ods, parquet, xls, xlsb, xlsx, xlsx_parts, zipped
from tests.hostile.zipped_books import archives, cells, far, merges, sheets, xml

BASES: dict[str, Callable[[], bytes]] = {
    "xlsx": xlsx,
    "xls": xls,
    "ods": ods,
    "xlsb": xlsb,
    "csv": csv,
    "parquet": parquet,
}


def specimens() -> list[Specimen]:
    """The whole corpus, every name once."""
    groups: tuple[Callable[[], Iterator[Specimen]], ...] = (
        _whole, _cut, _misnamed, far, xml, archives, sheets, merges, cells, binary, open_documents, texts,
        word, parquets, _not_tables, _spoilt,
    )  # fmt: skip
    return [specimen for group in groups for specimen in group()]


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
        for other in ("xlsx", "xls", "csv", "ods", "et", "parquet"):
            if other != suffix:
                yield Specimen(f"{suffix}改名.{other}", make(), len(PUPILS))
    yield Specimen("图片.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    yield Specimen("文档.xls", b"%PDF-1.4\n" + bytes(range(256)) * 8)
    yield Specimen("压缩包.xlsx", zipped({"学籍.txt": "x"}))
    yield Specimen("网页.xls", "<html><table><tr><td>姓名</td></tr></table></html>".encode())
    yield Specimen("文字处理.xlsx", zipped({"word/document.xml": "<w/>", "[Content_Types].xml": "<Types/>"}))


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
            elif suffix == "parquet":
                data = spoilt_parquet(chance)
            else:
                data = spoil(BASES[suffix](), chance)
            yield Specimen(f"改动{seed:02}.{suffix}", data, EITHER)
