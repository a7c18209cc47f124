"""What an analyst's Windows laptop does: GBK consoles, Chinese paths with spaces, open files, full disks, long paths."""

from __future__ import annotations

import ast
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import reconcile, run
from tests.intake.conftest import ID, ROLL, xlsx

SOURCE = Path(__file__).parents[1] / "src" / "fupin_cli"
REGISTER = ("户编号", "姓名", "证件号码", "与户主关系", "镇", "行政村", "在校生状况")
RARE = "𠮷㐂😀\ue863é"  # not in GBK, all met in names or file names


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / f"数据 六月（终稿）{RARE}"
    folder.mkdir()
    xlsx(folder / f"台账 {RARE}.xlsx", [REGISTER, ("1", f"陈{RARE}", ID, "户主", "灵山镇", f"东{RARE}村", "小学")])
    (folder / "学籍.csv").write_text(
        ",".join(ROLL) + "\r\n李四,460108201005051038,一小,小学,在读\r\n", encoding="utf-8-sig"
    )
    (folder / "~$台账.xlsx").write_bytes(b"\x08owner")
    return folder


def in_console(encoding: str, folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "80"}
    return subprocess.run([sys.executable, "-m", "fupin_cli", *words], capture_output=True, env=environment, cwd=folder)


@pytest.mark.parametrize("encoding", ["gbk", "cp936", "ascii"])
def test_narrow_console_shows_question_marks_and_never_fails(data: Path, tmp_path: Path, encoding: str) -> None:
    for words, code in (
        (("--help",), 0), (("inspect", str(data)), 0), (("explain", f"陈{RARE}", str(data), "--as-of", "2020-06-30"), 0),
        (("reconcile", str(data), "--as-of", "2020-06-30", "--out", str(tmp_path / RARE)), 0), (("inspect", f"没有{RARE}"), 2),
    ):  # fmt: skip
        done = in_console(encoding, tmp_path, *words)
        assert done.returncode == code, done.stderr
        assert (done.stdout + done.stderr).decode(encoding)
        assert b"Traceback" not in done.stderr and b"\x1b" not in done.stdout + done.stderr


def test_json_loses_nothing_on_a_narrow_console(data: Path, tmp_path: Path) -> None:
    done = in_console("gbk", tmp_path, "inspect", str(data), "--json")
    names = [file["name"] for file in json.loads(done.stdout.decode("gbk"))["files"]]
    assert names == sorted(["学籍.csv", f"台账 {RARE}.xlsx".replace("\ue863", "?")])


def test_rare_characters_survive_in_the_outputs(data: Path, tmp_path: Path) -> None:
    assert reconcile(data, tmp_path / f"输出 {RARE}") == 0
    text = (tmp_path / f"输出 {RARE}" / "findings.csv").read_text(encoding="utf-8-sig")
    assert "𠮷㐂" in text


@pytest.mark.parametrize(
    ("error", "said"),
    [(PermissionError(13, "no"), "关闭正在 Excel 中打开"), (OSError(errno.ENOSPC, "no"), "磁盘已满"),
     (OSError(errno.ENAMETOOLONG, "no"), "路径太长"), (OSError(errno.EIO, "no"), "不能写入")],
)  # fmt: skip
def test_output_that_cannot_be_written_is_one_sentence_and_leaves_nothing(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: OSError,
    said: str,
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr("os.replace", refuse)
    assert reconcile(data, tmp_path / "out") == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.csv.*")) and not list(tmp_path.glob(".fupin-*"))


def test_file_where_a_folder_should_be_is_one_sentence(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "占用").write_text("x", encoding="utf-8")
    assert reconcile(data, tmp_path / "占用" / "输出") == 2
    assert "是文件，不是文件夹" in capsys.readouterr().err


def test_deep_folder_is_written_or_said_to_be_too_deep(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = tmp_path.joinpath(*["很长的文件夹名称" * 3] * 12)
    code = reconcile(data, deep)
    assert (deep / "findings.csv").exists() if code == 0 else "路径太长" in capsys.readouterr().err
    too_long = tmp_path / ("长" * 120)
    assert reconcile(data, too_long) == 2
    assert "路径太长" in capsys.readouterr().err


def test_no_file_is_opened_in_the_code_page_of_the_machine() -> None:
    """Without ``encoding=`` Python writes cp936 on a Chinese Windows and UTF-8 elsewhere."""
    found = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                text = node.func.attr in ("read_text", "write_text") or (
                    node.func.attr == "open" and _in_text_mode(node)
                )
                if text and not any(word.arg == "encoding" for word in node.keywords):
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []


def _in_text_mode(call: ast.Call) -> bool:
    assert isinstance(call.func, ast.Attribute)
    values = [*call.args, *(word.value for word in call.keywords)]
    binary = any(isinstance(value, ast.Constant) and "b" in str(value.value) for value in values)
    return not binary and not (isinstance(call.func.value, ast.Name) and call.func.value.id == "archive")


def test_help_names_no_colour_codes_when_it_is_not_a_terminal(tmp_path: Path) -> None:
    for words in (("--help",), ("reconcile", "--help"), ("rules",)):
        assert b"\x1b" not in in_console("utf-8", tmp_path, *words).stdout


def test_workspace_with_spaces_and_brackets_in_its_path(data: Path, tmp_path: Path) -> None:
    root = tmp_path / "工作 目录 [2020]"
    assert run("init", str(root)) == 0
    assert run("reconcile", str(data), "--as-of", "2020-06-30", "--workspace", str(root)) == 0
    assert (root / "输出" / "2020-06-30" / "问题清单.xlsx").exists()
