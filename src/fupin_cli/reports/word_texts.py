"""The sentences of the Word report."""

from __future__ import annotations

from collections import Counter
from itertools import repeat
from typing import TYPE_CHECKING

from fupin_cli.ledger.states import CLOSED, is_late
from fupin_cli.receipt.words import opening_lines
from fupin_cli.reports.counts import column, failures, sources, states_of, subjects
from fupin_cli.reports.history import rates_in, steps_of
from fupin_cli.reports.ledger_words import HOW_RATED, percent, unseen_text
from fupin_cli.reports.model import Report
from fupin_cli.reports.wording import CHECK_STATES, chinese_date
from fupin_cli.rules.catalogue import SEVERITIES

if TYPE_CHECKING:
    from fupin_cli.reports.word import PlaceRow

MOST_TOWNS, MOST_FAILURES = 3, 5


def checked_text(report: Report) -> str:
    """What was received and read, and how many rules were checked."""
    states = states_of(report.summary.checks)
    counts = "，".join(f"{word}{states[state]}条" for state, word in CHECK_STATES.items())
    rules = f"规则目录共{len(report.summary.checks)}条规则，{counts}。"
    if report.since:
        return f"这段时间共作了{len(report.runs)}次比对。{rules}"
    read = sources(report.summary.files)
    rows, kept_out = sum(source.loaded for source in read), sum(source.quarantined for source in read)
    text = (
        f"共读入{len(read)}种数据{rows:,}行"
        + (f"，另有{kept_out:,}行不能使用，已单独列出" if kept_out else "")
        + "（见附表）。"
    )
    received = "".join(opening_lines(report.summary.receipt, cures=False)) if report.summary.receipt is not None else ""
    return received + text + rules


def gaps_text(report: Report) -> str:
    """What was not compared; never silent about it."""
    absent = sum(check.state != "checked" for check in report.summary.checks)
    failed = failures(report.summary.files)
    if not absent and not failed:
        return "规则全部比对，没有缺少的数据，没有读不出的文件。"
    text = f"有{absent}条规则没有比对或只比对了一部分。" if absent else ""
    if failed:
        shown = "；".join(item.rstrip("。") for item in failed[:MOST_FAILURES])
        text += f"有{len(failed)}个文件或工作表没有用上：{shown}{'等' if len(failed) > MOST_FAILURES else ''}。"
    return text + "没有比对的内容不产生问题，也不说明没有问题。"


def found_text(report: Report) -> str:
    severities = Counter(column(report.findings, "severity"))
    households, persons = subjects(report.findings)
    weights = "、".join(f"{name}{severities[name]:,}条" for name in SEVERITIES)
    found = f"共发现问题{len(report.findings):,}条，其中{weights}，涉及{households:,}户、{persons:,}人。"
    if not len(report.findings):
        found = "已比对的规则没有发现问题。"
    return "".join((found, *report.summary.rates))


def towns_text(towns: list[PlaceRow]) -> str:
    """The towns with the most problems, and those with none, with what was not compared there."""
    with_some = sorted((town for town in towns if town.total), key=lambda town: -town.total)
    none = [town for town in towns if not town.total]
    text = ""
    if with_some:
        text = f"问题较多的是{'、'.join(f'{town.label}（{town.total:,}条）' for town in with_some[:MOST_TOWNS])}。"
    if clean := [town.label for town in none if not town.absent]:
        text += f"{'、'.join(clean)}没有发现问题。"
    if unsure := [town.label for town in none if town.absent]:
        text += f"{'、'.join(unsure)}没有发现问题，但有规则没有比对，不能认定没有问题。"
    return text or "没有发现涉及各镇的问题。"


def progress_text(report: Report) -> str:
    """发现→属实→整改→销号 with their rates, what nobody can see, and what is late."""
    if not report.runs:
        return report.no_history
    counted = rates_in(report.findings)
    steps = steps_of(counted)[1:]
    parts = "，".join(f"{step.label}{step.number:,}条（{step.label}率{percent(step.rate)}）" for step in steps)
    states = Counter(column(report.findings, "state"))
    rest = "，".join(f"{state}{count:,}条" for state, count in states.most_common() if state != CLOSED)
    until = report.summary.as_of
    columns = (column(report.findings, name) for name in ("state", "state_before", "due_on"))
    late = sum(map(is_late, *columns, repeat(until.isoformat())))
    text = f"上述{counted.found:,}条问题中，{parts}。" + (f"目前{rest}。" if rest else "")
    text += f"{unseen}。" if (unseen := unseen_text(counted)) else ""
    return text + f"到{chinese_date(until)}超过完成时限的{late:,}条。{HOW_RATED}。"
