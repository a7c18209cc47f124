"""A problem list of others (外部问题清单: 考核反馈、巡视、审计、督查 …), under whatever header: rows of the ledger."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from fupin_cli.errors import InputError
from fupin_cli.fields.codes import normalise_text
from fupin_cli.fields.places import Places
from fupin_cli.fields.resident_id import parse_id
from fupin_cli.intake.forms import FormRow, FormSheet, read_form
from fupin_cli.ledger.form_values import Remark, read_cells
from fupin_cli.ledger.joint import units_of
from fupin_cli.ledger.units import is_it, unit_named
from fupin_cli.schema.kinds import load_form

FORM = load_form("external")
TITLES = {item.name: item.title for item in FORM.fields}
TEXTS = ("measure", "leader", "person_in_charge", "progress")
DATES = ("due_on", "done_on")
# What makes it the same problem in the next copy of the list; places and names as they are written.
IDENTITY = ("detail", "name", "household_id", "town", "village")
SEVERITY = "一般"
_NO_PROBLEM = re.compile(r"^(?:合计|小计|总计|共计|填表|填报|制表|审核|备注|说明|注[:：])")
_TOTAL = re.compile(r"(?:合计|小计|总计|共计)[:：]?")
_TOWN = ("镇", "乡", "街道", "农场")
_EVERY_TOWN = ("各镇", "各乡镇", "各镇街", "各镇(街)")


@dataclass(frozen=True)
class Problem:
    """One row: its facts (columns of ``findings.csv``) and what is already planned or done about it (``plan``).

    ``units``: the responsible units as they are written, the assisting ones behind; ``place``: where.
    """

    facts: Mapping[str, str]
    plan: Mapping[str, str]
    units: tuple[str, ...]
    place: str


@dataclass
class ExternalList:
    """One file: ``headings`` counts rows that hold no problem (titles, totals, signatures)."""

    problems: list[Problem] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    headings: int = 0


def read_external(path: Path, name: str, origin: str, places: Places) -> ExternalList:
    """All problems in a file. Raises :class:`InputError` when it cannot be read or no sheet has a column of problems."""
    found = ExternalList()
    sheets = [_with_problems(sheet) for sheet in read_form(path, name, FORM)]
    if not any("detail" in sheet.fields for sheet in sheets):
        raise InputError("没有找到“问题”一列", where=name, cure="表头写上问题（或存在问题、问题描述）、责任单位等列名")
    for sheet in sheets:
        if "detail" not in sheet.fields and sheet.rows:
            found.notes.append(Remark(f"{name}!{sheet.sheet}", "没有“问题”一列，这张工作表没有读"))
            continue
        for row in sheet.rows:
            _read_row(row, found, origin, places)
    return found


def _with_problems(sheet: FormSheet) -> FormSheet:
    """Where no header is known as that of the problems, the wordiest column that speaks of 问题 is."""
    columns = [at for at, label in sheet.others.items() if "问题" in label]
    if "detail" in sheet.fields or not columns:
        return sheet
    wordy = max(columns, key=lambda at: sum(len(row.texts[at]) for row in sheet.rows))
    rows = tuple(replace(row, cells={**row.cells, "detail": row.texts[wordy]}) for row in sheet.rows)
    return replace(sheet, fields=sheet.fields | {"detail"}, rows=rows)


def _read_row(row: FormRow, found: ExternalList, origin: str, places: Places) -> None:
    given = [text for text in row.texts if text]
    detail = row.text("detail")
    if _TOTAL.fullmatch(normalise_text(given[0]) or ""):
        found.headings += 1
        return
    if not detail:
        if len(given) > 1 and not _NO_PROBLEM.match(given[0]):
            found.refused.append(Remark(row.place("detail"), "没有写问题；处理办法：补写问题后重新导入"))
        else:
            found.headings += 1
        return
    plan = {}
    for name, value, reason in read_cells(row, TEXTS, DATES):
        if reason:
            found.notes.append(Remark(row.place(name), f"“{TITLES[name]}”{reason}，这一格没有采用"))
        else:
            plan[name] = value
    units = (*units_of(row.text("owner")), *units_of(row.text("assisting")))
    if not units:
        found.notes.append(Remark(row.place("owner"), "没有责任单位，不会下发"))
    found.problems.append(Problem(_facts(row, detail, origin, places), plan, units, row.place("owner")))


def _facts(row: FormRow, detail: str, origin: str, places: Places) -> dict[str, str]:
    number = parse_id(row.cells.get("id_number"))
    town = places.town(row.text("town")) or ""
    about = {
        "household_id": row.text("household_id"),
        "name": row.text("name"),
        "id_number": number.key or number.text or "",
        "town": town,
        "village": places.village(row.text("village"), town) or "",
    }
    written = [normalise_text(row.text(name)) or "" for name in IDENTITY]
    identity = "|".join((origin, about["id_number"], *written))
    return {
        **about,
        "finding_key": hashlib.sha256(identity.encode()).hexdigest()[:16],
        "category": origin,
        "severity": SEVERITY,
        "subject_type": _subject(about),
        "title": row.text("title") or f"{origin}问题",
        "detail": detail,
        "basis": origin,
        "evidence": f"{row.file}!{row.sheet}!{row.number}",
    }


def _subject(about: Mapping[str, str]) -> str:
    if about["id_number"]:
        return "person"
    if about["household_id"] or about["name"]:
        return "household"
    return "village" if about["village"] else "unit"


def owner_of(problem: Problem, places: Places, known: Mapping[str, str]) -> tuple[str, list[Remark]]:
    """The units of a problem under the names the ledger uses, and what to ask about those that are not known.

    各镇 are the towns that are known. ``known``: name → unit.
    """
    every = places.towns
    written = (
        one for unit in problem.units for one in (every if every and normalise_text(unit) in _EVERY_TOWN else (unit,))
    )
    named = dict.fromkeys(_unit(unit, places, known) for unit in written)
    asked = [(unit, question) for unit in named if (question := is_it(unit, known))]
    return "、".join(named), [Remark(problem.place, f"责任单位“{unit}”照写；{question}") for unit, question in asked]


def _unit(text: str, places: Places, known: Mapping[str, str]) -> str:
    """``灵山镇人民政府`` → ``灵山镇``, ``教育局`` → ``区教育局``; one that is not known as it is written."""
    town = places.town(text) or ""
    return town if town.endswith(_TOWN) else unit_named(text, known) or text
