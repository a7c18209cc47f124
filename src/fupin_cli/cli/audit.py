"""``fupin audit``: the log of what was done in a workspace, and whether it is untouched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from fupin_cli.cli.context import Session, Trace

app = typer.Typer(help="审计日志：谁在什么时候运行、导出、导入过什么；核对日志有没有被改动。", no_args_is_help=True)

# Commands that neither change the workspace nor show a person's data to anybody new.
UNLOGGED = frozenset({"", "init", "inspect", "rules", "schema", "sample", "audit"})


@app.command("verify")
def verify(context: typer.Context) -> int:
    """核对审计日志：有行被改动、删除、插入，都会指出；退出码 1。

    例：fupin audit verify
    """
    from fupin_cli.audit import faults, last_seal

    root = _root(context.obj)
    found, (count, seal) = faults(root), last_seal(root)

    def show(console: Any) -> None:
        for sentence in found:
            console.print(sentence, style="red")
        if not found:
            console.print(f"审计日志完好，共{count}行。最后一行的封签：{seal}", soft_wrap=True)
            console.print("把封签抄存在别处，下次对照，整本日志被换掉也能发现。")

    context.obj.answer({"faults": found, "lines": count, "seal": seal}, show)
    return 1 if found else 0


@app.command("list")
def list_(context: typer.Context) -> None:
    """列出审计日志。

    例：fupin audit list
    """
    from fupin_cli.audit import entries

    rows = entries(_root(context.obj))

    def show(console: Any) -> None:
        for row in rows:
            text = f"{row['n']:>4}  {row['at']}  {row['user']}  {' '.join(row['words'])}  退出码{row['exit_code']}"
            console.print(f"{text}，文件{len(row['files'])}个" if row["files"] else text, markup=False)
        console.print(f"共{len(rows)}行。")

    context.obj.answer(rows, show)


def keep_trace(trace: Trace, words: list[str], code: int, at: str) -> None:
    """Log the call, when it is one to be logged and a workspace keeps a log."""
    if trace.command in UNLOGGED or "--help" in words:
        return
    from getpass import getuser

    from fupin_cli.audit import append, file_hashes
    from fupin_cli.errors import FupinError
    from fupin_cli.privacy import masked_deep
    from fupin_cli.workspace import find_workspace

    try:
        workspace = find_workspace(trace.folder)
    except FupinError:  # the command has said so
        return
    if not workspace.configured:
        return
    try:
        user = getuser()
    except (OSError, KeyError):
        user = ""
    files = file_hashes(trace.files)
    append(workspace.root, {"at": at, "user": user, "words": masked_deep(words), "exit_code": code, "files": files})


def _root(session: Session) -> Path:
    from fupin_cli.errors import FupinError

    workspace = session.workspace()
    if not workspace.configured:
        raise FupinError("这里不是工作目录，没有审计日志", cure="先运行 fupin init，或用 --workspace 指定")
    return workspace.root
