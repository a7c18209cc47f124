"""The command line (命令行): parse, call one function, render."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

import typer
from typer.core import TyperGroup

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
    receipt,
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
from fupin_cli.privacy import for_owner_only

# Every command in the order of the work, with the line that fits the list of commands at 80 columns.
COMMANDS = {
    "init": "建立工作目录：配置、政策参数、文件夹。",
    "inspect": "每张表被认作什么、列对应什么、各行的去向。",
    "reconcile": "读取、校验、核对身份、检查规则，写出问题清单。",
    "receipt": "收件登记：收到了什么，哪些存疑；认可一处存疑。",
    "explain": "一户或一人：各部门怎么说，凭什么认定是同一人。",
    "link": "身份核对的人工确认：读回、查看、撤销。",
    "ledger": "整改台账：查看、收回反馈、销号、统计、导出。",
    "dispatch": "按责任单位下发三清单，供单位填写。",
    "round": "年度比对：计划、逐轮比对、两轮对比、总结。",
    "lights": "三色灯：每户红、黄、绿灯和理由，催办帮扶。",
    "supervise": "督查：单位红黄绿灯、督办函、约谈、通报、汇报。",
    "report": "领导看的报告：一个网页和一份 Word 报告。",
    "rules": "规则目录：依据、责任单位、需要的数据、条件。",
    "schema": "数据种类：字段、认得的表头、允许的取值。",
    "sample": "写出仿真的导出表（虚构人员）和其中的真值。",
    "audit": "审计日志：谁何时做过什么，有没有被改动。",
    "purge": "清理旧的输出和缓存；台账、审计日志不动。",
}


class InOrderOfWork(TyperGroup):
    """Lists the commands as :data:`COMMANDS` does."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)


app = typer.Typer(
    name="fupin",
    cls=InOrderOfWork,
    help="扶贫数据比对：建档立卡台账与行业部门数据比对，查找“三保障”缺口和账账不符。\n\n"
    "例：fupin reconcile 2020-06 --as-of 2020-06-30",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)
app.callback()(Session.open)
ledger.app.command("import")(ledger_import.import_)
ledger.app.command("import-external")(ledger_import.import_external)
for name, group in {
    "receipt": receipt.app, "link": link.app, "ledger": ledger.app, "round": round.app, "lights": lights.app, "supervise": supervise.app, "audit": audit.app,
}.items():  # fmt: skip
    app.add_typer(group, name=name, short_help=COMMANDS[name])
SINGLE: dict[str, Callable[..., Any]] = {
    "init": init.init, "inspect": inspect.inspect, "reconcile": reconcile.reconcile, "explain": explain.explain,
    "dispatch": dispatch.dispatch, "report": report.report, "rules": rules.rules, "schema": schema.schema, "sample": sample.sample,
    "purge": purge.purge,
}  # fmt: skip
for name, command in SINGLE.items():
    app.command(name, short_help=COMMANDS[name])(command)

FLAGS, VALUED = ("--json", "--quiet", "--ask-password"), ("--workspace",)


def main(arguments: list[str] | None = None) -> None:
    """Run ``fupin`` and exit with the contract's codes: 0, 1, 2, 3 or 4."""
    tolerate_narrow_consoles()
    words = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    trace = Trace()
    with for_owner_only():
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
    options = [name for name in getattr(parameter, "opts", None) or [] if name.startswith("-")]
    hint = "、".join(options) or getattr(parameter, "metavar", "") or getattr(parameter, "human_readable_name", "")
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
