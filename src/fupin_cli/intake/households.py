"""Merged and filled-down cells (合并单元格、只填首行的户信息): one value for the rows it stands for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from fupin_cli.intake.grids import Grid, cell_text
from fupin_cli.intake.recognise import Candidate

# What belongs to one person is never copied to another row.
PERSONAL = frozenset({
    "name", "id_number", "certificate_no", "person_no", "relation", "sex", "birth_date", "phone", "remark", "student_no",
    "ethnicity", "education", "school_status", "health", "labour", "work_place", "work_months", "basic_insured", "serious_insured",
    "employee_insured", "pension_insured", "dropout_reason", "monthly_wage", "public_post", "post_months",
})  # fmt: skip


def fill_merged(grid: Grid, candidate: Candidate) -> None:
    """Copy a merged cell's value down its range, in columns that do not describe one person."""
    wanted = {column.index for column in candidate.columns if column.field not in PERSONAL}
    filled_to: dict[int, int] = {}
    for (top, left), (bottom, _) in grid.merges:
        if left in wanted and bottom > max(top, filled_to.get(left, -1)):
            # merges overlap in damaged files only: what one has filled, the next does not look at again
            column = grid.cells[max(top, filled_to.get(left, -1) + 1) : bottom + 1, left]
            column[[not cell_text(value) for value in column]] = grid.cells[top, left]
            filled_to[left] = bottom


def fill_households(values: pd.DataFrame, candidate: Candidate, before: pd.DataFrame | None = None) -> pd.DataFrame:
    """Fill household columns within a household: until the next filled cell, never past a new head (户主).

    ``values``: one object column a field; ``before``: the last filled row of the slice before. Only kinds with
    ``household_fields`` are touched.
    """
    fields = [name for name in candidate.kind.household_fields if name in values.columns]
    if "household_id" not in fields or not len(values):
        return values
    if before is not None:
        return fill_households(pd.concat([before, values]), candidate).iloc[len(before) :]
    blank = {name: _blank(values[name]) for name in fields}
    numbers = values["household_id"].where(~blank["household_id"])
    starts = ~blank["household_id"] & (numbers.astype(str) != numbers.ffill().shift().astype(str))
    if "relation" in values.columns:
        heads = values["relation"].map(lambda value: "户主" in cell_text(value) and cell_text(value) != "非户主")
        starts |= heads.to_numpy(dtype=bool) & blank["household_id"].to_numpy()
    household = starts.to_numpy().cumsum()
    filled = values.copy()
    for name in fields:
        if blank[name].any():
            column = values[name].where(~blank[name], other=np.nan).astype(object)
            column = column.groupby(household, sort=False).ffill()
            filled[name] = column.where(column.notna(), other=None)
    return filled


def _blank(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.map(lambda value: not cell_text(value)).astype(bool)
