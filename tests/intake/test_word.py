"""Word documents: their tables are read like sheets, with what the lines around them say."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from fupin_cli.fields.places import Places
from fupin_cli.intake.model import Intake
from fupin_cli.intake.read import read_paths
from fupin_cli.schema.kinds import load_kinds

HEAD = ("工作任务", "完成进度", "工作进展情况")
ROW = ("（二）1教育扶贫", "30%", "正在推进")


def read(folder: Path) -> Intake:
    return read_paths([folder], load_kinds(), Places({}))


def letter(path: Path, above: tuple[str, ...], rows: list[tuple[str, ...]], below: tuple[str, ...]) -> None:
    document = Document()
    for text in above:
        document.add_paragraph(text)
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for text in below:
        document.add_paragraph(text)
    document.save(str(path))


def said(intake: Intake) -> list[tuple[str, str, float, str, int]]:
    table = intake.tables["work.progress"]
    columns = ["item", "unit", "done", "reported_on", "source_row"]
    return list(table.select(columns).collect().iter_rows())


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (("工作进展汇报",), ("区教育局", "2020年6月9日")),
        (("工作进展汇报", "填报单位：区教育局    填报日期：2020年6月9日"), ()),
        (("报送单位：区教育局",), ("填报人：张某　　填报日期：2020-06-09　　联系电话：12345",)),
        (("单位：%", "填报单位：区教育局　　报送时间：2020-06-09"), ()),
        (("（填报单位（盖章）：区教育局）",), ("2020 年 6 月 9 日",)),
    ],
)
def test_unit_and_date_are_read_from_the_lines_around(
    tmp_path: Path, above: tuple[str, ...], below: tuple[str, ...]
) -> None:
    letter(tmp_path / "汇报.docx", above, [HEAD, ROW], below)
    item, unit, done, day, row = said(read(tmp_path))[0]
    assert (item, unit, done, row) == ("(二)1教育扶贫", "区教育局", 30.0, 2)
    assert day.startswith("2020-06-09")


def test_table_without_unit_or_date_is_refused_and_says_so(tmp_path: Path) -> None:
    letter(tmp_path / "汇报.docx", ("工作进展汇报",), [HEAD, ROW], ())
    sheet = read(tmp_path).files[0].sheets[0]
    assert sheet.state == "refused"
    assert "责任单位、填报日期" in sheet.message


def test_merged_cells_stand_for_all_their_rows(tmp_path: Path) -> None:
    head = ("责任单位", *HEAD, "填报日期")
    rows = [head, ("区教育局", *ROW, "2020-06-09"), ("", "（八）", "20%", "", "2020-06-09")]
    letter(tmp_path / "汇总.docx", ("双周进展",), rows, ())
    document = Document(str(tmp_path / "汇总.docx"))
    table = document.tables[0]
    table.cell(1, 0).merge(table.cell(2, 0))
    document.save(str(tmp_path / "汇总.docx"))
    assert [row[:2] for row in said(read(tmp_path))] == [("(二)1教育扶贫", "区教育局"), ("(八)", "区教育局")]


def test_second_table_counts_though_the_first_is_none(tmp_path: Path) -> None:
    document = Document()
    document.add_table(rows=1, cols=2).cell(0, 0).text = "签发"
    table = document.add_table(rows=0, cols=3)
    for row in (HEAD, ROW):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for text in ("区教育局", "2020年6月9日"):
        document.add_paragraph(text)
    document.save(str(tmp_path / "进展.docx"))
    report = read(tmp_path).files[0]
    assert [(sheet.sheet, sheet.state) for sheet in report.sheets] == [("表格1", "unrecognised"), ("表格2", "loaded")]


def test_tracked_insertions_are_read_and_deletions_are_not(tmp_path: Path) -> None:
    letter(tmp_path / "汇报.docx", (), [HEAD, ROW], ("区教育局", "2020年6月9日"))
    document = Document(str(tmp_path / "汇报.docx"))
    cell = document.tables[0].cell(1, 1)
    paragraph = cell.paragraphs[0]
    paragraph.clear()
    for tag, text in (("del", "<w:delText>30%</w:delText>"), ("ins", "<w:t>45%</w:t>")):
        change = f'<w:{tag} {nsdecls("w")} w:id="1" w:author="某"><w:r>{text}</w:r></w:{tag}>'
        paragraph._p.append(parse_xml(change))
    document.save(str(tmp_path / "汇报.docx"))
    assert said(read(tmp_path))[0][2] == 45


@pytest.mark.parametrize("tables", [0, 1])
def test_document_without_a_known_table_is_left_alone(tmp_path: Path, tables: int) -> None:
    document = Document()
    document.add_paragraph("关于报送数据的说明")
    for _ in range(tables):
        document.add_table(rows=2, cols=2)
    document.save(str(tmp_path / "说明.docx"))
    report = read(tmp_path).files[0]
    assert (report.error, report.sheets) == (None, ())
    assert "没有读取" in report.skipped


def test_broken_document_is_one_sentence(tmp_path: Path) -> None:
    letter(tmp_path / "汇报.docx", (), [HEAD, ROW], ())
    whole = (tmp_path / "汇报.docx").read_bytes()
    (tmp_path / "汇报.docx").write_bytes(whole[: len(whole) // 2])
    error = read(tmp_path).files[0].error
    assert error is not None
    assert error.startswith("汇报.docx：")
