"""``fupin dispatch``, ``ledger import`` and ``ledger import-external`` as people type them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from fupin_cli.cli import main
from fupin_cli.workspace import init_workspace
from tests.dispatch.conftest import HEALTH, PLAN, SCHOOL, TOWN, fill, held
from tests.dispatch.test_external import HEADER, ROW, sheet

Ledger = Callable[..., Path]


@pytest.fixture
def workspace(ledger: Ledger) -> Path:
    """A workspace with four findings, of which one is of two units and one of none."""
    path = ledger({}, {"owner": f"{SCHOOL}、{TOWN}"}, {"owner": HEALTH}, {"owner": ""})
    init_workspace(path.parent, "美兰区扶贫办")
    return path.parent


def run(workspace: Path, *words: str | Path) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["--workspace", str(workspace), *map(str, words)])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def test_dispatch_to_all_writes_a_workbook_for_every_unit(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace, "dispatch", "--all") == 0
    names = sorted(path.name for path in (workspace / "输出" / "下发" / "2020-06-30").iterdir())
    assert names == [f"{unit}-三清单-2020-06-30.xlsx" for unit in sorted([SCHOOL, HEALTH, TOWN])]
    text = capsys.readouterr().out
    assert "区教育局：2条" in text and "另有1条问题没有责任单位" in text


def test_dispatch_to_named_units(workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "下发"
    assert run(workspace, "dispatch", "--to", f"{SCHOOL}、{TOWN}", "--out", out, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert [(item["unit"], item["findings"]) for item in document["files"]] == [(SCHOOL, 2), (TOWN, 1)]
    assert all(Path(item["file"]).is_file() for item in document["files"])
    assert openpyxl.load_workbook(document["files"][0]["file"]).sheetnames == ["三清单", "问题依据"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "没有写下发给谁"),
        (("--to", "区财政局"), "“区财政局”没有未销号的问题"),
        (("--to", "区教育据"), "是不是“区教育局”？"),
    ],
)
def test_dispatch_says_what_is_wrong_and_who_has_problems(
    workspace: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert run(workspace, "dispatch", *words) == 2
    assert said in capsys.readouterr().err
    assert not (workspace / "输出" / "下发").exists()


def test_import_lists_what_was_taken_and_refused(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(workspace, "dispatch", "--to", SCHOOL, "--json")
    book = fill(Path(json.loads(capsys.readouterr().out)["files"][0]["file"]), {1: PLAN, 2: {**PLAN, "due_on": "尽快"}})
    assert run(workspace, "ledger", "import", book) == 3
    text = capsys.readouterr().out
    assert f"退回 {book.name}!三清单!N" in text.replace("\n", "") and "不是日期" in text
    assert max(map(len, text.splitlines())) <= 80
    assert held(workspace / "整改台账.db", 1)["leader"] == "张三"
    assert run(workspace, "ledger", "import", book, "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["taken"] == 0


def test_import_external_needs_its_origin_and_enters_the_list(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = sheet(tmp_path / "反馈.xlsx", [HEADER, ROW])
    assert run(workspace, "ledger", "import-external", file) == 2
    capsys.readouterr()
    assert run(workspace, "ledger", "import-external", file, "--origin", "考核反馈", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["new"] == 1


@pytest.mark.parametrize("command", [("import",), ("import-external", "--origin", "审计")])
def test_folder_is_read_by_content_and_says_what_it_left(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    folder = tmp_path / "收文"
    folder.mkdir()
    assert run(workspace, "ledger", *command, folder) == 3
    assert "没有文件" in capsys.readouterr().err
    (folder / "盖章扫描件.pdf").write_bytes(b"%PDF-1.4\n\x00\x01\x02")
    assert run(workspace, "ledger", *command, folder, "--json") == 0
    [scan] = json.loads(capsys.readouterr().out)
    assert scan["refused"] == [] and "不是表格" in scan["notes"][0]["text"]
    assert run(workspace, "ledger", *command, folder / "盖章扫描件.pdf") == 3, "asked for by name"


def test_answers_come_home_under_any_name(workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, folder = tmp_path / "下发", tmp_path / "收文"
    assert run(workspace, "dispatch", "--to", SCHOOL, "--out", out) == 0
    folder.mkdir()
    next(out.glob("*.xlsx")).rename(folder / "区教育局.wps")
    capsys.readouterr()
    assert run(workspace, "ledger", "import", folder, "--json") == 0
    [back] = json.loads(capsys.readouterr().out)
    assert (back["file"], back["blank"]) == ("区教育局.wps", 2)
