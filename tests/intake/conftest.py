"""Bureau exports built in the test, and what intake makes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fupin_cli.fields.places import Places
from fupin_cli.intake.model import Intake, SheetReport
from fupin_cli.intake.read import read_paths
from fupin_cli.schema.kinds import load_kinds

KINDS = load_kinds()
ID = "460108201201011017"
ID2 = "46010820120101105X"
ROLL = ("姓名", "身份证号", "学校", "学段", "学籍状态")


def xlsx(path: Path, rows: Sequence[Sequence[Any]], sheet: str = "Sheet1", merges: Sequence[str] = ()) -> Path:
    """One sheet; several calls on one path add sheets."""
    book = openpyxl.load_workbook(path) if path.exists() else openpyxl.Workbook()
    table = book.create_sheet(sheet) if path.exists() else book.active
    assert table is not None
    table.title = sheet
    for row in rows:
        table.append(list(row))
    for merge in merges:
        table.merge_cells(merge)
    book.save(path)
    return path


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Intake]:
    def run(folder: Path = tmp_path, **options: Any) -> Intake:
        return read_paths([folder], KINDS, options.pop("places", Places()), **options)

    return run


def only_sheet(intake: Intake) -> SheetReport:
    (file,) = intake.files
    (sheet,) = file.sheets
    return sheet
