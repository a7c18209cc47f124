"""Files already taken (已收文件), known by their content."""

from __future__ import annotations

from pathlib import Path

from fupin_cli.ledger.database import open_ledger, transaction


def taken_before(ledger: Path, sha256: str) -> str:
    """When a file of this content was taken (ISO time), or nothing."""
    with open_ledger(ledger) as connection:
        row = connection.execute("SELECT at FROM imports WHERE sha256 = ?", [sha256]).fetchone()
    return str(row[0]) if row else ""


def keep_import(ledger: Path, sha256: str, file: str, at: str) -> None:
    """Remember that a file was taken; the first time counts."""
    with open_ledger(ledger) as connection, transaction(connection):
        connection.execute("INSERT OR IGNORE INTO imports VALUES (?, ?, ?)", [sha256, file, at])
