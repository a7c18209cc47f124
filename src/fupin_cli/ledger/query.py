"""Reading the ledger: findings, the life of one, runs and what they covered."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from fupin_cli.ledger.database import open_ledger
from fupin_cli.ledger.joint import units_of
from fupin_cli.ledger.selection import ORDER, need_ledger
from fupin_cli.ledger.states import WITHDRAWN

NUMBERS = (
    "times_seen", "present", "relapses", "id", "run_id", "checked", "part", "subject_id", "yardstick_changed",
)  # fmt: skip


def ledger_table(path: Path) -> pl.DataFrame:
    """All columns of ``findings``, all rows but 已撤回, in printing order. Raises where there is no ledger yet."""
    need_ledger(path)
    with open_ledger(path) as connection:
        return findings_within(connection)


def findings_within(connection: sqlite3.Connection) -> pl.DataFrame:
    """:func:`ledger_table` in a transaction that has begun, for whoever changes what it reads."""
    return _read(connection, f"SELECT * FROM findings WHERE state <> ? ORDER BY {ORDER}", [WITHDRAWN])


def units_of_ledger(path: Path) -> set[str]:
    """Every unit that is or was responsible for a finding. Raises where there is no ledger yet."""
    need_ledger(path)
    with open_ledger(path) as connection:
        return units_within(connection)


def units_within(connection: sqlite3.Connection) -> set[str]:
    """:func:`units_of_ledger` in a transaction that has begun."""
    return {unit for row in connection.execute("SELECT DISTINCT owner FROM findings") for unit in units_of(row[0])}


def events_of(path: Path, key: str) -> pl.DataFrame:
    """The events of one finding, oldest first."""
    return _frame(path, "SELECT * FROM events WHERE finding_key = ? ORDER BY id", [key])


def runs_of(path: Path) -> pl.DataFrame:
    """Every run the ledger took and that was not taken back, oldest date first."""
    return _frame(path, "SELECT * FROM runs WHERE withdrawn = '' ORDER BY as_of, id")


def coverage_of(path: Path, run_id: int) -> pl.DataFrame:
    """``rule_id``, ``town`` (``""``: the district, a town where it differs), ``checked``, ``part`` (0/1) of one run."""
    query = "SELECT rule_id, town, checked, part FROM coverage WHERE run_id = ? ORDER BY rule_id, town"
    return _frame(path, query, [run_id])


def rule_states(path: Path, run_id: int) -> dict[str, str]:
    """Rule → ``checked``, ``partial`` (not all of it, or not in every town) or ``not_checked`` in one run, as the run said."""
    rows: dict[str, list[tuple[bool, bool]]] = {}
    for rule, _, checked, part in coverage_of(path, run_id).iter_rows():
        rows.setdefault(rule, []).append((bool(checked), bool(part)))
    return {rule: _state(places) for rule, places in rows.items()}


def _state(places: list[tuple[bool, bool]]) -> str:
    if any(part for _, part in places):
        return "partial"
    checked = {checked for checked, _ in places}
    return "partial" if len(checked) == 2 else "checked" if True in checked else "not_checked"


def seen_in(path: Path, run_id: int) -> list[str]:
    """Keys of the findings that fired in one run."""
    query = "SELECT finding_key FROM sightings JOIN findings USING (finding_key) WHERE run_id = ? AND state <> ?"
    return _frame(path, query, [run_id, WITHDRAWN])["finding_key"].to_list()


def sightings_of(path: Path, key: str) -> pl.DataFrame:
    """The runs in which one finding fired and that were not taken back, oldest date first."""
    query = (
        "SELECT * FROM runs WHERE withdrawn = '' AND (id, ?) IN (SELECT run_id, finding_key FROM sightings)"
        " ORDER BY as_of, id"
    )
    return _frame(path, query, [key])


def _frame(path: Path, query: str, values: Sequence[Any] = ()) -> pl.DataFrame:
    need_ledger(path)
    with open_ledger(path) as connection:
        return _read(connection, query, values)


def _read(connection: sqlite3.Connection, query: str, values: Sequence[Any]) -> pl.DataFrame:
    cursor: sqlite3.Cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description]
    rows = [tuple(row) for row in cursor]
    schema = {name: pl.Int64 if name in NUMBERS else pl.String for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row")
