"""The audit log finds every tampering; purge deletes old outputs only, and is itself logged."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from fupin_cli.audit import HEAD, LOG, append, entries, faults
from tests.cli.test_commands import reconcile, run
from tests.intake.conftest import ID, ROLL, xlsx

REGISTER = ("户编号", "姓名", "证件号码", "与户主关系", "镇", "行政村", "在校生状况")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with data, which is also the current folder."""
    root = tmp_path / "工作 目录"
    run("init", str(root))
    xlsx(root / "数据" / "台账.xlsx", [REGISTER, ("1", "陈一", ID, "户主", "灵山镇", "东营村", "小学")])
    xlsx(root / "数据" / "学籍.xlsx", [ROLL, ("李四", "460108201005051038", "一小", "小学", "在读")])
    monkeypatch.chdir(root)
    return root


def logged(root: Path, count: int) -> Path:
    for number in range(count):
        append(root, {"at": f"2020-06-30T10:00:{number:02}", "user": "甲", "words": ["x"], "exit_code": 0, "files": {}})
    return root / LOG


def test_untouched_log_is_found_whole(tmp_path: Path) -> None:
    assert faults(tmp_path) == []
    logged(tmp_path, 5)
    assert faults(tmp_path) == [] and [entry["n"] for entry in entries(tmp_path)] == [1, 2, 3, 4, 5]


Lines = list[bytes]
TAMPERINGS: dict[str, Callable[[Lines], Lines]] = {
    "changed": lambda lines: [*lines[:2], lines[2].replace("甲".encode(), "乙".encode()), *lines[3:]],
    "one letter": lambda lines: [lines[0].replace(b'"x"', b'"y"'), *lines[1:]],
    "deleted": lambda lines: [*lines[:2], *lines[3:]],
    "first deleted": lambda lines: lines[1:],
    "last deleted": lambda lines: lines[:-1],
    "all deleted": lambda lines: [],
    "doubled": lambda lines: [*lines[:3], lines[2], *lines[3:]],
    "inserted": lambda lines: [*lines[:2], b"{}\n", *lines[2:]],
    "appended": lambda lines: [*lines, lines[-1]],
    "swapped": lambda lines: [lines[1], lines[0], *lines[2:]],
    "last two deleted": lambda lines: lines[:-2],
    "middle two deleted": lambda lines: [*lines[:1], *lines[3:]],
    "moved to the end": lambda lines: [*lines[:1], *lines[2:], lines[1]],
    "cut": lambda lines: [*lines[:-1], lines[-1][:30]],
    "last line feed cut": lambda lines: [*lines[:-1], lines[-1][:-1]],
    "emptied line": lambda lines: [*lines[:2], b"\n", *lines[2:]],
    "saved with other line ends": lambda lines: [line.replace(b"\n", b"\r\n") for line in lines],
    "said twice": lambda lines: [lines[0].replace(b'"user"', '"user": "乙", "user"'.encode()), *lines[1:]],
    "spaced": lambda lines: [lines[0].replace(b": ", b":  ", 1), *lines[1:]],
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_every_tampering_is_found_and_stays_found(tmp_path: Path, tampering: str) -> None:
    log = logged(tmp_path, 5)
    log.write_bytes(b"".join(TAMPERINGS[tampering](log.read_bytes().splitlines(keepends=True))))
    assert faults(tmp_path)
    logged(tmp_path, 2)
    assert faults(tmp_path)


# A program whose children are killed while they log: at each line of the code that runs, then at random moments.
KILLER = """
import os, random, signal, sys, time
from pathlib import Path
from fupin_cli import audit

def checked(root, at):
    assert audit.faults(root) == [], (at, audit.faults(root))
    audit.append(root, {"words": ["后来"]})
    assert audit.faults(root) == [] and audit.entries(root)[-1]["words"] == ["后来"], at

def killed_at(root, last):
    seen = 0
    def trace(frame, event, _):
        nonlocal seen
        if frame.f_code.co_filename != audit.__file__:
            return None
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace
    sys.settrace(trace)
    audit.append(root, {"words": ["先前"]})
    os._exit(0)

def child(work, *words):
    if (pid := os.fork()) == 0:
        work(*words)
    return pid

def endless(root):
    while True:
        audit.append(root, {"words": ["先前" * 500]})

root = Path(sys.argv[1])
for known in (0, 2):
    at, status = 0, -1
    while status != 0:
        at += 1
        own = root / f"{known}-{at}"
        own.mkdir()
        for _ in range(known):
            audit.append(own, {"words": ["开头"]})
        status = os.waitpid(child(killed_at, own, at), 0)[1]
        checked(own, at)
    assert at > 30, at
moments = random.Random(2020)
for at in range(30):
    pid = child(endless, root)
    time.sleep(moments.uniform(0, 0.03))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    checked(root, at)
print(len(audit.entries(root)))
"""


def test_killed_at_any_moment_nobody_is_accused_and_the_next_line_follows(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLER, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 30


class Killed(BaseException):
    """Stands for the end of the program."""


@pytest.fixture
def pending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A log of three lines, and a fourth that the head has taken down and the log has not."""

    def killed(_: int) -> None:
        raise Killed

    log = logged(tmp_path, 3)
    whole = log.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", killed)
        with pytest.raises(Killed):
            logged(tmp_path, 1)
    line = log.read_bytes().removeprefix(whole)
    log.write_bytes(whole)
    return line


def test_line_cut_anywhere_by_a_kill_is_completed(tmp_path: Path, pending: bytes) -> None:
    log, head = tmp_path / LOG, tmp_path / HEAD
    whole, known = log.read_bytes(), head.read_bytes()
    for length in range(len(pending) + 1):
        log.write_bytes(whole + pending[:length])
        assert faults(tmp_path) == []
        logged(tmp_path, 1)
        assert log.read_bytes().startswith(whole + pending) and faults(tmp_path) == []
        assert [entry["n"] for entry in entries(tmp_path)] == [1, 2, 3, 4, 5]
        head.write_bytes(known)


@pytest.mark.parametrize("tampering", [*TAMPERINGS, "another line", "more than the line"])
def test_tampering_is_found_where_a_line_was_left_pending(tmp_path: Path, pending: bytes, tampering: str) -> None:
    log = tmp_path / LOG
    lines = log.read_bytes().splitlines(keepends=True)
    others = {
        "another line": [*lines, pending.replace("甲".encode(), "乙".encode())],
        "more than the line": [*lines, pending, pending[:9]],
    }
    log.write_bytes(b"".join(others[tampering] if tampering in others else TAMPERINGS[tampering](lines)))
    assert faults(tmp_path)
    logged(tmp_path, 2)
    assert faults(tmp_path)


def test_head_killed_while_it_was_made_is_no_damage_but_an_emptied_one_is(tmp_path: Path) -> None:
    (tmp_path / HEAD).touch()
    assert faults(tmp_path) == []
    logged(tmp_path, 2)
    assert faults(tmp_path) == []
    (tmp_path / HEAD).write_bytes(b"")
    assert faults(tmp_path)


def test_head_of_an_earlier_version_is_continued(tmp_path: Path) -> None:
    logged(tmp_path, 2)
    with closing(sqlite3.connect(tmp_path / HEAD)) as head:
        head.execute("DROP TABLE pending")
    assert faults(tmp_path) == []
    logged(tmp_path, 1)
    assert faults(tmp_path) == [] and len(entries(tmp_path)) == 3


def test_any_name_of_a_file_can_be_logged(tmp_path: Path) -> None:
    append(tmp_path, {"words": ["a\u2028b\x85c\x0b", "\udcff.xlsx"], "files": {"\udcff": "0"}})
    logged(tmp_path, 1)
    assert faults(tmp_path) == [] and len(entries(tmp_path)) == 2


def test_forged_line_with_a_right_seal_is_found(tmp_path: Path) -> None:
    from fupin_cli.audit import _seal

    log = logged(tmp_path, 3)
    lines = log.read_text(encoding="utf-8").splitlines()
    last = json.loads(lines[-1])
    forged = {**last, "user": "乙"}
    forged["seal"] = _seal(forged)
    log.write_text("\n".join([*lines[:-1], json.dumps(forged, ensure_ascii=False), ""]), encoding="utf-8")
    assert faults(tmp_path)


def test_writers_at_once_lose_no_line_and_who_reads_meanwhile_accuses_nobody(tmp_path: Path) -> None:
    logged(tmp_path, 1)
    writers = [threading.Thread(target=logged, args=(tmp_path, 10)) for _ in range(3)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert faults(tmp_path) == []
    assert len(entries(tmp_path)) == 31 and faults(tmp_path) == []


def test_runs_exports_and_failures_are_logged_without_id_numbers(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("reconcile", "数据", "--as-of", "2020-06-30") == 0
    assert run("report", "输出/2020-06-30") == 0
    assert run("explain", ID, "没有", "--as-of", "2020-06-30") == 2
    for words in (("inspect", "数据"), ("rules",), ("audit", "list"), ("reconcile", "--help")):
        assert run(*words) == 0
    rows = entries(workspace)
    assert [(row["words"][0], row["exit_code"]) for row in rows] == [("reconcile", 0), ("report", 0), ("explain", 2)]
    assert {Path(name).name for name in rows[0]["files"]} >= {"findings.csv", "run.json"}
    assert ID not in (workspace / LOG).read_text(encoding="utf-8")
    capsys.readouterr()
    assert run("audit", "verify", "--json") == 0
    assert json.loads(capsys.readouterr().out)["lines"] == 3


def test_verify_is_1_and_names_the_line(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = logged(workspace, 3)
    log.write_bytes(log.read_bytes().replace(b'"exit_code": 0', b'"exit_code": 1', 1))
    assert run("audit", "verify") == 1
    assert "第1行被改动过" in capsys.readouterr().out


def test_no_log_without_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("reconcile", "没有", "--as-of", "2020-06-30") == 2
    assert list(tmp_path.iterdir()) == []
    assert run("audit", "verify") == 2


def test_log_that_cannot_be_written_is_said(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / LOG).mkdir()
    assert run("explain", "无名", "数据", "--as-of", "2020-06-30") == 2
    assert "审计日志不能写入" in capsys.readouterr().err


def test_purge_deletes_old_outputs_and_cache_and_keeps_everything_else(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("2020-05-31", "2020-06-30"):
        assert run("reconcile", "数据", "--as-of", day) == 0
    old, new = workspace / "输出" / "2020-05-31", workspace / "输出" / "2020-06-30"
    (old / "我的备注.docx").write_text("x")
    monkeypatch.setenv("FUPIN_PASSWORD", "三保障2020")
    assert run("report", "输出/2020-05-31", "--encrypt") == 0
    report = workspace / "输出" / "2020-05-31-加密"
    assert report.exists()
    half = workspace / "输出" / ".fupin-killed"
    half.mkdir()
    (half / "findings.csv").write_text("x")
    ledger = workspace / "整改台账.db"
    assert run("purge", "--before", "2020-06-01", "--yes") == 0
    assert [path.name for path in old.iterdir()] == ["我的备注.docx"]
    assert (new / "findings.csv").exists() and ledger.exists() and (workspace / HEAD).exists()
    assert not report.exists() and not half.exists() and not (workspace / ".fupin-cache").exists()
    assert entries(workspace)[-1]["words"][0] == "purge"
    assert faults(workspace) == []


def test_purge_asks_first(workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import io

    assert run("reconcile", "数据", "--as-of", "2020-05-31") == 0
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert run("purge", "--before", "2020-06-01") == 2
    assert "--yes" in capsys.readouterr().err
    assert (workspace / "输出" / "2020-05-31" / "findings.csv").exists()
    assert reconcile(workspace / "数据", workspace / "输出" / "x") == 0
