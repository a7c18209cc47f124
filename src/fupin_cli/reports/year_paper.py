"""年度比对总结.docx: the year's rounds for the leading group, in the layout of an official document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fupin_cli.reports.docx_template import render, template
from fupin_cli.reports.official import (
    add_body,
    add_heading,
    add_signature,
    add_table,
    add_title,
    new_document,
    signing_day,
)
from fupin_cli.reports.wording import NO_TOWN
from fupin_cli.reports.year_words import (
    PARTLY,
    ROUND_HEADS,
    cell_words,
    round_heads,
    round_rows,
    state_rows,
    year_title,
    years_story,
)
from fupin_cli.rounds.summary import Year

if TYPE_CHECKING:
    from docx.document import Document as Doc

WIDTH_MM = 156
NAME_MM = 58


def write_year_paper(out: Path, year: Year, district: str, password: str = "") -> None:
    """Write the Word report of the year; ``district`` signs it."""
    context = {
        "story": years_story(year),
        "rounds": round_rows(year),
        "categories": [[name, *map(cell_words, cells)] for name, cells in year.categories.items()],
        "rules": [[f"{one.rule_id} {one.title}", *map(cell_words, one.cells)] for one in year.trends],
        "towns": [[town or NO_TOWN, *map(cell_words, cells)] for town, cells in year.towns.items()],
        "totals": [cell_words(cell) for cell in year.totals],
        "states": state_rows(year),
        "findings": year.counted.found,
    }
    render(template(None, out.name, lambda: _paper(year, district)), context, out, password)


def _paper(year: Year, district: str) -> Doc:
    title = year_title(year, district)
    document = new_document("".join(title))
    add_title(document, *(line for line in title if line))
    add_heading(document, "一、开展情况")
    add_body(document, "{{ story }}")
    narrow = (WIDTH_MM - 48 - 23) / 6
    add_table(
        document, "表1　各轮比对情况", ROUND_HEADS, _cells(len(ROUND_HEADS)), "row in rounds", (48, 23, *[narrow] * 6)
    )
    add_body(document, "“较上轮新增”“较上轮消除”只计算两轮都比对到的规则和镇。")
    add_heading(document, "二、问题变化")
    _trend(document, year, "表2　按保障类别", "保障类别", "categories")
    _trend(document, year, "表3　按规则", "规则", "rules")
    add_body(document, PARTLY)
    _trend(document, year, "表4　按镇", "镇", "towns")
    add_heading(document, "三、整改情况")
    add_body(document, "各轮发现的问题目前状态如下。")
    total = ("合计", "{{ findings }}")
    add_table(document, "表5　整改状态", ("状态", "问题数"), _cells(2), "row in states", (NAME_MM, 40), total=total)
    add_signature(document, district or "（单位名称）", signing_day(None))
    return document


def _trend(document: Doc, year: Year, caption: str, name: str, rows: str) -> None:
    heads = round_heads(year)
    widths = (NAME_MM, *[(WIDTH_MM - NAME_MM) / len(heads)] * len(heads))
    totals = ("合计", *(f"{{{{ totals[{at}] }}}}" for at in range(len(heads))))
    add_table(document, caption, (name, *heads), _cells(len(widths)), f"row in {rows}", widths, total=totals)


def _cells(count: int) -> list[str]:
    return [f"{{{{ row[{at}] }}}}" for at in range(count)]
