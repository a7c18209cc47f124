"""What the program writes is its owner's alone, whatever the umask, and what an earlier version left open is closed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from fupin_cli.audit import HEAD, LOG, append
from tests.cli.test_commands import CHILD, REGISTER, run
from tests.intake.conftest import ROLL, xlsx
from tests.ledger.ledgers import Office, finding

OTHERS = 0o077


def open_to_others(folder: Path) -> list[str]:
    return sorted(
        f"{path.relative_to(folder)} {stat.S_IMODE(path.stat().st_mode):o}"
        for path in folder.rglob("*")
        if path.stat().st_mode & OTHERS
    )


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    assert os.umask(before) == 0


def test_nothing_in_a_workspace_is_open_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_umask: None
) -> None:
    root, day = tmp_path / "美兰区", ("--as-of", "2020-06-30")
    assert run("init", str(root)) == 0
    monkeypatch.chdir(root)
    (root / "输出" / "下发").mkdir()  # somebody's own folder stays as it is
    assert run("sample", "样例", "--persons", "300") == 0
    xlsx(root / "数据" / "台账.xlsx", [REGISTER, CHILD])
    xlsx(root / "数据" / "学籍.xlsx", [ROLL, ("李四", "460108201005051038", "一小", "小学", "在读")])
    for path in (root / "数据").iterdir():
        path.chmod(0o600)
    assert run("reconcile", "数据", *day) == 0
    assert run("dispatch", "--all") == 0
    assert run("ledger", "export") == 0
    assert run("lights", "run", "数据", *day) == 0
    assert run("report", "输出/2020-06-30") == 0
    assert run("report", "--from", "2020-06-01", "--to", "2020-06-30") == 0
    assert run("supervise", "setup") == 0
    assert run("round", "plan", "--year", "2020") == 0
    monkeypatch.setenv("FUPIN_PASSWORD", "三保障2020")
    assert run("reconcile", "数据", *day, "--encrypt", "--out", "加密") == 0
    names = {path.name for path in root.rglob("*")}
    assert names >= {"findings.csv", "三色灯.xlsx", "三色灯.html", "整改台账.xlsx", "parts", LOG, HEAD}
    assert open_to_others(root) == ["输出/下发 777"]
    assert open_to_others(tmp_path) == ["美兰区/输出/下发 777"]


def test_ledger_its_copies_and_the_log_that_were_open_are_closed(tmp_path: Path, no_umask: None) -> None:
    office = Office(tmp_path)
    office.run("2020-05-31", finding())
    (tmp_path / "整改台账-备份-版本1.db").touch()
    (tmp_path / "整改台账.xlsx").touch()
    append(tmp_path, {"words": ["x"]})
    assert len(open_to_others(tmp_path)) == 5
    office.run("2020-06-30", finding())
    append(tmp_path, {"words": ["x"]})
    assert open_to_others(tmp_path) == ["整改台账.xlsx 666"]
