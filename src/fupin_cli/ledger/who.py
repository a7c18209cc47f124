"""Who is who (何人): the people and households that the ledger knows, and where they are in a run, however they are written.

A corrected ID number, a new 人编号 or 户编号, a move, a household split: the same subject, with one more mark.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import polars as pl

from fupin_cli.fields.resident_id import parse_id
from fupin_cli.linkage.identities import IDENTITY, identities
from fupin_cli.linkage.levels import LINK
from fupin_cli.linkage.link import find_links
from fupin_cli.linkage.names import DIFFERENT

PERSON, HOUSEHOLD = "person", "household"
MARKS = ("number", "name", "person_no", "household_id", "town", "village", "phone", "sex")
MEMBER = "member"  # the mark of a household: the number and the name of each of its people
# Who bears two equal marks is the same; the first that tells.
SURE = (("number", "name"), ("person_no", "name"), ("household_id", "name"))

_CURRENT = """
    SELECT subject_id, mark, value FROM marks JOIN subjects ON id = subject_id WHERE type = ? AND last_as_of = (
        SELECT max(last_as_of) FROM marks AS later WHERE (later.subject_id, later.mark) = (marks.subject_id, marks.mark)
    ) ORDER BY subject_id, mark, first_as_of
"""


def adopt_subjects(connection: sqlite3.Connection, as_of: str) -> None:
    """Give a subject to every finding of a person or household that has none yet: those of earlier versions of the program."""
    rows = connection.execute(
        "SELECT * FROM findings WHERE subject_id IS NULL AND origin = '比对' AND state <> '已撤回'"
        " AND subject_type IN ('person', 'household')"
        " AND NOT EXISTS (SELECT 1 FROM grounds WHERE grounds.finding_key = findings.finding_key)"
    ).fetchall()
    adopted: dict[tuple[str, ...], int] = {}
    for row in rows:
        home = row["subject_type"] == HOUSEHOLD
        marks = {"household_id": row["household_id"]} if home else _marks_of_finding(row)
        same = (
            HOUSEHOLD if home else PERSON,
            *(marks.get(name, "") for name in ("number", "name", "person_no", "household_id")),
        )
        if same not in adopted:
            adopted[same] = new_subject(connection, same[0])
            add_marks(connection, adopted[same], [*marks.items(), *([(MEMBER, _member(row))] if home else [])], as_of)
        connection.execute(
            "UPDATE findings SET subject_id = ? WHERE finding_key = ?", [adopted[same], row["finding_key"]]
        )


def _marks_of_finding(row: sqlite3.Row) -> dict[str, str]:
    names = {"number": "id_number", **{name: name for name in ("name", "person_no", "household_id", "town", "village")}}
    return {mark: row[column] for mark, column in names.items()}


def _member(row: sqlite3.Row) -> str:
    return str(row["id_number"] or row["name"])


def new_subject(connection: sqlite3.Connection, type: str) -> int:
    found = connection.execute("INSERT INTO subjects (type) VALUES (?)", [type]).lastrowid
    assert found is not None
    return found


def add_marks(
    connection: sqlite3.Connection, subject: int, marks: Iterable[tuple[str, str | None]], as_of: str
) -> None:
    """Note what a subject was seen to bear on a day."""
    connection.executemany(
        "INSERT INTO marks VALUES (?, ?, ?, ?, ?) ON CONFLICT (subject_id, mark, value) DO UPDATE"
        " SET last_as_of = max(last_as_of, excluded.last_as_of)",
        [(subject, mark, value, as_of, as_of) for mark, value in marks if value],
    )


def recognised_people(connection: sqlite3.Connection, people: pl.DataFrame) -> dict[int, int]:
    """Subject → ``pid`` of every known person that this run has, and nobody else who might be meant."""
    known: dict[int, dict[str, str]] = defaultdict(dict)
    for subject, mark, value in connection.execute(_CURRENT, [PERSON]):
        known[subject][mark] = value
    rows = [{"subject": subject, **{name: marks.get(name) for name in MARKS}} for subject, marks in known.items()]
    rest = pl.DataFrame(rows, schema={"subject": pl.Int64, **dict.fromkeys(MARKS, pl.String)})
    found: dict[int, int] = {}
    present = people.select("pid", "name", "person_no", "household_id", number=pl.coalesce("key", "number"))
    for keys in SURE:
        pairs = rest.lazy().drop_nulls(list(keys)).join(present.lazy().drop_nulls(list(keys)), on=list(keys))
        pairs = pairs.select("subject", "pid").unique().filter(pl.len().over("subject") == 1)
        found |= dict(pairs.collect().iter_rows())
        rest = rest.filter(~pl.col("subject").is_in(list(found)))
    if rest.height and people.height:
        links, _ = find_links(_as_records(rest), people.select(*IDENTITY, "pid"))
        sure = links.filter((pl.col("state") == LINK) & (pl.col("name_relation") != DIFFERENT))
        found |= dict(sure.select("rid", "pid").iter_rows())
    return found


def _as_records(known: pl.DataFrame) -> pl.DataFrame:
    """Known persons as records of a list, for the linkage to look for them."""
    numbers = [parse_id(number) for number in known["number"]]
    table = known.lazy().select(
        "name", "sex", "town", "village", "phone", "household_id", rid="subject",
        id_number=pl.Series([one.text for one in numbers], dtype=pl.String),
        id_number_key=pl.Series([one.key for one in numbers], dtype=pl.String),
        id_number_status=pl.Series([one.status for one in numbers], dtype=pl.String),
        birth=pl.Series([one.birth for one in numbers], dtype=pl.Int64),
    )  # fmt: skip
    return identities(table, "ledger.subjects")


def recognised_households(connection: sqlite3.Connection, people: pl.DataFrame) -> dict[int, str]:
    """Subject → 户编号 of every known household that this run has: where most of its people are now."""
    homes, members = {}, defaultdict(set)
    for subject, mark, value in connection.execute(_CURRENT, [HOUSEHOLD]):
        if mark == "household_id":
            homes[subject] = value
        elif mark == MEMBER:
            members[subject].add(value)
    said = sorted({one for theirs in members.values() for one in theirs})
    meant = (
        pl.col("key").is_in(said) | pl.col("number").is_in(said) | pl.col("household_id").is_in(list(homes.values()))
    )
    lived = people.filter(pl.col("household_id").is_not_null() & meant)
    now: dict[str, str] = {}
    at_home: dict[str, set[str]] = defaultdict(set)
    for home, *theirs in lived.select("household_id", "key", "number", "name").iter_rows():
        at_home[home].update(one for one in theirs if one)
        now |= {one: home for one in theirs[:2] if one}
    found = {}
    for subject in {*homes, *members}:
        votes = Counter(now[one] for one in members[subject] if one in now)
        same = homes.get(subject, "")
        if votes:
            most = max(votes.values())
            best = [home for home, count in votes.items() if count == most]
            found[subject] = same if same in best else min(best)
        elif same in at_home and at_home[same] & members[subject]:
            found[subject] = same
    return found


def person_marks(row: Mapping[str, str | None]) -> list[tuple[str, str | None]]:
    """The marks of a row of ``people``."""
    return [(name, row["key"] or row["number"] if name == "number" else row[name]) for name in MARKS]
