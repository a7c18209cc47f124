"""What every command shares: the global options, the consoles, errors and progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fupin_cli import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from fupin_cli.workspace import Workspace


@dataclass(frozen=True)
class Session:
    """The global options of one call."""

    folder: Path | None
    quiet: bool
    as_json: bool

    @staticmethod
    def open(
        context: typer.Context,
        workspace: Annotated[
            Path | None,
            typer.Option(help="工作目录；默认为上级中最近的有 fupin.toml 的文件夹", show_default=False),
        ] = None,
        quiet: Annotated[bool, typer.Option("--quiet", help="只报错误，不印摘要和进度")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="标准输出只印一个 JSON 文档")] = False,
        version: Annotated[
            bool, typer.Option("--version", help="印版本号", is_eager=True, callback=lambda x: _version(x))
        ] = False,
    ) -> None:
        context.obj = Session(workspace, quiet, as_json)

    def workspace(self) -> Workspace:
        from fupin_cli.workspace import find_workspace

        return find_workspace(self.folder)

    @property
    def console(self) -> Console:
        """Standard output for people; silent with ``--quiet`` or ``--json``."""
        from rich.console import Console

        return Console(quiet=self.quiet or self.as_json, highlight=False)

    def answer(self, document: Any, show: Callable[[Console], None]) -> None:
        """One JSON document, or the same for people."""
        if self.as_json:
            print(json.dumps(document, ensure_ascii=False, indent=1, default=str))
        else:
            show(self.console)

    @contextmanager
    def progress(self, text: str) -> Iterator[Callable[[str], None]]:
        """A status line on standard error while ``text`` goes on; nothing where it is not a terminal."""
        from rich.console import Console

        console = Console(stderr=True)
        if self.quiet or self.as_json or not console.is_terminal:
            yield lambda _: None
            return
        with console.status(text) as status:
            yield lambda step: status.update(f"{text}：{step}")


def _version(asked: bool) -> None:
    if asked:
        print(f"fupin {__version__}")
        raise typer.Exit


def report_error(text: str, code: int, *, as_json: bool) -> int:
    """One sentence on standard error (or one JSON document); returns the exit code."""
    if as_json:
        print(json.dumps({"error": text, "exit_code": code}, ensure_ascii=False))
    else:
        print(f"错误：{text}", file=sys.stderr)
    return code


def report_crash(error: Exception, *, as_json: bool) -> int:
    """An internal error: where in the program, never what was in the data."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    place = " → ".join(frames[-6:])
    text = f"程序内部错误（{type(error).__name__}，位置 {place}）；输出未改动。请把这一行报给维护人员。"
    return report_error(text, 4, as_json=as_json)
