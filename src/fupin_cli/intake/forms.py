"""Forms (填报表) that come back: the rows of a workbook under a known header, wherever people moved its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fupin_cli.errors import InputError
from fupin_cli.fields.codes import clean_text
from fupin_cli.fields.columns import text_of
from fupin_cli.intake.detect import TABLE_SUFFIXES
from fupin_cli.intake.grids import Grid, cell_text, column_letter
from fupin_cli.intake.header import HeaderIndex, find_header, plain
from fupin_cli.intake.read import file_grids
from fupin_cli.intake.recognise import columns_of
from fupin_cli.schema.kinds import Kind


@dataclass(frozen=True)
class FormRow:
    """One row below the header: raw cells by field, and ``texts``, the whole row as people see it."""

    file: str
    sheet: str
    number: int
    cells: Mapping[str, object]
    letters: Mapping[str, str]
    texts: tuple[str, ...]

    def text(self, field: str) -> str:
        """A cell as it was written; empty where the column is missing, the cell blank or only a dash."""
        value = self.cells.get(field)
        return "" if clean_text(value) is None else text_of(value)

    def place(self, field: str = "") -> str:
        """``file!sheet!cell``, or the row where no column of ``field`` is there."""
        return f"{self.file}!{self.sheet}!{self.letters.get(field, '')}{self.number}"


@dataclass(frozen=True)
class FormSheet:
    """One sheet: the ``fields`` its header names (none: no header found), the texts above it, the rows below.

    ``others``: place → label of the columns that are none of the form's.
    """

    file: str
    sheet: str
    fields: frozenset[str]
    others: Mapping[int, str]
    above: tuple[str, ...]
    rows: tuple[FormRow, ...]


def read_form(path: Path, name: str, form: Kind) -> list[FormSheet]:
    """Every sheet of a file as ``form``; ``name``: how places call the file. Raises :class:`InputError` if unreadable."""
    index = HeaderIndex({form.id: form})
    return [_sheet(name, grid, form, index) for grid in file_grids(path)]


def form_files(paths: Sequence[Path]) -> dict[str, Path]:
    """Each file once, under a name that tells it from the others; a folder stands for all files in it."""
    found = [file for path in paths for file in (_files_in(path) if path.is_dir() else [path])]
    if not found:
        raise InputError("文件夹里没有文件", where="、".join(map(str, paths)), cure="把收到的表放进文件夹，或改指文件")
    once = list({path.resolve(): path for path in found}.values())
    names = [path.name for path in once]
    return {path.name if names.count(path.name) == 1 else str(path): path for path in once}


def _files_in(folder: Path) -> list[Path]:
    """Files anywhere in ``folder``; hidden ones and lock files of open workbooks (``~$``) are none."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(("~$", ".")))


def may_be_left(path: Path, given: Sequence[Path]) -> bool:
    """A file that only lay in a folder and is no table by its name (a scan, a letter): unread it is worth a note, no refusal."""
    return path not in given and path.suffix.lower() not in TABLE_SUFFIXES


def _sheet(file: str, grid: Grid, form: Kind, index: HeaderIndex) -> FormSheet:
    header = find_header(grid, index)
    if header is None:
        return FormSheet(file, grid.sheet, frozenset(), {}, (), tuple(_rows(file, grid, 0, {}, set())))
    assigned = columns_of(form.id, header, index.all_matches(header))
    columns = {column.field: column.index for column in assigned}
    above = tuple(text for row in grid.cells[: header.first] for value in row if (text := cell_text(value)))
    labels = {plain(part) for label in header.labels for part in label.split("/") if part}
    rows = tuple(_rows(file, grid, header.last + 1, columns, labels))
    others = {at: label for at, label in enumerate(header.labels) if label and at not in columns.values()}
    return FormSheet(file, grid.sheet, frozenset(columns), others, above, rows)


def _rows(file: str, grid: Grid, start: int, columns: Mapping[str, int], labels: set[str]) -> Iterator[FormRow]:
    """Rows with anything in them; a header printed again on a later page is left out."""
    cells = _merged_down(grid, start)
    letters = {field: column_letter(grid.left + at) for field, at in columns.items()}
    # a stray cell far below the data leaves a million empty rows
    for at in np.flatnonzero((cells != "").any(axis=1)).tolist():
        if at < start:
            continue
        texts = tuple(cell_text(value) for value in cells[at])
        given = [text for text in texts if text]
        if not given or (labels and sum(plain(text) in labels for text in given) * 2 > len(given)):
            continue
        values = {field: cells[at][place] for field, place in columns.items()}
        yield FormRow(file, grid.sheet, grid.row_number(at), values, letters, texts)


def _merged_down(grid: Grid, start: int) -> np.ndarray[Any, Any]:
    """The cells, with what stands in a cell merged over several rows repeated in each of them."""
    cells, filled_to = grid.cells.copy(), dict[int, int]()
    for (top, left), (bottom, _) in grid.merges:
        if start <= top < grid.height and left < grid.width:
            # merges overlap in damaged files only: what one has filled, the next leaves alone
            cells[max(top, filled_to.get(left, 0)) + 1 : bottom + 1, left] = cells[top, left]
            filled_to[left] = max(bottom, filled_to.get(left, 0))
    return cells
