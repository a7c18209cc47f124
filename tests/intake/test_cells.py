"""Cells as they really come: every mess of the list, in a file, read right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.intake.conftest import ID, ID2, ROLL, only_sheet, xlsx


def value(intake: Any, column: str, kind: str = "education.enrolment") -> Any:
    return intake.tables[kind].collect()[column].to_list()


@pytest.mark.parametrize(
    ("written", "status", "number"),
    [
        (460108201201011017, "precision_lost", "460108201201011000"),
        ("4.60108E+17", "malformed", "4.60108E+17"),
        (f"'{ID}", "valid", ID),
        (f"\t{ID}", "valid", ID),
        ("460108 20120101 1017", "valid", ID),
        ("４６０１０８２０１２０１０１１０１７", "valid", ID),
        (ID2.lower(), "valid", ID2),
        (ID2.replace("X", "×"), "repaired", ID2),
        (ID2.replace("X", "＊"), "repaired", ID2),
        (ID.replace("0", "O", 1), "repaired", ID),
        (ID.replace("1", "l", 1), "repaired", ID),
        ("460108800101101", "upgraded15", "460108198001011018"),
        (f"{ID}42", "disability20", f"{ID}42"),
        (f"{ID}42B1", "disability20", f"{ID}42B1"),
        ("460108********1017", "masked", "460108********1017"),
        ("E12345678", "other", "E12345678"),
        ("H0123456700", "other", "H0123456700"),
        ("999999999999999999", "missing", None),
        ("46010820120101101", "malformed", "46010820120101101"),
        ("460108201202301017", "birthdate", "460108201202301017"),
        ("460108201201011018", "checksum", "460108201201011018"),
    ],
)
def test_id_number(tmp_path: Path, read: Any, written: Any, status: str, number: str | None) -> None:
    xlsx(tmp_path / "学籍.xlsx", [ROLL, ("陈一", written, "一小", "小学", "在读")])
    intake = read()
    assert value(intake, "id_number_status") == [status]
    read_as = value(intake, "id_number")[0]
    assert (None if number is None else read_as) == number


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张　三", "张三"), ("张 三", "张三"), ("阿依古丽•买买提", "阿依古丽·买买提"), ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"), ("李四（户主）", "李四"), ("王五(已故)", "王五"), ("陳美麗", "陈美丽"), ("张三2", "张三"),
        ("\ue863三", "\ue863三"),
    ],
)  # fmt: skip
def test_name(tmp_path: Path, read: Any, written: str, name: str) -> None:
    xlsx(tmp_path / "学籍.xlsx", [ROLL, (written, ID, "一小", "小学", "在读")])
    assert value(read(), "name") == [name]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        (43891, "2020-03-01"), ("2020-3-1", "2020-03-01"), ("2020/03/01", "2020-03-01"), ("2020.3", "2020-03"),
        (2020.3, "2020-03"), ("20200301", "2020-03-01"), (20200301, "2020-03-01"), ("2020年3月", "2020-03"), ("202003", "2020-03"),
        ("20.3.1", "2020-03-01"), ("99年5月6日", "1999-05-06"), ("２０２０－０３－０１", "2020-03-01"), ("2020", "2020"),
        ("2020-03-01 00:00:00", "2020-03-01"),
    ],
)  # fmt: skip
def test_date(tmp_path: Path, read: Any, written: Any, iso: str) -> None:
    xlsx(tmp_path / "死亡名单.xlsx", [("姓名", "身份证号", "死亡日期"), ("陈一", ID, written)])
    assert value(read(), "died_on", "civil.deaths") == [iso]


def test_date_keeps_its_precision_as_first_and_last_day(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "死亡名单.xlsx", [("姓名", "身份证号", "死亡日期"), ("陈一", ID, "2020年2月")])
    table = read().tables["civil.deaths"].collect()
    assert table["died_on_last"][0] - table["died_on_day"][0] == 28


@pytest.mark.parametrize(
    ("written", "flag"),
    [("是", True), ("否", False), ("有", True), ("无", False), ("√", True), ("×", False), (1, True), (0, False), ("Y", True),
     ("N", False), ("已", True), ("未", False), ("1-是", True)],
)  # fmt: skip
def test_flag(tmp_path: Path, read: Any, written: Any, flag: bool) -> None:
    xlsx(tmp_path / "学籍.xlsx", [(*ROLL, "是否建档立卡"), ("陈一", ID, "一小", "小学", "在读", written)])
    assert value(read(), "is_registered_poor") == [flag]


def test_blank_flag_is_unknown_and_noted(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "学籍.xlsx", [(*ROLL, "是否建档立卡"), ("陈一", ID, "一小", "小学", "在读", None)])
    intake = read()
    assert intake.tables["education.enrolment"].collect()["is_registered_poor"].is_null().all()
    assert [note.code for note in intake.notes] == ["blank_flag"]


@pytest.mark.parametrize(
    ("header", "written", "yuan"),
    [("金额", "1,200.00", 1200), ("金额", "￥1200", 1200), ("金额", "1200元", 1200), ("金额", "0.12万元", 1200), ("金额（万元）", 0.12, 1200),
     ("金额", "１２００", 1200), ("金额(万元)", "1200元", 1200)],
)  # fmt: skip
def test_amount(tmp_path: Path, read: Any, header: str, written: Any, yuan: float) -> None:
    rows = [("姓名", "身份证号", "学期", "资助项目", header), ("陈一", ID, "2020春", "生活补助", written)]
    xlsx(tmp_path / "资助.xlsx", rows)
    assert value(read(), "amount", "education.aid") == [yuan]


@pytest.mark.parametrize("written", ["8-健康", "01健康", "健 康", "健康"])
def test_code(tmp_path: Path, read: Any, written: str) -> None:
    xlsx(tmp_path / "台账.xlsx", [REGISTER, ("1", "陈一", ID, "户主", "灵山镇", "东营村", written)])
    assert value(read(), "health", "register.persons") == ["健康"]


REGISTER = ("户编号", "姓名", "证件号码", "与户主关系", "镇", "行政村", "健康状况")


def test_unknown_code_is_kept_and_reported_once_with_its_count(tmp_path: Path, read: Any) -> None:
    rows = [("1", f"陈{n}", ID, "怪关系", "灵山镇", "东营村", "健康") for n in "甲乙丙"]
    xlsx(tmp_path / "台账.xlsx", [REGISTER, *rows])
    intake = read()
    assert value(intake, "relation_raw", "register.persons") == ["怪关系"] * 3
    (note,) = [note for note in intake.notes if note.code == "unknown_code"]
    assert (note.count, note.rows) == (3, (2, 3, 4))


def test_opposite_question_is_turned_round(tmp_path: Path, read: Any) -> None:
    xlsx(
        tmp_path / "台账.xlsx",
        [(*REGISTER, "是否饮水困难"), ("1", "陈一", ID, "户主", "灵山镇", "东营村", "健康", "是")],
    )
    assert value(read(), "safe_water", "register.persons") == [False]


def test_town_and_village_come_from_the_address(tmp_path: Path, read: Any) -> None:
    rows = [
        ("户编号", "姓名", "证件号码", "与户主关系", "家庭住址"),
        ("1", "陈一", ID, "户主", "海口市美兰区灵山镇东营村委会三组"),
    ]
    xlsx(tmp_path / "台账.xlsx", rows)
    intake = read()
    assert (value(intake, "town", "register.persons"), value(intake, "village", "register.persons")) == (
        ["灵山镇"],
        ["东营村"],
    )


def test_value_out_of_range_becomes_unknown_with_a_note(tmp_path: Path, read: Any) -> None:
    xlsx(
        tmp_path / "台账.xlsx",
        [(*REGISTER, "家庭人口数"), ("1", "陈一", ID, "户主", "灵山镇", "东营村", "健康", 150)],
    )
    intake = read()
    assert intake.tables["register.persons"].collect()["household_size"].is_null().all()
    assert "out_of_range" in {note.code for note in intake.notes}


def test_id_of_a_certificate_list_comes_from_the_certificate_number(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "持证残疾人.xlsx", [("姓名", "残疾人证号", "残疾等级"), ("陈一", f"{ID}42", "二级")])
    table = read().tables["disability.certificates"].collect()
    assert (table["id_number_key"][0], table["birth"][0], table["grade"][0]) == (ID, 20120101, 2)


def test_id_of_a_certificate_list_is_its_own_where_it_has_one(tmp_path: Path, read: Any) -> None:
    rows = [("姓名", "身份证号", "残疾人证号", "残疾等级"), ("陈一", ID, "", "二级"), ("陈二", "", f"{ID2}42", "二级")]
    xlsx(tmp_path / "持证残疾人.xlsx", rows)
    assert value(read(), "id_number_key", "disability.certificates") == [ID, ID2]


def test_names_and_numbers_alone_are_no_certificate_list(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "名单.xlsx", [("姓名", "证件号码", "鞋码"), ("陈一", ID, "42")])
    assert only_sheet(read()).kind == ""


def test_register_that_says_county_township_and_village_in_one_word(tmp_path: Path, read: Any) -> None:
    header = ("县", "乡", "村", "户编号", "姓名", "证件号码", "与户主关系")
    xlsx(tmp_path / "名单.xlsx", [header, ("美兰区", "灵山镇", "东营村", "1", "陈一", ID, "户主")])
    intake = read()
    assert value(intake, "town", "register.persons") == ["灵山镇"]
    assert value(intake, "village", "register.persons") == ["东营村"]


def test_sheet_without_a_required_column_is_refused_with_the_column_named(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "学籍在校生.xlsx", [("姓名", "学校", "学段", "学籍状态"), ("陈一", "一小", "小学", "在读")])
    sheet = only_sheet(read())
    assert sheet.state == "refused"
    assert "证件号码" in sheet.message
