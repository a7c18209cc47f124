"""The annual rounds (年度比对) on a terminal of 80 columns, and as JSON documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from fupin_cli.reports.console import plain_table, show_line, show_table, text_cell
from fupin_cli.reports.wording import NO_TOWN, chinese_date, one_line
from fupin_cli.reports.year_words import PARTLY, cell_words, rates_text, round_heads, state_rows
from fupin_cli.rounds.comparison import APART, GONE, NEW, OUTCOMES, PERSISTENT, Comparison
from fupin_cli.rounds.plan import Plan
from fupin_cli.rounds.status import DONE, DUE, LATE, Standing
from fupin_cli.rounds.summary import Year

STYLES = {DONE: "green", DUE: "yellow", LATE: "bold red"}


def plan_document(plan: Plan, path: Path) -> dict[str, Any]:
    return {"file": str(path), **asdict(plan)}


def print_plan(console: Console, plan: Plan, path: Path) -> None:
    table = plain_table(f"{plan.year}年度比对计划", ("轮次", 6), ("比对日期", 12), ("名称", None))
    table.columns[2].justify = "left"
    for planned in plan.rounds:
        table.add_row(f"第{planned.number}轮", planned.day.isoformat(), text_cell(planned.name))
    show_table(console, table)
    show_line(console, f"比对日期后{plan.grace_days}天内完成不算逾期。日期、轮次直接在文件里改：")
    console.print(Text(one_line(str(path))), soft_wrap=True)


def status_document(rows: Sequence[Standing], as_of: date) -> dict[str, Any]:
    return {"as_of": as_of, "rounds": [_standing(row) for row in rows]}


def _standing(row: Standing) -> dict[str, Any]:
    return {
        "round": row.round.number, "name": row.round.name, "date": row.round.day, "look_back": row.round.look_back,
        "state": row.state, "last_day": row.last_day, "as_of": row.as_of, "run_at": row.at, "out": row.out,
        "rules": {"checked": row.full, "partial": row.part, "not_checked": row.none}, "findings": row.findings,
    }  # fmt: skip


def print_status(console: Console, rows: Sequence[Standing], as_of: date) -> None:
    columns = (("轮次", 23), ("比对日期", 10), ("进度", 6), ("已比对", 6), ("部分", 5), ("未比对", 6), ("问题", 6))
    table = plain_table(f"年度比对进度（截至{chinese_date(as_of)}）", *columns)
    for row in rows:
        state = Text(row.state, STYLES.get(row.state, ""))
        counts = (row.full, row.part, row.none, row.findings) if row.state == DONE else ("",) * 4
        table.add_row(text_cell(row.round.title), row.round.day.isoformat(), state, *(str(count) for count in counts))
    show_table(console, table)
    for row in rows:
        if row.state in (DUE, LATE):
            show_line(console, f"{row.round.title}{row.state}：最晚{chinese_date(row.last_day)}。", STYLES[row.state])


def comparison_document(found: Comparison) -> dict[str, Any]:
    return {
        "rounds": [found.first.round.number, found.second.round.number],
        "total": _counts(found.counts().get((), Counter())),
        "rules": [{"rule_id": rule, **_counts(counts)} for (rule,), counts in found.counts("rule_id").items()],
        "towns": [{"town": town, **_counts(counts)} for (town,), counts in found.counts("town").items()],
        "not_compared": [{"rule_id": rule, "town": town, "rounds": rounds} for rule, town, rounds in found.apart],
        "findings": found.findings.select("finding_key", "rule_id", "town", "state", "outcome").to_dicts(),
    }


def _counts(counts: Mapping[str, int]) -> dict[str, int]:
    keys = {NEW: "new", GONE: "gone", PERSISTENT: "persistent", APART: "not_compared"}
    return {key: counts.get(outcome, 0) for outcome, key in keys.items()}


def print_comparison(console: Console, found: Comparison) -> None:
    show_line(console, f"{found.first.round.title}（{found.first.as_of}）", "bold")
    show_line(console, f"与{found.second.round.title}（{found.second.as_of}）对比", "bold")
    for title, column, name in (("按规则", "rule_id", "规则"), ("按镇", "town", "镇")):
        table = plain_table(title, (name, None), *((outcome, 10) for outcome in OUTCOMES))
        for (value,), counts in found.counts(column).items():
            table.add_row(text_cell(value or NO_TOWN), *(_number(counts[outcome]) for outcome in OUTCOMES))
        table.add_section()
        total = found.counts().get((), Counter())
        table.add_row("合计", *(_number(total[outcome]) for outcome in OUTCOMES))
        show_table(console, table)
    if not found.apart:
        show_line(console, "两轮比对的范围相同。")
        return
    show_line(console, "不能对比的范围（有一轮没有比对或没有比对全，不能算新增、消除）：", "yellow")
    for rounds in sorted({rounds for _, _, rounds in found.apart}):
        rules = " ".join(f"{rule}（{town}）" if town else rule for rule, town, at in found.apart if at == rounds)
        show_line(console, f"  {rounds}：{one_line(rules)}")


def _number(count: int) -> Text:
    return Text(f"{count:,}") if count else Text("-", "dim")


def year_document(year: Year, files: Sequence[Path]) -> dict[str, Any]:
    return {
        "year": year.plan.year,
        "rounds": [
            {"round": run.round.number, "name": run.round.name, "as_of": run.as_of, "findings": len(run.seen)}
            for run in year.runs
        ],
        "changes": [asdict(change) for change in year.changes],
        "rules": [asdict(trend) for trend in year.trends],
        "categories": {name: [asdict(cell) for cell in cells] for name, cells in year.categories.items()},
        "towns": {town: [asdict(cell) for cell in cells] for town, cells in year.towns.items()},
        "states": dict(year.states),
        "counted": asdict(year.counted),
        "relapsed": year.relapsed,
        "files": [str(file) for file in files],
    }  # fmt: skip


def print_year(console: Console, year: Year, files: Sequence[Path]) -> None:
    width = max(6, min(7, 46 // len(year.runs)))
    table = plain_table(f"{year.plan.year}年度比对", ("规则", None), *((head, width) for head in round_heads(year)))
    for trend in year.trends:
        table.add_row(text_cell(f"{trend.rule_id} {trend.title}"), *(cell_words(cell) for cell in trend.cells))
    table.add_section()
    table.add_row("合计", *(cell_words(cell) for cell in year.totals))
    show_table(console, table)
    show_line(console, PARTLY)
    states = "，".join(f"{state}{count:,}条" for state, count in state_rows(year))
    show_line(console, f"各轮共发现问题{year.counted.found:,}条，现在：{states}。{rates_text(year.counted)}。")
    show_line(console, "输出文件：", "bold")
    for file in files:
        console.print(Text(f"  {one_line(str(file))}"), soft_wrap=True)
