"""Findings that nobody can see (证据不在): what people may do to them, who sees them, when they are late."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from fupin_cli.intake.forms import FormRow
from fupin_cli.ledger.actions import Change, apply_changes, undo_closing
from fupin_cli.ledger.answers import judge_answers
from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.ledger.feedback import TITLES, Answer
from fupin_cli.ledger.query import ledger_table, runs_of, seen_in, sightings_of
from fupin_cli.ledger.row_keys import RowKey
from fupin_cli.ledger.selection import Selection, select_findings
from fupin_cli.ledger.states import CLOSED, CONFIRMED, DISMISSED, NEW, RELAPSED, REPORTED, UNSEEN, WAITING, WITHDRAWN
from fupin_cli.reports.dispatch_files import open_findings, write_dispatches
from fupin_cli.workspace import init_workspace
from tests.cli.test_commands import run
from tests.dispatch.conftest import read_rows
from tests.ledger.ledgers import AT, Office, finding, lose


@pytest.fixture
def found(office: Office) -> Office:
    office.run("2020-06-30", finding("a"), finding("b"))
    return office


def standing(office: Office, key: str = "a") -> tuple[str, str]:
    row = office.row(key)
    return row["state"], row["state_before"]


def test_what_a_unit_says_is_kept_and_shows_the_finding_to_nobody(found: Office) -> None:
    lose(found, "a")
    assert found.confirm().taken == ("a",)
    assert standing(found) == (UNSEEN, CONFIRMED)
    assert found.report().taken == ("a",)
    assert standing(found) == (UNSEEN, REPORTED) and found.row()["done_on"] == "2020-07-20"
    assert found.told()[-1] == ("报告已整改", CONFIRMED, REPORTED)
    assert found.report().unchanged == ("a",)


def test_report_still_needs_its_day(found: Office) -> None:
    lose(found, "a")
    assert "完成日期" in found.change("a", REPORTED).refused[0][1]


def test_people_dismiss_close_and_return_it(found: Office) -> None:
    for key in "ab":
        lose(found, key)
    found.dismiss("a")
    assert found.state("a") == DISMISSED
    found.close("b")
    assert found.state("b") == CLOSED
    assert undo_closing(found.path, ["b"], who="赵六", at=AT).taken == ("b",)
    assert standing(found, "b") == (UNSEEN, NEW)
    found.change("b", NEW)
    assert found.state("b") == NEW


def answer(key: str, **values: str) -> Answer:
    return Answer(FormRow("回填.xlsx", "三清单", 6, {}, {}, ()), RowKey(key, "", "区教育局"), "区教育局", values)


def judged(office: Office, *answers: Answer) -> list[str | None]:
    found = judge_answers(answers, ledger_table(office.path), lambda *_: "")
    apply_changes(office.path, [move.change for move in found.moves], who="区教育局", at=AT)
    return [move.change.state for move in found.moves]


def test_answers_of_units_are_judged_by_where_it_was(found: Office) -> None:
    lose(found, "a")
    assert judged(found, answer("a", verdict="属实", measure="劝返")) == [CONFIRMED]
    assert judged(found, answer("a", verdict="属实", measure="再劝返")) == [None]
    assert judged(found, answer("a", done_on="2020-07-20"), answer("a", progress="已复学")) == [REPORTED, None]
    assert standing(found) == (UNSEEN, REPORTED)


def test_completion_before_a_relapse_is_refused_of_an_unseen_one_too(found: Office) -> None:
    found.report()
    found.run("2020-07-31", finding("b"))
    found.run("2020-08-31", finding("a"), finding("b"))
    assert found.state() == RELAPSED
    lose(found, "a")
    assert judged(found, answer("a", done_on="2020-07-20")) == []


def test_lost_row_lifts_no_deadline(found: Office) -> None:
    found.confirm("a")
    found.confirm("b")
    lose(found, "a")

    def late() -> list[str]:
        rows = select_findings(found.path, Selection(overdue_on="2020-09-01"))[1]
        return [row["finding_key"] for row in rows]

    assert late() == ["a", "b"]
    found.report("a")
    found.run("2020-07-31", finding("x"))
    assert (found.state("b"), late()) == (WAITING, [])


def test_it_is_sent_to_its_unit_with_the_reason(found: Office) -> None:
    found.confirm("a")
    lose(found, "a")
    (sent,) = write_dispatches(
        found.path.parent / "下发", open_findings(ledger_table(found.path)), ["区教育局"], "美兰区", date(2020, 6, 30)
    )
    rows, head = read_rows(sent.file)
    columns = [rows[head].index(title) for title in (TITLES[name] for name in ("state", "verdict", "measure"))]
    assert [[row[at] for at in columns] for row in rows[head + 1 : head + 3]] == [
        ["证据不在：学籍名单没有来", "属实", "劝返复学"],
        [NEW, None, None],
    ]


def test_terminal_gives_the_reason_and_a_batch_leaves_it_out(
    found: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    init_workspace(tmp_path, "某区扶贫办")
    monkeypatch.chdir(tmp_path)
    found.report("a")
    found.report("b")
    lose(found, "a", "灵山镇的名单没有来")
    assert run("ledger", "list") == 0
    assert "证据不在：灵山" in (out := capsys.readouterr().out) and "镇的名单没有来" in out
    assert run("ledger", "show", "a") == 0
    assert "证据不在：灵山镇的名单没有来（原来是已整改待复核）" in capsys.readouterr().out
    batch = ("ledger", "close", "--rule", "EDU-01", "--evidence", "核查表", "--by", "张三", "--yes", "--json")
    assert run(*batch) == 0
    assert json.loads(capsys.readouterr().out)["taken"] == ["b"]


def test_batch_that_was_shown_in_another_state_is_refused(found: Office) -> None:
    found.report("a")
    lose(found, "a")
    close = Change("a", CLOSED, {"close_evidence": "核查表", "approver": "张三"}, seen_as=REPORTED)
    ((_, reason),) = apply_changes(found.path, [close], who="张三", at=AT).refused
    assert reason == f"状态已由“{REPORTED}”变为“{UNSEEN}”；核对后单独办理"


def test_what_was_taken_back_is_in_no_list_and_cannot_be_changed(found: Office) -> None:
    found.run("2020-07-31", finding("a"), finding("b"))
    with open_ledger(found.path) as connection, transaction(connection):
        connection.execute("UPDATE findings SET state = ? WHERE finding_key = 'b'", [WITHDRAWN])
        connection.execute("UPDATE runs SET withdrawn = '张三撤回' WHERE as_of = '2020-07-31'")
    assert ledger_table(found.path)["finding_key"].to_list() == ["a"]
    assert select_findings(found.path, Selection())[0] == 1
    assert runs_of(found.path)["as_of"].to_list() == ["2020-06-30"]
    assert seen_in(found.path, 1) == ["a"] and sightings_of(found.path, "a")["as_of"].to_list() == ["2020-06-30"]
    assert "已撤回" in found.confirm("b").refused[0][1]
