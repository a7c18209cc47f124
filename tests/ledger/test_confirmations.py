"""A filled 人工确认 comes back whatever was done to the file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from fupin_cli.ledger.confirmations import Returned, read_confirmations
from fupin_cli.linkage.decisions import PAIR

HEADER = ("序号", "名单", "结论", "确认人", "备注", "识别码")


def key(record: str, person: str = "H1") -> str:
    return json.dumps({**dict.fromkeys(PAIR), "name": record, "household_id_p": person}, ensure_ascii=False)


def read_back(folder: Path, *rows: tuple[object, ...]) -> Returned:
    with (folder / "回.csv").open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return read_confirmations(folder / "回.csv")


def test_columns_moved_renamed_and_rows_left_open(tmp_path: Path) -> None:
    back = read_back(
        tmp_path, ("人工确认",), ("识别码", "审核人", "结论", "名单"), (key("甲"), "李四", "采纳", "学籍"),
        (key("乙"), "李四", "不同意", "学籍"), (key("丙"), "", "", "学籍"),
    )  # fmt: skip
    assert [(item.pair["name"], item.verdict, item.person) for item in back.decisions] == [
        ("甲", "采纳", "李四"),
        ("乙", "不采纳", "李四"),
    ]
    assert (back.open, back.refused) == (1, [])


def test_doubtful_rows_are_refused_with_their_row(tmp_path: Path) -> None:
    back = read_back(tmp_path, HEADER, (1, "学籍", "也许", "", "", key("甲")), (2, "学籍", "采纳", "", "", "坏"))
    assert [place for place, _ in back.refused] == ["回.csv!回!2", "回.csv!回!3"]
    assert back.decisions == []


def test_one_record_adopted_as_two_persons_is_believed_for_neither(tmp_path: Path) -> None:
    back = read_back(
        tmp_path, HEADER, (1, "学籍", "采纳", "", "", key("甲", "H1")), (2, "学籍", "采纳", "", "", key("甲", "H2"))
    )
    assert back.decisions == [] and len(back.refused) == 2


def test_file_that_is_no_confirmation_is_said_to_be_none(tmp_path: Path) -> None:
    assert "不是人工确认表" in read_back(tmp_path, ("姓名", "电话"), ("甲", "1")).refused[0][1]
