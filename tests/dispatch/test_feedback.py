"""What units fill in comes into the ledger; what is doubtful is listed with its cell and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fupin_cli.ledger.actions import Change, apply_changes
from fupin_cli.ledger.import_feedback import Outcome, import_feedback
from fupin_cli.ledger.query import events_of
from fupin_cli.ledger.states import CLOSED, CONFIRMED, DISMISSED, NEW, RELAPSED, REPORTED, WAITING
from tests.dispatch.conftest import AT, HEALTH, PLAN, SCHOOL, TOWN, fill, finding, held, key_of, relapse, run_on, send

Ledger = Callable[..., Path]
UNTRUE = {"verdict": "不属实", "dismiss_reason": "已在外省就读", "dismiss_evidence": "外省学籍证明"}
JOINT = {"owner": f"{SCHOOL}、{TOWN}"}


def take(ledger: Path, *files: Path, at: str = AT) -> Outcome:
    """The outcome of importing one file (or of the first of several)."""
    return import_feedback(ledger, files, at)[0]


def answer(ledger: Path, number: int = 1, unit: str = SCHOOL, **values: Any) -> Outcome:
    return take(ledger, fill(send(ledger, unit), {number: values}))


def texts(outcome: Outcome) -> str:
    return "\n".join(f"{remark.place} {remark.text}" for remark in outcome.refused)


def test_confirmed_with_its_plan(ledger: Ledger) -> None:
    path = ledger({}, {})
    outcome = answer(path, **PLAN)
    assert (outcome.taken, outcome.unchanged, outcome.blank, outcome.refused, outcome.notes) == (1, 0, 1, [], [])
    row = held(path, 1)
    assert row["state"] == CONFIRMED
    assert {name: row[name] for name in PLAN if name != "verdict"} == {k: v for k, v in PLAN.items() if k != "verdict"}
    assert row["reported_by"] == SCHOOL
    assert set(events_of(path, key_of(1))["who"].to_list()) == {"", SCHOOL}
    assert held(path, 2)["state"] == NEW


def test_confirmed_without_plan_is_taken_and_noted(ledger: Ledger) -> None:
    path = ledger({})
    outcome = answer(path, verdict="属实")
    assert held(path, 1)["state"] == CONFIRMED
    assert "还没有填整改措施、责任人、完成时限" in outcome.notes[0].text


def test_untrue_with_reason_and_evidence_is_dismissed_for_its_facts(ledger: Ledger) -> None:
    path = ledger({})
    assert answer(path, **UNTRUE, dismissed_until="2020-12-31").taken == 1
    row = held(path, 1)
    assert (row["state"], row["dismiss_reason"], row["dismissed_until"]) == (DISMISSED, "已在外省就读", "2020-12-31")
    assert row["dismissed_register_value"] == "在校生状况：小学"


def test_untrue_without_evidence_is_refused_and_the_rest_of_the_row_taken(ledger: Ledger) -> None:
    path = ledger({})
    outcome = answer(path, verdict="不属实", dismiss_reason="已转学", leader="张三")
    assert "G6 选了“不属实”，没有填佐证材料" in texts(outcome)
    row = held(path, 1)
    assert (row["state"], row["leader"], row["dismiss_reason"]) == (NEW, "张三", "")


def test_contradictions_in_a_row_move_no_state(ledger: Ledger) -> None:
    path = ledger({}, {})
    book = fill(
        send(path), {1: {**UNTRUE, "done_on": "2020-07-01"}, 2: {"verdict": "属实", "dismiss_reason": "已转学"}}
    )
    outcome = take(path, book)
    assert len(outcome.refused) == 2 and outcome.taken == 0
    assert [held(path, at)["state"] for at in (1, 2)] == [NEW, NEW]


def test_completion_date_says_true_and_done(ledger: Ledger) -> None:
    path = ledger({})
    assert answer(path, done_on=date(2020, 7, 10), progress="已补录学籍").refused == []
    row = held(path, 1)
    assert (row["state"], row["done_on"], row["progress"]) == (REPORTED, "2020-07-10", "已补录学籍")


def test_done_without_date_is_noted_and_not_believed(ledger: Ledger) -> None:
    path = ledger({})
    outcome = answer(path, verdict="属实", progress="已整改")
    assert any("没有填完成日期" in note.text for note in outcome.notes)
    assert held(path, 1)["state"] == CONFIRMED


def test_report_on_a_finding_the_data_no_longer_show_closes_it(ledger: Ledger) -> None:
    path = ledger({})
    book = send(path)
    run_on(path, [], date(2020, 7, 15))
    assert held(path, 1)["state"] == WAITING
    take(path, fill(book, {1: {"done_on": "2020-07-10"}}))
    assert held(path, 1)["state"] == CLOSED


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020-07-31", "2020-07-31"), ("2020.7.31", "2020-07-31"), ("2020年7月31日前", "2020-07-31"), (20200731, "2020-07-31"),
        (datetime(2020, 7, 31), "2020-07-31"), (44043, "2020-07-31"), ("2020/7/31 0:00:00", "2020-07-31"), ("2020年7月底前", "2020-07-31"),
        ("2020年7月", "2020-07-31"), ("2020年底", "2020-12-31"), ("2020年12月底", "2020-12-31"), ("　2020-07-31　", "2020-07-31"),
    ],
)  # fmt: skip
def test_dates_in_any_form(ledger: Ledger, written: Any, day: str) -> None:
    path = ledger({})
    assert answer(path, **{**PLAN, "due_on": written}).refused == []
    assert held(path, 1)["due_on"] == day


@pytest.mark.parametrize(
    ("field", "written", "reason"),
    [
        ("due_on", "尽快", "N6 “完成时限”不是日期"), ("due_on", "2020", "只有年份"), ("due_on", "2020-02-30", "不是日期"),
        ("done_on", "2020-07-21", "P6 “完成日期”晚于今天"), ("verdict", "待定", "G6 “核实情况”不认识"),
        ("measure", "同上", "M6 “整改措施”写的是“同上”"),
    ],
)  # fmt: skip
def test_invalid_cell_is_refused_with_its_place_and_the_others_taken(
    ledger: Ledger, field: str, written: str, reason: str
) -> None:
    path = ledger({})
    outcome = answer(path, **{**PLAN, field: written})
    assert reason in texts(outcome) and "三清单!" in texts(outcome) and "处理办法" in texts(outcome)
    assert outcome.taken == 1
    assert held(path, 1)["leader"] == "张三"


def test_completion_before_the_finding_is_taken_and_noted(ledger: Ledger) -> None:
    outcome = answer(ledger({}), **PLAN, done_on="2019-07-31")
    assert "完成日期早于发现问题的日期，请核对" in [note.text for note in outcome.notes]


def test_verdict_that_cannot_be_read_is_not_also_noted_as_missing(ledger: Ledger) -> None:
    outcome = answer(ledger({}), **{**PLAN, "verdict": "已核实"})
    assert "“核实情况”不认识" in texts(outcome) and not outcome.notes


def test_due_date_before_the_finding_is_taken_and_noted(ledger: Ledger) -> None:
    path = ledger({})
    outcome = answer(path, **{**PLAN, "due_on": "2019-07-31"})
    assert [note.text for note in outcome.notes] == ["完成时限早于发现问题的日期，请核对"]
    assert held(path, 1)["due_on"] == "2019-07-31"


def test_workbook_of_which_no_problem_is_left_is_refused_and_not_remembered(ledger: Ledger) -> None:
    path = ledger({})
    sent = send(path, SCHOOL)
    whole = sent.read_bytes()
    book = openpyxl.load_workbook(sent)
    sheet = book["三清单"]
    head = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == "序号")
    sheet.delete_rows(head + 1, sheet.max_row)
    book.save(sent)
    assert "一个问题也没有读到" in texts(take(path, sent))
    assert "一个问题也没有读到" in texts(take(path, sent))
    sent.write_bytes(whole)
    assert take(path, fill(sent, {1: PLAN})).taken == 1


def test_blank_cells_never_delete(ledger: Ledger) -> None:
    path = ledger({})
    answer(path, **PLAN)
    book = fill(send(path), {1: {**dict.fromkeys(PLAN), "progress": "正在办理"}})
    assert take(path, book).taken == 1
    row = held(path, 1)
    assert (row["leader"], row["due_on"], row["state"], row["progress"]) == (
        "张三",
        "2020-07-31",
        CONFIRMED,
        "正在办理",
    )


@pytest.mark.parametrize("nothing", ["/", "—", "  ", "-"])
def test_dash_is_not_filled(ledger: Ledger, nothing: str) -> None:
    path = ledger({})
    assert answer(path, verdict=nothing, measure=nothing).blank == 1


def test_edited_facts_are_reported_and_not_believed(ledger: Ledger) -> None:
    path = ledger({}, {})
    outcome = answer(path, **PLAN, detail="没有这回事", name="改名")
    assert outcome.taken == 1 and "第6行的锁定栏与下发时不同" in outcome.notes[0].text
    assert held(path, 1)["name"] == "王二"


def test_same_file_twice_has_no_effect_even_after_a_later_answer(ledger: Ledger, tmp_path: Path) -> None:
    path = ledger({})
    first = fill(send(path), {1: {**PLAN, "leader": "旧领导"}})
    first = first.rename(tmp_path / "第一次.xlsx")
    take(path, first)
    take(path, fill(send(path), {1: {"leader": "新领导"}}))
    before = events_of(path, key_of(1)).height
    outcome = take(path, first)
    assert outcome.known and outcome.taken == 0
    assert held(path, 1)["leader"] == "新领导" and events_of(path, key_of(1)).height == before


def test_file_of_which_nothing_was_taken_says_so_again(ledger: Ledger) -> None:
    path = ledger({})
    book = fill(send(path), {1: {"due_on": "尽快"}})
    assert take(path, book).refused
    again = take(path, book)
    assert again.refused and not again.known


def test_same_answers_saved_anew_have_no_effect(ledger: Ledger) -> None:
    path = ledger({})
    book = fill(send(path), {1: PLAN})
    take(path, book)
    before = events_of(path, key_of(1)).height
    fill(book, {1: {"measure": PLAN["measure"] + " "}})
    outcome = take(path, book)
    assert (outcome.known, outcome.taken, outcome.unchanged) == ("", 0, 1)
    assert events_of(path, key_of(1)).height == before


def test_own_answer_may_be_changed(ledger: Ledger) -> None:
    path = ledger({})
    answer(path, **PLAN)
    assert take(path, fill(send(path), {1: UNTRUE})).taken == 1
    assert held(path, 1)["state"] == DISMISSED


def test_same_finding_answered_twice_differently_in_one_file(ledger: Ledger) -> None:
    path = ledger({})
    book = openpyxl.load_workbook(fill(send(path), {1: {**PLAN, "due_on": "2020-07-31"}}))
    sheet = book["三清单"]
    for column in range(1, 18):
        sheet.cell(9, column).value = sheet.cell(6, column).value
    sheet["N9"] = "2020-08-31"
    book.save(path.parent / "两行.xlsx")
    outcome = take(path, path.parent / "两行.xlsx")
    assert texts(outcome).count("填的不一致") == 2
    row = held(path, 1)
    assert (row["due_on"], row["leader"], row["state"]) == ("", "张三", CONFIRMED)


def test_unknown_key_and_key_of_another_unit_are_listed(ledger: Ledger) -> None:
    path = ledger({}, {"owner": HEALTH}, {})
    mine = fill(send(path), {1: PLAN, 3: PLAN})
    other = openpyxl.load_workbook(fill(send(path, HEALTH), {2: PLAN}))["三清单"]
    book = openpyxl.load_workbook(mine)
    for column in range(1, 18):
        book["三清单"].cell(12, column).value = other.cell(6, column).value
    key = book["三清单"]["Q7"]
    key.value = key.value.replace(key_of(3), key_of(99))
    book["三清单"]["E7"] = "别的台账的问题"
    book.save(mine)
    outcome = take(path, mine)
    assert "三清单!7 台账中没有这条问题" in texts(outcome)
    assert "三清单!12 这一行是下发给区卫健委的，不是区教育局的" in texts(outcome)
    assert outcome.taken == 1 and held(path, 2)["state"] == NEW


def test_unit_that_is_no_longer_responsible_is_refused(ledger: Ledger) -> None:
    path = ledger({})
    book = fill(send(path), {1: PLAN})
    run_on(path, [finding(1, owner=HEALTH)], date(2020, 7, 15))
    assert "责任单位是区卫健委，不是区教育局" in texts(take(path, book))
    assert held(path, 1)["state"] == NEW


def test_keys_sorted_apart_from_their_rows_are_refused(ledger: Ledger) -> None:
    path = ledger({}, {}, {})
    book = openpyxl.load_workbook(fill(send(path), {1: PLAN, 2: PLAN}))
    sheet = book["三清单"]
    keys = [sheet.cell(at, 17).value for at in (6, 7, 8)]
    for at, key in zip((6, 7, 8), [keys[1], keys[0], keys[2]], strict=True):
        sheet.cell(at, 17).value = key
    book.save(path.parent / "错位.xlsx")
    outcome = take(path, path.parent / "错位.xlsx")
    assert outcome.taken == 0 and texts(outcome).count("识别码与这一行的问题对不上") == 2


def test_lost_key_is_found_by_the_words_of_the_problem_or_refused(ledger: Ledger) -> None:
    path = ledger({}, {"detail": "同样的话"}, {"detail": "同样的话"})
    book = openpyxl.load_workbook(fill(send(path), {1: PLAN, 2: PLAN}))
    book["三清单"].delete_cols(17)
    book.save(path.parent / "无码.xlsx")
    outcome = take(path, path.parent / "无码.xlsx")
    assert outcome.taken == 1 and held(path, 1)["state"] == CONFIRMED
    assert "识别码缺失，按问题内容认出" in outcome.notes[0].text
    assert len(outcome.refused) == 1 and "也认不出是哪一条" in texts(outcome)


def test_sheet_without_header_is_refused_as_a_whole(ledger: Ledger) -> None:
    path = ledger({})
    book = openpyxl.load_workbook(fill(send(path), {1: PLAN}))
    book["三清单"].delete_rows(1, 5)
    book.save(path.parent / "无表头.xlsx")
    assert "认不出填报的列" in texts(take(path, path.parent / "无表头.xlsx"))


def test_file_that_is_no_form_does_not_stop_the_others(ledger: Ledger, tmp_path: Path) -> None:
    path = ledger({})
    (tmp_path / "别的.csv").write_text("姓名,电话\n张三,1\n", encoding="utf-8")
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04broken")
    outcomes = import_feedback(path, [tmp_path / "别的.csv", tmp_path / "坏.xlsx", fill(send(path), {1: PLAN})], AT)
    assert ["不是下发的问题清单" in texts(outcomes[0]), len(outcomes[1].refused), outcomes[2].taken] == [True, 1, 1]


def test_closed_finding_takes_no_answer(ledger: Ledger) -> None:
    path = ledger({})
    book = fill(send(path), {1: PLAN})
    closing = {"close_evidence": "现场核查", "approver": "赵主任"}
    apply_changes(path, [Change(key_of(1), CONFIRMED), Change(key_of(1), CLOSED, closing)], who="赵主任", at=AT)
    assert "已销号" in texts(take(path, book))
    assert held(path, 1)["leader"] == ""


def test_completion_before_the_relapse_is_not_this_one(ledger: Ledger) -> None:
    path = ledger({})
    book = fill(send(path), {1: {"done_on": "2020-07-10"}})
    relapse(path)
    outcome = take(path, book, at="2020-09-10T09:00:00")
    assert "完成日期在反弹之前" in texts(outcome)
    row = held(path, 1)
    assert (row["state"], row["done_on"]) == (CONFIRMED, "")
    assert RELAPSED in events_of(path, key_of(1))["new"].to_list()


def test_new_dismissal_does_not_inherit_an_old_term(ledger: Ledger) -> None:
    path = ledger({})
    answer(path, **UNTRUE, dismissed_until="2020-07-25")
    run_on(path, [finding(1)], date(2020, 7, 31))
    assert held(path, 1)["state"] == NEW
    take(path, fill(send(path), {1: UNTRUE}), at="2020-08-05T09:00:00")
    assert (held(path, 1)["state"], held(path, 1)["dismissed_until"]) == (DISMISSED, "")


def test_words_of_two_units_stand_side_by_side(ledger: Ledger) -> None:
    path = ledger(JOINT)
    answer(path, unit=SCHOOL, **PLAN)
    outcome = answer(path, unit=TOWN, verdict="属实", leader="陈五", measure="入户劝返；每周回访", due_on="2020-07-31")
    assert outcome.refused == []
    row = held(path, 1)
    assert row["leader"] == "张三（区教育局）；陈五（灵山镇）"
    assert row["measure"] == "联系学校补录学籍（区教育局）；入户劝返；每周回访（灵山镇）"
    assert answer(path, unit=TOWN, leader="陈六").refused == []
    assert held(path, 1)["leader"] == "张三（区教育局）；陈六（灵山镇）"


@pytest.mark.parametrize("first", [SCHOOL, TOWN])
def test_two_units_that_disagree_at_once_are_listed_and_neither_wins(ledger: Ledger, first: str) -> None:
    path = ledger(JOINT)
    books = {
        SCHOOL: fill(send(path, SCHOOL), {1: {**PLAN, "done_on": "2020-07-10"}}),
        TOWN: fill(send(path, TOWN), {1: UNTRUE}),
    }
    order = [first, TOWN if first == SCHOOL else SCHOOL]
    outcomes = import_feedback(path, [books[unit] for unit in order], AT)
    assert all("填的不一致，两处都没有采用" in texts(outcome) for outcome in outcomes)
    row = held(path, 1)
    assert (row["state"], row["done_on"], row["dismiss_reason"]) == (NEW, "", "")
    assert row["leader"] == "张三（区教育局）"


def test_a_unit_does_not_overrule_what_another_has_reported(ledger: Ledger) -> None:
    path = ledger(JOINT)
    answer(path, unit=SCHOOL, **PLAN)
    outcome = answer(path, unit=TOWN, **{**UNTRUE, "due_on": "2020-09-30"})
    assert "与区教育局已报的“属实”不一致，没有采用" in texts(outcome)
    assert "与区教育局已报的“2020-07-31”不一致" in texts(outcome)
    assert (held(path, 1)["state"], held(path, 1)["due_on"]) == (CONFIRMED, "2020-07-31")


def test_refused_conflict_can_be_taken_once_the_units_agree(ledger: Ledger) -> None:
    path = ledger(JOINT)
    town = fill(send(path, TOWN), {1: UNTRUE})
    answer(path, unit=SCHOOL, verdict="属实")
    assert take(path, town).refused
    take(path, fill(send(path, SCHOOL), {1: UNTRUE}))
    outcome = take(path, town)
    assert (outcome.known, outcome.refused, outcome.taken) == ("", [], 1)
    assert held(path, 1)["dismiss_reason"] == "已在外省就读（区教育局）；已在外省就读（灵山镇）"
