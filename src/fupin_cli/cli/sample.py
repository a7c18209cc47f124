"""``fupin sample``: a realistic district with planted problems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fupin_cli.cli.dates import parse_as_of, parse_months


def sample(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="写到哪个文件夹", metavar="目录")],
    as_of: Annotated[str, typer.Option("--as-of", help="导出日期", metavar="日期")] = "2020-06-30",
    seed: Annotated[int, typer.Option(help="随机种子；同一种子写出同样的文件")] = 2020,
    persons: Annotated[int, typer.Option(help="台账人数", min=300)] = 1357,
    months: Annotated[
        str | None,
        typer.Option(
            help="写出同一个区逐月的导出表，每月一个文件夹，如 2020-02..2020-12；不用 --as-of", metavar="起..止"
        ),
    ] = None,
) -> None:
    """写出一套仿真的导出表（虚构人员，带常见的乱象）和其中问题的真值文件。

    例：fupin sample 练习/2020-06 --persons 5000

    逐月：fupin sample 练习/全年 --months 2020-02..2020-12（问题出现、整改、反弹，有的月份缺表；truth.json 写明每月之后台账应有的状态）
    """
    if months is not None:
        _sample_months(context, folder, months, seed, persons)
        return
    from fupin_cli.sample.generate import generate

    with context.obj.progress("生成仿真数据"):
        truth = generate(folder, as_of=parse_as_of(as_of), seed=seed, persons=persons)
    found = len(truth.findings)
    context.obj.answer(
        {"folder": str(folder), "findings": found},
        lambda console: console.print(f"已写出仿真数据：{folder}（预置问题 {found} 个，见 truth.json）"),
    )


def _sample_months(context: typer.Context, folder: Path, months: str, seed: int, persons: int) -> None:
    from fupin_cli.sample.months import generate_months, month_ends

    days = month_ends(*parse_months(months))
    with context.obj.progress("生成仿真数据"):
        steps = generate_months(folder, days, seed=seed, persons=persons)
    found = len(steps[-1].ledger)
    context.obj.answer(
        {"folder": str(folder), "months": [f"{day:%Y-%m}" for day in days], "findings": found},
        lambda console: console.print(
            f"已写出{len(days)}个月的仿真数据：{folder}（先后有问题 {found} 个，每月之后的台账状态见 truth.json）"
        ),
    )
