"""The ledger and the workbooks of units, behind a password or with the numbers of people covered."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest

from fupin_cli.ledger.actions import Change, apply_changes
from fupin_cli.reports.encryption import encrypt
from fupin_cli.workspace import init_workspace
from tests.dispatch.conftest import AT, DEFAULTS, PLAN, SCHOOL, fill, held, key_of
from tests.dispatch.test_commands import run
from tests.test_privacy import texts_of

Ledger = Callable[..., Path]
PASSWORD, ID, PHONE = "三保障2020", DEFAULTS["id_number"], "13976001234"
SENT = f"{SCHOOL}-三清单-2020-06-30.xlsx"


@pytest.fixture
def workspace(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One finding whose texts name the person by number, as does what the unit wrote."""
    monkeypatch.setenv("FUPIN_PASSWORD", PASSWORD)
    path = ledger({"detail": f"证件号码{ID}在学籍名单中没有记录。"})
    change = Change(key_of(1), None, {"measure": f"已联系家长{PHONE}（{ID}）"})
    assert apply_changes(path, [change], who=SCHOOL, at=AT).taken
    init_workspace(path.parent, "美兰区扶贫办")
    return path.parent


def unlock(path: Path, password: str = PASSWORD) -> None:
    """Take the password off the workbook at ``path``."""
    file, clear = msoffcrypto.OfficeFile(io.BytesIO(path.read_bytes())), io.BytesIO()
    assert file.is_encrypted()
    file.load_key(password=password)
    file.decrypt(clear)
    path.write_bytes(clear.getvalue())


def test_masked_ledger_holds_no_full_number(workspace: Path, tmp_path: Path) -> None:
    for name, words in (("全", ()), ("公示", ("--mask",))):
        assert run(workspace, "ledger", "export", tmp_path / name / "台账.xlsx", *words) == 0
    whole, covered = texts_of(tmp_path / "全"), texts_of(tmp_path / "公示")
    for number in (ID, PHONE):
        assert number in whole and number not in covered
    assert f"{ID[:6]}********{ID[-4:]}" in covered and DEFAULTS["household_id"] in covered


def test_masked_ledger_has_a_file_of_its_own(workspace: Path) -> None:
    assert run(workspace, "ledger", "export") == run(workspace, "ledger", "export", "--mask") == 0
    assert {path.name for path in (workspace / "输出").iterdir()} == {"整改台账.xlsx", "整改台账-公示.xlsx"}


def test_encrypted_ledger_opens_with_its_password_only(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "加密" / "台账.xlsx"
    assert run(workspace, "ledger", "export", path, "--encrypt") == 0
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        unlock(path, "错")
    unlock(path)
    assert ID in texts_of(path.parent)


def test_encrypted_dispatch_comes_back_with_its_password_only(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workspace, "dispatch", "--all", "--encrypt", "--out", tmp_path / "下发") == 0
    path = tmp_path / "下发" / SENT
    unlock(path)
    encrypt(fill(path, {1: PLAN}), PASSWORD)
    ledger = workspace / "整改台账.db"
    for wrong, said in (("错", "密码不对"), ("", "打开密码")):
        monkeypatch.setenv("FUPIN_PASSWORD", wrong)
        assert run(workspace, "ledger", "import", path) == 3
        assert said in "".join(capsys.readouterr().out.split())
        assert held(ledger, 1)["leader"] != PLAN["leader"]
    monkeypatch.setenv("FUPIN_PASSWORD", PASSWORD)
    assert run(workspace, "ledger", "import", path) == 0
    assert held(ledger, 1)["leader"] == PLAN["leader"]


def test_encrypted_dispatch_is_replaced_only_by_the_same_content(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("dispatch", "--all", "--encrypt", "--out", tmp_path)
    path = tmp_path / SENT
    assert run(workspace, *words) == run(workspace, *words) == 0
    kept = path.read_bytes()
    assert run(workspace, "dispatch", "--all", "--out", tmp_path) == 2
    monkeypatch.setenv("FUPIN_PASSWORD", "另一个")
    assert run(workspace, *words) == 2
    assert path.read_bytes() == kept


def test_without_a_password_nothing_is_written(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FUPIN_PASSWORD")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    out = tmp_path / "没有"
    for words in (("dispatch", "--all", "--out", out), ("ledger", "export", out / "台账.xlsx")):
        assert run(workspace, *words, "--encrypt") == 2
        assert "FUPIN_PASSWORD" in capsys.readouterr().err
        assert not out.exists()


@pytest.mark.parametrize("keyed", [True, False])
def test_masked_dispatch_comes_back_and_full_numbers_stay(workspace: Path, tmp_path: Path, keyed: bool) -> None:
    assert run(workspace, "dispatch", "--all", "--mask", "--out", tmp_path / "公示") == 0
    path = tmp_path / "公示" / SENT
    written = texts_of(path.parent)
    assert ID not in written and PHONE not in written and f"{PHONE[:3]}****{PHONE[-4:]}" in written
    fill(path, {1: {"leader": "张三"}})
    if not keyed:
        book = openpyxl.load_workbook(path)
        for row in book.worksheets[0].iter_rows(min_row=6):
            row[-1].value = None
        book.save(path)
    assert run(workspace, "ledger", "import", path) == 0
    kept = held(workspace / "整改台账.db", 1)
    assert (kept["leader"], kept["measure"]) == ("张三", f"已联系家长{PHONE}（{ID}）")


def test_name_of_a_dispatch_shows_no_number(ledger: Ledger, tmp_path: Path) -> None:
    path = ledger({"owner": f"区教育局{ID}"})
    init_workspace(path.parent, "美兰区扶贫办")
    assert run(path.parent, "dispatch", "--all", "--out", tmp_path / "下发") == 0
    (sent,) = (tmp_path / "下发").iterdir()
    assert ID not in sent.name
