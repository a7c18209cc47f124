"""``fupin rules``: the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

SUBJECTS = {
    "person": "人",
    "household": "户",
    "record": "记录",
    "village": "村",
    "unit": "单位",
    "project": "项目",
}


def rules(
    context: typer.Context,
    rule_id: Annotated[
        str | None, typer.Argument(help="规则编号，如 EDU-01", metavar="编号", show_default=False)
    ] = None,
) -> None:
    """规则目录：依据、责任单位、需要的数据、确切条件。

    例：fupin rules EDU-01
    """
    from fupin_cli.errors import FupinError
    from fupin_cli.rules.catalogue import catalogue
    from fupin_cli.schema.kinds import load_kinds

    known = catalogue()
    if rule_id is not None and rule_id.upper() not in known:
        raise FupinError(f"没有规则“{rule_id}”", cure="运行 fupin rules 查看全部规则")
    chosen = [known[rule_id.upper()]] if rule_id else list(known.values())
    workspace = context.obj.workspace()
    kinds = load_kinds(workspace.schemas)
    cards = [_card(rule, kinds, workspace.policy) for rule in chosen]
    context.obj.answer(
        cards[0] if rule_id else cards, lambda console: _show(console, cards, detailed=rule_id is not None)
    )


def _card(rule: Any, kinds: Any, policy: Any) -> dict[str, Any]:
    from fupin_cli.rules.book import REGISTER
    from fupin_cli.rules.outline import parts_of
    from fupin_cli.rules.reads import arrived, in_words

    parts = parts_of(rule, kinds, policy)
    return {
        "rule_id": rule.id,
        "title": rule.title,
        "category": rule.category,
        "severity": rule.severity,
        "subject": SUBJECTS[rule.subject],
        "owner": rule.owner.replace("{town}", "所在镇")
        .replace("{bureau}", "数据来源部门")
        .replace("{unit}", "项目责任单位"),
        "basis": rule.basis,
        "reads": [{"part": part.name, "reads": in_words((arrived(REGISTER), *part.reads), kinds)} for part in parts],
        "excuses": in_words(rule.excuses, kinds),
        "cured_by_absence": [kinds[kind].title for kind in rule.cured_by_absence],
        "condition": rule.condition,
    }


def _show(console: Console, cards: list[dict[str, Any]], *, detailed: bool) -> None:
    from rich.table import Table

    if not detailed:
        table = Table("编号", "问题", "级别", "对象", "责任单位", box=None, header_style="bold")
        for card in cards:
            table.add_row(card["rule_id"], card["title"], card["severity"], card["subject"], card["owner"])
        console.print(table)
        return
    (card,) = cards
    rows = [
        ("规则", f"{card['rule_id']} {card['title']}"), ("类别", card["category"]), ("级别", card["severity"]),
        ("对象", card["subject"]), ("责任单位", card["owner"]), ("依据", card["basis"]),
    ]  # fmt: skip
    for number, part in enumerate(card["reads"]):
        name = f"（{part['part']}）" if part["part"] else ""
        rows.append(("" if number else "需要的数据", "、".join(part["reads"]) + name))
    if card["excuses"]:
        rows.append(("只作排除", "、".join(card["excuses"])))
    if card["cured_by_absence"]:
        rows.append(("消失即整改", "、".join(card["cured_by_absence"])))
    table = Table(box=None, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in (*rows, ("条件", card["condition"])):
        table.add_row(label, text)
    console.print(table)
