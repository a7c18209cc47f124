"""One household or person (一户一档): what every source says about them, with provenance and findings."""

from __future__ import annotations

from typing import Any

import polars as pl

from fupin_cli.errors import FupinError
from fupin_cli.linkage.decisions import CONFIRMED
from fupin_cli.linkage.levels import LINK, REVIEW
from fupin_cli.linkage.persons import REGISTER, WATCHLIST
from fupin_cli.linkage.review import review_rows
from fupin_cli.run import Run

IDENTITY = ("household_id", "person_no", "name", "id_number")


def dossiers(run: Run, who: str) -> list[dict[str, Any]]:
    """Persons whose household number, person number, ID number or name is ``who``, one dict each.

    Keys: the identity columns, ``town``, ``village``, ``records`` (source, place, reason of the link, fields as
    title → text), ``candidates`` (records that may be this person, not yet confirmed) and ``findings`` (rule, severity, detail). Raises when nobody is found.
    """
    persons = run.linked.persons
    text = who.strip()
    found = (
        persons.filter(pl.any_horizontal(pl.col(name).eq_missing(text) for name in IDENTITY))
        .sort("household_id", "rid")
        .collect()
    )
    if found.is_empty():
        raise FupinError("台账和监测名单里没有这个人或这一户", cure="用户编号、人编号、证件号码或姓名查找")
    return [_dossier(run, person) for person in found.iter_rows(named=True)]


def _dossier(run: Run, person: dict[str, Any]) -> dict[str, Any]:
    pid = person["pid"]
    records = []
    for kind, table in run.linked.tables.items():
        for row in table.filter(pl.col("pid") == pid).collect().iter_rows(named=True):
            records.append(_record(run, kind, row))
    open_ = review_rows(run.linked).filter((pl.col("state") == REVIEW) & (pl.col("pid") == pid))
    findings = run.findings.filter(
        ((pl.col("subject_type") == "person") & (pl.col("person_no") == (person["person_no"] or "")) & (pl.col("name") == (person["name"] or "")))
        | ((pl.col("subject_type") == "household") & (pl.col("household_id") == (person["household_id"] or "")))
    )  # fmt: skip
    return {
        **{name: person[name] or "" for name in (*IDENTITY, "town", "village")},
        "records": records,
        "candidates": [_candidate(run, row) for row in open_.iter_rows(named=True)],
        "findings": findings.select("rule_id", "title", "severity", "detail", "owner").to_dicts(),
    }


def _record(run: Run, kind: str, row: dict[str, Any]) -> dict[str, Any]:
    definition = run.kinds[kind]
    links = run.linked.links.filter((pl.col("rid") == row["rid"]) & (pl.col("state") == LINK)).to_dicts()
    own = kind == REGISTER or (kind == WATCHLIST and not links)
    return {
        "source": definition.title,
        "place": f"{row['source_file']}!{row['source_sheet']}!{row['source_row']}",
        "link": "台账登记" if own else "；".join(map(_why, links)),
        "fields": {
            field.title: _text(row.get(f"{field.name}_raw") or row.get(field.name))
            for field in definition.fields
            if row.get(field.name) is not None or row.get(f"{field.name}_raw") is not None
        },
    }


def _candidate(run: Run, row: dict[str, Any]) -> dict[str, Any]:
    who = f"{row['name'] or '（缺姓名）'}（{row['number'] or '缺证件号码'}）"
    reason = f"{row['level']}（{row['evidence']}）" if row["evidence"] else row["level"]
    return {"source": run.kinds[row["kind"]].title, "place": row["place"], "who": who, "reason": reason}


def _why(link: dict[str, Any]) -> str:
    """Why the record was taken for this person, as an analyst would say it."""
    if not link["evidence"]:
        return str(link["level"])
    if link["level"] == CONFIRMED:
        return f"{CONFIRMED}（{link['evidence']}）"
    return f"{link['evidence']}，因此认定为同一人（{link['level']}）"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:g}" if isinstance(value, float) else str(value)
