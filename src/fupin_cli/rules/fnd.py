"""FND: 资金项目管理 (owner the project's unit and 区财政局; 四（十）)."""

from __future__ import annotations

import calendar
from datetime import date

import narwhals as nw

from fupin_cli.rules.book import Book
from fupin_cli.rules.catalogue import GENERAL, part, rule, rule_in_parts
from fupin_cli.rules.reads import header, value, values
from fupin_cli.rules.terms import known

CLAUSE = "工作要点 四（十）"
OWNER = "{unit}、区财政局"
PROJECTS = "finance.projects"


def _projects(book: Book) -> nw.LazyFrame:
    """Projects as subjects: by number, else by town and name."""
    place = nw.coalesce(nw.col("town"), nw.lit(""))
    texts = {name: nw.coalesce(nw.col(name), nw.lit("")) for name in ("unit", "planned_finish", "finished_on")}
    return book.tables[PROJECTS].with_columns(
        subject=nw.coalesce(nw.col("project_no"), nw.concat_str(place, nw.col("project"))),
        name=nw.col("project"),
        **texts,
    )


def _found(rows: nw.LazyFrame, *columns: str, **more: nw.Expr) -> nw.LazyFrame:
    return rows.select("subject", "name", "town", "village", "rid", "unit", *columns, **more)


@rule(
    "FND-01", "项目支出滞后", severity=GENERAL, subject="project", owner=OWNER, basis=CLAUSE, reads=values(PROJECTS, "project", "budget", "paid"),
    detail="{name}预算{budget}元，已支出{paid}元（{percent}%），本年时间进度{elapsed}%，支出滞后，请加快。",
    register_value="时间进度：{elapsed}%", source_value="预算{budget}元，已支出{paid}元（{percent}%）",
)  # fmt: skip
def fnd_01(book: Book) -> nw.LazyFrame:
    """支出比例（已支出÷预算）低于本年已过天数的比例减去0.10（见政策参数）；工作要点要求每周通报支出进度，每周收表、每周比对。"""
    year = book.as_of.year
    passed = book.as_of_day - date(year, 1, 1).toordinal() + 1
    elapsed = passed / (366 if calendar.isleap(year) else 365)
    rows = _projects(book).filter(nw.col("budget") > 0).with_columns(share=nw.col("paid") / nw.col("budget"))
    slow = rows.filter(nw.col("share") < elapsed - book.policy["fund_lag"] - 1e-9)
    return _found(slow, "budget", "paid", percent=nw.col("share") * 100, elapsed=nw.lit(elapsed * 100))


FND_02 = rule_in_parts(
    "FND-02", "项目未入库/未公示", """项目是否入库或是否公示为否（未填的不查）。""",
    severity=GENERAL, subject="project", owner=OWNER, basis=CLAUSE, reads=(value(PROJECTS, "project"),),
    each="{fault}", detail="{name}{each}，请按规定补办。",
    register_value="项目应入库并公示", source_value="{each}",
)  # fmt: skip


@part(FND_02, "入库", reads=(value(PROJECTS, "in_library"),))
def not_in_library(book: Book) -> nw.LazyFrame:
    return _found(_projects(book).filter(~nw.col("in_library")), fault=nw.lit("没有纳入项目库"))


@part(FND_02, "公示", reads=(value(PROJECTS, "published"),))
def not_published(book: Book) -> nw.LazyFrame:
    return _found(_projects(book).filter(~nw.col("published")), fault=nw.lit("没有公告公示"))


FND_03 = rule_in_parts(
    "FND-03", "项目超期未完工/完工未验收",
    """计划完工日期早于比对日期而没有完工日期，或完工超过60天没有验收日期；已验收的不报。""",
    severity=GENERAL, subject="project", owner=OWNER, basis=CLAUSE, reads=(value(PROJECTS, "project"), header(PROJECTS, "accepted_on")),
    detail="{name}{fault}，请督促。",
    register_value="计划完工：{planned_finish}", source_value="{fault}",
)  # fmt: skip


@part(FND_03, "超期未完工", reads=(value(PROJECTS, "planned_finish"), header(PROJECTS, "finished_on")))
def unfinished(book: Book) -> nw.LazyFrame:
    late = nw.col("finished_on_day").is_null() & (nw.col("planned_finish_last") < book.as_of_day)
    fault = nw.concat_str(nw.lit("计划"), "planned_finish", nw.lit("完工，至今没有完工"))
    return _found(_unaccepted(book).filter(late), "planned_finish", fault=fault)


@part(FND_03, "完工未验收", reads=(value(PROJECTS, "finished_on"),))
def finished_and_unaccepted(book: Book) -> nw.LazyFrame:
    long_ago = book.as_of_day - nw.col("finished_on_last") > book.policy["project_accept_days"]
    fault = nw.concat_str("finished_on", nw.lit("完工，至今没有验收"))
    return _found(_unaccepted(book).filter(long_ago), "planned_finish", fault=fault)


def _unaccepted(book: Book) -> nw.LazyFrame:
    return _projects(book).filter(nw.col("accepted_on_day").is_null() & known("subject"))


RULES = (fnd_01, FND_02, FND_03)
