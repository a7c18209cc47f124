"""月度通报 and 双周工作进展汇报: what the headquarters tells the units, and what it tells the city."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_cli.reports.docx_template import render, template
from fupin_cli.reports.official import (
    add_addressee,
    add_body,
    add_control,
    add_heading,
    add_signature,
    add_table,
    add_title,
    new_document,
    signing_day,
)
from fupin_cli.reports.official_frame import add_head, add_imprint
from fupin_cli.reports.supervision_letters import NUMBER, clauses, common_context, left_align, percent
from fupin_cli.reports.wording import one_line
from fupin_cli.supervision.month import GREEN, OPEN, RED, YELLOW, Month, UnitMonth, reported
from fupin_cli.supervision.plan import TOWN_GROUP, Fortnight, Plan, Task
from fupin_cli.supervision.progress import Progress, Report

if TYPE_CHECKING:
    from docx.document import Document as Doc

BULLETIN, FORTNIGHT = "月度通报.docx", "双周工作进展汇报.docx"
RANK_HEADS = ("名次", "单位", "事项", "按时序", "按时序率", "平均进度", "黄灯", "红灯", "未报期数", "超期整改")
RANK_CELLS = tuple(
    f"{{{{ row.{name} }}}}"
    for name in ("rank", "unit", "tasks", "on_schedule", "rate", "mean", "yellow", "red", "missed", "overdue")
)
RANK_WIDTHS = (12, 42, 12, 12, 15, 15, 12, 12, 12, 12)
RANKING = (
    "排名依次比较：（一）按时序率，即按时序推进和已完成的事项数占应推进事项数的比例，高者在前；（二）平均进度，即各事项最近一次填报的完成进度的"
    "平均值，从未填报的按0计，高者在前；（三）当月未按期报送的双周期数，少者在前；（四）超期未完成的整改问题数，少者在前。四项都相同的名次并列，"
    "并列使居后的超出规定个数的，并列的都不列为居后。"
    "事项的计划进度按{{ judged_on }}（当月最后一个双周报送截止日）计算；当月没有报送的事项视同未按时序推进；报送了但没有填完成进度的，列为"
    "“未定”，不算按时序推进，也不挂灯。"
)


def bulletin_template() -> Doc:
    document = new_document("月度通报")
    add_head(document, "{{ issuer }}", NUMBER)
    add_title(document, "关于{{ month }}", "脱贫攻坚工作进展情况的通报")
    add_addressee(document, "各镇，区各有关单位：")
    add_body(
        document,
        "根据《{{ plan_title }}》（{{ plan_number }}）实行“红黄绿灯”管理和定期通报制度的要求，现将{{ month }}各镇和区各有关单位"
        "工作推进情况通报如下。",
    )
    add_heading(document, "一、总体情况")
    add_body(
        document,
        "{{ units }}个责任单位承担{{ tasks }}项任务，共{{ matters }}个事项。截至{{ judged_on }}，按时序推进和已完成{{ green }}个，占"
        "{{ green_rate }}；挂“黄灯”{{ yellow }}个，涉及{{ yellow_units }}个单位；挂“红灯”{{ red }}个，涉及{{ red_units }}个单位"
        "{% if open %}；未填完成进度、未定的{{ open }}个{% endif %}。",
    )
    add_control(document, "{%p for period in periods %}")
    add_body(
        document,
        "第{{ period.number }}期双周报送（{{ period.days }}）：应报{{ units }}个单位，已报{{ period.reported }}个"
        "{% if period.missing %}，未报{{ period.missing|length }}个：{{ period.missing|join('、') }}{% endif %}。",
    )
    add_control(document, "{%p endfor %}")
    _add_rankings(document)
    _add_lights(document)
    _add_nodes_and_gaps(document)
    add_heading(document, "六、有关要求")
    add_body(document, "（一）挂“黄灯”的单位按督办函要求限期整改；挂“红灯”的单位相关领导按约谈通知接受约谈。")
    add_body(
        document,
        "（二）排名居后的{{ last_units|join('、') }}，要查找差距，加快推进；区指挥部将对相关领导进行常态化约谈。",
    )
    add_body(document, "（三）各单位每两周如实报送工作进展情况，逐项填写完成进度。")
    add_signature(document, "{{ issuer }}", "{{ day }}")
    add_imprint(document, "抄送：区扶贫开发领导小组成员，区委脱贫攻坚战督查组。", "{{ issuer }}", "{{ printed }}")
    return document


def _add_rankings(document: Doc) -> None:
    add_heading(document, "二、工作推进排名")
    for caption, rows in (("各镇排名", "towns"), ("区各有关单位排名", "bureaus")):
        left_align(add_table(document, caption, RANK_HEADS, RANK_CELLS, f"row in {rows}", RANK_WIDTHS), 1)
    add_body(document, RANKING)
    add_control(document, "{%p if not ledger %}")
    add_body(document, "超期整改：没有整改台账，未统计。")
    add_control(document, "{%p endif %}")


def _add_lights(document: Doc) -> None:
    add_heading(document, "三、挂灯情况")
    add_control(document, "{%p if lit %}")
    table = add_table(
        document, "挂黄灯、红灯的单位和事项", ("单位", "黄灯事项", "红灯事项"),
        ("{{ row.unit }}", "{{ row.yellow }}", "{{ row.red }}"), "row in lit", (36, 60, 60),
    )  # fmt: skip
    left_align(table, 1, 2)
    add_control(document, "{%p else %}")
    add_body(document, "本月没有挂灯的单位。")
    add_control(document, "{%p endif %}")


def _add_nodes_and_gaps(document: Doc) -> None:
    add_heading(document, "四、时间节点")
    add_control(document, "{%p if nodes %}")
    table = add_table(
        document, "本月和下月到期的时间节点", ("到期日", "条款", "要求", "责任单位"),
        ("{{ row.by }}", "{{ row.clause }}", "{{ row.text }}", "{{ row.units }}"), "row in nodes", (34, 18, 52, 52),
    )  # fmt: skip
    left_align(table, 2, 3)
    add_control(document, "{%p else %}")
    add_body(document, "本月和下月没有到期的时间节点。")
    add_control(document, "{%p endif %}")
    add_heading(document, "五、没有纳入统计的内容")
    add_control(document, "{%p for gap in gaps %}")
    add_body(document, "{{ gap }}")
    add_control(document, "{%p endfor %}")
    add_control(document, "{%p if not gaps %}")
    add_body(document, "没有。")
    add_control(document, "{%p endif %}")


def fortnight_template() -> Doc:
    document = new_document("双周工作进展汇报")
    add_head(document, "{{ issuer }}", NUMBER)
    add_title(document, "关于{{ days }}", "脱贫攻坚工作进展情况的汇报")
    add_addressee(document, "{{ superior }}：")
    add_body(
        document,
        "现将《{{ plan_title }}》第{{ number }}个双周（{{ days }}）工作进展情况汇报如下，内容根据各单位报送的材料汇总。",
    )
    add_heading(document, "一、报送情况")
    add_body(
        document,
        "应报{{ units }}个单位，已报{{ reported }}个{% if missing %}；未报{{ missing|length }}个：{{ missing|join('、') }}{% endif %}。",
    )
    add_heading(document, "二、工作进展情况")
    add_control(document, "{%p for item in items %}")
    add_heading(document, "{{ item.title }}", 2)
    add_control(document, "{%p for task in item.tasks %}")
    add_control(document, "{%p if item.parts %}")
    add_heading(document, "{{ task.number }}．{{ task.title }}", 3)
    add_control(document, "{%p endif %}")
    add_control(document, "{%p for said in task.said %}")
    add_body(document, "{{ said }}")
    add_control(document, "{%p endfor %}")
    add_control(document, "{%p endfor %}")
    add_control(document, "{%p endfor %}")
    add_control(document, "{%p if silent %}")
    add_heading(document, "三、本期没有单位报送的任务")
    add_body(document, "{{ silent|join('；') }}。")
    add_control(document, "{%p endif %}")
    add_signature(document, "{{ issuer }}", "{{ day }}")
    return document


TEMPLATES: Mapping[str, Callable[[], Doc]] = {BULLETIN: bulletin_template, FORTNIGHT: fortnight_template}


def write_bulletin(
    month: Month,
    plan: Plan,
    progress: Progress,
    gaps: Sequence[str],
    out: Path,
    workspace: Path | None,
    signed: date | None,
    password: str = "",
) -> None:
    """月度通报. ``gaps``: sentences about what could not be counted."""
    standings = [one for unit in month.units for one in unit.standings]
    green = len(month.lit(GREEN))
    context = common_context(month, plan, signed) | {
        "units": len(month.units), "tasks": len(plan.tasks), "matters": len(standings), "green": green,
        "green_rate": f"{100 * green / len(standings):.1f}%", "yellow": len(month.lit(YELLOW)), "red": len(month.lit(RED)),
        "open": len(month.lit(OPEN)), "yellow_units": sum(bool(unit.lit(YELLOW)) for unit in month.units),
        "red_units": sum(bool(unit.lit(RED)) for unit in month.units),
        "periods": [_period(period, month, progress) for period in month.fortnights],
        "towns": [_ranked(unit) for unit in month.towns], "bureaus": [_ranked(unit) for unit in month.bureaus],
        "ledger": all(unit.overdue is not None for unit in month.units),
        "lit": [
            {"unit": unit.unit, "yellow": clauses(unit.lit(YELLOW)) or "—", "red": clauses(unit.lit(RED)) or "—"}
            for unit in month.units if unit.lit(YELLOW) or unit.lit(RED)
        ],
        "nodes": _nodes(plan, month), "gaps": list(gaps),
        "last_units": [unit.unit for unit in (*last(month.bureaus, plan.last_bureaus), *last(month.towns, plan.last_towns))],
    }  # fmt: skip
    render(template(workspace, BULLETIN, bulletin_template), context, out, password)


def write_fortnight(
    period: Fortnight,
    plan: Plan,
    progress: Progress,
    out: Path,
    workspace: Path | None,
    signed: date | None,
    password: str = "",
) -> None:
    """双周工作进展汇报, from what units themselves wrote in ``period``."""
    newest = {(one.clause, one.unit): one for one in progress.reports if period.first <= one.day <= period.last}
    named = [unit for unit in plan.units if any(unit in task.units for task in plan.tasks)]
    missing = [unit for unit in named if not reported(progress, unit, period)]
    by_task = {
        task.clause: [_sentence(newest[task.clause, unit]) for unit in task.units if (task.clause, unit) in newest]
        for task in plan.tasks
    }
    context = {
        "issuer": plan.issuer, "code": plan.code, "superior": plan.superior, "year": period.last.year,
        "day": signing_day(signed), "plan_title": plan.title, "number": period.number, "days": _days(period),
        "units": len(named), "reported": len(named) - len(missing), "missing": missing,
        "items": _items(plan.tasks, by_task),
        "silent": [f"{task.clause}{task.title}" for task in plan.tasks if not by_task[task.clause]],
    }  # fmt: skip
    render(template(workspace, FORTNIGHT, fortnight_template), context, out, password)


def last(ranked: Sequence[UnitMonth], count: int) -> tuple[UnitMonth, ...]:
    """The units ranked last (居后), never more than ``count``: of those that share a rank across the cut, none."""
    if not count or len(ranked) <= count:
        return ()
    return tuple(unit for unit in ranked if unit.rank > ranked[-count - 1].rank)


def _ranked(unit: UnitMonth) -> dict[str, Any]:
    return {
        "rank": unit.rank, "unit": unit.unit, "tasks": len(unit.standings), "on_schedule": unit.on_schedule,
        "rate": percent(unit.rate), "mean": percent(unit.mean_done), "yellow": len(unit.lit(YELLOW)),
        "red": len(unit.lit(RED)), "missed": len(unit.missed), "overdue": "—" if unit.overdue is None else unit.overdue,
    }  # fmt: skip


def _period(period: Fortnight, month: Month, progress: Progress) -> dict[str, Any]:
    missing = [unit.unit for unit in month.units if period in unit.missed]
    return {
        "number": period.number,
        "days": _days(period),
        "missing": missing,
        "reported": len(month.units) - len(missing),
    }


def _days(period: Fortnight) -> str:
    return f"{signing_day(period.first)}至{period.last.month}月{period.last.day}日"


def _nodes(plan: Plan, month: Month) -> list[dict[str, str]]:
    """Nodes due in this month and the next."""
    after = (month.last + timedelta(days=1)).replace(day=1)
    end = (after + timedelta(days=31)).replace(day=1)
    return [
        {"by": signing_day(node.by), "clause": task.clause, "text": node.text, "units": _named(task, plan)}
        for task in plan.tasks
        for node in task.nodes
        if month.first <= node.by < end
    ]


def _named(task: Task, plan: Plan) -> str:
    """The task's units; all towns together are 各镇."""
    if not set(plan.towns) <= set(task.units):
        return "、".join(task.units)
    return "、".join([unit for unit in task.units if unit not in plan.towns] + [TOWN_GROUP])


def _items(tasks: Sequence[Task], said: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Items with something said, each with its tasks; an item of one task needs no second heading."""
    items = []
    for title in dict.fromkeys(task.item for task in tasks):
        own = [task for task in tasks if task.item == title]
        parts = [
            {"number": task.clause.partition("）")[2], "title": task.title, "said": said[task.clause]}
            for task in own
            if said[task.clause]
        ]
        if parts:
            items.append({"title": title, "parts": len(own) > 1, "tasks": parts})
    return items


def _sentence(report: Report) -> str:
    """``区教育局：……（完成进度35%）。``"""
    text = one_line(report.note).rstrip("。；; ") or "未写进展情况"
    figure = "未填完成进度" if report.done is None else f"完成进度{percent(report.done)}"
    return f"{report.unit}：{text}（{figure}）。"
