"""The Word report: the numbers in its tables, what it says of gaps, native charts with their data."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import openpyxl
import pandas as pd

from fupin_cli.reports.model import Report, RunPoint, RunSummary
from fupin_cli.reports.word import write_word

if TYPE_CHECKING:
    from docx.document import Document as Doc


def written(tmp_path: Path, report: Report, signed_on: date | None = None) -> Doc:
    path = tmp_path / "报告.docx"
    write_word(path, report, signed_on, None)
    return docx.Document(str(path))


def text_of(document: Doc) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def table(document: Doc, heading: str) -> list[list[str]]:
    """The rows of the table whose first heading is ``heading``."""
    found = next(item for item in document.tables if item.rows[0].cells[0].text == heading)
    return [[cell.text for cell in row.cells] for row in found.rows[1:]]


def test_tables_count_by_category_town_and_unit(
    tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary
) -> None:
    document = written(tmp_path, Report(summary, four_findings, towns=("新埠镇",)))
    assert table(document, "保障类别") == [
        ["台账质量", "1", "1", "0", "0", "1", "0", "0", "1"],
        ["义务教育", "1", "0", "1", "0", "1", "1", "0", "2"],
        ["基本医疗", "1", "1", "0", "0", "0", "0", "1", "1"],
        ["饮水安全", "1", "0", "0", "1", "未比对", "未比对", "未比对", "未比对"],
    ]
    assert table(document, "镇") == [
        ["新埠镇", "0", "0", "0", "0", "1"],
        ["三江镇", "0", "1", "0", "1", "1"],
        ["大致坡镇", "0", "0", "0", "0", "2"],
        ["灵山镇", "2", "0", "1", "3", "1"],
    ]
    assert table(document, "责任单位") == [
        ["区教育局", "2", "1", "0", "3"],
        ["区卫健委", "0", "0", "1", "1"],
        ["区扶贫办", "0", "1", "0", "1"],
    ]


def test_gaps_are_named_and_no_town_passes_by_silence(
    tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary
) -> None:
    document = written(tmp_path, Report(summary, four_findings, towns=("新埠镇",)))
    text = text_of(document)
    assert "有2条规则没有比对或只比对了一部分" in text and "坏.xlsx" in text and "也不说明没有问题" in text
    assert "新埠镇、大致坡镇没有发现问题，但有规则没有比对" in text
    assert ["饮水安全评价", "全区", "WAT-01"] in table(document, "缺少的数据")
    assert "补齐数据" in text


def test_full_coverage_leaves_no_gap_table(
    tmp_path: Path, four_findings: pd.DataFrame, everything_checked: RunSummary
) -> None:
    document = written(tmp_path, Report(replace(everything_checked, files=()), four_findings))
    assert "规则全部比对" in text_of(document) and "补齐数据" not in text_of(document)
    assert all(item.rows[0].cells[0].text != "缺少的数据" for item in document.tables)


def test_progress_counts_steps_and_what_is_late(
    tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary
) -> None:
    states = ["待核实", "属实·整改中", "已整改待复核", "已销号"]
    due_on = ["", "2020-06-29", "2020-06-30", "2020-01-01"]
    more = {"state_before": "", "yardstick_changed": "0", "first_as_of": "", "due_on": due_on}
    findings = four_findings.assign(state=states, **more)
    runs = (RunPoint(date(2020, 6, 30), {"义务教育": 3}, 2, ("WAT-01", "EDU-01")),)
    document = written(tmp_path, Report(summary, findings, runs=runs))
    assert "属实3条（属实率100.0%），整改2条（整改率66.7%），销号1条（销号率25.0%）" in text_of(document)
    assert "超过完成时限的1条" in text_of(document)
    assert table(document, "比对日期") == [["2020年6月30日", "3", "2", "2"]]


def test_no_person_is_named(tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary) -> None:
    written(tmp_path, Report(summary, four_findings))
    with zipfile.ZipFile(tmp_path / "报告.docx") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "ignore")
    assert "王小明" not in everything and "460108201103052219" not in everything


def test_charts_are_native_and_carry_their_numbers(
    tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary
) -> None:
    written(tmp_path, Report(summary, four_findings))
    with zipfile.ZipFile(tmp_path / "报告.docx") as archive:
        charts = sorted(name for name in archive.namelist() if name.startswith("word/charts/chart"))
        data = openpyxl.load_workbook(io.BytesIO(archive.read("word/embeddings/chart1.xlsx"))).active
        xml = archive.read("word/charts/chart1.xml").decode()
    assert charts == ["word/charts/chart1.xml", "word/charts/chart2.xml"]
    assert data is not None
    assert [[cell.value for cell in row] for row in data.iter_rows()][:3] == [
        [None, "严重", "一般", "提示"],
        ["台账质量", 1, 0, 0],
        ["义务教育", 1, 1, 0],
    ]
    # What Word shows before anybody opens the data: the cached values, the link to the workbook, a Chinese font.
    assert "<c:v>义务教育</c:v>" in xml and '<c:externalData r:id="rId1">' in xml and '<a:ea typeface="宋体"/>' in xml


def test_same_run_gives_the_same_bytes(tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary) -> None:
    written(tmp_path, Report(summary, four_findings))
    first = (tmp_path / "报告.docx").read_bytes()
    written(tmp_path, Report(summary, four_findings))
    assert (tmp_path / "报告.docx").read_bytes() == first


def test_empty_run_has_a_report(tmp_path: Path, findings: Callable[..., pd.DataFrame], summary: RunSummary) -> None:
    assert "没有发现问题" in text_of(written(tmp_path, Report(summary, findings())))


def test_date_of_signing(tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary) -> None:
    document = written(tmp_path, Report(summary, four_findings), date(2020, 7, 2))
    assert f"{summary.district}\n2020年7月2日" in text_of(document)
