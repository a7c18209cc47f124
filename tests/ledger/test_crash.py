"""A run that fails anywhere on its last step leaves outputs and ledger as they were, and a second try goes through."""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fupin_cli import gate, outputs
from fupin_cli.errors import FupinError
from fupin_cli.gate import Entry
from fupin_cli.ledger import backups, database, receipts, update
from fupin_cli.ledger.database import open_ledger
from fupin_cli.reports import files
from fupin_cli.run import Run, compare
from fupin_cli.workspace import find_workspace, init_workspace
from tests.cli.test_commands import CHILD, REGISTER, run
from tests.intake.conftest import ID2, ROLL, xlsx
from tests.ledger.ledgers import Office, finding

JUNE, JULY = date(2020, 6, 30), date(2020, 7, 31)
OTHER = ("2", "张二", ID2, "户主", "灵山镇", "东营村", "小学")
OUT = Path("输出", "同一处")
TODAY = date(2020, 8, 1)
FULL = OSError(errno.ENOSPC, "no space")
LOCKED = PermissionError(errno.EACCES, "open in Excel")


class Clock(datetime):
    """Always the same moment: what differs is not the time."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return cls(2020, 8, 1, 9)


def dump(root: Path) -> list[str]:
    with open_ledger(root / "整改台账.db") as connection:
        return list(connection.iterdump())


def written(root: Path) -> dict[str, bytes]:
    """Every file below the outputs, unfinished ones too."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.joinpath("输出").rglob("*") if path.is_file()}  # fmt: skip


def say(root: Path) -> set[str]:
    """The outputs' names, and the problems in them: other bytes hold the time."""
    return {*written(root), (root / OUT / "findings.csv").read_text(encoding="utf-8-sig")}


@pytest.fixture(scope="module")
def july(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A workspace that took June and has not taken July, which goes to the same folder."""
    root = tmp_path_factory.mktemp("区")
    init_workspace(root, "美兰区")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setattr(gate, "datetime", Clock)
        for name, rows in (("六月", [CHILD]), ("七月", [CHILD, OTHER])):
            Path(name).mkdir()
            xlsx(root / name / "台账.xlsx", [REGISTER, *rows])
            xlsx(root / name / "学籍.xlsx", [ROLL, ("李四", "460108201005051038", "一小", "小学", "在读")])
        Entry(OUT, TODAY).kept(compare([Path("六月")], JUNE, find_workspace(root)), accepted="试")
        return compare([Path("七月")], JULY, find_workspace(root))


@pytest.fixture
def office(july: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same in a copy of its own, which is the current folder."""
    root = Path(shutil.copytree(july.workspace.root, tmp_path / "区"))
    monkeypatch.chdir(root)
    monkeypatch.setattr(gate, "datetime", Clock)
    return replace(july, workspace=replace(july.workspace, root=root))


Fault = Callable[[pytest.MonkeyPatch], None]


def at(module: Any, name: str, error: BaseException, nth: int = 1) -> Fault:
    """The ``nth`` call of ``module.name`` fails."""

    def set_up(patch: pytest.MonkeyPatch) -> None:
        left, real = [nth], getattr(module, name)

        def failing(*words: Any, **options: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise error
            return real(*words, **options)

        patch.setattr(module, name, failing)

    return set_up


def after(module: Any, name: str, error: BaseException) -> Fault:
    """``module.name`` is done, and then it fails."""

    def set_up(patch: pytest.MonkeyPatch) -> None:
        real = getattr(module, name)

        def failing(*words: Any, **options: Any) -> Any:
            real(*words, **options)
            raise error

        patch.setattr(module, name, failing)

    return set_up


def statement(beginning: str, code: str) -> Fault:
    """SQLite fails at the ledger's statement that begins so."""

    def set_up(patch: pytest.MonkeyPatch) -> None:
        class Failing(sqlite3.Connection):
            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                if sql.startswith(beginning):
                    error = sqlite3.OperationalError("database or disk is full")
                    error.sqlite_errorname = code
                    raise error
                return super().execute(sql, *values)

        real = sqlite3.connect
        patch.setattr(database.sqlite3, "connect", lambda *words, **options: real(*words, factory=Failing, **options))

    return set_up


POINTS: dict[str, Fault] = {
    "folder beside the outputs": at(files.tempfile, "mkdtemp", FULL),
    "problem list": at(outputs, "write_problem_list", FULL),
    "findings": at(outputs, "write_findings_csv", FULL),
    "quarantine": at(outputs, "write_quarantine", KeyboardInterrupt()),
    "review": at(outputs, "write_review", FULL),
    "manifest": at(outputs, "manifest", MemoryError()),
    "first file moved": at(files.os, "replace", LOCKED),
    "third file moved": at(files.os, "replace", LOCKED, 3),
    "last file moved": at(files.os, "replace", KeyboardInterrupt(), 5),
    "copy of the ledger": at(backups, "closing", FULL),
    "after the copy": after(update, "back_up", KeyboardInterrupt()),
    "receipt": at(update, "save_receipt", sqlite3.OperationalError("disk I/O error")),
    "new run": statement("INSERT INTO runs", "SQLITE_FULL"),
    "commit": statement("COMMIT", "SQLITE_FULL"),
}


@pytest.mark.parametrize("point", POINTS)
def test_failure_leaves_both_as_they_were(
    office: Run, july: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    root = office.workspace.root
    undisturbed = Path(shutil.copytree(root, tmp_path / "无事"))
    before = written(root), dump(root)
    with monkeypatch.context() as patch, pytest.raises((FupinError, KeyboardInterrupt, MemoryError, sqlite3.Error)):
        POINTS[point](patch)
        Entry(OUT, TODAY).kept(office, accepted="试")
    assert (written(root), dump(root)) == before
    assert not list(root.rglob("*.part"))
    done = Entry(OUT, TODAY).kept(office, accepted="试")
    assert done.update is not None and not done.update.repeated
    monkeypatch.chdir(undisturbed)
    Entry(OUT, TODAY).kept(replace(office, workspace=replace(office.workspace, root=undisturbed)), accepted="试")
    assert dump(root) == dump(undisturbed) != before[1]
    assert say(root) == say(undisturbed)


def test_failure_takes_away_a_folder_that_it_made(office: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, pytest.raises(FupinError, match="磁盘已满"):
        statement("COMMIT", "SQLITE_FULL")(patch)
        Entry(Path("输出", "新的"), TODAY).kept(office, accepted="试")
    assert not Path("输出", "新的").exists()


HOLDING: dict[str, Fault] = {
    "third file moved": at(files.os, "replace", LOCKED, 3),
    "held receipt": statement("INSERT INTO held_receipt", "SQLITE_FULL"),
    "commit": statement("COMMIT", "SQLITE_FULL"),
}


@pytest.mark.parametrize("point", HOLDING)
def test_failure_of_a_doubtful_run_leaves_both_as_they_were(
    office: Run, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    root, early = office.workspace.root, JULY - timedelta(days=40)
    before = written(root), dump(root)
    with monkeypatch.context() as patch, pytest.raises(FupinError):
        HOLDING[point](patch)
        Entry(OUT, early).kept(office)
    assert (written(root), dump(root)) == before
    done = Entry(OUT, early).kept(office)
    assert done.held[0].endswith("比今天晚40天") and done.update is None
    assert written(root) != before[0]
    newest = receipts.newest_receipt(office.workspace.ledger)
    assert newest is not None and newest.as_of == JULY
    with open_ledger(office.workspace.ledger) as connection:
        assert [row[0] for row in connection.execute("SELECT as_of FROM runs")] == ["2020-06-30"]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a month of data and no ledger yet, the current folder."""
    init_workspace(tmp_path, "美兰区")
    monkeypatch.chdir(tmp_path)
    xlsx(tmp_path / "数据" / "台账.xlsx", [REGISTER, CHILD])
    xlsx(tmp_path / "数据" / "学籍.xlsx", [ROLL, ("李四", "460108201005051038", "一小", "小学", "在读")])
    return tmp_path


def table(workspace: Path, columns: str, name: str) -> list[tuple[Any, ...]]:
    with open_ledger(workspace / "整改台账.db") as connection:
        return [tuple(row) for row in connection.execute(f"SELECT {columns} FROM {name}")]


def test_folder_that_cannot_be_written_is_said(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "文件").write_text("x")
    assert run("reconcile", "数据", "--as-of", "2020-06-30", "--out", "文件/输出") == 2
    error = capsys.readouterr().err
    assert "文件/输出" in error and "没有写入" in error
    assert table(workspace, "*", "runs") == [] == table(workspace, "*", "held_receipt")
    assert not list(workspace.joinpath("输出").iterdir())


def test_copy_that_cannot_be_made_is_said(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "台账备份").write_text("x")
    assert run("reconcile", "数据", "--as-of", "2020-06-30") == 2
    assert "台账备份写不下，台账没有改动" in capsys.readouterr().err
    assert table(workspace, "*", "runs") == [] and not list(workspace.joinpath("输出").iterdir())


def test_doubtful_run_is_held_until_somebody_says_why_not(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = (date.today() + timedelta(days=40)).isoformat()
    assert run("reconcile", "数据", "--as-of", day, "--json") == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["held"] == [f"比对日期{day}比今天晚40天"] and answer["ledger"] is None
    assert (workspace / "输出" / day / "findings.csv").exists()
    assert table(workspace, "*", "runs") == [] == table(workspace, "*", "findings")
    assert len(table(workspace, "*", "held_receipt")) == 1
    assert run("reconcile", "数据", "--as-of", day, "--accept", "补报的日期") == 0
    assert table(workspace, "as_of, accepted", "runs") == [(day, "补报的日期")]
    assert table(workspace, "*", "held_receipt") == []


def test_lights_that_could_not_be_written_are_not_kept(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("reconcile", "数据", "--as-of", "2020-06-30") == 0
    lights = ("lights", "run", "数据", "--as-of", "2020-06-30")
    for nth in (2, 4):  # each of the two files is made beside its place, and then both are moved in
        with monkeypatch.context() as patch:
            at(files.os, "replace", LOCKED, nth)(patch)
            assert run(*lights) == 2
        assert "关闭正在 Excel 中打开的输出文件" in capsys.readouterr().err
        assert table(workspace, "*", "light_runs") == []
        assert not (workspace / "输出" / "三色灯" / "2020-06-30").exists()
    assert run(*lights) == 0
    assert table(workspace, "as_of", "light_runs") == [("2020-06-30",)]


def test_ten_copies_are_kept_listed_and_put_back(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office, states = Office(workspace), {}
    for number in range(1, 13):
        states[number] = office.dump()
        office.run(f"2020-{number:02}-28", finding(), finding(f"{number:05}"))

    def listed() -> list[int]:
        capsys.readouterr()
        assert run("ledger", "restore", "--json") == 0
        return [copy["number"] for copy in json.loads(capsys.readouterr().out)]

    assert listed() == list(range(12, 2, -1))
    now = office.dump()
    assert run("ledger", "restore", "3", "--json") == 2  # nobody can be asked
    assert run("ledger", "restore", "2", "--yes") == 2  # the copy is no longer there
    assert (office.dump(), listed()) == (now, list(range(12, 2, -1)))
    assert run("ledger", "restore", "3", "--yes") == 0  # the oldest, although one has to make room
    assert (office.dump(), listed()) == (states[3], [*range(13, 4, -1), 3])
    assert run("ledger", "restore", "13", "--yes") == 0
    assert office.dump() == now and len(listed()) == 10
    assert {path.suffix for path in (workspace / "台账备份").iterdir()} == {".db"}
