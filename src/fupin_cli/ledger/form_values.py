"""What people type into forms (填报内容): dates as offices write them, and remarks on what could not be taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from fupin_cli.fields.dates import parse_date
from fupin_cli.intake.forms import FormRow

DITTO = frozenset({"同上", "同", "〃", "″", '"'})
_END_OF_YEAR = re.compile(r"(?<=年)[底末]|(?<=年)12月[底末]")
_BY = re.compile(r"[底末]?(?:之前|以前|前)?$")


@dataclass(frozen=True)
class Remark:
    """``file!sheet!cell`` and what is to be said of it, with the cure."""

    place: str
    text: str


def read_day(cell: object) -> tuple[str, str]:
    """(ISO day, why there is none): 2020-07-31, 2020.7.31, 7月底前 of a year; a month means its last day."""
    if isinstance(cell, str):
        cell = _BY.sub("", _END_OF_YEAR.sub("12月31日", cell.strip()))
    when = parse_date(cell)
    if when is None:
        return "", "不是日期；处理办法：写成 2020-07-31 这样的日期"
    if "-" not in when.iso:
        return "", "只有年份；处理办法：写到日，如 2020-07-31"
    return date.fromordinal(when.last).isoformat(), ""


def read_cells(row: FormRow, texts: Iterable[str], days: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(field, value, why it could not be read) of every filled cell."""
    for name in texts:
        if text := row.text(name):
            ditto = text in DITTO
            yield name, "" if ditto else text, "写的是“同上”，换了次序就说不清同哪一行；处理办法：写全" if ditto else ""
    for name in days:
        if row.text(name):
            yield name, *read_day(row.cells[name])
