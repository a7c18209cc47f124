"""``fupin sample``: a realistic district with planted problems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fupin_cli.cli.dates import parse_as_of


def sample(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="写到哪个文件夹", metavar="目录")],
    as_of: Annotated[str, typer.Option("--as-of", help="导出日期", metavar="日期")] = "2020-06-30",
    seed: Annotated[int, typer.Option(help="随机种子；同一种子写出同样的文件")] = 2020,
    persons: Annotated[int, typer.Option(help="台账人数", min=200)] = 1357,
) -> None:
    """写出一套仿真的导出表（虚构人员，带常见的乱象）和其中问题的真值文件。

    例：fupin sample 练习/2020-06 --persons 5000
    """
    from fupin_cli.sample.generate import generate

    with context.obj.progress("生成仿真数据"):
        truth = generate(folder, as_of=parse_as_of(as_of), seed=seed, persons=persons)
    found = len(truth.findings)
    context.obj.answer(
        {"folder": str(folder), "findings": found},
        lambda console: console.print(f"已写出仿真数据：{folder}（预置问题 {found} 个，见 truth.json）"),
    )
