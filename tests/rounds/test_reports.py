"""The year's reports and the round commands, end to end in one office."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from fupin_cli.ledger.query import ledger_table
from fupin_cli.reports.year_book import write_year_book
from fupin_cli.reports.year_paper import write_year_paper
from fupin_cli.rounds.plan import Plan
from fupin_cli.rounds.runs import round_runs
from fupin_cli.rounds.summary import Year, summarise
from tests.cli.test_commands import CHILD, REGISTER, run
from tests.intake.conftest import ID, ROLL, xlsx
from tests.ledger.ledgers import Office, finding


@pytest.fixture
def year(office: Office, plan: Plan) -> Year:
    office.run("2020-03-31", finding("a"), finding("b", town="=演丰镇"), round="1")
    office.run("2020-05-31", round="2", checked={("EDU-01", ""): False})
    return summarise(plan, round_runs(plan, office.path), ledger_table(office.path))


def test_paper_tells_the_year_in_tables(year: Year, tmp_path: Path) -> None:
    write_year_paper(tmp_path / "总结.docx", year, "美兰区扶贫办")
    document = docx.Document(str(tmp_path / "总结.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "计划开展5轮比对，已开展2轮，其中“回头看”0轮" in text
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    assert tables[0][1:] == [
        ["第1轮（第一季度比对）", "3月31日", "1", "0", "0", "2", "—", "—"],
        ["第2轮（五月比对）", "5月31日", "0", "0", "1", "0", "0", "0"],
    ]
    assert tables[2][1:] == [["EDU-01 义务教育适龄人口无学籍", "2", "未比对"], ["合计", "2", "未比对"]]
    assert tables[4][1:] == [["待核实", "2"], ["合计", "2"]]


def test_book_has_numbers_only_where_they_say_all_and_no_formula(year: Year, tmp_path: Path) -> None:
    write_year_book(tmp_path / "总结.xlsx", year, "美兰区扶贫办")
    book = openpyxl.load_workbook(tmp_path / "总结.xlsx")
    assert book.sheetnames == ["各轮情况", "按规则", "按类别和镇", "未比对"]
    rules = [[cell.value for cell in row] for row in book["按规则"].iter_rows(min_row=4)]
    assert rules[0] == ["EDU-01", "义务教育适龄人口无学籍", "义务教育", 2, "未比对"]
    towns = [row[0] for row in book["按类别和镇"].iter_rows() if row[0].value == "=演丰镇"]
    assert [cell.data_type for cell in towns] == ["s"]
    gaps = [[cell.value for cell in row] for row in book["未比对"].iter_rows(min_row=4)]
    assert gaps == [["EDU-01", "全区", "已比对", "未比对"]]


def test_same_year_gives_the_same_bytes(year: Year, tmp_path: Path) -> None:
    for name in ("一", "二"):
        write_year_paper(tmp_path / name / "总结.docx", year, "")
        write_year_book(tmp_path / name / "总结.xlsx", year, "")
    for name in ("总结.docx", "总结.xlsx"):
        assert (tmp_path / "一" / name).read_bytes() == (tmp_path / "二" / name).read_bytes()


def test_office_plans_runs_looks_compares_and_sums_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "区扶贫办"
    run("init", str(root))
    data = root / "数据"
    xlsx(data / "台账.xlsx", [REGISTER, CHILD])
    xlsx(data / "学籍.xlsx", [ROLL, ("李四", "460108201005051038", "一小", "小学", "在读")])

    def told(*words: str, code: int = 0) -> Any:
        capsys.readouterr()
        assert run("round", *words, "--workspace", str(root), "--json") == code
        return json.loads(capsys.readouterr().out)

    assert len(told("plan", "--year", "2020")["rounds"]) == 5
    assert told("run", "1", str(data), "--fail-on", "严重", code=1)["ledger"]["new"] > 0
    assert (root / "输出" / "第1轮-2020-03-31" / "问题清单.xlsx").is_file()
    assert told("run", "1", str(data))["ledger"]["repeated"]
    xlsx(data / "学籍.xlsx", [ROLL, ("陈一", ID, "一小", "小学", "在读")])
    told("run", "2", str(data))
    states = [row["state"] for row in told("status", "--as-of", "2020-05-31")["rounds"]]
    assert states == ["已完成", "已完成", "未到期", "未到期", "未到期"]
    assert told("status")["as_of"] >= "2026"
    compared = told("compare", "1", "2")
    assert {"rule_id": "EDU-01", "new": 0, "gone": 1, "persistent": 0, "not_compared": 0} in compared["rules"]
    assert {"rule_id": "MED-01", "town": "", "rounds": "第1轮、第2轮"} in compared["not_compared"]
    for name in told("summary")["files"]:
        assert Path(name).is_file()


def test_rounds_outside_a_workspace_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("round", "status", "--as-of", "2020-05-31", "--workspace", str(tmp_path)) == 2
    assert "fupin init" in capsys.readouterr().err
