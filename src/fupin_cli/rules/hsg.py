"""HSG: 住房安全有保障 (owner 区住建局; 三（二）3)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import REGISTER, Book
from fupin_cli.rules.catalogue import GENERAL, SEVERE, Part, rule
from fupin_cli.rules.reads import arrived, header, value, values
from fupin_cli.rules.terms import among, flag_shown, in_parts, known, newest, torn, without

BUREAU = "区住建局"
CLAUSE = "工作要点 三（二）3"
APPRAISALS, RENOVATIONS = "housing.appraisals", "housing.renovations"
HOME = "household_id"
UNSAFE = ["C", "D"]
AGREED, TORN = "不看鉴定先后的户", "要看鉴定先后的户"
LONG_STARTED, OF_OLD_BATCH = "开工超过规定天数", "年度批次早于比对年度"


def _renovations(book: Book) -> nw.LazyFrame:
    """Renovations of households of the register with a living member."""
    return among(book.of_households(RENOVATIONS), book.households, HOME)


def _latest(book: Book) -> nw.LazyFrame:
    """Each household's latest appraisal, if its grade is known; of one day, the worse grade; undated ones are oldest."""
    rows = newest(among(book.of_households(APPRAISALS), book.households, HOME), [HOME])
    # an unknown grade may be worse than A and B of its day, never better than C and D
    grades = rows.select(HOME, grade=nw.coalesce(nw.col("grade"), nw.lit("B?")))
    worst = grades.group_by(HOME).agg(worst=nw.col("grade").max())
    rows = rows.join(worst, on=HOME, how="inner").filter(nw.col("grade") == nw.col("worst"))
    said = nw.concat_str(
        nw.col("grade"), nw.lit("级（"), nw.coalesce(nw.col("appraised_on"), nw.lit("日期未填")), nw.lit("）")
    )
    return rows.select(HOME, "rid", "grade", "housing_kind", "housing_kind_raw", "appraised_on_day", theirs=said)


def _torn(book: Book, *beside: str) -> nw.LazyFrame:
    """Households whose appraisals differ in safety, or in one of these columns: which is the latest, only dates tell."""
    rows = among(book.of_households(APPRAISALS), book.households, HOME)
    safety = nw.when(nw.col("grade").is_in(UNSAFE)).then(nw.lit("危房")).otherwise(nw.lit(""))
    return torn(rows, [HOME], nw.concat_str(safety, *(nw.coalesce(nw.col(name), nw.lit("")) for name in beside)))


def _claims(book: Book) -> nw.LazyFrame:
    """Households with what the register says of their house."""
    said = flag_shown("unsafe_house")
    return book.households.select(HOME, "unsafe_house", subject=HOME, claimed=said)


@rule(
    "HSG-01", "住房未鉴定", severity=GENERAL, subject="household", owner=BUREAU, basis=CLAUSE, reads=(arrived(APPRAISALS),),
    detail="{name}户在住房安全鉴定名单中没有任何成员的记录，应补做鉴定。",
    register_value="是否危房户：{claimed}", source_value="鉴定名单：全户无记录",
)  # fmt: skip
def hsg_01(book: Book) -> nw.LazyFrame:
    """全户没有一名成员有住房安全鉴定记录。"""
    return without(_claims(book), book.of_households(APPRAISALS), HOME)


@rule(
    "HSG-02", "C/D级危房未改造", severity=SEVERE, subject="household", owner=BUREAU, basis=CLAUSE,
    reads=(value(APPRAISALS, "grade"), header(APPRAISALS, "housing_kind"), arrived(RENOVATIONS)),
    parts_of=lambda _: (Part(AGREED, ()), Part(TORN, (value(APPRAISALS, "appraised_on"),))),
    detail="{name}户最近一次住房鉴定为{theirs}，危房改造名单中没有记录，应纳入改造。",
    register_value="是否危房户：{claimed}", source_value="鉴定：{theirs}；危房改造名单：无记录",
)  # fmt: skip
def hsg_02(book: Book) -> nw.LazyFrame:
    """最近一次鉴定为C级或D级，全户没有危房改造记录，且不是租住、借住、随子女居住、集中供养（住房方式读不懂的当作可能是）。"""
    unsafe = _latest(book).filter(nw.col("grade").is_in(UNSAFE))
    unread = nw.col("housing_kind").is_null() & known("housing_kind_raw")
    elsewhere = unsafe.filter(nw.col("housing_kind").is_in(book.policy["housed_elsewhere"]) | unread)
    waiting = without(without(unsafe, elsewhere, HOME), book.of_households(RENOVATIONS), HOME)
    return in_parts(
        _claims(book).join(waiting, on=HOME, how="inner"), _torn(book, "housing_kind_raw"), TORN, AGREED, HOME
    )


def _project(book: Book, rows: nw.LazyFrame, *more: str) -> nw.LazyFrame:
    """Renovation rows as findings of their household."""
    dates = {name: nw.coalesce(nw.col(name), nw.lit("未填")) for name in ("started_on", "finished_on", "accepted_on")}
    batch = nw.coalesce(nw.col("batch_year").cast(nw.String), nw.lit("未填"))
    return _claims(book).join(
        rows.select(HOME, "rid", "subsidy", "subsidy_paid", *more, batch=batch, **dates), on=HOME, how="inner"
    )


@rule(
    "HSG-03", "改造超期未竣工", severity=SEVERE, subject="household", owner=BUREAU, basis=CLAUSE,
    reads=(value(RENOVATIONS, "started_on"), header(RENOVATIONS, "finished_on"), header(RENOVATIONS, "accepted_on")),
    parts_of=lambda _: (Part(LONG_STARTED, ()), Part(OF_OLD_BATCH, (value(RENOVATIONS, "batch_year"),))),
    detail="{name}户危房改造（{batch}年批次）{started_on}开工，至今没有竣工，已超过规定工期。",
    register_value="是否危房户：{claimed}", source_value="{batch}年批次，开工{started_on}，竣工{finished_on}",
)  # fmt: skip
def hsg_03(book: Book) -> nw.LazyFrame:
    """已开工未竣工，开工超过规定天数（build_days），或年度批次早于比对年度。"""
    rows = _renovations(book).filter(
        known("started_on_day") & nw.col("finished_on_day").is_null() & nw.col("accepted_on_day").is_null()
    )
    slow = book.as_of_day - nw.col("started_on_last") > book.policy["build_days"]
    old = nw.when(known("batch_year")).then(nw.col("batch_year") < book.as_of.year).otherwise(nw.lit(False))
    part = nw.when(slow).then(nw.lit(LONG_STARTED)).otherwise(nw.lit(OF_OLD_BATCH))
    return _project(book, rows.filter(slow | old).with_columns(part=part), "part")


@rule(
    "HSG-04", "竣工未验收", severity=GENERAL, subject="household", owner=BUREAU, basis=CLAUSE,
    reads=(value(RENOVATIONS, "finished_on"), header(RENOVATIONS, "accepted_on")),
    detail="{name}户危房改造（{batch}年批次）{finished_on}竣工，至今没有验收，应尽快验收。",
    register_value="是否危房户：{claimed}", source_value="竣工{finished_on}，验收{accepted_on}",
)  # fmt: skip
def hsg_04(book: Book) -> nw.LazyFrame:
    """竣工超过规定天数（accept_days）没有验收。"""
    rows = _renovations(book).filter(nw.col("accepted_on_day").is_null())
    return _project(book, rows.filter(book.as_of_day - nw.col("finished_on_last") > book.policy["accept_days"]))


def _unsafe_once_accepted(book: Book) -> nw.LazyFrame:
    """C/D appraisals beside each acceptance of a renovation: ``household_id``, ``rid``, ``rid_renovation`` …"""
    accepted = _renovations(book).filter(known("accepted_on_last"))
    accepted = accepted.select(HOME, "accepted_on", "accepted_on_last", rid_renovation="rid")
    rows = among(book.of_households(APPRAISALS), book.households, HOME).filter(nw.col("grade").is_in(UNSAFE))
    return rows.select(HOME, "rid", "grade", "appraised_on", "appraised_on_day").join(accepted, on=HOME, how="inner")


def _still_unsafe(book: Book) -> nw.LazyFrame:
    """Those dated after the acceptance."""
    return _unsafe_once_accepted(book).filter(nw.col("appraised_on_day") > nw.col("accepted_on_last"))


@rule(
    "HSG-05", "改造后仍为C/D级", severity=SEVERE, subject="household", owner=BUREAU, basis=CLAUSE,
    reads=(*values(APPRAISALS, "grade", "appraised_on"), value(RENOVATIONS, "accepted_on")),
    detail="{name}户危房改造{accepted_on}验收后，{appraised_on}鉴定仍为{grade}级，应核实质量并整改。",
    register_value="是否危房户：{claimed}", source_value="验收{accepted_on}；{appraised_on}鉴定{grade}级",
)  # fmt: skip
def hsg_05(book: Book) -> nw.LazyFrame:
    """验收之后的鉴定仍为C级或D级。"""
    return _claims(book).join(_still_unsafe(book), on=HOME, how="inner").drop("accepted_on_last", "appraised_on_day")


def _in_four(_: Book) -> tuple[Part, ...]:
    """Whether a renovation was accepted, and which appraisal is the latest, only matters where there are such."""
    dated, accepted = value(APPRAISALS, "appraised_on"), header(RENOVATIONS, "accepted_on")
    return (
        Part(f"没有改造、{AGREED}", ()), Part(f"没有改造、{TORN}", (dated,)),
        Part(f"改造过、{AGREED}", (accepted,)), Part(f"改造过、{TORN}", (dated, accepted)),
    )  # fmt: skip


@rule(
    "HSG-06", "住房安全账账不符", severity=GENERAL, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=(value(REGISTER, "unsafe_house"), value(APPRAISALS, "grade"), arrived(RENOVATIONS)), parts_of=_in_four,
    detail="{name}户台账登记是否危房户为“{claimed}”，住建部门：{theirs}，请核实后更正。",
    register_value="是否危房户：{claimed}", source_value="{theirs}",
)  # fmt: skip
def hsg_06(book: Book) -> nw.LazyFrame:
    """台账登记非危房而最近鉴定为C/D级且没有验收的改造，或登记危房而最近鉴定为A/B级或改造已验收；HSG-05 已报的不报。"""
    claims = without(_claims(book), _still_unsafe(book), HOME)
    perhaps_later = _unsafe_once_accepted(book).filter(nw.col("appraised_on_day").is_null())
    latest = _latest(book).select(HOME, "rid", "grade", theirs=nw.concat_str(nw.lit("最近鉴定为"), "theirs"))
    renovations = _renovations(book)
    accepted = renovations.filter(known("accepted_on_day"))
    done = accepted.select(HOME, "rid", theirs=nw.concat_str(nw.lit("危房改造已于"), "accepted_on", nw.lit("验收")))
    safe = claims.filter(~nw.col("unsafe_house"))
    hidden = without(
        safe.join(latest.filter(nw.col("grade").is_in(UNSAFE)), on=HOME, how="inner"), accepted, HOME
    ).drop("grade")
    unsafe = claims.filter(nw.col("unsafe_house"))
    sound = unsafe.join(latest.filter(~nw.col("grade").is_in(UNSAFE)), on=HOME, how="inner").drop("grade")
    renovated = without(unsafe, perhaps_later, HOME).join(done, on=HOME, how="inner")
    found = nw.concat([
        in_parts(nw.concat([hidden, sound]), _torn(book), TORN, AGREED, HOME),
        in_parts(renovated, _unsafe_once_accepted(book), TORN, AGREED, HOME),
    ]).rename({"part": "dated"})  # fmt: skip
    found = in_parts(found, renovations, "改造过、", "没有改造、", HOME)
    return found.with_columns(part=nw.concat_str("part", "dated")).drop("dated")


@rule(
    "HSG-07", "重复享受危房改造", severity=GENERAL, subject="household", owner=BUREAU, basis=CLAUSE, reads=(value(RENOVATIONS, "batch_year"),),
    cured_by_absence=(RENOVATIONS,),
    detail="{name}户在不同年度批次（{batch}）享受过危房改造，请核实是否重复。",
    register_value="是否危房户：{claimed}", source_value="危房改造批次：{batch}",
)  # fmt: skip
def hsg_07(book: Book) -> nw.LazyFrame:
    """一户在不同年度批次有两次以上危房改造。"""
    rows = _renovations(book).filter(known("batch_year"))
    batches = (
        rows.select(HOME, "batch_year").unique().group_by(HOME).agg(batches=nw.len()).filter(nw.col("batches") > 1)
    )
    return _project(book, among(rows, batches, HOME))


@rule(
    "HSG-08", "改造对象不属四类", severity=GENERAL, subject="record", owner=BUREAU, basis=CLAUSE, reads=(value(RENOVATIONS, "target_type"),),
    cured_by_absence=(RENOVATIONS,),
    detail="{name}的危房改造对象类别是“{target}”，不属于四类重点对象，请核实。",
    register_value="四类重点对象：建档立卡、低保户、农村分散供养特困、贫困残疾人家庭", source_value="对象类别：{target}",
)  # fmt: skip
def hsg_08(book: Book) -> nw.LazyFrame:
    """危房改造记录的对象类别不属于建档立卡、低保户、农村分散供养特困、贫困残疾人家庭四类（未填的不查）。"""
    other = nw.col("target_type").is_null() | ~nw.col("target_type").is_in(book.policy["renovation_targets"])
    rows = book.records(RENOVATIONS).filter(known("target_type_raw")).filter(other)
    return rows.select(subject="rid", target="target_type_raw")


@rule(
    "HSG-09", "改造补助未足额发放", severity=GENERAL, subject="household", owner=f"{BUREAU}、区财政局", basis=CLAUSE,
    reads=values(RENOVATIONS, "accepted_on", "subsidy", "subsidy_paid"),
    detail="{name}户危房改造已验收（{accepted_on}），应补助{subsidy}元，已发放{subsidy_paid}元，应补足。",
    register_value="是否危房户：{claimed}", source_value="应补助{subsidy}元，已发放{subsidy_paid}元",
)  # fmt: skip
def hsg_09(book: Book) -> nw.LazyFrame:
    """改造已验收，已发放补助小于应补助金额。"""
    rows = _renovations(book).filter(known("accepted_on_day"))
    return _project(book, rows.filter(nw.col("subsidy") - nw.col("subsidy_paid") > 0.005))


RULES = (hsg_01, hsg_02, hsg_03, hsg_04, hsg_05, hsg_06, hsg_07, hsg_08, hsg_09)
