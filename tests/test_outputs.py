"""Every command that writes files with people's data covers their numbers when asked, and puts files behind a password."""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import re
import shutil
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import msoffcrypto
import openpyxl
import pytest
import typer

from fupin_cli.audit import LOG
from fupin_cli.cli import app
from fupin_cli.linkage.decisions import VERDICT
from fupin_cli.reports.encryption import encrypt
from fupin_cli.supervision.plan import PLAN_FILE, default_plan_text
from tests.cli.test_commands import run
from tests.intake.conftest import ID, ID2, ROLL, xlsx

PASSWORD = "三保障2020"
OTHER, PHONE, PHONE2 = "460108198001011018", "13976001234", "18976005678"
NUMBERS = (ID[:17], ID2[:17], OTHER[:17], PHONE, PHONE2)
DAY, DATA, RUN = "2020-06-30", f"数据{OTHER}", "比对结果"
# Commands that write data of people, with the words that make them do so, relative to the workspace.
WRITING = {
    "reconcile": ("reconcile", DATA, "--as-of", DAY),
    "round run": ("round", "run", "3", DATA),
    "round summary": ("round", "summary"),
    "ledger export": ("ledger", "export"),
    "dispatch": ("dispatch", "--all"),
    "lights run": ("lights", "run", DATA, "--as-of", DAY),
    "report": ("report", RUN, "--out", "输出/报告"),
    "supervise month": ("supervise", "month", "2020-06"),
    "supervise letters": ("supervise", "letters", "2020-06"),
    "supervise fortnight": ("supervise", "fortnight", "2020-06-09"),
}
# What they write is about units and counts, so numbers are covered without being asked.
ALWAYS_COVERED = {"round summary", "supervise month", "supervise letters", "supervise fortnight"}
# Commands that only show, take or delete, or write what holds nobody's data.
OTHERS = {
    "init", "inspect", "receipt accept", "explain", "link import", "link list", "link undo", "ledger list", "ledger show", "ledger history",
    "ledger close", "ledger stats", "ledger undo-run", "ledger restore", "ledger import", "ledger import-external", "round plan", "round status", "round compare",
    "lights diff", "lights set", "lights clear", "lights import", "lights history", "supervise setup", "rules", "schema",
    "sample", "audit verify", "audit list", "purge",
}  # fmt: skip
REGISTER = ("户编号", "姓名", "证件号码", "与户主关系", "镇", "行政村", "在校生状况", "联系电话", "健康状况")
ITEM = (
    '[[item]]\nnumber = "（二）"\ntitle = "三保障"\nsection = "三"\n[[item.task]]\nnumber = "1"\ntitle = "教育扶贫"\n'
)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with numbers wherever people write them, compared once, with problems of others in its ledger."""
    root = tmp_path_factory.mktemp("区")
    run("init", root, "--district", "美兰区")
    data, units = root / DATA, root / "工作进展"
    data.mkdir()
    units.mkdir()
    child = (OTHER, "陈一", ID, "户主", f"灵山镇{PHONE}", f"东营村tel{PHONE2}", "小学", PHONE, "患有大病")
    nameless = ("1", None, f"{ID2[:6]} {ID2[6:14]} {ID2[14:]}", "=1+1", "灵山镇", "东营村", "", None, "健康")
    xlsx(data / f"台账{ID}.xlsx", [(f"户主{OTHER}",), REGISTER, child, (None, None, f"电话{PHONE}", ID2)])
    xlsx(data / f"台账{ID}.xlsx", [REGISTER, nameless], sheet=f"表{OTHER}")
    xlsx(
        data / "学籍.xlsx",
        [ROLL, ("陈一", ID[:-1], f"id{ID2}小学", f"未知{OTHER}", "在读"), ("李四", OTHER, "一小", "小学", "在读")],
    )
    xlsx(data / "医保.xlsx", [("姓名", "身份证号", "参保年度", "参保状态"), ("王二", OTHER, "2020", "正常参保")])
    policy = (root / "policy.toml").read_text(encoding="utf-8")  # so that a town of one person can be one not checked
    (root / "policy.toml").write_text(policy.replace("coverage_min_persons = 20", "coverage_min_persons = 1"), "utf-8")
    external = f"问题,责任单位,证件号码,整改措施,镇\n户主{OTHER}没有饮水,区水务局{OTHER},{ID},已联系+86{PHONE},灵山镇\n"
    (root / "考核.csv").write_text(external, encoding="utf-8")
    (root / PLAN_FILE).write_text(
        default_plan_text().partition("[[item]]")[0] + ITEM + 'units = ["区教育局", "灵山镇"]\n', encoding="utf-8"
    )
    notes = f"责任单位,条款,完成进度,填报日期,进展情况\n区教育局,（二）1,10,2020-06-08,已帮扶{ID}，电话{PHONE}\n"
    (units / f"进展{ID}.csv").write_text(f"{notes}区教育局{ID},（二）1,10,2020-06-08,\n", encoding="utf-8")
    at = ("--workspace", root)
    for words in (
        ("reconcile", data, "--as-of", DAY, "--out", root / RUN),
        ("ledger", "import-external", root / "考核.csv", "--origin", f"考核反馈{PHONE}"),
        ("round", "plan", "--year", "2020"),
        ("round", "run", "3", data),
    ):
        assert run(*words, *at) == 0
    shutil.rmtree(root / "输出")
    (root / LOG).unlink()
    (root / LOG.replace(".jsonl", ".db")).unlink()
    return root


def carried_out(office: Path, folder: Path, *words: str) -> dict[str, bytes]:
    """The files that a command writes in a workspace of its own, by path, and the audit log."""
    shutil.copytree(office, folder)
    with contextlib.chdir(folder):
        assert run(*words) == 0
    files = {path.relative_to(folder).as_posix(): path for path in (folder / "输出").rglob("*") if path.is_file()}
    assert files
    return {name: path.read_bytes() for name, path in files.items()} | {LOG: (folder / LOG).read_bytes()}


def texts(name: str, content: bytes) -> Iterator[str]:
    """A file's name and all it holds: parts of archives, archives in them, what a page has packed."""
    yield name
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                yield from texts(part, archive.read(part))
        return
    text = content.decode("utf-8-sig", "strict" if name.endswith((".json", ".html", ".csv", ".xml")) else "replace")
    yield text
    if name.endswith((".xml", ".html")):
        yield re.sub(r"<[^>]*>", "", text)  # a number may be written in several runs
    if name.endswith(".html"):
        for packed in re.findall(r"H4sI[A-Za-z0-9+/=]+", text):
            yield gzip.decompress(base64.b64decode(packed)).decode("utf-8")


def numbers_in(files: dict[str, bytes]) -> set[str]:
    """Which of the input's numbers can be read in ``files``, however they are spelt."""
    found = set()
    for name, content in files.items():
        for text in texts(name, content):
            plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text))
            found |= {number for number in NUMBERS if number in plain}
            found |= set(re.findall(r"460108(?:19|20)\d{9}", plain))
    return found


def opened(content: bytes) -> bytes:
    """A workbook or document without its password; fails where it has none."""
    file, clear = msoffcrypto.OfficeFile(io.BytesIO(content)), io.BytesIO()
    assert file.is_encrypted()
    file.load_key(password=PASSWORD)
    file.decrypt(clear)
    assert zipfile.is_zipfile(clear)
    return clear.getvalue()


def commands(group: Any, above: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every command with the names of its parameters."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} ")
        else:
            yield above + name, {parameter.name for parameter in command.params}


def test_every_command_either_offers_both_or_writes_nobodys_data() -> None:
    known = dict(commands(typer.main.get_command(app)))
    assert {name for name, names in known.items() if {"mask", "encrypt"} <= names} == set(WRITING)
    assert set(known) - set(WRITING) == OTHERS


@pytest.mark.parametrize("command", WRITING)
def test_masked_files_hold_no_full_number(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    words = WRITING[command]
    open_ = carried_out(office, tmp_path / "全", *words, *(["--full-ids"] if command == "report" else []))
    if command in ALWAYS_COVERED:
        assert numbers_in(open_) == set()
    else:
        assert {OTHER[:17], PHONE} <= numbers_in(open_)
        assert any(name.startswith("输出") for name in open_ if numbers_in({name: open_[name]}))
    capsys.readouterr()
    covered = carried_out(office, tmp_path / "公示", *words, "--mask")
    assert numbers_in(covered) == set()
    assert numbers_in({"screen": "".join(capsys.readouterr()).replace(str(tmp_path), "").encode()}) == set()
    if command != "supervise letters":  # which quote nothing that units wrote
        assert any("****" in text for name, content in covered.items() if name != LOG for text in texts(name, content))


@pytest.mark.parametrize("command", WRITING)
def test_encrypted_files_open_with_the_password_only(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("FUPIN_PASSWORD", PASSWORD)
    files = carried_out(office, tmp_path / "加密", *WRITING[command], "--encrypt")
    locked = {name: content for name, content in files.items() if name.endswith((".xlsx", ".docx"))}
    clear = {name: opened(content) for name, content in locked.items()}
    assert clear
    assert {Path(name).name for name in files.keys() - clear.keys()} <= {"run.json", LOG}
    assert numbers_in(files) == set()
    counts_only = command in {*ALWAYS_COVERED, "report"}
    assert (numbers_in(clear) == set()) is counts_only


def filled_confirmation(folder: Path) -> None:
    """人工确认.xlsx of the run with its first candidate refused."""
    path = folder / RUN / "人工确认.xlsx"
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    heading = next(cell for cell in cells if cell.value == VERDICT and cell.offset(row=1, column=-1).value)
    heading.offset(row=1).value, heading.offset(row=1, column=1).value = "不采纳", "张三"
    book.save(folder / "给" / "人工确认.xlsx")


def external_list(folder: Path) -> None:
    xlsx(folder / "给" / "巡视.xlsx", [("问题", "责任单位"), ("没有饮水", "区水务局")])


def progress_reports(folder: Path) -> None:
    head = ("责任单位", "条款", "完成进度", "填报日期", "进展情况")
    xlsx(folder / "给" / "甲.xlsx", [head, ("区教育局", "（二）1", 10, "2020-06-08", "正在推进甲")])
    document = docx.Document()
    table = document.add_table(rows=0, cols=len(head))
    for row in (head, ("灵山镇", "（二）1", "20", "2020-06-08", "正在推进乙")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(folder / "给" / "乙.docx"))


def exports(folder: Path) -> None:
    for path in (folder / DATA).iterdir():
        shutil.copy(path, folder / "给")


# What people give a command, the command, and what it says when it could read it.
GIVEN = [
    (exports, ("inspect", "给"), "建档立卡"),
    (exports, ("explain", "陈一", "给", "--as-of", DAY), f"台账{ID}.xlsx!"),
    (exports, ("reconcile", "给", "--as-of", DAY), "建档立卡"),
    (filled_confirmation, ("link", "import", "给/人工确认.xlsx"), "记入1条"),
    (external_list, ("ledger", "import-external", "给", "--origin", "巡视"), "1"),
    (progress_reports, ("supervise", "fortnight", "2020-06-09", "给"), "第5个双周"),
]


@pytest.mark.parametrize(("give", "words", "said"), GIVEN, ids=[" ".join(words[:2]) for _, words, _ in GIVEN])
def test_encrypted_files_are_read_wherever_one_is_given(
    office: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    give: Callable[[Path], None],
    words: tuple[str, ...],
    said: str,
) -> None:
    folder = tmp_path / "区"
    shutil.copytree(office, folder)
    (folder / "给").mkdir()
    give(folder)
    for path in (folder / "给").iterdir():
        encrypt(path, PASSWORD)
    monkeypatch.chdir(folder)
    for wrong, complaint in (("错", "密码不对"), ("", "打开密码")):
        monkeypatch.setenv("FUPIN_PASSWORD", wrong)
        capsys.readouterr()
        assert run(*words) != 0
        assert complaint in "".join("".join(capsys.readouterr()).split())
    # typed at the terminal; what the command leaves in the environment goes with the patch
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _: PASSWORD)
    assert run(*words, "--ask-password") == 0
    assert said in capsys.readouterr().out
