"""``fupin inspect``: what each sheet is taken for; changes nothing."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from fupin_cli.intake.model import Intake, SheetReport
    from fupin_cli.schema.kinds import Kind

STATES = {
    "loaded": "已装载",
    "superseded": "有更新的，不用",
    "copy": "重复的，不用",
    "own": "自己的输出，不用",
    "unrecognised": "认不出",
    "ambiguous": "不能确定",
    "refused": "不能用",
    "ignored": "不是数据表",
}


def inspect(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="导出表或其文件夹", metavar="路径…")],
) -> int:
    """每张表被认作什么、为什么、表头在哪一行、各列对应什么、各行的去向；不改动任何文件。

    例：fupin inspect 2020-06
    """
    from fupin_cli.run import read_sources

    session = context.obj
    with session.progress("读取") as progress:
        intake, kinds = read_sources(paths, session.workspace(), progress, use_cache=False)
    document = {
        "files": [asdict(file) for file in intake.files],
        "quality": [asdict(note) for note in intake.notes],
    }
    session.answer(document, lambda console: _show(console, intake, kinds))
    return 3 if any(file.error for file in intake.files) else 0


def _show(console: Console, intake: Intake, kinds: Mapping[str, Kind]) -> None:
    from rich.markup import escape

    from fupin_cli.reports.wording import one_line

    for file in intake.files:
        console.print(f"\n{file.name}", style="bold", markup=False)
        if file.error:
            console.print(one_line(file.error), style="red", markup=False)
        for sheet in file.sheets:
            _show_sheet(console, sheet, kinds)
    for note in intake.notes:
        rows = f"，如第 {'、'.join(str(row) for row in note.rows[:3])} 行" if note.rows else ""
        text = f"{note.file}!{note.sheet}：{note.message}（{note.count} 处{rows}）"
        console.print(f"[yellow]数据质量[/yellow]　{escape(one_line(text))}")


def _show_sheet(console: Console, sheet: SheetReport, kinds: Mapping[str, Kind]) -> None:
    from fupin_cli.reports.wording import one_line

    if sheet.state == "own":
        console.print(f"　{STATES[sheet.state]}：{one_line(' '.join((sheet.sheet, sheet.message)))}", markup=False)
        return
    hidden = "（隐藏）" if sheet.hidden else ""
    title = f"　{sheet.kind_title}" if sheet.kind_title else ""
    console.print(f"　工作表“{one_line(sheet.sheet)}”{hidden}：{STATES[sheet.state]}{title}", markup=False)
    for text in (sheet.reason, sheet.runner_up, sheet.message):
        if text:
            console.print(f"　　{one_line(text)}", markup=False)
    if sheet.columns:
        titles = {field.name: field.title for field in kinds[sheet.kind].fields}
        rows = "、".join(str(row) for row in sheet.header_rows)
        columns = "，".join(f"{column.letter} {column.header}→{titles[column.field]}" for column in sheet.columns)
        console.print(f"　　表头在第 {rows} 行：{one_line(columns)}", markup=False)
    if sheet.unmapped:
        console.print("　　没有用到的列：" + one_line("、".join(sheet.unmapped)), markup=False)
    count = sheet.rows
    console.print(
        f"　　共 {count.total} 行：装载 {count.loaded}，隔离 {count.quarantined}，标题 {count.title}，表头 "
        f"{count.header + count.numbering}，小计 {count.subtotal}，脚注 {count.footnote}，空行 {count.blank}"
        + (f"，未用 {count.unread}" if count.unread else "")
    )
