"""``fupin receipt``: what arrived and how far it is believed; a person's word that a doubt is none."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from fupin_cli.cli.context import written

if TYPE_CHECKING:
    from fupin_cli.cli.context import Session
    from fupin_cli.receipt.model import Receipt
    from fupin_cli.schema.kinds import Kind
    from fupin_cli.workspace import Workspace

app = typer.Typer(
    help="收件登记：最近一次比对收到了什么，哪些存疑；认可一处存疑。\n\n例：fupin receipt", invoke_without_command=True
)


@app.callback()
def show(context: typer.Context) -> None:
    """收件登记：最近一次比对收到了什么，哪些存疑；认可一处存疑。

    例：fupin receipt
    """
    if context.invoked_subcommand is not None:
        return
    from fupin_cli.reports.receipt_terminal import print_receipt

    receipt = _last(_workspace(context.obj))
    document = {**asdict(receipt), "as_of": receipt.as_of.isoformat()}
    context.obj.answer(document, lambda console: print_receipt(console, receipt))


@app.command("accept")
def accept(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="名单的名称或编号，如 低保名单、civil.dibao", metavar="名单")],
    reason: Annotated[str, typer.Option("--reason", help="为什么可信", metavar="理由")],
    by: Annotated[str, typer.Option("--by", help="认可人", metavar="姓名")],
    town: Annotated[str, typer.Option("--town", help="只认可这个镇；默认整份名单", metavar="镇")] = "",
    standing: Annotated[
        bool, typer.Option("--standing", help="以后各次也认可：如本区没有这份名单；默认只对这次的文件")
    ] = False,
) -> None:
    """认可一处存疑（留痕）：这份名单就是这样，照常比对。重新比对后生效。

    例：fupin receipt accept 低保名单 --town 三江镇 --reason 集中清退，有文件 --by 李四

    本区没有的名单：fupin receipt accept 控辍保学台账 --standing --reason 本区没有此表 --by 李四
    """
    from fupin_cli.ledger.receipts import add_acceptance
    from fupin_cli.receipt.model import Acceptance

    written(reason, "--reason", "写明为什么可信")
    written(by, "--by", "写明认可人的姓名")
    workspace = _workspace(context.obj)
    meant = _kind(kind, workspace)
    day, digests = ("", ()) if standing else _doubted(_last(workspace), meant, town)
    at = datetime.now().isoformat(timespec="seconds")
    word = Acceptance(meant.id, town, reason, by, at, day, standing, digests)
    add_acceptance(workspace.ledger, word)
    text = f"已认可：{meant.title}{town}（{'以后各次' if standing else '只对这次的文件'}）。重新运行 fupin reconcile 后生效。"
    context.obj.answer({**asdict(word), "title": meant.title}, lambda console: console.print(text, markup=False))


def _doubted(receipt: Receipt, kind: Kind, town: str) -> tuple[str, tuple[str, ...]]:
    """The day and the files of a doubt; raises where there is none."""
    from fupin_cli.errors import FupinError

    scopes = [one for one in receipt.scopes if one.kind == kind.id and (one.in_doubt or receipt.blanked(kind.id))]
    if not any(town in ("", scope.town) for scope in scopes):
        raise FupinError(
            f"最近一次比对（{receipt.as_of}）中，{kind.title}{town}没有存疑", cure="用 fupin receipt 查看哪些存疑"
        )
    return receipt.as_of.isoformat(), scopes[0].digests


def _kind(name: str, workspace: Workspace) -> Kind:
    """The kind of an id or a title."""
    from difflib import get_close_matches

    from fupin_cli.errors import FupinError
    from fupin_cli.schema.kinds import load_kinds

    kinds = load_kinds(workspace.schemas)
    for kind in kinds.values():
        if name in (kind.id, kind.title):
            return kind
    near = get_close_matches(name, [kind.title for kind in kinds.values()], 1, 0.3)
    cure = f"是不是“{near[0]}”？" if near else ""
    raise FupinError(f"没有名单“{name}”", cure=f"{cure}用 fupin schema list 查看各种名单")


def _last(workspace: Workspace) -> Receipt:
    from fupin_cli.errors import FupinError
    from fupin_cli.ledger.receipts import newest_receipt

    receipt = newest_receipt(workspace.ledger)
    if receipt is None:
        raise FupinError("还没有收件登记", cure="先在工作目录里运行 fupin reconcile")
    return receipt


def _workspace(session: Session) -> Workspace:
    from fupin_cli.errors import FupinError

    workspace = session.workspace()
    if not workspace.configured:
        raise FupinError("这里不是工作目录，没有收件登记", cure="先运行 fupin init，或用 --workspace 指定")
    return workspace
