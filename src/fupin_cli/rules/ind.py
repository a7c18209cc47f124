"""IND: 产业扶贫 (owner 区农业农村局; 三（四）1)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import HOUSEHOLDS, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, Part, part, rule, rule_in_parts
from fupin_cli.rules.reads import Read, arrived, value
from fupin_cli.rules.terms import among, in_parts, known, without

BUREAU = "区农业农村局"
CLAUSE = "工作要点 三（四）1"
AWARDS = "agriculture.awards"
HOME = "household_id"
# The tiers are of net income (纯收入): as listed, or gross income (收入) less cost (支出); gross alone says nothing of it.
NET_COLUMNS = ("operating_income/gross_income", "operating_income/operating_cost")
# Which awards are of one year, their year tells: they may be paid in the next.
ONE, SEVERAL = "只有一笔奖励的户", "有几笔奖励的户"


def _net_income(kind: str) -> tuple[Read, ...]:
    return tuple(value(kind, columns) for columns in NET_COLUMNS)


def _net() -> nw.Expr:
    return nw.coalesce(nw.col("operating_income"), nw.col("gross_income") - nw.col("operating_cost"))


def _tier(book: Book) -> nw.Expr:
    """The award (奖励档次) due for ``income``."""
    due = nw.lit(0)
    for floor, award in sorted(book.policy["award_tiers"]):
        due = nw.when(nw.col("income") > floor).then(nw.lit(award)).otherwise(due)
    return due


@rule(
    "IND-01", "产业奖励档次不符", severity=GENERAL, subject="household", owner=BUREAU, basis=CLAUSE,
    reads=(*_net_income(AWARDS), value(AWARDS, "award"), value(AWARDS, "year/paid_on")),
    parts_of=lambda _: (Part(ONE, ()), Part(SEVERAL, (value(AWARDS, "year"),))),
    detail="{name}户{year}年家庭经营性纯收入{income}元，应奖励{due}元，实际奖励{award}元，请核实更正。",
    register_value="应奖励：{due}元", source_value="经营性纯收入{income}元，奖励{award}元",
)  # fmt: skip
def ind_01(book: Book) -> nw.LazyFrame:
    """同一户同一年度奖励金额合计与家庭经营性纯收入的档次不符：超过4000元奖1000元、8000元奖2000元、10000元奖3000元，其余不奖（见政策参数）；纯收入没有的按经营性收入减支出，只有收入的不查；有一笔奖励金额没有填写或不知道年度的不查。"""
    rows = among(book.of_households(AWARDS), book.households, HOME)
    rows = without(rows, rows.filter(nw.col("year").is_null() & nw.col("paid_on_year").is_null()), HOME)
    awards = {"award": nw.col("award").sum(), "told": nw.col("award").count(), "listed": nw.len()}
    rows = rows.with_columns(net=_net())
    years = rows.group_by(HOME, "record_year").agg(income=nw.col("net").max(), **awards)
    years = years.filter(known("income") & (nw.col("told") == nw.col("listed"))).with_columns(due=_tier(book))
    wrong = years.filter((nw.col("award") - nw.col("due")).abs() > 0.005)
    proof = rows.select(HOME, "record_year", "rid")
    found = wrong.join(proof, on=[HOME, "record_year"], how="inner")
    several = rows.group_by(HOME).agg(awards=nw.len()).filter(nw.col("awards") > 1)
    found = in_parts(found, several, SEVERAL, ONE, HOME)
    return found.select("rid", "income", "award", "due", "part", subject=HOME, year="record_year")


IND_02 = rule_in_parts(
    "IND-02", "应奖未奖",
    """户信息登记的家庭经营性纯收入（没有的按经营性收入减支出，只有收入的不查）超过第一档，全户比对年度没有产业奖励记录。""",
    severity=HINT, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=(*_net_income(HOUSEHOLDS), arrived(AWARDS)),
    detail="{name}户家庭经营性纯收入登记为{income}元，达到奖励标准（应奖励{due}元），本年度产业奖励名单中没有记录，请核实。",
    register_value="家庭经营性纯收入：{income}元", source_value="产业奖励名单：本年度全户无记录",
)  # fmt: skip


def _worthy(book: Book) -> nw.LazyFrame:
    listed = book.tables[HOUSEHOLDS].select(HOME, "rid", income=_net()).with_columns(due=_tier(book))
    return among(listed.filter(nw.col("due") > 0), book.households, HOME)


def _not_awarded(homes: nw.LazyFrame) -> nw.LazyFrame:
    return homes.select("rid", "income", "due", subject=HOME)


@part(IND_02, "从来没有奖励记录")
def never_awarded(book: Book) -> nw.LazyFrame:
    return _not_awarded(without(_worthy(book), book.of_households(AWARDS), HOME))


@part(IND_02, "只有其他年度的奖励", reads=(value(AWARDS, "year"),))
def awarded_in_another_year(book: Book) -> nw.LazyFrame:
    awarded = book.of_households(AWARDS)
    this_year = awarded.filter(nw.col("record_year") == book.as_of.year)
    return _not_awarded(without(among(_worthy(book), awarded, HOME), this_year, HOME))


RULES = (ind_01, IND_02)
