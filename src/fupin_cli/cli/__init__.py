"""The command line (命令行): parse, call one function, render."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

import typer

from fupin_cli.cli import (
    audit,
    dispatch,
    explain,
    init,
    inspect,
    ledger,
    ledger_import,
    lights,
    link,
    purge,
    reconcile,
    report,
    round,
    rules,
    sample,
    schema,
    supervise,
)  # fmt: skip
from fupin_cli.cli.context import Session, Trace, report_crash, report_error, tolerate_narrow_consoles
from fupin_cli.cli.help import chinese_help
from fupin_cli.errors import FupinError

app = typer.Typer(
    name="fupin",
    help="扶贫数据比对：建档立卡台账与行业部门数据比对，查找“三保障”缺口和账账不符。\n\n"
    "例：fupin reconcile 2020-06 --as-of 2020-06-30",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)
app.callback()(Session.open)
app.command("init")(init.init)
app.command("inspect")(inspect.inspect)
app.command("reconcile")(reconcile.reconcile)
app.command("explain")(explain.explain)
ledger.app.command("import")(ledger_import.import_)
ledger.app.command("import-external")(ledger_import.import_external)
app.add_typer(ledger.app, name="ledger")
app.add_typer(link.app, name="link")
app.add_typer(round.app, name="round")
app.command("dispatch")(dispatch.dispatch)
app.add_typer(lights.app, name="lights")
app.add_typer(supervise.app, name="supervise")
app.command("report")(report.report)
app.add_typer(audit.app, name="audit")
app.command("purge")(purge.purge)
app.command("rules")(rules.rules)
app.command("schema")(schema.schema)
app.command("sample")(sample.sample)

FLAGS, VALUED = ("--json", "--quiet", "--ask-password"), ("--workspace",)


def main(arguments: list[str] | None = None) -> None:
    """Run ``fupin`` and exit with the contract's codes: 0, 1, 2, 3 or 4."""
    tolerate_narrow_consoles()
    words = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    trace = Trace()
    code = _outcome(words, trace)
    try:
        audit.keep_trace(trace, words, code, datetime.now().isoformat(timespec="seconds"))
    except FupinError as error:
        code = report_error(str(error), code or error.exit_code, as_json="--json" in words)
    sys.exit(code)


def _outcome(words: list[str], trace: Trace) -> int:
    """Run the command; whatever goes wrong is one sentence and its exit code."""
    page: AbstractContextManager[None] = chinese_help() if "--help" in words else nullcontext()
    as_json = "--json" in words
    try:
        with page:
            code = app(global_options_first(words), prog_name="fupin", standalone_mode=False, obj=trace)
    except FupinError as error:
        return report_error(str(error), error.exit_code, as_json=as_json)
    except KeyboardInterrupt:
        return report_error("已中断，没有写出不完整的结果。", 4, as_json=as_json)
    except Exception as error:
        if hasattr(error, "format_message"):
            return report_error(_usage_text(error), 2, as_json=as_json)
        return report_crash(error, as_json=as_json)
    return code if isinstance(code, int) else 0


def global_options_first(words: list[str]) -> list[str]:
    """Global options may stand anywhere, as people type them; Typer wants them before the command."""
    front: list[str] = []
    rest: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        if word in VALUED and place + 1 < len(words):
            front += words[place : place + 2]
            place += 1
        elif word in FLAGS or word.startswith("--workspace="):
            front.append(word)
        elif word == "--":
            rest += words[place:]
            break
        else:
            rest.append(word)
        place += 1
    return front + rest


def _usage_text(error: Exception) -> str:
    """A usage error of the command line, in Chinese."""
    parameter = getattr(error, "param", None)
    hint = "、".join(getattr(parameter, "opts", None) or []) or getattr(parameter, "human_readable_name", "") or ""
    match type(error).__name__:
        case "MissingParameter":
            return f"缺少参数“{hint}”。运行 fupin 命令 --help 查看用法。"
        case "NoSuchOption":
            return f"没有选项“{getattr(error, 'option_name', '')}”。运行 fupin 命令 --help 查看用法。"
        case "BadParameter":
            return f"参数“{hint}”的值不对。运行 fupin 命令 --help 查看用法。"
        case "NoArgsIsHelpError":
            return "缺少参数。运行 fupin 命令 --help 查看用法。"
        case _:
            return "命令写法不对：命令或参数不认识。运行 fupin --help 查看用法。"
