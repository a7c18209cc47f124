"""What every command shares: the global options, the consoles, errors and progress."""

from __future__ import annotations

import io
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

        return Console(quiet=self.quiet or self.as_json, highlight=False, emoji=False)

    def answer(self, document: Any, show: Callable[[Console], None]) -> None:
        """One JSON document, or the same for people."""
        if self.as_json:
            print(json_text(document))
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


def json_text(document: Any) -> str:
    """One JSON document; where the console's code page lacks a character, all of them are written as escapes."""
    text = json.dumps(document, ensure_ascii=False, indent=1, default=str)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(document, indent=1, default=str)
    return text


def tolerate_narrow_consoles() -> None:
    """A rare character in a name must not end the run on a cp936 console: it is shown as a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _version(asked: bool) -> None:
    if asked:
        print(f"fupin {__version__}")
        raise typer.Exit


def report_error(text: str, code: int, *, as_json: bool) -> int:
    """One sentence on standard error (or one JSON document); returns the exit code."""
    if as_json:
        print(json_text({"error": text, "exit_code": code}))
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
