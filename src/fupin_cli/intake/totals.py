"""Printed totals (表内合计): households, persons and sums of a subtotal row against the rows it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from fupin_cli.fields.amounts import parse_amount
from fupin_cli.intake.grids import Grid, cell_text
from fupin_cli.intake.model import QualityNote
from fupin_cli.intake.quality import Noter
from fupin_cli.intake.recognise import Candidate

_HOUSEHOLDS = re.compile(r"(\d[\d,]*)\s*户(?![籍主口])")
_PERSONS = re.compile(r"(\d[\d,]*)\s*(?:人|名|条)(?![均口])")


def check_totals(
    grid: Grid, totals: Sequence[int], table: pd.DataFrame, candidate: Candidate, noter: Noter
) -> Iterator[QualityNote]:
    """A note for each printed number that is neither the count (sum) since the last such row nor since the top."""
    last = -1
    for row in totals:
        scopes = [table.loc[(table.index > last) & (table.index < row)], table.loc[table.index < row]]
        last = row
        for wrong in _wrong(grid.cells[row], scopes, candidate):
            yield noter.note("", "total_mismatch", wrong, [row])


def _wrong(cells: Any, scopes: Sequence[pd.DataFrame], candidate: Candidate) -> Iterator[str]:
    text = " ".join(cell_text(value) for value in cells)
    for pattern, unit, counts in (
        (_HOUSEHOLDS, "户", [_households(scope) for scope in scopes]),
        (_PERSONS, "人", [len(scope) for scope in scopes]),
    ):
        found = pattern.search(text)
        if found and counts[0] is not None and int(found.group(1).replace(",", "")) not in counts:
            yield f"表内合计 {found.group(1)} {unit}，读入 {counts[-1]} {unit}，请核对是否缺行"
    for column in candidate.columns:
        field = candidate.kind.field(column.field)
        printed = parse_amount(cells[column.index], column.unit or "元") if field.type == "amount" else None
        if printed is None:
            continue
        sums = [float(scope[field.name].sum()) for scope in scopes]
        if all(abs(printed - total) > 0.05 for total in sums):
            yield f"表内“{field.title}”合计 {printed:,.2f} 元，读入各行之和 {sums[-1]:,.2f} 元，请核对"


def _households(table: pd.DataFrame) -> int | None:
    return int(table["household_id"].nunique()) if "household_id" in table.columns else None
