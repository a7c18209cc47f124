"""A month of supervision on the terminal and as JSON."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from fupin_cli.reports.console import plain_table, show_line, show_table, text_cell
from fupin_cli.supervision.month import GREEN, OPEN, RED, YELLOW, Month, UnitMonth

LIGHTS = (RED, YELLOW, GREEN, OPEN)
HEADS = ("名次", "按时序", "平均进度", "黄灯", "红灯", "未报期数")
STYLES = {RED: "bold red", YELLOW: "yellow"}


def month_document(month: Month) -> dict[str, Any]:
    """Every unit with its rank and every unit-task with its light."""
    return {
        "month": f"{month.first:%Y-%m}",
        "judged_on": month.judged_on.isoformat(),
        "lights": {light: len(month.lit(light)) for light in LIGHTS},
        "units": [
            {
                "unit": unit.unit, "group": group, "rank": unit.rank, "tasks": len(unit.standings), "rate": unit.rate,
                "mean_done": unit.mean_done, "missed": [period.last.isoformat() for period in unit.missed],
                "overdue": unit.overdue,
                "matters": [
                    {"clause": one.task.clause, "light": one.light, "state": one.state, "due": one.due,
                     "done": one.report.done if one.report else None, "place": one.report.place if one.report else ""}
                    for one in unit.standings
                ],
            }
            for group, units in (("镇", month.towns), ("部门", month.bureaus)) for unit in units
        ],
    }  # fmt: skip


def print_month(console: Console, month: Month) -> None:
    """Counts of lights, then the rankings."""
    counts = "，".join(f"{light}{len(month.lit(light))}个" for light in LIGHTS)
    title = f"{month.first.year}年{month.first.month}月（计划进度按{month.judged_on.isoformat()}计算）：{counts}"
    show_line(console, title)
    for title, units in (("各镇排名", month.towns), ("各部门排名", month.bureaus)):
        table = plain_table(title, ("单位", None), *((name, 8) for name in HEADS))
        for unit in units:
            table.add_row(*_cells(unit))
        show_table(console, table)


def _cells(unit: UnitMonth) -> list[Text]:
    return [
        text_cell(unit.unit), Text(str(unit.rank)), Text(f"{unit.on_schedule}/{len(unit.standings)}"), Text(f"{unit.mean_done:g}%"),
        *(Text(str(len(unit.lit(light))) if unit.lit(light) else "-", STYLES[light] if unit.lit(light) else "") for light in (YELLOW, RED)),
        Text(str(len(unit.missed)) if unit.missed else "-"),
    ]  # fmt: skip
