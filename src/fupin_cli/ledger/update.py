"""What one run does to the ledger (台账更新), in one transaction: new, persistent, cleared, out of sight, relapsed, returned."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from fupin_cli.errors import FupinError
from fupin_cli.ledger.backups import back_up, before_run
from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.ledger.evidence import BACKFILLED, Reason, doubts_about
from fupin_cli.ledger.facts import RunFacts
from fupin_cli.ledger.memory import save_dead
from fupin_cli.ledger.moves import (
    AGAIN,
    CLEARED,
    COMPARISON,
    FOUND,
    LOST,
    RELAPSE,
    REOPENED,
    RunKey,
    add_history,
    load_fired,
    missed,
    plan_fired,
    plan_missed,
    write_changes,
    write_moves,
    write_new,
    write_seen,
)
from fupin_cli.ledger.pairing import fresh_keys, pair, problems_of_ledger, problems_of_run
from fupin_cli.ledger.receipts import save_receipt
from fupin_cli.ledger.states import CLOSED, DISMISSED, STANDING, STATES, UNSEEN, WAITING, WITHDRAWN
from fupin_cli.ledger.subjects import Subjects


@dataclass(frozen=True)
class Update:
    """What a run changed, in findings.

    ``new`` 新发现; ``persistent`` 持续 (fires again, state kept); ``closed`` 销号 and ``waiting`` 待确认销号 (the data show
    it no more); ``unseen`` 证据不在; ``relapsed`` 反弹; ``returned``: back where it was, or a dismissal that no longer holds;
    ``unchanged``: all others, by reason in ``unchanged_because``. ``repeated``: the ledger knew this very run, nothing was
    touched. ``backfilled``: an older run, history only. ``new_before``: what the run before found anew, ``None``: there is
    none. ``keys``: key of a finding of the run → the ledger's, where they differ.
    """

    new: int = 0
    persistent: int = 0
    closed: int = 0
    waiting: int = 0
    unseen: int = 0
    relapsed: int = 0
    returned: int = 0
    unchanged: int = 0
    unchanged_because: Mapping[str, int] = field(default_factory=dict, compare=False)
    repeated: bool = False
    backfilled: bool = False
    new_before: int | None = field(default=None, compare=False)
    keys: Mapping[str, str] = field(default_factory=dict)


def update_ledger(path: Path, facts: RunFacts, at: str, *, backfill: bool = False) -> Update:
    """Bring the ledger up to ``facts``; ``at``: ISO time of the run."""
    with updating_ledger(path, facts, at, backfill=backfill) as update:
        return update


@contextmanager
def updating_ledger(path: Path, facts: RunFacts, at: str, *, backfill: bool = False) -> Iterator[Update]:
    """The same, kept only if the block that is given the :class:`Update` ends well.

    A run older than the last one is refused unless ``backfill``: then it adds to the history of known findings without
    touching their states, and enters unknown ones; those the last run did not come upon wait for a person.
    """
    with open_ledger(path) as connection, transaction(connection):
        update = _updated(connection, facts, at, backfill=backfill)
        yield update
        if not update.repeated:
            back_up(path, before_run(*_newest_run(connection)))


def _newest_run(connection: sqlite3.Connection) -> tuple[int, str]:
    id, as_of = connection.execute("SELECT id, as_of FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    return id, as_of


def _updated(connection: sqlite3.Connection, facts: RunFacts, at: str, *, backfill: bool) -> Update:
    last = connection.execute(f"SELECT id, as_of, arrived FROM runs WHERE {STANDING} ORDER BY as_of DESC, id DESC")
    newest = last.fetchone()
    as_of = facts.as_of.isoformat()
    older = newest is not None and as_of < newest["as_of"]
    subjects = Subjects(connection, facts.sight, as_of)
    keys = _keys(connection, facts, subjects)
    if _repeated(connection, facts):
        _name_round(connection, facts)
        save_receipt(connection, _run_of(connection, facts), facts.receipt)
        save_dead(connection, facts.dead)
        known = f"SELECT count(*) FROM findings WHERE state <> '{WITHDRAWN}'"
        return Update(unchanged=connection.execute(known).fetchone()[0], repeated=True, keys=_changed(keys))
    if older and not backfill:
        raise too_old(as_of, newest["as_of"])
    findings = facts.findings.with_columns(pl.col("finding_key").replace_strict(keys, return_dtype=pl.String))
    grounds = facts.sight.grounds.with_columns(pl.col("finding_key").replace_strict(keys, return_dtype=pl.String))
    load_fired(connection, findings, subjects.of_findings(findings, grounds))
    run = _enter_run(connection, facts, at)
    if older:
        add_history(connection, run)
        write_new(connection, run)
        last_run = RunKey(newest["id"], newest["as_of"], at, frozenset(newest["arrived"].split()))
        unknown = missed(connection, last_run, {})
        plan_missed(connection, unknown, {row["finding_key"]: Reason(BACKFILLED) for row in unknown})
        write_moves(connection, last_run)
    else:
        plan_fired(connection, run)
        write_changes(connection, run)
        write_new(connection, run)
        write_seen(connection, run)
        gone = missed(connection, run, subjects.towns)
        plan_missed(
            connection,
            gone,
            doubts_about(connection, gone, facts, subjects),
        )
        write_moves(connection, run)
        subjects.save(grounds)
    update = _counted(connection, _changed(keys), backfilled=older)
    return update if newest is None else replace(update, new_before=_found_by(connection, newest["id"]))


def _found_by(connection: sqlite3.Connection, run_id: int) -> int:
    """How many findings a run raised."""
    query = f"SELECT count(*) FROM events WHERE run_id = ? AND event = '{FOUND}'"
    return int(connection.execute(query, [run_id]).fetchone()[0])


def _keys(connection: sqlite3.Connection, facts: RunFacts, subjects: Subjects) -> dict[str, str]:
    """Key of each finding of the run → its key in the ledger."""
    known = problems_of_ledger(connection, subjects.people, subjects.homes)
    paired = pair(known, problems_of_run(facts.findings, facts.sight))
    taken = {key for (key,) in connection.execute("SELECT finding_key FROM findings")}
    return paired | fresh_keys((key for key in sorted(facts.findings["finding_key"]) if key not in paired), taken)


def _changed(keys: Mapping[str, str]) -> dict[str, str]:
    return {key: ours for key, ours in keys.items() if key != ours}


def check_order(path: Path, as_of: str) -> None:
    """Refuse an older run before any work is done for it; whether it is a repetition only its result can tell."""
    if not path.exists():
        return
    with open_ledger(path) as connection:
        last = connection.execute(f"SELECT max(as_of) FROM runs WHERE {STANDING}").fetchone()[0]
        known = connection.execute(f"SELECT 1 FROM runs WHERE as_of = ? AND {STANDING}", [as_of]).fetchone()
    if last is not None and as_of < last and not known:
        raise too_old(as_of, last)


def too_old(as_of: str, last: str) -> FupinError:
    return FupinError(
        f"比对日期 {as_of} 早于台账中最近一次比对 {last}",
        cure="核对 --as-of；确要补录以前的比对用 --backfill，只看结果不记台账用 --no-ledger",
    )


def _repeated(connection: sqlite3.Connection, facts: RunFacts) -> bool:
    latest = connection.execute(
        f"SELECT fingerprint FROM runs WHERE as_of = ? AND {STANDING} ORDER BY id DESC", [facts.as_of.isoformat()]
    ).fetchone()
    return latest is not None and latest[0] == facts.fingerprint


def _run_of(connection: sqlite3.Connection, facts: RunFacts) -> int:
    """The run that says what ``facts`` say."""
    same = f"SELECT max(id) FROM runs WHERE as_of = ? AND fingerprint = ? AND {STANDING}"
    return int(connection.execute(same, [facts.as_of.isoformat(), facts.fingerprint]).fetchone()[0])


def _name_round(connection: sqlite3.Connection, facts: RunFacts) -> None:
    """A run that is known may get the round it belongs to afterwards; it keeps one it has."""
    if facts.round:
        named = (facts.round, facts.out, facts.as_of.isoformat(), facts.fingerprint)
        connection.execute(
            f"UPDATE runs SET round = ?, out = ? WHERE as_of = ? AND fingerprint = ? AND round = '' AND {STANDING}",
            named,
        )


def _enter_run(connection: sqlite3.Connection, facts: RunFacts, at: str) -> RunKey:
    """Register the run, what it covered, and which findings it saw."""
    as_of, arrived = facts.as_of.isoformat(), " ".join(sorted(facts.arrived))
    run_id = connection.execute(
        "INSERT INTO runs (as_of, at, fingerprint, out, round, arrived, accepted) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (as_of, at, facts.fingerprint, facts.out, facts.round, arrived, facts.accepted),
    ).lastrowid
    assert run_id is not None
    rows = [(run_id, rule, town, int(checked), int(rule in facts.partly)) for rule, town, checked in facts.coverage]
    connection.executemany("INSERT INTO coverage VALUES (?, ?, ?, ?, ?)", rows)
    used = [(run_id, rule, yardstick) for rule, yardstick in sorted(facts.yardsticks.items())]
    connection.executemany("INSERT INTO yardsticks VALUES (?, ?, ?)", used)
    save_receipt(connection, run_id, facts.receipt)
    save_dead(connection, facts.dead)
    return RunKey(run_id, as_of, at, facts.arrived, facts.short)


def _counted(connection: sqlite3.Connection, keys: Mapping[str, str], *, backfilled: bool) -> Update:
    rows = connection.execute("SELECT event, old, new, count(*) FROM moves GROUP BY event, old, new").fetchall()
    counts = {(event, old, new): number for event, old, new, number in rows}

    def total(event: str, *, into: tuple[str, ...] = STATES, moved: bool = True) -> int:
        return sum(n for (e, old, new), n in counts.items() if e == event and new in into and (old != new) == moved)

    fired, new = connection.execute("SELECT count(*), coalesce(sum(is_new), 0) FROM fired").fetchone()
    again = total(FOUND)
    relapsed, returned = total(RELAPSE), total(AGAIN) + total(REOPENED)
    closed, waiting, unseen = (
        total(event, into=(state,)) for event, state in ((CLEARED, CLOSED), (CLEARED, WAITING), (LOST, UNSEEN))
    )
    persistent = fired - new - again - relapsed - returned
    why = _unchanged(connection)
    return Update(
        new + again, persistent, closed, waiting, unseen, relapsed, returned, sum(why.values()), why,
        backfilled=backfilled, keys=keys,
    )  # fmt: skip


def _unchanged(connection: sqlite3.Connection) -> dict[str, int]:
    """Why findings neither fired nor moved → how many, most first."""
    settled = {CLOSED: CLOSED, DISMISSED: DISMISSED, WAITING: WAITING, UNSEEN: UNSEEN}
    rows = connection.execute(
        f"SELECT origin, state, count(*) FROM findings WHERE state <> '{WITHDRAWN}'"
        " AND finding_key NOT IN (SELECT finding_key FROM fired UNION SELECT finding_key FROM moves WHERE old <> new)"
        " GROUP BY 1, 2"
    )
    why = Counter[str]()
    for origin, state, number in rows:
        why["外来问题" if origin != COMPARISON else settled.get(state, "未比对")] += number
    return dict(why.most_common())
