"""The Word report (数据比对情况报告): what the template's tags stand for. It names units and places, never persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_cli.reports.counts import (
    by_size,
    categories_of,
    failures,
    missing_sources,
    not_checked,
    partly_checked,
    sources,
    states_of,
    tally,
    tally_by_unit,
    towns_of,
)
from fupin_cli.reports.docx_template import render, template, write_template
from fupin_cli.reports.model import Report
from fupin_cli.reports.official import signing_day
from fupin_cli.reports.palette import SEVERITY_COLOURS
from fupin_cli.reports.word_charts import StackedBars
from fupin_cli.reports.word_template import report_template
from fupin_cli.reports.word_texts import checked_text, found_text, gaps_text, progress_text, towns_text
from fupin_cli.reports.wording import NO_TOWN, chinese_date, printable
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, SEVERITIES

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

NAME = "数据比对情况报告.docx"
MOST_RULES, MOST_BARS = 10, 16


@dataclass(frozen=True)
class WeightRow:
    """A line of a table: how many problems of what weight."""

    label: str
    severe: int
    general: int
    hint: int

    @property
    def total(self) -> int:
        return self.severe + self.general + self.hint


@dataclass(frozen=True)
class PlaceRow(WeightRow):
    """A town; ``absent``: rules not checked there, or only in part."""

    absent: int


@dataclass(frozen=True)
class CategoryRow(WeightRow):
    """A 保障类别 with what became of its rules."""

    rules: int
    checked: int
    partial: int
    absent: int

    @property
    def unknown(self) -> bool:
        """Nothing found because nothing was checked."""
        return self.rules == self.absent and not self.total


def write_word(path: Path, report: Report, signed_on: date | None, workspace: Path | None, password: str = "") -> None:
    """Fill in the template (the workspace's own first) and write ``path``; without ``signed_on`` the date stays open."""
    values = _values(report) | {"signed_on": signing_day(signed_on)}
    render(
        template(workspace, NAME, report_template), lambda document: values | _charts(values, document), path, password
    )


def write_word_template(workspace: Path) -> Path:
    """Put the template into the workspace, for an office to edit."""
    return write_template(workspace, NAME, report_template)


def _values(report: Report) -> dict[str, Any]:
    """Every tag of the template but the charts."""
    summary, towns = report.summary, _towns(report)
    texts = {
        "period": report.period,
        "district": summary.district,
        "signer": summary.district or "＿＿＿＿＿＿＿＿",
        "checked_text": checked_text(report),
        "gaps_text": gaps_text(report),
        "found_text": found_text(report),
        "towns_text": towns_text(towns),
        "progress_text": progress_text(report),
    }
    missing = missing_sources(summary.checks)
    return {name: printable(text) for name, text in texts.items()} | {
        "total": len(report.findings),
        "failed": failures(summary.files),
        "sources": sources(summary.files),
        "missing": [{"source": name, "scope": scope, "rules": "、".join(ids)} for name, scope, ids in missing],
        "categories": _categories(report),
        "towns": towns,
        "units": _units(report),
        "rules": _rules(report),
        "runs": [
            {
                "as_of": chinese_date(run.as_of),
                "found": sum(run.found.values()),
                "checked": run.checked,
                "absent": len(run.unchecked),
            }
            for run in report.runs
        ],
    }


def _charts(values: Mapping[str, Any], document: DocxTemplate) -> dict[str, StackedBars]:
    return {
        "category_chart": _chart(
            document,
            "各保障类别的问题数",
            [replace(row, label=f"{row.label}（未比对）") if row.unknown else row for row in values["categories"]],
        ),
        "unit_chart": _chart(document, "各责任单位的问题数", values["units"][:MOST_BARS]),
    }


def _chart(document: DocxTemplate, title: str, rows: Sequence[WeightRow]) -> StackedBars:
    numbers = {
        SEVERE: [row.severe for row in rows],
        GENERAL: [row.general for row in rows],
        HINT: [row.hint for row in rows],
    }
    series = {name: (SEVERITY_COLOURS[name], numbers[name]) for name in SEVERITIES}
    return StackedBars(document, title, [row.label for row in rows], series)


def _weights(counts: Mapping[str, int]) -> tuple[int, int, int]:
    return counts[SEVERE], counts[GENERAL], counts[HINT]


def _counted(report: Report, field: str) -> dict[str, Counter[str]]:
    """Value of ``field`` → severity → findings."""
    counts: dict[str, Counter[str]] = {}
    for (value, severity), number in tally(report.findings, field, "severity").items():
        counts.setdefault(value, Counter())[severity] = number
    return counts


def _categories(report: Report) -> list[CategoryRow]:
    counts = _counted(report, "category")
    rows = []
    for category in categories_of(report.findings, report.summary.checks):
        states = states_of(check for check in report.summary.checks if check.category == category)
        rules = (states.total(), states["checked"], states["partial"], states["not_checked"])
        rows.append(CategoryRow(category, *_weights(counts.get(category, Counter())), *rules))
    return rows


def _towns(report: Report) -> list[PlaceRow]:
    counts, checks = _counted(report, "town"), report.summary.checks
    rows = []
    for town in towns_of(report.findings, checks, report.towns):
        absent = sum(not_checked(check, town) or partly_checked(check, town) for check in checks)
        rows.append(PlaceRow(town or NO_TOWN, *_weights(counts.get(town, Counter())), absent))
    return rows


def _units(report: Report) -> list[WeightRow]:
    counts: dict[str, Counter[str]] = {}
    for (unit, _, severity), number in tally_by_unit(report.findings).items():
        counts.setdefault(unit, Counter())[severity] += number
    return [WeightRow(unit, *_weights(counts[unit])) for unit in by_size({u: c.total() for u, c in counts.items()})]


def _rules(report: Report) -> list[dict[str, str | int]]:
    """The rules with the most findings."""
    totals = Counter({rule_id: number for (rule_id,), number in tally(report.findings, "rule_id").items()})
    titles = {check.rule_id: check.title for check in report.summary.checks}
    clauses = {rule_id: basis for rule_id, basis in tally(report.findings, "rule_id", "basis")}
    return [
        {"id": rule_id, "title": titles.get(rule_id, ""), "basis": clauses[rule_id], "total": totals[rule_id]}
        for rule_id in by_size(totals)[:MOST_RULES]
    ]
