"""``fupin supervise``: units' progress against the work plan: 月度通报, 督办函, 约谈, 双周汇报."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fupin_cli.cli.context import AlwaysMasked, Encrypt, new_password
from fupin_cli.cli.dates import parse_day, parse_month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from fupin_cli.cli.context import Session
    from fupin_cli.supervise import Gathered
    from fupin_cli.supervision.month import Month

app = typer.Typer(
    help="督查：对照工作要点的时序进度，给责任单位亮红黄绿灯，写出月度通报、督办函、约谈通知和双周汇报。",
    no_args_is_help=True,
)

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        help="各单位双周进展的 Excel、Word 文件或其文件夹；默认工作目录的“工作进展”",
        metavar="路径…",
        show_default=False,
    ),
]
MonthText = Annotated[str, typer.Argument(help="月份，如 2020-06", metavar="月份")]
Out = Annotated[Path | None, typer.Option(help="输出文件夹；默认 输出/督查/<月份>/", show_default=False)]
Signed = Annotated[
    str | None, typer.Option("--date", help="落款日期；不写则留空待填", metavar="日期", show_default=False)
]


@app.command("month")
def month(
    context: typer.Context,
    month: MonthText,
    paths: Paths = None,
    out: Out = None,
    signed: Signed = None,
    mask: AlwaysMasked = True,
    encrypt: Encrypt = False,
) -> int:
    """月度通报：各单位的灯、排名和明细。

    通报是 Word，每个事项的明细是 Excel。路径要包括上个月的报表。

    例：fupin supervise month 2020-06 工作进展
    """
    from fupin_cli.reports.supervision_reports import BULLETIN, write_bulletin
    from fupin_cli.reports.supervision_sheet import DETAIL, write_detail
    from fupin_cli.supervise import gaps_of

    session: Session = context.obj
    password = new_password(encrypt)
    gathered, judged = _judged(session, paths, month)
    folder = out or _folder(session, month)
    workspace = session.workspace()
    files = [folder / BULLETIN, folder / DETAIL]
    gaps = gaps_of(gathered, judged, workspace)
    write_bulletin(judged, gathered.plan, gathered.progress, gaps, files[0], workspace.root, _day(signed), password)
    write_detail(files[1], judged, gathered.plan, gathered.progress.unused, gathered.unread, password)
    return _answer(session, gathered, judged, files)


@app.command("letters")
def letters(
    context: typer.Context,
    month: MonthText,
    paths: Paths = None,
    out: Out = None,
    signed: Signed = None,
    mask: AlwaysMasked = True,
    encrypt: Encrypt = False,
) -> int:
    """督办函（黄灯）、约谈通知（红灯）和约谈名单。

    每单位一份。路径要包括上个月的报表。

    例：fupin supervise letters 2020-06 工作进展 --date 2020-07-02
    """
    from fupin_cli.reports.supervision_letters import write_letters

    session: Session = context.obj
    password = new_password(encrypt)
    gathered, judged = _judged(session, paths, month)
    folder = out or _folder(session, month)
    files = write_letters(judged, gathered.plan, folder, session.workspace().root, _day(signed), password)
    stale = {*folder.glob("督办函-*.docx"), *folder.glob("约谈通知-*.docx")} - set(files)
    return _answer(session, gathered, judged, files, sorted(stale))


@app.command("fortnight")
def fortnight(
    context: typer.Context,
    day: Annotated[str, typer.Argument(help="这个双周中的任一天，如 2020-06-09", metavar="日期")],
    paths: Paths = None,
    out: Out = None,
    signed: Signed = None,
    mask: AlwaysMasked = True,
    encrypt: Encrypt = False,
) -> int:
    """双周工作进展汇报（Word）。

    按工作要点的条款汇总各单位自己报的进展，列出未报的单位。

    例：fupin supervise fortnight 2020-06-09 工作进展
    """
    from fupin_cli.reports.supervision_reports import FORTNIGHT, write_fortnight
    from fupin_cli.supervise import fortnight_of, gather

    session: Session = context.obj
    password = new_password(encrypt)
    with session.progress("读取进展") as progress:
        gathered = gather(paths or [], session.workspace(), progress)
    period = fortnight_of(gathered.plan, parse_day(day, "日期"))
    root = session.workspace().root
    file = (out or root / "输出" / "督查" / f"双周-{period.last.isoformat()}") / FORTNIGHT
    write_fortnight(period, gathered.plan, gathered.progress, file, root, _day(signed), password)
    session.files.append(file)
    document = {"number": period.number, "first": period.first, "last": period.last, "files": [str(file)]}

    def show(console: Console) -> None:
        console.print(f"第{period.number}个双周：{period.first.isoformat()} 至 {period.last.isoformat()}")
        _show_gaps(console, gathered)
        console.print(f"  {file}", soft_wrap=True, markup=False)

    session.answer({**document, **_gaps(gathered)}, show)
    return 3 if gathered.broken else 0


@app.command("setup")
def setup(context: typer.Context) -> None:
    """写出工作要点数据和 Word 模板，供本地修改。

    工作要点数据是责任单位、时间节点、计划进度；已有的不动。

    例：fupin supervise setup
    """
    from fupin_cli.errors import FupinError
    from fupin_cli.reports.supervision_templates import write_templates
    from fupin_cli.supervision.plan import write_plan

    workspace = context.obj.workspace()
    if not workspace.configured:
        raise FupinError("这里不是工作目录", cure="先运行 fupin init，或用 --workspace 指定")
    written = [str(path) for path in (*write_plan(workspace.root), *write_templates(workspace.root))]
    text = "\n".join(["已写出：", *(f"  {path}" for path in written)]) if written else "都已存在，没有改动。"
    context.obj.answer({"written": written}, lambda console: console.print(text, soft_wrap=True, markup=False))


def _judged(session: Session, paths: list[Path] | None, month: str) -> tuple[Gathered, Month]:
    from fupin_cli.supervise import gather, judge

    year, number = parse_month(month)
    with session.progress("读取进展") as progress:
        gathered = gather(paths or [], session.workspace(), progress)
    return gathered, judge(gathered, year, number, session.workspace())


def _folder(session: Session, month: str) -> Path:
    return session.workspace().root / "输出" / "督查" / month


def _day(text: str | None) -> date | None:
    return parse_day(text, "--date") if text else None


def _gaps(gathered: Gathered) -> dict[str, Any]:
    unused = [{"place": row.place, "reason": row.reason} for row in gathered.progress.unused]
    return {"unread": list(gathered.unread), "unused": unused}


def _answer(session: Session, gathered: Gathered, judged: Month, files: list[Path], stale: Sequence[Path] = ()) -> int:
    from fupin_cli.reports.supervision_terminal import month_document, print_month

    session.files.extend(files)
    document = {**month_document(judged), **_gaps(gathered), "files": [str(file) for file in files]}
    document["stale"] = [str(path) for path in stale]

    def show(console: Console) -> None:
        print_month(console, judged)
        _show_gaps(console, gathered)
        for path in stale:
            console.print(f"以前写出、本次已不需要：{path}", soft_wrap=True, markup=False)
        console.print("输出文件：")
        for file in files:
            console.print(f"  {file}", soft_wrap=True, markup=False)

    session.answer(document, show)
    return 3 if gathered.broken else 0


def _show_gaps(console: Console, gathered: Gathered) -> None:
    for sentence in gathered.unread:
        console.print(f"没有采用：{sentence}", markup=False)
    if gathered.progress.unused:
        console.print(f"没有采用的行：{len(gathered.progress.unused)}行，如")
        for row in gathered.progress.unused[:3]:
            console.print(f"  {row.place}：{row.reason}", markup=False)
