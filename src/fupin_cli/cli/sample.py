"""``fupin sample``: a realistic district with planted problems."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from fupin_cli.cli.dates import parse_as_of, parse_months
from fupin_cli.errors import FupinError

# Workbooks are made of a district held in memory as a whole: so many persons take 1.3 GB.
MOST_IN_WORKBOOKS = 100_000


class FormatName(StrEnum):
    """What the exports are written as."""

    xlsx = "xlsx"
    csv = "csv"
    parquet = "parquet"


def sample(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="写到哪个文件夹", metavar="目录")],
    as_of: Annotated[str, typer.Option("--as-of", help="导出日期", metavar="日期")] = "2020-06-30",
    seed: Annotated[int, typer.Option(help="随机种子；同一种子写出同样的文件")] = 2020,
    persons: Annotated[int, typer.Option(help="台账人数", min=300)] = 1357,
    form: Annotated[
        FormatName, typer.Option("--format", help="xlsx 是带表头、合计的各种表；csv、parquet 是平表，人数再多也写得下")
    ] = FormatName.xlsx,
    months: Annotated[
        str | None,
        typer.Option(
            help="写出同一个区逐月的导出表，每月一个文件夹，如 2020-02..2020-12；不用 --as-of", metavar="起..止"
        ),
    ] = None,
) -> None:
    """写出一套仿真的导出表（虚构人员，带常见的乱象）和其中问题的真值文件。

    例：fupin sample 练习/2020-06 --persons 5000

    大区：fupin sample 练习/大区 --persons 1000000 --format parquet（约930万行；每行说的是谁见 truth-links.jsonl.gz）

    逐月：fupin sample 练习/全年 --months 2020-02..2020-12（问题出现、整改、反弹，有的月份缺表；truth.json 写明每月之后台账应有的状态）
    """
    if form is FormatName.xlsx and persons > MOST_IN_WORKBOOKS:
        cure = "" if months else "，或加上 --format csv（或 parquet）"
        raise FupinError(
            f"写成 xlsx 的台账最多 {MOST_IN_WORKBOOKS:,} 人（整个区要放进内存，一张工作表也只有 1,048,576 行）",
            cure=f"减少人数{cure}",
        )
    if months is not None:
        if form is not FormatName.xlsx:
            raise FupinError("逐月的数据只写 xlsx", cure="去掉 --format，或不用 --months")
        _sample_months(context, folder, months, seed, persons)
        return
    day = parse_as_of(as_of)
    with context.obj.progress("生成仿真数据"):
        if form is FormatName.xlsx:
            from fupin_cli.sample.generate import generate

            found = len(generate(folder, as_of=day, seed=seed, persons=persons).findings)
        else:
            from fupin_cli.sample.blocks import generate_blocks

            plain: Literal["csv", "parquet"] = "csv" if form is FormatName.csv else "parquet"
            found = len(generate_blocks(folder, plain, as_of=day, seed=seed, persons=persons))
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
