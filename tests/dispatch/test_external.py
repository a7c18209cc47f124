"""Problem lists of others come into the same ledger, once, under their origin, whatever their header looks like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fupin_cli.errors import FupinError
from fupin_cli.ledger.import_external import Entered, import_external
from fupin_cli.ledger.query import events_of, ledger_table
from fupin_cli.ledger.states import CONFIRMED, NEW, REPORTED
from fupin_cli.reports.dispatch_files import open_findings
from tests.dispatch.conftest import AT, SCHOOL, TOWN, finding, run_on

Ledger = Callable[..., Path]
TOWNS = {TOWN: ("东营村",)}
UNITS = {"区金融办": "区金融办", "区金融工作办公室": "区金融办", "团区委": "团区委", TOWN: TOWN}
ID = "460108201103052219"
HEADER = ("序号", "存在问题", "责任单位", "整改措施", "完成时限", "镇", "村", "户主", "身份证号")
ROW = (
    1,
    "危房改造补助未足额发放",
    "美兰区教育局、灵山镇人民政府",
    "补发差额",
    "2020年8月底前",
    "灵山",
    "东营村委会",
    "陈一",
    ID,
)
BARE = (2, "饮水工程无人管护", "区水务局", "", "", "灵山镇", "", "", "")


def sheet(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def enter(ledger: Path, rows: Sequence[Sequence[Any]], origin: str = "考核反馈", name: str = "反馈.xlsx") -> Entered:
    return import_external(ledger, [sheet(ledger.parent / name, rows)], origin, TOWNS, AT, units=UNITS)[0]


def external(ledger: Path) -> list[dict[str, Any]]:
    return [row for row in ledger_table(ledger).to_dicts() if row["origin"] != "比对"]


def test_rows_become_findings_with_their_origin_and_plan(ledger: Ledger) -> None:
    path = ledger({})
    entered = enter(path, [("2019年脱贫攻坚成效考核反馈问题清单",), HEADER, ROW, BARE])
    assert (entered.new, entered.known, entered.headings, entered.refused, entered.notes) == (2, 0, 0, [], [])
    planned, bare = sorted(external(path), key=lambda row: row["evidence"])
    assert (planned["state"], bare["state"]) == (CONFIRMED, NEW)
    assert (planned["origin"], planned["detail"], planned["due_on"]) == ("考核反馈", ROW[1], "2020-08-31")
    assert (planned["owner"], planned["town"], planned["village"]) == ("区教育局、灵山镇", TOWN, "东营村")
    assert (planned["name"], planned["id_number"], planned["evidence"]) == ("陈一", ID, "反馈.xlsx!Sheet!3")
    assert planned["first_as_of"] == AT[:10]


def test_every_value_of_a_new_problem_is_an_event(ledger: Ledger) -> None:
    path = ledger({})
    enter(path, [HEADER, ROW])
    events = events_of(path, external(path)[0]["finding_key"])
    assert events.select("event", "new").rows() == [
        ("发现", NEW), ("整改措施", "补发差额"), ("完成时限", "2020-08-31"), ("认定属实", CONFIRMED),
    ]  # fmt: skip
    assert set(events["who"]) == {"考核反馈"} and set(events["file"]) == {"反馈.xlsx"}


def test_the_same_list_again_brings_nothing_new_and_changes_nothing(ledger: Ledger) -> None:
    path = ledger({})
    enter(path, [HEADER, ROW, BARE])
    before = external(path)
    entered = enter(path, [HEADER, BARE, (9, *ROW[1:3], "另一条措施", *ROW[4:])], name="反馈（新）.xlsx")
    assert (entered.new, entered.known) == (0, 2)
    assert external(path) == before


def test_the_same_words_from_another_origin_are_another_problem(ledger: Ledger) -> None:
    path = ledger({})
    enter(path, [HEADER, ROW])
    assert enter(path, [HEADER, ROW], origin="审计").new == 1
    assert {row["origin"] for row in external(path)} == {"考核反馈", "审计"}


def test_done_problem_waits_for_review(ledger: Ledger) -> None:
    path = ledger({})
    enter(path, [("问题描述", "牵头单位", "整改情况", "完成时间"), ("台账不全", "区扶贫办", "已补齐", "2020.6.5")])
    row = external(path)[0]
    assert (row["state"], row["done_on"], row["progress"]) == (REPORTED, "2020-06-05", "已补齐")


@pytest.mark.parametrize(
    "header",
    [
        ("编号", "巡视发现的主要问题", "整改责任单位", "整改举措"),
        ("序号", "反馈问题/具体表现", "责任部门", "具体措施"),
        ("问题编号", "存在的问题（逐条列出）", "主责单位", "整改任务"),
    ],
)
def test_headers_as_others_write_them(ledger: Ledger, header: tuple[str, ...]) -> None:
    path = ledger({})
    assert enter(path, [header, (1, "帮扶措施不精准", "区扶贫办", "逐户核对")]).new == 1
    row = external(path)[0]
    assert (row["detail"], row["owner"], row["measure"]) == ("帮扶措施不精准", "区扶贫办", "逐户核对")


def test_two_row_header_with_groups_and_merged_cells(ledger: Ledger, tmp_path: Path) -> None:
    path = ledger({})
    book = openpyxl.Workbook()
    page = book.active
    for row in [
        ("专项巡视反馈问题整改台账",), ("序号", "问题", "", "整改", "", ""), ("", "类别", "问题描述", "责任单位", "整改措施", "整改时限"),
        (1, "产业", "产业项目带贫弱", "区农业农村局", "完善联结", "2020-09-30"), (2, "", "收益分配不及时", "", "按季分红", "长期坚持"),
    ]:  # fmt: skip
        page.append(row)
    for cells in ("A1:F1", "A2:A3", "B2:C2", "D2:F2", "B4:B5", "D4:D5"):
        page.merge_cells(cells)
    book.save(tmp_path / "巡视.xlsx")
    entered = import_external(path, [tmp_path / "巡视.xlsx"], "巡视", TOWNS, AT, units=UNITS)[0]
    assert entered.new == 2
    assert {(row["title"], row["owner"]) for row in external(path)} == {("产业", "区农业农村局")}
    assert "“完成时限”不是日期" in entered.notes[0].text and entered.notes[0].place == "巡视.xlsx!Sheet!F5"


def test_rows_that_hold_no_problem_are_counted_or_listed(ledger: Ledger) -> None:
    path = ledger({})
    rows = [
        HEADER,
        ("一、住房方面",),
        ROW,
        (3, "", "区教育局", "整改"),
        ("合计", "", 2),
        ("合 计", "2个", ""),
        ("填表人：李四", "", "电话：1"),
    ]
    entered = enter(path, rows)
    assert (entered.new, entered.headings) == (1, 4)
    assert [remark.place for remark in entered.refused] == ["反馈.xlsx!Sheet!B4"]


def test_every_town_is_each_town(ledger: Ledger, tmp_path: Path) -> None:
    path, towns = ledger({}), {TOWN: (), "三江镇": ()}
    file = sheet(tmp_path / "审计.xlsx", [HEADER, (1, "村卫生室无村医", "区卫健委、各镇")])
    import_external(path, [file], "审计", towns, AT, units=UNITS)
    assert external(path)[0]["owner"] == f"区卫健委、{TOWN}、三江镇"


@pytest.mark.parametrize("written", ["金融办", "美兰区金融办", "海口市美兰区金融工作办公室", "区金融办"])
def test_unit_that_owns_no_finding_yet_has_its_one_name(ledger: Ledger, written: str) -> None:
    path = ledger({"owner": "金融办"})
    entered = enter(path, [HEADER, (1, "小额信贷逾期", f"{written}、团区委")])
    assert (external(path)[0]["owner"], entered.notes) == ("区金融办、团区委", [])


@pytest.mark.parametrize(("written", "meant"), [("区金融局", "区金融办"), ("金融局", "区金融办"), ("灵三镇", TOWN)])
def test_unit_that_is_nearly_known_is_kept_and_asked_about(ledger: Ledger, written: str, meant: str) -> None:
    path = ledger({})
    entered = enter(path, [HEADER, (1, "小额信贷逾期", written)])
    assert external(path)[0]["owner"] == written
    (note,) = entered.notes
    assert note.text == f"责任单位“{written}”照写；是不是“{meant}”？" and note.place == "反馈.xlsx!Sheet!C2"


def test_unit_like_no_other_is_kept(ledger: Ledger) -> None:
    path = ledger({})
    assert not enter(path, [HEADER, (1, "公交不通", "省交通厅")]).notes
    assert external(path)[0]["owner"] == "省交通厅"


def test_problem_without_unit_is_entered_and_noted(ledger: Ledger) -> None:
    path = ledger({})
    entered = enter(path, [HEADER, (1, "没人管的问题", "", "", "", "", "", "", "")])
    assert entered.new == 1 and "没有责任单位" in entered.notes[0].text


def test_file_without_problems_is_refused_and_the_others_taken(ledger: Ledger, tmp_path: Path) -> None:
    path = ledger({})
    files = [
        sheet(tmp_path / "电话.xlsx", [("姓名", "电话"), ("张三", "1")]),
        sheet(tmp_path / "反馈.xlsx", [HEADER, ROW]),
    ]
    entered = import_external(path, files, "督查", TOWNS, AT, units=UNITS)
    assert "没有找到“问题”一列" in entered[0].refused[0].text
    assert entered[1].new == 1


def test_a_run_never_clears_what_others_found(ledger: Ledger) -> None:
    path = ledger({})
    enter(path, [HEADER, ROW])
    run_on(path, [finding(1)], date(2020, 8, 31))
    assert external(path)[0]["state"] == CONFIRMED


def test_external_problems_are_dispatched_with_the_others(ledger: Ledger) -> None:
    path = ledger({})
    enter(path, [HEADER, ROW])
    assert open_findings(ledger_table(path))[SCHOOL]["origin"].to_list() == ["比对", "考核反馈"]
    assert open_findings(ledger_table(path))[TOWN].height == 1


@pytest.mark.parametrize("origin", ["", " ", "比对"])
def test_origin_must_be_named(ledger: Ledger, origin: str) -> None:
    path = ledger({})
    with pytest.raises(FupinError, match="来自哪里"):
        enter(path, [HEADER, ROW], origin=origin)
