"""Lights of households on the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from fupin_cli.lights.changes import BETTER, GONE, NEW, WORSE, Change
from fupin_cli.lights.model import LIGHTS, RED, YELLOW, LightRun
from fupin_cli.reports.console import plain_table, show_line, show_table, text_cell
from fupin_cli.reports.lights_counts import villages_of
from fupin_cli.reports.wording import NO_TOWN, chinese_date, one_line

STYLES = {RED: "bold red", YELLOW: "yellow"}
KINDS = (WORSE, BETTER, NEW, GONE)
SHOWN = 20


def lights_document(run: LightRun) -> dict[str, Any]:
    """Every household with its light, reasons and what is due."""
    return {
        "as_of": run.as_of.isoformat(),
        "counts": {light: run.count(light) for light in LIGHTS},
        "gaps": list(run.gaps),
        "households": [
            {
                "household_id": one.household.household_id, "head": one.household.head, "town": one.household.town,
                "village": one.household.village, "light": one.light, "computed": one.computed,
                "reasons": [{"condition": reason.condition, "detail": reason.detail, "place": reason.place} for reason in one.reasons],
                "due": list(one.due),
            }
            for one in run.lights
        ],
    }  # fmt: skip


def print_lights(
    console: Console, run: LightRun, since: str | None, changes: Sequence[Change], files: Sequence[str]
) -> None:
    """Counts by town, what could not be judged, what is due, what changed."""
    counts = "，".join(f"{light}{run.count(light)}户" for light in LIGHTS)
    show_line(console, f"三色灯  {chinese_date(run.as_of)}  共{len(run.lights)}户：{counts}")
    for gap in run.gaps:
        show_line(console, f"注意：{gap}", "yellow")
    table = plain_table("", ("镇", None), *((name, 8) for name in (*LIGHTS, "合计", "待办")))
    for town in villages_of(run.lights):
        if town.village is None:
            cells = [Text(str(count), STYLES.get(light, "")) for light, count in zip(LIGHTS, town.lights, strict=True)]
            table.add_row(text_cell(town.town or NO_TOWN), *cells, str(town.total), str(town.due))
    show_table(console, table)
    if since:
        show_line(console, f"与{since}相比：{_counts(changes)}。")
    show_line(console, "输出文件：")
    for file in files:
        console.print(Text(f"  {one_line(file)}"), soft_wrap=True)


def print_changes(console: Console, before: str, after: str, changes: Sequence[Change]) -> None:
    """The first changes, and how many there are."""
    show_line(console, f"{before} → {after}：{_counts(changes)}。")
    for one in changes[:SHOWN]:
        place = one_line(f"{one.town}{one.village}") or NO_TOWN
        lights = f"{one.before or '（无）'} → {one.after or '（无）'}"
        show_line(console, f"{one.kind}  {place} {one_line(one.head)}（{one_line(one.household_id)}）  {lights}")
        if one.reasons:
            show_line(console, f"      {one_line(one.reasons)}")
    if len(changes) > SHOWN:
        show_line(console, f"……共{len(changes)}户，全部见“三色灯.xlsx”的“变化”表，或加 --json。")


def _counts(changes: Sequence[Change]) -> str:
    if not changes:
        return "没有变化"
    return "，".join(f"{kind}{sum(one.kind == kind for one in changes)}户" for kind in KINDS)
