"""``fupin link``: take people's decisions about candidates (人工确认), list them, take one back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fupin_cli.cli.context import written

if TYPE_CHECKING:
    from fupin_cli.cli.context import Session

app = typer.Typer(help="身份核对的人工确认：读回填好的“人工确认.xlsx”、查看、撤销。", no_args_is_help=True)


@app.command("import")
def import_(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="填好的人工确认表，可以多个", metavar="文件…")],
) -> int:
    """读回填好的人工确认表，记入工作目录；以后每次比对都以此为准。

    例：fupin link import 输出/2020-06-30/人工确认.xlsx
    """
    from fupin_cli.ledger.confirmations import read_confirmations
    from fupin_cli.ledger.decisions import keep_decisions

    ledger, at = _ledger(context.obj), datetime.now().isoformat(timespec="seconds")
    reports: list[dict[str, Any]] = []
    context.obj.files.extend(files)
    for file in files:
        returned = read_confirmations(file)
        new = keep_decisions(ledger, returned.decisions, file.name, at)
        reports.append({
            "file": file.name, "taken": len(new), "known": len(returned.decisions) - len(new), "open": returned.open,
            "refused": [{"place": place, "reason": reason} for place, reason in returned.refused],
        })  # fmt: skip

    def show(console: Any) -> None:
        for report in reports:
            console.print(
                f"{report['file']}：记入{report['taken']}条，此前已有{report['known']}条，未填{report['open']}条，"
                f"退回{len(report['refused'])}条。",
                markup=False,
            )
            for row in report["refused"]:
                console.print(f"  退回 {row['place']}：{row['reason']}", markup=False)

    context.obj.answer(reports, show)
    return 3 if any(report["refused"] for report in reports) else 0


@app.command("list")
def list_(context: typer.Context) -> None:
    """列出全部人工确认，含已撤销的。

    例：fupin link list
    """
    from fupin_cli.ledger.decisions import list_decisions

    rows = list_decisions(_ledger(context.obj))

    def show(console: Any) -> None:
        for row in rows:
            state = "" if row["in_force"] else "（已失效）"
            console.print(
                f"{row['id']:>4}  {row['at'][:10]}  {row['verdict']}{state}  {row['name'] or '（缺姓名）'} → "
                f"{row['name_p'] or '（缺姓名）'}（户编号 {row['household_id_p'] or '无'}）  {row['person']} {row['note']}",
                markup=False,
            )
        console.print(f"共{len(rows)}条。")

    context.obj.answer(rows, show)


@app.command("undo")
def undo(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="fupin link list 中的编号", metavar="编号")],
    by: Annotated[str, typer.Option("--by", help="撤销人", metavar="姓名")],
) -> None:
    """撤销一条人工确认（撤销也留痕）。

    例：fupin link undo 3 --by 李四
    """
    from fupin_cli.ledger.decisions import withdraw_decision

    written(by, "--by", "写明撤销人的姓名")
    withdraw_decision(_ledger(context.obj), number, by, datetime.now().isoformat(timespec="seconds"))
    context.obj.answer({"undone": number}, lambda console: console.print(f"已撤销第{number}条人工确认。"))


def _ledger(session: Session) -> Path:
    from fupin_cli.errors import FupinError

    workspace = session.workspace()
    if not workspace.configured:
        raise FupinError("这里不是工作目录，人工确认无处保存", cure="先运行 fupin init，或用 --workspace 指定")
    return workspace.ledger
