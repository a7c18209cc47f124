"""``fupin schema``: what a source may look like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console


def schema(
    context: typer.Context,
    kind_id: Annotated[
        str | None,
        typer.Argument(help="数据种类，如 education.enrolment", metavar="种类", show_default=False),
    ] = None,
    template: Annotated[Path | None, typer.Option(help="写出可填报的模板（.xlsx）", show_default=False)] = None,
) -> None:
    """数据种类：字段、认得的表头、允许的取值。

    例：fupin schema education.enrolment --template 学籍模板.xlsx
    """
    from fupin_cli.errors import FupinError
    from fupin_cli.schema.kinds import load_kinds

    kinds = load_kinds(context.obj.workspace().schemas)
    if kind_id is None:
        if template is not None:
            raise FupinError("写模板要说明数据种类", cure="例如 fupin schema education.enrolment --template 学籍.xlsx")
        listed = [{"kind": kind.id, "title": kind.title, "bureau": kind.bureau} for kind in kinds.values()]
        context.obj.answer(listed, lambda console: _list(console, listed))
        return
    if kind_id not in kinds:
        raise FupinError(f"没有数据种类“{kind_id}”", cure="运行 fupin schema 查看全部种类")
    kind = kinds[kind_id]
    if template is not None:
        from fupin_cli.schema.template import write_template

        write_template(kind, template)
        context.obj.answer({"template": str(template)}, lambda console: console.print(f"已写出模板：{template}"))
        return
    fields = [
        {
            "name": field.name, "title": field.title, "type": field.type, "required": field.required,
            "aliases": list(field.aliases), "values": list(field.vocabulary or ()),
        }
        for field in kind.fields
    ]  # fmt: skip
    card = {"kind": kind.id, "title": kind.title, "bureau": kind.bureau, "fields": fields}
    context.obj.answer(card, lambda console: _show(console, card))


def _list(console: Console, listed: list[dict[str, str]]) -> None:
    from rich.table import Table

    table = Table("种类", "名称", "提供单位", box=None, header_style="bold")
    for row in listed:
        table.add_row(row["kind"], row["title"], row["bureau"])
    console.print(table)


def _show(console: Console, card: dict[str, Any]) -> None:
    from rich.table import Table

    console.print(f"[bold]{card['title']}[/bold]（{card['kind']}，{card['bureau']}）；* 为必须有的列")
    table = Table("字段", "名称", "认得的表头", "允许的取值", box=None, header_style="bold")
    for field in card["fields"]:
        star = "*" if field["required"] else ""
        table.add_row(field["name"], field["title"] + star, "、".join(field["aliases"]), "、".join(field["values"]))
    console.print(table)
