"""``fupin round``: the year's comparisons: plan, run, how they stand, two side by side, the year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fupin_cli.cli.context import AlwaysMasked, Encrypt, Mask, new_password, out_name
from fupin_cli.cli.dates import day_or_today
from fupin_cli.cli.reconcile import Accept, Level, run_comparison

if TYPE_CHECKING:
    from fupin_cli.cli.context import Session
    from fupin_cli.workspace import Workspace

app = typer.Typer(help="年度比对：计划、逐轮比对、进度、两轮对比、全年总结。", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="第几轮", metavar="轮次", min=1)]


def _office(session: Session) -> Workspace:
    from fupin_cli.errors import FupinError

    workspace = session.workspace()
    if not workspace.configured:
        cure = "先用 fupin init 建立工作目录，或用 --workspace 指明"
        raise FupinError("年度比对要在工作目录里进行", where=str(workspace.root), cure=cure)
    return workspace


@app.command()
def plan(
    context: typer.Context,
    year: Annotated[int | None, typer.Option(help="写出这一年的计划", metavar="年份", min=2014, max=2100)] = None,
) -> None:
    """写出或查看年度比对计划；日期、轮次直接在文件里改。

    例：fupin round plan --year 2020
    """
    from fupin_cli.reports.rounds_terminal import plan_document, print_plan
    from fupin_cli.rounds.plan import PLAN, load_plan, write_plan

    workspace = _office(context.obj)
    if year is not None:
        write_plan(workspace.root, year)
    planned, path = load_plan(workspace.root), workspace.root / PLAN
    context.obj.answer(plan_document(planned, path), lambda console: print_plan(console, planned, path))


@app.command()
def run(
    context: typer.Context,
    number: Number,
    paths: Annotated[list[Path], typer.Argument(help="导出表或其文件夹", metavar="路径…")],
    fail_on: Annotated[Level | None, typer.Option("--fail-on", help="有此级别及以上的问题时退出码为 1")] = None,
    backfill: Annotated[bool, typer.Option("--backfill", help="补做比台账中最近一次更早的一轮：只补历史")] = False,
    accept: Accept = "",
    mask: Mask = False,
    encrypt: Encrypt = False,
) -> int:
    """按计划的日期做第几轮比对。

    更新整改台账，结果写到 输出/第几轮-日期/。不需要人在场，可由定时任务调用。

    例：fupin round run 3 数据/2020-06
    """
    from fupin_cli.rounds.plan import load_plan

    workspace = _office(context.obj)
    planned = load_plan(workspace.root).round(number)
    folder = workspace.root / "输出" / out_name(f"第{number}轮-{planned.day.isoformat()}", mask=mask)
    return run_comparison(
        context.obj, paths, planned.day, folder, fail_on, keeps=True, backfill=backfill, accepted=accept, round=str(number),
        mask=mask, password=new_password(encrypt),
    )  # fmt: skip


@app.command()
def status(
    context: typer.Context,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="看到哪一天为止，默认今天", metavar="日期", show_default=False)
    ] = None,
) -> None:
    """各轮比对的进度：已完成、应开展、逾期，每轮比对到多少规则。

    例：fupin round status --as-of 2020-07-10
    """
    from fupin_cli.reports.rounds_terminal import print_status, status_document
    from fupin_cli.rounds.plan import load_plan
    from fupin_cli.rounds.status import standings

    workspace, day = _office(context.obj), day_or_today(as_of)
    rows = standings(load_plan(workspace.root), workspace.ledger, day)
    context.obj.answer(status_document(rows, day), lambda console: print_status(console, rows, day))


@app.command()
def compare(
    context: typer.Context,
    first: Annotated[int, typer.Argument(help="前一轮", metavar="前一轮", min=1)],
    second: Annotated[int, typer.Argument(help="后一轮", metavar="后一轮", min=1)],
) -> None:
    """对比两轮：新增、消除、持续的问题。

    按规则、按镇；只比两轮都比对到的，不能对比的另行列出。

    例：fupin round compare 1 3
    """
    from fupin_cli.ledger.query import ledger_table
    from fupin_cli.reports.rounds_terminal import comparison_document, print_comparison
    from fupin_cli.rounds.comparison import compare_rounds
    from fupin_cli.rounds.plan import load_plan
    from fupin_cli.rounds.runs import run_of_round

    workspace = _office(context.obj)
    planned = load_plan(workspace.root)
    before, after = (run_of_round(planned, workspace.ledger, number) for number in (first, second))
    found = compare_rounds(before, after, ledger_table(workspace.ledger))
    context.obj.answer(comparison_document(found), lambda console: print_comparison(console, found))


@app.command()
def summary(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option(help="输出文件夹；默认 输出/<年份>年度比对/", show_default=False, metavar="目录")
    ] = None,
    mask: AlwaysMasked = True,
    encrypt: Encrypt = False,
) -> None:
    """全年比对总结：各规则在各轮的变化和整改情况，Word 和 Excel 各一份。

    例：fupin round summary
    """
    from fupin_cli.errors import FupinError
    from fupin_cli.ledger.query import ledger_table
    from fupin_cli.reports.rounds_terminal import print_year, year_document
    from fupin_cli.reports.year_book import write_year_book
    from fupin_cli.reports.year_paper import write_year_paper
    from fupin_cli.rounds.plan import load_plan
    from fupin_cli.rounds.runs import round_runs
    from fupin_cli.rounds.summary import summarise

    workspace = _office(context.obj)
    planned = load_plan(workspace.root)
    runs = round_runs(planned, workspace.ledger)
    if not runs:
        raise FupinError("还没有完成任何一轮比对", cure="先运行 fupin round run 1 数据文件夹")
    year, password = summarise(planned, runs, ledger_table(workspace.ledger)), new_password(encrypt)
    folder = out or workspace.root / "输出" / f"{planned.year}年度比对"
    files = [folder / f"{planned.year}年度比对总结{suffix}" for suffix in (".docx", ".xlsx")]
    write_year_paper(files[0], year, workspace.district, password)
    write_year_book(files[1], year, workspace.district, password)
    context.obj.files.extend(files)
    context.obj.answer(year_document(year, files), lambda console: print_year(console, year, files))
