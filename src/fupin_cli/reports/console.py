"""Tables and lines on a terminal of 80 columns; every text from data is one printable line."""

from __future__ import annotations

from rich.box import Box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fupin_cli.reports.wording import one_line

MAX_WIDTH = 80
# Only ASCII: Chinese consoles draw line characters two columns wide.
HEAD_RULE = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def plain_table(title: str, *columns: tuple[str, int | None]) -> Table:
    """A table of at most 80 columns: text left, numbers right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=HEAD_RULE, pad_edge=False)
    for at, (name, width) in enumerate(columns):
        table.add_column(name, justify="right" if at else "left", width=width, overflow="fold")
    return table


def show_table(console: Console, table: Table) -> None:
    console.print(table, width=min(console.width, MAX_WIDTH))


def show_line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style, overflow="fold"), width=min(console.width, MAX_WIDTH))


def text_cell(text: str) -> Text:
    return Text(one_line(text))
