"""``fupin ledger import`` and ``import-external``: what units and others send into the ledger."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from fupin_cli.cli.ledger import ledger_path
from fupin_cli.cli.units import known_units


def import_(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="单位填好报回的三清单，或放它们的文件夹", metavar="路径…")],
) -> int:
    """收回单位填好的三清单，记入台账。

    收了什么、退回什么、为什么，逐条列出。

    例：fupin ledger import 收文
    """
    from fupin_cli.ledger.import_feedback import import_feedback
    from fupin_cli.reports.returns import print_feedback

    context.obj.files.extend(files)
    outcomes = import_feedback(ledger_path(context.obj), files, datetime.now().isoformat(timespec="seconds"))
    context.obj.answer([asdict(item) for item in outcomes], lambda console: print_feedback(console, outcomes))
    return 3 if any(item.refused for item in outcomes) else 0


def import_external(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="问题清单，表头不限格式，或放它们的文件夹", metavar="路径…")],
    origin: Annotated[str, typer.Option("--origin", help="问题来自哪里，如考核反馈、巡视、审计、督查", metavar="来源")],
) -> int:
    """把考核、巡视、审计等的问题清单列入台账。

    同一份清单再次导入不会重复。

    例：fupin ledger import-external 考核反馈问题.xlsx --origin 考核反馈
    """
    from fupin_cli.ledger.import_external import import_external
    from fupin_cli.reports.returns import print_external

    ledger, workspace = ledger_path(context.obj), context.obj.workspace()
    at = datetime.now().isoformat(timespec="seconds")
    context.obj.files.extend(files)
    entered = import_external(ledger, files, origin, workspace.towns, at, units=known_units(workspace))
    context.obj.answer([asdict(item) for item in entered], lambda console: print_external(console, entered))
    return 3 if any(item.refused for item in entered) else 0
