"""Lists that are none of the kinds are not taken for one, though they share its columns."""

from __future__ import annotations

import io
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console

from fupin_cli.fields.places import Places
from fupin_cli.intake.read import read_paths
from fupin_cli.reports.terminal import print_summary
from fupin_cli.run import compare
from fupin_cli.workspace import load_workspace
from tests.intake.conftest import ID, KINDS, xlsx
from tests.intake.other_lists import LISTS, OtherList

AS_OF = date(2020, 6, 30)
SAMPLE = Path(__file__).parents[2] / "sample_data/2020-06"
PERSON = {"name": "符甲", "id_number": ID, "town": "灵山镇", "village": "东营村", "household_id": "1"}


@pytest.mark.parametrize("other", LISTS, ids=lambda other: other.file)
def test_another_list_is_taken_for_no_kind(tmp_path: Path, other: OtherList) -> None:
    path = tmp_path / other.file
    path.parent.mkdir(parents=True, exist_ok=True)
    xlsx(path, list(other.rows([PERSON] * 3)))
    intake = read_paths([tmp_path], KINDS, Places())
    (sheet,) = [sheet for file in intake.files for sheet in file.sheets]
    assert not intake.tables, sheet
    assert sheet.state in ("unrecognised", "ambiguous") or sheet.kind == "agriculture.awards", sheet
    assert sheet.rows.adds_up


def test_all_of_them_beside_a_whole_month_change_no_finding(tmp_path: Path) -> None:
    """Lists about the register's own people: nothing is found, nothing goes, and each is named on the screen."""
    month, workspace = tmp_path / "2020-06", load_workspace(tmp_path)
    shutil.copytree(SAMPLE, month)
    alone = compare([month], AS_OF, workspace)
    register = alone.intake.tables["register.persons"].collect().filter(pl.col("id_number_status") == "valid")
    people = register.select(pl.col(*PERSON).fill_null("")).to_dicts()
    for place, other in enumerate(LISTS):
        path = month / "其他名单" / other.file
        path.parent.mkdir(parents=True, exist_ok=True)
        xlsx(path, list(other.rows(people[place::7])))
    together = compare([month], AS_OF, workspace)
    assert together.findings.equals(alone.findings)
    screen = Console(file=io.StringIO(), width=80)
    print_summary(screen, together.summary(()), together.findings.to_pandas())
    shown = screen.file.getvalue().replace("\n", "")  # type: ignore[attr-defined]
    missing = [other.file for other in LISTS if other.file not in shown]
    assert not missing
