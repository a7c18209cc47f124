"""Merged and filled-down cells (合并单元格、只填首行的户信息): one value for the rows it stands for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fupin_cli.fields.columns import Distinct, blank
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
        done = max(top, filled_to.get(left, -1))
        if left in wanted and bottom > done:
            # merges overlap in damaged files only: what one has filled, the next does not look at again
            for row in range(done + 1, min(bottom + 1, grid.height)):
                if not cell_text(grid.cells[row, left]):
                    grid.cells[row, left] = grid.cells[top, left]
            filled_to[left] = bottom


def fill_households(values: pd.DataFrame, candidate: Candidate, before: pd.DataFrame | None = None) -> pd.DataFrame:
    """Fill household columns within a household: until the next filled cell, never past a new head (户主).

    ``values``: one object column a field, filled in place or returned anew; ``before``: the last filled row of the
    slice before. Only kinds with ``household_fields`` are touched.
    """
    fields = [name for name in candidate.kind.household_fields if name in values.columns]
    if "household_id" not in fields or not len(values):
        return values
    if before is not None:
        return fill_households(pd.concat([before, values]), candidate).iloc[len(before) :]
    given = {name: ~Distinct.of(values[name]).marks(blank) for name in fields}
    rows = np.arange(len(values))
    own = given["household_id"]
    numbers = np.array([str(cell) for cell in values["household_id"]], dtype=object)
    last = np.maximum.accumulate(np.where(own, rows, 0))
    starts = own & (numbers != numbers[np.roll(last, 1)])
    if "relation" in values.columns:
        starts |= ~own & Distinct.of(values["relation"]).marks(_is_head)
    starts[0] = True
    household = np.maximum.accumulate(np.where(starts, rows, 0))
    for name in fields:
        if not given[name].all():
            above = np.maximum.accumulate(np.where(given[name], rows, -1))
            column = values[name].to_numpy()[above]
            column[above < household] = None
            values[name] = pd.Series(column, values.index, dtype="object")
    return values


def _is_head(relation: object) -> bool:
    text = cell_text(relation)
    return "户主" in text and text != "非户主"
