"""``fupin report``: a run's folder or a period in, a page and a Word report out; wrong folders in one sentence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import docx
import pytest

from fupin_cli.ledger.facts import RunFacts
from fupin_cli.ledger.update import update_ledger
from fupin_cli.workspace import init_workspace, load_workspace
from tests.cli.test_commands import CHILD, REGISTER, reconcile, run
from tests.intake.conftest import ROLL, xlsx
from tests.ledger.ledgers import facts, finding

PAGE, WORD = "数据比对情况报告.html", "数据比对情况报告.docx"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a run over a register of one child and a roll without it."""
    folder = tmp_path_factory.mktemp("数据")
    xlsx(folder / "台账.xlsx", [REGISTER, CHILD])
    xlsx(folder / "学籍.xlsx", [ROLL, ("李四", "460108201005051038", "一小", "小学", "在读")])
    out = tmp_path_factory.mktemp("输出") / "2020-06-30"
    assert reconcile(folder, out) == 0
    return out


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "2020-06-30"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    init_workspace(tmp_path / "区", "美兰区扶贫办")
    return tmp_path / "区"


def ledger_run(workspace: Path, run: RunFacts) -> None:
    update_ledger(load_workspace(workspace).ledger, run, "2020-07-01T09:00:00")


def test_report_of_a_run_lies_beside_it(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("report", str(out)) == 0
    assert capsys.readouterr().out.splitlines() == ["已写出：", str(out / PAGE), str(out / WORD)]
    page = (out / PAGE).read_text(encoding="utf-8")
    assert "比对日期：2020年6月30日" in page and "没有整改台账" in page and "未参加" in page
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(out / WORD)).paragraphs)
    assert "关于2020年6月30日" in text and "没有整改台账" in text


def test_unit_comes_from_the_workspace_and_the_date_from_the_option(out: Path, workspace: Path, tmp_path: Path) -> None:
    assert (
        run("--workspace", str(workspace), "report", str(out), "--out", str(tmp_path / "报告"), "--date", "2020-07-02")
        == 0
    )
    assert not (out / PAGE).exists()
    lines = [paragraph.text for paragraph in docx.Document(str(tmp_path / "报告" / WORD)).paragraphs]
    assert lines[lines.index("2020年7月2日") - 1] == "美兰区扶贫办"


def test_report_of_a_period_comes_from_the_ledger(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger_run(workspace, facts("2020-05-31", finding("a")))
    half = facts("2020-06-30", finding("b"), checked={("MED-01", ""): False}, partly=frozenset({"MED-01"}))
    ledger_run(workspace, half)
    words = ("--json", "--workspace", str(workspace), "report", "--from", "2020-05-01", "--to", "2020-06-30")
    assert run(*words) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["findings"] == 2
    assert answer["files"][0] == str(workspace / "输出" / "报告-2020-05-01-2020-06-30" / PAGE)
    assert "2020年5月1日至2020年6月30日" in Path(answer["files"][0]).read_text(encoding="utf-8")


def test_template_is_written_once_for_editing_and_used(out: Path, workspace: Path) -> None:
    assert run("--workspace", str(workspace), "report", "--template") == 0
    path = workspace / "模板" / WORD
    own = docx.Document(str(path))
    own.paragraphs[0].text = "本区的{{ period }}报告"
    own.save(str(path))
    assert run("--workspace", str(workspace), "report", "--template") == 2
    assert run("--workspace", str(workspace), "report", str(out)) == 0
    assert docx.Document(str(out / WORD)).paragraphs[0].text == "本区的2020年6月30日报告"


def test_encrypted_report_lies_beside_its_open_run_and_has_no_page(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUPIN_PASSWORD", "三保障2020")
    assert run("report", str(out), "--encrypt") == 0
    (word,) = (out.parent / "2020-06-30-加密").iterdir()
    assert word.name == WORD and not word.read_bytes().startswith(b"PK")
    assert run("report", str(out), "--out", str(out), "--encrypt") == 2
    assert "不能加密的文件" in capsys.readouterr().err and not (out / WORD).exists()


def test_encrypted_run_cannot_be_reported_and_says_what_can(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUPIN_PASSWORD", "三保障2020")
    spoil(shutil.copytree(finished, tmp_path / "加密"), "run.json", '"encrypted": false', '"encrypted": true')
    assert run("report", str(tmp_path / "加密")) == 3
    error = capsys.readouterr().err
    assert "已加密" in error and "--from" in error


def spoil(out: Path, name: str, old: str, new: str) -> None:
    path = out / name
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("run.json", '"findings": ', '"findings": 9', "不是同一次比对"),
        ("run.json", '"as_of": "2020-06-30"', '"as_of": "六月"', "已损坏"),
        ("findings.csv", "finding_key", "编号", "列与问题清单的格式不符"),
    ],
)
def test_changed_outputs_are_refused_in_one_sentence(
    out: Path, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, message: str
) -> None:
    spoil(out, name, old, new)
    assert run("report", str(out)) == 3
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1 and "4601" not in error
    assert not (out / PAGE).exists()


def test_wrong_date_writes_nothing(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("report", str(out), "--date", "七月") == 2
    assert "--date" in capsys.readouterr().err
    assert not (out / PAGE).exists() and not (out / WORD).exists()


@pytest.mark.parametrize("name", ["run.json", "findings.csv"])
def test_folder_without_a_run_is_refused(out: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (out / name).unlink()
    assert run("report", str(out)) == 3
    assert f"没有 {name}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "要么给一次比对的输出文件夹"),
        (("x", "--from", "2020-01-01"), "要么给一次比对的输出文件夹"),
        (("--from", "2020-01-01"), "同时给 --from 和 --to"),
        (("--from", "2020-01-01", "--to", "六月"), "日期“六月”不对"),
        (("--from", "2020-01-01", "--to", "2020-06-30"), "没有比对"),
    ],
)
def test_usage_errors(
    workspace: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    ledger_run(workspace, facts("2021-05-31", finding("a")))
    assert run("--workspace", str(workspace), "report", *words) == 2
    assert message in capsys.readouterr().err


def test_period_needs_a_workspace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("report", "--from", "2020-01-01", "--to", "2020-06-30") == 2
    assert "不是工作目录" in capsys.readouterr().err
