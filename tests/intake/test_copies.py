"""One list in two files is used once; lists of other people, months and occasions are all used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fupin_cli.intake.model import Intake
from tests.intake.conftest import ROLL, xlsx
from tests.intake.test_layout import roll

AID = ("姓名", "身份证号", "学校", "学期", "资助项目", "金额", "发放日期")
SERIAL = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(at: int) -> str:
    digits = f"46010820120101{at:03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(digits, SERIAL, strict=True)) % 11
    return digits + "10X98765432"[rest]


def pupils(first: int, last: int, status: str = "在读") -> list[tuple[str, ...]]:
    names = "一二三四五六七八九"
    return [
        (f"陈{names[at // 9 % 9]}{names[at % 9]}", id_number(at), "一小", "小学", status) for at in range(first, last)
    ]


def text(path: Path, rows: Sequence[Sequence[str]], delimiter: str = "\t") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(delimiter.join(row) for row in rows), encoding="gb18030")


def states(intake: Intake) -> dict[str, list[str]]:
    return {file.name: [sheet.state for sheet in file.sheets] for file in intake.files}


def message(intake: Intake, file: str) -> str:
    return next(one.sheets[0].message for one in intake.files if one.name == file)


def test_same_bytes_are_read_once_and_the_backup_goes(tmp_path: Path, read: Any) -> None:
    for folder in ("各校", "A备份"):
        (tmp_path / folder).mkdir()
    xlsx(tmp_path / "各校" / "学籍在校生.xlsx", [ROLL, *pupils(0, 3), ("", "坏", "一小", "小学", "在读")])
    (tmp_path / "A备份" / "学籍.xlsx").write_bytes((tmp_path / "各校" / "学籍在校生.xlsx").read_bytes())
    intake = read()
    assert states(intake) == {"A备份/学籍.xlsx": ["copy"], "各校/学籍在校生.xlsx": ["loaded"]}
    said = message(intake, "A备份/学籍.xlsx")
    assert "A备份/学籍.xlsx" in said and "各校/学籍在校生.xlsx" in said
    assert len(roll(intake)) == intake.files[1].sheets[0].rows.loaded
    assert {row.file for row in intake.quarantine} | {note.file for note in intake.notes} <= {"各校/学籍在校生.xlsx"}
    assert all(file.sheets[0].rows.adds_up for file in intake.files)


def test_of_same_bytes_the_name_that_tells_the_kind_is_kept(tmp_path: Path, read: Any) -> None:
    rows = [
        ("镇", "村", "姓名", "身份证号", "享受状态"),
        *(("灵山镇", "东营村", name, number, "在享") for name, number, *_ in pupils(0, 3)),
    ]
    xlsx(tmp_path / "1.xlsx", rows)
    (tmp_path / "农村低保户名册.xlsx").write_bytes((tmp_path / "1.xlsx").read_bytes())
    assert states(read()) == {"1.xlsx": ["copy"], "农村低保户名册.xlsx": ["loaded"]}


def test_empty_lists_of_two_schools_are_no_copies(tmp_path: Path, read: Any) -> None:
    for name in ("学籍一小.csv", "学籍二小.csv"):
        text(tmp_path / name, [ROLL], ",")
    assert states(read()) == {"学籍一小.csv": ["loaded"], "学籍二小.csv": ["loaded"]}


def test_other_format_and_order_is_a_copy_and_the_workbook_stays(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "学籍在校生名单.xlsx", [ROLL, *pupils(0, 30)])
    text(tmp_path / "学籍.txt", [ROLL, *reversed(pupils(0, 30))])
    intake = read()
    assert states(intake) == {"学籍.txt": ["copy"], "学籍在校生名单.xlsx": ["loaded"]}
    assert message(intake, "学籍.txt") == "“学籍.txt”的30行都在“学籍在校生名单.xlsx”中，是同一份名单，只用后者"


def test_print_that_lacks_a_column_is_a_copy(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "学籍.xlsx", [(*ROLL, "年级"), *((*row, "三年级") for row in pupils(0, 20))])
    text(tmp_path / "学籍.csv", [ROLL, *pupils(0, 20)], ",")
    assert states(read()) == {"学籍.csv": ["copy"], "学籍.xlsx": ["loaded"]}


@pytest.mark.parametrize(("own", "state"), [(1, "copy"), (2, "loaded")])
def test_nineteen_of_twenty_rows_make_a_copy(tmp_path: Path, read: Any, own: int, state: str) -> None:
    xlsx(tmp_path / "学籍全部.xlsx", [ROLL, *pupils(0, 60)])
    xlsx(tmp_path / "学籍一部分.xlsx", [ROLL, *pupils(60 - 20 + own, 60 + own)])
    assert states(read()) == {"学籍一部分.xlsx": [state], "学籍全部.xlsx": ["loaded"]}


def test_same_people_with_other_facts_are_no_copy(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "学籍甲.xlsx", [ROLL, *pupils(0, 20)])
    xlsx(tmp_path / "学籍乙.xlsx", [ROLL, *pupils(0, 20, "休学")])
    assert len(roll(read())) == 40


def test_rows_repeated_in_one_list_stay_and_count(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "学籍全部名单.xlsx", [ROLL, *pupils(0, 20), *pupils(0, 20)])
    text(tmp_path / "学籍.csv", [ROLL, *pupils(0, 20), *pupils(0, 20)], ",")
    assert len(roll(read())) == 40


def test_list_that_says_everything_twice_stands_not_in_one_that_says_it_once(tmp_path: Path, read: Any) -> None:
    xlsx(tmp_path / "学籍全部名单.xlsx", [ROLL, *pupils(0, 20)])
    text(tmp_path / "学籍.csv", [ROLL, *pupils(0, 20), *pupils(0, 20)], ",")
    assert states(read()) == {"学籍.csv": ["loaded"], "学籍全部名单.xlsx": ["copy"]}


def test_sheets_of_one_book_are_not_compared_with_each_other(tmp_path: Path, read: Any) -> None:
    for town in ("灵山镇", "演丰镇"):
        xlsx(tmp_path / "学籍.xlsx", [ROLL, *pupils(0, 5)], town)
    assert states(read()) == {"学籍.xlsx": ["loaded", "loaded"]}


def test_sheets_by_town_are_copies_of_the_list_of_all(tmp_path: Path, read: Any) -> None:
    header = ("镇", *ROLL)
    for town, rows in (("灵山镇", pupils(0, 9)), ("演丰镇", pupils(9, 20))):
        xlsx(tmp_path / "学籍分镇.xlsx", [header, *((town, *row) for row in rows)], town)
        text(tmp_path / f"学籍{town}.txt", [header, *((town, *row) for row in rows)])
    intake = read()
    assert states(intake) == {"学籍分镇.xlsx": ["loaded"] * 2, "学籍演丰镇.txt": ["copy"], "学籍灵山镇.txt": ["copy"]}
    assert len(roll(intake)) == 20


def grants(days: Sequence[int], month: int) -> list[tuple[str, ...]]:
    return [
        (name, number, school, "2020春", "生活补助", "625", f"2020-{month:02d}-{day:02d}")
        for day in days
        for name, number, school, *_ in pupils(0, 5)
    ]


def test_events_of_two_months_add_up_and_a_cumulative_list_holds_the_earlier_one(tmp_path: Path, read: Any) -> None:
    may, june = grants([6, 20], 5), grants([6, 20], 6)
    xlsx(tmp_path / "学生资助2020年5月.xlsx", [AID, *may])
    xlsx(tmp_path / "学生资助2020年6月.xlsx", [AID, *june])
    assert len(read().tables["education.aid"].collect()) == 20
    (tmp_path / "学生资助2020年6月.xlsx").unlink()
    xlsx(tmp_path / "学生资助2020年6月.xlsx", [AID, *may, *june])
    intake = read()
    assert states(intake) == {"学生资助2020年5月.xlsx": ["copy"], "学生资助2020年6月.xlsx": ["loaded"]}


def test_events_of_two_months_without_a_day_are_two_events(tmp_path: Path, read: Any) -> None:
    rows = [AID[:-1], *(row[:-1] for row in grants([6], 5))]
    xlsx(tmp_path / "学生资助2020年5月.xlsx", rows)
    xlsx(tmp_path / "学生资助2020年6月.xlsx", [*rows[:1], *reversed(rows[1:])])
    assert len(read().tables["education.aid"].collect()) == 10


def test_cached_lists_and_lists_on_disk_are_compared_too(
    tmp_path: Path, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("spool", "intake.cache", "intake.grids", "intake.read"):
        monkeypatch.setattr(f"fupin_cli.{room}.ROWS_IN_MEMORY", 7)
    data = tmp_path / "数据"
    text(data / "学籍在校生.csv", [ROLL, *pupils(0, 30)], ",")
    text(data / "学籍.txt", [ROLL, *reversed(pupils(0, 30))])
    for _ in range(2):
        intake = read(data, cache_dir=tmp_path / "缓存")
        assert states(intake) == {"学籍.txt": ["copy"], "学籍在校生.csv": ["loaded"]}
        assert len(roll(intake)) == 30


@pytest.mark.parametrize("share", [2, 10])
def test_part_of_a_newer_month_does_not_bring_the_older_one_back(tmp_path: Path, read: Any, share: int) -> None:
    """Two months of one list are alike; a new one that is cut short is still the one that came, and the receipt sees it."""
    xlsx(tmp_path / "学籍在校生（2020年5月）.xlsx", [ROLL, *pupils(0, 60)])
    xlsx(tmp_path / "学籍在校生（2020年6月）.xlsx", [ROLL, *pupils(0, 60 // share)])
    found = states(read())
    assert found == {"学籍在校生（2020年5月）.xlsx": ["superseded"], "学籍在校生（2020年6月）.xlsx": ["loaded"]}
