"""督查明细.xlsx: every unit on every task, so that each number of the 通报 can be traced to a row of a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fupin_cli.reports.files import beside
from fupin_cli.reports.page import Page, Styles, open_workbook
from fupin_cli.reports.supervision_letters import percent
from fupin_cli.reports.wording import chinese_date, one_line
from fupin_cli.rules.catalogue import GENERAL, SEVERE
from fupin_cli.supervision.month import GREEN, OPEN, RED, YELLOW, Month, Standing
from fupin_cli.supervision.plan import Plan
from fupin_cli.supervision.progress import Unused

DETAIL = "督查明细.xlsx"
COLUMNS = (
    ("单位", 17), ("条款", 12), ("工作任务", 24), ("计划进度", 9), ("完成进度", 9), ("单位自报计划", 9), ("当月情况", 10), ("上月情况", 10),
    ("灯", 7), ("填报日期", 11), ("进展情况", 44), ("出处（文件!工作表!行）", 30),
)  # fmt: skip
UNUSED_COLUMNS = (("出处（文件!工作表!行）", 40), ("所写单位", 24), ("所写条款", 34), ("没有采用的原因", 60))


def write_detail(
    path: Path, month: Month, plan: Plan, unused: Sequence[Unused], unread: Sequence[str], password: str = ""
) -> None:
    """Write the workbook to ``path``. ``unread``: a sentence a file or sheet that could not be read."""
    title = f"{month.first.year}年{month.first.month}月督查明细"
    with beside(path, password) as draft, open_workbook(draft, title, plan.issuer, month.last) as book:
        styles = Styles(book)
        colours = {RED: styles.severity[SEVERE], YELLOW: styles.severity[GENERAL], GREEN: styles.centre}
        page = Page(book, styles, "事项明细", [width for _, width in COLUMNS])
        page.title(title)
        page.subtitle(f"计划进度按{chinese_date(month.judged_on)}计算")
        header = page.next_row
        page.header([name for name, _ in COLUMNS], sticky=True)
        for unit in month.units:
            for standing in unit.standings:
                _add_standing(page, standing, colours | {OPEN: styles.absent})
        page.filter(header, len(COLUMNS))
        _add_unused(book, styles, unused, unread)


def _add_standing(page: Page, standing: Standing, colours: dict[str, Any]) -> None:
    report, styles = standing.report, page.styles
    cells = (
        standing.unit, standing.task.clause, standing.task.title, percent(standing.due),
        "" if report is None else percent(report.done),
        "" if report is None or report.planned is None else percent(report.planned), standing.state, standing.before or "—",
        standing.light, "" if report is None else report.day.isoformat(), "" if report is None else one_line(report.note),
        "" if report is None else report.place,
    )  # fmt: skip
    formats = [styles.text, styles.centre, styles.text, *[styles.centre] * 5, colours[standing.light], styles.centre]
    page.wrapped_row(cells, [*formats, styles.text, styles.small])


def _add_unused(book: Any, styles: Styles, unused: Sequence[Unused], unread: Sequence[str]) -> None:
    page = Page(book, styles, "没有采用的", [width for _, width in UNUSED_COLUMNS])
    page.title("没有采用的行、没有读取的文件")
    for sentence in unread:
        page.note(one_line(sentence))
    page.header([name for name, _ in UNUSED_COLUMNS], sticky=True)
    for row in unused:
        page.wrapped_row((row.place, row.unit, row.item, row.reason), [styles.small, *[styles.text] * 3])
