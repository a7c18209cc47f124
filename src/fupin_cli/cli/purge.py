"""``fupin purge``: delete old runs' outputs and the cache."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from fupin_cli.cli.dates import parse_day


def purge(
    context: typer.Context,
    before: Annotated[
        str, typer.Option("--before", help="清理比对日期早于这一天的输出，如 2020-01-01", metavar="日期")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
) -> None:
    """清理：删除工作目录“输出”里旧的比对结果和全部缓存；整改台账、审计日志、别的文件不动。

    例：fupin purge --before 2020-01-01
    """
    from fupin_cli.errors import FupinError
    from fupin_cli.purge import carry_out, plan_purge

    session = context.obj
    workspace = session.workspace()
    if not workspace.configured:
        raise FupinError("这里不是工作目录", cure="先运行 fupin init，或用 --workspace 指定")
    planned = plan_purge(workspace, parse_day(before, "--before"))
    gone = [str(path) for path in (*planned.files, *planned.folders)]
    kept = [str(path) for path in planned.kept]
    if gone and not yes:
        _ask(gone)
    carry_out(planned)

    def show(console: Any) -> None:
        console.print(
            f"已删除{len(planned.files)}个文件、{len(planned.folders)}个文件夹。" if gone else "没有可清理的。"
        )
        for path in kept:
            console.print(f"不是本程序写的，没有删除：{path}", markup=False, soft_wrap=True)

    session.answer({"deleted": gone, "kept": kept}, show)


def _ask(paths: list[str]) -> None:
    from fupin_cli.errors import FupinError

    if not sys.stdin.isatty():
        raise FupinError("没有终端，不能询问，没有删除", cure="核对后加 --yes")
    print("将删除：", *paths, sep="\n  ", file=sys.stderr)
    print("确认删除请输入“是”：", end="", file=sys.stderr, flush=True)
    if input().strip() != "是":
        raise FupinError("没有确认，没有删除")
