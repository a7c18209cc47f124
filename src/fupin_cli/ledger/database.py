"""The ledger's file: opened with its schema brought up to date, a copy kept before every change of schema."""

from __future__ import annotations

import glob
import json
import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from fupin_cli.errors import FupinError
from fupin_cli.privacy import take_from_others

# Seconds a second program waits for the first one to finish.
PATIENCE = 30

# One script a version; a script that has been released is never changed.
MIGRATIONS = (
    """
    CREATE TABLE decisions (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, verdict TEXT NOT NULL, person TEXT NOT NULL, file TEXT NOT NULL,
        note TEXT NOT NULL, kind TEXT NOT NULL, name TEXT, number TEXT, born INTEGER, village TEXT, phone TEXT,
        name_p TEXT, number_p TEXT, household_id_p TEXT
    ) STRICT;
    """,
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, as_of TEXT NOT NULL, at TEXT NOT NULL, fingerprint TEXT NOT NULL,
        out TEXT NOT NULL, round TEXT NOT NULL, arrived TEXT NOT NULL
    ) STRICT;
    CREATE TABLE coverage (
        run_id INTEGER NOT NULL REFERENCES runs, rule_id TEXT NOT NULL, town TEXT NOT NULL, checked INTEGER NOT NULL,
        PRIMARY KEY (run_id, rule_id, town)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE findings (
        finding_key TEXT PRIMARY KEY, rule_id TEXT NOT NULL, category TEXT NOT NULL, severity TEXT NOT NULL,
        subject_type TEXT NOT NULL, household_id TEXT NOT NULL, person_no TEXT NOT NULL, name TEXT NOT NULL,
        id_number TEXT NOT NULL, town TEXT NOT NULL, village TEXT NOT NULL, owner TEXT NOT NULL, title TEXT NOT NULL,
        detail TEXT NOT NULL, register_value TEXT NOT NULL, source_value TEXT NOT NULL, basis TEXT NOT NULL,
        evidence TEXT NOT NULL, sources TEXT NOT NULL, origin TEXT NOT NULL, state TEXT NOT NULL,
        first_as_of TEXT NOT NULL, last_as_of TEXT NOT NULL, times_seen INTEGER NOT NULL, present INTEGER NOT NULL,
        cleared_as_of TEXT NOT NULL DEFAULT '', relapses INTEGER NOT NULL DEFAULT 0,
        measure TEXT NOT NULL DEFAULT '', leader TEXT NOT NULL DEFAULT '', person_in_charge TEXT NOT NULL DEFAULT '',
        due_on TEXT NOT NULL DEFAULT '', progress TEXT NOT NULL DEFAULT '', done_on TEXT NOT NULL DEFAULT '',
        reported_by TEXT NOT NULL DEFAULT '',
        dismiss_reason TEXT NOT NULL DEFAULT '', dismiss_evidence TEXT NOT NULL DEFAULT '',
        dismissed_until TEXT NOT NULL DEFAULT '', dismissed_register_value TEXT NOT NULL DEFAULT '',
        dismissed_source_value TEXT NOT NULL DEFAULT '', closed_on TEXT NOT NULL DEFAULT '',
        close_evidence TEXT NOT NULL DEFAULT '', approver TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE TABLE sightings (
        run_id INTEGER NOT NULL REFERENCES runs, finding_key TEXT NOT NULL REFERENCES findings,
        PRIMARY KEY (run_id, finding_key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE events (
        id INTEGER PRIMARY KEY, finding_key TEXT NOT NULL REFERENCES findings, at TEXT NOT NULL, as_of TEXT NOT NULL,
        run_id INTEGER REFERENCES runs, file TEXT NOT NULL, who TEXT NOT NULL, event TEXT NOT NULL, old TEXT NOT NULL,
        new TEXT NOT NULL, note TEXT NOT NULL
    ) STRICT;
    CREATE INDEX events_of_finding ON events (finding_key);
    CREATE TABLE imports (sha256 TEXT PRIMARY KEY, file TEXT NOT NULL, at TEXT NOT NULL) STRICT;
    """,
    """
    CREATE TABLE light_runs (id INTEGER PRIMARY KEY, as_of TEXT NOT NULL, at TEXT NOT NULL) STRICT;
    CREATE TABLE lights (
        run_id INTEGER NOT NULL REFERENCES light_runs, household_id TEXT NOT NULL, head TEXT NOT NULL, town TEXT NOT NULL,
        village TEXT NOT NULL, light TEXT NOT NULL, reasons TEXT NOT NULL, PRIMARY KEY (run_id, household_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE light_overrides (
        household_id TEXT PRIMARY KEY, light TEXT NOT NULL, reason TEXT NOT NULL, until TEXT NOT NULL
    ) STRICT;
    CREATE TABLE light_cares (
        household_id TEXT PRIMARY KEY, measure TEXT NOT NULL, person TEXT NOT NULL, follow_up_on TEXT NOT NULL
    ) STRICT;
    CREATE TABLE light_events (
        id INTEGER PRIMARY KEY, household_id TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, file TEXT NOT NULL,
        event TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL
    ) STRICT;
    """,
    """
    ALTER TABLE coverage ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
    """,
    """
    CREATE TABLE receipts (run_id INTEGER PRIMARY KEY REFERENCES runs, receipt TEXT NOT NULL) STRICT;
    CREATE TABLE acceptances (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, as_of TEXT NOT NULL, kind TEXT NOT NULL, town TEXT NOT NULL,
        reason TEXT NOT NULL, who TEXT NOT NULL, standing INTEGER NOT NULL, digests TEXT NOT NULL
    ) STRICT;
    CREATE TABLE dead (number TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE subjects (id INTEGER PRIMARY KEY, type TEXT NOT NULL) STRICT;
    CREATE TABLE marks (
        subject_id INTEGER NOT NULL REFERENCES subjects, mark TEXT NOT NULL, value TEXT NOT NULL,
        first_as_of TEXT NOT NULL, last_as_of TEXT NOT NULL, PRIMARY KEY (subject_id, mark, value)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE grounds (
        finding_key TEXT NOT NULL REFERENCES findings, nth INTEGER NOT NULL, own INTEGER NOT NULL, kind TEXT NOT NULL,
        subject_id INTEGER REFERENCES subjects, name TEXT NOT NULL, number TEXT NOT NULL, household_id TEXT NOT NULL,
        town TEXT NOT NULL, village TEXT NOT NULL, occasion TEXT NOT NULL, filled TEXT NOT NULL,
        PRIMARY KEY (finding_key, nth)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE held_receipt (receipt TEXT NOT NULL) STRICT;
    CREATE TABLE yardsticks (
        run_id INTEGER NOT NULL REFERENCES runs, rule_id TEXT NOT NULL, yardstick TEXT NOT NULL,
        PRIMARY KEY (run_id, rule_id)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE findings ADD COLUMN subject_id INTEGER REFERENCES subjects;
    ALTER TABLE findings ADD COLUMN state_before TEXT NOT NULL DEFAULT '';
    ALTER TABLE findings ADD COLUMN unseen_because TEXT NOT NULL DEFAULT '';
    ALTER TABLE findings ADD COLUMN yardstick_changed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN accepted TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN withdrawn TEXT NOT NULL DEFAULT '';
    UPDATE findings SET state_before = coalesce((SELECT old FROM events WHERE events.finding_key = findings.finding_key
        AND event = '数据已消除' AND old <> new ORDER BY id DESC LIMIT 1), '') WHERE state IN ('待确认销号', '已销号');
    """,
    "ALTER TABLE grounds ADD COLUMN among INTEGER NOT NULL DEFAULT 1;",
)


@contextmanager
def open_ledger(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the ledger, created or migrated as needed; use :func:`transaction` to write."""
    # an earlier version may have left it, its journal and its copies to all users
    take_from_others(path.parent.glob(f"{glob.escape(path.stem)}*{path.suffix}*"))
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA foreign_keys = ON")
            _migrate(connection, path)
            yield connection
    except sqlite3.DatabaseError as error:
        raise _explained(error, path) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything inside is written, or nothing. Waits ``PATIENCE`` seconds for another writer, then says who it is."""
    connection.execute("BEGIN IMMEDIATE")
    note = holder_note(Path(connection.execute("PRAGMA database_list").fetchone()["file"]))
    try:
        with suppress(OSError):  # a courtesy to who waits; the lock itself is SQLite's
            note.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}), encoding="utf-8")
        yield
    except BaseException:
        if connection.in_transaction:  # SQLite has already rolled back after an I/O error
            connection.execute("ROLLBACK")
        raise
    else:
        connection.execute("COMMIT")
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)


def holder_note(path: Path) -> Path:
    """Where a writer says who it is; one left behind by a killed program means nothing."""
    return path.with_name(f".{path.stem}.占用")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == len(MIGRATIONS):
        return
    with transaction(connection):
        version = _version(connection)  # another program may just have done it
        if version > len(MIGRATIONS):
            raise FupinError("台账文件由更新版本的 fupin 写成", where=str(path), cure="升级 fupin 后再打开")
        if 0 < version < len(MIGRATIONS):
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(_backup(path, version))) as copy:
                source.backup(copy)
        for script in MIGRATIONS[version:]:
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _backup(path: Path, version: int) -> Path:
    return path.with_name(f"{path.stem}-备份-版本{version}{path.suffix}")


def _explained(error: sqlite3.DatabaseError, path: Path) -> FupinError:
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return FupinError(f"台账正被{_holder(path)}使用", where=str(path), cure="等它结束后重新运行")
    if code.startswith("SQLITE_FULL"):
        return FupinError("磁盘已满，台账没有改动", where=str(path), cure="清理磁盘后重新运行")
    if code.startswith("SQLITE_IOERR"):
        return FupinError("读写台账文件出错，台账没有改动", where=str(path), cure="检查磁盘空间和磁盘状态后重新运行")
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return FupinError("台账文件不能写入", where=str(path), cure="检查文件夹权限")
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return FupinError("台账文件已损坏或不是台账", where=str(path), cure="用备份替换后重新运行")
    raise error


def _holder(path: Path) -> str:
    note = holder_note(path)
    try:
        who = json.loads(note.read_text(encoding="utf-8"))
        since = datetime.fromtimestamp(note.stat().st_mtime)
        return f"另一个 fupin（电脑 {who['host']}，进程号 {who['pid']}，{since:%H:%M:%S} 开始）"
    except (OSError, ValueError, KeyError):
        return "另一个程序"
