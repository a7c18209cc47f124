"""The receipt in the ledger and on the command line."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fupin_cli.cli import main
from fupin_cli.ledger.database import MIGRATIONS, open_ledger
from fupin_cli.ledger.receipts import add_acceptance, last_receipt, read_acceptances
from fupin_cli.receipt.model import Receipt
from fupin_cli.receipt.words import opening_lines
from tests.intake.conftest import xlsx
from tests.ledger.ledgers import Office
from tests.receipt.lists import DIBAO, LING, SAN, people, receipt, word

REGISTER = ("户编号", "姓名", "证件号码", "与户主关系", "镇", "行政村")
DIBAO_LIST = ("姓名", "身份证号", "镇", "低保证号", "低保状态")


def number(n: int) -> str:
    """A valid ID number."""
    from stdnum.cn.ric import calc_check_digit

    body = f"46010819800101{n:03}"
    return body + calc_check_digit(body + "0")


def test_round_trip_as_json() -> None:
    drawn = receipt({DIBAO: people(LING, 3)}, last=receipt({DIBAO: people(LING, 20) + people(SAN, 20)}))
    assert drawn.doubts() and Receipt.from_json(drawn.to_json()) == drawn


def test_the_newest_up_to_a_day_but_not_of_the_same_files_that_day(tmp_path: Path) -> None:
    office, june = Office(tmp_path), receipt({DIBAO: people(LING, 3)})
    assert last_receipt(office.path, date.max) is None
    office.run("2020-06-30", receipt=june.to_json())
    assert last_receipt(office.path, date(2020, 6, 29)) is None
    assert last_receipt(office.path, date(2020, 6, 30), june.inputs) is None
    assert last_receipt(office.path, date(2020, 6, 30), "others") == june
    assert last_receipt(office.path, date(2020, 7, 31), june.inputs) == june


def test_words_are_kept_and_lift_doubts_of_kept_receipts(tmp_path: Path) -> None:
    office, june = Office(tmp_path), receipt({DIBAO: []})
    office.run("2020-06-30", receipt=june.to_json())
    add_acceptance(office.path, word(DIBAO, of=june))
    assert read_acceptances(office.path) == (word(DIBAO, of=june),)
    kept = last_receipt(office.path, date.max)
    assert kept is not None and kept.doubts() == {}


def test_a_run_repeated_keeps_its_newest_receipt(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.run("2020-06-30", receipt=receipt({}).to_json())
    assert office.run("2020-06-30", receipt=receipt({DIBAO: []}).to_json()).repeated
    kept = last_receipt(office.path, date.max)
    assert kept is not None and set(kept.doubts()) == {DIBAO}


def test_a_ledger_of_before_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "整改台账.db"
    with closing(sqlite3.connect(path)) as connection:
        for script in MIGRATIONS[:4]:
            connection.executescript(script)
        connection.execute("INSERT INTO runs VALUES (1, '2020-05-31', 'at', 'f', '', '', '')")
        connection.execute("PRAGMA user_version = 4")
        connection.commit()
    assert last_receipt(path, date.max) is None
    with open_ledger(path) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone()[0] == 1
    assert (tmp_path / "整改台账-备份-版本4.db").exists()


def test_many_doubts_are_a_few_lines() -> None:
    titles = (DIBAO, "civil.tekun", "finance.loans", "employment.posts", "health.chronic")
    lines = opening_lines(receipt({kind: [] for kind in titles}, towns=(LING, "三汇镇")))
    assert len(lines) <= 8
    assert "另有2处" in "".join(lines)
    assert all("fupin receipt accept" in line for line in lines if line.startswith("存疑："))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with May's lists in 五月 and June's, of which 低保名单 has lost a town, in 六月."""
    run("init", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    persons = [
        (str(n), f"陈{'一二三四五六七八九十'[n % 10]}", number(n), "户主", (LING, SAN)[n % 2], "东营村")
        for n in range(40)
    ]
    for month, listed in (("五月", persons), ("六月", persons[::2])):
        (tmp_path / month).mkdir()
        xlsx(tmp_path / month / "台账.xlsx", [REGISTER, *persons])
        rows = [(name, who, town, f"A{n}", "在享") for n, (_, name, who, _, town, _) in enumerate(listed)]
        xlsx(tmp_path / month / "低保名单.xlsx", [DIBAO_LIST, *rows])
    return tmp_path


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(list(words))
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = run(*words, "--json")
    return code, json.loads(capsys.readouterr().out)


def doubted(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (one["kind"], one["town"]) for one in document["scopes"] if one["state"] != "complete" and not one["accepted"]
    ]


def test_from_doubt_to_acceptance(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("reconcile", "五月", "--as-of", "2020-05-31") == 0
    assert "收件登记：收到2种名单" in capsys.readouterr().out
    _, june = answer(capsys, "reconcile", "六月", "--as-of", "2020-06-30")
    assert doubted(june["receipt"]) == [(DIBAO, SAN)]
    assert run("receipt") == 0
    shown = capsys.readouterr().out
    assert "低保名单（三江镇）" in shown and "receipt accept 低保名单 --town 三江镇" in shown
    words = ("--town", SAN, "--reason", "集中清退", "--by", "李四")
    assert run("receipt", "accept", "低保名单", *words) == 0
    assert doubted(answer(capsys, "receipt")[1]) == []
    _, again = answer(capsys, "reconcile", "六月", "--as-of", "2020-06-30")
    assert doubted(again["receipt"]) == []
    assert json.loads((office / "输出/2020-06-30/run.json").read_text(encoding="utf-8"))["receipt"] == again["receipt"]


def test_a_run_without_the_ledger_remembers_but_is_not_remembered(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("reconcile", "五月", "--as-of", "2020-05-31")
    _, june = answer(capsys, "reconcile", "六月", "--as-of", "2020-06-30", "--no-ledger")
    assert doubted(june["receipt"]) == [(DIBAO, SAN)]
    assert answer(capsys, "receipt")[1]["as_of"] == "2020-05-31"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("低保名册", "--reason", "有", "--by", "李四"), "没有名单“低保名册”；处理办法：是不是“低保名单”？"),
        (("低保名单", "--reason", "有", "--by", "李四"), "没有存疑"),
        (("低保名单", "--reason", " ", "--by", "李四"), "--reason"),
        (("低保名单", "--reason", "有", "--by", ""), "--by"),
    ],
)
def test_what_is_not_taken(office: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str) -> None:
    run("reconcile", "五月", "--as-of", "2020-05-31")
    assert run("receipt", "accept", *words) == 2
    assert said in capsys.readouterr().err


def test_before_any_run(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("receipt") == 2
    assert "还没有收件登记" in capsys.readouterr().err
    assert run("receipt", "accept", "控辍保学台账", "--standing", "--reason", "本区没有", "--by", "李四") == 0
