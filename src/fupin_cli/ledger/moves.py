"""The steps of an update, each one statement over all findings.

The temporary table ``fired`` holds what the run found (``is_new``: unknown so far), ``moves`` what becomes of each
known finding whose state or presence changes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from fupin_cli.ledger.evidence import Reason
from fupin_cli.ledger.facts import FACTS
from fupin_cli.ledger.states import (
    CLOSED,
    DISMISSED,
    LOSES_SIGHT,
    NEW,
    RELAPSED,
    UNSEEN,
    WAITING,
    WHEN_CLEARED,
    WITHDRAWN,
)

COMPARISON = "比对"  # origin of what runs find; findings of any other origin are never cleared by a run
FOUND, CHANGED, CLEARED, AGAIN, RELAPSE, REOPENED = "发现", "内容变化", "数据已消除", "再次出现", "反弹", "重新核实"
LOST = UNSEEN  # the event of losing sight of a finding
# Words of a finding whose change is worth an event.
TITLES = {
    "severity": "级别", "household_id": "户编号", "person_no": "人编号", "name": "姓名", "id_number": "证件号码",
    "town": "镇", "village": "村", "owner": "责任单位", "title": "问题", "detail": "问题详情",
    "register_value": "台账记录", "source_value": "行业记录",
}  # fmt: skip
EVENT_COLUMNS = "finding_key, at, as_of, run_id, file, who, event, old, new, note"


@dataclass(frozen=True)
class RunKey:
    """A run as its events name it."""

    run_id: int
    as_of: str
    at: str
    arrived: frozenset[str]
    short: frozenset[tuple[str, str]] = frozenset()

    def has_all(self, sources: str, town: str) -> bool:
        """Whether every source of a finding's evidence arrived, with the finding's town (any town where it has none)."""
        kinds = set(sources.split())
        return kinds <= self.arrived and not any(kind in kinds and town in ("", gap) for kind, gap in self.short)

    @property
    def values(self) -> Mapping[str, str | int]:
        return {"run": self.run_id, "as_of": self.as_of, "at": self.at}


def load_fired(connection: sqlite3.Connection, findings: pl.DataFrame, subjects: Mapping[str, int]) -> None:
    """Fill ``fired`` with findings under the ledger's keys and make an empty ``moves``; ``subjects``: key → subject."""
    connection.execute(f"CREATE TEMP TABLE fired (finding_key PRIMARY KEY, {', '.join(FACTS[1:])}, subject_id, is_new)")
    connection.executemany(
        f"INSERT INTO fired VALUES ({', '.join('?' * len(FACTS))}, ?, NULL)",
        ((*row, subjects.get(row[0])) for row in findings.select(FACTS).sort("finding_key").iter_rows()),
    )
    connection.execute("UPDATE fired SET is_new = finding_key NOT IN (SELECT finding_key FROM main.findings)")
    connection.execute("CREATE TEMP TABLE moves (finding_key PRIMARY KEY, event, old, new, note, yardstick DEFAULT 0)")


def plan_fired(connection: sqlite3.Connection, run: RunKey) -> None:
    """Known findings that fire again: relapses, returns, dismissals that no longer hold.

    A finding closed after it was seen at this same date stays closed: the data are not newer than the closing. One that
    a withdrawn run had raised is found as if for the first time.
    """
    where_it_was = f"coalesce(nullif(state_before, ''), '{NEW}')"
    facts_changed = "(fired.register_value <> dismissed_register_value OR fired.source_value <> dismissed_source_value)"
    term_over = "(dismissed_until <> '' AND dismissed_until < :as_of)"
    connection.execute(
        f"""
        INSERT INTO moves (finding_key, event, old, new, note)
        SELECT finding_key,
            CASE WHEN known.state = '{DISMISSED}' AND ({facts_changed} OR {term_over}) THEN '{REOPENED}'
                 WHEN known.state = '{CLOSED}' AND cleared_as_of <> :as_of AND last_as_of < :as_of THEN '{RELAPSE}'
                 WHEN known.state = '{WITHDRAWN}' THEN '{FOUND}'
                 ELSE '{AGAIN}' END AS event,
            known.state,
            CASE WHEN known.state = '{DISMISSED}' AND ({facts_changed} OR {term_over}) THEN '{NEW}'
                 WHEN known.state = '{WITHDRAWN}' THEN '{NEW}'
                 WHEN known.state IN ('{WAITING}', '{UNSEEN}') OR known.state = '{CLOSED}' AND cleared_as_of = :as_of
                     THEN {where_it_was}
                 WHEN known.state = '{CLOSED}' AND last_as_of < :as_of THEN '{RELAPSED}'
                 ELSE known.state END AS new,
            CASE WHEN known.state <> '{DISMISSED}' THEN '' WHEN {facts_changed} THEN '不属实认定后事实有变化'
                 WHEN {term_over} THEN '不属实认定的期限已过' ELSE '' END
        FROM fired JOIN findings AS known USING (finding_key)
        WHERE new <> known.state OR NOT known.present
        """,
        run.values,
    )


def write_changes(connection: sqlite3.Connection, run: RunKey) -> None:
    """An event for every known finding whose words changed, with the old and the new ones."""
    differs = " OR ".join(f"known.{name} <> fired.{name}" for name in TITLES)
    old, new = (
        " || ".join(
            f"iif(known.{name} <> fired.{name}, '{title}：' || {side}.{name} || '；', '')"
            for name, title in TITLES.items()
        )
        for side in ("known", "fired")
    )
    connection.execute(
        f"""
        INSERT INTO events ({EVENT_COLUMNS})
        SELECT finding_key, :at, :as_of, :run, '', '', '{CHANGED}', rtrim({old}, '；'), rtrim({new}, '；'), ''
        FROM fired JOIN findings AS known USING (finding_key) WHERE {differs}
        """,
        run.values,
    )


def write_new(connection: sqlite3.Connection, run: RunKey) -> None:
    """Enter what was unknown as 待核实, and note which findings this run saw."""
    columns = ", ".join((*FACTS, "subject_id"))
    connection.execute(
        f"""
        INSERT INTO findings ({columns}, origin, state, first_as_of, last_as_of, times_seen, present)
        SELECT {columns}, '{COMPARISON}', '{NEW}', :as_of, :as_of, 1, 1 FROM fired WHERE is_new
        """,
        run.values,
    )
    connection.execute(
        f"""
        INSERT INTO events ({EVENT_COLUMNS})
        SELECT finding_key, :at, :as_of, :run, '', '', '{FOUND}', '', '{NEW}', '' FROM fired WHERE is_new
        """,
        run.values,
    )
    connection.execute("INSERT INTO sightings SELECT :run, finding_key FROM fired ORDER BY finding_key", run.values)


def write_seen(connection: sqlite3.Connection, run: RunKey) -> None:
    """Known findings that fire take the words of this run; ``times_seen`` counts dates of comparison."""

    def outstanding(known: str, now: str) -> str:
        """Sources a finding rests on: those of this run, and earlier ones that did not arrive this time."""
        return now if known == now else " ".join(sorted(set(known.split()) - run.arrived | set(now.split())))

    connection.create_function("outstanding", 2, outstanding, deterministic=True)
    facts = ", ".join(f"{name} = fired.{name}" for name in FACTS[1:] if name != "sources")
    connection.execute(
        f"""
        UPDATE findings SET {facts}, subject_id = coalesce(fired.subject_id, findings.subject_id),
            sources = outstanding(findings.sources, fired.sources),
            times_seen = times_seen + (last_as_of < :as_of), last_as_of = :as_of, present = 1
        FROM fired WHERE findings.finding_key = fired.finding_key AND NOT is_new
        """,
        run.values,
    )


def add_history(connection: sqlite3.Connection, run: RunKey) -> None:
    """What an older run adds to findings already known: when and how often they were seen, nothing else."""
    seen_that_day = """EXISTS (SELECT 1 FROM runs CROSS JOIN sightings ON sightings.run_id = runs.id
        WHERE runs.as_of = :as_of AND sightings.finding_key = findings.finding_key)"""
    connection.execute(
        f"""
        UPDATE findings SET first_as_of = min(first_as_of, :as_of), times_seen = times_seen + NOT {seen_that_day}
        FROM fired WHERE findings.finding_key = fired.finding_key
        """,
        run.values,
    )


def missed(connection: sqlite3.Connection, run: RunKey, towns: Mapping[int, Collection[str]]) -> list[sqlite3.Row]:
    """Findings that no longer fire, where the run checked their rule for their town and all their sources arrived; and those
    that nobody could see before. ``towns``: subject → where it is in this run.

    A finding of no town is only missed where no town went unchecked; one whose subject moved, where the run looked in both
    towns.
    """
    connection.create_function("arrived", 2, run.has_all, deterministic=True)
    rows = connection.execute(
        f"""
        SELECT known.* FROM findings AS known
        JOIN coverage AS district ON district.run_id = :run AND district.rule_id = known.rule_id AND district.town = ''
        LEFT JOIN coverage AS own ON own.run_id = :run AND own.rule_id = known.rule_id AND own.town = known.town
        WHERE (present OR state = '{UNSEEN}') AND origin = '{COMPARISON}'
            AND coalesce(own.checked, district.checked) AND arrived(sources, known.town)
            AND NOT EXISTS (SELECT 1 FROM sightings WHERE run_id = :run AND sightings.finding_key = known.finding_key)
            AND (known.town <> '' OR NOT EXISTS (
                SELECT 1 FROM coverage WHERE run_id = :run AND rule_id = known.rule_id AND NOT checked))
        ORDER BY known.finding_key
        """,
        run.values,
    ).fetchall()
    query = "SELECT rule_id, town FROM coverage WHERE run_id = :run AND NOT checked"
    unchecked = {tuple(row) for row in connection.execute(query, run.values)}
    return [
        row for row in rows
        if not any(
            (row["rule_id"], town) in unchecked or not run.has_all(row["sources"], town)
            for town in towns.get(row["subject_id"], ())
        )
    ]  # fmt: skip


def plan_missed(connection: sqlite3.Connection, findings: Iterable[sqlite3.Row], doubts: Mapping[str, Reason]) -> None:
    """What becomes of them: put right, as the data show (数据已消除), or out of sight (证据不在)."""
    moves = []
    for row in findings:
        key, state, reason = row["finding_key"], row["state"], doubts.get(row["finding_key"])
        if reason is None:
            before = row["state_before"] if state == UNSEEN else state
            moves.append((key, CLEARED, state, WHEN_CLEARED.get(before, state), "", 0))
        elif state in LOSES_SIGHT or (state == UNSEEN and row["unseen_because"] != reason.text):
            moves.append((key, LOST, state, UNSEEN, reason.text, int(reason.yardstick)))
    connection.executemany("INSERT INTO moves VALUES (?, ?, ?, ?, ?, ?)", moves)


def write_moves(connection: sqlite3.Connection, run: RunKey) -> None:
    """An event for each move, and its state; a relapse begins anew, what was reported and closed stays in the events."""
    connection.execute(
        f"""
        INSERT INTO events ({EVENT_COLUMNS})
        SELECT finding_key, :at, :as_of, :run, '', '', event, old, new, note FROM moves ORDER BY finding_key
        """,
        run.values,
    )
    remembered = f"iif(old <> new AND old <> '{UNSEEN}', old, state_before)"
    connection.execute(
        f"""
        UPDATE findings SET state = new, present = 0, cleared_as_of = :as_of, state_before = {remembered},
            unseen_because = '', yardstick_changed = 0,
            closed_on = iif(old <> new AND new = '{CLOSED}', :as_of, closed_on),
            close_evidence = iif(old <> new AND new = '{CLOSED}', '数据比对已消除', close_evidence)
        FROM moves WHERE findings.finding_key = moves.finding_key AND event = '{CLEARED}'
        """,
        run.values,
    )
    connection.execute(
        f"""
        UPDATE findings SET state = new, present = 0, state_before = {remembered}, unseen_because = note,
            yardstick_changed = yardstick
        FROM moves WHERE findings.finding_key = moves.finding_key AND event = '{LOST}'
        """
    )
    connection.execute(
        f"""
        UPDATE findings SET state = new, relapses = relapses + (event = '{RELAPSE}'), state_before = '',
            unseen_because = '', yardstick_changed = 0,
            first_as_of = iif(event = '{FOUND}', :as_of, first_as_of),
            due_on = iif(event = '{RELAPSE}', '', due_on), done_on = iif(event = '{RELAPSE}', '', done_on),
            progress = iif(event = '{RELAPSE}', '', progress), reported_by = iif(event = '{RELAPSE}', '', reported_by),
            closed_on = iif(new = '{CLOSED}', closed_on, ''),
            close_evidence = iif(new = '{CLOSED}', close_evidence, ''), approver = iif(new = '{CLOSED}', approver, '')
        FROM moves WHERE findings.finding_key = moves.finding_key AND event NOT IN ('{CLEARED}', '{LOST}')
        """,
        run.values,
    )
