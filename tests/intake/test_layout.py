"""Layouts and formats: titles, multi-row and merged headers, households, subtotals, sheets, encodings, broken files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_cli.fields.places import Places
from fupin_cli.intake.read import read_paths
from tests.intake.conftest import ID, ID2, KINDS, ROLL, only_sheet, xlsx

PUPIL = ("陈一", ID, "一小", "小学", "在读")
REGISTER = ("户编号", "家庭人口数", "姓名", "证件号码", "与户主关系", "镇", "行政村")
MESSY = [
    ("美兰区建档立卡贫困人口信息表",),
    ("填报单位：灵山镇人民政府", None, None, "填报时间：2020年6月"),
    (),
    REGISTER,
    (1, 2, 3, 4, 5, 6, 7),
    ("1", 2, "陈一", ID, "户主", "灵山镇", "东营村"),
    (None, None, "陈二", ID2, "之子", None, None),
    (None, None, "小计", "1户2人"),
    ("2", 1, "李四", "460108198001011018", "户主", "灵山镇", "大昌村"),
    (None, None, None, None, "之女", None, None),
    ("合计", "2户", "4人"),
    ("填表人：张三", None, "审核人：李四"),
]


def roll(intake: Any) -> Any:
    return intake.tables["education.enrolment"].collect()


@pytest.mark.parametrize("numbering", [list("1234567"), list("①②③④⑤⑥⑦")])
def test_a_row_of_numbers_under_the_header_is_no_data(tmp_path: Path, read: Any, numbering: list[str]) -> None:
    xlsx(tmp_path / "台账.xlsx", [REGISTER, numbering, ("1", 1, "陈一", ID, "户主", "灵山镇", "东营村")])
    count = only_sheet(read()).rows
    assert (count.numbering, count.loaded) == (1, 1)


def test_every_row_is_accounted_for(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "台账.xlsx", MESSY, merges=["A1:G1", "A2:C2"])
    intake = read()
    count = only_sheet(intake).rows
    assert (count.title, count.header, count.numbering, count.subtotal, count.footnote, count.blank) == (
        2,
        1,
        1,
        2,
        1,
        1,
    )
    assert (count.loaded, count.quarantined, count.total, count.adds_up) == (3, 1, 12, True)
    assert [(row.row, row.cells[4]) for row in intake.quarantine] == [(10, "之女")]
    assert intake.tables["register.persons"].collect()["source_row"].to_list() == [6, 7, 9]


SCHOOL = ("学校", "学生姓名", "学生身份证件号", "学段", "学籍状态")
ONE_PUPIL = ("一小", "陈一", "460108201201011017", "小学", "在读")


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (("单位（盖章）：区教育局",), "footnote"),
        (("", "", "", "2020年6月20日"), "footnote"),
        (("", "二〇二〇年六月二十日"), "footnote"),
        (("", "海口市美兰区教育局"), "footnote"),
        (("主管领导：", "", "", "经办：李四"), "footnote"),
        (("填表：张三", "审核：李四"), "footnote"),
        (("※ 本表一式两份",), "footnote"),
        (("1.本表由学校填写",), "footnote"),
        (("共 20 人",), "subtotal"),
        (("平均", 1), "subtotal"),
        (tuple("ABCDE"), "numbering"),
        (tuple("甲乙丙丁戊"), "numbering"),
        (("", "", "", "小学"), "quarantined"),
        (("", "李四"), "loaded"),
        (("注意小学", "李四", None, "小学"), "loaded"),
    ],
)
def test_what_stands_around_the_rows_is_no_person(tmp_path: Path, read: Any, row: tuple[Any, ...], state: str) -> None:
    rows = [row, ONE_PUPIL] if state == "numbering" else [ONE_PUPIL, row]
    xlsx(tmp_path / "在校生.xlsx", [SCHOOL, *rows])
    count = only_sheet(read()).rows
    assert (count.loaded, getattr(count, state)) == ((2, 2) if state == "loaded" else (1, 1))


@pytest.mark.parametrize(
    "header",
    [
        [
            ("户主", None, "家庭成员", None, "低保证号", "月保障金"),
            ("姓名", "身份证号", "姓名", "身份证号", None, None),
        ],
        [
            ("户主信息", None, "成员信息", None, None, None),
            ("姓名", "身份证号", "成员姓名", "身份证号", "低保证号", "月保障金"),
        ],
        [("户主姓名", "户主证件号码", "保障对象", "社会保障号码", "低保证号", "月保障金")],
        [("申请人", "申请人身份证号", "保障对象", "保障对象身份证号", "低保证号", "月保障金")],
    ],
)
def test_a_row_is_about_its_own_person_not_the_head_of_the_household(
    tmp_path: Path, read: Any, header: list[tuple[Any, ...]]
) -> None:
    xlsx(tmp_path / "低保.xlsx", [*header, ("陈一", ID, "陈二", "460108201201011017", "D1", 300)])
    table = read().tables["civil.dibao"].collect()
    assert table.select("name", "id_number").rows() == [("陈二", "460108201201011017")]


@pytest.mark.parametrize(
    ("sheet", "title", "town"),
    [
        ("2.灵山镇", "台账", "灵山镇"),
        ("灵山镇 (2)", "台账", "灵山镇"),
        ("S", "海口市美兰区灵山镇建档立卡贫困人口花名册", "灵山镇"),
        ("S", "填报单位：海口市美兰区灵山镇人民政府", "灵山镇"),
        ("S", "填报单位（盖章）：灵山镇扶贫办", "灵山镇"),
        ("S", "乡镇：灵山镇", "灵山镇"),
        ("S", "各乡镇建档立卡贫困人口花名册", None),
        ("S", "城乡居民建档立卡花名册", None),
        ("S", "城镇建档立卡花名册", None),
        ("建档立卡（按户）", "台账", None),
    ],
)
def test_a_sheet_without_town_column_says_its_town(
    tmp_path: Path, read: Any, sheet: str, title: str, town: str | None
) -> None:
    header, row = ("村", "户编号", "姓名", "身份证号", "与户主关系"), ("东营村", "1", "陈一", ID, "户主")
    xlsx(tmp_path / "建档立卡台账.xlsx", [(title,), header, row], sheet=sheet)
    tables = read().tables
    found = tables["register.persons"].collect()["town"].item() if "register.persons" in tables else None
    assert found == town


def test_printed_total_that_differs_is_noted_and_one_that_agrees_is_not(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "台账.xlsx", MESSY)
    notes = [note for note in read().notes if note.code == "total_mismatch"]
    assert [note.rows for note in notes] == [(11,)]
    assert "4 人" in notes[0].message and "3 人" in notes[0].message


def test_household_cells_are_filled_down_and_personal_ones_never(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "台账.xlsx", [*MESSY[:6], (None, None, "陈二", None, "之子", None, None)])
    table = read().tables["register.persons"].collect()
    assert table["household_id"].to_list() == ["1", "1"]
    assert table["village"].to_list() == ["东营村", "东营村"]
    assert table["id_number_status"].to_list() == ["valid", "missing"]


def test_household_cells_are_not_filled_past_a_new_head(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "台账.xlsx", [REGISTER, MESSY[5], (None, 3, "王五", ID2, "户主", "灵山镇", "大昌村")])
    assert read().tables["register.persons"].collect()["household_id"].is_null().to_list() == [False, True]


def test_merged_household_cells_are_filled(tmp_path: Path, read: Any) -> None:
    rows = [REGISTER, MESSY[5], (None, None, "陈二", ID2, "之子", None, None)]
    xlsx(tmp_path / "台账.xlsx", rows, merges=["A2:A3", "B2:B3", "F2:F3", "G2:G3"])
    table = read().tables["register.persons"].collect()
    assert table["household_size"].to_list() == [2, 2]


def test_header_of_three_merged_rows(tmp_path: Path, read: Any) -> None:
    rows = [
        ("基本信息", None, "学籍", None, None),
        ("姓名", "身份证号", "就读", None, "学籍状态"),
        (None, None, "学校", "学段", None),
        PUPIL,
    ]
    xlsx(tmp_path / "学籍.xlsx", rows, merges=["A1:B1", "C1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"])
    intake = read()
    assert only_sheet(intake).rows.loaded == 1
    assert (roll(intake)["stage"][0], roll(intake)["status"][0]) == ("小学", "在读")


def test_sheets_and_files_of_one_kind_are_stacked_hidden_ones_too(tmp_path: Path, read: Any) -> None:
    book = xlsx(tmp_path / "学籍.xlsx", [ROLL, PUPIL], "灵山镇")
    xlsx(book, [ROLL, ("李四", ID2, "二小", "小学", "在读")], "演丰镇")
    xlsx(book, [("填表说明",), ("一、请如实填写",)], "说明")
    import openpyxl

    workbook = openpyxl.load_workbook(book)
    workbook["演丰镇"].sheet_state = "hidden"
    workbook.save(book)
    (tmp_path / "学籍二.csv").write_text(
        "姓名,身份证号,学校,学段,学籍状态\n王五,460108198001011018,三小,小学,在读\n", encoding="utf-8"
    )
    intake = read()
    assert roll(intake)["name"].to_list() == ["陈一", "李四", "王五"]
    assert roll(intake)["town"].to_list()[:2] == ["灵山镇", "演丰镇"]
    states = {sheet.sheet: (sheet.state, sheet.hidden) for file in intake.files for sheet in file.sheets}
    assert states["演丰镇"] == ("loaded", True)
    assert states["说明"] == ("ignored", False)


def test_older_month_of_the_same_people_is_superseded(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "学籍2020年5月.xlsx", [ROLL, PUPIL])
    xlsx(tmp_path / "学籍2020年6月.xlsx", [ROLL, (*PUPIL[:4], "转出")])
    intake = read()
    assert roll(intake)["status"].to_list() == ["转出"]
    old = intake.files[0].sheets[0]
    assert (old.state, old.rows.adds_up) == ("superseded", True)
    assert "2020-06" in old.message


def test_other_month_of_other_people_is_stacked(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "学籍2020年5月.xlsx", [ROLL, PUPIL])
    xlsx(tmp_path / "学籍2020年6月.xlsx", [ROLL, ("李四", ID2, "二小", "小学", "在读")])
    assert len(roll(read())) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_text_files(tmp_path: Path, read: Any, encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in (ROLL, PUPIL))
    (tmp_path / "学籍.csv").write_bytes(text.encode(encoding))
    assert roll(read())["name"].to_list() == ["陈一"]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".txt", ".xlsx"])
def test_text_files_whatever_their_extension(tmp_path: Path, read: Any, suffix: str) -> None:
    text = "\n".join("\t".join(row) for row in (ROLL, PUPIL))
    (tmp_path / f"学籍{suffix}").write_text(text, encoding="utf-8")
    assert roll(read())["name"].to_list() == ["陈一"]


@pytest.mark.parametrize("suffix", [".xls", ".et", ".xlsx"])
def test_old_excel_files_whatever_their_extension(tmp_path: Path, read: Any, suffix: str) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for row, cells in enumerate((ROLL, PUPIL)):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(tmp_path / f"学籍{suffix}"))
    assert roll(read())["name"].to_list() == ["陈一"]


def test_ods(tmp_path: Path, read: Any) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    table = Table(name="Sheet1")
    for cells in (ROLL, PUPIL):
        row = TableRow()
        for cell in cells:
            entry = TableCell(valuetype="string")
            entry.addElement(P(text=cell))
            row.addElement(entry)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "学籍.ods"))
    assert roll(read())["name"].to_list() == ["陈一"]


@pytest.mark.parametrize("suffix", [".et", ".xls", ".xlsm", ".csv"])
def test_zip_workbook_under_another_name(tmp_path: Path, read: Any, suffix: str) -> None:
    xlsx(tmp_path / "学籍.xlsx", [ROLL, PUPIL]).rename(tmp_path / f"学籍{suffix}")
    assert roll(read())["name"].to_list() == ["陈一"]


def _truncated(path: Path) -> None:
    whole = xlsx(path, [ROLL, PUPIL]).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _html(path: Path) -> None:
    path.write_text("<html><table><tr><td>姓名</td></tr></table></html>", encoding="utf-8")


def _archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("学籍.txt", "x")


def _encrypted(path: Path) -> None:
    msoffcrypto = pytest.importorskip("msoffcrypto")
    from msoffcrypto.format.ooxml import OOXMLFile

    plain = io.BytesIO(xlsx(path, [ROLL, PUPIL]).read_bytes())
    assert msoffcrypto
    with path.open("wb") as stream:
        OOXMLFile(plain).encrypt("密码", stream)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_truncated, "损坏"), (lambda path: path.write_bytes(b""), "空的"), (_html, "网页"), (_archive, "没有工作簿"),
        (_encrypted, "密码"), (lambda path: path.write_bytes(b"\x00\x01\x02" * 400), "已损坏"),
    ],
)  # fmt: skip
def test_unreadable_file_is_one_chinese_sentence_and_the_rest_is_read(
    tmp_path: Path, read: Any, make: Any, said: str
) -> None:
    make(tmp_path / "坏.xlsx")
    xlsx(tmp_path / "学籍.xlsx", [ROLL, PUPIL])
    intake = read()
    (broken,) = [file for file in intake.files if file.name == "坏.xlsx"]
    assert broken.error is not None and said in broken.error and broken.error.startswith("坏.xlsx")
    assert broken.error.count("。") == 1
    assert len(roll(intake)) == 1


def test_file_that_is_no_table_is_skipped_and_said_so(tmp_path: Path, read: Any) -> None:
    (tmp_path / "说明.pdf").write_bytes(b"%PDF-1.4 xx")
    (file,) = read().files
    assert (file.error, bool(file.skipped)) == (None, True)


def test_cache_gives_the_same_and_is_not_trusted_for_other_content(tmp_path: Path, read: Any) -> None:
    data, cache = tmp_path / "数据", tmp_path / "cache"
    data.mkdir()
    xlsx(data / "台账.xlsx", MESSY)
    first, second = read(data, cache_dir=cache), read(data, cache_dir=cache)
    assert first.files == second.files and first.notes == second.notes and first.quarantine == second.quarantine
    assert first.tables["register.persons"].collect().equals(second.tables["register.persons"].collect())
    (data / "台账.xlsx").unlink()
    xlsx(data / "台账.xlsx", MESSY[:7])
    assert len(read(data, cache_dir=cache).tables["register.persons"].collect()) == 2


def _contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _one_bit(cached: Path) -> None:
    content = bytearray(cached.read_bytes())
    content[len(content) // 2] ^= 1
    cached.write_bytes(content)


def _another_name(cached: Path) -> None:
    pl.read_parquet(cached).with_columns(name=pl.lit("改名")).write_parquet(cached, compression="zstd")


def _fewer_rows(cached: Path) -> None:
    pl.read_parquet(cached).head(1).write_parquet(cached, compression="zstd")


def _another_count(cached: Path) -> None:
    reports = cached.with_name("parts")
    reports.write_bytes(reports.read_bytes().replace(b'"loaded": 3', b'"loaded": 9'))


@pytest.mark.parametrize(
    "damage",
    [_one_bit, _another_name, _fewer_rows, _another_count, Path.unlink, lambda path: path.with_name("parts").unlink()],
)
def test_cached_table_that_was_altered_or_damaged_is_read_anew(tmp_path: Path, read: Any, damage: Any) -> None:
    data, cache = tmp_path / "数据", tmp_path / "cache"
    data.mkdir()
    xlsx(data / "台账.xlsx", MESSY)
    first = read(data, cache_dir=cache)
    before = _contents(cache)
    damage(next(cache.rglob("*.parquet")))
    assert _contents(cache) != before
    again = read(data, cache_dir=cache)
    assert (again.files, again.notes, again.quarantine) == (first.files, first.notes, first.quarantine)
    assert again.tables["register.persons"].collect().equals(first.tables["register.persons"].collect())
    assert _contents(cache) == before


CELL = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=12),
    st.integers(-10, 10**18),
    st.floats(allow_nan=False),
    st.sampled_from(["小计", "合计", "备注：x", *PUPIL, *ROLL]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELL, min_size=5, max_size=5), max_size=12))
def test_rows_in_are_rows_accounted_for(tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]]) -> None:
    folder = tmp_path_factory.mktemp("any")
    import csv

    with (folder / "学籍.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([ROLL, *rows])
    sheet = only_sheet(read_paths([folder], KINDS, Places()))
    assert sheet.rows.adds_up
    assert sheet.state == "loaded"
