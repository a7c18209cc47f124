"""Take returned workbooks into the ledger (回收反馈), and say of every row what became of it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path

from fupin_cli.errors import FupinError
from fupin_cli.intake.forms import form_files, may_be_left
from fupin_cli.ledger.actions import EVENTS, FIELDS, apply_within
from fupin_cli.ledger.answers import Judged, LastWord, judge_answers
from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.ledger.feedback import Feedback, read_feedback
from fupin_cli.ledger.form_values import Remark
from fupin_cli.ledger.imports import keep_import, taken_before
from fupin_cli.ledger.query import findings_within
from fupin_cli.ledger.selection import need_ledger


@dataclass
class Outcome:
    """What became of one file: rows ``taken``, ``unchanged`` (nothing new), ``blank``; ``refused`` and ``notes``.

    ``known``: when a file of this very content was taken before; then nothing else was done.
    """

    file: str
    taken: int = 0
    unchanged: int = 0
    blank: int = 0
    refused: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    known: str = ""


def import_feedback(ledger: Path, files: Sequence[Path], at: str) -> list[Outcome]:
    """Take ``files`` together, in their order; ``at``: ISO time. One that cannot be read does not stop the others.

    The ledger is read, the answers are judged and entered in one transaction: of imports at the same time each judges what
    the one before has left.
    """
    need_ledger(ledger)
    paths = form_files(files)
    outcomes = {name: Outcome(name) for name in paths}
    read: list[Feedback] = []
    hashes: dict[str, str] = {}
    for name, path in paths.items():
        try:
            feedback = read_feedback(path, name, date.fromisoformat(at[:10]))
            hashes[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        except FupinError as error:
            told = outcomes[name].notes if may_be_left(path, files) else outcomes[name].refused
            told.append(Remark(error.where or name, f"{error.message}；处理办法：{error.cure}"))
            continue
        read.append(feedback)
    with open_ledger(ledger) as connection, transaction(connection):
        for feedback in read:
            outcomes[feedback.file].known = taken_before(connection, hashes[feedback.file])
        feedbacks = [feedback for feedback in read if not outcomes[feedback.file].known]
        for feedback in feedbacks:
            _take_over(feedback, outcomes[feedback.file])
        answers = [answer for feedback in feedbacks for answer in feedback.answers]
        judged = judge_answers(answers, findings_within(connection), _last_word(connection))
        hindered = _apply(connection, judged, outcomes, at)
        for feedback in feedbacks:
            nothing = not feedback.answers and bool(feedback.refused)  # so it says again what is wrong with it
            if feedback.file not in hindered and not nothing:
                keep_import(connection, hashes[feedback.file], feedback.file, at)
    return list(outcomes.values())


def _take_over(feedback: Feedback, outcome: Outcome) -> None:
    outcome.blank = feedback.blank
    outcome.refused += feedback.refused
    outcome.notes += feedback.notes


def _apply(connection: sqlite3.Connection, judged: Judged, outcomes: dict[str, Outcome], at: str) -> set[str]:
    """Enter what each unit says in each file.

    Returns the files of which the ledger as it stands did not take everything: they may be taken again another time.
    """
    hindered = set()
    for file, remark in judged.refused:
        outcomes[file].refused.append(remark)
        hindered.add(file)
    for file, remark in judged.notes:
        outcomes[file].notes.append(remark)
    for file, count in Counter(answer.row.file for answer in judged.unchanged).items():
        outcomes[file].unchanged += count
    order = {name: place for place, name in enumerate(outcomes)}
    moves = sorted(judged.moves, key=lambda move: order[move.answer.row.file])
    for (file, unit), group in groupby(moves, key=lambda move: (move.answer.row.file, move.answer.unit)):
        members = list(group)
        applied = apply_within(connection, [move.change for move in members], who=unit, at=at, file=file)
        rows = {move.change.finding_key: move.answer.row for move in members}
        outcomes[file].taken += len(applied.taken)
        outcomes[file].unchanged += len(applied.unchanged)
        outcomes[file].refused += [Remark(rows[key].place(), reason) for key, reason in applied.refused]
        hindered.update({file} if applied.refused else ())
    return hindered


def _last_word(connection: sqlite3.Connection) -> LastWord:
    """Who last set a field of a finding, or (``verdict``) its state."""

    def last_word(key: str, name: str) -> str:
        wanted = list(EVENTS.values()) if name == "verdict" else [FIELDS[name]]
        query = f"SELECT who FROM events WHERE finding_key = ? AND event IN ({', '.join('?' * len(wanted))})"
        row = connection.execute(f"{query} ORDER BY id DESC", [key, *wanted]).fetchone()
        return str(row[0]) if row else ""

    return last_word
