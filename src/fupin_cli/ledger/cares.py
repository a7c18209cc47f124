"""A filled 三色灯.xlsx on its way back: measures and follow-up days of yellow and red households, wherever their columns are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from fupin_cli.fields.dates import parse_date
from fupin_cli.intake.forms import FormRow, read_form
from fupin_cli.ledger.lights import CARE_COLUMNS, CareReport
from fupin_cli.schema.kinds import load_form

FORM = load_form("lights")


@dataclass
class Cares:
    """``reports`` to keep and ``refused`` rows as (place, reason)."""

    reports: list[CareReport] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def read_cares(path: Path, households: Collection[str]) -> Cares:
    """Everything filled in for ``households``. A blank cell says nothing; of two different words none is believed."""
    cares = Cares()
    found: dict[str, tuple[str, CareReport]] = {}
    contradicted: set[str] = set()
    rows = [row for sheet in read_form(path, path.name, FORM) if "household_id" in sheet.fields for row in sheet.rows]
    for row in rows:
        report = _report(row, households, cares)
        if report is None:
            continue
        place, other = found.setdefault(report.household_id, (row.place(), report))
        if other.fields != report.fields:
            contradicted.add(report.household_id)
            cares.refused.append((row.place(), f"与{place}所填不一致，都没有采用"))
    if not found and not cares.refused:
        cares.refused.append((path.name, "没有填写任何帮扶措施、帮扶责任人或下次跟踪日期"))
    cares.reports = [report for home, (_, report) in found.items() if home not in contradicted]
    return cares


def _report(row: FormRow, households: Collection[str], cares: Cares) -> CareReport | None:
    fields = {name: row.text(name) for name in CARE_COLUMNS if row.text(name)}
    if not fields:
        return None
    home = row.text("household_id")
    if home not in households:
        why = "户编号没有判定过三色灯" if home else "户编号是空的，不知道是哪一户"
        cares.refused.append((row.place("household_id"), why))
        return None
    if "follow_up_on" in fields:
        day = parse_date(row.cells["follow_up_on"])
        if day is None or day.first != day.last:
            cares.refused.append((row.place("follow_up_on"), "下次跟踪日期要写到日，如 2020-07-15"))
            return None
        fields["follow_up_on"] = day.iso
    return CareReport(home, fields)
