"""The life of one finding (问题的来龙去脉): its events, and the runs that saw it unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fupin_cli.ledger.database import open_ledger

STILL_THERE = "仍存在"


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when it was written (``at``), by a run (``as_of``) or by ``who`` (from ``file``)."""

    at: str
    as_of: str
    who: str
    file: str
    event: str
    old: str
    new: str
    note: str


def life_of(path: Path, key: str) -> list[Entry]:
    """Everything that happened to the finding, in the order it was written."""
    query = """
        SELECT at, as_of, who, file, event, old, new, note, id FROM events WHERE finding_key = :key
        UNION ALL
        SELECT at, as_of, '', '', :still_there, '', '', '', 0 FROM runs
        WHERE withdrawn = '' AND (runs.id, :key) IN (SELECT run_id, finding_key FROM sightings)
            AND NOT EXISTS (SELECT 1 FROM events WHERE events.finding_key = :key AND events.run_id = runs.id)
        ORDER BY at, id
    """
    with open_ledger(path) as connection:
        rows = connection.execute(query, {"key": key, "still_there": STILL_THERE}).fetchall()
    return [Entry(*tuple(row)[:-1]) for row in rows]
