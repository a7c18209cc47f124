"""Receipts of the runs (收件登记), and people's words that a doubt is none (核实)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.receipt.model import Acceptance, Receipt

_NEWEST = (
    "SELECT receipt FROM receipts JOIN runs ON runs.id = run_id WHERE as_of <= ? AND withdrawn = ''"
    " ORDER BY as_of DESC, runs.id DESC"
)


def save_receipt(connection: sqlite3.Connection, run_id: int, receipt: str) -> None:
    """Keep a run's receipt (JSON), in place of the one it had and of one that was held; nothing where a run has none."""
    connection.execute("DELETE FROM held_receipt")
    if receipt:
        connection.execute("INSERT OR REPLACE INTO receipts VALUES (?, ?)", (run_id, receipt))


@contextmanager
def holding_receipt(path: Path, receipt: str) -> Iterator[None]:
    """Keep the receipt of a run that the ledger did not take, so that people can say what they know of its lists; kept only if
    the block ends well."""
    with open_ledger(path) as connection, transaction(connection):
        connection.execute("DELETE FROM held_receipt")
        connection.execute("INSERT INTO held_receipt VALUES (?)", [receipt])
        yield


def newest_receipt(path: Path) -> Receipt | None:
    """The receipt of the last run, also of one that the ledger did not take, with the doubts lifted that people have lifted."""
    if not path.exists():
        return None
    with open_ledger(path) as connection:
        held = connection.execute("SELECT receipt FROM held_receipt").fetchone()
        if held is not None:
            return Receipt.from_json(held[0]).with_words(_acceptances(connection))
    return last_receipt(path, date.max)


def last_receipt(path: Path, as_of: date, inputs: str = "") -> Receipt | None:
    """The newest receipt up to a day, with the doubts lifted that people have lifted since.

    Not that of a run of the same day with the same ``inputs``: compared once more they are judged as they were before.
    """
    if not path.exists():
        return None
    with open_ledger(path) as connection:
        for (text,) in connection.execute(_NEWEST, [as_of.isoformat()]):
            receipt = Receipt.from_json(text)
            if (receipt.as_of, receipt.inputs) != (as_of, inputs):
                return receipt.with_words(_acceptances(connection))
    return None


def read_acceptances(path: Path) -> tuple[Acceptance, ...]:
    """Every word ever given, oldest first."""
    if not path.exists():
        return ()
    with open_ledger(path) as connection:
        return _acceptances(connection)


def add_acceptance(path: Path, word: Acceptance) -> None:
    """Keep a word."""
    values = (
        word.at, word.as_of, word.kind, word.town, word.reason, word.who, int(word.standing), " ".join(word.digests)
    )  # fmt: skip
    with open_ledger(path) as connection, transaction(connection):
        columns = "at, as_of, kind, town, reason, who, standing, digests"
        connection.execute(f"INSERT INTO acceptances ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def _acceptances(connection: sqlite3.Connection) -> tuple[Acceptance, ...]:
    rows = connection.execute("SELECT * FROM acceptances ORDER BY id")
    return tuple(
        Acceptance(
            row["kind"], row["town"], row["reason"], row["who"], row["at"], row["as_of"], bool(row["standing"]),
            tuple(row["digests"].split()),
        )
        for row in rows
    )  # fmt: skip
