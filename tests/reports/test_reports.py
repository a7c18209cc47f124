"""What people read: the workbook's sheets and safety, the CSV's safety, the quarantine, the terminal at 80 columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from fupin_cli.intake.model import QuarantinedRow
from fupin_cli.reports.csvfile import guarded, unguarded, write_findings_csv
from fupin_cli.reports.model import RunSummary
from fupin_cli.reports.quarantine import write_quarantine
from fupin_cli.reports.terminal import print_summary
from fupin_cli.reports.wording import display_width
from fupin_cli.reports.workbook import write_problem_list

NOTHING_HELD = pd.DataFrame()
EVIL = ("=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "＝1")


def test_workbook_has_the_sheets_and_prints_on_a4_landscape(
    tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary
) -> None:
    path = tmp_path / "问题清单.xlsx"
    write_problem_list(path, four_findings, NOTHING_HELD, summary)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["汇总", "台账质量", "义务教育", "基本医疗", "按单位", "按镇村", "未比对", "数据质量"]
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    sheet = book["义务教育"]
    assert sheet.freeze_panes == "A4" and sheet.auto_filter.ref is not None and sheet.print_title_rows == "$3:$3"
    headings = [cell.value for cell in sheet[3]]
    assert headings[:4] == ["序号", "级别", "规则", "问题"]
    assert sheet.print_area == f"'义务教育'!$A$1:$N${sheet.max_row}"
    assert headings[14:] == ["证据（文件!工作表!行）", "问题编号"]  # N is the 14th


def test_unchecked_rules_stand_in_their_sheet_and_on_the_first_page(
    tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary
) -> None:
    path = tmp_path / "问题清单.xlsx"
    write_problem_list(path, four_findings, NOTHING_HELD, summary)
    book = openpyxl.load_workbook(path)
    gaps = [[cell.value for cell in row][:4] for row in book["未比对"].iter_rows(min_row=4)]
    assert gaps == [
        ["EDU-01", "义务教育适龄人口无学籍", "义务教育", "部分未比对"],
        ["WAT-01", "无饮水安全评价", "饮水安全", "未比对"],
    ]
    first = "\n".join(str(cell.value) for row in book["汇总"].iter_rows() for cell in row if cell.value)
    assert "缺少“饮水安全评价”（全区）" in first and "坏.xlsx" in first


@pytest.mark.parametrize("text", EVIL)
def test_text_from_inputs_is_never_a_formula(
    tmp_path: Path, findings: Callable[..., pd.DataFrame], summary: RunSummary, text: str
) -> None:
    path = tmp_path / "问题清单.xlsx"
    write_problem_list(path, findings({"name": text, "detail": text}), NOTHING_HELD, summary)
    cells = [cell for sheet in openpyxl.load_workbook(path).worksheets for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == text.strip() or cell.value == text for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


@given(st.text())
def test_csv_guard_can_be_taken_off(text: str) -> None:
    from fupin_cli.reports.wording import printable

    assert unguarded(guarded(text)) == printable(text)
    assert not guarded(text).startswith(("=", "+", "-", "@"))


def test_csv_round_trip(tmp_path: Path, findings: Callable[..., pd.DataFrame]) -> None:
    table = findings({"name": "=1"}, {"detail": "有，逗号\n换行"})
    write_findings_csv(tmp_path / "findings.csv", table)
    assert (tmp_path / "findings.csv").read_bytes().startswith(b"\xef\xbb\xbffinding_key,")
    with (tmp_path / "findings.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == list(table.columns)
    assert [[unguarded(field) for field in row] for row in rows] == table.to_numpy().tolist()


def test_quarantine_shows_rows_as_they_stood(tmp_path: Path) -> None:
    rows = [
        QuarantinedRow(
            "学籍.xlsx", "Sheet1", 12, "education.enrolment", "姓名、证件号码都是空的", ("", "", "一小", "=1+1")
        )
    ]
    write_quarantine(tmp_path / "隔离行.xlsx", rows, {"education.enrolment": "学籍在校生"})
    sheet = openpyxl.load_workbook(tmp_path / "隔离行.xlsx").active
    assert sheet is not None
    values = [cell.value for cell in sheet[4]]
    assert values == ["学籍.xlsx", "Sheet1", 12, "学籍在校生", "姓名、证件号码都是空的", None, None, "一小", "=1+1"]


def test_terminal_summary_fits_80_columns_and_says_what_was_not_compared(
    four_findings: pd.DataFrame, summary: RunSummary
) -> None:
    stream = io.StringIO()
    print_summary(Console(file=stream, width=80), summary, four_findings)
    text = stream.getvalue()
    assert max(display_width(line) for line in text.splitlines()) <= 80
    for words in ("建档立卡人口", "1,357", "未比对（不说明没有问题）", "饮水安全评价", "共4条问题", "坏.xlsx"):
        assert words in text
