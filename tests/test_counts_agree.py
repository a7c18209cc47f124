"""How many rules were checked, in part or not is the same number wherever it is told."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from fupin_cli.cli import main
from fupin_cli.reports.wording import CHECK_STATES
from fupin_cli.sample.generate import generate

States = dict[str, int]
GONE = ("死亡", "持证残疾人", "饮水安全评价")  # in the names of the files that do not come the second time


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert ended.value.code == 0
    return capsys.readouterr().out


def in_sentence(text: str) -> States:
    """The counts that a sentence names."""
    flat = re.sub(r"\s", "", text)
    found = re.search(r"已比对(\d+)条，部分未比对(\d+)条，未比对(\d+)条", flat)
    assert found, flat
    return dict(zip(CHECK_STATES, map(int, found.groups()), strict=True))


def in_rows(rows: list[list[str]]) -> States:
    """The sum of the counts by category (保障类别)."""
    start = next(place for place, row in enumerate(rows) if row[:2] == ["保障类别", "规则数"])
    totals = Counter[str]()
    for row in rows[start + 1 :]:
        if not (len(row) > 4 and all(cell.isdigit() for cell in row[1:5])) or row[0] == "合计":
            break
        assert int(row[1]) == sum(map(int, row[2:5]))
        totals.update(dict(zip(CHECK_STATES, map(int, row[2:5]), strict=True)))
    return {state: totals[state] for state in CHECK_STATES}


def words_of(path: Path) -> list[list[str]]:
    book = openpyxl.load_workbook(path)
    return [[str(cell or "0") for cell in row] for sheet in book for row in sheet.iter_rows(values_only=True)]


def test_rules_checked_are_counted_alike_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    answer(capsys, "init", "--district", "美兰区")
    answer(capsys, "round", "plan", "--year", "2020")
    for name, missing in (("三月", ()), ("五月", GONE)):
        generate(Path(name), as_of=date(2020, 5, 31), seed=5, persons=200)
        for part in missing:
            (gone,) = Path(name).rglob(f"*{part}*.*")
            gone.unlink()
    answer(capsys, "round", "run", "1", "三月")
    screen = answer(capsys, "round", "run", "2", "五月")
    out = next(Path("输出").glob("第2轮*"))
    manifest = json.loads((out / "run.json").read_text(encoding="utf-8"))
    states = Counter(rule["state"] for rule in manifest["rules"])
    counts = {state: states[state] for state in CHECK_STATES}
    assert all(counts.values()), counts
    assert in_sentence(screen) == counts

    book = words_of(out / "问题清单.xlsx")
    assert in_sentence(next(row[0] for row in book if row[0].startswith("规则共"))) == counts
    assert in_rows(book) == counts
    listed = Counter(row[3] for row in book if row[3] in CHECK_STATES.values() and re.match(r"[A-Z]{3}-\d\d", row[0]))
    assert {state: listed[word] for state, word in CHECK_STATES.items() if state != "checked"} == {
        state: number for state, number in counts.items() if state != "checked"
    }

    answer(capsys, "report", str(out))
    word = Document(str(out / "数据比对情况报告.docx"))
    assert in_sentence("".join(one.text for one in word.paragraphs)) == counts
    tables = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    assert in_rows(tables) == counts
    page = (out / "数据比对情况报告.html").read_text(encoding="utf-8")
    absent, partial = counts["not_checked"], counts["partial"]
    assert f"{absent}条未比对，{partial}条部分未比对" in page
    assert f"规则共{len(manifest['rules'])}条，已比对{counts['checked']}条" in page

    told = json.loads(answer(capsys, "--json", "round", "status"))["rounds"]
    assert [one["rules"] for one in told if one["round"] == 2] == [counts]
    answer(capsys, "round", "summary")
    year = words_of(next(Path("输出").rglob("*比对总结.xlsx")))
    assert [str(counts[state]) for state in CHECK_STATES] in [row[2:5] for row in year if row[0].startswith("第2轮")]
