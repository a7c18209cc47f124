"""EDU: 义务教育有保障 (owner 区教育局; 三（二）1)."""

from __future__ import annotations

from collections.abc import Iterable

import narwhals as nw

from fupin_cli.rules.book import Book
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, rule
from fupin_cli.rules.terms import (
    current_term, dated_term, identified, known, marked, school_reference, school_year_terms, shown, without,
)  # fmt: skip

BUREAU = "区教育局"
CLAUSE = "工作要点 三（二）1"
ENROLMENT, EXEMPTIONS, CERTIFICATES = "education.enrolment", "education.exemptions", "disability.certificates"
AID, VOCATIONAL = "education.aid", "education.vocational_aid"
STAGES = ("学前", "小学", "初中", "普高", "中职", "高职", "大专及以上")
SPECIAL_ITEM = "建档立卡|特惠"


def _studying(book: Book) -> nw.LazyFrame:
    """Roll rows 在读."""
    return book.linked(ENROLMENT).filter(nw.col("status") == "在读")


def _maybe_studying(book: Book) -> nw.LazyFrame:
    """Roll rows 在读 or of unknown status."""
    return book.linked(ENROLMENT).filter((nw.col("status") == "在读") | nw.col("status").is_null())


def _accepted(book: Book) -> nw.LazyFrame:
    """Exemption rows of an accepted or unknown category."""
    category = nw.col("category")
    accepted = category.is_in(book.policy["exemption_accepted"]) | category.is_null()
    return book.linked(EXEMPTIONS).filter(accepted)


def _out_of_school(book: Book) -> nw.LazyFrame:
    """Children from school age to one year above, on no roll and without accepted exemption."""
    low, high = book.policy["school_age"]
    children = book.everyone.filter(nw.col("school_age") >= low, nw.col("school_age") <= high + 1)
    children = without(children, book.linked(ENROLMENT))
    status = shown("school_status_raw").alias("school_status")
    if not book.arrived(EXEMPTIONS):
        return children.select("pid", "school_age", status, note=nw.lit(""))
    children = without(children, _accepted(book)).select("pid", "school_age", status)
    listed = book.linked(EXEMPTIONS).select("pid", rid_exemption="rid", category=shown("category_raw"))
    children = children.join(listed, on="pid", how="left")
    note = nw.concat_str(nw.lit("，控辍保学台账登记为“"), nw.col("category"), nw.lit("”"))
    return children.with_columns(note=note.fill_null("")).drop("category")


@rule(
    "EDU-01", "义务教育适龄人口无学籍", severity=SEVERE, subject="person", owner=BUREAU, basis=CLAUSE,
    needs=(ENROLMENT,),
    detail="{name}入学年龄{school_age}周岁，学籍名单中没有其任何记录，也没有认可的不在校情形{note}。",
    register_value="在校生状况：{school_status}", source_value="学籍名单无记录{note}",
)  # fmt: skip
def edu_01(book: Book) -> nw.LazyFrame:
    """入学年龄（本学年9月1日前一日的周岁）6至14周岁，学籍名单中无任何状态的记录，控辍保学台账中也无认可情形（送教上门、
    因残免学、延缓入学、外地就读、已死亡）；监测对象也查；15周岁无学籍为提示（可能已毕业）；持证残疾儿童由 EDU-09 报告。"""
    high = book.policy["school_age"][1]
    children = _out_of_school(book)
    if book.arrived(CERTIFICATES):
        children = marked(children, book.linked(CERTIFICATES), "certified")
        children = children.filter(~nw.col("certified") | (nw.col("school_age") > high)).drop("certified")
    severity = nw.when(nw.col("school_age") > high).then(nw.lit(HINT)).otherwise(nw.lit(SEVERE))
    return children.with_columns(severity=severity).rename({"pid": "subject"})


@rule(
    "EDU-02", "学籍状态异常", severity=SEVERE, subject="person", owner=BUREAU, basis=CLAUSE, needs=(ENROLMENT,),
    detail="{name}入学年龄{school_age}周岁，学籍状态为{status}，没有在读记录。",
    register_value="在校生状况：{school_status}", source_value="学籍状态：{status}（{school}）",
)  # fmt: skip
def edu_02(book: Book) -> nw.LazyFrame:
    """入学年龄6至14周岁，学籍名单有记录但没有一条为在读；休学且控辍保学台账有记录的为提示；
    转出、毕业且有认可的不在校情形的不报；学籍状态空白或无法识别的不报；监测对象也查。"""
    low, high = book.policy["school_age"]
    children = book.everyone.filter(nw.col("school_age") >= low, nw.col("school_age") <= high)
    children = children.select("pid", "school_age", school_status=shown("school_status_raw"))
    roll = book.linked(ENROLMENT).select("pid", "status", rid_roll="rid", school=shown("school"))
    rows = without(children, _maybe_studying(book)).join(roll, on="pid", how="inner")
    severity = nw.lit(SEVERE)
    if book.arrived(EXEMPTIONS):
        rows = marked(marked(rows, book.linked(EXEMPTIONS), "listed"), _accepted(book), "accepted")
        rows = rows.filter(~(nw.col("status").is_in(("转出", "毕业")) & nw.col("accepted")))
        suspended = (nw.col("status") == "休学") & nw.col("listed")
        severity = nw.when(suspended).then(nw.lit(HINT)).otherwise(nw.lit(SEVERE))
    columns = ("school_age", "school_status", "status", "school", "rid_roll")
    return rows.select(nw.col("pid").alias("subject"), *columns, severity=severity)


@rule(
    "EDU-03", "因残未入学无送教上门", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE,
    needs=(ENROLMENT, EXEMPTIONS),
    detail="{name}在控辍保学台账中登记为因残免学，没有送教上门记录，也没有一级残疾的持证记录。",
    register_value="健康状况：{health}", source_value="控辍保学台账：因残免学（原因：{reason}）",
)  # fmt: skip
def edu_03(book: Book) -> nw.LazyFrame:
    """控辍保学台账登记为因残免学，没有送教上门记录，学籍名单中没有在读，残疾等级不是一级（或不知道）。"""
    listed = book.linked(EXEMPTIONS)
    taught = listed.filter((nw.col("category") == "送教上门") | nw.col("category").is_null())
    exempt = without(listed.filter(nw.col("category") == "因残免学"), taught)
    exempt = without(exempt, _maybe_studying(book))
    if book.arrived(CERTIFICATES):
        exempt = without(exempt, book.linked(CERTIFICATES).filter(nw.col("grade") == 1))
    people = book.people.select("pid", health=shown("health_raw"))
    return exempt.select("pid", "rid", reason=shown("reason")).join(people, on="pid").rename({"pid": "subject"})


def _level(column: str) -> nw.Expr:
    """The stage, 高职 counted as 大专: the register's options overlap there."""
    stage = nw.col(column)
    return nw.when(stage == "高职").then(nw.lit("大专及以上")).otherwise(stage)


@rule(
    "EDU-04", "在校状况账账不符", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE,
    needs=(ENROLMENT,),
    detail="{name}台账在校生状况为{school_status}，学籍名单为{stage}在读（{school}）。",
    register_value="在校生状况：{school_status}", source_value="学籍：{stage}在读（{school}）",
)  # fmt: skip
def edu_04(book: Book) -> nw.LazyFrame:
    """台账登记为某学段在校，学籍名单为另一学段在读；或台账登记为非在校生，学籍名单为在读。高职与大专视为同一学段。"""
    people = book.people.filter(nw.col("school_status").is_in((*STAGES, "非在校生")))
    people = people.select("pid", claimed=_level("school_status"), school_status=shown("school_status_raw"))
    roll = _studying(book).select(
        "pid", "rid", roll_stage=_level("stage"), stage=shown("stage_raw"), school=shown("school")
    )
    pairs = people.join(roll, on="pid", how="inner")
    unknown = nw.col("roll_stage").is_null() & (nw.col("claimed") != "非在校生")
    agreed = pairs.filter((nw.col("claimed") == nw.col("roll_stage")) | unknown)
    return without(pairs, agreed).drop("claimed", "roll_stage").rename({"pid": "subject"})


def _unaided(book: Book, kind: str, stages: Iterable[str], terms: tuple[str, ...]) -> nw.LazyFrame:
    """在读 persons of these stages without a record of these terms (or of an unknown term not before their year)."""
    records = dated_term(book.linked(kind))
    unknown = nw.col("term").is_null() & (
        nw.col("paid_on_year").is_null() | (nw.col("paid_on_year") >= int(terms[0][:4]))
    )
    aided = records.filter(nw.col("term").is_in(terms) | unknown)
    pupils = _studying(book).filter(nw.col("stage").is_in(list(stages)))
    pupils = without(pupils, aided).select("pid", "rid", "stage", school=shown("school"))
    people = book.people.select("pid", school_status=shown("school_status_raw"))
    return pupils.join(people, on="pid", how="inner").rename({"pid": "subject"})


@rule(
    "EDU-05", "应资助未资助", severity=SEVERE, subject="person", owner=BUREAU, basis=CLAUSE, needs=(ENROLMENT, AID),
    detail="{name}在{school}{stage}在读，资助发放名单中没有其{term}学期的记录。",
    register_value="在校生状况：{school_status}", source_value="{term}学期资助名单无记录（{school}{stage}在读）",
)  # fmt: skip
def edu_05(book: Book) -> nw.LazyFrame:
    """应享受资助的学段在读，本学期没有资助记录；开学满60天起检查；学期和发放日期都不明的资助记录视为已资助。"""
    term, began = current_term(book.as_of)
    unaided = _unaided(book, AID, book.policy["aid_stages"], (term,)).with_columns(term=nw.lit(term))
    due = book.as_of_day - began.toordinal() >= book.policy["aid_grace_days"]
    return unaided if due else unaided.head(0)


@rule(
    "EDU-06", "资助重复发放", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE, needs=(AID,),
    detail="{name}同一学期同一资助项目有多条发放记录：{given}，共{times}条，每条{amount}元。",
    register_value="同一学期同一项目应发放一次", source_value="{given}：{times}条，发放日期：{paid_on}",
)  # fmt: skip
def edu_06(book: Book) -> nw.LazyFrame:
    """同一人、同一学期、同一资助项目有两条及以上发放记录；名单所有行都查，未认定到台账人员的按有效证件号认同一人。"""
    rows = identified(dated_term(book.records(AID))).filter(known("who"), known("term"), known("item"))
    groups = rows.group_by("who", "term", "item").agg(times=nw.len()).filter(nw.col("times") > 1)
    given = nw.concat_str(nw.col("term"), nw.col("item"))
    return rows.join(groups, on=["who", "term", "item"], how="inner").select(
        "subject", "rid", "times", "amount", paid_on=shown("paid_on"), given=given
    )


def _with_roll_stage(rows: nw.LazyFrame, book: Book) -> nw.LazyFrame:
    """Fill a blank ``stage`` of this school year's aid from the roll, where the roll has one stage only."""
    stages = _studying(book).filter(known("stage")).group_by("pid")
    one = stages.agg(roll_stage=nw.col("stage").min(), other=nw.col("stage").max())
    one = one.filter(nw.col("roll_stage") == nw.col("other")).select("pid", "roll_stage")
    rows = rows.join(one, on="pid", how="left")
    now = nw.when(nw.col("term").is_in(school_year_terms(book.as_of))).then(nw.col("roll_stage"))
    return rows.with_columns(stage=nw.coalesce(nw.col("stage"), now))


@rule(
    "EDU-07", "资助金额与标准不符", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE,
    needs=(AID, ENROLMENT),
    detail="{name}{stage}阶段资助（{given}）发放{amount}元，标准为每学期{standard}元。",
    register_value="{stage}资助标准：{standard}元/学期", source_value="{given}：{amount}元",
)  # fmt: skip
def edu_07(book: Book) -> nw.LazyFrame:
    """发放金额与该学段每学期标准不同（政策参数未给标准的学段不查）；学段以资助名单为准，空白的用学籍名单；
    未认定到台账人员的行，只查项目名称含建档立卡或特惠的。"""
    rows = identified(dated_term(book.records(AID)))
    rows = rows.filter(known("pid") | nw.col("item").str.contains(SPECIAL_ITEM))
    standards: dict[str, float] = book.policy["aid_standard"]
    rows = _with_roll_stage(rows, book).filter(nw.col("stage").is_in(list(standards)))
    standard = nw.lit(0.0)
    for stage, amount in standards.items():
        standard = nw.when(nw.col("stage") == stage).then(nw.lit(float(amount))).otherwise(standard)
    rows = rows.with_columns(standard=standard)
    given = nw.concat_str(nw.col("term").fill_null("学期不明"), nw.col("item").fill_null("项目不明"))
    wrong = rows.filter((nw.col("amount") - nw.col("standard")).abs() > 0.005)
    return wrong.select("subject", "rid", "stage", "amount", "standard", given=given)


@rule(
    "EDU-08", "资助对象不在台账", severity=GENERAL, subject="record", owner=BUREAU, basis=CLAUSE, needs=(AID,),
    detail="{name}领取“{item}”{amount}元，但在建档立卡台账{and_watchlist}中查无此人。",
    register_value="台账{and_watchlist}中无此人", source_value="{item}：{amount}元，学期：{term}",
)  # fmt: skip
def edu_08(book: Book) -> nw.LazyFrame:
    """资助项目名称含建档立卡或特惠，领取人未认定为台账或监测名单中的任何人（仅为待确认的疑似人员也报）。"""
    rows = dated_term(book.records(AID)).filter(nw.col("pid").is_null(), nw.col("item").str.contains(SPECIAL_ITEM))
    watched = "和监测对象名单" if book.arrived("register.watchlist") else ""
    return rows.select("item", "amount", subject=nw.col("rid"), term=shown("term"), and_watchlist=nw.lit(watched))


@rule(
    "EDU-09", "残疾儿童未接受义务教育", severity=SEVERE, subject="person", owner=BUREAU, basis=CLAUSE,
    needs=(ENROLMENT, CERTIFICATES),
    detail="{name}入学年龄{school_age}周岁，持{kind}残疾人证，学籍名单无记录，也没有认可的不在校情形{note}。",
    register_value="在校生状况：{school_status}", source_value="持证残疾人（{kind}{grade}），学籍名单无记录{note}",
)  # fmt: skip
def edu_09(book: Book) -> nw.LazyFrame:
    """持证残疾儿童，入学年龄6至14周岁，学籍名单中无任何状态的记录，也无认可的不在校情形；监测对象也查；代替 EDU-01。"""
    children = _out_of_school(book).filter(nw.col("school_age") <= book.policy["school_age"][1])
    grade = nw.concat_str(nw.col("grade").cast(nw.String), nw.lit("级")).fill_null("，等级不明")
    holders = book.linked(CERTIFICATES).select(
        "pid", rid_certificate="rid", kind=nw.col("kind_raw").fill_null(""), grade=grade
    )
    return children.join(holders, on="pid", how="inner").rename({"pid": "subject"})


@rule(
    "EDU-10", "雨露计划应补未补", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE,
    needs=(ENROLMENT, VOCATIONAL),
    detail="{name}在{school}{stage}在读，雨露计划补助名单中没有其{year}学年的记录。",
    register_value="在校生状况：{school_status}", source_value="{year}学年雨露计划名单无记录（{school}{stage}在读）",
)  # fmt: skip
def edu_10(book: Book) -> nw.LazyFrame:
    """中职、高职在读，本学年（秋季和次年春季学期）没有雨露计划补助记录；学期和发放日期都不明的补助记录视为已补。"""
    start = school_reference(book.as_of).year
    unaided = _unaided(book, VOCATIONAL, ("中职", "高职"), school_year_terms(book.as_of))
    return unaided.with_columns(year=nw.lit(f"{start}—{start + 1}"))
