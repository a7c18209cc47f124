"""What the program wrote itself is no data: by its mark alone, and by its titles and columns alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import polars as pl
import pytest

from fupin_cli.intake.model import Intake, QuarantinedRow, SheetReport
from fupin_cli.intake.own import mark_of
from fupin_cli.intake.read import file_grids
from fupin_cli.ledger.query import ledger_table
from fupin_cli.own import HEADERS, OUTPUT, TEMPLATE
from fupin_cli.policy import load_policy
from fupin_cli.reports.csvfile import write_findings_csv
from fupin_cli.reports.dispatch_files import open_findings, write_dispatches
from fupin_cli.reports.encryption import encrypt
from fupin_cli.reports.html import write_html
from fupin_cli.reports.ledger_workbook import write_ledger
from fupin_cli.reports.lights_page import write_lights_page
from fupin_cli.reports.lights_sheet import write_lights
from fupin_cli.reports.model import Report
from fupin_cli.reports.quarantine import write_quarantine
from fupin_cli.reports.review import write_review
from fupin_cli.reports.supervision_letters import write_letters
from fupin_cli.reports.supervision_reports import BULLETIN, FORTNIGHT, write_bulletin, write_fortnight
from fupin_cli.reports.supervision_sheet import DETAIL, write_detail
from fupin_cli.reports.supervision_templates import write_templates
from fupin_cli.reports.word import write_word
from fupin_cli.reports.workbook import write_problem_list
from fupin_cli.reports.year_book import write_year_book
from fupin_cli.reports.year_paper import write_year_paper
from fupin_cli.rounds.plan import load_plan as load_rounds
from fupin_cli.rounds.plan import write_plan
from fupin_cli.rounds.runs import round_runs
from fupin_cli.rounds.summary import summarise
from fupin_cli.schema.template import write_template
from fupin_cli.supervision.month import month_of
from fupin_cli.supervision.progress import Progress, Unused
from fupin_cli.supervision.progress import Report as Said
from tests.intake.conftest import ID, KINDS, ROLL, only_sheet, xlsx
from tests.ledger.ledgers import Office, finding
from tests.reports.conftest import small_summary, small_table
from tests.reports.test_lights import CHANGE, RUN
from tests.reports.test_supervision import LATE, PLAN

AS_OF = date(2020, 6, 30)
DISTRICT = "美兰区"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every workbook, document, page and table that some command writes."""
    folder = tmp_path_factory.mktemp("输出")
    summary, findings = small_summary(), small_table()
    write_problem_list(folder / "问题清单.xlsx", findings, findings.assign(held_because="缺"), summary)
    write_findings_csv(folder / "held.csv", findings.assign(held_because="缺"))
    write_findings_csv(folder / "findings.csv", findings)
    row = QuarantinedRow("学籍.xlsx", "表", 3, "education.enrolment", "没有姓名", ("", "", ID, "一小", "在读"))
    write_quarantine(folder / "隔离行.xlsx", [row], {"education.enrolment": "学籍在校生"})
    write_review(folder / "人工确认.xlsx", pl.DataFrame(schema={"state": pl.String}), {}, summary)
    report = Report(summary, findings)
    write_html(folder / "数据比对情况报告.html", report)
    write_word(folder / "数据比对情况报告.docx", report, None, None)
    write_lights(folder / "三色灯.xlsx", RUN, DISTRICT, load_policy(), "2020-05-31", [CHANGE])
    write_lights_page(folder / "三色灯.html", RUN, DISTRICT, load_policy())
    _write_of_ledger(folder)
    _write_of_supervision(folder)
    return folder


def _write_of_ledger(folder: Path) -> None:
    office = Office(folder)
    write_plan(folder, 2020)
    office.run("2020-03-31", finding("a"), finding("b", town="演丰镇"), round="1")
    office.run("2020-06-30", finding("a"), round="2")
    table = ledger_table(office.path)
    write_dispatches(folder / "下发", open_findings(table), ["区教育局"], DISTRICT, AS_OF)
    write_ledger(folder / "整改台账.xlsx", table, DISTRICT, AS_OF)
    plan = load_rounds(folder)
    year = summarise(plan, round_runs(plan, office.path), table)
    write_year_book(folder / "年度比对总结.xlsx", year, DISTRICT)
    write_year_paper(folder / "年度比对总结.docx", year, DISTRICT)


def _write_of_supervision(folder: Path) -> None:
    said = [
        Said(unit, task.clause, day, 5.0 if (unit, task.clause, day.month) in LATE else 60.0, None, "正在推进", "甲.xlsx!表!3")
        for day in (date(2020, 5, 25), date(2020, 6, 22)) for task in PLAN.tasks for unit in task.units
    ]  # fmt: skip
    month = month_of(PLAN, Progress(tuple(said)), 2020, 6)
    write_detail(folder / DETAIL, month, PLAN, [Unused("甲.xlsx!表!9", "区某局", "（九）9", "没有这一条")], [])
    write_letters(month, PLAN, folder / "函", None, None)
    write_bulletin(month, PLAN, Progress(tuple(said)), [], folder / BULLETIN, None, None)
    write_fortnight(month.fortnights[0], PLAN, Progress(tuple(said)), folder / FORTNIGHT, None, None)
    write_templates(folder)


def states(intake: Intake) -> dict[str, set[str]]:
    """File → states of its sheets; ``error`` or ``skipped`` where it has none."""
    return {
        file.name: {sheet.state for sheet in file.sheets} or {"error" if file.error else "skipped"}
        for file in intake.files
    }


def written_files(outputs: Path, *suffixes: str) -> list[Path]:
    found = [path for path in sorted(outputs.rglob("*")) if path.suffix in suffixes]
    assert found
    return found


def test_every_output_is_set_aside_and_counts_no_row(outputs: Path, read: Callable[..., Intake]) -> None:
    intake = read(outputs)
    tables = {name: state for name, state in states(intake).items() if not name.endswith((".db", ".toml"))}
    assert len(tables) > 20
    assert set(map(frozenset, tables.values())) == {frozenset({"own"})}, tables
    assert (intake.tables, intake.quarantine, intake.notes) == ({}, (), ())
    assert all(sheet.rows.adds_up for file in intake.files for sheet in file.sheets)


def test_all_but_text_carry_the_mark_also_when_saved_again(outputs: Path) -> None:
    for path in written_files(outputs, ".xlsx", ".docx", ".html"):
        assert mark_of(path.read_bytes()) == OUTPUT, path.name
    for path in written_files(outputs, ".xlsx"):
        again = io.BytesIO()
        openpyxl.load_workbook(path).save(again)
        assert mark_of(again.getvalue()) == OUTPUT, path.name
    for path in written_files(outputs, ".docx"):
        again = io.BytesIO()
        docx.Document(str(path)).save(again)
        assert mark_of(again.getvalue()) == OUTPUT, path.name


def test_mark_is_found_in_old_and_open_formats() -> None:
    assert mark_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + OUTPUT.encode("utf-16-le")) == OUTPUT
    assert mark_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + TEMPLATE.encode()) == TEMPLATE
    assert mark_of(f"姓名,备注\n王五,{OUTPUT}".encode()) == ""
    assert mark_of(b"PK\x03\x04 cut short") == ""


def test_without_the_mark_titles_and_columns_tell(outputs: Path, tmp_path: Path, read: Callable[..., Intake]) -> None:
    for path in written_files(outputs, ".xlsx"):
        book = openpyxl.load_workbook(path)
        book.properties.keywords = None
        book.save(tmp_path / f"{path.stem}.xlsx")
    for path in written_files(outputs, ".docx"):
        if docx.Document(str(path)).tables:
            document = docx.Document(str(path))
            document.core_properties.keywords = ""
            document.save(str(tmp_path / f"{path.parent.name}-{path.stem}.docx"))
    found = states(read(tmp_path))
    assert {name: state for name, state in found.items() if state != {"own"}} == {}


def test_each_sheet_saved_as_text_is_known(outputs: Path, tmp_path: Path, read: Callable[..., Intake]) -> None:
    for path in written_files(outputs, ".xlsx"):
        for number, grid in enumerate(file_grids(path)):
            with (tmp_path / f"{path.stem}{number}.csv").open("w", encoding="gb18030", newline="") as stream:
                csv.writer(stream).writerows(grid.cells)
    found = states(read(tmp_path))
    assert {name: state for name, state in found.items() if state != {"own"}} == {}


def test_every_known_set_of_columns_stands_in_an_output(outputs: Path) -> None:
    rows = [
        set(map(str, row))
        for path in written_files(outputs, ".xlsx", ".docx", ".csv")
        for grid in file_grids(path)
        for row in grid.cells
    ]
    assert [columns for columns in HEADERS if not any(columns <= row for row in rows)] == []


def test_behind_its_password(outputs: Path, tmp_path: Path, read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "清单.xlsx").write_bytes((outputs / "问题清单.xlsx").read_bytes())
    encrypt(tmp_path / "清单.xlsx", "secret")
    assert states(read()) == {"清单.xlsx": {"error"}}
    monkeypatch.setenv("FUPIN_PASSWORD", "secret")
    assert states(read()) == {"清单.xlsx": {"own"}}


def test_a_list_pasted_into_an_output_without_the_mark_is_read(outputs: Path, tmp_path: Path, read: Any) -> None:
    book = openpyxl.load_workbook(outputs / "隔离行.xlsx")
    book.properties.keywords = None
    sheet = book.create_sheet("学籍在校生")
    for row in (ROLL, ("陈一", ID, "一小", "小学", "在读")):
        sheet.append(row)
    book.save(tmp_path / "补报.xlsx")
    assert sorted(states(read())["补报.xlsx"]) == ["loaded", "own"]


@pytest.mark.parametrize("kind", ["register.persons", "education.enrolment", "water.works"])
def test_empty_template_is_no_data(kind: str, tmp_path: Path, read: Any) -> None:
    write_template(KINDS[kind], tmp_path / "模板.xlsx")
    assert states(read()) == {"模板.xlsx": {"own"}}
    book = openpyxl.load_workbook(tmp_path / "模板.xlsx")
    book.properties.keywords = None
    book.save(tmp_path / "模板.xlsx")
    assert states(read()) == {"模板.xlsx": {"own"}}


def test_template_that_was_filled_in_is_data(tmp_path: Path, read: Any) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(KINDS["education.enrolment"], path)
    book = openpyxl.load_workbook(path)
    row = {"姓名": "陈一", "证件号码": ID, "学校": "一小", "学段": "小学", "学籍状态": "在读"}
    sheet = book.worksheets[0]
    sheet.append([row.get(str(cell.value).strip("*"), "") for cell in sheet[1]])
    book.save(path)
    assert mark_of(path.read_bytes()) == TEMPLATE
    assert [sheet.state for sheet in read().files[0].sheets] == ["loaded", "ignored"]


def test_template_whose_columns_were_spoilt_is_refused_not_overlooked(tmp_path: Path, read: Any) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(KINDS["education.enrolment"], path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for cell in sheet[1]:
        if str(cell.value).strip("*") == "姓名":
            cell.value = "甲"
    sheet.append(["陈一"] * sheet.max_column)
    book.save(path)
    assert [sheet.state for sheet in read().files[0].sheets] == ["refused", "ignored"]


def test_list_with_a_header_of_its_own_and_no_row_stays_a_list(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "学籍.xlsx", [ROLL])
    report: SheetReport = only_sheet(read())
    assert (report.state, report.rows.loaded) == ("loaded", 0)


def test_cache_knows_own_files(outputs: Path, tmp_path: Path, read: Any) -> None:
    (tmp_path / "数据").mkdir()
    (tmp_path / "数据" / "结果.csv").write_bytes((outputs / "findings.csv").read_bytes())
    write_template(KINDS["education.enrolment"], tmp_path / "数据" / "模板.xlsx")
    for _ in range(2):
        intake = read(tmp_path / "数据", cache_dir=tmp_path / "缓存")
        assert states(intake) == {"模板.xlsx": {"own"}, "结果.csv": {"own"}}
