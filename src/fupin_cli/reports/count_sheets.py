"""按单位, 按镇村: how many findings fall to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from fupin_cli.reports.counts import by_size, categories_of, tally, tally_by_unit, unchecked, unchecked_towns
from fupin_cli.reports.model import RunSummary
from fupin_cli.reports.page import Page, Styles
from fupin_cli.reports.wording import NO_TOWN, NO_VILLAGE, NOT_CHECKED, chinese_date
from fupin_cli.rules.catalogue import SEVERITIES

Counts = Counter[str]
LEGEND = (
    "“—”表示已比对、未发现问题；“未比对”表示该类别没有一条规则能够比对，不代表没有问题；"
    "部分规则未比对的，见“未比对”表。"
)


def add_unit_sheet(book: Any, styles: Styles, findings: pd.DataFrame, summary: RunSummary) -> None:
    """按单位: unit × category and severity."""
    categories = categories_of(findings, summary.checks)
    page = Page(book, styles, "按单位", (26, *[10.0] * len(categories), 8, 8, 8, 9))
    page.title("数据比对问题清单——按责任单位")
    page.subtitle(_caption(summary))
    page.note("一个问题由几个单位共同负责的，各单位分别计数；“合计”一行按问题条数计，不重复。")
    header_row = page.next_row
    page.header(("责任单位", *categories, *SEVERITIES, "合计"), sticky=True)
    units: dict[str, Counts] = {}
    for (unit, category, severity), count in tally_by_unit(findings).items():
        _add(units.setdefault(unit, Counter()), category, severity, count)
    for unit in by_size({name: counts["合计"] for name, counts in units.items()}):
        page.row((unit, *_numbers(units[unit], categories)), _formats(styles, 1, len(categories)))
    page.filter(header_row, len(categories) + 5)
    _total_row(page, findings, categories, labels=("合计",))


def add_place_sheet(book: Any, styles: Styles, findings: pd.DataFrame, summary: RunSummary) -> None:
    """按镇村: town and village × category and severity, with a subtotal a town."""
    categories = categories_of(findings, summary.checks)
    page = Page(book, styles, "按镇村", (15, 17, *[10.0] * len(categories), 8, 8, 8, 9))
    page.title("数据比对问题清单——按镇村")
    page.subtitle(_caption(summary))
    page.note(LEGEND)
    header_row = page.next_row
    page.header(("镇", "村", *categories, *SEVERITIES, "合计"), sticky=True)
    towns, villages = _places(findings)
    for town in unchecked_towns(summary.checks):
        towns.setdefault(town, Counter())
    for town in by_size({name: counts["合计"] for name, counts in towns.items()}):
        absent = [unchecked(summary.checks, category, town) for category in categories]
        inside = {village: counts for (place, village), counts in villages.items() if place == town}
        for village in by_size({name: counts["合计"] for name, counts in inside.items()}):
            labels = (town or NO_TOWN, village or NO_VILLAGE)
            _place_row(page, labels, inside[village], categories, absent)
        _place_row(page, (town or NO_TOWN, "小计"), towns[town], categories, absent, total=True)
    page.filter(header_row, len(categories) + 6)
    _total_row(page, findings, categories, labels=("合计", ""))


def add_town_matrix(page: Page, findings: pd.DataFrame, summary: RunSummary) -> None:
    """Category × town on a page of someone else (汇总): as narrow as towns are few, so that it prints large."""
    towns = towns_of(findings, summary)
    style = page.styles
    page.header(("保障类别", *(town or NO_TOWN for town in towns), "合计"))
    counts, totals = tally(findings, "category", "town"), tally(findings, "category")
    for category in categories_of(findings, summary.checks):
        cells = [
            NOT_CHECKED
            if not counts[category, town] and unchecked(summary.checks, category, town)
            else counts[category, town]
            for town in towns
        ]
        formats = [style.absent if isinstance(cell, str) else style.count for cell in cells]
        page.row((category, *cells, totals[(category,)]), (style.centre, *formats, style.total_count))
    sums = tally(findings, "town")
    page.row(
        ("合计", *(sums[(town,)] for town in towns), len(findings)),
        [style.total, *[style.total_count] * (len(towns) + 1)],
    )


def towns_of(findings: pd.DataFrame, summary: RunSummary) -> list[str]:
    """Towns with findings, most first, and those that some rule did not check."""
    found = {town: count for (town,), count in tally(findings, "town").items()}
    return by_size({**dict.fromkeys(unchecked_towns(summary.checks), 0), **found})


def _places(findings: pd.DataFrame) -> tuple[dict[str, Counts], dict[tuple[str, str], Counts]]:
    towns: dict[str, Counts] = {}
    villages: dict[tuple[str, str], Counts] = {}
    for (town, village, category, severity), count in tally(
        findings, "town", "village", "category", "severity"
    ).items():
        _add(towns.setdefault(town, Counter()), category, severity, count)
        _add(villages.setdefault((town, village), Counter()), category, severity, count)
    return towns, villages


def _add(counts: Counts, category: str, severity: str, count: int) -> None:
    counts[category] += count
    counts[severity] += count
    counts["合计"] += count


def _numbers(counts: Counts, categories: Sequence[str]) -> list[int]:
    return [counts[name] for name in (*categories, *SEVERITIES, "合计")]


def _cell(counts: Counts, category: str, absent: bool) -> str | int:
    return NOT_CHECKED if absent and not counts[category] else counts[category]


def _formats(styles: Styles, labels: int, categories: int) -> list[Any]:
    return [styles.centre] * labels + [styles.count] * (categories + len(SEVERITIES)) + [styles.total_count]


def _place_row(
    page: Page,
    labels: tuple[str, str],
    counts: Counts,
    categories: Sequence[str],
    absent: Sequence[bool],
    *,
    total: bool = False,
) -> None:
    style = page.styles
    cells = [_cell(counts, *pair) for pair in zip(categories, absent, strict=True)]
    number, label = (style.total_count, style.total) if total else (style.count, style.centre)
    formats = [style.absent if isinstance(cell, str) else number for cell in cells]
    tail = [counts[name] for name in (*SEVERITIES, "合计")]
    page.row((*labels, *cells, *tail), [label, label, *formats, *[number] * len(SEVERITIES), style.total_count])


def _total_row(page: Page, findings: pd.DataFrame, categories: Sequence[str], labels: tuple[str, ...]) -> None:
    counts: Counts = Counter()
    for (category, severity), count in tally(findings, "category", "severity").items():
        _add(counts, category, severity, count)
    numbers = _numbers(counts, categories)
    style = page.styles
    page.row((*labels, *numbers), [style.total] * len(labels) + [style.total_count] * len(numbers))


def _caption(summary: RunSummary) -> str:
    unit = f"填报单位：{summary.district}    " if summary.district else ""
    return f"{unit}比对日期：{chinese_date(summary.as_of)}"
