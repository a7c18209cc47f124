"""督办函, 约谈通知 and 约谈名单: what a yellow and a red light send to a unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx.enum.text import WD_ALIGN_PARAGRAPH

from fupin_cli.reports.docx_template import render, template
from fupin_cli.reports.official import (
    add_addressee,
    add_body,
    add_heading,
    add_signature,
    add_subtitle,
    add_table,
    add_title,
    new_document,
    signing_day,
)
from fupin_cli.reports.official_frame import add_head, add_imprint
from fupin_cli.supervision.month import RED, SILENT, YELLOW, Month, Standing, UnitMonth
from fupin_cli.supervision.plan import Plan

if TYPE_CHECKING:
    from docx.document import Document as Doc
    from docx.table import Table

URGE, SUMMON, SUMMON_LIST = "督办函.docx", "约谈通知.docx", "约谈名单.docx"
NUMBER = "{{ code }}〔{{ year }}〕　　号"
MATTERS = ("{{ row.clause }}", "{{ row.title }}", "{{ row.due }}", "{{ row.done }}", "{{ row.said }}")


def urge_template() -> Doc:
    document = new_document("督办函")
    add_head(document, "{{ issuer }}", NUMBER)
    add_title(document, "关于督促推进{{ month }}", "脱贫攻坚工作的督办函")
    add_addressee(document, "{{ unit }}：")
    add_body(
        document,
        "根据《{{ plan_title }}》（{{ plan_number }}）关于严格实行“红黄绿灯”管理的要求，区指挥部对照时序进度，对{{ month }}各项工作"
        "推进情况进行了核查。你单位负责的下列{{ rows|length }}项工作当月未按时序进度完成，现挂“黄灯”，予以挂牌督办。",
    )
    _add_matters(document, "一、督办事项", "未按时序进度推进的工作（截至{{ judged_on }}）")
    add_heading(document, "二、有关要求")
    add_body(
        document, "（一）逐项查明原因，明确责任领导、责任人、整改措施和完成时限，于　　月　　日前书面报区指挥部办公室。"
    )
    add_body(document, "（二）每两周如实报送工作进展情况。当月没有报送的事项，视同未按时序进度推进。")
    add_body(document, "（三）连续2个月未按时序进度推进的，将挂“红灯”，约谈相关领导。")
    _add_end(document)
    return document


def summon_template() -> Doc:
    document = new_document("约谈通知")
    add_head(document, "{{ issuer }}", NUMBER)
    add_title(document, "关于约谈{{ unit }}", "相关领导的通知")
    add_addressee(document, "{{ unit }}：")
    add_body(
        document,
        "你单位负责的下列{{ rows|length }}项工作，{{ last_month }}、{{ month }}连续2个月未按时序进度推进，区指挥部已挂“红灯”。根据"
        "《{{ plan_title }}》（{{ plan_number }}）的要求，决定对你单位相关领导进行约谈。现将有关事项通知如下。",
    )
    _add_matters(document, "一、约谈事由", "连续2个月未按时序进度推进的工作（截至{{ judged_on }}）")
    add_heading(document, "二、约谈时间和地点")
    add_body(document, "时间：　　　　年　　月　　日　　时")
    add_body(document, "地点：　　　　　　　　　　")
    add_heading(document, "三、约谈对象")
    add_body(document, "姓名、职务：　　　　　　　　　　")
    add_heading(document, "四、有关要求")
    add_body(
        document,
        "请约谈对象准备书面材料，逐项说明未按时序进度推进的原因、下一步措施和完成时限，按时参加约谈，不得由他人代替。",
    )
    _add_end(document)
    return document


def _add_matters(document: Doc, heading: str, caption: str) -> None:
    add_heading(document, heading)
    heads, widths = ("条款", "工作任务", "计划进度", "完成进度", "填报情况"), (20, 46, 20, 20, 50)
    left_align(add_table(document, caption, heads, MATTERS, "row in rows", widths), 1, 4)


def _add_end(document: Doc) -> None:
    add_signature(document, "{{ issuer }}", "{{ day }}")
    add_imprint(document, "抄送：区委脱贫攻坚战督查组。", "{{ issuer }}", "{{ printed }}")


def summon_list_template() -> Doc:
    document = new_document("约谈名单")
    add_title(document, "{{ month }}约谈名单")
    add_subtitle(document, "{{ issuer }}")
    add_subtitle(document, "{{ day }}")
    add_body(
        document,
        "{% if rows %}{{ last_month }}、{{ month }}连续2个月未按时序进度推进、挂“红灯”的单位共{{ rows|length }}个，事项共"
        "{{ matters }}项。{% else %}{{ month }}没有连续2个月未按时序进度推进的单位，本月没有约谈对象。{% endif %}",
    )
    table = add_table(
        document, "约谈名单", ("序号", "单位", "事项数", "约谈事由（条款）", "约谈对象", "备注"),
        ("{{ row.number }}", "{{ row.unit }}", "{{ row.matters }}", "{{ row.clauses }}", "", ""),
        "row in rows", (11, 35, 15, 53, 26, 16),
    )  # fmt: skip
    left_align(table, 1, 3)
    return document


TEMPLATES: Mapping[str, Callable[[], Doc]] = {
    URGE: urge_template,
    SUMMON: summon_template,
    SUMMON_LIST: summon_list_template,
}


def write_letters(
    month: Month, plan: Plan, folder: Path, workspace: Path | None, signed: date | None, password: str = ""
) -> list[Path]:
    """A letter a unit and light, and the list of whom to summon; returns what was written."""
    written = []
    context = common_context(month, plan, signed)
    for name, light in ((URGE, YELLOW), (SUMMON, RED)):
        source = template(workspace, name, TEMPLATES[name])
        for unit in month.units:
            if rows := [_matter(one) for one in unit.lit(light)]:
                path = folder / f"{Path(name).stem}-{unit.unit.replace('/', '')}.docx"
                render(source, context | {"unit": unit.unit, "rows": rows}, path, password)
                written.append(path)
    path = folder / SUMMON_LIST
    listed = [unit for unit in month.units if unit.lit(RED)]
    values = {"rows": _summoned(listed), "matters": sum(len(unit.lit(RED)) for unit in listed)}
    render(template(workspace, SUMMON_LIST, TEMPLATES[SUMMON_LIST]), context | values, path, password)
    return [*written, path]


def common_context(month: Month, plan: Plan, signed: date | None) -> dict[str, Any]:
    """What every document of a month says: issuer, number, plan, months and days."""
    last = date.fromordinal(month.first.toordinal() - 1)
    return {
        "issuer": plan.issuer, "code": plan.code, "year": month.first.year, "day": signing_day(signed),
        "printed": signing_day(signed) if signed else "　　年　月　日",
        "plan_title": plan.title, "plan_number": plan.number, "month": f"{month.first.year}年{month.first.month}月",
        "last_month": f"{last.year}年{last.month}月", "judged_on": signing_day(month.judged_on),
    }  # fmt: skip


def left_align(table: Table, *columns: int) -> None:
    """Long text reads from the left, all else is centred; the row inside the loop is the third."""
    for at, cell in enumerate(table.rows[2].cells):
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT if at in columns else WD_ALIGN_PARAGRAPH.CENTER


def percent(value: float | None) -> str:
    return "未填" if value is None else f"{value:g}%"


def clauses(standings: Sequence[Standing]) -> str:
    return "、".join(one.task.clause for one in standings)


def _matter(standing: Standing) -> dict[str, str]:
    report = standing.report
    said = "从未报送" if report is None else f"{signing_day(report.day)}报送"
    if report is not None and standing.state == SILENT:
        said = f"当月未报送，最近一次{said}"
    return {
        "clause": standing.task.clause,
        "title": standing.task.title,
        "due": percent(standing.due),
        "done": "—" if report is None else percent(report.done),
        "said": said,
    }


def _summoned(units: Sequence[UnitMonth]) -> list[dict[str, Any]]:
    return [
        {"number": at, "unit": unit.unit, "matters": len(unit.lit(RED)), "clauses": clauses(unit.lit(RED))}
        for at, unit in enumerate(units, 1)
    ]
