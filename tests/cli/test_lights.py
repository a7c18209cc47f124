"""``fupin lights`` on the command line: files, JSON, exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from rich.cells import cell_len

from fupin_cli.cli import main
from fupin_cli.intake.encrypted import unlocked
from fupin_cli.reports.encryption import encrypt
from tests.ledger.ledgers import Office
from tests.lights.villages import CHANGES, LIGHTS_IN_JUNE, two_months


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "fupin.toml").write_text('[district]\nname = "美兰区"\n', encoding="utf-8")
    two_months(tmp_path / "数据")
    Office(tmp_path).run("2020-05-31")
    return tmp_path


def run(workspace: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["lights", *words, "--workspace", str(workspace)])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def light(workspace: Path, month: str, day: str, *more: str) -> int:
    return run(workspace, "run", str(workspace / "数据" / month), "--as-of", day, *more)


def test_run_writes_list_and_cards_and_diff_says_what_changed(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert light(workspace, "2020-05", "2020-05-31") == 0
    out = capsys.readouterr().out
    assert "红灯2户，黄灯6户，绿灯3户" in out
    assert [line for line in out.splitlines() if cell_len(line) > 80 and "/" not in line[:3]] == []
    assert light(workspace, "2020-06", "2020-06-30", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert {row["household_id"]: row["light"] for row in document["households"]} == LIGHTS_IN_JUNE
    assert [Path(name).name for name in document["files"]] == ["三色灯.xlsx", "三色灯.html"]
    assert all(Path(name).is_file() for name in document["files"])
    assert run(workspace, "diff", "--json") == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert {row["household_id"]: (row["kind"], row["before"], row["after"]) for row in changes} == CHANGES
    assert run(workspace, "diff") == 0
    assert "加重2户，减轻2户，新增1户，不再在册1户" in capsys.readouterr().out


def test_encrypted_list_has_no_page_and_is_read_back_with_its_password(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUPIN_PASSWORD", "三保障2020")
    assert light(workspace, "2020-05", "2020-05-31", "--encrypt") == 0
    (sheet,) = (workspace / "输出" / "三色灯" / "2020-05-31").iterdir()
    assert sheet.name == "三色灯.xlsx" and not sheet.read_bytes().startswith(b"PK")
    book = openpyxl.load_workbook(io.BytesIO(unlocked(sheet.read_bytes())))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    heading = next(cell for cell in cells if cell.value == "帮扶措施")
    book[heading.parent.title].cell(heading.row + 1, heading.column).value = "救治"
    book.save(sheet)
    encrypt(sheet, "三保障2020")
    capsys.readouterr()
    assert run(workspace, "import", str(sheet), "--by", "张三") == 0
    assert "记入1户" in capsys.readouterr().out
    monkeypatch.setenv("FUPIN_PASSWORD", "错")
    assert run(workspace, "import", str(sheet), "--by", "张三") != 0
    captured = capsys.readouterr()
    assert "密码不对" in captured.out + captured.err


def test_masked_list_is_read_back_and_full_numbers_stay(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    light(workspace, "2020-05", "2020-05-31")
    filled = workspace / "填报.csv"
    filled.write_text("户编号,帮扶措施\nG1,已联系13976001234\n", encoding="utf-8")
    assert run(workspace, "import", str(filled), "--by", "张三") == 0
    assert light(workspace, "2020-05", "2020-05-31", "--mask") == 0
    sheet = workspace / "输出" / "三色灯" / "2020-05-31-公示" / "三色灯.xlsx"
    book = openpyxl.load_workbook(sheet)
    (measure,) = (
        cell for page in book for row in page.iter_rows() for cell in row if cell.value == "已联系139****1234"
    )
    measure.offset(column=1).value = "李四"
    book.save(sheet)
    assert run(workspace, "import", str(sheet), "--by", "张三") == 0
    capsys.readouterr()
    assert run(workspace, "history", "G1", "--json") == 0
    events = json.loads(capsys.readouterr().out)["events"]
    assert [(row["event"], row["new"]) for row in events] == [("帮扶措施", "已联系13976001234"), ("帮扶责任人", "李四")]


def test_encrypted_list_is_not_put_beside_an_open_page(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUPIN_PASSWORD", "三保障2020")
    light(workspace, "2020-05", "2020-05-31")
    assert light(workspace, "2020-05", "2020-05-31", "--encrypt") == 2
    assert "不能加密的文件" in capsys.readouterr().err
    assert (workspace / "输出" / "三色灯" / "2020-05-31" / "三色灯.xlsx").read_bytes().startswith(b"PK")


def test_override_measure_and_history(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    light(workspace, "2020-05", "2020-05-31")
    words = ("--light", "红灯", "--reason", "户主突发重病", "--until", "2020-12-31", "--by", "张三")
    assert run(workspace, "set", "G1", *words) == 0
    (workspace / "填报.csv").write_text(
        "户编号,帮扶措施,下次跟踪日期\nG1,救治,2020-07-15\nG2,产业,下月\n", encoding="utf-8"
    )
    assert run(workspace, "import", str(workspace / "填报.csv"), "--by", "张三") == 3
    assert "记入1户" in capsys.readouterr().out
    light(workspace, "2020-06", "2020-06-30")
    capsys.readouterr()
    assert run(workspace, "history", "G1", "--json") == 0
    history = json.loads(capsys.readouterr().out)
    assert [row["light"] for row in history["lights"]] == ["绿灯", "红灯"]
    assert [row["event"] for row in history["events"]] == ["人工调整", "帮扶措施", "下次跟踪日期"]
    assert run(workspace, "history", "G1") == 0
    assert run(workspace, "clear", "G1", "--by", "张三") == 0


@pytest.mark.parametrize(
    "words",
    [
        ("run", "没有的文件夹", "--as-of", "2020-06-30"), ("diff",), ("diff", "--from", "2020-01-31", "--to", "2020-02-29"),
        ("clear", "G1", "--by", "张三"), ("set", "G1", "--light", "蓝灯", "--reason", "无", "--until", "2020-12-31", "--by", "张三"),
        ("set", "G1", "--light", "红灯", "--reason", "无", "--until", "年底", "--by", "张三"), ("import", "没有.xlsx"),
    ],
)  # fmt: skip
def test_usage_errors_are_2_and_one_chinese_sentence(
    workspace: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workspace, *words) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("错误：") and captured.err.count("\n") == 1


@pytest.mark.parametrize(("reason", "by", "blank"), [(" ", "张三", "--reason"), ("重病", " ", "--by")])
def test_light_set_by_hand_wants_a_reason_and_a_name(
    workspace: Path, capsys: pytest.CaptureFixture[str], reason: str, by: str, blank: str
) -> None:
    words = ("--light", "红灯", "--reason", reason, "--until", "2020-12-31", "--by", by)
    assert run(workspace, "set", "H1", *words) == 2
    assert f"{blank}：是空白的" in capsys.readouterr().err


def test_list_that_cannot_be_read_does_not_stop_the_others(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("甲.xlsx", "乙.xlsx"):
        (workspace / name).write_bytes(b"PK\x03\x04")
    files = (str(workspace / "甲.xlsx"), str(workspace / "乙.xlsx"))
    assert run(workspace, "import", *files, "--by", "张三", "--json") == 3
    assert ["已损坏" in report["refused"][0][1] for report in json.loads(capsys.readouterr().out)] == [True, True]
