"""``fupin init``: a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="工作目录", metavar="目录")] = Path("."),
    district: Annotated[str, typer.Option(help="填报单位名称，印在问题清单上")] = "",
) -> None:
    """建立工作目录：fupin.toml（单位、镇村、控制数）、policy.toml（政策参数）和文件夹。

    例：fupin init 美兰区 --district 美兰区扶贫办
    """
    from fupin_cli.workspace import init_workspace

    written = init_workspace(folder, district)

    context.obj.answer(
        {"workspace": str(folder), "written": [str(path) for path in written]},
        lambda console: console.print(
            "\n".join(["已建立：", *(f"  {path}" for path in written)]) if written else "都已存在，没有改动。"
        ),
    )
