"""Kinds compiled to pandera: value checks whose failure cases carry the row."""

from __future__ import annotations

import pandera.pandas as pa

from fupin_cli.schema.kinds import Kind

SchemaErrors = pa.errors.SchemaErrors


def pandera_schema(kind: Kind) -> pa.DataFrameSchema:
    """The ``constraints`` of a kind's fields as a lazy pandera schema; null is allowed everywhere (unknown is no error)."""
    columns = {}
    for field in kind.fields:
        if not field.constraints:
            continue
        checks = []
        if "minimum" in field.constraints:
            checks.append(pa.Check.ge(field.constraints["minimum"]))
        if "maximum" in field.constraints:
            checks.append(pa.Check.le(field.constraints["maximum"]))
        columns[field.name] = pa.Column(checks=checks, nullable=True, required=False)
    return pa.DataFrameSchema(columns)
