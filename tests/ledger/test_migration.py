"""A ledger of version 0.2.0 opens, is copied first, and keeps every key and history through its next run."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fupin_cli.ledger import database
from fupin_cli.ledger.query import events_of
from fupin_cli.ledger.states import CONFIRMED, NEW, REPORTED, WAITING
from fupin_cli.ledger.update import Update
from tests.ledger.ledgers import ROLL, Office, finding

OLD = 4  # the schema of 0.2.0


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Three findings of 2020-05-31: confirmed, reported, gone and waiting since 2020-05-31."""
    office = Office(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", database.MIGRATIONS[:OLD])
        with database.open_ledger(office.path):
            pass
    with closing(sqlite3.connect(office.path)) as connection, connection:
        connection.execute(
            "INSERT INTO runs VALUES (1, '2020-05-31', '2020-05-31T10:00:00', 'x', '输出', '', ?)", [ROLL]
        )
        for key, state, present in (("a", CONFIRMED, 1), ("b", REPORTED, 1), ("c", WAITING, 0)):
            row = {**finding(key), "state": state, "present": present}
            office.persons[row["person_no"]] = finding(key)
            names = ", ".join(row)
            connection.execute(
                f"INSERT INTO findings ({names}, origin, first_as_of, last_as_of, times_seen)"
                f" VALUES ({', '.join('?' * len(row))}, '比对', '2020-04-30', '2020-05-31', 2)",
                list(row.values()),
            )
            connection.execute(
                "INSERT INTO events (finding_key, at, as_of, run_id, file, who, event, old, new, note)"
                " VALUES (?, '2020-04-30T10:00:00', '2020-04-30', 1, '', '', '发现', '', ?, '')",
                [key, NEW],
            )
        connection.execute(
            "INSERT INTO events (finding_key, at, as_of, run_id, file, who, event, old, new, note)"
            " VALUES ('c', '2020-05-31T10:00:00', '2020-05-31', 1, '', '', '数据已消除', ?, ?, '')",
            [CONFIRMED, WAITING],
        )
        assert connection.execute("PRAGMA user_version").fetchone() == (OLD,)
    return office


def test_keys_and_histories_go_on_under_new_numbers(old: Office) -> None:
    """The next run has other 人编号, and of all that a finding says only the person is the same."""
    for number, one in list(old.persons.items()):
        old.persons[number] = {**one, "person_no": f"新{number}"}
    again = [
        {**finding(key), "finding_key": f"raw-{key}", "person_no": f"新{finding(key)['person_no']}"} for key in "abc"
    ]
    old.persons = {one["person_no"]: one for one in again}
    update = old.run("2020-06-30", *again)
    assert update == Update(persistent=2, returned=1, keys={f"raw-{key}": key for key in "abc"})
    assert [old.state(key) for key in "abc"] == [CONFIRMED, REPORTED, CONFIRMED]
    assert {event for event, *_ in old.told("a")} == {"发现", "内容变化"}
    assert events_of(old.path, "a")["as_of"].to_list() == ["2020-04-30", "2020-06-30"]
    with closing(sqlite3.connect(old.path.with_name(f"整改台账-备份-版本{OLD}.db"))) as copy:
        assert copy.execute("SELECT count(*) FROM findings").fetchone() == (3,)


def test_what_is_gone_is_judged_by_its_person(old: Office) -> None:
    """Nobody noted what it rested on: it is put right where the person is there, out of sight where not."""
    sight = old.sight(without=(finding("b")["person_no"],))
    assert old.run("2020-06-30", sight=sight) == Update(waiting=1, unseen=1, unchanged=1)
    assert [old.state(key) for key in "abc"] == [WAITING, "证据不在", WAITING]
