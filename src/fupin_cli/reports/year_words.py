"""Words of the year's reports (年度比对总结) on terminal, in Word and Excel."""

from __future__ import annotations

from fupin_cli.ledger.rates import Rates
from fupin_cli.ledger.states import STATES
from fupin_cli.reports.ledger_words import HOW_RATED, percent, unseen_text
from fupin_cli.rounds.runs import NONE, PART
from fupin_cli.rounds.summary import Cell, Year

PARTLY = "带*的是有规则或镇没有比对的，“未比对”是缺少数据、完全没有比对的；这两种都不能说明问题减少。"


def cell_words(cell: Cell) -> str:
    """A rule's count in one round: 3, 3* where a town was left out, 未比对 where nothing was checked."""
    if cell.coverage == NONE and not cell.count:
        return NONE
    return f"{cell.count}*" if cell.coverage in (PART, NONE) else str(cell.count)


def round_heads(year: Year) -> list[str]:
    return [f"第{run.round.number}轮" for run in year.runs]


def year_title(year: Year, district: str) -> tuple[str, str]:
    return district, f"{year.plan.year}年度扶贫数据比对情况总结"


def round_rows(year: Year) -> list[list[str | int]]:
    """One row a round: name, date, rules by coverage, findings, new and gone since the round before."""
    rows: list[list[str | int]] = []
    for at, run in enumerate(year.runs):
        counts = list(run.rules.values())
        parted, absent = counts.count(PART), counts.count(NONE)
        change = year.changes[at - 1] if at else None
        since: list[str | int] = [change.new, change.gone] if change else ["—", "—"]
        full = len(counts) - parted - absent
        rows.append(
            [
                run.round.title,
                f"{int(run.as_of[5:7])}月{int(run.as_of[8:])}日",
                full,
                parted,
                absent,
                len(run.seen),
                *since,
            ]
        )
    return rows


ROUND_HEADS = ("轮次", "比对日期", "已比对规则", "部分未比对", "未比对", "发现问题", "较上轮新增", "较上轮消除")


def state_rows(year: Year) -> list[tuple[str, int]]:
    """Where the year's findings stand now, in the order of their life."""
    return [(state, year.states[state]) for state in STATES if year.states.get(state)]


def years_story(year: Year) -> str:
    """What happened, in one paragraph."""
    planned, done = len(year.plan.rounds), len(year.runs)
    looked_back = sum(run.round.look_back for run in year.runs)
    counted = year.counted
    text = f"{year.plan.year}年计划开展{planned}轮比对，已开展{done}轮，其中“回头看”{looked_back}轮。"
    text += f"各轮共发现问题{counted.found}条，核实属实{counted.true}条、不属实{counted.dismissed}条，"
    text += f"已整改{counted.mended}条，已销号{counted.closed}条；{rates_text(counted)}"
    return f"{text}；其中{year.relapsed}条整改后曾经反弹。{HOW_RATED}。"


def rates_text(counted: Rates) -> str:
    """The three rates, and what nobody can see beside them."""
    rates = (("属实率", counted.true_rate), ("整改率", counted.mended_rate), ("销号率", counted.closed_rate))
    words = [f"{name}{percent(rate)}" for name, rate in rates]
    return "，".join([*words, *filter(None, (unseen_text(counted),))])
