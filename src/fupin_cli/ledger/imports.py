"""Files already taken (已收文件), known by their content; in a transaction with what is taken from them."""

from __future__ import annotations

import sqlite3


def taken_before(connection: sqlite3.Connection, sha256: str) -> str:
    """When a file of this content was taken (ISO time), or nothing."""
    row = connection.execute("SELECT at FROM imports WHERE sha256 = ?", [sha256]).fetchone()
    return str(row[0]) if row else ""


def keep_import(connection: sqlite3.Connection, sha256: str, file: str, at: str) -> None:
    """Remember that a file was taken; the first time counts."""
    connection.execute("INSERT OR IGNORE INTO imports VALUES (?, ?, ?)", [sha256, file, at])
