"""The numbers of the HTML page, each with the filter that shows what it is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from fupin_cli.reports.counts import (
    by_size,
    categories_of,
    column,
    not_checked,
    partly_checked,
    subjects,
    tally,
    tally_by_unit,
    towns_of,
)
from fupin_cli.reports.model import Report
from fupin_cli.reports.wording import NO_OWNER, NO_TOWN, NO_VILLAGE
from fupin_cli.rules.catalogue import SEVERITIES
from fupin_cli.rules.check import RuleCheck

SHADES = 5


def link(**wanted: str) -> str:
    """The address within the page that filters the table; an empty value asks for the findings without one."""
    return "#f?" + "&".join(f"{name}={quote(value)}" for name, value in wanted.items())


@dataclass(frozen=True)
class Tile:
    """A number on top of the page; ``tone``: how it is coloured."""

    label: str
    number: int
    href: str
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of the heat map: ``shade`` 0 to 5; ``gap``: ``all`` or ``some`` rules could not be checked here."""

    number: int
    href: str
    shade: int
    gap: str
    hint: str


@dataclass(frozen=True)
class Line:
    """A row of the heat map; the last of ``cells`` is its total."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Bar:
    """A bar of severities: ``parts`` holds (severity, number, per cent of the widest bar)."""

    label: str
    number: int
    href: str
    parts: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True)
class TownCard:
    """A town with a bar for each of its villages; ``gap`` says what was not checked there."""

    town: str
    number: int
    href: str
    villages: tuple[Bar, ...]
    gap: str


def tiles(report: Report) -> list[Tile]:
    """How many problems of what weight, how many households and persons."""
    severities = Counter(column(report.findings, "severity"))
    households, persons = subjects(report.findings)
    tones = dict(zip(SEVERITIES, ("severe", "general", "hint"), strict=True))
    return [
        Tile("问题合计", len(report.findings), link(), "total", f"涉及{households:,}户、{persons:,}人"),
        *(Tile(name, severities[name], link(severity=name), tones[name]) for name in SEVERITIES),
    ]


def matrix(report: Report) -> tuple[list[str], list[Line]]:
    """Category × town: headings and lines, with a total column and a total line."""
    checks = report.summary.checks
    towns = towns_of(report.findings, checks, report.towns)
    counts = tally(report.findings, "category", "town")
    top = max(counts.values(), default=0)
    lines = []
    for category in categories_of(report.findings, checks):
        own = [check for check in checks if check.category == category]
        cells = [_cell(counts[category, town], top, own, category=category, town=town) for town in towns]
        total = _cell(sum(cell.number for cell in cells), 0, own, category=category)
        lines.append(Line(category, (*cells, total)))
    sums = [_cell(sum(line.cells[at].number for line in lines), 0, checks, town=town) for at, town in enumerate(towns)]
    lines.append(Line("合计", (*sums, _cell(len(report.findings), 0, checks))))
    return [town or NO_TOWN for town in towns], lines


def _cell(number: int, top: int, checks: Sequence[RuleCheck], **place: str) -> Cell:
    """``top``: the largest number of the map, 0 where cells are not shaded."""
    town = place.get("town", "")
    absent = [check.rule_id for check in checks if not_checked(check, town)]
    partial = [check.rule_id for check in checks if partly_checked(check, town)]
    gap = "all" if absent and len(absent) == len(checks) else "some" if absent or partial else ""
    words = (("未比对", absent), ("部分未比对", partial))
    hint = "；".join(f"{word}：{'、'.join(rules)}" for word, rules in words if rules)
    shade = -(-number * SHADES // top) if top else 0
    return Cell(number, link(**place), shade, gap, hint)


def unit_bars(report: Report) -> list[Bar]:
    """Problems of each responsible unit; joint ones count for each."""
    totals: dict[str, Counter[str]] = {}
    for (unit, _, severity), count in tally_by_unit(report.findings).items():
        totals.setdefault(unit, Counter())[severity] += count
    return _bars(totals, "owner")


def rule_bars(report: Report, most: int = 15) -> list[Bar]:
    """The rules with the most findings."""
    titles: dict[str, str] = {}
    totals: dict[str, Counter[str]] = {}
    for (rule_id, title, severity), count in tally(report.findings, "rule_id", "title", "severity").items():
        titles.setdefault(rule_id, title.partition("（")[0])
        totals.setdefault(rule_id, Counter())[severity] += count
    bars = _bars(totals, "rule_id")[:most]
    return [replace(bar, label=f"{bar.label} {titles[bar.label]}") for bar in bars]


def town_cards(report: Report) -> list[TownCard]:
    """Towns and their villages, all bars on one scale."""
    checks = report.summary.checks
    villages: dict[str, dict[str, Counter[str]]] = {
        town: {} for town in towns_of(report.findings, checks, report.towns)
    }
    for (town, village, severity), count in tally(report.findings, "town", "village", "severity").items():
        villages[town].setdefault(village, Counter())[severity] += count
    widest = max((counts.total() for town in villages.values() for counts in town.values()), default=0)
    cards = []
    for town, inside in villages.items():
        number = sum(counts.total() for counts in inside.values())
        absent = sum(not_checked(check, town) or partly_checked(check, town) for check in checks) if town else 0
        gap = f"{absent}条规则未比对或部分未比对" if absent else ""
        bars = _bars(inside, "village", widest, town=town)
        cards.append(TownCard(town or NO_TOWN, number, link(town=town), tuple(bars), gap))
    return cards


def _bars(totals: Mapping[str, Counter[str]], field: str, widest: int = 0, **place: str) -> list[Bar]:
    """Bars of ``field``'s values, longest first, on the scale of ``widest`` (the longest of them when 0)."""
    sizes = {name: counts.total() for name, counts in totals.items()}
    scale = widest or max(sizes.values(), default=1)
    return [
        Bar(
            name or NO_VILLAGE,
            sizes[name],
            link(**place, **{field: "" if name == NO_OWNER else name}),
            tuple((level, totals[name][level], round(totals[name][level] * 100 / scale, 2)) for level in SEVERITIES),
        )
        for name in by_size(sizes)
    ]
