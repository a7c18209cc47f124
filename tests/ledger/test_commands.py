"""``fupin ledger`` as people type it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fupin_cli.ledger.states import CLOSED, CONFIRMED, NEW, REPORTED
from fupin_cli.workspace import init_workspace
from tests.cli.test_commands import run
from tests.ledger.ledgers import Office, finding

LONG = {
    "title": "四类重点对象住房鉴定为C、D级未列入改造计划", "owner": "区住房和城乡建设局、大致坡镇、区扶贫办",
    "town": "大致坡镇", "village": "大东坡行政村", "name": "阿卜杜拉·买买提",
}  # fmt: skip


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Four findings of two rules: one late, one reported, two new."""
    init_workspace(tmp_path, "某区扶贫办")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    office = Office(tmp_path)
    hsg = {"rule_id": "HSG-02", "category": "住房安全", "person_no": "P2"}
    office.run("2020-06-30", finding("aa11"), finding("ab22"), finding("b1", **hsg, **LONG), finding("b2", **hsg))
    office.confirm("aa11")
    office.confirm("b2")
    office.report("b2")
    return office


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert run("ledger", *words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    return [row["finding_key"] for row in answer(capsys, "list", *words)["findings"]]


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ((), ["aa11", "ab22", "b1", "b2"]),
        (("--state", NEW), ["ab22", "b1"]),
        (("--rule", "hsg"), ["b1", "b2"]),
        (("--rule", "HSG-02", "--state", REPORTED), ["b2"]),
        (("--category", "义务教育"), ["aa11", "ab22"]),
        (("--unit", "教育局"), ["aa11", "ab22", "b2"]),
        (("--town", "大致坡"), ["b1"]),
        (("买买提",), ["b1"]),
        (("--overdue", "--as-of", "2020-08-31"), []),
        (("--overdue", "--as-of", "2020-09-01"), ["aa11"]),
    ],
)
def test_list_narrows(
    office: Office, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], keys: list[str]
) -> None:
    assert listed(capsys, *words) == keys


def test_list_leaves_out_what_is_closed_unless_asked(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.close("b2")
    assert "b2" not in listed(capsys)
    assert "b2" in listed(capsys, "--state", "全部")
    assert run("ledger", "list", "--state", "办结") == 2
    assert "可选：全部、未销号、待核实" in capsys.readouterr().err


def test_tables_fit_80_columns(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    from fupin_cli.reports.wording import display_width

    capsys.readouterr()
    for words in (("list", "--as-of", "2020-09-30"), ("show", "b1"), ("history", "aa"), ("stats",)):
        assert run("ledger", *words) == 0
    text = capsys.readouterr().out
    narrow = text.translate(dict.fromkeys(map(ord, "—·→“”÷"), "-"))  # one column wide, except to some fonts
    assert [line for line in narrow.splitlines() if display_width(line) > 80] == []
    assert "2020-08-31超期" in text


def test_beginning_of_a_key_is_enough_where_it_names_one(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "show", "ab")["finding_key"] == "ab22"
    assert run("ledger", "show", "a") == 2
    assert "不止一个：aa11、ab22" in capsys.readouterr().err
    assert run("ledger", "show", "zz") == 2


def test_history_tells_sightings_changes_and_who(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.run("2020-07-31", finding("aa11"), checked={("HSG-02", ""): False})
    life = answer(capsys, "history", "aa")
    told = [(entry["as_of"] or entry["who"], entry["event"], entry["new"]) for entry in life]
    assert told == [
        ("2020-06-30", "发现", NEW), ("李四", "整改措施", "劝返复学"), ("李四", "责任人", "王五"),
        ("李四", "完成时限", "2020-08-31"), ("李四", "认定属实", CONFIRMED), ("2020-07-31", "仍存在", ""),
    ]  # fmt: skip


def test_close_needs_evidence_and_leaves_who_approved(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ledger", "close", "b2", "--by", "张三") == 2
    assert "佐证" in capsys.readouterr().err
    assert answer(capsys, "close", "b2", "--evidence", "现场照片", "--by", "张三")["taken"] == ["b2"]
    row = office.row("b2")
    assert (row["state"], row["close_evidence"], row["approver"]) == (CLOSED, "现场照片", "张三")
    assert run("ledger", "close", "b2", "--evidence", "另一张", "--by", "李四") == 3
    assert "先撤销" in capsys.readouterr().out


def test_refused_closing_is_3_and_says_why(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ledger", "close", "ab22", "b2", "--evidence", "照片", "--by", "张三") == 3
    text = capsys.readouterr().out
    assert "已销号1条，退回1条" in text and "ab22：状态是“待核实”，不能改为“已销号”" in text


def test_undo_returns_and_needs_no_evidence(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.close("b2")
    assert answer(capsys, "close", "b2", "--undo", "--by", "张三")["taken"] == ["b2"]
    assert office.state("b2") == REPORTED


def test_unit_of_another_name_is_asked_about(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ledger", "list", "--unit", "区教育据") == 0
    assert "台账中没有名称含“区教育据”的责任单位，是不是“区教育局”？" in capsys.readouterr().out
    assert run("ledger", "close", "--unit", "金融局", "--evidence", "照片", "--by", "张三") == 2
    assert "是不是“区金融办”？" in capsys.readouterr().err


def test_what_others_found_is_listed_in_their_words(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    lists = office.path.parent / "审计.csv"
    lists.write_text("问题,责任单位\n危房改造补助未足额发放,住建局\n", encoding="utf-8")
    assert run("ledger", "import-external", str(lists), "--origin", "审计") == 0
    capsys.readouterr()
    assert run("ledger", "list", "--unit", "区住建局") == 0
    assert "补助未足额发放" in capsys.readouterr().out


def test_batch_takes_what_is_ready_and_asks_first(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = ("close", "--rule", "HSG-02", "--evidence", "核查表", "--by", "张三")
    with monkeypatch.context() as patch:
        patch.setattr("typer.confirm", lambda _: False)
        assert run("ledger", *batch) == 2
    assert "HSG-02" in capsys.readouterr().out and office.state("b2") == REPORTED
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert run("ledger", *batch) == 2, "nobody answers"
    assert "--yes" in capsys.readouterr().err
    assert run("ledger", *batch, "--json") == 2, "nobody can be asked"
    assert answer(capsys, *batch, "--yes")["taken"] == ["b2"]
    assert (office.state("b1"), office.state("b2")) == (NEW, CLOSED)
    assert answer(capsys, "close", "--unit", "教育局", "--undo", "--by", "张三", "--yes")["taken"] == ["b2"]


def test_close_wants_the_name_of_who_approves(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ledger", "close", "b2", "--evidence", "照片", "--by", " ") == 2
    assert "批准人" in capsys.readouterr().err and office.state("b2") == REPORTED


def test_close_wants_either_keys_or_a_batch(office: Office) -> None:
    assert run("ledger", "close", "--evidence", "照片", "--by", "张三") == 2
    assert run("ledger", "close", "b2", "--rule", "HSG-02", "--evidence", "照片", "--by", "张三") == 2


def test_stats_count_each_unit_and_the_whole_once(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["group"]: row for row in answer(capsys, "stats", "--as-of", "2020-09-30")}
    assert [rows[unit]["found"] for unit in ("区教育局", "大致坡镇", "合计")] == [3, 1, 4]
    assert rows["合计"]["overdue"] == 1


def test_export_writes_text_never_formulas(office: Office, tmp_path: Path) -> None:
    office.change("ab22", CONFIRMED, measure="=cmd|' /C calc'!A0")
    assert run("ledger", "export", str(tmp_path / "账.xlsx"), "--as-of", "2020-09-30") == 0
    book = openpyxl.load_workbook(tmp_path / "账.xlsx")
    cells = {cell.value: cell.data_type for row in book["台账"].iter_rows() for cell in row}
    assert cells["=cmd|' /C calc'!A0"] == "s"
    assert book.sheetnames == ["按责任单位", "按镇", "按保障类别", "台账"]
    assert not list(tmp_path.glob(".fupin-*"))


def test_without_a_workspace_or_a_ledger_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ledger", "list", "--workspace", str(tmp_path)) == 2
    assert "这里不是工作目录" in capsys.readouterr().err
    init_workspace(tmp_path, "")
    assert run("ledger", "list", "--workspace", str(tmp_path)) == 2
    assert "还没有整改台账" in capsys.readouterr().err
    assert not (tmp_path / "整改台账.db").exists()
