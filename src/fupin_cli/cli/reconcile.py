"""``fupin reconcile``: the main job."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fupin_cli.cli.dates import parse_as_of


class Level(StrEnum):
    """Severities for ``--fail-on``."""

    severe = "严重"
    general = "一般"
    hint = "提示"


class EngineName(StrEnum):
    polars = "polars"
    pandas = "pandas"


def reconcile(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="导出表或其文件夹", metavar="路径…")],
    as_of: Annotated[str, typer.Option("--as-of", help="比对日期，如 2020-06-30", metavar="日期")],
    out: Annotated[Path | None, typer.Option(help="输出文件夹；默认 输出/<比对日期>/", show_default=False)] = None,
    fail_on: Annotated[Level | None, typer.Option("--fail-on", help="有此级别及以上的问题时退出码为 1")] = None,
    engine: Annotated[EngineName, typer.Option(help="规则用的数据引擎")] = EngineName.polars,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="不用已整理表的缓存，全部重读")] = False,
) -> int:
    """读取、校验、核对身份、检查规则，写出问题清单。

    例：fupin reconcile 2020-06 --as-of 2020-06-30 --out 输出/2020-06
    """
    from fupin_cli.run import compare, manifest, write_outputs

    session = context.obj
    workspace = session.workspace()
    day = parse_as_of(as_of)
    folder = out or workspace.root / "输出" / day.isoformat()
    with session.progress("比对") as progress:
        run = compare(paths, day, workspace, engine=engine.value, progress=progress, use_cache=not no_cache)
        progress("写出结果")
        summary = write_outputs(run, folder)

    def show(console: object) -> None:
        from rich.console import Console

        from fupin_cli.reports.terminal import print_summary

        assert isinstance(console, Console)
        print_summary(console, summary, run.findings.to_pandas())

    session.answer({**manifest(run), "out": str(folder)}, show)
    levels = list(Level)
    if any(file.error for file in run.intake.files) or any(
        sheet.state == "refused" for file in run.intake.files for sheet in file.sheets
    ):
        return 3
    if fail_on is not None and run.findings["severity"].is_in(levels[: levels.index(fail_on) + 1]).any():
        return 1
    return 0
