"""Enter problem lists of others (考核反馈、巡视、审计、督查 …) into the ledger, under their origin."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fupin_cli.errors import FupinError
from fupin_cli.fields.places import Places
from fupin_cli.findings import COLUMNS
from fupin_cli.intake.forms import form_files, may_be_left
from fupin_cli.ledger.actions import EVENTS, FIELDS
from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.ledger.external import Problem, owner_of, read_external
from fupin_cli.ledger.form_values import Remark
from fupin_cli.ledger.moves import COMPARISON, EVENT_COLUMNS, FOUND
from fupin_cli.ledger.query import units_within
from fupin_cli.ledger.states import CONFIRMED, NEW, REPORTED
from fupin_cli.ledger.units import with_units


@dataclass
class Entered:
    """What became of one file: problems that are ``new``, those ``known`` from before, rows that hold no problem."""

    file: str
    new: int = 0
    known: int = 0
    headings: int = 0
    refused: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)


def import_external(
    ledger: Path,
    files: Sequence[Path],
    origin: str,
    towns: Mapping[str, Sequence[str]],
    at: str,
    *,
    units: Mapping[str, str],
) -> list[Entered]:
    """Enter the problems of ``files`` in one transaction; ``towns``: town → villages; ``at``: ISO time.

    ``units``: name → unit of those known besides the ones in the ledger.

    A problem the ledger already has from ``origin`` stays as it is. One that comes with a measure, a person or a due
    date is 属实·整改中, one that is said to be done 已整改待复核, a bare one 待核实.
    """
    if not origin.strip() or origin.strip() == COMPARISON:
        raise FupinError("要写明问题来自哪里", where="--origin", cure="写考核反馈、巡视、审计、督查等")
    places, origin = Places(towns), origin.strip()
    outcomes, lists = [], []
    for name, path in form_files(files).items():
        entered = Entered(name)
        outcomes.append(entered)
        try:
            found = read_external(path, name, origin, places)
        except FupinError as error:
            told = entered.notes if may_be_left(path, files) else entered.refused
            told.append(Remark(error.where or name, f"{error.message}；处理办法：{error.cure}"))
            continue
        entered.headings, entered.refused, entered.notes = found.headings, found.refused, found.notes
        lists.append((entered, found.problems))
    with open_ledger(ledger) as connection, transaction(connection):
        known = with_units(units, units_within(connection))
        for entered, problems in lists:
            for problem in problems:
                owner, questions = owner_of(problem, places, known)
                new = _enter(connection, problem, owner, origin, entered.file, at)
                entered.new += new
                entered.known += not new
                entered.notes += questions if new else []
    return outcomes


def _enter(connection: sqlite3.Connection, problem: Problem, owner: str, origin: str, file: str, at: str) -> bool:
    """Insert the finding and its events; false where the ledger has it."""
    state = REPORTED if problem.plan.get("done_on") else CONFIRMED if problem.plan else NEW
    day = at[:10]
    values = {
        **dict.fromkeys((*COLUMNS, "sources"), ""), **problem.facts, **problem.plan,
        "owner": owner, "origin": origin, "state": state, "first_as_of": day, "last_as_of": day,
    }  # fmt: skip
    columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    inserted = connection.execute(
        f"INSERT OR IGNORE INTO findings ({columns}, times_seen, present) VALUES ({marks}, 1, 1)", values
    )
    if not inserted.rowcount:
        return False
    words = [(FOUND, "", NEW), *((FIELDS[name], "", value) for name, value in problem.plan.items())]
    words += [(EVENTS[state], NEW, state)] if state != NEW else []
    key = problem.facts["finding_key"]
    connection.executemany(
        f"INSERT INTO events ({EVENT_COLUMNS}) VALUES (?, ?, ?, NULL, ?, ?, ?, ?, ?, '')",
        [(key, at, day, file, origin, *word) for word in words],
    )
    return True
