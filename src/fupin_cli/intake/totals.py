"""Printed totals (表内合计): households, persons and sums of a subtotal row against the rows it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from fupin_cli.fields.amounts import parse_amount
from fupin_cli.intake.grids import cell_text
from fupin_cli.intake.model import QualityNote
from fupin_cli.intake.quality import Noter
from fupin_cli.intake.recognise import Candidate

_HOUSEHOLDS = re.compile(r"(\d[\d,]*)\s*户(?![籍主口])")
_PERSONS = re.compile(r"(\d[\d,]*)\s*(?:人|名|条)(?![均口])")


@dataclass(frozen=True)
class Total:
    """A subtotal row: its number in the sheet and its raw cells."""

    row: int
    cells: tuple[Any, ...]


def check_totals(
    totals: Iterable[Total], table: pl.LazyFrame, candidate: Candidate, noter: Noter
) -> Iterator[QualityNote]:
    """A note for each printed number that is neither the count (sum) since the last such row nor since the top."""
    last = 0
    for total in totals:
        above = pl.col("source_row") < total.row
        scopes = [_summed(table.filter(rows), candidate) for rows in ((pl.col("source_row") > last) & above, above)]
        last = total.row
        for wrong in _wrong(total.cells, scopes, candidate):
            yield noter.note("", "total_mismatch", wrong, [total.row])


def _summed(rows: pl.LazyFrame, candidate: Candidate) -> dict[str, Any]:
    """``persons``, ``households`` (``None`` where the kind has no such column) and the sum of every amount."""
    counts = {"persons": pl.len()}
    if "household_id" in rows.collect_schema():
        counts["households"] = pl.col("household_id").drop_nulls().n_unique()
    sums = [pl.col(name).sum() for name in _amounts(candidate)]
    return {"households": None, **rows.select(*sums, **counts).collect().row(0, named=True)}


def _amounts(candidate: Candidate) -> list[str]:
    return [column.field for column in candidate.columns if candidate.kind.field(column.field).type == "amount"]


def _wrong(cells: Sequence[Any], scopes: Sequence[Mapping[str, Any]], candidate: Candidate) -> Iterator[str]:
    text = " ".join(cell_text(value) for value in cells)
    for pattern, unit, name in ((_HOUSEHOLDS, "户", "households"), (_PERSONS, "人", "persons")):
        counts = [scope[name] for scope in scopes]
        found = pattern.search(text)
        if found and counts[0] is not None and int(found.group(1).replace(",", "")) not in counts:
            yield f"表内合计 {found.group(1)} {unit}，读入 {counts[-1]} {unit}，请核对是否缺行"
    for column in candidate.columns:
        field = candidate.kind.field(column.field)
        printed = parse_amount(cells[column.index], column.unit or "元") if field.type == "amount" else None
        if printed is None:
            continue
        sums = [scope[field.name] for scope in scopes]
        if all(abs(printed - total) > 0.05 for total in sums):
            yield f"表内“{field.title}”合计 {printed:,.2f} 元，读入各行之和 {sums[-1]:,.2f} 元，请核对"
