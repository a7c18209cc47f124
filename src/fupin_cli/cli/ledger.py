"""``fupin ledger``: look at the ledger (整改台账), close findings (销号), count, export."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fupin_cli.cli.context import Encrypt, Mask, new_password, out_name, written
from fupin_cli.cli.dates import day_or_today
from fupin_cli.cli.units import unknown_unit

if TYPE_CHECKING:
    from fupin_cli.cli.context import Session

app = typer.Typer(help="整改台账：查看问题、来龙去脉、收回单位反馈、销号、统计、导出。", no_args_is_help=True)

Rule = Annotated[
    str, typer.Option("--rule", help="规则编号或类别代码，如 EDU-01、EDU", metavar="规则", show_default=False)
]
Unit = Annotated[str, typer.Option("--unit", help="责任单位，写一部分即可", metavar="单位", show_default=False)]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="按哪一天算超期，默认今天", metavar="日期", show_default=False)
]
Key = Annotated[str, typer.Argument(help="问题编号，写开头几位即可", metavar="编号")]
SHOWN = 100


class By(StrEnum):
    unit = "unit"
    town = "town"
    category = "category"


@app.command("list")
def list_(
    context: typer.Context,
    text: Annotated[
        str, typer.Argument(help="姓名、户编号、证件号码、村、问题中的文字", metavar="[文字]", show_default=False)
    ] = "",
    state: Annotated[str, typer.Option(help="状态，或“未销号”“全部”", metavar="状态")] = "未销号",
    rule: Rule = "",
    category: Annotated[str, typer.Option(help="保障类别，如 义务教育", metavar="类别", show_default=False)] = "",
    unit: Unit = "",
    town: Annotated[str, typer.Option(help="镇，写一部分即可", metavar="镇", show_default=False)] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="只看超期的")] = False,
    as_of: AsOf = None,
    all_: Annotated[bool, typer.Option("--all", help=f"全部列出，不止前 {SHOWN} 条")] = False,
) -> None:
    """列出台账中的问题，默认为未销号的。

    例：fupin ledger list --unit 区教育局 --overdue
    """
    from fupin_cli.ledger.selection import Selection, select_findings

    day = day_or_today(as_of)
    late = day.isoformat() if overdue else ""
    selection = Selection(state, rule, category, unit, town, text, late)
    limit = None if all_ or context.obj.as_json else SHOWN
    total, rows = select_findings(ledger_path(context.obj), selection, limit)

    def show(console: Any) -> None:
        from fupin_cli.reports.ledger_terminal import print_findings

        print_findings(console, rows, total, day)
        if not total and (unknown := unknown_unit(unit, context.obj.workspace())):
            console.print(unknown, markup=False)

    context.obj.answer({"total": total, "findings": rows}, show)


@app.command("show")
def show_(context: typer.Context, key: Key) -> None:
    """一个问题的全部情况。

    例：fupin ledger show 3fa29c01
    """
    row = _finding(context.obj, key)

    def show(console: Any) -> None:
        from fupin_cli.reports.ledger_terminal import print_finding

        print_finding(console, row)

    context.obj.answer(row, show)


@app.command("history")
def history(context: typer.Context, key: Key) -> None:
    """一个问题的来龙去脉。

    何时发现、谁填了什么、何时销号、有无反弹。

    例：fupin ledger history 3fa29c01
    """
    from dataclasses import asdict

    from fupin_cli.ledger.history import life_of

    row = _finding(context.obj, key)
    life = life_of(ledger_path(context.obj), row["finding_key"])

    def show(console: Any) -> None:
        from fupin_cli.reports.ledger_terminal import print_life

        print_life(console, row, life)

    context.obj.answer([asdict(entry) for entry in life], show)


@app.command("close")
def close(
    context: typer.Context,
    by: Annotated[str, typer.Option("--by", help="批准人（撤销时为撤销人）", metavar="姓名")],
    keys: Annotated[
        list[str] | None, typer.Argument(help="问题编号，可以多个", metavar="[编号…]", show_default=False)
    ] = None,
    evidence: Annotated[
        str, typer.Option("--evidence", help="佐证：凭什么销号（撤销时为理由）", metavar="文字", show_default=False)
    ] = "",
    rule: Rule = "",
    unit: Unit = "",
    undo: Annotated[bool, typer.Option("--undo", help="撤销销号，回到销号前的状态")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="成批销号不再询问")] = False,
) -> int:
    """销号：写明佐证和批准人，可成批，可撤销。

    给出规则或单位则成批销号（已整改待复核、待确认销号的；证据不在的要逐条写编号）。

    例：fupin ledger close 3fa29c01 --evidence 学籍截图 --by 张三
    """
    from fupin_cli.errors import FupinError
    from fupin_cli.ledger.actions import Change, apply_changes, undo_closing
    from fupin_cli.ledger.states import CLOSED

    session, path = context.obj, ledger_path(context.obj)
    at = datetime.now().isoformat(timespec="seconds")
    if bool(keys) == bool(rule or unit):
        raise FupinError("要么写问题编号，要么用 --rule、--unit 成批办理", cure="用 fupin ledger list 查看问题编号")
    if not undo and not evidence.strip():
        raise FupinError("销号要写明佐证", cure="加上 --evidence")
    written(by, "--by", "写明批准人（撤销时为撤销人）的姓名")
    rows = [_finding(session, key) for key in keys or ()] or _batch(session, rule, unit, undo=undo, yes=yes)
    if undo:
        applied = undo_closing(path, [row["finding_key"] for row in rows], who=by, at=at, note=evidence)
    else:
        fields = {"close_evidence": evidence.strip(), "approver": by.strip()}
        changes = [Change(row["finding_key"], CLOSED, fields, seen_as=row["state"]) for row in rows]
        applied = apply_changes(path, changes, who=by, at=at)
    taken, refused = applied.taken, [{"finding_key": key, "reason": reason} for key, reason in applied.refused]

    def show(console: Any) -> None:
        from fupin_cli.reports.ledger_terminal import print_applied

        print_applied(console, "已撤销销号" if undo else "已销号", taken, applied.refused)

    session.answer({"taken": taken, "refused": refused, "unchanged": applied.unchanged}, show)
    return 3 if refused else 0


def _batch(session: Session, rule: str, unit: str, *, undo: bool, yes: bool) -> list[dict[str, Any]]:
    """The findings of a whole batch, after the user has seen what it is; with ``--json`` nobody can be asked."""
    from fupin_cli.errors import FupinError
    from fupin_cli.ledger.selection import Selection, select_findings
    from fupin_cli.ledger.states import CLOSED, REPORTED, WAITING

    path = ledger_path(session)
    rows = []
    for state in (CLOSED,) if undo else (REPORTED, WAITING):
        rows += select_findings(path, Selection(state, rule, unit=unit))[1]
    if not rows:
        cure = unknown_unit(unit, session.workspace()) or "用 fupin ledger list --state 全部 查看它们的状态"
        raise FupinError("没有可以成批办理的问题", cure=cure)
    if not yes:
        if session.as_json or session.quiet:
            raise FupinError("成批办理要先确认", cure="加上 --yes")
        from fupin_cli.reports.ledger_terminal import print_batch

        print_batch(session.console, rows)
        if not agreed(session, f"{'撤销销号' if undo else '销号'}以上{len(rows)}条？", yes=False):
            raise FupinError("没有确认，没有办理，台账没有改动", cure="核对后再做一次并回答 y，或加上 --yes")
    return rows


@app.command("undo-run")
def undo_run(
    context: typer.Context,
    reason: Annotated[str, typer.Option("--reason", help="为什么撤回", metavar="理由")],
    by: Annotated[str, typer.Option("--by", help="撤回人", metavar="姓名")],
) -> None:
    """撤回最近一次记入台账的比对。

    台账回到那次比对之前，其后人填报的保留；历史仍可查看。

    例：fupin ledger undo-run --reason 用错了名单 --by 张三
    """
    from dataclasses import asdict

    from fupin_cli.ledger.undo import undo_run

    written(by, "--by", "写明撤回人的姓名")
    written(reason, "--reason", "写明撤回的理由")
    at = datetime.now().isoformat(timespec="seconds")
    undone = undo_run(ledger_path(context.obj), reason=reason.strip(), who=by.strip(), at=at)

    def show(console: Any) -> None:
        from fupin_cli.reports.ledger_terminal import print_undone

        print_undone(console, undone)

    context.obj.answer(asdict(undone), show)


@app.command("restore")
def restore(
    context: typer.Context,
    number: Annotated[
        int | None, typer.Argument(help="备份的编号；不写则列出各份备份", metavar="[编号]", show_default=False)
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
) -> None:
    """把台账恢复为以前的备份；不写编号则列出各份备份。

    每次比对之前自动备份，保留最近十份。恢复之前的台账也先备份。

    例：fupin ledger restore 12
    """
    from fupin_cli.errors import FupinError
    from fupin_cli.ledger import backups

    path = ledger_path(context.obj)
    if number is None:
        found = [{"number": one.number, "before": one.what, "file": str(one.path)} for one in backups.backups_of(path)]

        def show(console: Any) -> None:
            from fupin_cli.reports.ledger_terminal import print_backups

            print_backups(console, found)

        context.obj.answer(found, show)
        return
    question = f"用备份{number}替换现在的整改台账？那以后的比对和填报都不在了（现在的台账会先备份）"
    if not agreed(context.obj, question, yes=yes):
        raise FupinError("没有确认，台账没有改动", cure="核对后再做一次并回答 y，或加上 --yes")
    chosen = backups.restore(path, number)
    document = {"number": chosen.number, "before": chosen.what}
    context.obj.answer(
        document, lambda console: console.print(f"已恢复为备份{number}（{chosen.what}）。", markup=False)
    )


def agreed(session: Session, question: str, *, yes: bool) -> bool:
    """Whether somebody at a terminal says yes; with ``--json`` or ``--quiet`` nobody can be asked."""
    if yes:
        return True
    if session.as_json or session.quiet:
        return False
    try:
        return typer.confirm(question)
    except typer.Abort:  # nobody there to answer, or Ctrl-C
        return False


@app.command("stats")
def stats(
    context: typer.Context,
    by: Annotated[By, typer.Option("--by", help="按单位 unit、镇 town 或类别 category")] = By.unit,
    as_of: AsOf = None,
) -> None:
    """按单位、镇、类别统计。

    发现、属实率、整改率、销号率、超期、反弹，未销号问题的天数。

    例：fupin ledger stats --by town --as-of 2020-06-30
    """
    from fupin_cli.ledger.query import ledger_table
    from fupin_cli.ledger.stats import statistics

    day = day_or_today(as_of)
    rows = statistics(ledger_table(ledger_path(context.obj)), day, by.value).to_dicts()

    def show(console: Any) -> None:
        from fupin_cli.reports.ledger_terminal import print_statistics

        print_statistics(console, rows, by.value, day)

    context.obj.answer(rows, show)


@app.command("export")
def export(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Argument(help="写到哪里；默认 输出/整改台账.xlsx", metavar="[文件]", show_default=False)
    ] = None,
    as_of: AsOf = None,
    mask: Mask = False,
    encrypt: Encrypt = False,
) -> None:
    """导出可打印的整改台账。

    例：fupin ledger export 整改台账.xlsx
    """
    from fupin_cli.ledger.query import ledger_table
    from fupin_cli.outputs import masked_table
    from fupin_cli.reports.ledger_workbook import write_ledger

    workspace = context.obj.workspace()
    path = out or workspace.root / "输出" / f"{out_name('整改台账', mask=mask)}.xlsx"
    table = ledger_table(ledger_path(context.obj))
    shown = masked_table(table) if mask else table
    write_ledger(path, shown, workspace.district, day_or_today(as_of), new_password(encrypt))
    document = {"out": str(path), "findings": table.height}
    context.obj.files.append(path)
    context.obj.answer(document, lambda console: console.print(f"已写出 {path}，共{table.height:,}条。", markup=False))


def ledger_path(session: Session) -> Path:
    """The ledger of the workspace; raises outside of one."""
    from fupin_cli.errors import FupinError

    workspace = session.workspace()
    if not workspace.configured:
        raise FupinError("这里不是工作目录，没有整改台账", cure="先运行 fupin init，或用 --workspace 指定")
    return workspace.ledger


def _finding(session: Session, key: str) -> dict[str, Any]:
    """The one finding whose number begins with ``key``."""
    from fupin_cli.ledger.selection import finding_by_prefix

    return finding_by_prefix(ledger_path(session), key)
