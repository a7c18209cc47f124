"""``fupin lights``: 红黄绿 of households, their reasons, what is due, and what changed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fupin_cli.cli.context import Encrypt, Mask, new_password, out_name, written
from fupin_cli.cli.dates import parse_as_of, parse_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from fupin_cli.cli.context import Session
    from fupin_cli.lights.changes import Change

app = typer.Typer(
    help="三色灯：给台账和监测名单的每一户亮红、黄、绿灯，写明理由，催办帮扶措施和跟踪，看出变化。",
    no_args_is_help=True,
)
By = Annotated[str, typer.Option("--by", help="操作人", metavar="姓名")]
NAME = "写明操作人的姓名"
Home = Annotated[str, typer.Argument(help="户编号", metavar="户编号")]


class Light(StrEnum):
    """Lights people may set."""

    red = "红灯"
    yellow = "黄灯"
    green = "绿灯"


@app.command("run")
def run(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="导出表或其文件夹", metavar="路径…")],
    as_of: Annotated[str, typer.Option("--as-of", help="判定日期，如 2020-06-30", metavar="日期")],
    out: Annotated[Path | None, typer.Option(help="输出文件夹；默认 输出/三色灯/<日期>/", show_default=False)] = None,
    mask: Mask = False,
    encrypt: Encrypt = False,
) -> None:
    """判定每一户的灯，写出名单和卡片。

    名单按村（Excel），卡片是网页（加密时不写）；结果保存在整改台账里。先运行 fupin reconcile。

    例：fupin lights run 2020-06 --as-of 2020-06-30
    """
    from fupin_cli.household_lights import lighting_households
    from fupin_cli.outputs import masked_lights, refuse_open_files
    from fupin_cli.reports.files import placing
    from fupin_cli.reports.lights_page import PAGE, write_lights_page
    from fupin_cli.reports.lights_sheet import SHEET, write_lights
    from fupin_cli.reports.lights_terminal import lights_document, print_lights

    session: Session = context.obj
    workspace = session.workspace()
    day = parse_as_of(as_of)
    folder = out or workspace.root / "输出" / "三色灯" / out_name(day.isoformat(), mask=mask)
    if encrypt:
        refuse_open_files(folder)
    password = new_password(encrypt)
    names = [SHEET] if encrypt else [SHEET, PAGE]
    with (
        session.progress("三色灯") as progress,
        placing(folder) as (draft, move_in),
        lighting_households(paths, day, workspace, _now(), progress) as kept,
    ):
        lit = masked_lights(kept) if mask else kept
        write_lights(draft / SHEET, lit.run, workspace.district, workspace.policy, lit.since, lit.changes, password)
        if not encrypt:
            write_lights_page(draft / PAGE, lit.run, workspace.district, workspace.policy)
        move_in(names, ())
    written = [folder / name for name in names]
    files = [str(path) for path in written]
    session.files.extend(written)
    session.answer(
        {
            **lights_document(lit.run),
            "new": lit.new,
            "since": lit.since,
            "changes": [asdict(one) for one in lit.changes],
            "files": files,
        },
        lambda console: print_lights(console, lit.run, lit.since, lit.changes, files),
    )


@app.command("diff")
def diff(
    context: typer.Context,
    before: Annotated[
        str | None, typer.Option("--from", help="前一个日期；默认后一个日期之前最近一次", metavar="日期")
    ] = None,
    after: Annotated[str | None, typer.Option("--to", help="后一个日期；默认最近一次", metavar="日期")] = None,
) -> None:
    """两次判定之间哪些户的灯变了：加重、减轻、新增、不再在册。

    例：fupin lights diff --from 2020-05-31 --to 2020-06-30
    """
    from fupin_cli.household_lights import light_changes, two_days
    from fupin_cli.reports.lights_terminal import print_changes

    session: Session = context.obj
    ledger = _ledger(session)
    days = two_days(ledger, _iso(before, "--from"), _iso(after, "--to"))
    changes: Sequence[Change] = light_changes(ledger, *days)
    rows = [{**asdict(one), "kind": one.kind} for one in changes]
    session.answer(
        {"from": days[0], "to": days[1], "changes": rows}, lambda console: print_changes(console, *days, changes)
    )


@app.command("set")
def set_(
    context: typer.Context,
    household: Home,
    light: Annotated[Light, typer.Option(help="改为哪种灯")],
    reason: Annotated[str, typer.Option(help="理由", metavar="文字")],
    until: Annotated[str, typer.Option(help="有效期至，过后恢复按判定表", metavar="日期")],
    by: By,
) -> None:
    """人工调整一户的灯，写明理由和有效期；留痕。

    例：fupin lights set 4601080001 --light 红灯 --reason 户主突发重病 --until 2020-12-31 --by 张三
    """
    from fupin_cli.household_lights import set_light
    from fupin_cli.lights.model import Override

    session: Session = context.obj
    day = parse_day(until, "--until")
    written(reason, "--reason", "写明理由")
    written(by, "--by", NAME)
    set_light(_ledger(session), household, Override(light.value, reason, day), who=by, at=_now())
    session.answer(
        {"household_id": household, "light": light.value, "until": day},
        lambda console: console.print(
            f"户编号{household}已调整为{light.value}，至{day.isoformat()}；下次判定时生效。", markup=False
        ),
    )


@app.command("clear")
def clear(context: typer.Context, household: Home, by: By) -> None:
    """撤销一户的人工调整；也留痕。

    例：fupin lights clear 4601080001 --by 张三
    """
    from fupin_cli.ledger.lights import clear_override

    session: Session = context.obj
    written(by, "--by", NAME)
    clear_override(_ledger(session), household, who=by, at=_now())
    session.answer(
        {"household_id": household, "cleared": True},
        lambda console: console.print(f"户编号{household}的人工调整已撤销；下次判定时生效。", markup=False),
    )


@app.command("import")
def import_(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="填好的三色灯名单，可以多个", metavar="文件…")],
    by: By,
) -> int:
    """读回各村填好的帮扶措施、帮扶责任人和下次跟踪日期。

    例：fupin lights import 灵山镇三色灯.xlsx --by 张三
    """
    from fupin_cli.household_lights import take_cares

    session: Session = context.obj
    ledger = _ledger(session)
    written(by, "--by", NAME)
    session.files.extend(files)
    reports = [take_cares(ledger, file, who=by, at=_now()) for file in files]

    def show(console: Console) -> None:
        for report in reports:
            text = f"{report.file}：记入{len(report.changed)}户，没有变化{report.same}户，退回{len(report.refused)}行。"
            console.print(text, markup=False)
            for place, reason in report.refused:
                console.print(f"  退回 {place}：{reason}", markup=False)

    session.answer([asdict(report) for report in reports], show)
    return 3 if any(report.refused for report in reports) else 0


@app.command("history")
def history(context: typer.Context, household: Home) -> None:
    """一户的灯历次怎样，人工做过什么。

    例：fupin lights history 4601080001
    """
    from fupin_cli.ledger.lights import light_events, lights_of_household

    session: Session = context.obj
    ledger = _ledger(session)
    days, events = lights_of_household(ledger, household), light_events(ledger, household)

    def show(console: Console) -> None:
        for row in days:
            console.print(f"{row['as_of']}  {row['light']}  {row['reasons'] or '没有风险情形'}", markup=False)
        for row in events:
            console.print(f"{row['at'][:10]}  {row['who']} {row['event']}：{row['old'] or '（无）'} → {row['new'] or '（无）'} {row['file']}", markup=False)  # fmt: skip
        if not days and not events:
            console.print("没有这一户的记录。")

    session.answer({"lights": days, "events": events}, show)


def _now() -> str:
    return datetime.now().isoformat(timespec="seconds")


def _iso(text: str | None, where: str) -> str | None:
    return parse_day(text, where).isoformat() if text else None


def _ledger(session: Session) -> Path:
    from fupin_cli.errors import FupinError

    workspace: Any = session.workspace()
    if not workspace.configured:
        raise FupinError("这里不是工作目录，三色灯无处保存", cure="先运行 fupin init，或用 --workspace 指定")
    return Path(workspace.ledger)
