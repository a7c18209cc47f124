"""``fupin reconcile``: the main job."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fupin_cli.cli.context import Encrypt, Mask, new_password, out_name
from fupin_cli.cli.dates import parse_as_of
from fupin_cli.errors import FupinError

if TYPE_CHECKING:
    from fupin_cli.cli.context import Session

Accept = Annotated[
    str, typer.Option("--accept", help="比对有存疑、批量异常等仍要记入台账的理由", metavar="理由", show_default=False)
]


class Level(StrEnum):
    """Severities for ``--fail-on``."""

    severe = "严重"
    general = "一般"
    hint = "提示"


class EngineName(StrEnum):
    polars = "polars"
    pandas = "pandas"
    spark = "spark"


def reconcile(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="导出表或其文件夹", metavar="路径…")],
    as_of: Annotated[str, typer.Option("--as-of", help="比对日期，如 2020-06-30", metavar="日期")],
    out: Annotated[Path | None, typer.Option(help="输出文件夹；默认 输出/<比对日期>/", show_default=False)] = None,
    fail_on: Annotated[Level | None, typer.Option("--fail-on", help="有此级别及以上的问题时退出码为 1")] = None,
    engine: Annotated[
        EngineName, typer.Option(help="规则用的数据引擎；spark 要另外安装，见 docs/engines.md")
    ] = EngineName.polars,
    master: Annotated[
        str, typer.Option(help="Spark 集群的地址，如 spark://主机:7077；默认在本机", metavar="地址", show_default=False)
    ] = "",
    no_ledger: Annotated[bool, typer.Option("--no-ledger", help="只看结果，不更新工作目录的整改台账")] = False,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="补录比台账中最近一次更早的比对：只补历史，不改已知问题的状态")
    ] = False,
    accept: Accept = "",
    mask: Mask = False,
    encrypt: Encrypt = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="不用已整理表的缓存，全部重读")] = False,
) -> int:
    """读取、校验、核对身份、检查规则，写出问题清单。

    例：fupin reconcile 2020-06 --as-of 2020-06-30 --out 输出/2020-06
    """
    if master and engine != EngineName.spark:
        raise FupinError("--master 只用于 Spark 引擎", cure="同时写 --engine spark")
    session = context.obj
    day = parse_as_of(as_of)
    folder = out or session.workspace().root / "输出" / out_name(day.isoformat(), mask=mask)
    keeps = session.workspace().configured and not no_ledger
    return run_comparison(
        session, paths, day, folder, fail_on, keeps=keeps, backfill=backfill, accepted=accept, engine=engine,
        master=master, use_cache=not no_cache, mask=mask, password=new_password(encrypt),
    )  # fmt: skip


def run_comparison(
    session: Session,
    paths: list[Path],
    day: date,
    folder: Path,
    fail_on: Level | None,
    *,
    keeps: bool,
    backfill: bool = False,
    accepted: str = "",
    round: str = "",
    engine: EngineName = EngineName.polars,
    master: str = "",
    use_cache: bool = True,
    mask: bool = False,
    password: str = "",
) -> int:
    """One comparison with all its outputs, for ``reconcile`` and ``round run``; returns the exit code.

    ``keeps``: the workspace's ledger takes it, as part of the annual ``round`` where one is named; of a run that gives cause
    for doubt only with a reason (``accepted``), which is asked for at a terminal.
    """
    from fupin_cli.gate import Entry
    from fupin_cli.ledger.update import check_order
    from fupin_cli.run import compare, manifest

    workspace = session.workspace()
    if keeps and not backfill:
        check_order(workspace.ledger, day.isoformat())
    entry = Entry(folder, date.today(), round, backfill, mask, password)
    with session.progress("比对") as progress:
        run = compare(paths, day, workspace, engine=engine.value, master=master, progress=progress, use_cache=use_cache)
        progress("写出结果")
        done = entry.kept(run, accepted) if keeps else entry.written(run)
    if done.held and (reason := _asked_reason(session, done.held)):
        done = entry.kept(run, reason)
    session.files.extend(map(Path, done.summary.out_files))

    def show(console: object) -> None:
        from rich.console import Console

        from fupin_cli.reports.ledger_terminal import print_held, print_update
        from fupin_cli.reports.terminal import print_summary

        assert isinstance(console, Console)
        print_summary(console, done.summary, done.run.findings.to_pandas())
        if done.update is not None:
            print_update(console, done.update)
        elif done.held:
            print_held(console, done.held)

    held = {"held": list(done.held)} if done.held else {}
    session.answer({**manifest(done.run, done.update), **held, "out": str(folder)}, show)
    levels = list(Level)
    refused = any(sheet.state == "refused" for file in run.intake.files for sheet in file.sheets)
    if done.held or refused or any(file.error for file in run.intake.files):
        return 3
    if fail_on is not None and run.findings["severity"].is_in(levels[: levels.index(fail_on) + 1]).any():
        return 1
    return 0


def _asked_reason(session: Session, held: tuple[str, ...]) -> str:
    """Why the ledger should take the run all the same; blank where nobody is there to say, or nobody wants it."""
    if session.as_json or session.quiet or not sys.stdin.isatty():
        return ""
    from fupin_cli.reports.ledger_terminal import print_held

    print_held(session.console, held)
    try:
        return str(typer.prompt("确要记入的写明理由（直接回车不记入）", default="", show_default=False)).strip()
    except typer.Abort:
        return ""
