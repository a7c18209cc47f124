"""What people decided about candidates (人工确认), kept for ever: a later word about the same pair wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from fupin_cli.errors import FupinError
from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.ledger.selection import need_ledger
from fupin_cli.linkage.decisions import ADOPTED, PAIR, REFUSED, SCHEMA

WITHDRAWN = "撤销"
_LATEST = f"SELECT max(id) FROM decisions GROUP BY {', '.join(PAIR)}"


@dataclass(frozen=True)
class Decision:
    """One word of a reviewer: ``pair`` has the keys ``PAIR``, ``verdict`` is 采纳 or 不采纳."""

    pair: Mapping[str, Any]
    verdict: str
    person: str
    note: str = ""


def read_decisions(path: Path) -> pl.DataFrame | None:
    """Decisions in force, for linkage (columns ``SCHEMA``); ``None`` where there is no ledger yet."""
    if not path.exists():
        return None
    rows = []
    with open_ledger(path) as connection:
        for row in connection.execute(f"SELECT * FROM decisions WHERE id IN ({_LATEST}) ORDER BY id"):
            if row["verdict"] in (ADOPTED, REFUSED):
                said = f"{row['person'] or '审核人'}于{row['at'][:10]}确认" + (
                    f"：{row['note']}" if row["note"] else ""
                )
                rows.append({**{name: row[name] for name in PAIR}, "verdict": row["verdict"], "said": said})
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def keep_decisions(path: Path, decisions: Sequence[Decision], file: str, at: str) -> list[Decision]:
    """Keep what is not yet in force, in one transaction; returns what was new. ``at``: ISO time."""
    new = []
    with open_ledger(path) as connection, transaction(connection):
        known = _in_force(connection.execute(f"SELECT * FROM decisions WHERE id IN ({_LATEST})").fetchall())
        for decision in decisions:
            key = _key(decision.pair)
            if known.get(key) != decision.verdict:
                known[key] = decision.verdict
                new.append(decision)
                _insert(connection, decision, file, at)
    return new


def list_decisions(path: Path) -> list[dict[str, Any]]:
    """Every word ever said, oldest first; ``in_force`` marks those that count."""
    if not path.exists():
        return []
    with open_ledger(path) as connection:
        latest = {row[0] for row in connection.execute(_LATEST)}
        rows = connection.execute("SELECT * FROM decisions ORDER BY id").fetchall()
    return [{**dict(row), "in_force": row["id"] in latest and row["verdict"] != WITHDRAWN} for row in rows]


def withdraw_decision(path: Path, number: int, person: str, at: str) -> None:
    """Take decision ``number`` back; that too is kept."""
    need_ledger(path)
    query = f"SELECT * FROM decisions WHERE id = ? AND verdict <> ? AND id IN ({_LATEST})"
    with open_ledger(path) as connection, transaction(connection):
        row = connection.execute(query, [number, WITHDRAWN]).fetchone()
        if row is None:
            raise FupinError(f"没有编号为 {number} 的有效人工确认", cure="用 fupin link list 查看编号")
        _insert(connection, Decision({name: row[name] for name in PAIR}, WITHDRAWN, person), "", at)


def _in_force(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], str]:
    return {_key(row): row["verdict"] for row in rows}


def _key(pair: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(pair[name] for name in PAIR)


def _insert(connection: Any, decision: Decision, file: str, at: str) -> None:
    values = {"at": at, "verdict": decision.verdict, "person": decision.person, "file": file, "note": decision.note}
    values |= {name: decision.pair[name] for name in PAIR}
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT INTO decisions ({', '.join(values)}) VALUES ({marks})", values)
