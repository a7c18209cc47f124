"""MON: watchlist (监测对象、边缘户; owner the town and 区扶贫办; 三（八）, 五（十八）)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import combinations

import narwhals as nw

from fupin_cli.engine import collected
from fupin_cli.rules.book import REGISTER, WATCHLIST, Book
from fupin_cli.rules.catalogue import GENERAL, SEVERE, Check, Part, Rule, catalogue, rule, rule_in_parts
from fupin_cli.rules.emp import LEFT, POSTS, STATUS, employed, held_posts
from fupin_cli.rules.reads import Read, arrived, header, unread, value, values
from fupin_cli.rules.register_rows import ABLE, in_school, watched, works
from fupin_cli.rules.risks import FACTS
from fupin_cli.rules.terms import MONTH, among, known, lapse, lapse_until, newest, without
from fupin_cli.rules.watch_rows import (
    DEVELOPMENT,
    HOME,
    RISKS,
    at_risk,
    at_the_risk_of,
    cleared_on,
    has_measure,
    measure_reads,
    member_facts,
    members_of,
    risk_cleared,
    risk_reads,
    used,
    watch_homes,
    watch_members,
    watch_workforce,
)

CLAUSE, EDGE = "工作要点 三（八）", "工作要点 五（十八）"
OWNER = "{town}、区扶贫办"
CHRONIC, SERIOUS, ROLL = "health.chronic", "health.serious", "education.enrolment"
CERTIFICATES, ALLOWANCES, APPRAISALS = "disability.certificates", "disability.allowances", "housing.appraisals"
DIBAO, TEKUN = "civil.dibao", "civil.tekun"
LISTED = value(WATCHLIST, HOME)
INCOME = "人均纯收入"
GUARANTEE_RULES = "^(?:EDU|MED|HSG|WAT)-"
LABOUR = (value(WATCHLIST, "labour"), value(REGISTER, "labour"))
# Who is at work: 就业信息, 公益岗位, and what watchlist and register say, whose blanks say that nobody is.
WORK = (
    value(STATUS, "employed"), *LEFT,
    *(header(kind, name) for kind in (WATCHLIST, REGISTER) for name in ("work_place", "work_months")),
    *(value(kind, "work_place/work_months") for kind in (WATCHLIST, REGISTER)),
)  # fmt: skip

# What MON-01 asks for, and the columns that may tell it.
ASKED = {
    "监测对象类别": ("watch_type",), "风险类型": RISKS, "识别监测时间": ("identified_on",),
    "联系人": ("helper", "contact"), "联系电话": ("phone", "contact_phone"),
}  # fmt: skip


def _asked(book: Book) -> Iterator[Part]:
    for name, columns in ASKED.items():
        reads = (value(WATCHLIST, "/".join(columns)), *used(book, WATCHLIST, columns))
        yield Part(name, reads, partial(_blank, item=name, columns=columns))


def _blank(book: Book, item: str, columns: tuple[str, ...]) -> nw.LazyFrame:
    """Households of which none of these columns tells."""
    told = [nw.col("watch_type_raw" if name == "watch_type" else name) for name in columns]
    return watch_homes(book).filter(nw.coalesce(*told).is_null()).select("subject", item=nw.lit(item))


MON_01 = rule_in_parts(
    "MON-01", "监测信息不全",
    """监测户的监测对象类别、风险类型、识别时间、联系人（帮扶责任人）或联系电话为空；整列没有填写的视为没有导出。""",
    severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE, reads=(LISTED,), parts_of=_asked,
    each="{item}", detail="{name}户监测信息不全，没有填写：{each}，请补录。",
    register_value="监测名单空项：{each}", source_value="监测信息应当完整",
)  # fmt: skip


def _risks_to_meet(book: Book) -> Iterator[Part]:
    for risk, words in book.policy["risk_measures"].items():
        yield Part(risk, (*risk_reads(book), *measure_reads(book, words)))


@rule(
    "MON-02", "有风险无对应帮扶措施", severity=SEVERE, subject="household", owner=OWNER, basis=CLAUSE, parts_of=_risks_to_meet,
    each="{risk}（应有{wanted}）", detail="{name}户有未消除的风险而没有对应的帮扶措施：{each}，请落实。",
    register_value="风险：{risks}", source_value="没有对应措施：{each}",
)  # fmt: skip
def mon_02(book: Book) -> nw.LazyFrame:
    """未消除的风险没有一项对应的帮扶措施，对应关系见政策参数 risk_measures（如因病应有健康或社会帮扶）；名单少了对应的一栏的风险不查。"""
    homes, found = at_risk(book), []
    for risk, words in book.policy["risk_measures"].items():
        wrong = at_the_risk_of(risk) & ~has_measure(tuple(words))
        wanted = f"{'、'.join(words)}帮扶{'之一' if len(words) > 1 else ''}"
        columns = {"risk": nw.lit(risk), "wanted": nw.lit(wanted), "part": nw.lit(risk)}
        found.append(homes.filter(wrong).select("subject", "risks", "rid", **columns))
    return nw.concat(found)


def _none_of(book: Book, proofs: list[nw.LazyFrame]) -> nw.LazyFrame:
    """Watched households without a proof."""
    return without(watch_members(book).select(HOME).unique(), nw.concat([one.select(HOME) for one in proofs]), HOME)


def _without_ill(book: Book) -> nw.LazyFrame:
    facts = member_facts(book, "health")
    perhaps = facts.filter(nw.col("health").is_null() | nw.col("health").str.contains("慢性病|大病"))
    return _none_of(book, [perhaps, members_of(book, CHRONIC), members_of(book, SERIOUS)])


def _with_labour(book: Book) -> nw.LazyFrame:
    rows = watch_workforce(book).with_columns(able=nw.col("labour").is_in(ABLE).fill_null(False).cast(nw.Int64))
    homes = rows.group_by(HOME).agg(able=nw.col("able").sum(), members=nw.len())
    return homes.filter(nw.col("able") > book.policy["able_share"] * nw.col("members") + 1e-9)


def _workers(book: Book) -> list[nw.LazyFrame]:
    """Members at work: as the lists say, in 就业信息, on a held 公益岗位."""
    said = member_facts(book, "work_place", "work_months").filter(works())
    return [said, employed(members_of(book, STATUS)), _post_holders(book)]


def _without_work(book: Book) -> nw.LazyFrame:
    return _none_of(book, _workers(book))


def _post_holders(book: Book) -> nw.LazyFrame:
    return among(members_of(book, POSTS), held_posts(book), "rid")


def _without_certificate(book: Book) -> nw.LazyFrame:
    facts = member_facts(book, "id_number_status", "certificate_no")
    numbered = facts.filter((nw.col("id_number_status") == "disability20") | known("certificate_no"))
    return _none_of(book, [numbered, members_of(book, CERTIFICATES)])


def _safely_housed(book: Book) -> nw.LazyFrame:
    """Households whose latest appraisal (``rid_proof``) says A or B and none of that day worse."""
    rows = members_of(book, APPRAISALS).filter(known("grade"))
    rows = newest(rows, [HOME])
    return without(rows.select(HOME, rid_proof="rid"), rows.filter(nw.col("grade").is_in(["C", "D"])), HOME)


def _without_pupil(book: Book) -> nw.LazyFrame:
    facts = member_facts(book, "school_status_raw", "education", "school_status")
    unknown = nw.col("school_status_raw").is_null() & nw.col("education").is_null()
    perhaps = members_of(book, ROLL).filter((nw.col("status") == "在读") | nw.col("status").is_null())
    return _none_of(book, [facts.filter(in_school() | unknown), perhaps])


def _schooling(book: Book, kind: str) -> tuple[Read, ...]:
    """在校生状况, and 文化程度 where some are blank: without it these say nothing."""
    blank = book.arrived(kind) and len(
        collected(book.tables[kind].filter(nw.col("school_status_raw").is_null()).select("rid"))
    )
    return values(kind, "school_status", *(("education",) if blank else ()))


def _facts_of_risks(book: Book) -> Iterator[Part]:
    """A part for each risk: of which households the facts say otherwise."""
    health = (value(WATCHLIST, "health"), value(REGISTER, "health"))
    numbers = tuple(read for kind in (WATCHLIST, REGISTER) for read in used(book, kind, ("certificate_no",)))
    schooling = (*_schooling(book, WATCHLIST), *_schooling(book, REGISTER))
    parts = (
        ("缺劳动力", "缺劳动力", "有劳动能力的成员超过四分之一", _with_labour, LABOUR),
        ("因病", "因病", "没有患病成员", _without_ill, (*health, arrived(CHRONIC), arrived(SERIOUS))),
        ("因务工就业不稳", "务工|就业", "没有成员就业", _without_work, WORK),
        ("因残", "因残", "没有成员持残疾人证", _without_certificate, (arrived(CERTIFICATES), *numbers)),
        ("因安全住房", "安全住房|因住房", "最近鉴定为A/B级", _safely_housed, values(APPRAISALS, "grade", "appraised_on")),
        ("因学", "因学", "没有在校成员", _without_pupil, (value(ROLL, "status"), *schooling)),
    )  # fmt: skip
    for risk, pattern, fact, refuted, reads in parts:
        check = partial(_refuted, pattern=pattern, refuted=refuted, risk=risk, fact=fact)
        yield Part(risk, (*risk_reads(book), *reads), check)


def _refuted(book: Book, pattern: str, refuted: Check, risk: str, fact: str) -> nw.LazyFrame:
    """Households at that risk that are among those of which the facts say otherwise, with the row that says so, if one does."""
    rows, others = at_risk(book).filter(at_the_risk_of(pattern)), refuted(book)
    if "rid_proof" in others.collect_schema().names():
        rows = rows.join(others, on=HOME, how="inner")
    else:
        rows = among(rows, others, HOME).with_columns(rid_proof=nw.col("rid"))
    return rows.select("subject", "risks", "rid", "rid_proof", risk=nw.lit(risk), fact=nw.lit(fact))


MON_03 = rule_in_parts(
    "MON-03", "风险与事实不符",
    """未消除的风险与事实不符：因病而无患病成员（台账、慢病、大病）、缺劳动力而普通和技能劳动力超过成员的四分之一、因务工就业不稳而无人就业、
    因残而无残疾人证、因安全住房而最近鉴定为A/B级、因学而无在校成员（学籍状态空白、读不懂的当作可能在读）；要用的名单没有送达、没有列出全镇任何人的部分不查。""",
    severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE, parts_of=_facts_of_risks,
    each="{risk}：{fact}", detail="{name}户登记的风险与事实不符，{each}，请核实风险类型。",
    register_value="风险：{risks}", source_value="{each}",
)  # fmt: skip

# 综合保障: list, measure, how it is written.
WELFARE = (
    (DIBAO, "低保", "低保"),
    (TEKUN, "特困", "特困"),
    (ALLOWANCES, "残疾人补贴", "残疾人?补贴|残疾人.{0,4}补贴|两项补贴"),
)


def _facts_of_measures(book: Book) -> Iterator[Part]:
    """Two parts for each list, that names no member, and no longer; one for work."""
    risk = (LISTED, risk_cleared(book))
    told = (*risk, *measure_reads(book, ("综合",)))
    for kind, measure, pattern in WELFARE:
        welfare = partial(_welfare, measure=measure, pattern=pattern)
        yield from _not_on(
            kind, measure, "没有成员在享", told, (value(kind, "status"),), welfare, partial(_drawn, kind=kind)
        )
    posts = (*risk, *measure_reads(book, ("公益岗位",)))
    yield from _not_on(POSTS, "公益岗位", "没有成员在岗", posts, LEFT, _post_measures, _post_holders)
    yield Part("就业", (*risk, *measure_reads(book, ("就业",)), *WORK), _idle)


def _not_on(
    kind: str, measure: str, fact: str, told: tuple[Read, ...], ended: tuple[Read, ...], homes: Check, current: Check
) -> Iterator[Part]:
    def never(book: Book) -> nw.LazyFrame:
        return _mismatch(without(homes(book), members_of(book, kind), HOME), measure, fact)

    def no_longer(book: Book) -> nw.LazyFrame:
        listed = among(homes(book), members_of(book, kind), HOME)
        return _mismatch(without(listed, current(book), HOME), measure, fact)

    yield Part(f"{measure}（没有记录）", (*told, arrived(kind)), never)
    yield Part(f"{measure}（已停发、离岗）", (*told, *ended), no_longer)


def _welfare(book: Book, measure: str, pattern: str) -> nw.LazyFrame:
    """Households with that measure in 综合保障 or 帮扶措施."""
    said = nw.concat_str(*(nw.coalesce(nw.col(name), nw.lit("")) for name in ("help_welfare", "measures")))
    return at_risk(book).filter(said.str.contains(pattern))


def _drawn(book: Book, kind: str) -> nw.LazyFrame:
    """Records in force; a status that cannot be read may be."""
    return members_of(book, kind).filter(nw.col("active") | nw.col("active").is_null())


def _post_measures(book: Book) -> nw.LazyFrame:
    return at_risk(book).filter(has_measure(("公益岗位",)))


def _idle(book: Book) -> nw.LazyFrame:
    idle = among(at_risk(book).filter(has_measure(("就业",))), _without_work(book), HOME)
    return _mismatch(idle, "就业", "没有成员就业")


def _mismatch(homes: nw.LazyFrame, measure: str, fact: str) -> nw.LazyFrame:
    return homes.select("subject", "rid", measure=nw.lit(measure), fact=nw.lit(fact))


MON_04 = rule_in_parts(
    "MON-04", "措施与事实不符",
    """综合保障（帮扶措施）写有低保、特困、残疾人补贴，而没有成员在该名单在享；有公益岗位帮扶而没有成员在岗，有就业帮扶而没有成员就业；
    要用的名单没有送达、没有列出全镇任何人的部分不查，状态读不懂的当作可能在享。""",
    severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE, parts_of=_facts_of_measures,
    each="{measure}：{fact}", detail="{name}户登记的帮扶措施与事实不符，{each}，请核实是否落实。",
    register_value="帮扶措施：{measure}", source_value="{each}",
)  # fmt: skip


def _clearing(book: Book) -> Iterator[Part]:
    yield Part("", (LISTED, value(WATCHLIST, "identified_on"), cleared_on(book), risk_cleared(book)))


@rule(
    "MON-05", "消除过快", severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE, parts_of=_clearing,
    detail="{name}户{identified_on}识别，{cleared_on}消除风险，不到{months}个月，请核实帮扶成效是否稳定。",
    register_value="识别：{identified_on}；消除：{cleared_on}", source_value="识别到消除应不少于{months}个月",
)  # fmt: skip
def mon_05(book: Book) -> nw.LazyFrame:
    """风险消除时间距识别监测时间不到6个月（见政策参数；只写到月的按月算）。"""
    months = book.policy["clear_months"]
    homes = watch_homes(book).filter(nw.col("risk_cleared").fill_null(True))
    fast = homes.filter(lapse("identified_on", "cleared_on") < months * MONTH)
    return fast.select("subject", "rid", "identified_on", "cleared_on", months=nw.lit(months))


def _guarantees(book: Book) -> Iterator[Part]:
    """A part for the income, and for each severe rule on 三保障 and water with all that it reads."""
    yield Part(INCOME, (value(WATCHLIST, "net_income"), *_their_income(book)))
    for one in catalogue().values():
        if one.severity == SEVERE and re.match(GUARANTEE_RULES, one.id):
            reads = (read for own in one.parts_in(book) for read in own.reads)
            yield Part(one.id, tuple(dict.fromkeys((*reads, *_excuses_that_came(book, one)))))


def _their_income(book: Book) -> tuple[Read, ...]:
    """The register's income, where the watchlist leaves some blank."""
    if not book.arrived(WATCHLIST):
        return ()
    blank = collected(watch_homes(book).filter(nw.col("risk_cleared"), ~known("net_income")).select("rid"))
    return (value(REGISTER, "net_income"),) if len(blank) else ()


def _excuses_that_came(book: Book, one: Rule) -> tuple[Read, ...]:
    """Lists without which the findings of a rule are held; those that never came hold nothing."""
    return tuple(read for read in one.excuses if book.arrived(read.kind) or book.lost.get(read.kind))


@rule(
    "MON-06", "已消除风险但仍未保障", severity=SEVERE, subject="household", owner=OWNER, basis=CLAUSE,
    reads=values(WATCHLIST, HOME, "risk_cleared"), parts_of=_guarantees, of_findings=True,
    each="{reason}", detail="{name}户风险已标为消除，但仍有：{each}，请重新核实风险。",
    register_value="风险是否消除：是", source_value="{each}",
)  # fmt: skip
def mon_06(book: Book) -> nw.LazyFrame:
    """风险已消除，而本次比对仍有义务教育、基本医疗、住房、饮水的严重问题，或人均纯收入（监测名单没有的看台账）低于监测标准5000元（见政策参数）。"""
    cleared = watch_homes(book).filter(nw.col("risk_cleared"))
    numbers = _household_numbers(book)
    theirs = book.households.select(their_home=HOME, theirs="net_income")
    theirs = numbers.join(theirs, on="their_home", how="inner").group_by(HOME).agg(theirs=nw.col("theirs").min())
    cleared = cleared.join(theirs, on=HOME, how="left").with_columns(net_income=nw.coalesce("net_income", "theirs"))
    line = book.policy["watch_line"]
    poor = cleared.filter(nw.col("net_income") < line).select(
        "subject", "rid", reason=nw.lit(f"人均纯收入低于{line}元"), part=nw.lit(INCOME)
    )
    open_ones = book.findings.filter((nw.col("severity") == SEVERE) & nw.col("rule_id").str.contains(GUARANTEE_RULES))
    reasons = open_ones.select(
        their_home=nw.col("household_id"), reason=nw.concat_str("rule_id", nw.lit(" "), "title"), part=nw.col("rule_id")
    ).unique()
    numbers = numbers.join(reasons, on="their_home", how="inner")
    return nw.concat([poor, cleared.join(numbers, on=HOME, how="inner").select("subject", "rid", "reason", "part")])


def _household_numbers(book: Book) -> nw.LazyFrame:
    """``household_id`` of the watchlist → ``their_home``: itself, and the numbers its members have in the register."""
    members = watch_members(book)
    registered = book.people.filter(known(HOME)).select("pid", their_home=HOME)
    return nw.concat([
        members.select(HOME, their_home=nw.col(HOME)),
        members.select("pid", HOME).join(registered, on="pid", how="inner").select(HOME, "their_home"),
    ]).unique()  # fmt: skip


def _development(book: Book) -> Iterator[Part]:
    identified = (LISTED, value(WATCHLIST, "identified_on"), risk_cleared(book))
    yield Part("", (*identified, *LABOUR, *measure_reads(book, DEVELOPMENT)))


@rule(
    "MON-07", "有劳动力未落实开发式帮扶", severity=GENERAL, subject="household", owner=OWNER, basis=EDGE, parts_of=_development,
    detail="{name}户{identified_on}识别，已满{months}个月，有普通或技能劳动力，没有产业、就业、金融、公益岗位帮扶，请落实。",
    register_value="识别：{identified_on}；有劳动力成员", source_value="没有开发式帮扶措施",
)  # fmt: skip
def mon_07(book: Book) -> nw.LazyFrame:
    """识别满6个月（见政策参数）、风险未消除、有普通或技能劳动力成员，没有产业、就业、金融、公益岗位中的一项帮扶。"""
    months = book.policy["help_months"]
    homes = at_risk(book).filter(lapse_until("identified_on", book.as_of) >= months * MONTH)
    idle = among(homes, watch_workforce(book).filter(nw.col("labour").is_in(ABLE)), HOME).filter(
        ~has_measure(DEVELOPMENT)
    )
    return idle.select("subject", "rid", "identified_on", months=nw.lit(months))


def _pairs_of_facts(book: Book) -> Iterator[Part]:
    """A part for every two facts of different kinds, each as one source tells it."""
    for one, other in combinations(FACTS, 2):
        if one.reason != other.reason:
            yield Part(f"{one.name}＋{other.name}", (*one.reads, *other.reads))


@rule(
    "MON-08", "应纳入未纳入监测", severity=SEVERE, subject="household", owner=OWNER, basis=CLAUSE,
    reads=(value(REGISTER, HOME), LISTED), parts_of=_pairs_of_facts,
    detail="{name}户有两项以上返贫风险（{reason}），没有纳入监测名单，请核实并纳入。",
    register_value="风险事实：{reason}", source_value="监测名单：全户无记录",
)  # fmt: skip
def mon_08(book: Book) -> nw.LazyFrame:
    """台账户有两项以上红灯事实（有大病或一、二级残疾成员，整户无劳动能力，年度医疗自付超过家庭纯收入20%，人均纯收入低于监测标准），全户不在监测名单。"""
    facts = nw.concat([
        fact.rows(book).with_columns(fact=nw.lit(fact.name), turn=nw.lit(turn))
        for turn, fact in enumerate(FACTS) if not unread(book, fact.reads)
    ])  # fmt: skip
    facts = among(facts, without(book.households, watched(book), HOME), HOME)
    known_of = facts.select(HOME, "reason", "fact", "turn").unique()
    others = known_of.select(HOME, other_reason="reason", other="fact", later="turn")
    pairs = known_of.join(others, on=HOME, how="inner").filter(
        nw.col("turn") < nw.col("later"), nw.col("reason") != nw.col("other_reason")
    )
    named = pairs.with_columns(part=nw.concat_str("fact", nw.lit("＋"), "other"))
    both = nw.concat([named.select(HOME, "part", "fact"), named.select(HOME, "part", fact="other")])
    return facts.join(both, on=[HOME, "fact"], how="inner").select("rid", "reason", "part", subject=HOME)


RULES = (MON_01, mon_02, MON_03, MON_04, mon_05, mon_06, mon_07, mon_08)
