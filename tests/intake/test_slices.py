"""Long text and Parquet files are read in slices: what comes out is what the whole file says."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_cli.fields.places import Places
from fupin_cli.intake import grids, parquet, parquet_pages, read
from fupin_cli.intake.model import Intake
from fupin_cli.schema.kinds import load_kinds
from tests.intake.conftest import ID, ID2, ROLL, only_sheet

KINDS = load_kinds()
LINE = [
    ["", "陈一", ID, "一小", "小学", "在读"],
    ["", "陈二", ID2, "一小", "幼儿园", "在读"],
    ["", "李四", "46010820120101101", "二小", "小学", "不知道"],
    ["", "", "", "", "", ""],
    ["", "", "", "三小", "", ""],
    ["合计", "", "", "", "", ""],
    ["序号", *ROLL],
]
REGISTER = ("户编号", "家庭人口数", "姓名", "证件号码", "与户主关系", "镇", "行政村")


def write_csv(path: Path, rows: list[Any]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def sliced(folder: Path, size: int) -> Intake:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grids, "ROWS_IN_MEMORY", size)
        patch.setattr(parquet, "ROWS_IN_MEMORY", size)
        patch.setattr("fupin_cli.spool.ROWS_IN_MEMORY", size)
        intake = read.read_paths([folder], KINDS, Places())
        return replace(intake, tables={kind: table.collect().lazy() for kind, table in intake.tables.items()})


def said(intake: Intake) -> Any:
    sheet = only_sheet(intake)
    notes = sorted((note.code, note.field, note.message, note.count, note.rows) for note in intake.notes)
    tables = {kind: table.collect().to_dicts() for kind, table in intake.tables.items()}
    return sheet, notes, intake.quarantine, tables


@given(st.lists(st.sampled_from(LINE), max_size=20), st.integers(2, 9))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_slices_of_a_text_file_say_what_the_whole_says(tmp_path: Path, rows: list[list[str]], size: int) -> None:
    write_csv(tmp_path / "学籍在校生.csv", [["序号", *ROLL], *rows])
    whole = said(sliced(tmp_path, 1000))
    assert whole[0].rows.adds_up
    assert said(sliced(tmp_path, size)) == whole


@pytest.mark.parametrize("size", range(2, 8))
def test_household_cells_reach_over_the_border_of_a_slice(tmp_path: Path, size: int) -> None:
    rows = [
        ["1", 3, "陈一", ID, "户主", "灵山镇", "东营村"], ["", "", "陈二", ID2, "之子", "", ""], ["", "", "陈三", "", "之女", "", ""],
        ["", "", "李四", "", "户主", "", ""], ["", "", "李五", "", "之子", "", ""], ["2", 1, "王六", "", "户主", "灵山镇", "大昌村"],
        ["合计：2户6人", "", "", "", "", "", ""],
    ]  # fmt: skip
    write_csv(tmp_path / "台账.csv", [REGISTER, *rows])
    intake = sliced(tmp_path, size)
    table = intake.tables["register.persons"].collect()
    assert table["household_id"].to_list() == ["1", "1", "1", None, None, "2"]
    assert table["source_row"].to_list() == [2, 3, 4, 5, 6, 7]
    assert "total_mismatch" not in {note.code for note in intake.notes}


def test_parquet_says_what_the_same_csv_says(tmp_path: Path) -> None:
    rows = [line[1:] for line in LINE[:5]] * 3
    (tmp_path / "csv").mkdir()
    write_csv(tmp_path / "csv" / "学籍在校生.csv", [ROLL, *rows])
    (tmp_path / "parquet").mkdir()
    columns = dict(zip(ROLL, zip(*rows, strict=True), strict=True))
    pl.DataFrame(columns).write_parquet(tmp_path / "parquet" / "学籍在校生.parquet")
    one, two = said(sliced(tmp_path / "csv", 4)), said(sliced(tmp_path / "parquet", 4))
    assert replace(two[0], file=one[0].file) == one[0]
    tables = [{k: v for k, v in row.items() if k != "source_file"} for row in two[3]["education.enrolment"]]
    assert tables == [{k: v for k, v in row.items() if k != "source_file"} for row in one[3]["education.enrolment"]]


def test_parquet_types_are_read_as_the_cells_of_a_workbook(tmp_path: Path) -> None:
    table = pa.table({
        "姓名": pa.array(["陈一", None]).dictionary_encode(), "身份证号": [ID, ID2],
        "死亡日期": [dt.date(2020, 5, 1), None], "注销日期": [dt.datetime(2020, 5, 2), None],
        "年龄": [Decimal("80"), None],
    })  # fmt: skip
    pq.write_table(table, tmp_path / "死亡人员.parquet")
    deaths = read.read_paths([tmp_path], KINDS, Places()).tables["civil.deaths"].collect()
    assert deaths.select("name", "id_number", "died_on").rows() == [("陈一", ID, "2020-05-01"), (None, ID2, None)]


def test_parquet_instants_are_what_the_clocks_in_beijing_showed(tmp_path: Path) -> None:
    """Spark writes midnight here as the afternoon before in Greenwich; in 1990 there was summer time."""
    instants = [dt.datetime(2020, 4, 30, 16, tzinfo=dt.UTC), dt.datetime(1990, 4, 30, 15, tzinfo=dt.UTC)]
    table = pa.table({"姓名": ["陈一", "陈二"], "身份证号": [ID, ID2], "死亡日期": instants})
    pq.write_table(table, tmp_path / "死亡人员.parquet")
    deaths = read.read_paths([tmp_path], KINDS, Places()).tables["civil.deaths"].collect()
    assert deaths["died_on"].to_list() == ["2020-05-01", "1990-05-01"]


@pytest.mark.parametrize(
    ("module", "limit", "said"),
    [
        (parquet, "MAX_GROUP", "行组过大"), (parquet, "MAX_TEXT", "文字过长"), (parquet, "MAX_COLUMNS", "有 5 列"),
        (parquet_pages, "MAX_HELD", "数据页过大"), (parquet_pages, "MAX_FOOTER", "文件尾过大"), (parquet_pages, "BOMB_SIZE", "远大于文件"),
    ],
)  # fmt: skip
def test_parquet_beyond_a_limit_is_refused_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, limit: str, said: str
) -> None:
    pl.DataFrame([LINE[0][1:]] * 500, schema=ROLL, orient="row").write_parquet(tmp_path / "学籍.parquet")
    monkeypatch.setattr(module, limit, 3)
    monkeypatch.setattr(parquet_pages, "BOMB_RATIO", 0 if limit == "BOMB_SIZE" else 100)
    (file,) = read.read_paths([tmp_path], KINDS, Places()).files
    assert said in str(file.error)


def test_parquet_with_small_row_groups_is_one_slice(tmp_path: Path) -> None:
    frame = pl.DataFrame([LINE[0][1:]] * 50, schema=ROLL, orient="row")
    frame.write_parquet(tmp_path / "学籍.parquet", row_group_size=1)
    (grid,) = parquet.parquet_slices(tmp_path / "学籍.parquet", "学籍")
    assert grid.height == 51


def test_folder_that_spark_wrote_is_read_part_by_part(tmp_path: Path) -> None:
    folder = tmp_path / "学籍在校生.parquet"
    folder.mkdir()
    for place, row in enumerate(LINE[:2]):
        frame = pl.DataFrame([row[1:]], schema=ROLL, orient="row")
        frame.write_parquet(folder / f"part-0000{place}-c000.snappy.parquet")
    (folder / "_SUCCESS").touch()
    (folder / ".part-00000.crc").write_bytes(b"crc")
    intake = read.read_paths([tmp_path], KINDS, Places())
    assert [file.error for file in intake.files] == [None, None]
    assert intake.tables["education.enrolment"].collect()["name"].to_list() == ["陈一", "陈二"]


def test_large_inputs_are_read_in_processes_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("甲校学籍在校生.csv", "乙校学籍在校生.csv"):
        write_csv(tmp_path / name, [["序号", *ROLL], *LINE])
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04")
    expected = read.read_paths([tmp_path], KINDS, Places())
    monkeypatch.setattr(read, "LARGE", 0)
    found = read.read_paths([tmp_path], KINDS, Places())
    assert (found.files, found.quarantine, found.notes) == (expected.files, expected.quarantine, expected.notes)
    kind = "education.enrolment"
    assert found.tables[kind].collect().equals(expected.tables[kind].collect())
