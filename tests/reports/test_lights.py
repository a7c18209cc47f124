"""三色灯.xlsx and 三色灯.html: every household on its village's list, reasons as text, nothing that runs or calls out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl

from fupin_cli.lights.changes import Change
from fupin_cli.lights.model import Care, Household, HouseholdLight, LightRun, Override, Reason
from fupin_cli.policy import load_policy
from fupin_cli.reports.lights_counts import table_in_words, villages_of
from fupin_cli.reports.lights_page import write_lights_page
from fupin_cli.reports.lights_sheet import write_lights

HOSTILE = "=cmd|' /C calc'!A1<script>alert(1)</script>\x07"
HOME = Household("4601080001", "王小明", "灵山镇", "东营村", 3, False)
GREEN = HouseholdLight(HOME, "绿灯", (), None, Care(), ())
RED = HouseholdLight(
    replace(HOME, household_id="4601080002", head=HOSTILE, watched=True), "红灯",
    (Reason("有大病或重度残疾成员", "李某", "台账.xlsx!表!7"), Reason("收入低于监测标准", "人均纯收入4000元", "台账.xlsx!表!7")),
    None, Care("大病救治", HOSTILE, date(2020, 6, 1)), ("跟踪逾期",),
)  # fmt: skip
SET = replace(
    GREEN, household=replace(HOME, household_id="4601080003", village="大昌村"),
    override=Override("黄灯", "房屋受灾", date(2020, 12, 31)), due=("缺帮扶措施", "缺下次跟踪日期"),
)  # fmt: skip
RUN = LightRun(date(2020, 6, 30), (RED, GREEN, SET), ("没有收到“就业信息”，有关情形没有判断。",))
CHANGE = Change("4601080002", HOSTILE, "灵山镇", "东营村", "绿灯", "红灯", "有大病或重度残疾成员（李某）")


def cells(path: Path, sheet: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


def workbook(tmp_path: Path) -> Path:
    write_lights(tmp_path / "三色灯.xlsx", RUN, "美兰区", load_policy(), "2020-05-31", [CHANGE])
    return tmp_path / "三色灯.xlsx"


def page(tmp_path: Path) -> str:
    write_lights_page(tmp_path / "三色灯.html", RUN, "美兰区", load_policy())
    return (tmp_path / "三色灯.html").read_text(encoding="utf-8")


def test_counts_by_village_add_up_to_the_town() -> None:
    counts = [(count.village, count.lights, count.due) for count in villages_of(RUN.lights)]
    assert counts == [("东营村", (1, 0, 1), 1), ("大昌村", (0, 1, 0), 1), (None, (1, 1, 1), 2)]


def test_workbook_lists_every_household_what_is_due_and_what_changed(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    town = {row[1]: row for row in cells(path, "灵山镇") if str(row[1]).startswith("46010")}
    assert {home: row[4] for home, row in town.items()} == {
        "4601080001": "绿灯", "4601080002": "红灯", "4601080003": "黄灯",
    }  # fmt: skip
    assert town["4601080001"][5] == "没有返贫、致贫风险的情形"
    assert town["4601080002"][7:] == ("大病救治", HOSTILE.replace("\x07", ""), "2020-06-01")
    assert town["4601080003"][5] == "人工调整（原为绿灯）：房屋受灾，至2020-12-31；没有返贫、致贫风险的情形"
    assert [row[5] for row in cells(path, "催办")[3:]] == ["跟踪逾期", "缺帮扶措施、缺下次跟踪日期"]
    assert [row[4:7] for row in cells(path, "变化")[3:]] == [("加重", "绿灯", "红灯")]
    assert ("有大病或重度残疾成员", "李某", "台账.xlsx!表!7") in [row[5:8] for row in cells(path, "理由和依据")]
    assert any("就业信息" in str(row[0]) for row in cells(path, "汇总"))


def test_workbook_holds_no_formula_and_opens_only_the_cells_to_fill(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook(tmp_path))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    open_cells = {
        cell.column_letter for row in book["灵山镇"].iter_rows() for cell in row if not cell.protection.locked
    }
    assert open_cells == {"H", "I", "J"}
    assert book["灵山镇"].protection.sheet


def test_page_shows_cards_as_text_and_needs_no_network(tmp_path: Path) -> None:
    text = page(tmp_path)
    assert text.count("<article") == 2
    assert "王小明" in text and "绿灯1户：王小明" in text
    assert "&lt;script&gt;alert(1)" in text and "<script>alert" not in text
    assert "待办：跟踪逾期" in text and "人工调整（原为绿灯）：房屋受灾，至2020-12-31" in text
    assert not re.search(r"(https?:)?//[a-z]", text)


def test_table_is_told_in_words_as_the_office_has_it() -> None:
    words = "".join(table_in_words(load_policy()))
    assert "同时有下列情形中的2项：有大病或重度残疾成员、整户无劳动能力、年度医疗自付过高、收入低于监测标准" in words
