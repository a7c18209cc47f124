"""The year's shell script of docs/year.md, run on generated months with workbooks that units fill in."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from fupin_cli.ledger.feedback import TITLES
from fupin_cli.ledger.joint import units_of
from fupin_cli.ledger.query import ledger_table, runs_of
from fupin_cli.ledger.row_keys import parse_row_key
from fupin_cli.rounds.plan import PLAN
from fupin_cli.sample.months import generate_months, month_ends
from fupin_cli.sample.replay import CLOSED, DISMISSED
from fupin_cli.workspace import init_workspace
from tests.test_truth import _who

# Five rounds; August is a month between.
ROUNDS = (date(2020, 5, 31), date(2020, 6, 30), date(2020, 7, 31), date(2020, 9, 30), date(2020, 10, 31))
YEAR = Path(__file__).parents[2] / "docs" / "year.md"


def by_who(table: pl.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """The ledger's findings by rule and subject, as the truth names them."""
    return {(row["rule_id"], _who(row)): row for row in table.iter_rows(named=True)}


def told(table: pl.DataFrame) -> set[tuple[str, str, str, int, int]]:
    """Rule, subject, state, times seen, relapses."""
    return {(*key, row["state"], row["times_seen"], row["relapses"]) for key, row in by_who(table).items()}


def truth_of(folder: Path) -> list[dict[str, Any]]:
    months: list[dict[str, Any]] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["months"]
    return months


class Desk:
    """An office with the script and its data on the table."""

    def __init__(self, root: Path) -> None:
        self.root, self.ledger = root, root / "整改台账.db"
        init_workspace(root, "区扶贫办")
        found = re.search(r"<!-- year\.sh -->\n```sh\n(.*?)```", YEAR.read_text(encoding="utf-8"), re.DOTALL)
        assert found
        (root / "全年.sh").write_text(found[1], encoding="utf-8")
        programs = root / "程序"
        programs.mkdir()
        for name, words in (("fupin", "-m fupin_cli"), ("python3", "")):
            (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', encoding="utf-8")
            (programs / name).chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}

    def step(self, *words: str) -> str:
        """One step of the script; returns what it printed."""
        done = subprocess.run(
            ["sh", "全年.sh", *words], cwd=self.root, env=self.environment, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def table(self) -> pl.DataFrame:
        return ledger_table(self.ledger)


def fill_in(desk: Desk, month: dict[str, Any]) -> None:
    """What the units say of the month's findings, written into their workbooks as they would."""
    said = {(one["rule"], one["who"]): one for one in month["feedback"] if one["state"] != CLOSED}
    words = {row["finding_key"]: (said[key], row) for key, row in by_who(desk.table()).items() if key in said}
    back = desk.root / "回收" / month["month"]
    back.mkdir(parents=True)
    for path in sorted((desk.root / "输出" / "下发" / month["as_of"]).glob("*.xlsx")):
        book = openpyxl.load_workbook(path)
        rows = list(book.worksheets[0].iter_rows())
        head = next(row for row in rows if TITLES["key"] in [cell.value for cell in row])
        columns = {str(cell.value): cell.column - 1 for cell in head}
        for row in rows:
            key = parse_row_key(str(row[columns[TITLES["key"]]].value or ""))
            if key is None or key.finding_key not in words:
                continue
            answer, finding = words[key.finding_key]
            if key.unit == units_of(finding["owner"])[0]:
                del words[key.finding_key]
                row[columns[TITLES["verdict"]]].value = "不属实" if answer["state"] == DISMISSED else "属实"
                for name, text in answer["fields"].items():
                    row[columns[TITLES[name]]].value = date.fromisoformat(text) if text[:4] == "2020" else text
        book.save(back / path.name)
    assert not words


@pytest.mark.skipif(os.name == "nt" or shutil.which("sh") is None, reason="a shell script")
def test_script_of_a_year_leaves_the_ledger_the_truth_says_after_every_month(tmp_path: Path) -> None:
    """Five rounds, two of them 回头看; every step done twice changes nothing."""
    desk = Desk(tmp_path / "区扶贫办")
    days = month_ends(date(2020, 5, 1), date(2020, 10, 1))
    generate_months(tmp_path / "月", days, seed=2, persons=300)
    entries = [f"[[rounds]]\ndate = {day}\nlook_back = {str(day.month in (6, 9)).lower()}\n" for day in ROUNDS]
    (desk.root / PLAN).write_text("year = 2020\n" + "".join(entries), encoding="utf-8")
    for month in truth_of(tmp_path / "月"):
        day = month["as_of"]
        shutil.copytree(tmp_path / "月" / month["month"], desk.root / "数据" / month["month"])
        desk.step("比对", day)
        fill_in(desk, month)
        desk.step("收回", day)
        if any(said["state"] == CLOSED for said in month["feedback"]):
            desk.step("销号", day, "符主任")
        truth = {tuple(row) for row in month["ledger"]}
        assert told(desk.table()) == truth, month["month"]
        counts = dict(desk.table().group_by("state").len().iter_rows())
        assert counts == month["counts"]
        if month["month"] == "2020-06":
            assert "没有变化" in desk.step("比对", day)
            desk.step("收回", day)
            assert told(desk.table()) == truth
    assert [row for row in runs_of(desk.ledger)["round"] if row] == ["1", "2", "3", "4", "5"]
    desk.step("总结")
    assert sorted(path.suffix for path in (desk.root / "输出" / "2020年度比对").iterdir()) == [".docx", ".xlsx"]
    assert (desk.root / "输出" / "整改台账.xlsx").is_file()
