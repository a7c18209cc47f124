"""属实率, 整改率, 销号率 and the counts they are made of are the same wherever they are told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document

from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.ledger.states import CLOSED, CONFIRMED, UNSEEN, WAITING
from fupin_cli.rounds.plan import write_plan
from fupin_cli.workspace import init_workspace
from tests.cli.test_commands import run
from tests.ledger.ledgers import Office, finding, lose

EXPECTED = {
    "found": 11, "true": 7, "dismissed": 1, "mended": 2, "closed": 1, "unseen": 2, "yardstick_changed": 1,
    "true_rate": 7 / 8, "mended_rate": 2 / 7, "closed_rate": 1 / 10,
}  # fmt: skip
RATES, UNSEEN_TOLD = ("87.5%", "28.6%", "10.0%"), "证据不在2条（其中参数或规则变了的1条）"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A finding of every state, two that wait or are unseen of those never verified and those that were."""
    init_workspace(tmp_path, "某区扶贫办")
    write_plan(tmp_path, 2020)
    monkeypatch.chdir(tmp_path)
    office, kept = Office(tmp_path), [finding(key) for key in "abcdefgh"]
    office.run("2020-03-31", *kept, *map(finding, "ijk"), round="1")
    for key in "bceik":
        office.confirm(key)
    for key in "cdf":
        office.report(key)
    office.close("c")
    office.dismiss("g")
    office.run("2020-04-30", *(one for one in kept if one["finding_key"] != "f"))
    office.run("2020-05-31", *kept, round="2")
    with open_ledger(office.path) as connection, transaction(connection):
        connection.execute("UPDATE findings SET state_before = ? WHERE finding_key = 'i'", [CONFIRMED])
    office.close("k")
    lose(office, "e")
    lose(office, "h", "政策参数变了", yardstick=True)
    return office


def said(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert run(*words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def words_of(path: Path) -> str:
    if path.suffix == ".docx":
        return "".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8")
    rows = (row for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows(values_only=True))
    return "".join(str(cell or "") for row in rows for cell in row)


def test_rates_are_the_same_everywhere(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    states = [office.state(key) for key in "abcdefghijk"]
    assert states == [
        "待核实",
        CONFIRMED,
        "反弹",
        "已整改待复核",
        UNSEEN,
        "反弹",
        "不属实",
        UNSEEN,
        WAITING,
        WAITING,
        CLOSED,
    ]
    stats = said(capsys, "ledger", "stats", "--as-of", "2020-10-31")[-1]
    assert {name: stats[name] for name in EXPECTED} == pytest.approx(EXPECTED)

    year = said(capsys, "round", "summary")
    assert year["counted"] == pytest.approx(EXPECTED)
    for file in year["files"]:
        text = words_of(Path(file))
        for name, rate in zip(("属实率", "整改率", "销号率"), RATES, strict=True):
            assert f"{name}{rate}" in text, file
        assert "属实7条、不属实1条，已整改2条，已销号1条" in text and UNSEEN_TOLD in text

    files = said(capsys, "report", "--from", "2020-03-01", "--to", "2020-05-31")["files"]
    word, page = (words_of(next(Path(file) for file in files if file.endswith(end))) for end in (".docx", ".html"))
    assert "上述11条问题中，属实7条（属实率87.5%），整改2条（整改率28.6%），销号1条（销号率10.0%）" in word
    assert UNSEEN_TOLD in word and UNSEEN_TOLD in page
    steps = re.findall(r'class="num">(\d+)<small>([\d.%]*)</small>', page)
    assert steps == [("11", ""), *zip(("7", "2", "1"), RATES, strict=True)]

    assert said(capsys, "ledger", "export", "台账.xlsx", "--as-of", "2020-10-31")["findings"] == 11
    row = next(
        row for row in openpyxl.load_workbook("台账.xlsx")["按镇"].iter_rows(values_only=True) if row[0] == "合计"
    )
    assert row[1:10] == (11, 1, *RATES, 2, 2, 2, 1)


def test_late_findings_are_the_same_everywhere(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """Confirmed, and confirmed before nobody could see it: both are late; what waits to be closed is not."""
    folder = office.path.parent / "工作进展"
    folder.mkdir()
    rows = "责任单位,条款,完成进度,填报日期,进展情况\n区教育局,（二）1,10,2020-10-08,正在推进\n"
    (folder / "进展.csv").write_text(rows, encoding="utf-8")
    late = said(capsys, "ledger", "list", "--overdue", "--as-of", "2020-10-31")["findings"]
    assert [row["finding_key"] for row in late] == ["b", "e"]
    assert said(capsys, "ledger", "stats", "--as-of", "2020-10-31")[-1]["overdue"] == 2
    units = said(capsys, "supervise", "month", "2020-10")["units"]
    assert {unit["unit"]: unit["overdue"] for unit in units}["区教育局"] == 2
