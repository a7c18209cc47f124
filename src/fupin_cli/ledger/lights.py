"""Lights of households (三色灯) in the ledger: each day's lights, lights set by hand, and what is done (帮扶措施)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from fupin_cli.errors import FupinError
from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.privacy import uncovered

LIGHT_COLUMNS = ("household_id", "head", "town", "village", "light", "reasons")
CARE_COLUMNS = {"measure": "帮扶措施", "person": "帮扶责任人", "follow_up_on": "下次跟踪日期"}


@dataclass(frozen=True)
class CareReport:
    """What a village filled in for one household; a field that is not in ``fields`` stays as it is."""

    household_id: str
    fields: Mapping[str, str]


@contextmanager
def keeping_lights(path: Path, as_of: str, rows: Sequence[Sequence[str]], at: str) -> Iterator[bool]:
    """Keep a day's lights (rows of ``LIGHT_COLUMNS``) if the block ends well, which is told whether they are new: the same lights
    as that day's last are not kept again."""
    with open_ledger(path) as connection, transaction(connection):
        last = connection.execute("SELECT max(id) FROM light_runs WHERE as_of = ?", [as_of]).fetchone()[0]
        new = last is None or _rows_of(connection, last) != sorted(map(tuple, rows))
        if new:
            run = connection.execute("INSERT INTO light_runs (as_of, at) VALUES (?, ?)", [as_of, at]).lastrowid
            marks = ", ".join("?" * (len(LIGHT_COLUMNS) + 1))
            columns = ", ".join(LIGHT_COLUMNS)
            connection.executemany(
                f"INSERT INTO lights (run_id, {columns}) VALUES ({marks})", [(run, *row) for row in rows]
            )
        yield new


def lights_on(path: Path, as_of: str) -> pl.DataFrame:
    """The lights kept last for a day (``LIGHT_COLUMNS``); raises where that day has none."""
    if path.exists():
        with open_ledger(path) as connection:
            last = connection.execute("SELECT max(id) FROM light_runs WHERE as_of = ?", [as_of]).fetchone()[0]
            if last is not None:
                return lights_frame(_rows_of(connection, last))
    raise FupinError(
        f"没有{as_of}的三色灯", cure="先运行 fupin lights run，或用 fupin lights diff --from 写一个有的日期"
    )


def lights_frame(rows: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Rows of ``LIGHT_COLUMNS`` as a table."""
    return pl.DataFrame(rows, schema=dict.fromkeys(LIGHT_COLUMNS, pl.String), orient="row")


def light_days(path: Path) -> list[str]:
    """The days lights are kept of, oldest first."""
    if not path.exists():
        return []
    with open_ledger(path) as connection:
        return [row[0] for row in connection.execute("SELECT DISTINCT as_of FROM light_runs ORDER BY as_of")]


def overrides_of(path: Path) -> dict[str, tuple[str, str, str]]:
    """``household_id`` → light, reason, until: all that were not taken back, past ones too."""
    return {
        row[0]: (row[1], row[2], row[3])
        for row in _all(path, "SELECT household_id, light, reason, until FROM light_overrides")
    }


def cares_of(path: Path) -> dict[str, tuple[str, str, str]]:
    """``household_id`` → measure, person, follow-up day (ISO), empty where nobody said."""
    return {
        row[0]: (row[1], row[2], row[3])
        for row in _all(path, "SELECT household_id, measure, person, follow_up_on FROM light_cares")
    }


def lit_households(path: Path) -> set[str]:
    """Households that ever had a light."""
    return {row[0] for row in _all(path, "SELECT DISTINCT household_id FROM lights")}


def lights_of_household(path: Path, household_id: str) -> list[dict[str, str]]:
    """One household's light on each day, as kept last for that day, oldest first."""
    query = (
        "SELECT as_of, light, reasons FROM lights JOIN light_runs ON light_runs.id = run_id"
        " WHERE household_id = ? AND run_id IN (SELECT max(id) FROM light_runs GROUP BY as_of) ORDER BY as_of"
    )
    return [dict(row) for row in _all(path, query, [household_id])]


def light_events(path: Path, household_id: str) -> list[dict[str, str]]:
    """What people did to one household's light, oldest first."""
    query = "SELECT at, who, file, event, old, new FROM light_events WHERE household_id = ? ORDER BY id"
    return [dict(row) for row in _all(path, query, [household_id])]


def set_override(path: Path, household_id: str, light: str, reason: str, until: str, *, who: str, at: str) -> None:
    """Set a household's light by hand until a day."""
    with open_ledger(path) as connection, transaction(connection):
        old = _override(connection, household_id)
        connection.execute(
            "INSERT OR REPLACE INTO light_overrides (household_id, light, reason, until) VALUES (?, ?, ?, ?)",
            [household_id, light, reason, until],
        )
        _event(connection, household_id, at, who, "", "人工调整", old, f"{light}，至{until}，{reason}")


def clear_override(path: Path, household_id: str, *, who: str, at: str) -> None:
    """Take a light set by hand back; raises where there is none."""
    with open_ledger(path) as connection, transaction(connection):
        old = _override(connection, household_id)
        if not old:
            raise FupinError(f"户编号{household_id}没有人工调整的灯", cure="用 fupin lights history 户编号 查看")
        connection.execute("DELETE FROM light_overrides WHERE household_id = ?", [household_id])
        _event(connection, household_id, at, who, "", "撤销人工调整", old, "")


def keep_cares(path: Path, reports: Iterable[CareReport], *, who: str, at: str, file: str) -> list[str]:
    """Keep what villages filled in, an event each field that changed; returns the households that changed."""
    changed = []
    with open_ledger(path) as connection, transaction(connection):
        for report in reports:
            row = connection.execute(
                "SELECT * FROM light_cares WHERE household_id = ?", [report.household_id]
            ).fetchone()
            before = {name: row[name] if row else "" for name in CARE_COLUMNS}
            after = {**before, **{name: uncovered(said, before[name]) for name, said in report.fields.items()}}
            new = [name for name in CARE_COLUMNS if after[name] != before[name]]
            if not new:
                continue
            connection.execute(
                "INSERT OR REPLACE INTO light_cares (household_id, measure, person, follow_up_on) VALUES (?, ?, ?, ?)",
                [report.household_id, *(after[name] for name in CARE_COLUMNS)],
            )
            for name in new:
                _event(connection, report.household_id, at, who, file, CARE_COLUMNS[name], before[name], after[name])
            changed.append(report.household_id)
    return changed


def _rows_of(connection: sqlite3.Connection, run: int) -> list[tuple[str, ...]]:
    query = f"SELECT {', '.join(LIGHT_COLUMNS)} FROM lights WHERE run_id = ?"
    return sorted(tuple(row) for row in connection.execute(query, [run]))


def _all(path: Path, query: str, values: Sequence[str] = ()) -> list[sqlite3.Row]:
    if not path.exists():
        return []
    with open_ledger(path) as connection:
        return connection.execute(query, values).fetchall()


def _override(connection: sqlite3.Connection, household_id: str) -> str:
    row = connection.execute("SELECT * FROM light_overrides WHERE household_id = ?", [household_id]).fetchone()
    return f"{row['light']}，至{row['until']}，{row['reason']}" if row else ""


def _event(
    connection: sqlite3.Connection, household_id: str, at: str, who: str, file: str, event: str, old: str, new: str
) -> None:
    connection.execute(
        "INSERT INTO light_events (household_id, at, who, file, event, old, new) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [household_id, at, who, file, event, old, new],
    )
