"""Two commands at the same time leave the ledger, and say, as one after the other would."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.ledger.feedback import TITLES
from fupin_cli.workspace import init_workspace
from tests.cli.test_commands import CHILD, REGISTER, run
from tests.dispatch.conftest import PLAN
from tests.intake.conftest import ID2, ROLL, xlsx

OTHER = ("2", "张二", ID2, "户主", "灵山镇", "东营村", "小学")
SOMEBODY = ("李四", "460108201005051038", "一小", "小学", "在读")
# A program that runs the command of its second argument and those after it: it says when it is about to take the ledger, and
# once it has taken it adds itself to the file of its first.
PROGRAM = """
import sqlite3, sys
from fupin_cli.cli import main
from fupin_cli.ledger import database

database.PATIENCE = 600  # the other one may be slow to begin

class Told(sqlite3.Connection):
    def __init__(self, path, *words, **options):
        super().__init__(path, *words, **options)
        self.is_ledger = str(path).endswith("整改台账.db")

    def execute(self, sql, *values):
        if not self.is_ledger or sql != "BEGIN IMMEDIATE":
            return super().execute(sql, *values)
        print("ready", file=sys.stderr, flush=True)
        begun = super().execute(sql, *values)
        with open(sys.argv[1], "a", encoding="utf-8") as order:
            print(*sys.argv[2:], sep="\\t", file=order)
        return begun

connect = sqlite3.connect
sqlite3.connect = lambda *words, **options: connect(*words, factory=Told, **options)
main([*sys.argv[2:], "--quiet"])
"""


def dump(root: Path) -> list[str]:
    """All that the ledger says, but when it was told and in which folder."""
    lines = []
    with closing(sqlite3.connect(root / "整改台账.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "at"]
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table}")
            lines += sorted(f"{table} {row}".replace(str(root), "") for row in rows)
    return lines


def answered(root: Path, answers: dict[str, dict[str, str]], name: str) -> None:
    """The workbook sent to the bureau with ``answers`` to the problems of some persons."""
    sent = next(path for path in root.joinpath("下发").iterdir() if path.name.startswith("区教育局"))
    book = openpyxl.load_workbook(sent)
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if row[-1].value == "识别码")
    places = {cell.value: cell.column for cell in head}
    for row in sheet.iter_rows(min_row=head[0].row + 1):
        for field, value in answers.get(str(row[places["姓名"] - 1].value), {}).items():
            sheet.cell(row[0].row, places[TITLES[field]]).value = value
    book.save(root / name)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after June: one child's school is said to be found, the answer on another's has come; in July it is in the
    roll."""
    root = tmp_path_factory.mktemp("区")
    init_workspace(root, "美兰区")
    for month, pupils in (("六月", [SOMEBODY]), ("七月", [SOMEBODY, ("张二", ID2, "一小", "小学", "在读")])):
        (root / month).mkdir()
        xlsx(root / month / "台账.xlsx", [REGISTER, CHILD, OTHER])
        xlsx(root / month / "学籍.xlsx", [ROLL, *pupils])
    for name, problems in (("甲.csv", ("没有饮水", "危房未改")), ("乙.csv", ("危房未改", "账目不清"))):
        text = "".join(f"{problem},区水务局,灵山镇\n" for problem in problems)
        (root / name).write_text(f"问题,责任单位,镇\n{text}", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert run("reconcile", "六月", "--as-of", "2020-06-30", "--accept", "试") == 0
        assert run("dispatch", "--all", "--out", "下发") == 0
        answered(root, {"陈一": PLAN | {"progress": "已补录", "done_on": "2020-07-10"}}, "一.xlsx")
        answered(root, {"张二": PLAN}, "二.xlsx")
        assert run("ledger", "import", "一.xlsx") == 0
    return root


def key(root: Path) -> str:
    with open_ledger(root / "整改台账.db") as connection:
        rows = connection.execute("SELECT finding_key FROM findings WHERE state = '已整改待复核'").fetchall()
    return str(rows[0][0])


JULY = ("reconcile", "七月", "--as-of", "2020-07-31")
PAIRS: dict[str, tuple[tuple[str, ...], ...]] = {
    "external lists": tuple(("ledger", "import-external", name, "--origin", "审计") for name in ("甲.csv", "乙.csv")),
    "closings": tuple(("ledger", "close", "陈一", "--evidence", f"{who}看过", "--by", who) for who in ("张三", "李四")),
    "run and answer": (JULY, ("ledger", "import", "二.xlsx")),
    "the same run": (JULY, JULY),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_two_at_once_are_one_after_the_other(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pair: str
) -> None:
    root, alone = (Path(shutil.copytree(office, tmp_path / name)) for name in ("同时", "先后"))
    before = dump(root)
    order, finding = tmp_path / "order.txt", key(office)
    calls = [[finding if word == "陈一" else word for word in words] for words in PAIRS[pair]]
    with open_ledger(root / "整改台账.db") as connection, transaction(connection):
        programs = [
            subprocess.Popen([sys.executable, "-c", PROGRAM, order, *words], cwd=root, stderr=subprocess.PIPE)
            for words in calls
        ]
        assert [program.stderr.readline() for program in programs if program.stderr] == [b"ready\n"] * 2
        assert dump(root) == before and not order.exists()
    codes = [program.wait() for program in programs]
    for program in programs:
        program.communicate()
    began = [line.split("\t") for line in order.read_text(encoding="utf-8").splitlines()]
    assert sorted(began) == sorted(calls)
    monkeypatch.chdir(alone)
    assert sorted(codes) == sorted(run(*words, "--quiet") for words in began)
    assert dump(root) == dump(alone) != before
    outputs = [sorted(path.relative_to(one) for path in one.joinpath("输出").rglob("*")) for one in (root, alone)]
    assert outputs[0] == outputs[1]
    assert run("audit", "verify", "--workspace", str(root)) == 0
