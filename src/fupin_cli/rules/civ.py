"""CIV: 兜底保障 (owner 区民政局; 三（七）)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import DEATHS, REGISTER, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, Part, part, rule, rule_in_parts
from fupin_cli.rules.reads import arrived, header, value, values
from fupin_cli.rules.terms import among, known, shown, without

BUREAU = "区民政局"
CLAUSE = "工作要点 三（七）1"
DIBAO, TEKUN, RELIEF, INPATIENT = "civil.dibao", "civil.tekun", "civil.relief", "health.inpatient"
INSURANCE, AID, ALLOWANCES = "health.insurance", "education.aid", "disability.allowances"
HOME = "household_id"
# What must stop at death (待遇), and the bureau that must stop it.
SCHEMES = {
    DIBAO: ("低保", BUREAU), TEKUN: ("特困供养", BUREAU), INSURANCE: ("医保参保", "区卫健委"), ALLOWANCES: ("残疾人补贴", "区残联"),
    AID: ("教育资助", "区教育局"),
}  # fmt: skip


def _homes(book: Book) -> nw.LazyFrame:
    said = shown("poverty_type")
    return book.households.select(HOME, "poverty_type", "net_income", subject=HOME, claimed=said)


def _rural(rows: nw.LazyFrame) -> nw.LazyFrame:
    """农村低保: rows that neither 城乡类别 nor (without that) 保障类别 says to be of the town (城市低保)."""
    urban = (nw.col("area") == "城市") | (nw.col("area").is_null() & nw.col("category").str.contains("城市|城镇"))
    return rows.filter(~urban.fill_null(False))


def _granted(book: Book, kind: str) -> nw.LazyFrame:
    """Rows about living household members: what still runs in the name of the dead (CIV-05) helps nobody at home."""
    return among(book.of_households(kind), book.people)


def _active(book: Book, kind: str) -> nw.LazyFrame:
    """Living household members on an active row (status readable)."""
    return _granted(book, kind).filter(nw.col("active")).select(HOME, "rid", "pid")


def _perhaps(book: Book, kind: str) -> nw.LazyFrame:
    """Living household members on a row that is active, or whose status cannot be read."""
    rows = _granted(book, kind)
    return rows.filter(nw.col("active") | nw.col("active").is_null())


CIV_01 = rule_in_parts(
    "CIV-01", "台账为低保户，低保名单无", """台账贫困户属性为低保，全户没有成员在低保名单中在享。""",
    severity=SEVERE, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=(value(REGISTER, "poverty_type"), arrived(DIBAO)),
    detail="{name}户台账登记为低保贫困户，低保名单中没有任何成员在享，请核实是停保未更新还是漏保。",
    register_value="贫困户属性：{claimed}", source_value="低保名单：全户无在享记录",
)  # fmt: skip


def _dibao_homes(book: Book) -> nw.LazyFrame:
    return _homes(book).filter(nw.col("poverty_type") == "低保")


@part(CIV_01, "名单中没有任何记录")
def never_on_dibao(book: Book) -> nw.LazyFrame:
    return without(_dibao_homes(book), _granted(book, DIBAO), HOME)


@part(CIV_01, "只有已停发的记录", reads=(header(DIBAO, "status"),))
def no_longer_on_dibao(book: Book) -> nw.LazyFrame:
    return without(among(_dibao_homes(book), _granted(book, DIBAO), HOME), _perhaps(book, DIBAO), HOME)


@rule(
    "CIV-02", "低保在册，台账非低保户", severity=GENERAL, subject="household", owner=f"{{town}}、{BUREAU}", basis=CLAUSE,
    reads=(value(REGISTER, "poverty_type"), header(DIBAO, "status")),
    cured_by_absence=(DIBAO,),
    detail="{name}户有成员正在享受低保，台账登记为一般户，请核实后更正。",
    register_value="贫困户属性：{claimed}", source_value="低保名单：有成员在享",
)  # fmt: skip
def civ_02(book: Book) -> nw.LazyFrame:
    """有成员在低保名单中在享，台账贫困户属性为一般。"""
    return (
        _homes(book)
        .filter(nw.col("poverty_type") == "一般")
        .join(_active(book, DIBAO).drop("pid"), on=HOME, how="inner")
    )


CIV_03 = rule_in_parts(
    "CIV-03", "特困账账不符", """台账为特困而全户没有成员在特困供养名单中在册（严重），或有成员在册而台账不是特困（一般）。""",
    severity=SEVERE, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=(value(REGISTER, "poverty_type"), arrived(TEKUN)),
    cured_by_absence=(TEKUN,),
    detail="{name}户台账贫困户属性为{claimed}，特困供养名单：{theirs}，请核实后更正。",
    register_value="贫困户属性：{claimed}", source_value="特困供养名单：{theirs}",
)  # fmt: skip


@part(CIV_03, "名单中没有任何记录")
def never_on_tekun(book: Book) -> nw.LazyFrame:
    return _not_on_tekun(book, without(_tekun_homes(book), _granted(book, TEKUN), HOME))


@part(CIV_03, "只有已停止供养的记录", reads=(header(TEKUN, "status"),))
def no_longer_on_tekun(book: Book) -> nw.LazyFrame:
    homes = among(_tekun_homes(book), _granted(book, TEKUN), HOME)
    return _not_on_tekun(book, without(homes, _perhaps(book, TEKUN), HOME))


@part(CIV_03, "有成员在册而台账不是特困", reads=(header(TEKUN, "status"),))
def on_tekun(book: Book) -> nw.LazyFrame:
    homes = _homes(book).filter(nw.col("poverty_type") != "特困")
    listed = homes.join(_active(book, TEKUN).drop("pid"), on=HOME, how="inner")
    return listed.with_columns(severity=nw.lit(GENERAL), theirs=nw.lit("有成员在册"))


def _tekun_homes(book: Book) -> nw.LazyFrame:
    return _homes(book).filter(nw.col("poverty_type") == "特困")


def _not_on_tekun(book: Book, homes: nw.LazyFrame) -> nw.LazyFrame:
    """Homes of which no member is on the list: the row of the list stays empty."""
    homes = homes.join(_active(book, TEKUN).drop("pid"), on=HOME, how="left")
    return homes.with_columns(severity=nw.lit(SEVERE), theirs=nw.lit("全户无在册记录"))


@rule(
    "CIV-04", "低保与特困重复享受", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE,
    reads=(header(DIBAO, "status"), header(TEKUN, "status")),
    cured_by_absence=(DIBAO, TEKUN),
    detail="{name}同时在低保和特困供养名单中在享，只能享受一项，请核实。",
    register_value="贫困户属性：{claimed}", source_value="低保名单：在享；特困供养名单：在册",
)  # fmt: skip
def civ_04(book: Book) -> nw.LazyFrame:
    """同一人在低保和特困供养名单中都在享。"""
    people = book.people.select("pid", subject="pid", claimed=shown("poverty_type"))
    dibao = book.linked(DIBAO).filter(nw.col("active")).select("pid", "rid")
    tekun = book.linked(TEKUN).filter(nw.col("active")).select("pid", rid_tekun="rid")
    return people.join(dibao, on="pid", how="inner").join(tekun, on="pid", how="inner")


CIV_05 = rule_in_parts(
    "CIV-05", "死亡后仍享受待遇", """死亡超过规定天数（death_grace_days），比对日期仍在享低保、特困、参保（本年度）、残疾人补贴，
    或死亡后超过规定天数仍发放教育资助、残疾人补贴；不论是否台账人员。""",
    severity=SEVERE, subject="person", owner="{bureau}", basis=CLAUSE, reads=(value(DEATHS, "died_on"),),
    cured_by_absence=(DIBAO, TEKUN, INSURANCE, ALLOWANCES, AID),
    detail="{name}{died_on}死亡，仍在享受{scheme}，应停发并追回。",
    register_value="死亡日期：{died_on}", source_value="仍在享受：{scheme}",
)  # fmt: skip


@part(CIV_05, "低保", reads=(header(DIBAO, "status"),))
def dibao_after_death(book: Book) -> nw.LazyFrame:
    return _still_running(book, DIBAO)


@part(CIV_05, "特困供养", reads=(header(TEKUN, "status"),))
def tekun_after_death(book: Book) -> nw.LazyFrame:
    return _still_running(book, TEKUN)


@part(CIV_05, "参保", reads=values(INSURANCE, "year", "status"))
def insured_after_death(book: Book) -> nw.LazyFrame:
    return _still_running(book, INSURANCE)


@part(CIV_05, "残疾人补贴在享", reads=(header(ALLOWANCES, "status"),))
def allowance_after_death(book: Book) -> nw.LazyFrame:
    return _still_running(book, ALLOWANCES)


@part(CIV_05, "残疾人补贴发放", reads=(value(ALLOWANCES, "month"),))
def allowance_paid_after_death(book: Book) -> nw.LazyFrame:
    return _paid_later(book, ALLOWANCES, "month_day")


@part(CIV_05, "教育资助发放", reads=(value(AID, "paid_on"),))
def aid_after_death(book: Book) -> nw.LazyFrame:
    return _paid_later(book, AID, "paid_on_day")


def _still_running(book: Book, kind: str) -> nw.LazyFrame:
    late = book.as_of_day - nw.col("died_on_last") > book.policy["death_grace_days"]
    return _after_death(book, kind, nw.col("active") & late)


def _paid_later(book: Book, kind: str, day: str) -> nw.LazyFrame:
    return _after_death(book, kind, nw.col(day) - nw.col("died_on_last") > book.policy["death_grace_days"])


def _after_death(book: Book, kind: str, late: nw.Expr) -> nw.LazyFrame:
    """The dead of one scheme; linked persons by ``pid``, others by their valid ID."""
    dead = book.tables[DEATHS].filter((nw.col("died_on_last") <= book.as_of_day) & known("died_on_last"))
    dead = dead.select("pid", "died_on", "died_on_last", rid_death="rid", key="id_number_key")
    rows = book.records(kind)
    if kind == INSURANCE:
        rows = rows.filter(nw.col("year") == book.as_of.year)
    rows = rows.with_columns(key=nw.col("id_number_key"))
    linked = rows.filter(known("pid")).drop("key").join(dead.filter(known("pid")).drop("key"), on="pid", how="inner")
    strangers = rows.filter(nw.col("pid").is_null() & known("key")).drop("pid")
    unlinked = strangers.join(dead.filter(nw.col("pid").is_null() & known("key")).drop("pid"), on="key", how="inner")
    facts = ("rid", "rid_death", "died_on")
    found = nw.concat([
        linked.filter(late).select(*facts, subject="pid"), unlinked.filter(late).select(*facts, subject="rid_death"),
    ])  # fmt: skip
    scheme, bureau = SCHEMES[kind]
    return found.with_columns(scheme=nw.lit(scheme), bureau=nw.lit(bureau))


CIV_06 = rule_in_parts(
    "CIV-06", "疑似应保未保", """台账年人均纯收入低于低保标准（dibao_line），全户没有成员在享低保或特困。""",
    severity=SEVERE, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=(value(REGISTER, "net_income"), arrived(DIBAO), arrived(TEKUN)),
    detail="{name}户年人均纯收入{net_income}元，低于低保标准{line}元/年，全户无人享受低保或特困供养，请核查是否应保未保。",
    register_value="年人均纯收入：{net_income}元，贫困户属性：{claimed}", source_value="低保、特困名单：全户无在享记录",
)  # fmt: skip


def _poor_homes(book: Book) -> nw.LazyFrame:
    line = book.policy["dibao_line"]
    return _homes(book).filter(nw.col("net_income") < line).with_columns(line=nw.lit(line))


def _on_either(book: Book) -> nw.LazyFrame:
    return nw.concat([_granted(book, kind).select(HOME) for kind in (DIBAO, TEKUN)])


@part(CIV_06, "两份名单中都没有记录")
def poor_and_on_no_list(book: Book) -> nw.LazyFrame:
    return without(_poor_homes(book), _on_either(book), HOME)


@part(CIV_06, "只有已停发的记录", reads=(header(DIBAO, "status"), header(TEKUN, "status")))
def poor_and_no_longer_on_a_list(book: Book) -> nw.LazyFrame:
    once = among(_poor_homes(book), _on_either(book), HOME)
    return without(without(once, _perhaps(book, DIBAO), HOME), _perhaps(book, TEKUN), HOME)


@rule(
    "CIV-07", "低保核对率未达标", severity=GENERAL, subject="unit", owner=BUREAU, basis=CLAUSE,
    reads=(value(DIBAO, "verified"), header(DIBAO, "status"), header(DIBAO, "area/category")),
    parts_of=lambda _: (Part("全区", ()), Part("各镇", (value(DIBAO, "town"),))),
    detail="{name}农村低保在享{listed}人（户），已核对{verified}，核对率{percent}%，低于{wanted}%。",
    register_value="核对率应达{wanted}%", source_value="低保名单：在享{listed}，已核对{verified}，{percent}%",
)  # fmt: skip
def civ_07(book: Book) -> nw.LazyFrame:
    """农村低保在享记录中已核对的比例低于 dibao_verified_rate，全区和各镇分别计算；城乡类别（没有的看保障类别）写明城市的和是否核对未填的不计入。"""
    rows = _rural(book.records(DIBAO)).filter(nw.col("active") & known("verified"))
    rows = rows.with_columns(yes=nw.when(nw.col("verified")).then(nw.lit(1)).otherwise(nw.lit(0)))
    counts = {"listed": nw.len(), "verified": nw.col("yes").sum()}
    towns = rows.filter(known("town")).group_by("town").agg(**counts).with_columns(subject=nw.col("town"))
    whole = rows.with_columns(subject=nw.lit("全区")).group_by("subject").agg(**counts).with_columns(town=nw.lit(""))
    columns = ["subject", "town", "listed", "verified"]
    rates = nw.concat([whole.select(columns), towns.select(columns)]).with_columns(
        share=nw.col("verified") / nw.col("listed")
    )
    wanted = book.policy["dibao_verified_rate"]
    low = rates.filter(nw.col("share") < wanted - 1e-9)
    part = nw.when(nw.col("subject") == "全区").then(nw.lit("全区")).otherwise(nw.lit("各镇"))
    return low.with_columns(percent=nw.col("share") * 100, wanted=nw.lit(wanted * 100), part=part)


CIV_08 = rule_in_parts(
    "CIV-08", "急难未救助", """一名成员比对年度住院自付合计超过 relief_self_paid，全户当年没有临时救助。""",
    severity=HINT, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=(*values(INPATIENT, "admitted_on", "self_paid"), arrived(RELIEF)),
    detail="{name}户有成员本年度住院自付{own}元，全户没有临时救助记录，请核查是否需要救助。",
    register_value="贫困户属性：{claimed}", source_value="住院自付{own}元；临时救助：本年度无记录",
)  # fmt: skip


@part(CIV_08, "从来没有临时救助")
def ill_and_never_helped(book: Book) -> nw.LazyFrame:
    return without(_heavily_ill(book), book.of_households(RELIEF), HOME)


@part(CIV_08, "只有其他年度的临时救助", reads=(value(RELIEF, "granted_on"),))
def ill_and_helped_in_another_year(book: Book) -> nw.LazyFrame:
    helped = book.of_households(RELIEF)
    this_year = helped.filter(nw.col("record_year") == book.as_of.year)
    return without(among(_heavily_ill(book), helped, HOME), this_year, HOME)


def _heavily_ill(book: Book) -> nw.LazyFrame:
    """Households with the bills of members who paid more than ``relief_self_paid`` of their own in the year."""
    year = book.as_of.year
    bills = among(book.of_households(INPATIENT), book.people).filter(
        (nw.col("admitted_on_year") == year) & known("self_paid")
    )
    sums = bills.group_by(HOME, "pid").agg(own=nw.col("self_paid").sum())
    heavy = sums.filter(nw.col("own") > book.policy["relief_self_paid"])
    found = heavy.join(bills.select("pid", "rid"), on="pid", how="inner").drop("pid")
    return _homes(book).join(found, on=HOME, how="inner")


RULES = (CIV_01, civ_02, CIV_03, civ_04, CIV_05, CIV_06, civ_07, CIV_08)
