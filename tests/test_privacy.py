"""Personal data: covered when published, behind a password when asked, and in no error message."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import zipfile
from pathlib import Path
from typing import Any

import msoffcrypto
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_cli.privacy import masked, own_numbers, uncovered
from tests.cli.test_commands import reconcile, run
from tests.intake.conftest import ID, ID2, ROLL, xlsx

PHONE = "13976001234"
OTHER = "460108198001011018"
REGISTER = ("户编号", "姓名", "证件号码", "与户主关系", "镇", "行政村", "在校生状况", "联系电话")
PASSWORD = "三保障2020"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """ID numbers wherever they may stand: cells, spellings, names of files, headers, rows kept out, formulas."""
    folder = tmp_path / f"数据{OTHER}"
    folder.mkdir()
    blank_name = ("1", None, f"{ID2[:6]} {ID2[6:14]} {ID2[14:]}", "=1+1", "灵山镇", f"东营村 {PHONE}", "", None)
    child = ("1", "=陈一", ID, "户主", "灵山镇", "东营村", "小学", PHONE)
    xlsx(folder / f"台账{ID}.xlsx", [(f"户主{OTHER}",), REGISTER, child, (None, None, None, None, f"电话{PHONE}", ID2)])
    xlsx(folder / f"台账{ID}.xlsx", [REGISTER, blank_name], sheet=f"表{OTHER}")
    xlsx(
        folder / "学籍.xlsx",
        [ROLL, ("陈一", ID[:-1], f"{ID2}小学", f"未知{OTHER}", "在读"), ("李四", OTHER, "一小", "小学", "在读")],
    )
    return folder


def texts_of(folder: Path) -> str:
    """Everything in a folder's files, unpacked."""
    found = []
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                found += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        else:
            found.append(content.decode("utf-8", "replace"))
    return "\n".join(found)


def test_masked_outputs_hold_no_full_number_anywhere(data: Path, tmp_path: Path) -> None:
    reconcile(data, tmp_path / "全")
    reconcile(data, tmp_path / "公示", "--mask")
    whole, covered = texts_of(tmp_path / "全"), texts_of(tmp_path / "公示")
    for number in (ID, ID2, OTHER, PHONE):
        assert number in whole and number not in covered, number
    assert not re.search(r"460108[\s\-]*(19|20)\d\d", covered)
    assert f"{ID[:6]}********{ID[-4:]}" in covered
    assert not (tmp_path / "公示" / "人工确认.xlsx").exists()
    assert json.loads((tmp_path / "公示" / "run.json").read_text(encoding="utf-8"))["masked"] is True


def test_report_holds_no_full_number_outside_the_list_it_packs(data: Path, tmp_path: Path) -> None:
    reconcile(data, tmp_path / "全")
    assert run("report", str(tmp_path / "全"), "--out", str(tmp_path / "报告")) == 0
    written = texts_of(tmp_path / "报告")
    assert list((tmp_path / "报告").glob("*.docx"))
    assert f"村{PHONE[:3]}****{PHONE[-4:]}" in written
    assert not [number for number in (ID, ID2, OTHER, PHONE) if number in written]


def test_masking_changes_no_key_household_or_count(data: Path, tmp_path: Path) -> None:
    reconcile(data, tmp_path / "全")
    reconcile(data, tmp_path / "公示", "--mask")
    kept = ("finding_key", "rule_id", "household_id", "person_no", "name", "town")
    first, second = (
        [
            [row[name] for name in kept]
            for row in csv.DictReader((tmp_path / out / "findings.csv").open(encoding="utf-8-sig", newline=""))
        ]
        for out in ("全", "公示")
    )
    assert first == second != []


def test_open_and_masked_outputs_do_not_share_a_folder(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reconcile(data, tmp_path / "out")
    before = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert reconcile(data, tmp_path / "out", "--mask") == 2
    assert "换一个文件夹" in capsys.readouterr().err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == before


@given(
    st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True),
    st.sampled_from(["{}", "证件{}号", "a {}。", "'{}", "{}.xlsx"]),
)
def test_number_in_any_text_is_covered_once_and_stays_so(number: str, form: str) -> None:
    once = masked(form.format(number))
    assert number not in once and number[:6] in once and number[-4:] in once
    assert masked(once) == once


@pytest.mark.parametrize(
    "written",
    ["ID460108201201011017", "a460108201201011017X1", "460108 20120101 1017", "460108-20120101-1017", "４６０１０８２０１２０１０１１０１７", "460108201201O1l017", "460108120101101",
     "4.60108201201011E+17", "46010820120101101742", "6222 0212 3456 7890 123", PHONE, f"tel{PHONE}a",
     f"+86{PHONE}", f"86 {PHONE}", "139-7600-1234", "139 7600 1234", "１３９７６００１２３４", "1.3976001234E+10"],
)  # fmt: skip
def test_number_is_covered_in_every_spelling(written: str) -> None:
    assert written[6:14] not in masked(f"见{written}。")


def test_own_numbers_stay_unless_they_hold_an_id_number() -> None:
    own = ["4601080001", "460108101000005003", "46010800010003", "460108001000005"]
    assert own_numbers([*own, ID, ID[:6] + ID[8:17], f"{ID}02", f"H-{ID}", f"{ID[:6]} {ID[6:14]} {ID[14:]}"]) == set(
        own
    )


def test_words_from_a_masked_list_are_those_the_ledger_holds() -> None:
    held = f"已联系{PHONE}"
    assert uncovered(masked(held), held) == uncovered(held, held) == held
    assert uncovered("已复学", held) == uncovered("已复学", "") == "已复学"


@pytest.mark.parametrize(
    "text",
    [
        "2020-06-30",
        "4601080001",
        "3,600.00元",
        "第128行",
        "5fd924625f6ab16a19cc9807c7c506ae",
        "a460108201201011",
        "139760012345",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text
    assert masked("460108101000005003", keep={"460108101000005003"}) == "460108101000005003"


def test_encrypted_outputs_open_with_the_password_only(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUPIN_PASSWORD", PASSWORD)
    out = tmp_path / "out"
    reconcile(data, out, "--encrypt")
    assert sorted(path.name for path in out.iterdir()) == ["run.json", "人工确认.xlsx", "问题清单.xlsx", "隔离行.xlsx"]
    assert ID not in texts_of(out)
    for name in ("问题清单.xlsx", "隔离行.xlsx", "人工确认.xlsx"):
        file = msoffcrypto.OfficeFile(io.BytesIO((out / name).read_bytes()))
        assert file.is_encrypted()
        file.load_key(password=PASSWORD)
        clear = io.BytesIO()
        file.decrypt(clear)
        assert zipfile.is_zipfile(clear)


def test_encrypting_without_a_password_writes_nothing(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FUPIN_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert reconcile(data, tmp_path / "out", "--encrypt") == 2
    assert "FUPIN_PASSWORD" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("typed", "code"), [((PASSWORD, PASSWORD), 0), ((PASSWORD, "错"), 2), (("", ""), 2)])
def test_password_is_typed_twice_where_the_environment_has_none(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...], code: int
) -> None:
    answers = iter(typed)
    monkeypatch.delenv("FUPIN_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    assert reconcile(data, tmp_path / "out", "--encrypt") == code
    assert (tmp_path / "out" / "run.json").exists() is (code == 0)


def locked(path: Path, password: str = PASSWORD) -> None:
    from fupin_cli.reports.encryption import encrypt

    encrypt(path, password)


@pytest.mark.parametrize(("given_password", "said"), [(PASSWORD, None), ("错", "密码不对"), (None, "打开密码")])
def test_encrypted_input_is_read_with_its_password_only(
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given_password: str | None,
    said: str | None,
) -> None:
    locked(data / "学籍.xlsx")
    if given_password:
        monkeypatch.setenv("FUPIN_PASSWORD", given_password)
    else:
        monkeypatch.delenv("FUPIN_PASSWORD", raising=False)
    code = run("inspect", str(data / "学籍.xlsx"), "--json")
    (file,) = json.loads(capsys.readouterr().out)["files"]
    if said is None:
        assert (code, file["error"], file["sheets"][0]["rows"]["loaded"]) == (0, None, 2)
    else:
        assert code == 3 and said in file["error"]


def test_encrypted_input_is_not_kept_in_the_cache(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in data.iterdir():
        locked(path)
    monkeypatch.setenv("FUPIN_PASSWORD", PASSWORD)
    workspace = tmp_path / "ws"
    run("init", str(workspace))
    assert reconcile(data, tmp_path / "out", "--workspace", str(workspace)) == 0
    assert not list((workspace / ".fupin-cache").rglob("*.parquet"))


def test_encrypted_input_with_endless_rounds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fupin_cli.errors import InputError
    from fupin_cli.intake.encrypted import unlocked

    monkeypatch.setenv("FUPIN_PASSWORD", PASSWORD)
    locked(xlsx(tmp_path / "a.xlsx", [ROLL]))
    spoilt = (tmp_path / "a.xlsx").read_bytes().replace(b'spinCount="100000"', b'spinCount="999999999"')
    with pytest.raises(InputError, match="加密参数不正常"):
        unlocked(spoilt)


LONG_NUMBER = re.compile(r"\d{15}")


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        ("reconcile", f"没有{ID}", "--as-of", "2020-06-30"), ("reconcile", ".", "--as-of", ID), ("inspect", ID), (ID,),
        ("rules", ID), ("schema", ID), ("rules", f"--{ID}"), ("explain", ID, "{空}", "--as-of", "2020-06-30"),
        ("link", "import", f"{ID}.xlsx"), ("link", "undo", ID, "--by", "甲"), ("dispatch", "--to", ID), ("report", ID),
        ("report", "--from", ID, "--to", ID), ("supervise", "month", ID), ("sample", ID, "--as-of", ID),
        ("reconcile", "{空}", "--as-of", "2020-06-30", "--workspace", ID), ("init", f"{{文件}}/{ID}"), ("reconcile", "{坏}", "--as-of", "2020-06-30"),
    ],
)  # fmt: skip
def test_no_error_message_shows_an_id_number(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    as_json: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("空", "坏"):
        (tmp_path / name).mkdir()
    (tmp_path / "文件").write_text("x")
    (tmp_path / "坏" / f"{ID}.xlsx").write_bytes(b"PK\x03\x04")
    places = {name: str(tmp_path / name) for name in ("空", "坏", "文件")}
    assert run(*(word.format(**places) for word in words), *(["--json"] if as_json else [])) != 0
    captured = capsys.readouterr()
    said = captured.out + captured.err
    assert said and "Traceback" not in said
    assert not LONG_NUMBER.search(said.replace(str(tmp_path), "")), said


def test_internal_error_shows_neither_data_nor_file_names(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ValueError(f"{data} {ID} 陈一")

    monkeypatch.setattr("fupin_cli.run.link_tables", broken)
    assert reconcile(data, tmp_path / "out") == 4
    said = capsys.readouterr().err
    assert "内部错误" in said and "陈一" not in said and not LONG_NUMBER.search(said)


def test_no_text_of_an_input_becomes_a_formula(data: Path, tmp_path: Path) -> None:
    reconcile(data, tmp_path / "out")
    for path in (tmp_path / "out").glob("*.xlsx"):
        with zipfile.ZipFile(path) as archive:
            sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert sheets and not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets), path.name
    text = (tmp_path / "out" / "findings.csv").read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_half_written_outputs_are_closed_to_others(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fupin_cli import outputs as module

    modes = []
    write = module.write_findings_csv

    def spy(path: Path, frame: Any) -> None:
        modes.append(stat.S_IMODE(path.parent.stat().st_mode))
        write(path, frame)

    monkeypatch.setattr(module, "write_findings_csv", spy)
    reconcile(data, tmp_path / "out")
    assert modes == [0o700]
