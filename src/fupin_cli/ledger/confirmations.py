"""A filled 人工确认.xlsx on its way back, whatever happened to it: sorted, filtered, columns moved, saved as .xls or .csv."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fupin_cli.fields.codes import Lookup, parse_code
from fupin_cli.intake.forms import FormRow, read_form
from fupin_cli.ledger.decisions import Decision
from fupin_cli.linkage.decisions import ADOPTED, PAIR, RECORD
from fupin_cli.schema.kinds import load_form

FORM = load_form("confirmation")
VERDICTS = Lookup(FORM.field("verdict").vocabulary or {})


@dataclass
class Returned:
    """``decisions`` to keep, ``refused`` rows as (place, reason), ``open``: rows nobody filled in."""

    decisions: list[Decision] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    open: int = 0


def read_confirmations(path: Path) -> Returned:
    """All decisions in a returned workbook. Raises :class:`InputError` for a file that cannot be read."""
    returned = Returned()
    places: dict[tuple[Any, ...], tuple[str, Decision]] = {}
    for sheet in read_form(path, path.name, FORM):
        if "verdict" in sheet.fields:
            for row in sheet.rows:
                _take(row, returned, places)
    if not places and not returned.refused and not returned.open:
        returned.refused.append((path.name, "没有“结论”列，不是人工确认表"))
    _refuse_double(returned, places)
    return returned


def _take(row: FormRow, returned: Returned, places: dict[tuple[Any, ...], tuple[str, Decision]]) -> None:
    place, written = row.place(), row.text("verdict")
    if not written:
        returned.open += bool(row.text("key"))
        return
    verdict, _ = parse_code(written, VERDICTS)
    if verdict is None:
        returned.refused.append((place, f"结论“{written}”不认识，只能填采纳或不采纳"))
        return
    pair = _pair(row.text("key"))
    if pair is None:
        returned.refused.append((place, "识别码缺失或被改动，不知道是哪一条"))
        return
    decision = Decision(pair, verdict, row.text("by"), row.text("note"))
    key = tuple(pair[name] for name in PAIR)
    if key in places and places[key][1].verdict != decision.verdict:
        returned.refused.append((place, f"与{places[key][0]}的结论相反"))
        returned.decisions = [other for other in returned.decisions if other is not places[key][1]]
        return
    places[key] = (place, decision)
    returned.decisions.append(decision)


def _pair(text: str) -> dict[str, Any] | None:
    try:
        pair = json.loads(text)
    except ValueError:
        return None
    return pair if isinstance(pair, dict) and set(pair) == set(PAIR) else None


def _refuse_double(returned: Returned, places: Mapping[tuple[Any, ...], tuple[str, Decision]]) -> None:
    """One record cannot be two persons: of several 采纳 none is believed."""
    adopted: dict[tuple[Any, ...], list[str]] = {}
    for place, decision in places.values():
        if decision.verdict == ADOPTED:
            adopted.setdefault(tuple(decision.pair[name] for name in RECORD), []).append(place)
    double = {record for record, found in adopted.items() if len(found) > 1}
    for record in double:
        returned.refused += [(place, "同一条记录采纳了不止一个人，请只保留一个") for place in adopted[record]]
    returned.decisions = [
        decision
        for decision in returned.decisions
        if decision.verdict != ADOPTED or tuple(decision.pair[name] for name in RECORD) not in double
    ]
