"""Which findings of the ledger somebody asked for (筛选); one query, without loading the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fupin_cli.errors import FupinError
from fupin_cli.ledger.database import open_ledger
from fupin_cli.ledger.states import OPEN, STATES, WITHDRAWN, is_late

NOT_CLOSED, ALL = "未销号", "全部"
ORDER = "rule_id, town, village, household_id, person_no, finding_key"
SEARCHED = ("finding_key", "rule_id", "name", "household_id", "person_no", "id_number", "village", "title", "detail")


@dataclass(frozen=True)
class Selection:
    """Every field narrows; blank ones do not. ``state``: a state, 未销号 or 全部; ``overdue_on``: late at this ISO date."""

    state: str = ALL
    rule: str = ""
    category: str = ""
    unit: str = ""
    town: str = ""
    text: str = ""
    overdue_on: str = ""


def select_findings(path: Path, selection: Selection, limit: int | None = None) -> tuple[int, list[dict[str, Any]]]:
    """How many findings are meant, and the first ``limit`` of them in printing order."""
    need_ledger(path)
    conditions = list(_conditions(selection))
    where = " AND ".join(text for text, _ in conditions)
    values = [value for _, values in conditions for value in values]
    with open_ledger(path) as connection:
        connection.create_function("is_late", 4, is_late, deterministic=True)
        total = connection.execute(f"SELECT count(*) FROM findings WHERE {where}", values).fetchone()[0]
        query = f"SELECT * FROM findings WHERE {where} ORDER BY {ORDER} LIMIT ?"
        rows = connection.execute(query, [*values, -1 if limit is None else limit]).fetchall()
    return total, [dict(row) for row in rows]


def finding_by_prefix(path: Path, prefix: str) -> dict[str, Any]:
    """The one finding whose key begins with ``prefix``, 已撤回 or not; raises where none or several do."""
    need_ledger(path)
    query = "SELECT * FROM findings WHERE substr(finding_key, 1, ?) = ? ORDER BY finding_key LIMIT 6"
    with open_ledger(path) as connection:
        rows = connection.execute(query, [len(prefix.strip()), prefix.strip().lower()]).fetchall()
    if len(rows) == 1:
        return dict(rows[0])
    if not rows:
        raise FupinError(f"台账中没有编号以“{prefix}”开头的问题", cure="用 fupin ledger list 查看问题编号")
    keys = "、".join(row["finding_key"] for row in rows[:5])
    raise FupinError(f"编号以“{prefix}”开头的问题不止一个：{keys}", cure="多写几位编号")


def need_ledger(path: Path) -> None:
    """Raise where there is no ledger yet."""
    if not path.exists():
        raise FupinError("还没有整改台账", where=str(path.parent), cure="先在工作目录里运行 fupin reconcile")


def _conditions(selection: Selection) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "state <> ?", (WITHDRAWN,)
    if selection.state == NOT_CLOSED:
        yield _among(OPEN)
    elif selection.state in STATES:
        yield "state = ?", (selection.state,)
    elif selection.state != ALL:
        raise FupinError(f"没有状态“{selection.state}”", cure=f"可选：{'、'.join((ALL, NOT_CLOSED, *STATES))}")
    if selection.rule:
        yield "(rule_id = ? OR rule_id LIKE ?)", (selection.rule.upper(), f"{selection.rule.upper()}-%")
    if selection.category:
        yield "category = ?", (selection.category,)
    if selection.unit:
        yield "instr(owner, ?)", (selection.unit,)
    if selection.town:
        yield "instr(town, ?)", (selection.town,)
    if selection.text:
        everything = " || ' ' || ".join(SEARCHED)
        yield f"instr({everything}, ?)", (selection.text,)
    if selection.overdue_on:
        yield "is_late(state, state_before, due_on, ?)", (selection.overdue_on,)


def _among(states: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    return f"state IN ({', '.join('?' * len(states))})", states
