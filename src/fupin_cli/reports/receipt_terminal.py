"""The receipt (收件登记) on a terminal of 80 columns."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from fupin_cli.receipt.model import EVERYWHERE, Receipt
from fupin_cli.receipt.words import STATES, WARNINGS, doubt_lines, opening_lines, remarks
from fupin_cli.reports.console import plain_table, show_line, show_table, text_cell
from fupin_cli.reports.wording import chinese_date, one_line

STYLES = {"complete": "", "doubtful": "yellow", "missing": "yellow"}


def print_opening(console: Console, receipt: Receipt) -> None:
    """The few lines a run opens with."""
    for line in opening_lines(receipt):
        show_line(console, one_line(line), "yellow" if line.startswith(WARNINGS) else "")


def print_receipt(console: Console, receipt: Receipt) -> None:
    """The whole table: every list, and the towns of it that are in doubt; then what was set aside and what is doubted."""
    show_line(console, f"收件登记  比对日期：{chinese_date(receipt.as_of)}", "bold")
    columns = (("名单", None), ("范围", 10), ("年月", 12), ("文件", 4), ("行数", 9), ("状态", 6))
    table = plain_table("", *columns)
    table.columns[1].justify = table.columns[2].justify = "left"
    for scope in receipt.scopes:
        if scope.town != EVERYWHERE and not scope.reasons:
            continue
        state = "已认可" if scope.accepted else STATES[scope.state]
        cells = (scope.kind_title, scope.town or "全区", scope.period)
        table.add_row(
            *map(text_cell, cells), f"{len(scope.files):,}", f"{scope.rows:,}", Text(state, STYLES[scope.state])
        )
    show_table(console, table)
    for one in receipt.aside:
        show_line(console, one_line(f"放在一边：{one.file}!{one.sheet}：{one.reason}"))
    for line in doubt_lines(receipt):
        show_line(console, one_line(line), "yellow")
    for line in remarks(receipt):
        show_line(console, one_line(line))
