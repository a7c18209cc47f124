"""MED: 基本医疗有保障, insurance and money (owner 区卫健委, whom the plan names, though 区医保局 sends the lists; 三（二）2). Care is in ``med_care``."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.engine import collected
from fupin_cli.rules.book import DEATHS, REGISTER, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, Part, part, rule, rule_in_parts
from fupin_cli.rules.reads import arrived, header, value, values
from fupin_cli.rules.terms import among, flag_shown, in_parts, known, without

BUREAU = "区卫健委"
CLAUSE = "工作要点 三（二）2"
INSURANCE, INPATIENT, OUTPATIENT, TEKUN = "health.insurance", "health.inpatient", "health.outpatient", "civil.tekun"
PARTS = ("basic_paid", "serious_paid", "supplementary_paid", "relief_paid", "fund_paid", "self_paid")
CENT = 0.005
# What is settled, and what of a bill is summed up over the year.
SETTLED = {INPATIENT: "住院", OUTPATIENT: "慢性病门诊"}
BILLS = {
    INPATIENT: values(INPATIENT, "admitted_on", "total", "self_paid"),
    OUTPATIENT: values(OUTPATIENT, "visited_on", "total", "self_paid"),
}
NOT_TEKUN, ONCE_TEKUN = "不在特困供养名单的", "特困供养名单上已停的"


def _claims(frame: nw.LazyFrame) -> nw.LazyFrame:
    """Persons with what the register says of their insurance."""
    said = flag_shown("basic_insured")
    return frame.select("pid", "basic_insured", "birth_day", subject="pid", claimed=said)


def _insured(book: Book) -> nw.LazyFrame:
    """Insurance rows of the ``as_of`` year, and (``year`` blank) those that may be."""
    rows = book.linked(INSURANCE).filter(nw.col("record_year") == book.as_of.year)
    texts = {name: nw.coalesce(nw.col(f"{name}_raw"), nw.lit("未填")) for name in ("status", "scheme")}
    return rows.select(
        "pid",
        "rid",
        "year",
        "active",
        "scheme",
        "premium",
        "subsidy",
        "serious_insured",
        said_status=texts["status"],
        said_scheme=texts["scheme"],
    )


def _residents(book: Book) -> nw.LazyFrame:
    """Active rows of the year in 城乡居民基本医疗保险."""
    return _insured(book).filter(known("year") & nw.col("active") & (nw.col("scheme") == "城乡居民"))


MED_01 = rule_in_parts(
    "MED-01", "未参加基本医疗保险", """台账或监测人员在比对年度的参保名单中没有任何记录。出生未满规定天数（newborn_days）的作提示。""",
    severity=SEVERE, subject="person", owner=f"{BUREAU}、{{town}}", basis=CLAUSE, reads=(arrived(INSURANCE),),
    detail="{name}在{year}年度参保名单中没有任何记录，应动员参保并落实补贴。",
    register_value="是否参加基本医保：{claimed}", source_value="{year}年度参保名单：无记录",
)  # fmt: skip


@part(MED_01, "哪一年的记录都没有")
def never_insured(book: Book) -> nw.LazyFrame:
    return _uninsured(book, without(_claims(book.everyone), book.linked(INSURANCE)))


@part(MED_01, "只有其他年度的记录", reads=(value(INSURANCE, "year"),))
def insured_in_another_year(book: Book) -> nw.LazyFrame:
    insured = among(_claims(book.everyone), book.linked(INSURANCE))
    return _uninsured(book, without(insured, _insured(book)))


def _uninsured(book: Book, people: nw.LazyFrame) -> nw.LazyFrame:
    newborn = book.as_of_day - nw.col("birth_day") <= book.policy["newborn_days"]
    return people.with_columns(
        year=nw.lit(str(book.as_of.year)), severity=nw.when(newborn).then(nw.lit(HINT)).otherwise(nw.lit(SEVERE))
    )


@rule(
    "MED-02", "参保状态异常", severity=SEVERE, subject="person", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=values(INSURANCE, "year", "status"),
    detail="{name}本年度的参保状态是{said_status}，没有一条正常参保，请核实并恢复参保。",
    register_value="是否参加基本医保：{claimed}", source_value="参保状态：{said_status}（{said_scheme}）",
)  # fmt: skip
def med_02(book: Book) -> nw.LazyFrame:
    """比对年度有参保记录，但没有一条正常参保。"""
    rows = _insured(book)
    fine = rows.filter(nw.col("active") | nw.col("active").is_null())
    return without(_claims(book.people).join(rows.filter(known("year")), on="pid", how="inner"), fine)


@rule(
    "MED-03", "未参加大病保险", severity=SEVERE, subject="person", owner=BUREAU, basis=CLAUSE,
    reads=values(INSURANCE, "year", "status", "scheme", "serious_insured"),
    detail="{name}已参加城乡居民基本医疗保险，大病保险为“否”，应纳入大病保险。",
    register_value="是否参加基本医保：{claimed}", source_value="大病保险：否",
)  # fmt: skip
def med_03(book: Book) -> nw.LazyFrame:
    """比对年度正常参加城乡居民基本医疗保险，大病保险为否。"""
    rows = _residents(book)
    missing = without(rows.filter(~nw.col("serious_insured")), rows.filter(nw.col("serious_insured")))
    return _claims(book.people).join(missing, on="pid", how="inner")


@rule(
    "MED-04", "个人缴费未全额补贴", severity=GENERAL, subject="person", owner=f"{BUREAU}、区财政局", basis=CLAUSE,
    reads=values(INSURANCE, "year", "status", "scheme", "premium", "subsidy"),
    detail="{name}城乡居民医保个人应缴{premium}元，财政只补贴{subsidy}元，应全额补贴。",
    register_value="建档立卡贫困人口，个人缴费应全额补贴", source_value="个人应缴{premium}元，财政补贴{subsidy}元",
)  # fmt: skip
def med_04(book: Book) -> nw.LazyFrame:
    """比对年度正常参加城乡居民基本医疗保险，财政补贴小于个人应缴。"""
    short = _residents(book).filter(nw.col("premium") - nw.col("subsidy") > CENT)
    return _claims(book.people).join(short, on="pid", how="inner")


MED_05 = rule_in_parts(
    "MED-05", "参保账账不符", """台账登记参保为是而比对年度没有正常参保记录，或登记为否而有正常参加城乡居民医保的记录。""",
    severity=GENERAL, subject="person", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=(value(REGISTER, "basic_insured"), arrived(INSURANCE)),
    detail="{name}台账登记参加基本医保为“{claimed}”，参保名单：{theirs}，请核实后更正。",
    register_value="是否参加基本医保：{claimed}", source_value="参保名单：{theirs}",
)  # fmt: skip


@part(MED_05, "登记参保而哪一年的记录都没有")
def claimed_and_never_insured(book: Book) -> nw.LazyFrame:
    claimed = _claims(book.people).filter(nw.col("basic_insured"))
    return _beside(without(claimed, book.linked(INSURANCE)), _insured(book))


@part(MED_05, "登记参保而没有当年的正常参保", reads=values(INSURANCE, "year", "status"))
def claimed_and_not_insured(book: Book) -> nw.LazyFrame:
    rows = _insured(book)
    perhaps = rows.filter(nw.col("active") | nw.col("active").is_null())
    claimed = among(_claims(book.people).filter(nw.col("basic_insured")), book.linked(INSURANCE))
    return _beside(without(claimed, perhaps), rows)


@part(MED_05, "登记未参保而正常参加居民医保", reads=values(INSURANCE, "year", "status", "scheme"))
def insured_and_not_claimed(book: Book) -> nw.LazyFrame:
    unclaimed = among(_claims(book.people).filter(~nw.col("basic_insured")), _residents(book))
    return _beside(unclaimed, _residents(book).with_columns(said_status=nw.lit("城乡居民医保正常参保")))


def _beside(people: nw.LazyFrame, rows: nw.LazyFrame) -> nw.LazyFrame:
    """People with what the list says of them."""
    people = people.join(rows.select("pid", "rid", theirs=nw.col("said_status")), on="pid", how="left")
    return people.with_columns(theirs=nw.coalesce(nw.col("theirs"), nw.lit("本年度无记录")))


@rule(
    "MED-06", "重复参保", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE, reads=values(INSURANCE, "year", "status"),
    cured_by_absence=(INSURANCE,),
    detail="{name}{record_year}年度有{times}条正常参保记录（{said_scheme}），属重复参保。",
    register_value="是否参加基本医保：{claimed}", source_value="{record_year}年度：{said_scheme}",
)  # fmt: skip
def med_06(book: Book) -> nw.LazyFrame:
    """同一年度在城乡居民和职工医保同时正常参保，或正常参保两次以上。"""
    rows = book.linked(INSURANCE).filter(nw.col("active") & known("year"))
    keys = ["pid", "record_year"]
    repeated = rows.group_by(keys).agg(times=nw.len()).filter(nw.col("times") > 1)
    found = rows.join(repeated, on=keys, how="inner").select(
        "pid", "rid", "record_year", "times", said_scheme=nw.coalesce(nw.col("scheme"), nw.lit("险种未填"))
    )
    return _claims(book.people).join(found, on="pid", how="inner")


def _spent(book: Book, kind: str) -> nw.LazyFrame:
    """Bills of the ``as_of`` year of living registered persons, with both amounts; of those without a date nobody knows the year."""
    year = "admitted_on_year" if kind == INPATIENT else "visited_on_year"
    rows = book.linked(kind).filter((nw.col(year) == book.as_of.year) & known("total") & known("self_paid"))
    return among(rows, book.people)


def reimbursed(book: Book) -> tuple[str, ...]:
    """实际报销比例 of all registered persons together, which is what the plan sets; a sentence a kind of bills that arrived."""
    found = []
    for kind, title, wanted in ((INPATIENT, "住院", "inpatient_rate"), (OUTPATIENT, "慢性病门诊", "outpatient_rate")):
        if book.arrived(kind) and not book.doubtful_towns((REGISTER, kind)):
            sums = collected(_spent(book, kind).select(nw.col("total").sum(), nw.col("self_paid").sum()))
            paid, own = float(sums["total"].item() or 0), float(sums["self_paid"].item() or 0)
            if paid > 0:
                found.append(
                    f"台账人员本年度{title}总费用{paid:,.2f}元，个人自付{own:,.2f}元，实际报销比例{100 - 100 * own / paid:.1f}%"
                    f"（应达{book.policy[wanted]:.0%}；按送来的结算记录计算）。"
                )
    return tuple(found)


def _low_rate(book: Book, kind: str, rate: float) -> nw.LazyFrame:
    """Persons whose bills of the year were reimbursed below ``rate``, 特困 persons left to MED-13."""
    bills = _spent(book, kind)
    if book.arrived(TEKUN):
        bills = without(bills, book.linked(TEKUN).filter(nw.col("active")))
    sums = (
        bills.group_by("pid").agg(paid=nw.col("total").sum(), own=nw.col("self_paid").sum()).filter(nw.col("paid") > 0)
    )
    sums = sums.with_columns(share=1 - nw.col("own") / nw.col("paid")).filter(nw.col("share") < rate - 0.0005 - 1e-9)
    sums = sums.with_columns(percent=nw.col("share") * 100, wanted=nw.lit(rate * 100))
    sums = sums.join(bills.select("pid", "rid"), on="pid", how="inner").with_columns(part=nw.lit(NOT_TEKUN))
    if book.arrived(TEKUN):
        sums = in_parts(sums.drop("part"), book.linked(TEKUN), ONCE_TEKUN, NOT_TEKUN)
    return sums.rename({"pid": "subject"})


def _beside_tekun(book: Book) -> list[Part]:
    """Whether someone on the list of 特困 is one still, its status tells."""
    once = [Part(ONCE_TEKUN, (header(TEKUN, "status"),))] if book.arrived(TEKUN) else []
    return [Part(NOT_TEKUN, ()), *once]


@rule(
    "MED-11", "住院实际报销比例低于标准", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE,
    reads=BILLS[INPATIENT], excuses=(arrived(TEKUN),), parts_of=_beside_tekun,
    detail="{name}本年度住院总费用{paid}元，个人自付{own}元，实际报销{percent}%，低于{wanted}%。",
    register_value="建档立卡贫困人口，住院实际报销比例应达{wanted}%", source_value="总费用{paid}元，自付{own}元，报销{percent}%",
)  # fmt: skip
def med_11(book: Book) -> nw.LazyFrame:
    """一人一年住院：1－个人自付合计÷总费用合计，低于 inpatient_rate。特困人员按 MED-13 查。"""
    return _low_rate(book, INPATIENT, book.policy["inpatient_rate"])


@rule(
    "MED-12", "慢性病门诊报销比例低于标准", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE,
    reads=BILLS[OUTPATIENT], excuses=(arrived(TEKUN),), parts_of=_beside_tekun,
    detail="{name}本年度慢性病门诊总费用{paid}元，个人自付{own}元，实际报销{percent}%，低于{wanted}%。",
    register_value="建档立卡贫困人口，慢性病门诊实际报销比例应达{wanted}%", source_value="总费用{paid}元，自付{own}元，报销{percent}%",
)  # fmt: skip
def med_12(book: Book) -> nw.LazyFrame:
    """一人一年慢性病门诊：1－个人自付合计÷总费用合计，低于 outpatient_rate。特困人员按 MED-13 查。"""
    return _low_rate(book, OUTPATIENT, book.policy["outpatient_rate"])


@rule(
    "MED-13", "特困人员报销未达100%", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE,
    reads=(header(TEKUN, "status"),), parts_of=lambda _: [Part(name, BILLS[kind]) for kind, name in SETTLED.items()],
    detail="{name}是特困供养人员，本年度个人自付{own}元，应全额报销。",
    register_value="特困供养人员，医疗费用应报销100%", source_value="个人自付合计{own}元",
)  # fmt: skip
def med_13(book: Book) -> nw.LazyFrame:
    """特困供养名单在册人员，比对年度住院和慢性病门诊的个人自付合计大于0（代替 MED-11、MED-12）。"""
    bills = nw.concat([
        _spent(book, kind).select("pid", "rid", "self_paid", part=nw.lit(name))
        for kind, name in SETTLED.items() if book.believed(kind)
    ])  # fmt: skip
    supported = book.linked(TEKUN).filter(nw.col("active"))
    bills = among(bills, supported)
    sums = bills.group_by("pid").agg(own=nw.col("self_paid").sum()).filter(nw.col("own") > CENT)
    rows = bills.select("pid", "rid", "part").join(supported.select("pid", rid_tekun="rid"), on="pid", how="inner")
    return sums.join(rows, on="pid", how="inner").rename({"pid": "subject"})


MED_14 = rule_in_parts(
    "MED-14", "未落实先诊疗后付费/一站式", """住院结算记录中先诊疗后付费或一站式结算为否。""",
    severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE,
    detail="{name}{admitted_on}在{hospital}住院，{lacking}没有落实。",
    register_value="建档立卡贫困人口，应先诊疗后付费、一站式结算", source_value="{lacking}：否（{hospital}）",
)  # fmt: skip


@part(MED_14, "先诊疗后付费", reads=(value(INPATIENT, "pay_after"),))
def not_treated_before_paying(book: Book) -> nw.LazyFrame:
    return _stays_lacking(book, "pay_after", "先诊疗后付费")


@part(MED_14, "一站式结算", reads=(value(INPATIENT, "one_stop"),))
def not_settled_at_once(book: Book) -> nw.LazyFrame:
    return _stays_lacking(book, "one_stop", "一站式结算")


def _stays_lacking(book: Book, flag: str, title: str) -> nw.LazyFrame:
    stays = among(book.linked(INPATIENT), book.people).filter(~nw.col(flag))
    hospital = nw.coalesce(nw.col("hospital"), nw.lit("医院未填"))
    return stays.select("admitted_on", "rid", hospital=hospital, subject="pid", lacking=nw.lit(title))


MED_17 = rule_in_parts(
    "MED-17", "疑似欺诈骗保", """死亡之后仍有住院，或两次住院在不同医院且重叠超过一天（已死亡人员也查）。""",
    severity=SEVERE, subject="person", owner=BUREAU, basis=CLAUSE, reads=(value(INPATIENT, "admitted_on"),),
    detail="{name}：{doubt}，请调查是否套取医保基金。",
    register_value="台账登记人员", source_value="{doubt}",
)  # fmt: skip


def _stays(book: Book) -> nw.LazyFrame:
    stays = among(book.linked(INPATIENT), book.persons.filter(nw.col("in_register")))
    return stays.select(
        "pid", "rid", "hospital", admitted=nw.col("admitted_on"), first=nw.col("admitted_on_day"), start=nw.col("admitted_on_last"),
        end=nw.coalesce(nw.col("discharged_on_day"), nw.col("admitted_on_day")),
    )  # fmt: skip


@part(MED_17, "两次住院重叠", reads=values(INPATIENT, "discharged_on", "hospital"))
def two_hospitals_at_once(book: Book) -> nw.LazyFrame:
    stays = _stays(book)
    other = stays.select("pid", rid_other="rid", hospital_other="hospital", start_other="start", end_other="end")
    pairs = stays.join(other, on="pid", how="inner").filter(
        (nw.col("rid") < nw.col("rid_other")) & (nw.col("hospital") != nw.col("hospital_other"))
    )
    overlap = nw.min_horizontal("end", "end_other") - nw.max_horizontal("start", "start_other")
    pairs = pairs.filter(overlap > 1)
    return pairs.select(
        "rid",
        "rid_other",
        subject="pid",
        doubt=nw.concat_str(nw.lit("同时在"), "hospital", nw.lit("和"), "hospital_other", nw.lit("住院")),
    )


@part(MED_17, "死亡之后住院", reads=(value(DEATHS, "died_on"),))
def in_hospital_after_death(book: Book) -> nw.LazyFrame:
    after = _stays(book).join(book.dead, on="pid", how="inner").filter(nw.col("first") > nw.col("died_day"))
    return after.select(
        "rid", rid_other="rid_death", subject="pid",
        doubt=nw.concat_str(nw.col("died_on"), nw.lit("死亡，"), nw.col("admitted"), nw.lit("仍有住院")),
    )  # fmt: skip


MED_19 = rule_in_parts(
    "MED-19", "费用分项与总额不符", """住院或慢性病门诊结算记录：各报销项与个人自付之和与总费用相差超过1元（各项都有数时才查）。""",
    severity=HINT, subject="record", owner=BUREAU, basis=CLAUSE,
    detail="{name}的费用分项合计{parts}元，总费用{total}元，相差超过1元，请核对。",
    register_value="", source_value="分项合计{parts}元，总费用{total}元",
)  # fmt: skip


@part(MED_19, "住院", reads=values(INPATIENT, *PARTS, "total"))
def inpatient_sums(book: Book) -> nw.LazyFrame:
    return _wrong_sums(book, INPATIENT)


@part(MED_19, "慢性病门诊", reads=values(OUTPATIENT, *PARTS, "total"))
def outpatient_sums(book: Book) -> nw.LazyFrame:
    return _wrong_sums(book, OUTPATIENT)


def _wrong_sums(book: Book, kind: str) -> nw.LazyFrame:
    rows = book.tables[kind].filter(*[known(name) for name in (*PARTS, "total")])
    rows = rows.with_columns(parts=sum((nw.col(name) for name in PARTS[1:]), nw.col(PARTS[0])))
    wrong = rows.filter((nw.col("parts") - nw.col("total")).abs() > 1 + 1e-9)
    return wrong.select("parts", "total", subject="rid")


RULES = (
    MED_01, med_02, med_03, med_04, MED_05, med_06, med_11, med_12, med_13, MED_14, MED_17, MED_19,
)  # fmt: skip
