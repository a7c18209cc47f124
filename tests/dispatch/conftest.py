"""A ledger with a few findings, the workbooks sent to units, and what units do with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from fupin_cli.ledger.actions import Change, apply_changes
from fupin_cli.ledger.facts import FACTS, RunFacts
from fupin_cli.ledger.feedback import TITLES
from fupin_cli.ledger.query import ledger_table
from fupin_cli.ledger.states import REPORTED
from fupin_cli.ledger.update import update_ledger
from fupin_cli.reports.dispatch_files import open_findings, write_dispatches
from tests.ledger.ledgers import Office

AS_OF, AT = date(2020, 6, 30), "2020-07-20T09:00:00"
SCHOOL, HEALTH, TOWN = "区教育局", "区卫健委", "灵山镇"
DEFAULTS = {
    "rule_id": "EDU-01", "category": "义务教育", "severity": "严重", "subject_type": "person", "household_id": "4601080001",
    "person_no": "46010800010003", "id_number": "460108201103052219", "town": TOWN, "village": "东营村", "owner": SCHOOL,
    "title": "义务教育适龄人口无学籍", "register_value": "在校生状况：小学", "source_value": "学籍名单：无记录",
    "basis": "工作要点 三（二）1", "evidence": "台账.xlsx!人员!128",
}  # fmt: skip
PLAN = {
    "verdict": "属实", "leader": "张三", "person_in_charge": "李四", "measure": "联系学校补录学籍", "due_on": "2020-07-31",
}  # fmt: skip


def key_of(number: int) -> str:
    return f"{number:016x}"


def finding(number: int, **changes: str) -> dict[str, str]:
    name = f"王{'一二三四五六七八九十'[number % 10]}"
    own = {
        "finding_key": key_of(number),
        "person_no": f"4601080001{number:04}",
        "name": name,
        "detail": f"{name}（第{number}户）在学籍名单中没有记录。",
    }
    return {**DEFAULTS, **own, **changes}


def run_on(ledger: Path, findings: list[dict[str, str]], as_of: date = AS_OF) -> None:
    """One comparison that finds exactly ``findings``, its rule checked everywhere."""
    found = [{**row, "sources": ""} for row in findings]
    office = Office(ledger.parent)
    known = ledger_table(ledger).iter_rows(named=True) if ledger.exists() else ()
    office.persons = {row["person_no"]: row for row in (*known, *found)}
    table = pl.DataFrame(found, schema={name: pl.String for name in FACTS})
    facts = RunFacts(as_of, table, (("EDU-01", "", True),), frozenset(), sight=office.sight(*found))
    update_ledger(ledger, facts, f"{as_of}T08:00:00")


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[..., Path]:
    """A ledger after one comparison; each argument is a dict of what differs from a common finding."""

    def make(*changes: Mapping[str, str]) -> Path:
        path = tmp_path / "整改台账.db"
        run_on(path, [finding(at, **change) for at, change in enumerate(changes, 1)])
        return path

    return make


def relapse(ledger: Path) -> None:
    """Finding 1 is reported done, vanishes from the data of July, and fires again in August."""
    change = Change(key_of(1), REPORTED, {"done_on": "2020-07-10", "leader": "张三"})
    apply_changes(ledger, [change], who=SCHOOL, at="2020-07-10T09:00:00")
    run_on(ledger, [], date(2020, 7, 31))
    run_on(ledger, [finding(1)], date(2020, 8, 31))


def send(ledger: Path, unit: str = SCHOOL) -> Path:
    """The workbook of ``unit``, each time in a folder of its own."""
    out = ledger.parent / f"下发{len(list(ledger.parent.glob('下发*')))}"
    return write_dispatches(out, open_findings(ledger_table(ledger)), [unit], "美兰区", AS_OF)[0].file


def read_rows(path: Path) -> tuple[list[list[Any]], int]:
    """Values of the first sheet and where its header stands."""
    rows = [list(row) for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    return rows, next(at for at, row in enumerate(rows) if "识别码" in row)


def fill(path: Path, answers: Mapping[int, Mapping[str, Any]]) -> Path:
    """Type ``answers`` (finding number → field → value) into the workbook, as an official does."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    rows, head = read_rows(path)
    places = {title: at + 1 for at, title in enumerate(rows[head])}
    for at, row in enumerate(rows[head + 1 :], head + 2):
        for number, values in answers.items():
            if row[-1] and str(row[-1]).startswith(f"K{key_of(number)}"):
                for name, value in values.items():
                    sheet.cell(at, places[TITLES[name]]).value = value
    book.save(path)
    return path


def held(ledger: Path, number: int) -> dict[str, Any]:
    return ledger_table(ledger).filter(pl.col("finding_key") == key_of(number)).to_dicts()[0]
