"""Every bad file gives one Chinese sentence or a full reading: no traceback, no row lost unseen, bounded memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fupin_cli.fields.places import Places
from fupin_cli.intake.model import FileReport
from fupin_cli.intake.read import read_paths
from fupin_cli.schema.kinds import load_kinds
from tests.hostile.corpus import specimens
from tests.hostile.specimen import EITHER, ERROR, Specimen
from tests.hostile.workbooks import parquet, roll_table

KINDS = load_kinds()
CORPUS = specimens()
ONE_SENTENCE = re.compile(r"[^\n。]*[\u4e00-\u9fff][^\n。]*。")


def written(folder: Path, specimen: Specimen) -> Path:
    path = folder / specimen.name
    path.write_bytes(specimen.data)
    return path


def test_corpus_is_large_and_every_name_is_used_once() -> None:
    names = [specimen.name for specimen in CORPUS]
    assert len(names) == len(set(names)) >= 200


@pytest.mark.parametrize("specimen", CORPUS, ids=lambda specimen: specimen.name)
def test_file_is_read_whole_or_refused_in_one_sentence(tmp_path: Path, specimen: Specimen) -> None:
    (file,) = read_paths([written(tmp_path, specimen)], KINDS, Places()).files
    assert all(sheet.rows.adds_up for sheet in file.sheets)
    assert file.error or file.skipped or file.sheets
    if file.error is not None:
        assert ONE_SENTENCE.fullmatch(file.error), file.error
        assert not re.search(r"\d{15}", file.error)
    loaded = sum(sheet.rows.loaded for sheet in file.sheets if sheet.state == "loaded")
    if specimen.outcome == ERROR:
        assert file.error, f"读入 {loaded} 行"
    elif specimen.outcome != EITHER:
        assert (file.error, loaded) == (None, specimen.outcome)


def test_whole_corpus_in_one_run_stays_within_its_memory_and_says_nothing_else(tmp_path: Path) -> None:
    for specimen in CORPUS:
        written(tmp_path, specimen)
    done = limited("inspect", str(tmp_path), "--json")
    assert (done.returncode, done.stderr) == (3, "")
    files = json.loads(done.stdout)["files"]
    assert {file["name"] for file in files} == {specimen.name for specimen in CORPUS}


MEMORY_KB = 1_500_000
LIMITED = f"""
import resource, sys
from fupin_cli.cli import main
try:
    main(sys.argv[1:])
finally:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if used > {MEMORY_KB}:
        print(f"used {{used}} kB", file=sys.stderr)
"""


def limited(*words: str) -> subprocess.CompletedProcess[str]:
    """``fupin`` in a process of its own; too much memory is said on standard error."""
    return subprocess.run([sys.executable, "-c", LIMITED, *words], capture_output=True, text=True, timeout=240)


def report_of(path: Path) -> FileReport:
    (file,) = read_paths([path], KINDS, Places()).files
    return file


def test_unsaved_formulas_and_error_values_are_noted(tmp_path: Path) -> None:
    by_name = {specimen.name: specimen for specimen in CORPUS}
    for name, said in (("公式无结果.xlsx", "1 个公式没有保存计算结果"), ("错误值.xlsx", "1 个单元格是错误值")):
        intake = read_paths([written(tmp_path, by_name[name])], KINDS, Places())
        assert [note.message for note in intake.notes if said in note.message], name


def test_hollow_giant_files_are_refused_before_they_are_read(tmp_path: Path) -> None:
    for name, head, size, said in (
        ("大.csv", b"", 1_000_000_000, "空字节"),
        ("巨大.xlsx", b"PK\x03\x04", 6_000_000_000, "超过"),
    ):
        with (tmp_path / name).open("wb") as stream:
            stream.write(head)
            stream.truncate(size)
        assert said in str(report_of(tmp_path / name).error)


def test_folder_named_like_a_workbook_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "学籍.xlsx").mkdir()
    written(tmp_path / "学籍.xlsx", CORPUS[0])
    (file,) = read_paths([tmp_path], KINDS, Places()).files
    assert (file.name, file.error) == (f"学籍.xlsx/{CORPUS[0].name}", None)


@pytest.mark.parametrize("given", ["", "学籍.parquet"])
def test_parts_of_a_parquet_folder_stand_for_themselves(tmp_path: Path, given: str) -> None:
    """A broken part, one of other columns, an empty one, two with the same rows; what Spark leaves beside them is no table."""
    roll, folder = roll_table(), tmp_path / "学籍.parquet"
    parts = {
        "part-0.parquet": parquet(roll), "part-1.parquet": parquet(roll)[:-1], "part-2.parquet": parquet(roll.slice(0, 0)),
        "part-3.parquet": parquet(roll.select(["姓名", "学校"])), "part-4.parquet": parquet(roll.select(roll.column_names[::-1])),
        "学段=小学/part-5.parquet": parquet(roll), "_SUCCESS": b"", ".part-0.parquet.crc": b"crc", "_metadata": b"PAR1",
        "_temporary/0/part-6.parquet": parquet(roll),
    }  # fmt: skip
    for name, data in parts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    files = read_paths([tmp_path / given], KINDS, Places()).files
    found = {file.name.removeprefix("学籍.parquet/"): file for file in files}
    loaded = {name: sum(sheet.rows.loaded for sheet in file.sheets) for name, file in found.items()}
    assert loaded == {
        "part-0.parquet": 4, "part-1.parquet": 0, "part-2.parquet": 0, "part-3.parquet": 0, "part-4.parquet": 0, "学段=小学/part-5.parquet": 0,
    }  # fmt: skip
    assert [name for name, file in found.items() if file.error] == ["part-1.parquet"]
    assert [sheet.state for sheet in found["part-3.parquet"].sheets] == ["unrecognised"]
    assert [found[name].sheets[0].state for name in ("part-4.parquet", "学段=小学/part-5.parquet")] == ["copy", "copy"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_followed_once_and_broken_ones_are_reported(tmp_path: Path) -> None:
    whole = written(tmp_path, CORPUS[0])
    (tmp_path / "同一个.xlsx").symlink_to(whole)
    (tmp_path / "断了.xlsx").symlink_to(tmp_path / "没有.xlsx")
    (tmp_path / "自己.xlsx").symlink_to(tmp_path / "自己.xlsx")
    (tmp_path / "上级").symlink_to(tmp_path)
    files = {file.name: file.error for file in read_paths([tmp_path], KINDS, Places()).files}
    assert {name for name, error in files.items() if error} == {"断了.xlsx", "自己.xlsx"}
    assert len(files) == 3


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders on Windows")
def test_pipes_and_devices_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管道.csv")
    assert read_paths([tmp_path], KINDS, Places()).files == ()
    assert "不是普通文件" in str(report_of(tmp_path / "管道.csv").error)


@pytest.mark.parametrize("failing", ["open", "scandir"])
def test_what_cannot_be_opened_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    """A file in use elsewhere, a folder without rights (root may enter all, so the refusal is made up)."""
    path = written(tmp_path, CORPUS[0])

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "no", str(path if failing == "open" else tmp_path))

    monkeypatch.setattr(*((Path, "open", refuse) if failing == "open" else (os, "scandir", refuse)))
    (file,) = read_paths([tmp_path], KINDS, Places()).files
    assert "打不开" in str(file.error)


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names")
def test_names_with_control_characters_or_broken_bytes_are_shown_safely(tmp_path: Path) -> None:
    for name in (b"\x1b[31m\xe7\xba\xa2.csv", b"a\nb.csv", b"\xff\xfe.csv"):
        (tmp_path / os.fsdecode(name)).write_bytes(CORPUS[0].data)
    names = [file.name for file in read_paths([tmp_path], KINDS, Places()).files]
    assert len(names) == 3
    assert all(name.isprintable() and name.encode() for name in names)
    done = limited("inspect", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "") and "\x1b" not in done.stdout
