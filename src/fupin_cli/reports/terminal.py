"""What the analyst sees when a run is done; fits 80 columns."""

from __future__ import annotations

from collections import Counter

import pandas as pd
from rich.console import Console
from rich.text import Text

from fupin_cli.reports.console import plain_table, show_line, show_table, text_cell
from fupin_cli.reports.counts import (
    categories_of,
    column,
    missing_sources,
    own_text,
    sheets_of,
    sources,
    states_of,
    subjects,
    tally,
    unchecked,
)
from fupin_cli.reports.model import RunSummary
from fupin_cli.reports.receipt_terminal import print_opening
from fupin_cli.reports.wording import NOT_CHECKED, SHEET_STATES, chinese_date, one_line
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, SEVERITIES

SEVERITY_STYLES = {SEVERE: "bold red", GENERAL: "yellow", HINT: "cyan"}


def print_summary(console: Console, summary: RunSummary, findings: pd.DataFrame) -> None:
    """What was read, what could not be compared, what was found, and where the files are."""
    district = f"{one_line(summary.district)}  " if summary.district else ""
    show_line(console, f"{district}数据比对  比对日期：{chinese_date(summary.as_of)}", "bold")
    if summary.receipt is not None:
        print_opening(console, summary.receipt)
    _print_sources(console, summary)
    _print_problems(console, summary)
    _print_gaps(console, summary)
    _print_findings(console, summary, findings)
    if summary.out_files:
        show_line(console, "输出文件：", "bold")
        for name in summary.out_files:
            # One line a path, however long, so that it can be copied.
            console.print(Text(f"  {one_line(name)}"), soft_wrap=True)


def _print_sources(console: Console, summary: RunSummary) -> None:
    table = plain_table("读入的来源", ("来源", None), ("文件", 6), ("读入行", 10), ("隔离行", 8))
    for source in sources(summary.files):
        quarantined = Text(f"{source.quarantined:,}", "yellow" if source.quarantined else "")
        table.add_row(text_cell(source.title), f"{source.files:,}", f"{source.loaded:,}", quarantined)
    if table.row_count:
        show_table(console, table)
    else:
        show_line(console, "没有读入任何来源。", "bold red")


def _print_problems(console: Console, summary: RunSummary) -> None:
    """Files that could not be read, sheets that were not used, rows that do not add up."""
    for file in summary.files:
        if file.error:
            show_line(console, f"错误：{one_line(_with_name(file.name, file.error))}", "red")
    for sheet in sheets_of(summary.files):
        place = f"{sheet.file}!{sheet.sheet}"
        if sheet.unused or sheet.state == "superseded":
            reason = f"：{sheet.message}" if sheet.message else ""
            show_line(console, f"{SHEET_STATES[sheet.state]}：{one_line(place + reason)}", "yellow")
        if not sheet.rows.adds_up:
            show_line(console, f"行数核对不符：{one_line(place)}", "red")
    for message in dict.fromkeys(sheet.message for sheet in sheets_of(summary.files) if sheet.state == "copy"):
        show_line(console, f"{SHEET_STATES['copy']}：{one_line(message)}", "yellow")
    if own := own_text(summary.files):
        show_line(console, one_line(own), "yellow")


def _print_gaps(console: Console, summary: RunSummary) -> None:
    states = states_of(summary.checks)
    text = f"规则{len(summary.checks)}条：已比对{states['checked']}条"
    text += f"，部分未比对{states['partial']}条，未比对{states['not_checked']}条"
    show_line(console, text, "bold")
    gaps = missing_sources(summary.checks)
    if not gaps:
        return
    table = plain_table("未比对（不说明没有问题）", ("缺少的来源", 26), ("范围", 18), ("未比对的规则", None))
    table.columns[1].justify = table.columns[2].justify = "left"
    for source, scope, ids in gaps:
        rules = f"全部{len(ids)}条" if len(ids) == len(summary.checks) else " ".join(ids)
        table.add_row(text_cell(source), text_cell(scope), text_cell(rules))
    show_table(console, table)


def _print_findings(console: Console, summary: RunSummary, findings: pd.DataFrame) -> None:
    households, persons = subjects(findings)
    table = plain_table("发现的问题", ("保障类别", None), *((name, 10) for name in SEVERITIES), ("合计", 10))
    counts = tally(findings, "category", "severity")
    for category in categories_of(findings, summary.checks):
        total = sum(count for (name, _), count in counts.items() if name == category)
        if not total and unchecked(summary.checks, category):
            table.add_row(text_cell(category), *[Text(NOT_CHECKED, "dim")] * 4)
            continue
        cells = [_count(counts[category, name], SEVERITY_STYLES[name]) for name in SEVERITIES]
        table.add_row(text_cell(category), *cells, _count(total, "bold"))
    severities = Counter(column(findings, "severity"))
    table.add_section()
    totals = [*(severities[name] for name in SEVERITIES), len(findings)]
    table.add_row("合计", *(_count(total, "bold") for total in totals))
    show_table(console, table)
    show_line(console, f"共{len(findings):,}条问题，涉及{households:,}户、{persons:,}人。")
    for because, number in summary.held.items():
        show_line(console, f"另有{number:,}条待核对，没有列为问题（held.csv）：{one_line(because)}。", "yellow")


def _count(count: int, style: str) -> Text:
    return Text(f"{count:,}", style) if count else Text("-", "dim")


def _with_name(name: str, error: str) -> str:
    return error if name in error else f"{name}：{error}"
