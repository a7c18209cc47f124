"""FIN: 扶贫小额信贷 (owner 区金融办; 三（四）6, 四（十一）1)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import WATCHLIST, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, Part, part, rule, rule_in_parts
from fupin_cli.rules.reads import arrived, header, value, values
from fupin_cli.rules.terms import MONTH, known, lapse, without

BUREAU = "区金融办"
RISK, CLAUSE = "工作要点 四（十一）1", "工作要点 三（四）6"
OWNER = f"{BUREAU}、{{town}}"
LOANS = "finance.loans"

# Whether a loan is repaid may stand in 是否还清 too; whether it was renewed stands in 贷款状态 alone.
UNPAID = values(LOANS, "due_on", "status")
RECOURSE = header(LOANS, "recourse_since")
LATELY, LONG_AGO = "到期未满追索天数的", "到期已满追索天数的"


def _written(*words: str) -> nw.Expr:
    """Whether 贷款状态 or 备注 says one of these words, and not that it was not so."""
    word = "|".join(words)
    said = nw.concat_str(*(nw.col(name).fill_null("") for name in ("status_raw", "remark")), separator="；")
    return said.str.contains(word) & ~said.str.contains(f"(?:未|不|没|拟).{{0,3}}(?:{word})")


def _postponed(book: Book) -> nw.Expr:
    """延期还款 for the epidemic's sake, while the four ministries' notice allows it (``epidemic_loans``)."""
    first, until = book.policy["epidemic_loans"]
    allowed = (nw.col("due_on") >= first).fill_null(False) & nw.lit(book.as_of.isoformat() <= until)
    postponed: nw.Expr = _written("延期") & allowed
    return postponed


def _unpaid(book: Book) -> nw.LazyFrame:
    """Loans said not to be repaid, of living persons of the register; 续贷, 展期, 延期 have another due date."""
    renewed = nw.col("status").is_in(["续贷", "展期"]).fill_null(False) | _written("续贷", "展期") | _postponed(book)
    by_status = nw.col("repaid").is_null() & known("status") & (nw.col("status") != "结清")
    rows = book.linked(LOANS).filter(~renewed & ((~nw.col("repaid")).fill_null(False) | by_status.fill_null(False)))
    return rows.join(book.people.select("pid", subject="pid"), on="pid", how="inner")


def _in_recourse(book: Book) -> nw.LazyFrame:
    """Unpaid loans that were demanded back (追索) ``recourse_days`` ago or longer."""
    days = book.as_of_day - nw.col("recourse_since_last")
    return _unpaid(book).with_columns(days=days).filter(days >= book.policy["recourse_days"])


def _loan(rows: nw.LazyFrame, *more: str) -> nw.LazyFrame:
    return rows.select("subject", "rid", "principal", "due_on", *more)


@rule(
    "FIN-01", "小额信贷逾期", severity=SEVERE, subject="person", owner=OWNER, basis=RISK,
    reads=UNPAID, parts_of=lambda _: (Part(LATELY, ()), Part(LONG_AGO, (RECOURSE,))),
    detail="{name}的扶贫小额信贷{principal}元{due_on}到期，至今没有还清，请催收或按规定处置。",
    register_value="借款人：{name}", source_value="贷款{principal}元，到期{due_on}，未还清",
)  # fmt: skip
def fin_01(book: Book) -> nw.LazyFrame:
    """贷款到期日早于比对日期，没有还清；续贷、展期的和按四部门通知受疫情影响延期还款的（epidemic_loans）除外，追索90天以上的按 FIN-03 报。"""
    overdue = _unpaid(book).filter(nw.col("due_on_last") < book.as_of_day)
    lately = nw.col("due_on_last") > book.as_of_day - book.policy["recourse_days"]
    part = nw.when(lately).then(nw.lit(LATELY)).otherwise(nw.lit(LONG_AGO))
    return _loan(without(overdue, _in_recourse(book), "rid").with_columns(part=part), "part")


@rule(
    "FIN-02", "小额信贷即将到期", severity=HINT, subject="person", owner=OWNER, basis=RISK, reads=UNPAID,
    detail="{name}的扶贫小额信贷{principal}元将于{due_on}到期，请提前落实还款、续贷或展期。",
    register_value="借款人：{name}", source_value="贷款{principal}元，到期{due_on}，未还清",
)  # fmt: skip
def fin_02(book: Book) -> nw.LazyFrame:
    """没有还清的贷款在比对日期起30天内到期。"""
    soon = book.as_of_day + book.policy["due_soon_days"]
    return _loan(_unpaid(book).filter((nw.col("due_on_last") >= book.as_of_day) & (nw.col("due_on_day") <= soon)))


@rule(
    "FIN-03", "追索90天以上未还", severity=SEVERE, subject="person", owner=OWNER, basis=RISK, reads=(*UNPAID, RECOURSE),
    detail="{name}的扶贫小额信贷{principal}元{due_on}到期，{recourse_since}起追索已{days}天仍未还清，应按条件启动风险补偿。",
    register_value="借款人：{name}", source_value="贷款{principal}元，追索起始{recourse_since}，未还清",
)  # fmt: skip
def fin_03(book: Book) -> nw.LazyFrame:
    """没有还清的贷款，追索起始日距比对日期90天以上（含90天，代替 FIN-01）。"""
    return _loan(_in_recourse(book), "recourse_since", "days")


FIN_04 = rule_in_parts(
    "FIN-04", "贷款要件不符", """贷款金额超过5万元，或期限超过3年，或借款人不在台账和监测名单中（待人工确认的除外）。""",
    severity=GENERAL, subject="record", owner=BUREAU, basis=CLAUSE, excuses=(arrived(WATCHLIST),),
    cured_by_absence=(LOANS,),
    each="{fault}", detail="{name}的扶贫小额信贷{principal}元（{granted_on}至{due_on}）{each}，请核实。",
    register_value="小额信贷：额度、期限、对象应符合规定", source_value="贷款{principal}元，{granted_on}至{due_on}",
)  # fmt: skip


@part(FIN_04, "金额", reads=(value(LOANS, "principal"),))
def too_large(book: Book) -> nw.LazyFrame:
    most = book.policy["loan_max"]
    return _faulty(book.records(LOANS).filter(nw.col("principal") > most), f"金额超过{most}元")


@part(FIN_04, "期限", reads=(value(LOANS, "granted_on"), value(LOANS, "due_on")))
def too_long(book: Book) -> nw.LazyFrame:
    years = book.policy["loan_years"]
    long = lapse("granted_on", "due_on") > years * 12 * MONTH
    return _faulty(book.records(LOANS).filter(long), f"期限超过{years}年")


@part(FIN_04, "借款人", reads=(arrived(LOANS),))
def to_strangers(book: Book) -> nw.LazyFrame:
    strangers = book.records(LOANS).filter(nw.col("pid").is_null())
    return _faulty(without(strangers, book.links, on="rid"), "借款人不在台账和监测名单")


def _faulty(rows: nw.LazyFrame, fault: str) -> nw.LazyFrame:
    return rows.select("principal", "granted_on", "due_on", subject="rid", fault=nw.lit(fault))


RULES = (fin_01, fin_02, fin_03, FIN_04)
