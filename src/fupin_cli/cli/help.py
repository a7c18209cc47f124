"""Help pages in Chinese: what Typer writes by itself is in English."""

from __future__ import annotations

import contextlib
import io
import unicodedata
from collections.abc import Iterator

# English words of a help page → Chinese, written in the same number of columns so that the frames stay straight.
WORDS = {
    "Usage:": "用法：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数…]",
    "Show this message and exit.": "显示这一页。",
    "<path>": "路径",
    "<bool>": "",
    "<list[Path]>": "路径",
    "<list[str]>": "文字",
    "<str>": "文字",
    "<int>": "整数",
    "<int range>": "整数",
    "<text>": "文字",
    "<integer>": "整数",
    "[required]": "[必填]",
    "[default:": "[默认：",
}


@contextlib.contextmanager
def chinese_help() -> Iterator[None]:
    """Everything printed inside comes out in Chinese. Imports Rich, so it is for help pages only."""
    import typer.rich_utils as texts

    texts.ARGUMENTS_PANEL_TITLE = "参数"
    texts.OPTIONS_PANEL_TITLE = "选项"
    texts.COMMANDS_PANEL_TITLE = "命令"
    page = io.StringIO()
    try:
        with contextlib.redirect_stdout(page):
            yield
    finally:
        print(translated(page.getvalue()), end="")


def translated(page: str) -> str:
    """The page with its English words replaced, column for column."""
    for english, chinese in WORDS.items():
        width = sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in chinese)
        page = page.replace(english, chinese + " " * (len(english) - width))
    return page
