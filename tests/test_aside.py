"""A month with backups, prints, shuffled copies and outputs of earlier runs among it finds what the month alone finds."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from polars.testing import assert_frame_equal
from rich.console import Console

from fupin_cli.fields.places import Places
from fupin_cli.intake.grids import Grid, cell_text
from fupin_cli.intake.model import Intake, SheetReport
from fupin_cli.intake.read import file_grids, read_paths
from fupin_cli.ledger.query import ledger_table
from fupin_cli.ledger_entry import keep_in_ledger
from fupin_cli.outputs import masked_run, write_outputs
from fupin_cli.policy import load_policy
from fupin_cli.reports.dispatch_files import open_findings, write_dispatches
from fupin_cli.reports.lights_sheet import write_lights
from fupin_cli.reports.terminal import print_summary
from fupin_cli.run import Run, compare
from fupin_cli.schema.kinds import load_kinds
from fupin_cli.workspace import load_workspace
from tests.hostile.workbooks import ods, ods_cell
from tests.reports.test_lights import RUN as LIGHTS

SAMPLE = Path(__file__).parent.parent / "sample_data" / "2020-06"
AS_OF = dt.date(2020, 6, 30)
KINDS = load_kinds()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one month of exports."""
    root = tmp_path_factory.mktemp("区扶贫办")
    (root / "fupin.toml").write_text('[district]\nname = "美兰区"\n', encoding="utf-8")
    shutil.copytree(SAMPLE, root / "2020-06")
    return root


@pytest.fixture(scope="module")
def plain(office: Path) -> Run:
    """The run over the month alone."""
    return run_of(office)


def run_of(office: Path) -> Run:
    return compare([office], AS_OF, load_workspace(office))


def read(office: Path) -> Intake:
    return read_paths([office], KINDS, Places(), cache_dir=office / ".fupin-cache")


def assert_nothing_added(intake: Intake, plain: Run) -> None:
    """The same records under the same numbers, from the same files; all that came besides is set aside."""
    assert sorted(intake.tables) == sorted(plain.intake.tables)
    for kind, table in plain.intake.tables.items():
        assert_frame_equal(intake.tables[kind].collect(), table.collect())
    assert (intake.quarantine, intake.notes) == (plain.intake.quarantine, plain.intake.notes)
    assert all(sheet.rows.adds_up for file in intake.files for sheet in file.sheets)


def added(intake: Intake, folder: str) -> list[SheetReport]:
    return [sheet for file in intake.files for sheet in file.sheets if file.name.startswith(folder)]


@pytest.fixture
def beside(office: Path) -> Iterator[Callable[[str], Path]]:
    """A folder in the workspace that goes after the test."""
    made: list[Path] = []

    def make(name: str) -> Path:
        made.append(office / name)
        return made[-1]

    yield make
    for folder in set(made):
        shutil.rmtree(folder)


def test_backup_of_everything(office: Path, plain: Run, beside: Callable[[str], Path]) -> None:
    shutil.copytree(SAMPLE, beside("2020-06/A备份"))
    intake = read(office)
    assert_nothing_added(intake, plain)
    copies = [sheet for sheet in added(intake, "2020-06/A备份") if sheet.state == "copy"]
    assert len({sheet.file for sheet in copies}) >= 30
    for sheet in copies:
        assert sheet.file in sheet.message and sheet.file.replace("/A备份", "") in sheet.message


def sheets() -> Iterator[tuple[Path, str, Grid]]:
    """Every sheet of the month that is a list, and what a print of it would be called."""
    for path in sorted(SAMPLE.rglob("*")):
        if path.suffix in (".xlsx", ".csv"):
            for grid in file_grids(path):
                if grid.height and grid.sheet != "说明":
                    own = grid.sheet not in ("Sheet1", path.stem)
                    yield path.parent.relative_to(SAMPLE), path.stem + (f"_{grid.sheet}" if own else ""), grid


def printed(value: object) -> str:
    """A cell as Excel saves it as text: dates with strokes, fifteen digits of a number."""
    if isinstance(value, dt.date):
        return f"{value.year}/{value.month}/{value.day}"
    if isinstance(value, float) and abs(value) >= 1e15:
        return f"{float(f'{value:.14e}'):.0f}"
    return cell_text(value)


def as_text(delimiter: str, encoding: str) -> Callable[[Path, Grid], None]:
    def write(path: Path, grid: Grid) -> None:
        with path.open("w", encoding=encoding, errors="replace", newline="") as stream:
            csv.writer(stream, delimiter=delimiter).writerows(map(printed, row) for row in grid.cells)

    return write


def as_ods(path: Path, grid: Grid) -> None:
    def cell(value: object) -> str:
        if isinstance(value, dt.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value:%Y-%m-%d}"/>'
        if isinstance(value, float):
            return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
        return ods_cell(cell_text(value)) if value != "" else "<table:table-cell/>"

    rows = ("".join(map(cell, row)) for row in grid.cells)
    path.write_bytes(ods("".join(f"<table:table-row>{row}</table:table-row>" for row in rows), name=grid.sheet))


def shuffled(path: Path, grid: Grid) -> None:
    """The records in another order; those of a household whose first row alone says where it lives stay together."""
    last = max(grid.height - 3, 7)
    starts = [at for at in range(6, last) if grid.cells[at, 1] != ""]
    blocks = [grid.cells[a:b] for a, b in zip(starts, [*starts[1:], last], strict=True)]
    mixed = random.Random(1).sample(blocks, len(blocks))
    cells = np.concatenate([grid.cells[: starts[0]], *mixed, grid.cells[last:]])
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = grid.sheet[:31]
    for row in cells:
        sheet.append([None if value == "" else value for value in row])
    book.save(path)


@pytest.mark.parametrize(
    ("suffix", "write"),
    [(".txt", as_text("\t", "gb18030")), (".csv", as_text(",", "utf-8-sig")), (".ods", as_ods)],
)
def test_every_list_again_in_another_format(
    office: Path, plain: Run, beside: Callable[[str], Path], suffix: str, write: Callable[[Path, Grid], None]
) -> None:
    for folder, name, grid in sheets():
        path = beside("2020-06/另存") / folder / f"{name}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, grid)
    intake = read(office)
    assert_nothing_added(intake, plain)


def test_outputs_of_earlier_runs_and_every_list_twice_in_another_order(
    office: Path, plain: Run, beside: Callable[[str], Path], tmp_path: Path
) -> None:
    write_outputs(plain, tmp_path / "之前")
    keep_in_ledger(plain, tmp_path / "之前", at="2020-07-01T09:00:00")
    out = beside("输出")
    write_outputs(plain, out / "2020-06-30")
    write_outputs(masked_run(plain), out / "2020-06-30-公示")
    found = open_findings(ledger_table(plain.workspace.ledger))
    write_dispatches(out / "下发", found, [unit for unit in found if unit][:2], "美兰区", AS_OF)
    write_lights(out / "三色灯.xlsx", LIGHTS, "美兰区", load_policy(), None, [])
    (out / "汇报用.csv").write_bytes((out / "2020-06-30" / "findings.csv").read_bytes())
    for folder, name, grid in sheets():
        path = beside("2020-06/再报") / folder / f"{name}（重报）.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        shuffled(path, grid)
    run = run_of(office)
    summary = write_outputs(run, tmp_path / "之后")
    before, after = (tmp_path / name / "findings.csv" for name in ("之前", "之后"))
    assert before.read_bytes() == after.read_bytes()
    assert_nothing_added(run.intake, plain)
    own = {sheet.file for sheet in added(run.intake, "输出/") if sheet.state == "own"}
    assert len(own) == len([path for path in out.rglob("*") if path.suffix in (".xlsx", ".csv")])
    shown = io.StringIO()
    print_summary(Console(file=shown, width=400), summary, run.findings.to_pandas())
    said = "".join(shown.getvalue().split())
    assert said.count("自己的输出：") == 1 and f"自己的输出：{len(own)}个文件" in said
    copies = [sheet for file in run.intake.files for sheet in file.sheets if sheet.state == "copy"]
    assert len({sheet.file for sheet in copies}) > 30
    assert [copy.message for copy in copies if "".join(copy.message.split()) not in said] == []
