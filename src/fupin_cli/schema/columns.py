"""Canonical columns (标准列) of a kind: what intake writes and everything behind it reads."""

from __future__ import annotations

from fupin_cli.schema.kinds import Field, Kind

STRING, INTEGER, DOUBLE, BOOL = "string[pyarrow]", "int64[pyarrow]", "double[pyarrow]", "bool[pyarrow]"
PLACE = {"rid": INTEGER, "source_file": STRING, "source_sheet": STRING, "source_row": INTEGER}
# Suffix → dtype of the columns one field of a type becomes ("" is the field's own name).
PARTS: dict[str, dict[str, str]] = {
    "text": {"": STRING},
    "name": {"": STRING, "_raw": STRING},
    "id": {"": STRING, "_raw": STRING, "_status": STRING, "_key": STRING},
    "date": {"": STRING, "_day": INTEGER, "_last": INTEGER, "_year": INTEGER},
    "flag": {"": BOOL},
    "code": {"": STRING, "_raw": STRING},
    "codes": {"": STRING, "_raw": STRING},
    "amount": {"": DOUBLE},
    "number": {"": DOUBLE},
    "percent": {"": DOUBLE},
    "integer": {"": INTEGER},
    "year": {"": INTEGER},
    "term": {"": STRING},
    "measure": {"": DOUBLE, "_ok": BOOL},
    "town": {"": STRING},
    "village": {"": STRING},
}
BIRTH = {"birth": INTEGER, "birth_day": INTEGER, "id_sex": STRING}


def field_columns(field: Field) -> dict[str, str]:
    """Column → pandas dtype of one field; ``id_number`` also gives birth date and sex."""
    columns = {f"{field.name}{suffix}": dtype for suffix, dtype in PARTS[field.type].items()}
    return columns | BIRTH if field.name == "id_number" else columns


def canonical_columns(kind: Kind) -> dict[str, str]:
    """Column → pandas dtype of a kind's canonical table, always all of them."""
    columns = dict(PLACE)
    for field in kind.fields:
        columns |= field_columns(field)
    return columns
