"""``fupin report``: the HTML page and the Word report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fupin_cli.cli.context import Encrypt, new_password
from fupin_cli.cli.dates import parse_day

if TYPE_CHECKING:
    from fupin_cli.reports.model import Report
    from fupin_cli.workspace import Workspace


def report(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(help="一次比对的输出文件夹", metavar="输出文件夹", show_default=False)
    ] = None,
    since: Annotated[str | None, typer.Option("--from", help="起始日期，如 2020-01-01", metavar="日期")] = None,
    until: Annotated[str | None, typer.Option("--to", help="截止日期，如 2020-06-30", metavar="日期")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="写到哪个文件夹；默认为输出文件夹，或 输出/报告-起始日期-截止日期/", show_default=False),
    ] = None,
    mask: Annotated[
        bool, typer.Option("--mask/--full-ids", help="遮盖证件号码和手机号（默认），或显示全号", show_default=False)
    ] = True,
    encrypt: Encrypt = False,
    signed_on: Annotated[
        str | None, typer.Option("--date", help="Word 报告的成文日期；默认留空", metavar="日期")
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="只把 Word 模板写到工作目录的 模板/，供修改")] = False,
) -> None:
    """领导看的报告：一个网页（不联网，加密时不写）和一份 Word 数据比对情况报告。

    例：fupin report 输出/2020-06-30
    例：fupin report --from 2020-01-01 --to 2020-06-30
    """
    from fupin_cli.errors import FupinError
    from fupin_cli.outputs import masked_report, refuse_open_files
    from fupin_cli.reports.html import NAME as PAGE
    from fupin_cli.reports.html import write_html
    from fupin_cli.reports.word import NAME as DOCUMENT
    from fupin_cli.reports.word import write_word, write_word_template

    session = context.obj
    workspace = session.workspace()
    if template:
        path = write_word_template(_configured(workspace).root)
        session.answer({"template": str(path)}, lambda console: console.print(f"已写出模板：{path}", soft_wrap=True))
        return
    if (folder is None) == (since is None and until is None):
        raise FupinError("要么给一次比对的输出文件夹，要么给 --from 和 --to", cure="运行 fupin report --help 查看用法")
    day = parse_day(signed_on, "--date") if signed_on else None
    password = new_password(encrypt)
    with session.progress("写报告"):
        if folder is not None:
            made, target = _of_run(folder, workspace), out or _beside(folder, encrypt)
        elif since is None or until is None:
            raise FupinError("一段时间的报告要同时给 --from 和 --to")
        else:
            made = _of_period(since, until, workspace)
            target = out or _beside(workspace.root / "输出" / f"报告-{made.since}-{made.summary.as_of}", encrypt)
        if encrypt:
            refuse_open_files(target)
        if mask:
            made = masked_report(made)
        own = workspace.root if workspace.configured else None
        write_word(target / DOCUMENT, made, day, own, password)
        if not encrypt:
            write_html(target / PAGE, made, full_ids=not mask)
    written = [target / name for name in ((DOCUMENT,) if encrypt else (PAGE, DOCUMENT))]
    session.files.extend(written)
    files = list(map(str, written))
    session.answer(
        {"files": files, "findings": len(made.findings)},
        lambda console: console.print("\n".join(["已写出：", *files]), soft_wrap=True, markup=False),
    )


def _beside(folder: Path, encrypt: bool) -> Path:
    """``folder``, or for encrypted files one beside it: a run whose report can be written is itself not encrypted."""
    from fupin_cli.outputs import encrypted_beside

    return encrypted_beside(folder.resolve()) if encrypt else folder


def _of_run(folder: Path, workspace: Workspace) -> Report:
    from dataclasses import replace

    from fupin_cli.reports.history import with_history
    from fupin_cli.reports.model import Report
    from fupin_cli.reports.record import read_record
    from fupin_cli.schema.kinds import load_kinds

    titles = {kind.id: kind.title for kind in load_kinds(workspace.schemas).values()}
    summary, findings = read_record(folder, titles)
    summary = replace(summary, district=summary.district or workspace.district)
    made = Report(summary, findings, towns=tuple(workspace.towns))
    if workspace.configured and workspace.ledger.exists():
        return with_history(made, workspace.ledger)
    return made


def _of_period(since: str, until: str, workspace: Workspace) -> Report:
    from fupin_cli.reports.history import period_report
    from fupin_cli.schema.kinds import load_kinds

    titles = {kind.id: kind.title for kind in load_kinds(_configured(workspace).schemas).values()}
    days = parse_day(since, "--from"), parse_day(until, "--to")
    return period_report(workspace.ledger, *days, workspace.district, tuple(workspace.towns), titles)


def _configured(workspace: Workspace) -> Workspace:
    from fupin_cli.errors import FupinError

    if not workspace.configured:
        raise FupinError("这里不是工作目录", cure="先运行 fupin init，或用 --workspace 指定")
    return workspace
