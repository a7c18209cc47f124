"""What the ledger remembers of the last run for the next one (上次的情况): counts of findings, and who was dead."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from fupin_cli.ledger.database import open_ledger

_COUNTS = """
    SELECT rule_id, town, count(*) FROM sightings JOIN findings USING (finding_key)
    WHERE run_id = (SELECT id FROM runs WHERE as_of <= ? AND withdrawn = '' ORDER BY as_of DESC, id DESC LIMIT 1) GROUP BY rule_id, town
"""


def counts_before(path: Path, as_of: date) -> dict[tuple[str, str], int]:
    """(rule, town) → findings of the last run up to a day."""
    if not path.exists():
        return {}
    with open_ledger(path) as connection:
        return {(rule, town): number for rule, town, number in connection.execute(_COUNTS, [as_of.isoformat()])}


def read_dead(path: Path) -> frozenset[str]:
    """ID numbers of those whom the last believed list of the dead (死亡名单) named."""
    if not path.exists():
        return frozenset()
    with open_ledger(path) as connection:
        return frozenset(number for (number,) in connection.execute("SELECT number FROM dead"))


def save_dead(connection: sqlite3.Connection, numbers: Iterable[str] | None) -> None:
    """Keep them in place of those known before; nothing where the list was not believed (``None``)."""
    if numbers is not None:
        connection.execute("DELETE FROM dead")
        connection.executemany("INSERT INTO dead VALUES (?)", [(number,) for number in sorted(numbers)])
