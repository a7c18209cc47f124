"""Take the last run back (撤回比对): the ledger as if it had not been, with what people did since; its history stays readable."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fupin_cli.errors import FupinError
from fupin_cli.ledger.actions import EVENTS, FIELDS, UNDONE
from fupin_cli.ledger.backups import backup_before
from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.ledger.moves import EVENT_COLUMNS
from fupin_cli.ledger.selection import need_ledger
from fupin_cli.ledger.states import STANDING, WITHDRAWN

TAKEN_BACK = "撤回比对"
# Columns that people fill in, or that go with the state they chose.
OF_PEOPLE = (*FIELDS, "dismissed_register_value", "dismissed_source_value")
WITH_STATE = ("state", "state_before", "unseen_because", "yardstick_changed")
# Rows that name no run, and whose they are: what the run changed of those known before goes; whoever is new stays known.
REPLACED = {"marks": "subject_id IN (SELECT id FROM before.subjects)",
            "grounds": "finding_key IN (SELECT finding_key FROM before.findings)", "dead": "true"}  # fmt: skip


@dataclass(frozen=True)
class Undone:
    """The run that was taken back: its date and output folder; findings ``withdrawn`` that it had raised, and those ``restored``."""

    as_of: str
    out: str
    withdrawn: int
    restored: int


def undo_run(path: Path, *, reason: str, who: str, at: str) -> Undone:
    """Take back the run that the ledger took last; ``at``: ISO time."""
    need_ledger(path)
    with open_ledger(path) as connection:
        run = _last_run(connection)
        copy = backup_before(path, run["id"], run["as_of"])
        with open_ledger(copy):  # of today's schema
            pass
        connection.execute("ATTACH ? AS before", [str(copy)])
        try:
            with transaction(connection):
                if _last_run(connection)["id"] != run["id"]:
                    raise FupinError("撤回时又有一次比对记入台账，没有撤回", cure="重新运行")
                counts = _take_back(connection, run, reason, who, at)
        finally:
            with suppress(sqlite3.OperationalError):  # it goes with the connection
                connection.execute("DETACH before")
    return Undone(run["as_of"], run["out"], *counts)


def _last_run(connection: sqlite3.Connection) -> sqlite3.Row:
    row = connection.execute(f"SELECT id, as_of, out FROM runs WHERE {STANDING} ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        raise FupinError("台账里没有可以撤回的比对", cure="用 fupin round status 或输出文件夹核对")
    found: sqlite3.Row = row
    return found


def _take_back(connection: sqlite3.Connection, run: sqlite3.Row, reason: str, who: str, at: str) -> tuple[int, int]:
    states = dict(connection.execute("SELECT finding_key, state FROM main.findings"))
    known = {key for (key,) in connection.execute("SELECT finding_key FROM before.findings")}
    raised = "SELECT DISTINCT finding_key FROM main.events WHERE run_id = ? AND event = '发现'"
    new = {key for (key,) in connection.execute(raised, [run["id"]])} - known
    connection.execute("DELETE FROM main.sightings WHERE run_id = ?", [run["id"]])
    _restore(connection, known & states.keys())
    connection.executemany(
        f"UPDATE main.findings SET state = '{WITHDRAWN}', present = 0, times_seen = 0, last_as_of = '', state_before = '',"
        " unseen_because = '', yardstick_changed = 0 WHERE finding_key = ?",
        [(key,) for key in sorted(new)],
    )
    for table, known_before in REPLACED.items():
        connection.execute(f"DELETE FROM main.{table} WHERE {known_before}")
        connection.execute(f"INSERT INTO main.{table} SELECT * FROM before.{table}")
    words = f"{reason}（{who}，{at[:10]}）"
    connection.execute("UPDATE main.runs SET withdrawn = ?, round = '' WHERE id = ?", [words, run["id"]])
    after = dict(connection.execute("SELECT finding_key, state FROM main.findings"))
    moved = sorted(key for key in after if states[key] != after[key] or key in new)
    connection.executemany(
        f"INSERT INTO main.events ({EVENT_COLUMNS}) VALUES (?, ?, ?, ?, '', ?, '{TAKEN_BACK}', ?, ?, ?)",
        [(key, at, run["as_of"], run["id"], who, states[key], after[key], reason) for key in moved],
    )
    return len(new), len(moved) - len(new)


def _restore(connection: sqlite3.Connection, keys: Iterable[str]) -> None:
    """Findings known before take back what they were; what people said since stays, with the state they chose."""
    since = connection.execute("SELECT coalesce(max(id), 0) FROM before.events").fetchone()[0]
    touched, decided = set(), set()
    query = "SELECT finding_key, event FROM main.events WHERE id > ? AND run_id IS NULL"
    for key, event in connection.execute(query, [since]):
        touched.add(key)
        if event in (*EVENTS.values(), UNDONE):
            decided.add(key)
    withdrawn = f"SELECT finding_key FROM before.findings WHERE state = '{WITHDRAWN}'"
    decided -= {key for (key,) in connection.execute(withdrawn)}  # they were nobody's to decide
    columns = [row["name"] for row in connection.execute("PRAGMA main.table_info(findings)")]
    columns.remove("finding_key")
    own = [name for name in columns if name not in OF_PEOPLE]
    for chosen, names in (
        ([key for key in keys if key not in touched], columns),
        ([key for key in keys if key in touched - decided], own),
        ([key for key in keys if key in decided], [name for name in own if name not in WITH_STATE]),
    ):
        values = ", ".join(f"{name} = old.{name}" for name in names)
        connection.executemany(
            f"UPDATE main.findings SET {values} FROM before.findings AS old"
            " WHERE main.findings.finding_key = ? AND old.finding_key = main.findings.finding_key",
            [(key,) for key in sorted(chosen)],
        )
