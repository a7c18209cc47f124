"""Killed at any moment, a full disk, two at once: the ledger is as before the run or as after it."""

from __future__ import annotations

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from fupin_cli.errors import FupinError
from fupin_cli.ledger import database
from fupin_cli.ledger.decisions import list_decisions
from fupin_cli.ledger.update import Update
from tests.ledger.ledgers import Office, finding

KILLS = 5
MANY = 1_500
BEFORE = [finding(f"{at:05}") for at in range(MANY)]
AFTER = [finding(f"{at:05}", detail="又来") for at in range(MANY // 2, MANY + MANY // 2)]
STEP = 500  # SQLite instructions between two moments

# A program that updates the ledger of its first argument and kills itself at the moment of its second.
VICTIM = """
import os, signal, sqlite3, sys
from pathlib import Path
from tests.ledger.test_durability import AFTER, counted_connect
from tests.ledger.ledgers import Office

def die(moment):
    if moment == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

sqlite3.connect = counted_connect(die)
Office(Path(sys.argv[1])).run("2020-06-30", *AFTER)
"""


def counted_connect(at_moment: Any) -> Any:
    """``sqlite3.connect`` whose connections call ``at_moment(n)`` every ``STEP`` instructions."""
    connect, moments = sqlite3.connect, iter(range(10**9))

    def connected(*words: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*words, **options)
        connection.set_progress_handler(lambda: at_moment(next(moments)), STEP)
        return connection

    return connected


def integrity(office: Office) -> str:
    with closing(sqlite3.connect(office.path)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


@pytest.fixture
def may(office: Office) -> Office:
    office.run("2020-05-31", *BEFORE)
    return office


def test_killed_at_random_moments(may: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def twin(name: str) -> Office:
        (tmp_path / name).mkdir()
        shutil.copy(may.path, tmp_path / name)
        return Office(tmp_path / name)

    last: list[int] = []
    done = twin("done")
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", counted_connect(last.append))
        done.run("2020-06-30", *AFTER)
    before, after = may.dump(), done.dump()
    assert before != after and len(last) > 3 * KILLS
    moments = random.Random(2020).sample(range(len(last)), KILLS)
    victims = [twin(str(moment)) for moment in moments]
    programs = [
        subprocess.Popen([sys.executable, "-c", VICTIM, str(victim.path.parent), str(moment)])
        for victim, moment in zip(victims, moments, strict=True)
    ]
    assert [program.wait() for program in programs] == [-9] * KILLS
    for victim in victims:
        assert integrity(victim) == "ok"
        assert victim.dump() in (before, after)
        victim.run("2020-06-30", *AFTER)
        assert victim.dump() == after


@contextmanager
def short_of_pages(patch: pytest.MonkeyPatch, path: Path) -> Iterator[None]:
    connect = sqlite3.connect

    def connected(*words: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*words, **options)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        return connection

    with patch.context() as inner:
        inner.setattr(sqlite3, "connect", connected)
        yield


@contextmanager
def short_of_bytes(patch: pytest.MonkeyPatch, path: Path) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size // 4, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(("shortage", "words"), [(short_of_pages, "磁盘已满"), (short_of_bytes, "磁盘空间")])
def test_full_disk_changes_nothing(may: Office, monkeypatch: pytest.MonkeyPatch, shortage: Any, words: str) -> None:
    before = may.dump()
    with shortage(monkeypatch, may.path), pytest.raises(FupinError, match=words):
        may.run("2020-06-30", *AFTER)
    assert (integrity(may), may.dump()) == ("ok", before)
    assert may.run("2020-06-30", *AFTER) == Update(new=MANY // 2, persistent=MANY // 2, waiting=MANY // 2)


def test_two_runs_at_once_are_one_after_the_other(may: Office) -> None:
    updates: list[Update] = []
    threads = [threading.Thread(target=lambda: updates.append(may.run("2020-06-30", *AFTER))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(update.repeated for update in updates) == [False, True]
    assert integrity(may) == "ok"


def test_who_waits_too_long_is_told_who_holds_the_ledger(may: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    with database.open_ledger(may.path) as connection, database.transaction(connection):  # noqa: SIM117
        with pytest.raises(FupinError, match=rf"另一个 fupin（电脑 .+，进程号 {os.getpid()}，.+开始）使用；处理办法"):
            may.run("2020-06-30", *AFTER)
    assert not database.holder_note(may.path).exists()


def test_ledger_of_the_first_version_is_migrated_with_a_copy_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = database.MIGRATIONS[:1]
    with monkeypatch.context() as patch:
        patch.setattr(database, "MIGRATIONS", first)
        with database.open_ledger(office.path) as connection, database.transaction(connection):
            connection.execute(
                "INSERT INTO decisions (at, verdict, person, file, note, kind) VALUES ('', '采纳', '李四', '', '', 'x')"
            )
    decisions = list_decisions(office.path)
    assert [row["person"] for row in decisions] == ["李四"]
    assert office.run("2020-05-31", finding()) == Update(new=1)
    with closing(sqlite3.connect(office.path.with_name("整改台账-备份-版本1.db"))) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert copy.execute("SELECT person FROM decisions").fetchall() == [("李四",)]


def test_ledger_of_a_newer_program_is_left_alone(office: Office) -> None:
    office.run("2020-05-31", finding())
    with closing(sqlite3.connect(office.path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(FupinError, match="更新版本"):
        office.run("2020-06-30", finding())


def test_file_that_is_no_ledger_is_named(office: Office) -> None:
    office.path.write_bytes(b"not a database" * 1000)
    with pytest.raises(FupinError, match=r"整改台账\.db：台账文件已损坏或不是台账"):
        office.run("2020-06-30", finding())
