"""``fupin supervise`` on the command line: files, JSON, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fupin_cli.cli import main
from tests.test_privacy import ID, PHONE, texts_of

ROWS = "责任单位,条款,完成进度,填报日期,进展情况\n区教育局,（二）1,10,2020-06-08,正在推进\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "fupin.toml").write_text('[district]\nname = "美兰区"\n', encoding="utf-8")
    (tmp_path / "工作进展").mkdir()
    (tmp_path / "工作进展" / "进展.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def run(workspace: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["supervise", *words, "--workspace", str(workspace)])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def test_month_writes_its_files_and_one_json_document(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace, "month", "2020-06", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert sum(document["lights"].values()) == 307
    assert [Path(name).name for name in document["files"]] == ["月度通报.docx", "督查明细.xlsx"]
    assert all(Path(name).is_file() for name in document["files"])


def test_month_fits_a_terminal(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace, "month", "2020-06") == 0
    out = capsys.readouterr().out
    assert "各镇排名" in out
    assert all(len(line.encode("gbk")) <= 80 for line in out.splitlines() if "/" not in line[:3])


def test_letters_of_before_that_are_not_needed_are_named(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = workspace / "工作进展" / "进展.csv"
    file.write_text(f"{ROWS}区教育局,（二）1,1,2020-04-08,\n", encoding="utf-8")
    assert run(workspace, "letters", "2020-04") == 0
    capsys.readouterr()
    done = f"{ROWS}区总工会,（十二）2,100,2020-04-08,完成\n"
    file.write_text(done, encoding="utf-8")
    assert run(workspace, "letters", "2020-04", "--json") == 0
    stale = json.loads(capsys.readouterr().out)["stale"]
    assert [Path(name).name for name in stale] == ["督办函-区总工会.docx"]


def test_fortnight_is_that_of_the_day(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace, "fortnight", "2020-06-01", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["first"], document["last"]) == ("2020-05-27", "2020-06-09")
    assert Path(document["files"][0]).is_file()


def test_unreadable_report_is_3_and_the_rest_is_done(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "工作进展" / "坏.docx").write_bytes(b"PK\x03\x04broken")
    assert run(workspace, "month", "2020-06") == 3
    assert "坏.docx" in capsys.readouterr().out
    assert (workspace / "输出" / "督查" / "2020-06" / "月度通报.docx").is_file()


@pytest.mark.parametrize(
    "words",
    [("month", "六月"), ("month", "2021-06"), ("month", "2020-06", "没有的文件夹"), ("fortnight", "2020-03-01"),
     ("letters", "2020-06", "--date", "七月")],
)  # fmt: skip
def test_usage_errors_are_2(workspace: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace, *words) == 2
    assert capsys.readouterr().err.startswith("错误：")


def test_setup_writes_plan_and_templates_once(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace, "setup", "--json") == 0
    written = json.loads(capsys.readouterr().out)["written"]
    assert len(written) == 6
    plan = workspace / "工作要点.toml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("issued = 2020-03-31", "issued = 2020-05-31"), "utf-8")
    assert run(workspace, "setup", "--json") == 0
    assert json.loads(capsys.readouterr().out)["written"] == []
    assert run(workspace, "month", "2020-04") == 2


def test_numbers_of_people_in_what_units_wrote_are_covered(workspace: Path, tmp_path: Path) -> None:
    folder = workspace / "工作进展"
    (folder / f"{ID}.txt").write_text("不是表格", encoding="utf-8")
    rows = f"{ROWS.replace('正在推进', f'已帮扶{ID}，电话{PHONE}')}区教育局{ID},（二）1,10,2020-06-08,\n"
    (folder / "进展.csv").write_text(rows, encoding="utf-8")
    for words in (("month", "2020-06"), ("letters", "2020-06"), ("fortnight", "2020-06-09")):
        assert run(workspace, *words, "--out", str(tmp_path / words[0])) in (0, 3)
        written = texts_of(tmp_path / words[0])
        assert ID not in written and PHONE not in written
    assert f"已帮扶{ID[:6]}********{ID[-4:]}" in texts_of(tmp_path / "month")
