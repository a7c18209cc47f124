"""Small registers and rolls for linkage tests: people and records given by what they say."""

from __future__ import annotations

from typing import Any

import polars as pl

from fupin_cli.linkage.decisions import Decided
from fupin_cli.linkage.link import Linked, link_tables

ID = "460108198001011015"  # valid in form
OTHER = "46010819800101104X"
KIND = "education.enrolment"
COLUMNS = {
    "rid": pl.Int64, "household_id": pl.String, "name": pl.String, "id_number": pl.String,
    "id_number_key": pl.String, "id_number_status": pl.String, "birth": pl.Int64, "village": pl.String,
    "town": pl.String, "phone": pl.String, "sex": pl.String, "birth_date": pl.String, "birth_date_day": pl.Int64,
    "source_file": pl.String, "source_sheet": pl.String, "source_row": pl.Int64,
}  # fmt: skip


def person(name: str = "陈一", number: str | None = ID, status: str = "valid", **more: Any) -> dict[str, Any]:
    key = number if status in ("valid", "repaired", "upgraded15", "disability20") else None
    born = int(key[6:14]) if key else None
    return {"name": name, "id_number": number, "id_number_key": key, "id_number_status": status, "birth": born, **more}


def numberless(name: str = "陈一", born: str = "", **more: Any) -> dict[str, Any]:
    """A record without a number; ``born`` as 1980-01-01."""
    day = {"birth_date": born, "birth_date_day": 1} if born else {}
    return person(name, None, "missing", **day, **more)


def tables(persons: list[dict[str, Any]], records: list[dict[str, Any]]) -> dict[str, pl.LazyFrame]:
    register = [
        {"rid": at, "source_file": "台账", "source_sheet": "表", "source_row": at, **row}
        for at, row in enumerate(persons, 1)
    ]
    roll = [
        {"rid": 100 + at, "source_file": "名单", "source_sheet": "表", "source_row": at, **row}
        for at, row in enumerate(records, 1)
    ]
    named = {"register.persons": register, KIND: roll}
    return {kind: pl.LazyFrame(rows, schema=COLUMNS) for kind, rows in named.items()}


def link(
    persons: list[dict[str, Any]], records: list[dict[str, Any]], decided: Decided | None = None, snapshot: bool = True
) -> Linked:
    return link_tables(tables(persons, records), frozenset({KIND} if snapshot else ()), decided)


def decided(linked: Linked) -> list[tuple[int, str, str]]:
    return list(linked.links.select("pid", "state", "level").iter_rows())
