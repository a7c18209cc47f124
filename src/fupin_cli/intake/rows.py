"""What each row of a sheet is (行的去向): title, header, numbering, data, subtotal, footnote, blank or quarantined."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fupin_cli.intake.grids import Grid, cell_text
from fupin_cli.intake.header import Header, plain
from fupin_cli.intake.model import RowCount
from fupin_cli.intake.recognise import Candidate

_SUBTOTAL = re.compile(
    r"^(本页|本村|本镇|全镇|全村|全区|各镇|[一-龥]{2,6}[镇乡村])?(小计|合计|总计|共计|累计|总数|平均|以上共|共(?=\d))([:：（(].*|\d.*|[户人共].*)?$"
)
_FOOTNOTE = re.compile(
    r"^(注|备注|说明|附注|填表说明|填报说明|注意|填表人|填报人|制表人?|制表单位|审核人?|审批人|复核人?|负责人|单位负责人|经办人|联系人|联系电话|填表日期|填报日期|填报时间|"
    r"制表日期|制表时间|报送日期|打印日期|打印时间|盖章|单位\(?盖章\)?|\(?公章\)?|以下空白|数据来源|第\d+页)\s*([:：(（，。].*|\d.*)?$"
)
# “统计员：”, “校对：王五”, “※说明” open a line below the table, no row of it; nor is a bureau or a date a person.
_LABELLED = re.compile(r"^[（(]?[一-龥]{2,8}([（(][一-龥]+[)）])?[:：]|^[*※＊]|^[（(]?(公章|盖章)")
_NOBODY = re.compile(
    r"(局|办|办公室|政府|委员会|残联|学校|小学|中学|医院|卫生院|中心|公司)$|^[0-9〇○一二三四五六七八九十]{4}[-./年]"
)
_PROSE = re.compile(r"^\d+[.、．]|[，。；：,;:]|本表|[一-龥]{2,}各一份")
_PLACE = re.compile(
    r"^[一二三四五六七八九十0-9]*[、.]?[一-龥]{1,8}(镇|乡|街道|村|社区|村委会|居委会|学校|小学|中学)(（.*|\(.*)?$"
)
ID_NAMES = ("id_number", "certificate_no", "head_id")
PERSON_KEYS = ("name", *ID_NAMES)
# An ID, however damaged, has digits; a signature in its column has few.
_ID_LIKE = re.compile(r"\d{6}|(?:\d\D*){4}.{2}")
KEY_NAMES = ("name", "head_name", "project", "facility", "item", "village")


@dataclass(frozen=True)
class Rows:
    """0-based grid rows of a recognised sheet. ``totals``: subtotal rows; ``rejected``: row and reason (隔离)."""

    loaded: np.ndarray[Any, Any]
    rejected: tuple[tuple[int, str], ...]
    totals: tuple[int, ...]
    count: RowCount


def classify(grid: Grid, header: Header, candidate: Candidate) -> Rows:
    """Account for every row. Rows with name and number are data at once; only the rest is looked at one by one."""
    start = header.last + 1
    body = grid.cells[start:]
    kind = candidate.kind
    keys = {column.field: body[:, column.index] for column in candidate.columns if column.field in kind.row_key}
    numbered = [_numbers(values) for name, values in keys.items() if name in ID_NAMES]
    filled = [_filled(values) for name, values in keys.items() if name not in ID_NAMES]
    plain_rows = np.logical_and.reduce([*numbered, *filled]) if numbered else np.zeros(len(body), dtype=bool)
    if len(body):
        plain_rows[:3] = False  # a numbering row or a second header looks like data
    labels = {plain(column.label.split("/")[-1]) for column in candidate.columns}
    states = dict.fromkeys(("numbering", "header", "subtotal", "footnote", "blank", "title"), 0)
    loaded, rejected, totals = plain_rows.copy(), [], []
    rest = np.flatnonzero(~plain_rows)
    empty = (body[rest] == "").all(axis=1)  # a stray cell far below the data leaves a million empty rows
    states["blank"] = int(empty.sum())
    for place in rest[~empty]:
        state = _state(body[place], candidate, labels, int(place))
        if state == "data":
            loaded[place] = True
        elif state in states:
            states[state] += 1
            if state == "subtotal":
                totals.append(start + int(place))
        else:
            rejected.append((start + int(place), state))
    repeated = _repeated_headers(body, loaded, candidate)
    states["header"] += len(repeated)
    loaded[repeated] = False
    blank_above, title = _above(grid, header)
    count = RowCount(
        total=grid.top + grid.height,
        title=title + states["title"], header=header.last - header.first + 1 + states["header"],
        numbering=states["numbering"], subtotal=states["subtotal"], footnote=states["footnote"],
        blank=grid.top + blank_above + states["blank"], loaded=int(loaded.sum()), quarantined=len(rejected),
    )  # fmt: skip
    return Rows(np.flatnonzero(loaded) + start, tuple(rejected), tuple(totals), count)


def _state(row: np.ndarray[Any, Any], candidate: Candidate, labels: set[str], place: int) -> str:
    """``data``, a state of the row account, or (anything else) the reason for quarantine."""
    texts = [cell_text(value) for value in row]
    given = [text for text in texts if text]
    if not given:
        return "blank"
    if place < 3 and _is_numbering(given):
        return "numbering"
    if len(given) >= 2 and sum(plain(text) in labels for text in given) * 2 > len(given):
        return "header"
    by_field = {column.field: texts[column.index] for column in candidate.columns}
    number = next((by_field[name] for name in ID_NAMES if by_field.get(name)), "")
    first = re.sub(r"\s+", "", given[0])
    names = [re.sub(r"\s+", "", by_field.get(name, "")) for name in KEY_NAMES]
    if not (_ID_LIKE.search(number) and any(names)):
        if any(_SUBTOTAL.match(text) for text in (first, *names) if text):
            return "subtotal"
        if _FOOTNOTE.match(first) and (len(given) <= 4 or ":" in first or "：" in first):
            return "footnote"
        if len(given) <= 4 and _LABELLED.search(first) and (not any(names) or "name" in by_field):
            return "footnote"
        if len(given) <= 2 and _is_note(given, texts, by_field):
            return "footnote"
        if len(given) == 1 and any(texts[:2]) and _PLACE.match(first) and not by_field.get("village"):
            return "title"
        if len(given) == 1 and len(first) > 25:
            return "footnote"
    if not any(by_field.get(name) for name in candidate.kind.row_key):
        titles = "、".join(candidate.kind.field(name).title for name in candidate.kind.row_key)
        return f"{titles}都是空的，不知道说的是谁" if len(candidate.kind.row_key) > 1 else f"{titles}是空的"
    return "data"


def _is_note(given: Sequence[str], texts: Sequence[str], by_field: Mapping[str, str]) -> bool:
    """A bureau or a date where a person should be, or a lone sentence: a signature (落款) or a note, not a row."""
    words = [re.sub(r"\s+", "", text) for name, text in by_field.items() if name in PERSON_KEYS and text]
    if len(given) == 1 and (given[0] not in by_field.values() or given[0][:1].isnumeric()):
        words.append(re.sub(r"\s+", "", given[0]))
    prose = len(given) == 1 and any(texts[:2]) and _PROSE.search(given[0])
    return bool(prose) or any(_NOBODY.search(word) for word in words)


def _is_numbering(texts: Sequence[str]) -> bool:
    """1, 2, 3 … (or 甲, 乙, 1, 2 …) under the header; a few columns may have none."""
    if len(texts) < 3:
        return False
    numbers = [unicodedata.normalize("NFKC", text).strip("()") for text in texts]
    digits = [int(text) for text in numbers if text.isdecimal() and len(text) <= 3]
    letters = sum(re.fullmatch("[甲乙丙丁戊己庚辛A-Z]|栏次", text) is not None for text in numbers)
    counted = len(digits) >= 2 or letters == len(numbers)
    return len(digits) + letters == len(numbers) and counted and digits == sorted(set(digits))


def _repeated_headers(body: np.ndarray[Any, Any], loaded: np.ndarray[Any, Any], candidate: Candidate) -> list[int]:
    """Headers repeated on every printed page: the name column says “姓名”."""
    for column in candidate.columns:
        if column.field in KEY_NAMES:
            leaf = column.label.split("/")[-1]
            return [int(row) for row in np.flatnonzero(loaded & (body[:, column.index] == leaf))]
    return []


def _numbers(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Cells that look like an ID; a printed total or a signature beside a name does not."""
    return np.array([_ID_LIKE.search(str(value)) is not None for value in values.tolist()], dtype=bool)


def _filled(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    filled = [bool(value.strip()) if isinstance(value, str) else value is not None for value in values.tolist()]
    return np.array(filled, dtype=bool)


def _above(grid: Grid, header: Header) -> tuple[int, int]:
    blank = sum(not any(cell_text(value) for value in grid.cells[row]) for row in range(header.first))
    return blank, header.first - blank
