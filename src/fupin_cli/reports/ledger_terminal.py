"""The ledger (整改台账) on a terminal of 80 columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fupin_cli.ledger.actions import FIELDS
from fupin_cli.ledger.history import Entry
from fupin_cli.ledger.moves import COMPARISON
from fupin_cli.ledger.states import CLOSED, DISMISSED, RELAPSED, REPORTED, UNFINISHED, UNSEEN, is_late, worked_on_as
from fupin_cli.reports.console import plain_table, show_line, show_table, text_cell
from fupin_cli.reports.ledger_words import AGE_COLUMNS, HOW_COMPUTED, RATE_COLUMNS, group_title, percent, state_words
from fupin_cli.reports.wording import chinese_date, one_line

if TYPE_CHECKING:
    from fupin_cli.ledger.undo import Undone
from fupin_cli.ledger.update import Update

KEY_SHOWN = 8  # characters of a key that tell findings apart in practice; commands take any unambiguous beginning
WORDS_SHOWN = 50  # of a problem that others found; all of it is in `fupin ledger show`
STATE_STYLES = {CLOSED: "green", DISMISSED: "dim", RELAPSED: "bold red", REPORTED: "cyan"}


def print_update(console: Console, update: Update) -> None:
    """What a run changed in the ledger, in one sentence."""
    if update.repeated:
        show_line(console, f"整改台账：与已记入的比对相同，没有变化（共{update.unchanged:,}条）。")
        return
    counts = (
        ("新发现", update.new), ("持续", update.persistent), ("反弹", update.relapsed), ("恢复原状态", update.returned),
        ("数据已消除、待确认销号", update.waiting), ("数据已消除、已销号", update.closed), ("证据不在", update.unseen),
        (f"没有变化（{'，'.join(f'{why}{count:,}' for why, count in update.unchanged_because.items())}）", update.unchanged),
    )  # fmt: skip
    text = "，".join(f"{name}{count:,}条" for name, count in counts if count) or "没有问题"
    show_line(console, f"整改台账{'（补录）' if update.backfilled else ''}：{text}。")


def print_held(console: Console, held: Sequence[str]) -> None:
    """Why the ledger did not take a run, and what to do."""
    show_line(console, f"没有记入整改台账：{'；'.join(held)}。")
    show_line(console, "核对名单后重新运行（名单属实的先 fupin receipt accept），确要这样记入的加 --accept 理由。")


def print_undone(console: Console, undone: Undone) -> None:
    """What taking a run back did."""
    counts = f"撤回它发现的问题{undone.withdrawn:,}条，恢复原状态{undone.restored:,}条"
    show_line(console, f"已撤回{undone.as_of}的比对：{counts}。输出文件夹（{undone.out}）没有动。")


def print_backups(console: Console, backups: Sequence[Mapping[str, Any]]) -> None:
    """The copies of the ledger, newest first."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("编号", "备份时间点"):
        table.add_column(name, overflow="fold")
    for one in backups:
        table.add_row(str(one["number"]), text_cell(one["before"]))
    show_table(console, table) if backups else show_line(console, "还没有备份；每次比对之前自动备份。")


def print_findings(console: Console, rows: Sequence[Mapping[str, Any]], total: int, as_of: date) -> None:
    """Two lines a finding; ``total``: how many there are in all."""
    if rows:
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
        for name, width in (("编号", 8), ("状态", 14), ("问题", 18), ("对象", 8), ("镇村", 12), ("责任单位", 15)):
            table.add_column(name, width=width, overflow="fold")
        for row in rows:
            table.add_row(
                row["finding_key"][:KEY_SHOWN], _standing(row, as_of), text_cell(_problem(row)),
                text_cell(row["name"] or row["household_id"]), text_cell(f"{row['town']}{row['village']}"),
                text_cell(row["owner"]),
            )  # fmt: skip
        show_table(console, table)
    left = f"，列出前{len(rows):,}条；要看全部用 --all，或 fupin ledger export" if len(rows) < total else ""
    show_line(console, f"共{total:,}条{left}。")


def _problem(row: Mapping[str, Any]) -> str:
    """The rule and its title; what others found (外来的问题) has no rule and is told in its own words."""
    if row["origin"] == COMPARISON:
        return f"{row['rule_id']} {row['title']}"
    words = f"{row['title']}：{row['detail']}"
    return words if len(words) <= WORDS_SHOWN else f"{words[:WORDS_SHOWN]}……"


def _standing(row: Mapping[str, Any], as_of: date) -> Text:
    """The state, why nobody can see it, and below the date by which the unit must be done."""
    text = Text(one_line(state_words(row)), STATE_STYLES.get(row["state"], ""))
    if row["due_on"] and worked_on_as(row["state"], row["state_before"]) in UNFINISHED:
        late = is_late(row["state"], row["state_before"], row["due_on"], as_of.isoformat())
        text.append(f"\n{row['due_on']}", "bold red" if late else "")
        text.append("超期" if late else "", "bold red")
    return text


def print_finding(console: Console, row: Mapping[str, Any]) -> None:
    """Everything the ledger holds of one finding, blank facts left out."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in finding_facts(row):
        table.add_row(label, text_cell(text))
    show_table(console, table)


def finding_facts(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(title, text) of what is known of a finding."""
    state = row["state"] + ("" if row["present"] else f"（{row['cleared_as_of']} 比对起数据中已没有）")
    if row["state"] == UNSEEN:
        state = f"{state_words(row)}（原来是{row['state_before']}）"
    seen = f"{row['first_as_of']} 首次，{row['last_as_of']} 最近，共{row['times_seen']}期"
    facts = [
        ("编号", row["finding_key"]), ("状态", state), ("问题", f"{row['rule_id']} {row['title']}（{row['severity']}）".strip()),
        ("对象", f"{row['name']} {row['id_number']}".strip()), ("户编号", row["household_id"]),
        ("镇村", f"{row['town']}{row['village']}"), ("责任单位", row["owner"]), ("详情", row["detail"]),
        ("台账记录", row["register_value"]), ("行业记录", row["source_value"]), ("依据", row["basis"]),
        ("证据", row["evidence"]), ("来源", row["origin"]), ("发现", seen),
        ("反弹", f"{row['relapses']}次" if row["relapses"] else ""),
    ]  # fmt: skip
    facts += [(title, row[name]) for name, title in FIELDS.items()]
    return [(title, text) for title, text in facts if text]


def print_life(console: Console, row: Mapping[str, Any], life: Iterable[Entry]) -> None:
    """The life of a finding, oldest first."""
    who = row["name"] or row["household_id"]
    show_line(console, f"{row['finding_key']}  {row['rule_id']} {row['title']}  {one_line(who)}", "bold")
    for entry in life:
        source = (
            f"比对 {entry.as_of}" if entry.as_of else "".join((entry.who, f"（{entry.file}）" if entry.file else ""))
        )
        change = f"{entry.old} → {entry.new or '（空）'}" if entry.old and entry.old != entry.new else entry.new
        words = [entry.event, change] if change and change != entry.event else [entry.event]
        note = f"（{entry.note}）" if entry.note else ""
        show_line(
            console, f"{entry.at[:16].replace('T', ' ')}  {one_line(source)}  {one_line('：'.join(words) + note)}"
        )


def print_statistics(console: Console, rows: Sequence[Mapping[str, Any]], by: str, as_of: date) -> None:
    """Rates and ageing a group, and how they are computed."""
    table = plain_table(f"整改统计（{chinese_date(as_of)}）", (group_title(by), 16), *((t, 6) for t, _ in RATE_COLUMNS))
    ages = plain_table("未销号问题已发现天数", (group_title(by), 16), *((title, 8) for title, _ in AGE_COLUMNS))
    for row in rows:
        name = text_cell(row["group"] or "（未注明）")
        table.add_row(
            name, *(percent(row[key]) if key.endswith("_rate") else f"{row[key]:,}" for _, key in RATE_COLUMNS)
        )
        ages.add_row(name, *(f"{row[key]:,}" for _, key in AGE_COLUMNS))
    show_table(console, table)
    show_table(console, ages)
    show_line(console, HOW_COMPUTED)


def print_batch(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """What a batch is made of, before it is done."""
    table = plain_table("成批办理", ("规则", None), ("状态", 14), ("条数", 8))
    table.columns[1].justify = "left"
    counts = Counter((f"{row['rule_id']} {row['title']}", row["state"]) for row in rows)
    for (rule, state), count in sorted(counts.items()):
        table.add_row(text_cell(rule), state, f"{count:,}")
    show_table(console, table)


def print_applied(console: Console, done: str, taken: Sequence[str], refused: Sequence[tuple[str, str]]) -> None:
    """What people's changes came to."""
    show_line(console, f"{done}{len(taken):,}条" + (f"，退回{len(refused):,}条：" if refused else "。"))
    for key, reason in refused:
        show_line(console, f"  {key}：{reason}", "yellow")
