"""Sorted, cut, rearranged, renamed and saved in another format: no filled row is lost on the way back."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from fupin_cli.ledger.feedback import TITLES, read_feedback
from fupin_cli.ledger.import_feedback import import_feedback
from fupin_cli.ledger.states import CONFIRMED, DISMISSED, NEW, REPORTED
from tests.dispatch.conftest import AT, PLAN, fill, held, key_of, read_rows, send

Ledger = Callable[..., Path]
Rows = list[list[Any]]
TODAY = date.fromisoformat(AT[:10])
UNTRUE = {"verdict": "不属实", "dismiss_reason": "已在外省就读", "dismiss_evidence": "外省学籍证明"}
# Eight findings: 1–4 answered, one of these doubtful, 5 reported done, 6–8 left open.
ANSWERS = {
    1: PLAN,
    2: UNTRUE,
    3: {**PLAN, "due_on": "尽快"},
    4: {**PLAN, "due_on": datetime(2020, 8, 15)},
    5: {"done_on": "2020.7.10"},
}
RENAMED = {"整改措施": "整改举措", "完成时限": "整改期限（年月日）", "责任人": "具体责任人", "识别码": "列1"}


def filled_rows(ledger: Path) -> tuple[Rows, int]:
    return read_rows(fill(send(ledger), ANSWERS))


def rearranged(rows: Rows, head: int, seed: int = 1) -> Rows:
    """Sorted by name from the back, finding 8 deleted, columns in another order and renamed, titles gone."""
    body = sorted(rows[head + 1 : head + 9], key=lambda row: str(row[3]), reverse=True)
    body = [row for row in body if not str(row[-1]).startswith(f"K{key_of(8)}")]
    order = list(range(len(rows[head])))
    random.Random(seed).shuffle(order)
    header = [RENAMED.get(title, title) for title in rows[head]]
    return [[row[at] for at in order] for row in [header, *body]]


def save_xlsx(path: Path, rows: Rows) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def save_xls(path: Path, rows: Rows) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(at, column, value, day) if isinstance(value, datetime) else sheet.write(at, column, value)
    book.save(str(path))


def save_csv(encoding: str) -> Callable[[Path, Rows], None]:
    def save(path: Path, rows: Rows) -> None:
        with path.open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows(rows)

    return save


def check_everything_came_back(ledger: Path, file: Path) -> None:
    """All filled rows are in the ledger, the doubtful cell is listed with its place, nothing else changed."""
    outcome = import_feedback(ledger, [file], AT)[0]
    assert (outcome.taken, len(outcome.refused)) == (5, 1), outcome
    assert outcome.refused[0].place.startswith(f"{file.name}!") and "“完成时限”不是日期" in outcome.refused[0].text
    states = {number: held(ledger, number)["state"] for number in range(1, 9)}
    assert states == {1: CONFIRMED, 2: DISMISSED, 3: CONFIRMED, 4: CONFIRMED, 5: REPORTED, 6: NEW, 7: NEW, 8: NEW}
    assert [held(ledger, number)["due_on"] for number in (1, 3, 4)] == ["2020-07-31", "", "2020-08-15"]
    assert held(ledger, 1)["measure"] == PLAN["measure"] and held(ledger, 5)["done_on"] == "2020-07-10"
    again = import_feedback(ledger, [file], AT)[0]
    assert again.known == AT and again.taken == 0


@pytest.mark.parametrize(
    ("name", "save"),
    [
        ("回.xlsx", save_xlsx),
        ("回.xls", save_xls),
        ("回.et", save_xls),
        ("回.csv", save_csv("gb18030")),
        ("回.txt", save_csv("utf-8-sig")),
    ],
)
def test_sorted_cut_and_rearranged_in_every_format(
    ledger: Ledger, name: str, save: Callable[[Path, Rows], None]
) -> None:
    path = ledger(*[{}] * 8)
    file = path.parent / name
    save(file, rearranged(*filled_rows(path)))
    check_everything_came_back(path, file)


def test_cells_merged_down_count_for_each_of_their_rows(ledger: Ledger) -> None:
    path = ledger({}, {}, {})
    book = openpyxl.load_workbook(fill(send(path), {1: {"leader": "张三"}}))
    book["三清单"].merge_cells("K6:K8")
    book.save(path.parent / "合并.xlsx")
    assert import_feedback(path, [path.parent / "合并.xlsx"], AT)[0].taken == 3
    assert [held(path, number)["leader"] for number in (1, 2, 3)] == ["张三"] * 3


def test_header_printed_again_and_blank_rows_between(ledger: Ledger) -> None:
    path = ledger(*[{}] * 8)
    header, *body = rearranged(*filled_rows(path))
    blank = [None] * len(header)
    save_xlsx(path.parent / "回.xlsx", [header, *body[:3], blank, header, *body[3:]])
    check_everything_came_back(path, path.parent / "回.xlsx")


FIELDS = ("leader", "person_in_charge", "measure", "due_on", "progress")
FILLING = st.dictionaries(
    st.sampled_from(FIELDS),
    st.one_of(st.text("甲乙丙, ;\"'\n=", min_size=1, max_size=6), st.just("2020-08-01")),
    max_size=4,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), filled=st.lists(FILLING, min_size=8, max_size=8))
def test_no_order_or_deletion_of_rows_and_columns_loses_a_filled_row(
    form: tuple[Path, Rows, int], data: st.DataObject, filled: list[dict[str, str]]
) -> None:
    folder, rows, head = form
    titles = rows[head]
    body = [list(row) for row in rows[head + 1 : head + 9]]
    for row, values in zip(body, filled, strict=True):
        for name, value in values.items():
            row[titles.index(TITLES[name])] = value
    others = [at for at in range(6) if titles[at] != TITLES["detail"]]
    gone = data.draw(st.sets(st.sampled_from(others)), "columns deleted")
    columns = data.draw(st.permutations([at for at in range(len(titles)) if at not in gone]), "columns")
    kept = data.draw(st.permutations(range(8)), "rows")[: data.draw(st.integers(1, 8), "rows kept")]
    above = data.draw(st.sampled_from([[], rows[:head]]), "titles")
    save_csv("utf-8-sig")(
        folder / "回.csv", [*above, *([line[at] for at in columns] for line in [titles, *(body[at] for at in kept)])]
    )

    feedback = read_feedback(folder / "回.csv", "回.csv", TODAY)
    taken = {answer.key.finding_key: answer.values for answer in feedback.answers if answer.key}
    refused = {remark.place.rpartition("!")[2] for remark in feedback.refused}
    for line, at in enumerate(kept, len(above) + 2):
        for name, value in filled[at].items():
            cell = f"{get_column_letter(columns.index(titles.index(TITLES[name])) + 1)}{line}"
            written = value.strip(" '\n")
            assert not written or cell in refused or taken[key_of(at + 1)][name] == value.strip()
    assert len(refused) + sum(map(len, taken.values())) <= sum(map(len, filled))


@pytest.fixture
def form(ledger: Ledger) -> tuple[Path, Rows, int]:
    path = ledger(*[{}] * 8)
    return (path.parent, *read_rows(send(path)))


@pytest.fixture
def save_by_libreoffice(tmp_path: Path) -> Callable[[Path, str], Path]:
    """Open a file in LibreOffice and save it in the format of a filter."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice 没有安装，不能用它另存")

    def save(file: Path, filter_: str) -> Path:
        profile, out = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", tmp_path / "另存"
        command = [program, profile, "--headless", "--convert-to", filter_, "--outdir", str(out), str(file)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return out / f"{file.stem}.{filter_.partition(':')[0]}"

    return save


@pytest.mark.parametrize("filter_", ["xls:MS Excel 97", "csv:Text - txt - csv (StarCalc):44,34,76,1", "ods"])
def test_rearranged_and_saved_by_libreoffice(
    ledger: Ledger, tmp_path: Path, save_by_libreoffice: Callable[[Path, str], Path], filter_: str
) -> None:
    path = ledger(*[{}] * 8)
    save_xlsx(tmp_path / "回.xlsx", rearranged(*filled_rows(path)))
    check_everything_came_back(path, save_by_libreoffice(tmp_path / "回.xlsx", filter_))


def test_dispatched_workbook_itself_saved_by_libreoffice(
    ledger: Ledger, save_by_libreoffice: Callable[[Path, str], Path]
) -> None:
    path = ledger(*[{}] * 8)
    check_everything_came_back(path, save_by_libreoffice(fill(send(path), ANSWERS), "xls:MS Excel 97"))
