"""The report as one HTML page (网页报告): everything inside the file, nothing from the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from fupin_cli import __version__
from fupin_cli.ledger.rates import MENDED, VERIFIED
from fupin_cli.ledger.states import STATES
from fupin_cli.own import OUTPUT
from fupin_cli.receipt.words import WARNINGS, opening_lines
from fupin_cli.reports.counts import by_size, column, failures, missing_sources, scope_of, sources, states_of
from fupin_cli.reports.files import write_bytes
from fupin_cli.reports.history import NOT_ENTERED, rates_in, steps_of
from fupin_cli.reports.html_counts import Bar, link, matrix, rule_bars, tiles, town_cards, unit_bars
from fupin_cli.reports.html_payload import packed_findings
from fupin_cli.reports.ledger_words import HOW_RATED, percent, unseen_text
from fupin_cli.reports.model import Report, RunPoint
from fupin_cli.reports.palette import CATEGORY_COLOURS, OTHERS_COLOUR, SEVERITY_COLOURS
from fupin_cli.reports.wording import CHECK_STATES, in_category_order
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, SEVERITIES

NAME = "数据比对情况报告.html"
ASSETS = files("fupin_cli.reports") / "assets"
TONES = {SEVERE: "severe", GENERAL: "general", HINT: "hint"}
FILTERS = {
    "category": "类别",
    "severity": "级别",
    "town": "镇",
    "village": "村",
    "owner": "责任单位",
    "rule_id": "规则",
}
DETAILS = {
    "rule_id": "规则", "detail": "问题", "register_value": "台账记录", "source_value": "行业记录", "owner": "责任单位",
    "basis": "依据", "evidence": "证据", "household_id": "户编号", "person_no": "人编号", "id_number": "证件号码",
    "state": "状态", "verified": "核实情况", "first_as_of": "首次发现", "due_on": "完成时限",
}  # fmt: skip


def write_html(path: Path, report: Report, *, full_ids: bool = False) -> None:
    """Write the page; ID numbers are masked unless ``full_ids``."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_asset("report.html.j2"))
    page = template.render(_context(report, full_ids=full_ids))
    write_bytes(path, page.encode("utf-8"))


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _context(report: Report, *, full_ids: bool) -> dict[str, Any]:
    summary = report.summary
    gaps = [check for check in summary.checks if check.state != "checked"]
    towns, lines = matrix(report)
    return {
        "title": f"数据比对情况报告（{report.period}）",
        "version": __version__,
        "mark": OUTPUT,
        "district": summary.district,
        "period": report.period,
        "since": report.since,
        "partial_runs": [run for run in report.runs if run.unchecked] if report.since else [],
        "id_note": "证件号码未遮盖，不得公开" if full_ids else "证件号码已遮盖",
        "received": opening_lines(summary.receipt) if summary.receipt is not None else (),
        "warnings": WARNINGS,
        "tiles": tiles(report),
        "rules": len(summary.checks),
        "gaps": gaps,
        "gaps_text": _gaps_text(report),
        "missing": missing_sources(summary.checks),
        "failed": failures(summary.files),
        "states": CHECK_STATES,
        "scope_of": scope_of,
        "towns": towns,
        "lines": lines,
        "cards": town_cards(report),
        "tones": list(TONES.items()),
        "tone_of": TONES,
        "sources": sources(summary.files),
        "filters": list((FILTERS | ({"state": "状态", "verified": "核实情况"} if report.runs else {})).items()),
        "packed": packed_findings(report.findings, full_ids=full_ids),
        "settings": _settings(report),
        "css": Markup(_asset("report.css")),
        "echarts": Markup(_asset("echarts.common.min.js")),
        "charts_js": Markup(_asset("charts.js")),
        "findings_js": Markup(_asset("findings.js")),
        "history": bool(report.runs),
        "no_history": report.no_history,
        **_progress(report),
    }


def _gaps_text(report: Report) -> str:
    states = states_of(report.summary.checks)
    parts = [f"{states[state]}条{CHECK_STATES[state]}" for state in ("not_checked", "partial") if states[state]]
    failed = len(failures(report.summary.files))
    text = f"规则{len(report.summary.checks)}条中，{'，'.join(parts)}。" if parts else ""
    return text + (f"有{failed}个文件或工作表没有用上。" if failed else "")


def _settings(report: Report) -> dict[str, Any]:
    """What the page's scripts need besides the findings."""
    titles = {check.rule_id: f"{check.rule_id} {check.title}" for check in report.summary.checks}
    categories = in_category_order(check.category for check in report.summary.checks)
    return {
        "levels": [{"name": name, "tone": TONES[name], "color": SEVERITY_COLOURS[name]} for name in SEVERITIES],
        "details": list(DETAILS.items()),
        "names": {
            "rule_id": titles,
            "state": {"|".join(MENDED): f"整改（{'、'.join(MENDED)}）"},
        },
        "orders": {
            "severity": SEVERITIES,
            "category": categories,
            "state": (*STATES, NOT_ENTERED),
            "verified": VERIFIED,
        },
        "units": _bars(unit_bars(report)),
        "rules": _bars(rule_bars(report)),
        "trend": _trend(report.runs) if report.runs else None,
    }


def _bars(bars: Sequence[Bar]) -> list[dict[str, Any]]:
    return [
        {"label": bar.label, "number": bar.number, "href": bar.href, "parts": [number for _, number, _ in bar.parts]}
        for bar in bars
    ]


def _trend(runs: Sequence[RunPoint]) -> dict[str, Any]:
    """A stacked bar a run, the smaller categories in one; under its date stands how many rules it did not check."""
    totals = Counter[str]()
    for run in runs:
        totals.update(run.found)
    shown = in_category_order(by_size(totals)[: len(CATEGORY_COLOURS)])
    rest = set(totals).difference(shown)
    gaps = [f"\n{len(run.unchecked)}条未比对或部分未比对" if run.unchecked else "" for run in runs]
    series = [
        {
            "name": name,
            "color": colour,
            "href": link(category=name),
            "numbers": [run.found.get(name, 0) for run in runs],
        }
        for name, colour in zip(shown, CATEGORY_COLOURS, strict=False)
    ]
    if rest:
        others = [sum(run.found.get(name, 0) for name in rest) for run in runs]
        series.append({
            "name": "其他类别", "color": OTHERS_COLOUR, "href": link(category="|".join(sorted(rest))), "numbers": others
        })  # fmt: skip
    return {"labels": [f"{run.as_of}{gap}" for run, gap in zip(runs, gaps, strict=True)], "series": series}


def _progress(report: Report) -> dict[str, Any]:
    """The funnel 发现→属实→整改→销号, and the states of the findings."""
    if not report.runs:
        return {"steps": [], "states_found": []}
    counted = rates_in(report.findings)
    found = counted.found
    states = Counter(column(report.findings, "state"))
    return {
        "steps": [
            {
                "label": step.label,
                "number": step.number,
                "href": link(**step.shown_by),
                "width": f"{step.number * 100 / found:.0f}%" if found else "0",
                "rate": percent(step.rate) if step.shown_by else "",
            }
            for step in steps_of(counted)
        ],
        "how_rated": HOW_RATED,
        "unseen": unseen_text(counted),
        "states_found": [
            (state, states[state], link(state=state)) for state in (*STATES, NOT_ENTERED) if states[state]
        ],
        "trend_hint": _trend_hint(report),
    }


def _trend_hint(report: Report) -> str:
    """What the trend lacks; a narrow chart leaves labels out, this does not."""
    gaps = "、".join(f"{run.as_of}（{len(run.unchecked)}条）" for run in report.runs if run.unchecked)
    hint = f"有规则没有比对或没有在全部镇比对的：{gaps}，那几次的问题数可能偏小。" if gaps else ""
    if report.since is None and report.runs[-1].as_of != report.summary.as_of:
        return hint + "这次比对没有记入整改台账，趋势里没有它。"
    return hint + ("" if len(report.runs) > 1 else "台账中只有这一次比对，还看不出趋势。")
