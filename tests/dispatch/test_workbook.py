"""The workbook a unit receives: facts locked, yellow cells open, safe against what stands in the data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from fupin_cli.errors import FupinError
from fupin_cli.ledger.actions import Change, apply_changes
from fupin_cli.ledger.query import ledger_table
from fupin_cli.ledger.row_keys import parse_row_key
from fupin_cli.ledger.states import CONFIRMED, DISMISSED
from fupin_cli.reports.dispatch_files import open_findings, write_dispatches
from tests.dispatch.conftest import AS_OF, AT, HEALTH, SCHOOL, TOWN, key_of, read_rows, relapse, send

Ledger = Callable[..., Path]


def titles_of(path: Path) -> list[str]:
    rows, head = read_rows(path)
    return rows[head]


def test_facts_are_locked_and_only_the_cells_to_fill_in_are_open(ledger: Ledger) -> None:
    path = send(ledger({}, {}))
    sheet = openpyxl.load_workbook(path)["三清单"]
    open_titles = [cell.value for cell in sheet[5] if not sheet.cell(6, cell.column).protection.locked]
    assert open_titles == titles_of(path)[6:-1]
    assert sheet.protection.sheet and not sheet.protection.password
    assert not sheet.protection.autoFilter and not sheet.protection.sort  # False: allowed
    assert sheet.column_dimensions["Q"].hidden
    assert [parse_row_key(sheet.cell(at, 17).value).finding_key for at in (6, 7)] == [key_of(1), key_of(2)]


def test_drop_down_and_date_checks_cover_every_row(ledger: Ledger) -> None:
    sheet = openpyxl.load_workbook(send(ledger({}, {}, {})))["三清单"]
    checks = {str(check.sqref): check.type for check in sheet.data_validations.dataValidation}
    assert checks == {"G6:G8": "list", "J6:J8": "date", "N6:N8": "date", "P6:P8": "date"}


def test_missing_reason_and_evidence_of_untrue_turn_red(ledger: Ledger) -> None:
    sheet = openpyxl.load_workbook(send(ledger({}, {})))["三清单"]
    rules = {str(cells.sqref): [rule.formula for rule in cells.rules] for cells in sheet.conditional_formatting}
    assert rules == {"H6:I7": [['AND($G6="不属实",H6="")']]}


def test_prints_on_a4_landscape_with_the_header_on_every_page(ledger: Ledger) -> None:
    sheet = openpyxl.load_workbook(send(ledger({})))["三清单"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$5:$5" and "第&P页" in sheet.oddFooter.center.text
    assert sheet.auto_filter.ref == "A5:Q6"


def test_severe_findings_come_first(ledger: Ledger) -> None:
    rows, head = read_rows(send(ledger({"severity": "提示"}, {"severity": "一般"}, {"severity": "严重"})))
    assert [row[1] for row in rows[head + 1 : head + 4]] == ["严重", "一般", "提示"]


def test_only_open_findings_are_sent(ledger: Ledger) -> None:
    path = ledger({}, {}, {})
    untrue = {"dismiss_reason": "已转学", "dismiss_evidence": "学籍证明"}
    apply_changes(path, [Change(key_of(1), DISMISSED, untrue), Change(key_of(2), CONFIRMED)], who=SCHOOL, at=AT)
    assert open_findings(ledger_table(path))[SCHOOL]["finding_key"].to_list() == [key_of(2), key_of(3)]


def test_finding_of_several_units_goes_to_each_of_them(ledger: Ledger) -> None:
    shares = open_findings(ledger_table(ledger({"owner": f"{SCHOOL}、{TOWN}"}, {"owner": HEALTH}, {"owner": ""})))
    assert {unit: rows["finding_key"].to_list() for unit, rows in shares.items()} == {
        SCHOOL: [key_of(1)], TOWN: [key_of(1)], HEALTH: [key_of(2)], "": [key_of(3)],
    }  # fmt: skip


def test_what_a_unit_answered_before_is_filled_in_already(ledger: Ledger) -> None:
    path = ledger({"owner": f"{SCHOOL}、{TOWN}"})
    said = {"leader": "张三（区教育局）；陈五（灵山镇）", "measure": "补录（区教育局）", "due_on": "2020-07-31"}
    apply_changes(path, [Change(key_of(1), CONFIRMED, said)], who=SCHOOL, at=AT)
    rows, head = read_rows(send(path, TOWN))
    cells = dict(zip(rows[head], rows[head + 1], strict=True))
    assert (cells["核实情况"], cells["责任领导"], cells["整改措施"]) == ("属实", "陈五", None)
    assert cells["完成时限"].date().isoformat() == "2020-07-31"


def test_relapsed_finding_is_to_be_answered_anew(ledger: Ledger) -> None:
    path = ledger({})
    relapse(path)
    rows, head = read_rows(send(path))
    cells = dict(zip(rows[head], rows[head + 1], strict=True))
    assert cells["目前状态"] == "反弹"
    assert [cells[title] for title in ("核实情况", "完成时限", "完成日期")] == [None, None, None]


def test_text_from_the_data_is_never_a_formula(ledger: Ledger) -> None:
    path = send(ledger({"name": "=1+1", "detail": '=HYPERLINK("http://x","y")', "village": "@SUM(A1)"}))
    sheet = openpyxl.load_workbook(path)["三清单"]
    assert [sheet.cell(6, column).data_type for column in (3, 4, 5)] == ["s", "s", "s"]
    assert sheet.cell(6, 5).value.startswith("=HYPERLINK")


@pytest.mark.parametrize("unit", ["../../etc/区教育局", "C:\\区教育局", "..", "a" * 300, "CON", "区教育局\u202e"])
def test_unit_names_never_lead_out_of_the_folder(ledger: Ledger, tmp_path: Path, unit: str) -> None:
    shares = open_findings(ledger_table(ledger({"owner": SCHOOL})))
    out = tmp_path / "下发"
    sent = write_dispatches(out, {unit: shares[SCHOOL]}, [unit], "美兰区", AS_OF)
    assert [item.file.resolve().parent for item in sent] == [out.resolve()]
    assert [path.name for path in out.iterdir()] == [sent[0].file.name] and len(sent[0].file.name) < 90


def test_units_whose_names_make_one_file_name_get_two_files(ledger: Ledger, tmp_path: Path) -> None:
    rows = open_findings(ledger_table(ledger({})))[SCHOOL]
    sent = write_dispatches(
        tmp_path / "下发", {"区教育局 ": rows, "区教育局/": rows}, ["区教育局 ", "区教育局/"], "", AS_OF
    )
    assert len({item.file for item in sent}) == 2


def test_a_filled_workbook_is_not_overwritten_but_the_same_one_is_sent_again(ledger: Ledger, tmp_path: Path) -> None:
    shares = open_findings(ledger_table(ledger({})))
    first, again = (write_dispatches(tmp_path / "下发", shares, [SCHOOL], "", AS_OF)[0].file for _ in range(2))
    assert first == again
    first.write_bytes(first.read_bytes() + b"filled")
    with pytest.raises(FupinError, match="没有覆盖"):
        write_dispatches(tmp_path / "下发", shares, [SCHOOL], "", AS_OF)
    assert first.read_bytes().endswith(b"filled")
