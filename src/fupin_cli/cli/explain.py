"""``fupin explain``: everything about one household or person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fupin_cli.cli.dates import parse_as_of

if TYPE_CHECKING:
    from rich.console import Console


def explain(
    context: typer.Context,
    who: Annotated[str, typer.Argument(help="户编号、人编号、证件号码或姓名", metavar="谁")],
    paths: Annotated[list[Path], typer.Argument(help="导出表或其文件夹", metavar="路径…")],
    as_of: Annotated[str, typer.Option("--as-of", help="比对日期，如 2020-06-30", metavar="日期")],
) -> None:
    """一户或一人：各部门的数据怎么说、凭什么认定是同一人、有哪些问题。

    例：fupin explain 张三 2020-06 --as-of 2020-06-30
    """
    from fupin_cli.dossier import dossiers
    from fupin_cli.run import compare

    session = context.obj
    with session.progress("查找") as progress:
        run = compare(paths, parse_as_of(as_of), session.workspace(), progress=progress)
    found = dossiers(run, who)
    session.answer(found, lambda console: _show_all(console, found))


def _show_all(console: Console, found: list[dict[str, Any]]) -> None:
    for person in found:
        _show(console, person)


def _show(console: Console, person: dict[str, Any]) -> None:
    console.print()
    _line(
        console,
        (person["name"], "bold"),
        f"　户编号{person['household_id']}，人编号{person['person_no']}，{person['town']}{person['village']}",
    )
    _line(console, f"证件号码{person['id_number'] or '（缺）'}")
    for record in person["records"]:
        _line(console, (record["source"], "bold"), f"　{record['place']}")
        _line(console, f"　认定：{record['link']}")
        _line(console, "　内容：" + "；".join(f"{title}：{text}" for title, text in record["fields"].items()))
    for candidate in person["candidates"]:
        _line(console, ("待人工确认", "yellow"), f"　{candidate['source']}　{candidate['place']}")
        _line(console, f"　{candidate['who']}：{candidate['reason']}")
    if not person["findings"]:
        _line(console, "没有发现问题。")
    for finding in person["findings"]:
        _line(
            console,
            (f"{finding['rule_id']}{finding['severity']}", "red"),
            f"　{finding['title']}（{finding['owner']}）",
        )
        _line(console, f"　{finding['detail']}")


def _line(console: Console, *parts: str | tuple[str, str]) -> None:
    """One paragraph, folded at any character as Chinese text is; words from the data are never markup or controls."""
    from rich.text import Text

    from fupin_cli.reports.wording import printable

    shown = [printable(part) if isinstance(part, str) else (printable(part[0]), part[1]) for part in parts]
    console.print(Text.assemble(*shown, overflow="fold"))
