"""CIV: 兜底保障 (owner 区民政局; 三（七）)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import DEATHS, REGISTER, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, rule
from fupin_cli.rules.register_rows import not_exported
from fupin_cli.rules.terms import among, known, shown, without

BUREAU = "区民政局"
CLAUSE = "工作要点 三（七）1"
DIBAO, TEKUN, RELIEF, INPATIENT = "civil.dibao", "civil.tekun", "civil.relief", "health.inpatient"
INSURANCE, AID, ALLOWANCES = "health.insurance", "education.aid", "disability.allowances"
HOME = "household_id"
# What may go on after death: active at ``as_of`` (status) or paid later (date).
FACTS = ("rid_death", "died_on", "died_on_last")
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


@rule(
    "CIV-01", "台账为低保户，低保名单无", severity=SEVERE, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE, needs=(DIBAO,),
    columns={REGISTER: ("poverty_type",)},
    detail="{name}户台账登记为低保贫困户，低保名单中没有任何成员在享，请核实是停保未更新还是漏保。",
    register_value="贫困户属性：{claimed}", source_value="低保名单：全户无在享记录",
)  # fmt: skip
def civ_01(book: Book) -> nw.LazyFrame:
    """台账贫困户属性为低保，全户没有成员在低保名单中在享。"""
    return without(_homes(book).filter(nw.col("poverty_type") == "低保"), _perhaps(book, DIBAO), HOME)


@rule(
    "CIV-02", "低保在册，台账非低保户", severity=GENERAL, subject="household", owner=f"{{town}}、{BUREAU}", basis=CLAUSE, needs=(DIBAO,),
    columns={REGISTER: ("poverty_type",)},
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


@rule(
    "CIV-03", "特困账账不符", severity=SEVERE, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE, needs=(TEKUN,),
    columns={REGISTER: ("poverty_type",)},
    detail="{name}户台账贫困户属性为{claimed}，特困供养名单：{theirs}，请核实后更正。",
    register_value="贫困户属性：{claimed}", source_value="特困供养名单：{theirs}",
)  # fmt: skip
def civ_03(book: Book) -> nw.LazyFrame:
    """台账为特困而全户没有成员在特困供养名单中在册（严重），或有成员在册而台账不是特困（一般）。"""
    homes = _homes(book).filter(known("poverty_type"))
    members = _active(book, TEKUN).drop("pid")
    absent = without(homes.filter(nw.col("poverty_type") == "特困"), _perhaps(book, TEKUN), HOME)
    absent = absent.join(members, on=HOME, how="left")  # none of them has one: the row stays empty
    absent = absent.with_columns(severity=nw.lit(SEVERE), theirs=nw.lit("全户无在册记录"))
    listed = homes.filter(nw.col("poverty_type") != "特困").join(members, on=HOME, how="inner")
    listed = listed.with_columns(severity=nw.lit(GENERAL), theirs=nw.lit("有成员在册"))
    return nw.concat([absent, listed.select(absent.collect_schema().names())])


@rule(
    "CIV-04", "低保与特困重复享受", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE, needs=(DIBAO, TEKUN),
    detail="{name}同时在低保和特困供养名单中在享，只能享受一项，请核实。",
    register_value="贫困户属性：{claimed}", source_value="低保名单：在享；特困供养名单：在册",
)  # fmt: skip
def civ_04(book: Book) -> nw.LazyFrame:
    """同一人在低保和特困供养名单中都在享。"""
    people = book.people.select("pid", subject="pid", claimed=shown("poverty_type"))
    dibao = book.linked(DIBAO).filter(nw.col("active")).select("pid", "rid")
    tekun = book.linked(TEKUN).filter(nw.col("active")).select("pid", rid_tekun="rid")
    return people.join(dibao, on="pid", how="inner").join(tekun, on="pid", how="inner")


@rule(
    "CIV-05", "死亡后仍享受待遇", severity=SEVERE, subject="person", owner="{bureau}", basis=CLAUSE,
    needs=(DEATHS,), any_of=tuple(SCHEMES), wants=tuple(SCHEMES),
    columns={DEATHS: ("died_on",)}, lacking=not_exported(AID, "paid_on"),
    detail="{name}{died_on}死亡，仍在享受{scheme}，应停发并追回。",
    register_value="死亡日期：{died_on}", source_value="仍在享受：{scheme}",
)  # fmt: skip
def civ_05(book: Book) -> nw.LazyFrame:
    """死亡超过规定天数（death_grace_days），比对日期仍在享低保、特困、参保（本年度）、残疾人补贴，
    或死亡后超过规定天数仍发放教育资助、残疾人补贴；不论是否台账人员。"""
    return nw.concat([_after_death(book, kind, *scheme) for kind, scheme in SCHEMES.items() if book.arrived(kind)])


def _after_death(book: Book, kind: str, scheme: str, bureau: str) -> nw.LazyFrame:
    """The dead of one scheme; linked persons by ``pid``, others by their valid ID."""
    grace = book.policy["death_grace_days"]
    dead = book.tables[DEATHS].filter((nw.col("died_on_last") <= book.as_of_day) & known("died_on_last"))
    dead = dead.select("pid", "died_on", "died_on_last", rid_death="rid", key="id_number_key")
    rows = book.records(kind)
    if kind == INSURANCE:
        rows = rows.filter(nw.col("year") == book.as_of.year)
    columns = rows.collect_schema().names()
    paid = next((name for name in ("paid_on_day", "month_day") if name in columns), None)
    rows = rows.with_columns(key=nw.col("id_number_key"))
    linked = rows.filter(known("pid")).drop("key").join(dead.filter(known("pid")).drop("key"), on="pid", how="inner")
    strangers = rows.filter(nw.col("pid").is_null() & known("key")).drop("pid")
    unlinked = strangers.join(dead.filter(nw.col("pid").is_null() & known("key")).drop("pid"), on="key", how="inner")
    facts = [
        name for name in ("rid", "rid_death", "died_on", "died_on_last", "active", paid) if name in {*columns, *FACTS}
    ]
    both = nw.concat([linked.select(*facts, subject="pid"), unlinked.select(*facts, subject="rid_death")])
    found = []
    if "active" in columns:
        found.append(both.filter(nw.col("active") & (book.as_of_day - nw.col("died_on_last") > grace)))
    if paid is not None:
        found.append(both.filter(nw.col(paid) - nw.col("died_on_last") > grace))
    late = nw.concat(found)
    return late.select("subject", "rid", "rid_death", "died_on", scheme=nw.lit(scheme), bureau=nw.lit(bureau))


@rule(
    "CIV-06", "疑似应保未保", severity=SEVERE, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE, needs=(DIBAO, TEKUN),
    columns={REGISTER: ("net_income",)},
    detail="{name}户年人均纯收入{net_income}元，低于低保标准{line}元/年，全户无人享受低保或特困供养，请核查是否应保未保。",
    register_value="年人均纯收入：{net_income}元，贫困户属性：{claimed}", source_value="低保、特困名单：全户无在享记录",
)  # fmt: skip
def civ_06(book: Book) -> nw.LazyFrame:
    """台账年人均纯收入低于低保标准（dibao_line），全户没有成员在享低保或特困。"""
    line = book.policy["dibao_line"]
    poor = _homes(book).filter(nw.col("net_income") < line).with_columns(line=nw.lit(line))
    return without(without(poor, _perhaps(book, DIBAO), HOME), _perhaps(book, TEKUN), HOME)


@rule(
    "CIV-07", "低保核对率未达标", severity=GENERAL, subject="unit", owner=BUREAU, basis=CLAUSE, needs=(DIBAO,),
    columns={DIBAO: ("verified",)}, lacking=not_exported(DIBAO, "town"),
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
    return low.with_columns(percent=nw.col("share") * 100, wanted=nw.lit(wanted * 100))


@rule(
    "CIV-08", "急难未救助", severity=HINT, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE, needs=(RELIEF, INPATIENT),
    detail="{name}户有成员本年度住院自付{own}元，全户没有临时救助记录，请核查是否需要救助。",
    register_value="贫困户属性：{claimed}", source_value="住院自付{own}元；临时救助：本年度无记录",
)  # fmt: skip
def civ_08(book: Book) -> nw.LazyFrame:
    """一名成员比对年度住院自付合计超过 relief_self_paid，全户当年没有临时救助。"""
    year = book.as_of.year
    bills = among(book.of_households(INPATIENT), book.people).filter(
        (nw.col("admitted_on_year") == year) & known("self_paid")
    )
    sums = bills.group_by(HOME, "pid").agg(own=nw.col("self_paid").sum())
    heavy = sums.filter(nw.col("own") > book.policy["relief_self_paid"])
    helped = book.of_households(RELIEF).filter(nw.col("record_year") == year)
    found = without(heavy, helped, HOME).join(bills.select("pid", "rid"), on="pid", how="inner").drop("pid")
    return _homes(book).join(found, on=HOME, how="inner")
