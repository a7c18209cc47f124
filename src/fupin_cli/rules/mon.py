"""MON: watchlist (监测对象、边缘户; owner the town and 区扶贫办; 三（八）, 五（十八）)."""

from __future__ import annotations

import re

import narwhals as nw

from fupin_cli.engine import collected
from fupin_cli.rules.book import REGISTER, WATCHLIST, Book
from fupin_cli.rules.catalogue import GENERAL, SEVERE, catalogue, rule
from fupin_cli.rules.coverage import missing_columns, missing_sources
from fupin_cli.rules.emp import POSTS, STATUS, employed, held_posts
from fupin_cli.rules.register_rows import ABLE, in_school, lacking_any, not_exported, watched, works
from fupin_cli.rules.risks import RISK_SOURCES, red_facts
from fupin_cli.rules.terms import MONTH, among, known, lapse, lapse_until, newest, without
from fupin_cli.rules.watch_rows import (
    DEVELOPMENT,
    HOME,
    MEASURES,
    RISKS,
    at_risk,
    at_the_risk_of,
    has_measure,
    in_listed_towns,
    measures_not_asked,
    measures_not_exported,
    member_facts,
    members_of,
    watch_homes,
    watch_members,
    watch_workforce,
)

CLAUSE, EDGE = "工作要点 三（八）", "工作要点 五（十八）"
OWNER = "{town}、区扶贫办"
CHRONIC, SERIOUS, ROLL = "health.chronic", "health.serious", "education.enrolment"
CERTIFICATES, ALLOWANCES, APPRAISALS = "disability.certificates", "disability.allowances", "housing.appraisals"
DIBAO, TEKUN = "civil.dibao", "civil.tekun"
# Sources of the severe rules on 三保障 and water, whose findings MON-06 reads.
GUARANTEES = (
    ROLL, "education.aid", "health.insurance", SERIOUS, "health.inpatient", APPRAISALS, "housing.renovations", "water.appraisals",
)  # fmt: skip
GUARANTEE_RULES = "^(?:EDU|MED|HSG|WAT)-"


# What MON-01 asks for, and the columns that may tell it.
ASKED = {
    "监测对象类别": ("watch_type_raw",), "风险类型": RISKS, "识别监测时间": ("identified_on",),
    "联系人": ("helper", "contact"), "联系电话": ("phone", "contact_phone"),
}  # fmt: skip


def _identity_gaps(book: Book) -> tuple[str, ...]:
    """Things MON-01 asks for that are blank in the whole list."""
    filled, title = book.filled(WATCHLIST), book.kinds[WATCHLIST].title
    return tuple(f"{title}的“{name}”列" for name, columns in ASKED.items() if not filled & set(columns))


@rule(
    "MON-01", "监测信息不全", severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE, needs=(WATCHLIST,),
    lacking=_identity_gaps,
    each="{item}", detail="{name}户监测信息不全，没有填写：{each}，请补录。",
    register_value="监测名单空项：{each}", source_value="监测信息应当完整",
)  # fmt: skip
def mon_01(book: Book) -> nw.LazyFrame:
    """监测户的监测对象类别、风险类型、识别时间、联系人（帮扶责任人）或联系电话为空；整列没有填写的视为没有导出。"""
    homes, filled = watch_homes(book), book.filled(WATCHLIST)
    found = [homes.head(0).select("subject", item=nw.lit(""))]
    for name, columns in ASKED.items():
        if filled & set(columns):
            blank = nw.coalesce(*(nw.col(column) for column in columns)).is_null()
            found.append(homes.filter(blank).select("subject", item=nw.lit(name)))
    return nw.concat(found)


def _untold_risks(book: Book) -> dict[str, tuple[str, ...]]:
    """Risks some household has, of none of whose measures the list has a column: to the columns."""
    asked = {risk: measures_not_asked(book, words) for risk, words in book.policy["risk_measures"].items()}
    untold = {risk: gone for risk, gone in asked.items() if len(gone) == len(book.policy["risk_measures"][risk])}
    if not untold:
        return {}
    risks = collected(at_risk(book).select("risks").unique())["risks"].to_list()
    return {risk: gone for risk, gone in untold.items() if any(re.search(risk, one) for one in risks)}


def _measures_untold(book: Book) -> tuple[str, ...]:
    untold = (title for gone in _untold_risks(book).values() for title in gone)
    return measures_not_exported(book) or tuple(dict.fromkeys(untold))


@rule(
    "MON-02", "有风险无对应帮扶措施", severity=SEVERE, subject="household", owner=OWNER, basis=CLAUSE, needs=(WATCHLIST,),
    columns={WATCHLIST: ("risk",)}, headers={WATCHLIST: ("risk_cleared",)}, lacking=_measures_untold,
    each="{risk}（应有{wanted}）", detail="{name}户有未消除的风险而没有对应的帮扶措施：{each}，请落实。",
    register_value="风险：{risks}", source_value="没有对应措施：{each}",
)  # fmt: skip
def mon_02(book: Book) -> nw.LazyFrame:
    """未消除的风险没有一项对应的帮扶措施，对应关系见政策参数 risk_measures（如因病应有健康或社会帮扶）；名单没有对应的任何一栏的风险不查。"""
    homes = at_risk(book)
    if measures_not_exported(book):
        homes = homes.head(0)
    found = [homes.head(0).select("subject", "risks", "rid", risk=nw.lit(""), wanted=nw.lit(""))]
    untold = _untold_risks(book)
    told = {risk: words for risk, words in book.policy["risk_measures"].items() if risk not in untold}
    for risk, words in told.items():
        wrong = at_the_risk_of(risk) & ~has_measure(tuple(words))
        wanted = f"{'、'.join(words)}帮扶{'之一' if len(words) > 1 else ''}"
        columns = {"risk": nw.lit(risk), "wanted": nw.lit(wanted)}
        found.append(homes.filter(wrong).select("subject", "risks", "rid", **columns))
    return nw.concat(found)


def _of_these(homes: nw.LazyFrame, pattern: str, refuted: nw.LazyFrame, risk: str, fact: str) -> nw.LazyFrame:
    """Households at that risk that are among those of which the facts say otherwise."""
    rows = among(homes.filter(at_the_risk_of(pattern)), refuted, HOME)
    return rows.select("subject", "risks", "rid", risk=nw.lit(risk), fact=nw.lit(fact))


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
    """Members at work: as the lists say, in 就业信息, on a held 公益岗位 (where these arrived)."""
    found = [member_facts(book, "work_place", "work_months").filter(works())]
    if book.arrived(STATUS):
        found.append(employed(members_of(book, STATUS)))
    if book.arrived(POSTS):
        found.append(_post_holders(book))
    return found


def _post_holders(book: Book) -> nw.LazyFrame:
    return among(members_of(book, POSTS), held_posts(book), "rid")


def _without_certificate(book: Book) -> nw.LazyFrame:
    facts = member_facts(book, "id_number_status", "certificate_no")
    numbered = facts.filter((nw.col("id_number_status") == "disability20") | known("certificate_no"))
    return _none_of(book, [numbered, members_of(book, CERTIFICATES)])


def _safely_housed(book: Book) -> nw.LazyFrame:
    """Households whose latest appraisal says A or B and none of that day worse."""
    rows = members_of(book, APPRAISALS).filter(known("grade"))
    rows = newest(rows, [HOME])
    return without(rows.select(HOME).unique(), rows.filter(nw.col("grade").is_in(["C", "D"])), HOME)


def _without_pupil(book: Book) -> nw.LazyFrame:
    facts = member_facts(book, "school_status_raw", "education", "school_status")
    unknown = nw.col("school_status_raw").is_null() & nw.col("education").is_null()
    perhaps = members_of(book, ROLL).filter((nw.col("status") == "在读") | nw.col("status").is_null())
    return _none_of(book, [facts.filter(in_school() | unknown), perhaps])


def _schooling_untold(book: Book) -> tuple[str, ...]:
    """The column (文化程度) without which a blank 在校生状况 says nothing, where there is such a blank."""
    blank = watch_members(book).filter(nw.col("school_status_raw").is_null()).select("rid")
    return not_exported(WATCHLIST, "education")(book) if len(collected(blank)) else ()


@rule(
    "MON-03", "风险与事实不符", severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE, needs=(WATCHLIST,),
    wants=(CHRONIC, SERIOUS, STATUS, CERTIFICATES, APPRAISALS, ROLL),
    columns={WATCHLIST: ("risk",)}, headers={WATCHLIST: ("risk_cleared",)},
    lacking=lacking_any(
        not_exported(WATCHLIST, "labour", "health", "school_status"), _schooling_untold, not_exported(REGISTER, "health")
    ),
    each="{risk}：{fact}", detail="{name}户登记的风险与事实不符，{each}，请核实风险类型。",
    register_value="风险：{risks}", source_value="{each}",
)  # fmt: skip
def mon_03(book: Book) -> nw.LazyFrame:
    """未消除的风险与事实不符：因病而无患病成员（台账、慢病、大病）、缺劳动力而普通和技能劳动力超过成员的四分之一、因务工就业不稳而无人就业、
    因残而无残疾人证、因安全住房而最近鉴定为A/B级、因学而无在校成员（学籍状态空白、读不懂的当作可能在读）；要用的名单没有送达、没有列出全镇任何人的部分不查。"""
    homes = at_risk(book)
    found = [_of_these(homes, "缺劳动力", _with_labour(book), "缺劳动力", "有劳动能力的成员超过四分之一")]
    if book.arrived(CHRONIC) and book.arrived(SERIOUS):
        found.append(_of_these(homes, "因病", _without_ill(book), "因病", "没有患病成员"))
    if book.arrived(STATUS):
        listed = in_listed_towns(book, homes, STATUS)
        found.append(_of_these(listed, "务工|就业", _none_of(book, _workers(book)), "因务工就业不稳", "没有成员就业"))
    if book.arrived(CERTIFICATES):
        found.append(_of_these(homes, "因残", _without_certificate(book), "因残", "没有成员持残疾人证"))
    if book.arrived(APPRAISALS):
        found.append(_of_these(homes, "安全住房|因住房", _safely_housed(book), "因安全住房", "最近鉴定为A/B级"))
    if book.arrived(ROLL) and book.holds(WATCHLIST, "school_status"):
        listed = in_listed_towns(book, homes, ROLL)
        found.append(_of_these(listed, "因学", _without_pupil(book), "因学", "没有在校成员"))
    return nw.concat(found)


@rule(
    "MON-04", "措施与事实不符", severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE, needs=(WATCHLIST,),
    any_of=(DIBAO, TEKUN, ALLOWANCES, POSTS, STATUS), wants=(DIBAO, TEKUN, ALLOWANCES, POSTS, STATUS),
    headers={WATCHLIST: ("risk_cleared",)},
    lacking=lambda book: measures_not_exported(book) or measures_not_asked(book, ("综合", "公益岗位", "就业")),
    each="{measure}：{fact}", detail="{name}户登记的帮扶措施与事实不符，{each}，请核实是否落实。",
    register_value="帮扶措施：{measure}", source_value="{each}",
)  # fmt: skip
def mon_04(book: Book) -> nw.LazyFrame:
    """综合保障（帮扶措施）写有低保、特困、残疾人补贴，而没有成员在该名单在享；有公益岗位帮扶而没有成员在岗，有就业帮扶而没有成员就业；
    要用的名单没有送达、没有列出全镇任何人的部分不查，状态读不懂的当作可能在享。"""
    homes = at_risk(book)
    said = nw.concat_str(*(nw.coalesce(nw.col(name), nw.lit("")) for name in ("help_welfare", "measures")))
    found = [homes.head(0).select("subject", "rid", measure=nw.lit(""), fact=nw.lit(""))]
    lists = (
        (DIBAO, "低保", "低保"),
        (TEKUN, "特困", "特困"),
        (ALLOWANCES, "残疾人补贴", "残疾人?补贴|残疾人.{0,4}补贴|两项补贴"),
    )
    for kind, measure, pattern in lists:
        if book.arrived(kind):
            rows = members_of(book, kind)
            perhaps = rows.filter(nw.col("active") | nw.col("active").is_null())
            absent = without(homes.filter(said.str.contains(pattern)), perhaps, HOME)
            found.append(_mismatch(absent, measure, "没有成员在享"))
    if book.arrived(POSTS):
        absent = without(homes.filter(has_measure(("公益岗位",))), _post_holders(book), HOME)
        found.append(_mismatch(absent, "公益岗位", "没有成员在岗"))
    if book.arrived(STATUS):
        listed = in_listed_towns(book, homes, STATUS)
        idle = among(listed.filter(has_measure(("就业",))), _none_of(book, _workers(book)), HOME)
        found.append(_mismatch(idle, "就业", "没有成员就业"))
    return nw.concat(found)


def _mismatch(homes: nw.LazyFrame, measure: str, fact: str) -> nw.LazyFrame:
    return homes.select("subject", "rid", measure=nw.lit(measure), fact=nw.lit(fact))


@rule(
    "MON-05", "消除过快", severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE, needs=(WATCHLIST,),
    columns={WATCHLIST: ("identified_on",)}, headers={WATCHLIST: ("cleared_on",)},
    detail="{name}户{identified_on}识别，{cleared_on}消除风险，不到{months}个月，请核实帮扶成效是否稳定。",
    register_value="识别：{identified_on}；消除：{cleared_on}", source_value="识别到消除应不少于{months}个月",
)  # fmt: skip
def mon_05(book: Book) -> nw.LazyFrame:
    """风险消除时间距识别监测时间不到6个月（见政策参数；只写到月的按月算）。"""
    months = book.policy["clear_months"]
    homes = watch_homes(book).filter(nw.col("risk_cleared").fill_null(True))
    fast = homes.filter(lapse("identified_on", "cleared_on") < months * MONTH)
    return fast.select("subject", "rid", "identified_on", "cleared_on", months=nw.lit(months))


def _guarantees_unchecked(book: Book) -> tuple[str, ...]:
    """Columns for want of which a severe rule on 三保障 or water (or a part of it) is not checked."""
    lacking = not_exported(WATCHLIST, "net_income")(book)
    read = [one for one in catalogue().values() if one.severity == SEVERE and re.match(GUARANTEE_RULES, one.id)]
    for one in read:
        if not missing_sources(one.needs, one.any_of, book.tables):
            lacking += missing_columns(one, book) or one.lacking(book)
    return tuple(dict.fromkeys(lacking))


@rule(
    "MON-06", "已消除风险但仍未保障", severity=SEVERE, subject="household", owner=OWNER, basis=CLAUSE, needs=(WATCHLIST,),
    wants=GUARANTEES, columns={WATCHLIST: ("risk_cleared",)}, lacking=_guarantees_unchecked, of_findings=True,
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
        "subject", "rid", reason=nw.lit(f"人均纯收入低于{line}元")
    )
    open_ones = book.findings.filter((nw.col("severity") == SEVERE) & nw.col("rule_id").str.contains(GUARANTEE_RULES))
    reasons = open_ones.select(
        their_home=nw.col("household_id"), reason=nw.concat_str("rule_id", nw.lit(" "), "title")
    ).unique()
    numbers = numbers.join(reasons, on="their_home", how="inner")
    return nw.concat([poor, cleared.join(numbers, on=HOME, how="inner").select("subject", "rid", "reason")])


def _household_numbers(book: Book) -> nw.LazyFrame:
    """``household_id`` of the watchlist → ``their_home``: itself, and the numbers its members have in the register."""
    members = watch_members(book)
    registered = book.people.filter(known(HOME)).select("pid", their_home=HOME)
    return nw.concat([
        members.select(HOME, their_home=nw.col(HOME)),
        members.select("pid", HOME).join(registered, on="pid", how="inner").select(HOME, "their_home"),
    ]).unique()  # fmt: skip


@rule(
    "MON-07", "有劳动力未落实开发式帮扶", severity=GENERAL, subject="household", owner=OWNER, basis=EDGE, needs=(WATCHLIST,),
    columns={WATCHLIST: ("identified_on",)}, headers={WATCHLIST: ("risk_cleared", "/".join(("measures", *(MEASURES[one] for one in DEVELOPMENT))))},
    lacking=lacking_any(measures_not_exported, not_exported(WATCHLIST, "labour")),
    detail="{name}户{identified_on}识别，已满{months}个月，有普通或技能劳动力，没有产业、就业、金融、公益岗位帮扶，请落实。",
    register_value="识别：{identified_on}；有劳动力成员", source_value="没有开发式帮扶措施",
)  # fmt: skip
def mon_07(book: Book) -> nw.LazyFrame:
    """识别满6个月（见政策参数）、风险未消除、有普通或技能劳动力成员，没有产业、就业、金融、公益岗位中的一项帮扶。"""
    months = book.policy["help_months"]
    homes = at_risk(book).filter(lapse_until("identified_on", book.as_of) >= months * MONTH)
    if measures_not_exported(book):
        homes = homes.head(0)
    idle = among(homes, watch_workforce(book).filter(nw.col("labour").is_in(ABLE)), HOME).filter(
        ~has_measure(DEVELOPMENT)
    )
    return idle.select("subject", "rid", "identified_on", months=nw.lit(months))


@rule(
    "MON-08", "应纳入未纳入监测", severity=SEVERE, subject="household", owner=OWNER, basis=CLAUSE, needs=(WATCHLIST,), wants=RISK_SOURCES,
    lacking=lacking_any(not_exported(REGISTER, "health", "labour", "net_income"), not_exported(CERTIFICATES, "grade")),
    detail="{name}户有两项以上返贫风险（{reason}），没有纳入监测名单，请核实并纳入。",
    register_value="风险事实：{reason}", source_value="监测名单：全户无记录",
)  # fmt: skip
def mon_08(book: Book) -> nw.LazyFrame:
    """台账户有两项以上红灯事实（有大病或一、二级残疾成员，整户无劳动能力，年度医疗自付超过家庭纯收入20%，人均纯收入低于监测标准），全户不在监测名单。"""
    facts = among(red_facts(book), without(book.households, watched(book), HOME), HOME)
    several = facts.select(HOME, "reason").unique().group_by(HOME).agg(reasons=nw.len()).filter(nw.col("reasons") >= 2)
    return among(facts, several, HOME).select("rid", "reason", subject=HOME)
