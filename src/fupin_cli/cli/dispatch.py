"""``fupin dispatch``: send each unit its problems."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fupin_cli.cli.context import Encrypt, Mask, new_password, out_name
from fupin_cli.cli.ledger import ledger_path
from fupin_cli.cli.units import known_units

if TYPE_CHECKING:
    from fupin_cli.workspace import Workspace


def dispatch(
    context: typer.Context,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="责任单位，可以多次写，或用顿号隔开", metavar="单位", show_default=False),
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help="下发给有未销号问题的所有单位")] = False,
    out: Annotated[Path | None, typer.Option(help="输出文件夹；默认 输出/下发/<比对日期>/", show_default=False)] = None,
    mask: Mask = False,
    encrypt: Encrypt = False,
) -> None:
    """按责任单位下发三清单：问题锁定，责任、任务、整改结果由单位填写；填好报回后用 fupin ledger import 收。

    例：fupin dispatch --all
    """
    from fupin_cli.errors import FupinError
    from fupin_cli.ledger.query import ledger_table, runs_of
    from fupin_cli.outputs import masked_table
    from fupin_cli.reports.dispatch_files import open_findings, write_dispatches

    workspace, ledger = context.obj.workspace(), ledger_path(context.obj)
    table = ledger_table(ledger)
    findings = open_findings(masked_table(table) if mask else table)
    units = _units(to or [], everyone, findings, workspace)
    as_of = runs_of(ledger)["as_of"].max() or table["last_as_of"].max()
    if not units or not isinstance(as_of, str):
        raise FupinError("台账里没有未销号的问题，没有可下发的")
    day = date.fromisoformat(as_of)
    folder = out or workspace.root / "输出" / "下发" / out_name(as_of, mask=mask)
    password = new_password(encrypt)
    sent = write_dispatches(folder, findings, units, workspace.district, day, password=password)
    context.obj.files.extend(item.file for item in sent)
    unowned = findings[""].height if "" in findings else 0

    def show(console: Any) -> None:
        for item in sent:
            console.print(f"{item.unit}：{item.findings:,}条  {item.file}", markup=False, soft_wrap=True)
        if unowned:
            console.print(f"另有{unowned:,}条问题没有责任单位，没有下发。")

    files = [{"unit": item.unit, "file": str(item.file), "findings": item.findings} for item in sent]
    context.obj.answer({"as_of": as_of, "files": files, "without_unit": unowned}, show)


def _units(asked: Iterable[str], everyone: bool, known: Iterable[str], workspace: Workspace) -> list[str]:
    """The units to send to: those asked for (``教育局`` is 区教育局), or all."""
    from fupin_cli.errors import FupinError
    from fupin_cli.ledger.joint import units_of
    from fupin_cli.ledger.units import is_it, unit_named, with_units

    names = [unit for unit in known if unit]
    if everyone:
        return names
    wanted = [unit for text in asked for unit in units_of(text)]
    if not wanted:
        raise FupinError("没有写下发给谁", where="--to", cure="写 --to 单位，或用 --all 下发给所有单位")
    units = with_units(known_units(workspace), names)
    wanted = [unit_named(unit, units) or unit for unit in wanted]
    if unknown := [unit for unit in wanted if unit not in names]:
        questions = "".join(is_it(unit, units) for unit in unknown)
        cure = f"{questions}有未销号问题的单位：{'、'.join(names) or '无'}"
        raise FupinError(f"单位“{'、'.join(unknown)}”没有未销号的问题", where="--to", cure=cure)
    return wanted
