"""What people do to findings (核实、整改、销号): every change is checked against the states and leaves an event."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fupin_cli.errors import FupinError
from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.ledger.states import (
    BY_PEOPLE,
    CLOSED,
    CONFIRMED,
    DISMISSED,
    NEW,
    REPORTED,
    WITHDRAWN,
    moved,
    next_step,
)

# What people may fill in, with its title.
FIELDS = {
    "measure": "整改措施", "leader": "责任领导", "person_in_charge": "责任人", "due_on": "完成时限", "progress": "整改情况",
    "done_on": "完成日期", "reported_by": "填报人", "dismiss_reason": "不属实理由", "dismiss_evidence": "不属实佐证",
    "dismissed_until": "认定有效期", "closed_on": "销号日期", "close_evidence": "销号佐证", "approver": "销号批准人",
}  # fmt: skip
# What a state cannot do without.
REQUIRED = {
    DISMISSED: ("dismiss_reason", "dismiss_evidence"),
    REPORTED: ("done_on",),
    CLOSED: ("close_evidence", "approver"),
}
EVENTS = {
    NEW: "退回核实", CONFIRMED: "认定属实", DISMISSED: "认定不属实", REPORTED: "报告已整改", CLOSED: "销号",
}  # fmt: skip
UNDONE = "撤销销号"
NO_SUCH = "台账中没有这个问题编号"
STILL_UNSEEN = "证据仍不在，状态不变"
CLOSING = ("closed_on", "close_evidence", "approver")


@dataclass(frozen=True)
class Change:
    """One finding's new state (``None``: keep it) and fields (of ``FIELDS``; only those named change).

    ``seen_as``: the state in which it was shown to whoever decided; in another one the change is refused.
    """

    finding_key: str
    state: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    seen_as: str = ""


@dataclass(frozen=True)
class Applied:
    """Keys whose change was ``taken``, ``refused`` with the reason, or said nothing new (``unchanged``)."""

    taken: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    unchanged: tuple[str, ...]


def apply_changes(path: Path, changes: Iterable[Change], *, who: str, at: str, file: str = "") -> Applied:
    """Apply each change or refuse it, all in one transaction; ``at``: ISO time, ``file``: where they came from."""
    with open_ledger(path) as connection, transaction(connection):
        return apply_within(connection, changes, who=who, at=at, file=file)


def apply_within(
    connection: sqlite3.Connection, changes: Iterable[Change], *, who: str, at: str, file: str = ""
) -> Applied:
    """:func:`apply_changes` in a transaction that has begun."""
    taken, refused, unchanged = [], [], []
    for change in changes:
        row = _row(connection, change.finding_key)
        reason = NO_SUCH if row is None else _objection(row, change)
        if row is None or reason:
            refused.append((change.finding_key, reason))
            continue
        values = _new_values(row, change, at)
        if not values:
            unchanged.append(change.finding_key)
            continue
        _write(connection, row, values, change.note, {"who": who, "at": at, "file": file})
        taken.append(change.finding_key)
    return Applied(tuple(taken), tuple(refused), tuple(unchanged))


def undo_closing(path: Path, keys: Iterable[str], *, who: str, at: str, note: str = "") -> Applied:
    """Take closings back (撤销销号): each finding returns to the state it was closed from."""
    taken, refused = [], []
    with open_ledger(path) as connection, transaction(connection):
        for key in keys:
            row = _row(connection, key)
            if row is None or row["state"] != CLOSED:
                refused.append((key, NO_SUCH if row is None else "没有销号，无可撤销"))
                continue
            before = connection.execute(
                "SELECT old FROM events WHERE finding_key = ? AND new = ? AND old <> new ORDER BY id DESC",
                [key, CLOSED],
            ).fetchone()[0]
            values = {"state": before, **{name: "" for name in CLOSING if row[name]}}
            _write(connection, row, values, note, {"who": who, "at": at, "file": ""}, UNDONE)
            taken.append(key)
    return Applied(tuple(taken), tuple(refused), ())


def _row(connection: sqlite3.Connection, key: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = connection.execute("SELECT * FROM findings WHERE finding_key = ?", [key]).fetchone()
    return found


def _objection(row: sqlite3.Row, change: Change) -> str:
    """Why the change cannot be, or nothing."""
    unknown = set(change.fields) - set(FIELDS)
    if unknown:
        raise FupinError(f"台账没有可填的字段 {'、'.join(sorted(unknown))}")
    if row["state"] == WITHDRAWN:
        return "报出它的比对已撤回，不能再办理"
    if change.seen_as not in ("", row["state"]):
        return f"状态已由“{change.seen_as}”变为“{row['state']}”；核对后单独办理"
    if row["state"] == CLOSED and any(change.fields.get(name, row[name]) != row[name] for name in CLOSING):
        return "已经销号，要改先撤销销号"
    if change.state is None or change.state == row["state"] or _settled(row, change):
        return ""
    if change.state not in BY_PEOPLE[row["state"]]:
        return f"状态是“{row['state']}”，不能改为“{change.state}”；{next_step(row['state'], change.state)}"
    missing = [FIELDS[name] for name in REQUIRED.get(change.state, ()) if not change.fields.get(name, row[name])]
    return f"改为“{change.state}”要写明{'、'.join(missing)}" if missing else ""


def _settled(row: sqlite3.Row, change: Change) -> bool:
    """The report that a closed finding was closed on, said once more."""
    return (row["state"], change.state) == (CLOSED, REPORTED) and change.fields.get("done_on") == row["done_on"] != ""


def _new_values(row: sqlite3.Row, change: Change, at: str) -> dict[str, str]:
    """The columns that differ afterwards, with their new values."""
    values = dict(change.fields)
    if change.state is not None and change.state != row["state"] and not _settled(row, change):
        values |= moved(row["state"], change.state)
        if values.get("state") == DISMISSED:
            values["dismissed_register_value"] = row["register_value"]
            values["dismissed_source_value"] = row["source_value"]
        elif values.get("state") == CLOSED:
            values.setdefault("closed_on", values.get("done_on") or at[:10])
            if change.state == REPORTED:
                values.setdefault("close_evidence", "数据比对已消除，单位已报整改")
    return {name: value for name, value in values.items() if value != row[name]}


def _write(
    connection: sqlite3.Connection,
    row: sqlite3.Row,
    values: Mapping[str, str],
    note: str,
    source: Mapping[str, str],
    event: str = "",
) -> None:
    """The new values, an event for each field people filled in and one for the state (``event`` where it has a name)."""
    key = row["finding_key"]
    marks = ", ".join(f"{name} = :{name}" for name in values)
    connection.execute(f"UPDATE findings SET {marks} WHERE finding_key = :finding_key", {**values, "finding_key": key})
    events = [(FIELDS[name], row[name], value, note) for name, value in values.items() if name in FIELDS]
    if "state" in values:
        events.append((event or EVENTS[values["state"]], row["state"], values["state"], note))
    if "state_before" in values:
        said = values["state_before"]
        events.append((EVENTS[said], row["state_before"], said, "；".join(filter(None, (note, STILL_UNSEEN)))))
    connection.executemany(
        "INSERT INTO events (finding_key, at, as_of, file, who, event, old, new, note)"
        " VALUES (?, ?, '', ?, ?, ?, ?, ?, ?)",
        [(key, source["at"], source["file"], source["who"], *words) for words in events],
    )
