"""汇总: the first page, which opens with what was compared and what could not be."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from fupin_cli.receipt.words import opening_lines
from fupin_cli.reports.count_sheets import LEGEND, add_town_matrix, towns_of
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
from fupin_cli.reports.page import Page, Styles
from fupin_cli.reports.wording import NOT_CHECKED, chinese_date
from fupin_cli.rules.catalogue import SEVERITIES

BLANK = "＿＿＿＿＿＿＿＿"


def add_summary_sheet(book: Any, styles: Styles, findings: pd.DataFrame, summary: RunSummary) -> None:
    """What was compared, how many findings of what weight, and where."""
    columns = max(8, len(towns_of(findings, summary)) + 1)
    page = Page(book, styles, "汇总", (20, *[12.0] * columns))
    page.title("数据比对问题清单")
    page.subtitle(f"填报单位：{summary.district or BLANK}        比对日期：{chinese_date(summary.as_of)}")
    page.subtitle(f"填报人：{BLANK}    审核人：{BLANK}    填报日期：{BLANK}")
    page.section("一、比对了什么，什么没有比对")
    for paragraph in (*_received(summary), _read(summary), _checked(summary), *_not_checked(summary)):
        page.note(paragraph)
    page.section("二、各类别的比对情况和问题数")
    for paragraph in (_totals(findings), *summary.rates):
        page.note(paragraph)
    _category_table(page, findings, summary)
    page.section("三、各类别、各镇问题数")
    page.note(LEGEND)
    add_town_matrix(page, findings, summary)


def _received(summary: RunSummary) -> list[str]:
    return ["\n".join(opening_lines(summary.receipt))] if summary.receipt is not None else []


def _read(summary: RunSummary) -> str:
    read = sources(summary.files)
    names = "；".join(f"{source.title}{source.loaded:,}行" for source in read)
    failed = [file.name for file in summary.files if file.error]
    unused = sum(sheet.unused for sheet in sheets_of(summary.files))
    text = f"已读入来源{len(read)}种：{names}。" if read else "没有读入任何来源。"
    if quarantined := sum(source.quarantined for source in read):
        text += f"另有{quarantined:,}行不能使用，已列入“隔离行.xlsx”。"
    if failed:
        text += f"有{len(failed)}个文件读不出：{'、'.join(failed)}。"
    if unused:
        text += f"有{unused}张工作表没有用上，见“数据质量”表。"
    if own := own_text(summary.files):
        text += f"{own}。"
    if copies := sum(sheet.state == "copy" for sheet in sheets_of(summary.files)):
        text += f"有{copies}张工作表与别的文件重复，只用一份，见“数据质量”表。"
    return text


def _checked(summary: RunSummary) -> str:
    states = Counter(check.state for check in summary.checks)
    return (
        f"规则共{len(summary.checks)}条：已比对{states['checked']}条，部分未比对{states['partial']}条，"
        f"未比对{states['not_checked']}条。未比对的规则不产生问题，也不说明没有问题。"
    )


def _not_checked(summary: RunSummary) -> list[str]:
    """One line for each source that did not arrive or is partial."""
    gaps = missing_sources(summary.checks)
    if not gaps:
        return ["所有规则都已比对，没有缺少的来源。"]
    lines = [
        f"缺少“{source}”（{scope}）：{len(ids)}条规则未比对（{'、'.join(ids)}）。" for source, scope, ids in gaps[:15]
    ]
    if len(gaps) > len(lines):
        lines.append(f"其余{len(gaps) - len(lines)}种缺少的来源见“未比对”表。")
    return ["\n".join(lines)]


def _totals(findings: pd.DataFrame) -> str:
    severities = Counter(column(findings, "severity"))
    parts = "，".join(f"{name}{severities[name]:,}条" for name in SEVERITIES)
    households, persons = subjects(findings)
    return f"共发现问题{len(findings):,}条，其中{parts}；涉及{households:,}户、{persons:,}人。"


def _category_table(page: Page, findings: pd.DataFrame, summary: RunSummary) -> None:
    """Category × rules checked and not checked, and × severity."""
    style = page.styles
    page.header(("保障类别", "规则数", "已比对", "部分未比对", "未比对", *SEVERITIES, "问题合计"))
    counts = tally(findings, "category", "severity")
    sums = [0] * 8
    for category in categories_of(findings, summary.checks):
        states = states_of(check for check in summary.checks if check.category == category)
        rules = [states.total(), states["checked"], states["partial"], states["not_checked"]]
        found = [counts[category, severity] for severity in SEVERITIES]
        total = sum(count for (name, _), count in counts.items() if name == category)
        sums = [sum(pair) for pair in zip(sums, (*rules, *found, total), strict=True)]
        label = [style.centre, *[style.count] * 4]
        if unchecked(summary.checks, category) and not total:
            page.row((category, *rules, *[NOT_CHECKED] * 4), [*label, *[style.absent] * 4])
            continue
        weights = [style.severity[name] if counts[category, name] else style.count for name in SEVERITIES]
        page.row((category, *rules, *found, total), [*label, *weights, style.total_count])
    page.row(("合计", *sums), [style.total, *[style.total_count] * len(sums)])
