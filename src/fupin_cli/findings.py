"""Findings (问题): what the rules found, as the rows of ``findings.csv``.

Rules return subjects and evidence; here they get the subject's register facts, texts, a key that stays the same
from run to run, and the place of every record used.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from fupin_cli.rules.catalogue import SEVERITIES, Rule

COLUMNS = (
    "finding_key", "rule_id", "category", "severity", "subject_type", "household_id", "person_no", "name", "id_number",
    "town", "village", "owner", "title", "detail", "register_value", "source_value", "basis", "evidence",
)  # fmt: skip
SORT = ("rule_id", "town", "village", "household_id", "person_no", "finding_key")
FACTS = ("household_id", "person_no", "name", "id_number", "town", "village")
# What tells the records of one person in one list apart, besides where they stand: when it happened, and for what.
OCCASION = (
    "admitted_on", "visited_on", "served_on", "granted_on", "paid_on", "month", "term", "item", "batch_year",
)  # fmt: skip
DISTRICT = "全区"  # the unit that is the whole district
# Of a finding until it has its key: the ``rid`` of the rows it rests on, and of its subject's own row.
RIDS, OWN = "rids", "own"
EQUALS = ("id_number", "name", "register_value", "source_value", "detail", "evidence")
OWN_COLUMNS = {"subject", "subject_type", "severity", "variant", "owner", "household_id", "town", "village", "name"}


@dataclass(frozen=True)
class Directory:
    """Facts of the subjects: every source row's place and identity by ``rid``, every household's head by id."""

    rows: Mapping[int, Mapping[str, Any]]
    heads: Mapping[str, int]

    def place(self, rid: int) -> str:
        row = self.rows[rid]
        return f"{row['source_file']}!{row['source_sheet']}!{row['source_row']}"

    def town(self, subject_type: str, row: Mapping[str, Any]) -> str:
        """The town of a result row's subject; empty where nobody knows it, and of the whole district."""
        own = _own_row(subject_type, row["subject"], self)
        told = self.rows[own].get("town") if own is not None else None
        itself = row["subject"] if subject_type == "unit" and row["subject"] != DISTRICT else None
        return _text(told or row.get("town") or itself)


def build_directory(tables: Mapping[str, pl.LazyFrame], results: Iterable[pl.DataFrame]) -> Directory:
    """Look up only the rows and households that findings name, so a large source costs nothing here."""
    wanted: set[int] = set()
    homes: set[str] = set()
    for result in results:
        for column in result.columns:
            if column == "subject" or column.startswith("rid"):
                named = result[column].drop_nulls().to_list()
                (wanted if result[column].dtype.is_integer() else homes).update(named)
    rows = _rows(tables, wanted)
    homes |= {row["household_id"] for row in rows.values() if row.get("household_id")}
    heads: dict[str, int] = {}
    for kind in ("register.watchlist", "register.persons"):
        if kind in tables:
            heads |= _heads(tables[kind], homes)
    return Directory(rows | _rows(tables, set(heads.values()) - set(rows)), heads)


def _rows(tables: Mapping[str, pl.LazyFrame], rids: set[int]) -> dict[int, dict[str, Any]]:
    """``rid`` → what findings say of the row."""
    wanted = pl.LazyFrame({"rid": sorted(rids)}, schema={"rid": pl.Int64})
    found: dict[int, dict[str, Any]] = {}
    for kind, table in tables.items():
        known = table.collect_schema()
        shown = [name for name in (*FACTS, *OCCASION, "source_file", "source_sheet", "source_row") if name in known]
        for row in table.select("rid", *shown).join(wanted, on="rid", how="semi").collect().iter_rows(named=True):
            found[row["rid"]] = {**row, "kind": kind}
    return found


def _heads(persons: pl.LazyFrame, homes: set[str]) -> dict[str, int]:
    """``household_id`` → ``rid`` of its head (户主), else of its first row."""
    wanted = pl.LazyFrame({"household_id": sorted(homes)}, schema={"household_id": pl.String})
    members = persons.select("household_id", "rid", "relation").join(wanted, on="household_id", how="semi").collect()
    ordered = members.sort(pl.col("relation").eq_missing("户主"), "rid", descending=[True, False])
    return dict(ordered.unique("household_id", keep="first").select("household_id", "rid").iter_rows())


def assemble(rule: Rule, result: pl.DataFrame, directory: Directory) -> list[dict[str, str]]:
    """One finding a subject from a rule's result."""
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in result.iter_rows(named=True):
        groups[row.get("subject_type", rule.subject), row["subject"]].append(row)
    return [_finding(rule, kind, who, rows, directory) for (kind, who), rows in groups.items() if who is not None]


def _finding(
    rule: Rule, subject_type: str, subject: Any, rows: list[dict[str, Any]], directory: Directory
) -> dict[str, str]:
    own = _own_row(subject_type, subject, directory)
    facts = {name: _text(directory.rows[own].get(name)) if own is not None else "" for name in FACTS}
    for name in ("household_id", "town", "village", "name"):
        if not facts[name] and name in rows[0]:
            facts[name] = _joined(rows, name)
    if subject_type in ("village", "unit", "project"):
        facts["name"] = facts["name"] or (facts["village"] if own is not None else str(subject))
    if subject_type == "household":
        facts["household_id"] = facts["household_id"] or str(subject)
        facts["person_no"] = ""
    values = {name: _joined(rows, name) for name in rows[0] if name not in OWN_COLUMNS} | facts
    if rule.each:
        parts = [rule.each.format_map({name: _text(value) for name, value in row.items()}) for row in rows]
        values["each"] = "、".join(sorted(set(parts)))
    severities = [row.get("severity") or rule.severity for row in rows]
    variant = _joined(rows, "variant") if "variant" in rows[0] else ""
    own_rows = [] if own is None else [own]
    evidence = [row[name] for row in rows for name in row if name.startswith("rid") and row[name] is not None]
    return {
        "rule_id": rule.id,
        "category": rule.category,
        "severity": min(severities, key=SEVERITIES.index),
        "subject_type": subject_type,
        **facts,
        "owner": (rows[0].get("owner") or rule.owner).format_map(values).strip("、"),
        "title": rule.title + (f"（{variant}）" if variant else ""),
        "detail": rule.detail.format_map(values),
        "register_value": rule.register_value.format_map(values),
        "source_value": rule.source_value.format_map(values),
        "basis": rule.basis,
        "evidence": "; ".join(directory.place(rid) for rid in dict.fromkeys([*own_rows, *sorted(evidence)])),
        "finding_key": _identity(rule, subject_type, subject, facts, directory, own),
        RIDS: " ".join(str(rid) for rid in dict.fromkeys([*own_rows, *sorted(evidence)])),
        OWN: str(own) if own is not None else "",
    }


def _own_row(subject_type: str, subject: Any, directory: Directory) -> int | None:
    """The row that stands for the subject: its own, or the head's (户主) of a household."""
    if subject_type != "household":
        return subject if isinstance(subject, int) else None
    if not isinstance(subject, int):
        return directory.heads.get(subject)
    return directory.heads.get(str(directory.rows[subject]["household_id"]), subject)


def _identity(
    rule: Rule, subject_type: str, subject: Any, facts: Mapping[str, str], directory: Directory, own: int | None
) -> str:
    """What makes it the same problem next month: who it is about, never where the row stood."""
    if subject_type == "person":
        who = facts["person_no"] or facts["id_number"] or f"{facts['household_id']}/{facts['name']}"
    elif subject_type == "record":
        assert own is not None
        row = directory.rows[own]
        occasion = [_text(row[name]) for name in OCCASION if row.get(name) is not None]
        who = "/".join((row["kind"], facts["id_number"], facts["name"], facts["town"], facts["village"], *occasion))
    elif subject_type == "village":
        who = f"{facts['town']}/{facts['village']}/{facts['name'] if own is not None else subject}"
    else:
        who = facts["household_id"] if subject_type == "household" else str(subject)
    return f"{rule.id}|{subject_type}|{who}"


def finding_table(findings: Iterable[dict[str, str]], *, held: bool = False) -> pl.DataFrame:
    """All findings, keyed, sorted and in the contract's columns (all text, missing is empty); ``held``: and ``held_because``.

    Findings of equal identity (a person twice in the register) are numbered by what they say, never by where they stand.
    """
    names = (*COLUMNS, *(("held_because",) if held else ()))
    rows = [{name: row[name] for name in names} for row in _keyed(findings)]
    return pl.DataFrame(rows, schema={name: pl.String for name in names})


def grounds_of(findings: Iterable[dict[str, str]]) -> pl.DataFrame:
    """The rows that findings rest on: ``finding_key``, ``place`` (0, 1 …), ``rid``, ``own`` (the subject's own row)."""
    rows = [
        (row["finding_key"], place, int(rid), rid == row[OWN])
        for row in _keyed(findings) for place, rid in enumerate(row[RIDS].split())
    ]  # fmt: skip
    schema = {"finding_key": pl.String, "place": pl.Int64, "rid": pl.Int64, "own": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _keyed(findings: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    rows = sorted(findings, key=lambda row: tuple(row[name] for name in ("finding_key", *EQUALS)))
    seen: Counter[str] = Counter()
    keyed = []
    for row in rows:
        seen[row["finding_key"]] += 1
        keyed.append({**row, "finding_key": short_hash(f"{row['finding_key']}#{seen[row['finding_key']]}")})
    return sorted(keyed, key=lambda row: tuple(row[name] for name in SORT))


def short_hash(text: str) -> str:
    """A key of 16 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _joined(rows: Iterable[Mapping[str, Any]], name: str) -> str:
    texts = dict.fromkeys(_text(row[name]) for row in rows)
    return "、".join(sorted(text for text in texts if text))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
