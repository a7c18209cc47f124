"""What became of workbooks that came back, for the terminal: a table of the files, then every remark with its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console

from fupin_cli.ledger.form_values import Remark
from fupin_cli.ledger.import_external import Entered
from fupin_cli.ledger.import_feedback import Outcome
from fupin_cli.reports.console import plain_table, show_line, show_table, text_cell
from fupin_cli.reports.wording import one_line


def print_feedback(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Files of ``fupin ledger import``."""
    columns = ("记入", "无变化", "未填", "退回", "提醒")
    counts = [(item.taken, item.unchanged, item.blank, len(item.refused), len(item.notes)) for item in outcomes]
    _print_files(console, "回收情况（条）", [item.file for item in outcomes], columns, counts)
    for item in outcomes:
        if item.known:
            show_line(console, f"{one_line(item.file)}：内容相同的文件已在{item.known[:10]}收过，没有再收。", "yellow")
        _print_remarks(console, item.refused, item.notes)


def print_external(console: Console, entered: Sequence[Entered]) -> None:
    """Files of ``fupin ledger import-external``."""
    columns = ("新列入", "已有", "标题等", "退回", "提醒")
    counts = [(item.new, item.known, item.headings, len(item.refused), len(item.notes)) for item in entered]
    _print_files(console, "外部问题清单（条）", [item.file for item in entered], columns, counts)
    for item in entered:
        _print_remarks(console, item.refused, item.notes)


def _print_files(
    console: Console, title: str, files: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]]
) -> None:
    table = plain_table(title, ("文件", None), *((name, 7) for name in columns))
    for file, numbers in zip(files, counts, strict=True):
        table.add_row(text_cell(file), *(f"{number:,}" if number else "-" for number in numbers))
    show_table(console, table)


def _print_remarks(console: Console, refused: Iterable[Remark], notes: Iterable[Remark]) -> None:
    for remark in refused:
        show_line(console, f"退回 {one_line(remark.place)}：{one_line(remark.text)}", "red")
    for remark in notes:
        show_line(console, f"提醒 {one_line(remark.place)}：{one_line(remark.text)}", "yellow")
