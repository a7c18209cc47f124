"""What every command shares: the global options, the consoles, errors and progress."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fupin_cli import __version__
from fupin_cli.privacy import masked

if TYPE_CHECKING:
    from rich.console import Console

    from fupin_cli.workspace import Workspace


# Where a password comes from besides the prompt; never the command line, which other users can see.
PASSWORD = "FUPIN_PASSWORD"
Encrypt = Annotated[bool, typer.Option("--encrypt", help="输出设打开密码（FUPIN_PASSWORD 或输入），不写网页和 csv")]
Mask = Annotated[bool, typer.Option("--mask", help="公示用：遮盖证件号码和手机号")]
# For files about units and counts, in which no number of a person has any business.
AlwaysMasked = Annotated[
    bool, typer.Option("--mask", help="遮盖证件号码和手机号：总是遮盖，不写也一样", show_default=False)
]


@dataclass
class Trace:
    """What is known of one call for the audit log (审计日志): its command, its workspace, the files it wrote or took."""

    command: str = ""
    folder: Path | None = None
    files: list[Path] = field(default_factory=list)


@dataclass(frozen=True)
class Session:
    """The global options of one call; ``files``: those it wrote or took, for the audit log."""

    folder: Path | None
    quiet: bool
    as_json: bool
    files: list[Path] = field(default_factory=list)

    @staticmethod
    def open(
        context: typer.Context,
        workspace: Annotated[
            Path | None,
            typer.Option(help="工作目录；默认为上级中最近的有 fupin.toml 的文件夹", show_default=False),
        ] = None,
        quiet: Annotated[bool, typer.Option("--quiet", help="只报错误，不印摘要和进度")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="标准输出只印一个 JSON 文档")] = False,
        ask_password: Annotated[
            bool, typer.Option("--ask-password", help="输入的文件设有打开密码：先问密码（不回显）")
        ] = False,
        version: Annotated[
            bool, typer.Option("--version", help="印版本号", is_eager=True, callback=lambda x: _version(x))
        ] = False,
    ) -> None:
        if ask_password:
            os.environ[PASSWORD] = typed_password("打开文件的密码：")
        trace = context.find_object(Trace) or Trace()
        trace.command, trace.folder = context.invoked_subcommand or "", workspace
        context.obj = Session(workspace, quiet, as_json, trace.files)

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


def typed_password(prompt: str) -> str:
    """A password typed at the terminal without being shown."""
    from getpass import getpass

    from fupin_cli.errors import FupinError

    if not sys.stdin.isatty():
        raise FupinError("没有终端，问不了密码", cure=f"把密码放在环境变量 {PASSWORD} 中")
    return getpass(prompt)


def out_name(name: str, *, mask: bool) -> str:
    """The usual name of an output, or of its masked form (公示), which never lies in the same place."""
    return f"{name}-公示" if mask else name


def new_password(encrypt: bool) -> str:
    """The password for outputs, if they are to be encrypted: from FUPIN_PASSWORD, else typed twice."""
    from fupin_cli.errors import FupinError

    if not encrypt:
        return ""
    if known := os.environ.get(PASSWORD):
        return known
    password = typed_password("输出文件的密码：")
    if not password or password != typed_password("再输一遍："):
        raise FupinError("两遍密码不同或为空，没有写出文件", cure="重新运行")
    return password


def _version(asked: bool) -> None:
    if asked:
        print(f"fupin {__version__}")
        raise typer.Exit


def report_error(text: str, code: int, *, as_json: bool) -> int:
    """One sentence on standard error (or one JSON document), without ID numbers; returns the exit code."""
    text = masked(text)
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


def written(text: str, option: str, cure: str) -> None:
    """Raises for a word that must be given and is blank."""
    from fupin_cli.errors import FupinError

    if not text.strip():
        raise FupinError("是空白的", where=option, cure=cure)
