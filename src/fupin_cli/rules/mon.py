"""MON: watchlist (监测对象、边缘户; owner the town and 区扶贫办; 三（八）, 五（十八）)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

import narwhals as nw

from fupin_cli.rules.book import REGISTER, WATCHLIST, Book
from fupin_cli.rules.catalogue import GENERAL, SEVERE, Part, catalogue, part, rule, rule_in_parts
from fupin_cli.rules.emp import POSTS, STATUS, employed, held_posts
from fupin_cli.rules.reads import Read, arrived, header, value, values
from fupin_cli.rules.register_rows import ABLE, in_school, watched, works
from fupin_cli.rules.risks import BILLS, CERTIFICATES, SERIOUS, red_facts
from fupin_cli.rules.terms import MONTH, among, known, lapse, lapse_until, newest, without
from fupin_cli.rules.watch_rows import (
    DEVELOPMENT,
    HOME,
    MEASURES,
    RISKS,
    at_risk,
    at_the_risk_of,
    has_measure,
    member_facts,
    members_of,
    watch_homes,
    watch_members,
    watch_workforce,
)

CLAUSE, EDGE = "工作要点 三（八）", "工作要点 五（十八）"
OWNER = "{town}、区扶贫办"
CHRONIC, ROLL = "health.chronic", "education.enrolment"
ALLOWANCES, APPRAISALS = "disability.allowances", "housing.appraisals"
DIBAO, TEKUN = "civil.dibao", "civil.tekun"
GUARANTEE_RULES = "^(?:EDU|MED|HSG|WAT)-"
RISK, OPEN = value(WATCHLIST, "risk"), header(WATCHLIST, "risk_cleared")


# What MON-01 asks for, and the columns that may tell it.
ASKED = {
    "监测对象类别": ("watch_type",), "风险类型": RISKS, "识别监测时间": ("identified_on",),
    "联系人": ("helper", "contact"), "联系电话": ("phone", "contact_phone"),
}  # fmt: skip


def _asked(book: Book) -> Iterator[Part]:
    for item, columns in ASKED.items():
        yield Part(item, (value(WATCHLIST, "/".join(columns)),), partial(_unanswered, item, columns))


def _unanswered(item: str, columns: tuple[str, ...], book: Book) -> nw.LazyFrame:
    """Households none of whose members has one of these columns filled in."""
    written = [nw.col("watch_type_raw" if column == "watch_type" else column) for column in columns]
    return watch_homes(book).filter(nw.coalesce(*written).is_null()).select("subject", item=nw.lit(item))


MON_01 = rule_in_parts(
    "MON-01", "监测信息不全",
    """监测户的监测对象类别、风险类型、识别监测时间、联系人（帮扶责任人）或联系电话为空；整列没有填写的视为没有导出。""",
    severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE, parts_of=_asked,
    each="{item}", detail="{name}户监测信息不全，没有填写：{each}，请补录。",
    register_value="监测名单空项：{each}", source_value="监测信息应当完整",
)  # fmt: skip


def _told(book: Book, words: Iterable[str]) -> tuple[Read, ...]:
    """The columns that tell of these measures (帮扶措施): each its own, or 帮扶措施 where the list fills that in."""
    texts = book.arrived(WATCHLIST) and book.holds(WATCHLIST, "measures")
    return tuple(header(WATCHLIST, f"{MEASURES[word]}/measures" if texts else MEASURES[word]) for word in words)


def _risks(book: Book) -> Iterator[Part]:
    for risk, words in book.policy["risk_measures"].items():
        yield Part(risk, _told(book, words), partial(_unhelped, risk, tuple(words)))


def _unhelped(risk: str, words: tuple[str, ...], book: Book) -> nw.LazyFrame:
    """Households at a risk none of whose measures is taken."""
    wanted = f"{'、'.join(words)}帮扶{'之一' if len(words) > 1 else ''}"
    rows = at_risk(book).filter(at_the_risk_of(risk) & ~has_measure(words))
    return rows.select("subject", "risks", "rid", risk=nw.lit(risk), wanted=nw.lit(wanted))


MON_02 = rule_in_parts(
    "MON-02", "有风险无对应帮扶措施",
    """未消除的风险没有一项对应的帮扶措施，对应关系见政策参数 risk_measures（如因病应有健康或社会帮扶）；名单没有对应的各栏的风险不查。""",
    severity=SEVERE, subject="household", owner=OWNER, basis=CLAUSE, reads=(RISK, OPEN), parts_of=_risks,
    each="{risk}（应有{wanted}）", detail="{name}户有未消除的风险而没有对应的帮扶措施：{each}，请落实。",
    register_value="风险：{risks}", source_value="没有对应措施：{each}",
)  # fmt: skip


MON_03 = rule_in_parts(
    "MON-03", "风险与事实不符",
    """未消除的风险与事实不符：因病而无患病成员（台账、慢病、大病）、缺劳动力而普通和技能劳动力超过成员的四分之一、因务工就业不稳而无人就业、
    因残而无残疾人证、因安全住房而最近鉴定为A/B级、因学而无在校成员（学籍状态空白、读不懂的当作可能在读）；要用的名单没有送达、没有列出全镇任何人的部分不查。""",
    severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE, reads=(RISK, OPEN),
    each="{risk}：{fact}", detail="{name}户登记的风险与事实不符，{each}，请核实风险类型。",
    register_value="风险：{risks}", source_value="{each}",
)  # fmt: skip


def _of_these(homes: nw.LazyFrame, pattern: str, refuted: nw.LazyFrame, risk: str, fact: str) -> nw.LazyFrame:
    """Households at that risk that are among those of which the facts say otherwise."""
    rows = among(homes.filter(at_the_risk_of(pattern)), refuted, HOME)
    return rows.select("subject", "risks", "rid", risk=nw.lit(risk), fact=nw.lit(fact))


def _none_of(book: Book, proofs: list[nw.LazyFrame]) -> nw.LazyFrame:
    """Watched households without a proof."""
    return without(watch_members(book).select(HOME).unique(), nw.concat([one.select(HOME) for one in proofs]), HOME)


@part(MON_03, "缺劳动力", reads=(value(WATCHLIST, "labour"), value(REGISTER, "labour")))
def with_labour(book: Book) -> nw.LazyFrame:
    return _of_these(at_risk(book), "缺劳动力", _with_labour(book), "缺劳动力", "有劳动能力的成员超过四分之一")


def _with_labour(book: Book) -> nw.LazyFrame:
    rows = watch_workforce(book).with_columns(able=nw.col("labour").is_in(ABLE).fill_null(False).cast(nw.Int64))
    homes = rows.group_by(HOME).agg(able=nw.col("able").sum(), members=nw.len())
    return homes.filter(nw.col("able") > book.policy["able_share"] * nw.col("members") + 1e-9)


@part(
    MON_03, "因病",
    reads=(arrived(CHRONIC), arrived(SERIOUS), value(WATCHLIST, "health"), value(REGISTER, "health")),
)  # fmt: skip
def without_ill(book: Book) -> nw.LazyFrame:
    return _of_these(at_risk(book), "因病", _without_ill(book), "因病", "没有患病成员")


def _without_ill(book: Book) -> nw.LazyFrame:
    facts = member_facts(book, "health")
    perhaps = facts.filter(nw.col("health").is_null() | nw.col("health").str.contains("慢性病|大病"))
    return _none_of(book, [perhaps, members_of(book, CHRONIC), members_of(book, SERIOUS)])


# Whether anybody works (务工): the lists' own words, 就业信息, a held 公益岗位 where that came.
AT_WORK = (
    arrived(STATUS), header(WATCHLIST, "work_place"), header(WATCHLIST, "work_months"), header(REGISTER, "work_place"),
    header(REGISTER, "work_months"),
)  # fmt: skip


@part(MON_03, "因务工就业不稳", reads=AT_WORK)
def without_worker(book: Book) -> nw.LazyFrame:
    idle = _none_of(book, _workers(book))
    return _of_these(at_risk(book), "务工|就业", idle, "因务工就业不稳", "没有成员就业")


def _workers(book: Book) -> list[nw.LazyFrame]:
    """Members at work: as the lists say, in 就业信息, on a held 公益岗位 (where that came)."""
    found = [member_facts(book, "work_place", "work_months").filter(works()), employed(members_of(book, STATUS))]
    if book.arrived(POSTS):
        found.append(_post_holders(book))
    return found


def _post_holders(book: Book) -> nw.LazyFrame:
    return among(members_of(book, POSTS), held_posts(book), "rid")


@part(
    MON_03, "因残",
    reads=(arrived(CERTIFICATES), header(WATCHLIST, "certificate_no/id_number")),
)  # fmt: skip
def without_certificate(book: Book) -> nw.LazyFrame:
    return _of_these(at_risk(book), "因残", _without_certificate(book), "因残", "没有成员持残疾人证")


def _without_certificate(book: Book) -> nw.LazyFrame:
    facts = member_facts(book, "id_number_status", "certificate_no")
    numbered = facts.filter((nw.col("id_number_status") == "disability20") | known("certificate_no"))
    return _none_of(book, [numbered, members_of(book, CERTIFICATES)])


@part(MON_03, "因安全住房", reads=values(APPRAISALS, "grade", "appraised_on"))
def safely_housed(book: Book) -> nw.LazyFrame:
    return _of_these(at_risk(book), "安全住房|因住房", _safely_housed(book), "因安全住房", "最近鉴定为A/B级")


def _safely_housed(book: Book) -> nw.LazyFrame:
    """Households whose latest appraisal says A or B and none of that day worse."""
    rows = members_of(book, APPRAISALS).filter(known("grade"))
    rows = newest(rows, [HOME])
    return without(rows.select(HOME).unique(), rows.filter(nw.col("grade").is_in(["C", "D"])), HOME)


@part(
    MON_03, "因学",
    reads=(value(ROLL, "status"), *values(WATCHLIST, "school_status", "education"), value(REGISTER, "school_status")),
)  # fmt: skip
def without_pupil(book: Book) -> nw.LazyFrame:
    return _of_these(at_risk(book), "因学", _without_pupil(book), "因学", "没有在校成员")


def _without_pupil(book: Book) -> nw.LazyFrame:
    facts = member_facts(book, "school_status_raw", "education", "school_status")
    unknown = nw.col("school_status_raw").is_null() & nw.col("education").is_null()
    perhaps = members_of(book, ROLL).filter((nw.col("status") == "在读") | nw.col("status").is_null())
    return _none_of(book, [facts.filter(in_school() | unknown), perhaps])


MON_04 = rule_in_parts(
    "MON-04", "措施与事实不符",
    """综合保障（帮扶措施）写有低保、特困、残疾人补贴，而没有成员在该名单在享；有公益岗位帮扶而没有成员在岗，有就业帮扶而没有成员就业；
    要用的名单没有送达、没有列出全镇任何人的部分不查，状态读不懂的当作可能在享。""",
    severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE, reads=(OPEN,),
    each="{measure}：{fact}", detail="{name}户登记的帮扶措施与事实不符，{each}，请核实是否落实。",
    register_value="帮扶措施：{measure}", source_value="{each}",
)  # fmt: skip
WELFARE = header(WATCHLIST, "help_welfare/measures")


def _without_benefit(book: Book, kind: str, measure: str, pattern: str) -> nw.LazyFrame:
    """Households said to have a benefit no member of which is, or may be, on its list."""
    said = nw.concat_str(*(nw.coalesce(nw.col(name), nw.lit("")) for name in ("help_welfare", "measures")))
    rows = members_of(book, kind)
    perhaps = rows.filter(nw.col("active") | nw.col("active").is_null())
    return _mismatch(without(at_risk(book).filter(said.str.contains(pattern)), perhaps, HOME), measure, "没有成员在享")


@part(MON_04, "低保", reads=(WELFARE, header(DIBAO, "status")))
def without_dibao(book: Book) -> nw.LazyFrame:
    return _without_benefit(book, DIBAO, "低保", "低保")


@part(MON_04, "特困", reads=(WELFARE, header(TEKUN, "status")))
def without_tekun(book: Book) -> nw.LazyFrame:
    return _without_benefit(book, TEKUN, "特困", "特困")


@part(MON_04, "残疾人补贴", reads=(WELFARE, header(ALLOWANCES, "status")))
def without_allowance(book: Book) -> nw.LazyFrame:
    return _without_benefit(book, ALLOWANCES, "残疾人补贴", "残疾人?补贴|残疾人.{0,4}补贴|两项补贴")


@part(MON_04, "公益岗位", reads=(header(WATCHLIST, "help_post/measures"), header(POSTS, "status/to")))
def without_post(book: Book) -> nw.LazyFrame:
    absent = without(at_risk(book).filter(has_measure(("公益岗位",))), _post_holders(book), HOME)
    return _mismatch(absent, "公益岗位", "没有成员在岗")


@part(MON_04, "就业", reads=(header(WATCHLIST, "help_work/measures"), *AT_WORK))
def without_work(book: Book) -> nw.LazyFrame:
    idle = among(at_risk(book).filter(has_measure(("就业",))), _none_of(book, _workers(book)), HOME)
    return _mismatch(idle, "就业", "没有成员就业")


def _mismatch(homes: nw.LazyFrame, measure: str, fact: str) -> nw.LazyFrame:
    return homes.select("subject", "rid", measure=nw.lit(measure), fact=nw.lit(fact))


@rule(
    "MON-05", "消除过快", severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE,
    reads=(value(WATCHLIST, "identified_on"), header(WATCHLIST, "cleared_on"), header(WATCHLIST, "risk_cleared")),
    detail="{name}户{identified_on}识别，{cleared_on}消除风险，不到{months}个月，请核实帮扶成效是否稳定。",
    register_value="识别：{identified_on}；消除：{cleared_on}", source_value="识别到消除应不少于{months}个月",
)  # fmt: skip
def mon_05(book: Book) -> nw.LazyFrame:
    """风险消除时间距识别监测时间不到6个月（见政策参数；只写到月的按月算）。"""
    months = book.policy["clear_months"]
    homes = watch_homes(book).filter(nw.col("risk_cleared").fill_null(True))
    fast = homes.filter(lapse("identified_on", "cleared_on") < months * MONTH)
    return fast.select("subject", "rid", "identified_on", "cleared_on", months=nw.lit(months))


INCOME = "人均纯收入"


def _guarantees(book: Book) -> Iterator[Part]:
    """收入, and each severe rule on 三保障 and water, which can be told as far as that rule is checked."""
    yield Part(INCOME, (value(WATCHLIST, "net_income"),))
    for one in catalogue().values():
        if one.severity == SEVERE and re.match(GUARANTEE_RULES, one.id):
            yield Part(one.id, tuple(dict.fromkeys(read for own in one.parts_in(book) for read in own.reads)))


@rule(
    "MON-06", "已消除风险但仍未保障", severity=SEVERE, subject="household", owner=OWNER, basis=CLAUSE,
    reads=(value(WATCHLIST, "risk_cleared"),), parts_of=_guarantees, of_findings=True,
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


def _helps(book: Book) -> Iterator[Part]:
    yield Part(
        "", (*_told(book, DEVELOPMENT), *values(WATCHLIST, "identified_on", "labour"), value(REGISTER, "labour"), OPEN)
    )


@rule(
    "MON-07", "有劳动力未落实开发式帮扶", severity=GENERAL, subject="household", owner=OWNER, basis=EDGE, parts_of=_helps,
    detail="{name}户{identified_on}识别，已满{months}个月，有普通或技能劳动力，没有产业、就业、金融、公益岗位帮扶，请落实。",
    register_value="识别：{identified_on}；有劳动力成员", source_value="没有开发式帮扶措施",
)  # fmt: skip
def mon_07(book: Book) -> nw.LazyFrame:
    """识别满6个月（见政策参数）、风险未消除、有普通或技能劳动力成员，没有产业、就业、金融、公益岗位中的一项帮扶。"""
    months = book.policy["help_months"]
    homes = at_risk(book).filter(lapse_until("identified_on", book.as_of) >= months * MONTH)
    able = watch_workforce(book).filter(nw.col("labour").is_in(ABLE))
    idle = among(homes, able, HOME).filter(~has_measure(DEVELOPMENT))
    return idle.select("subject", "rid", "identified_on", months=nw.lit(months))


def _dangers(book: Book) -> Iterator[Part]:
    """The households off the list, and the lists and columns that tell of red facts: without one, a fact stays unseen."""
    yield Part("", (arrived(WATCHLIST),))
    yield Part("健康、劳动能力、收入", values(REGISTER, "health", "labour", "net_income"))
    yield Part("残疾等级", (value(CERTIFICATES, "grade"), header(CERTIFICATES, "expires_on")))
    yield Part("大病", (arrived(SERIOUS),))
    for kind, date in BILLS.items():
        yield Part(book.kinds[kind].title, values(kind, date, "self_paid"))


@rule(
    "MON-08", "应纳入未纳入监测", severity=SEVERE, subject="household", owner=OWNER, basis=CLAUSE, parts_of=_dangers,
    detail="{name}户有两项以上返贫风险（{reason}），没有纳入监测名单，请核实并纳入。",
    register_value="风险事实：{reason}", source_value="监测名单：全户无记录",
)  # fmt: skip
def mon_08(book: Book) -> nw.LazyFrame:
    """台账户有两项以上红灯事实（有大病或一、二级残疾成员，整户无劳动能力，年度医疗自付超过家庭纯收入20%，人均纯收入低于监测标准），全户不在监测名单。"""
    facts = among(red_facts(book), without(book.households, watched(book), HOME), HOME)
    several = facts.select(HOME, "reason").unique().group_by(HOME).agg(reasons=nw.len()).filter(nw.col("reasons") >= 2)
    return among(facts, several, HOME).select("rid", "reason", subject=HOME, part=nw.lit(""))


RULES = (MON_01, MON_02, MON_03, MON_04, mon_05, mon_06, mon_07, mon_08)
