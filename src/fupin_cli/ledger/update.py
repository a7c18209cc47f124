"""What one run does to the ledger (台账更新), in one transaction: new, persistent, cleared, relapsed, returned."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from fupin_cli.errors import FupinError
from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.ledger.facts import RunFacts
from fupin_cli.ledger.memory import save_dead
from fupin_cli.ledger.moves import (
    AGAIN,
    CLEARED,
    RELAPSE,
    REOPENED,
    RunKey,
    add_history,
    load_fired,
    plan_cleared,
    plan_fired,
    write_changes,
    write_moves,
    write_new,
    write_seen,
)
from fupin_cli.ledger.receipts import save_receipt
from fupin_cli.ledger.states import CLOSED, STATES, WAITING


@dataclass(frozen=True)
class Update:
    """What a run changed, in findings.

    ``new`` 新发现; ``persistent`` 持续 (fires again, state kept); ``closed`` 销号 and ``waiting`` 待确认销号 (the data show
    it no more); ``relapsed`` 反弹; ``returned``: back where it was, or a dismissal that no longer holds; ``unchanged``: all
    others. ``repeated``: the ledger knew this very run, nothing was touched. ``backfilled``: an older run, history only.
    """

    new: int = 0
    persistent: int = 0
    closed: int = 0
    waiting: int = 0
    relapsed: int = 0
    returned: int = 0
    unchanged: int = 0
    repeated: bool = False
    backfilled: bool = False


def update_ledger(path: Path, facts: RunFacts, at: str, *, backfill: bool = False) -> Update:
    """Bring the ledger up to ``facts``; ``at``: ISO time of the run.

    A run older than the last one is refused unless ``backfill``: then it adds to the history of known findings without
    touching their states, and enters unknown ones, which the last run clears at once where it checked them.
    """
    with open_ledger(path) as connection, transaction(connection):
        before = connection.execute("SELECT count(*) FROM findings").fetchone()[0]
        if _repeated(connection, facts):
            _name_round(connection, facts)
            save_receipt(connection, _run_of(connection, facts), facts.receipt)
            save_dead(connection, facts.dead)
            return Update(unchanged=before, repeated=True)
        last = connection.execute("SELECT id, as_of, arrived FROM runs ORDER BY as_of DESC, id DESC").fetchone()
        older = last is not None and facts.as_of.isoformat() < last["as_of"]
        if older and not backfill:
            raise too_old(facts.as_of.isoformat(), last["as_of"])
        load_fired(connection, facts)
        run = _enter_run(connection, facts, at)
        if older:
            add_history(connection, run)
            write_new(connection, run)
            last_run = RunKey(last["id"], last["as_of"], at, frozenset(last["arrived"].split()))
            plan_cleared(connection, last_run)
            write_moves(connection, last_run)
        else:
            plan_fired(connection, run)
            write_changes(connection, run)
            write_new(connection, run)
            write_seen(connection, run)
            plan_cleared(connection, run)
            write_moves(connection, run)
        return _counted(connection, before, backfilled=older)


def check_order(path: Path, as_of: str) -> None:
    """Refuse an older run before any work is done for it; whether it is a repetition only its result can tell."""
    if not path.exists():
        return
    with open_ledger(path) as connection:
        last = connection.execute("SELECT max(as_of) FROM runs").fetchone()[0]
        known = connection.execute("SELECT 1 FROM runs WHERE as_of = ?", [as_of]).fetchone()
    if last is not None and as_of < last and not known:
        raise too_old(as_of, last)


def too_old(as_of: str, last: str) -> FupinError:
    return FupinError(
        f"比对日期 {as_of} 早于台账中最近一次比对 {last}",
        cure="核对 --as-of；确要补录以前的比对用 --backfill，只看结果不记台账用 --no-ledger",
    )


def _repeated(connection: sqlite3.Connection, facts: RunFacts) -> bool:
    latest = connection.execute(
        "SELECT fingerprint FROM runs WHERE as_of = ? ORDER BY id DESC", [facts.as_of.isoformat()]
    ).fetchone()
    return latest is not None and latest[0] == facts.fingerprint


def _run_of(connection: sqlite3.Connection, facts: RunFacts) -> int:
    """The run that says what ``facts`` say."""
    same = "SELECT max(id) FROM runs WHERE as_of = ? AND fingerprint = ?"
    return int(connection.execute(same, [facts.as_of.isoformat(), facts.fingerprint]).fetchone()[0])


def _name_round(connection: sqlite3.Connection, facts: RunFacts) -> None:
    """A run that is known may get the round it belongs to afterwards; it keeps one it has."""
    if facts.round:
        named = (facts.round, facts.out, facts.as_of.isoformat(), facts.fingerprint)
        connection.execute(
            "UPDATE runs SET round = ?, out = ? WHERE as_of = ? AND fingerprint = ? AND round = ''", named
        )


def _enter_run(connection: sqlite3.Connection, facts: RunFacts, at: str) -> RunKey:
    """Register the run, what it covered, and which findings it saw."""
    as_of, arrived = facts.as_of.isoformat(), " ".join(sorted(facts.arrived))
    run_id = connection.execute(
        "INSERT INTO runs (as_of, at, fingerprint, out, round, arrived) VALUES (?, ?, ?, ?, ?, ?)",
        (as_of, at, facts.fingerprint, facts.out, facts.round, arrived),
    ).lastrowid
    assert run_id is not None
    rows = [(run_id, rule, town, int(checked), int(rule in facts.partly)) for rule, town, checked in facts.coverage]
    connection.executemany("INSERT INTO coverage VALUES (?, ?, ?, ?, ?)", rows)
    save_receipt(connection, run_id, facts.receipt)
    save_dead(connection, facts.dead)
    return RunKey(run_id, as_of, at, facts.arrived, facts.short)


def _counted(connection: sqlite3.Connection, before: int, *, backfilled: bool) -> Update:
    rows = connection.execute("SELECT event, old, new, count(*) FROM moves GROUP BY event, old, new").fetchall()
    counts = {(event, old, new): number for event, old, new, number in rows}

    def total(event: str, *, into: tuple[str, ...] = STATES, moved: bool = True) -> int:
        return sum(n for (e, old, new), n in counts.items() if e == event and new in into and (old != new) == moved)

    fired, new = connection.execute("SELECT count(*), coalesce(sum(is_new), 0) FROM fired").fetchone()
    relapsed, returned = total(RELAPSE), total(AGAIN) + total(REOPENED)
    closed, waiting = total(CLEARED, into=(CLOSED,)), total(CLEARED, into=(WAITING,))
    persistent = fired - new - relapsed - returned
    known = persistent + relapsed + returned + (0 if backfilled else closed + waiting)
    return Update(new, persistent, closed, waiting, relapsed, returned, before - known, backfilled=backfilled)
