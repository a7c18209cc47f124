"""年度比对总结.xlsx: the year's rounds in figures, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from fupin_cli.privacy import masked
from fupin_cli.reports.files import beside
from fupin_cli.reports.page import Page, Styles, open_workbook
from fupin_cli.reports.wording import NO_TOWN
from fupin_cli.reports.year_words import (
    PARTLY,
    ROUND_HEADS,
    cell_words,
    round_heads,
    round_rows,
    state_rows,
    year_title,
    years_story,
)
from fupin_cli.rounds.runs import FULL, NONE, PART
from fupin_cli.rounds.summary import Cell, Year


def write_year_book(out: Path, year: Year, district: str, password: str = "") -> None:
    """Write the workbook of the year: 各轮, 按规则, 按类别和镇, 未比对."""
    title, as_of = "".join(year_title(year, district)), date.fromisoformat(year.runs[-1].as_of)
    with beside(out, password) as draft, open_workbook(draft, title, district, as_of) as book:
        styles = Styles(book)
        _rounds(Page(book, styles, "各轮情况", (30, 13, 12, 12, 10, 10, 12, 12)), year, title)
        _rules(Page(book, styles, "按规则", (10, 34, 14, *[11.0] * len(year.runs))), year, title)
        _places(Page(book, styles, "按类别和镇", (24, *[12.0] * len(year.runs))), year, title)
        _gaps(Page(book, styles, "未比对", (12, 16, *[12.0] * len(year.runs))), year, title)


def _rounds(page: Page, year: Year, title: str) -> None:
    style = page.styles
    page.title(title)
    page.note(years_story(year))
    page.header(ROUND_HEADS)
    for row in round_rows(year):
        page.row(row, [style.text, *[style.centre] * 7])
    page.note("“较上轮新增”“较上轮消除”只计算两轮都比对到的规则和镇。")
    page.section("整改状态")
    page.header(("状态", "问题数"))
    for state, count in state_rows(year):
        page.row((state, count), (style.centre, style.count))
    page.row(("合计", year.counted.found), (style.total, style.total_count))


def _rules(page: Page, year: Year, title: str) -> None:
    style = page.styles
    page.title(title)
    page.note(PARTLY)
    header_row = page.next_row
    page.header(("规则", "问题", "保障类别", *round_heads(year)), sticky=True)
    for trend in year.trends:
        values = [_value(cell) for cell in trend.cells]
        labels = (trend.rule_id, trend.title, trend.category)
        page.wrapped_row((*labels, *values), [style.centre, style.text, style.centre, *_formats(page, values)])
    page.filter(header_row, 3 + len(year.runs))
    _total(page, year, 3)


def _formats(page: Page, values: Sequence[str | int]) -> list[Any]:
    return [page.styles.absent if isinstance(value, str) else page.styles.count for value in values]


def _value(cell: Cell) -> str | int:
    """A number Excel can sum where the round says all there is to say."""
    return cell.count if cell.coverage == FULL else cell_words(cell)


def _places(page: Page, year: Year, title: str) -> None:
    page.title(title)
    page.note(PARTLY)
    for name, rows in (("保障类别", year.categories), ("镇", year.towns)):
        page.header((name, *round_heads(year)))
        for label, cells in rows.items():
            values = [_value(cell) for cell in cells]
            page.row((label or NO_TOWN, *values), [page.styles.centre, *_formats(page, values)])
        _total(page, year, 1)
        page.note("")


def _total(page: Page, year: Year, labels: int) -> None:
    style = page.styles
    values = ["合计", *[""] * (labels - 1), *(_value(cell) for cell in year.totals)]
    page.row(values, [style.total] * labels + [style.total_count] * len(year.totals))


def _gaps(page: Page, year: Year, title: str) -> None:
    """Rules and towns that some round did not check."""
    style = page.styles
    page.title(title)
    page.note("下列规则和镇在有的轮次没有比对，不能据此认为没有问题，也不能与其他轮次相比。")
    page.header(("规则", "镇", *round_heads(year)), sticky=True)
    places = sorted({place for run in year.runs for place in run.coverage})
    for rule, town in places:
        marks = [run.said(rule, town) for run in year.runs]
        by_town = not town and any((rule, place) in run.coverage for run in year.runs for _, place in places if place)
        if {NONE, PART}.intersection(marks) and not by_town:
            formats = [style.centre if mark == FULL else style.alarm for mark in marks]
            page.row((rule, masked(town) or "全区", *marks), [style.centre, style.centre, *formats])
