"""Raw columns to a canonical table (标准表): every field in its type, with notes on what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from fupin_cli.fields.amounts import amount_column, integer_column, measure_column, number_column, percent_column
from fupin_cli.fields.codes import code_column, codes_column, text_column
from fupin_cli.fields.columns import unknown_column
from fupin_cli.fields.dates import date_column, term_column
from fupin_cli.fields.flags import flag_column
from fupin_cli.fields.names import name_column
from fupin_cli.fields.places import Places
from fupin_cli.fields.resident_id import id_column
from fupin_cli.intake.recognise import Candidate, Column
from fupin_cli.schema.columns import canonical_columns, field_columns
from fupin_cli.schema.kinds import Field, Kind

ID_PARTS = {"": "text", "_raw": "raw", "_status": "status", "_key": "key"}
DATE_PARTS = {"": "iso", "_day": "day", "_last": "last", "_year": "year"}


def canonical_table(values: pd.DataFrame, candidate: Candidate, places: Places, sheet_town: str | None) -> pd.DataFrame:
    """The canonical columns of ``values`` (one object column a field), without ``rid`` and place of origin."""
    kind = candidate.kind
    by_field = {column.field: column for column in candidate.columns}
    parts: dict[str, Any] = {}
    for field in kind.fields:
        if field.name in values.columns and field.type not in ("town", "village"):
            parts |= _field_parts(field, values[field.name], by_field[field.name])
    _fall_back(kind, parts)
    _place_parts(kind, values, parts, places, sheet_town)
    schema = canonical_columns(kind)
    columns = {
        name: parts[name] if name in parts else unknown_column(values.index, dtype)
        for name, dtype in schema.items()
        if name not in ("rid", "source_file", "source_sheet", "source_row")
    }
    return pd.DataFrame(columns, index=values.index)


def _field_parts(field: Field, raw: pd.Series[Any], column: Column) -> dict[str, pd.Series[Any]]:
    """Canonical column → values of one field."""
    name = field.name
    match field.type:
        case "id":
            return _id_parts(name, raw)
        case "name":
            names = name_column(raw)
            return {name: names["value"], f"{name}_raw": names["raw"]}
        case "date":
            dates = date_column(raw)
            return {f"{name}{suffix}": dates[part] for suffix, part in DATE_PARTS.items()}
        case "flag":
            flags = flag_column(raw)
            return {name: ~flags if column.opposite else flags}
        case "code":
            codes = code_column(raw, field.vocabulary or {}, field.open)
            return {name: codes["value"], f"{name}_raw": codes["raw"]}
        case "codes":
            codes = codes_column(raw, field.vocabulary or {})
            return {name: codes["value"], f"{name}_raw": codes["raw"]}
        case "measure":
            measures = measure_column(raw)
            return {name: measures["value"], f"{name}_ok": measures["ok"]}
        case "year":
            return {name: date_column(raw)["year"]}
        case "amount":
            return {name: amount_column(raw, column.unit or "元")}
        case _:
            return {name: SIMPLE[field.type](raw)}


SIMPLE = {
    "text": text_column,
    "number": number_column,
    "percent": percent_column,
    "integer": integer_column,
    "term": term_column,
}


def _id_parts(name: str, raw: pd.Series[Any]) -> dict[str, pd.Series[Any]]:
    numbers = id_column(raw)
    parts = {f"{name}{suffix}": numbers[part] for suffix, part in ID_PARTS.items()}
    if name == "id_number":
        parts |= {"birth": numbers["birth"], "birth_day": numbers["birth_day"], "id_sex": numbers["sex"]}
    return parts


def _fall_back(kind: Kind, parts: dict[str, pd.Series[Any]]) -> None:
    """Where an ID is blank, take it from the field named as its fallback (残疾人证号的前 18 位)."""
    for field in kind.fields:
        if not field.fallback or f"{field.fallback}_key" not in parts:
            continue
        derived = _id_parts(field.name, parts[f"{field.fallback}_key"].astype(object))
        for column in field_columns(field):
            own = parts.get(column)
            known = parts.get(f"{field.name}_status")
            if own is None or known is None:
                parts[column] = derived[column]
            elif column != f"{field.name}_status":
                parts[column] = own.where(known != "missing", derived[column])
        status = f"{field.name}_status"
        parts[status] = parts[status].where(parts[status] != "missing", derived[status])


def _place_parts(
    kind: Kind, values: pd.DataFrame, parts: dict[str, pd.Series[Any]], places: Places, sheet_town: str | None
) -> None:
    """Town and village, from their columns, else from the address, else (town) from the sheet."""
    names = {field.name for field in kind.fields if field.type in ("town", "village")}
    if not names:
        return
    unknown = unknown_column(values.index, "string[pyarrow]")
    town = places.town_column(values["town"]) if "town" in values.columns else unknown
    village = places.village_column(values["village"], town) if "village" in values.columns else unknown
    if "address" in values.columns and (town.isna().any() or village.isna().any()):
        address = places.address_columns(parts["address"])
        town, village = town.fillna(address["town"]), village.fillna(address["village"])
    if sheet_town is not None:
        town = town.fillna(sheet_town)
    parts |= {name: series for name, series in (("town", town), ("village", village)) if name in names}


def raw_values(cells: Any, rows: Any, columns: Sequence[Column]) -> pd.DataFrame:
    """The sheet's raw cells of the loaded rows: one object column a field, index = 0-based grid row."""
    taken = np.stack([cells[rows, column.index] for column in columns])
    return pd.DataFrame(taken.T, rows, [column.field for column in columns], dtype=object, copy=False)
