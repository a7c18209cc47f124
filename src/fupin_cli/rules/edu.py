"""EDU: 义务教育有保障 (owner 区教育局; 三（二）1)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import REGISTER, WATCHLIST, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, part, rule, rule_in_parts
from fupin_cli.rules.reads import arrived, readable, value, values
from fupin_cli.rules.terms import among, current_term, empty, known, of_terms, school_year_terms, shown, without

BUREAU = "区教育局"
CLAUSE = "工作要点 三（二）1"
ENROLMENT, EXEMPTIONS, CERTIFICATES = "education.enrolment", "education.exemptions", "disability.certificates"
AID, VOCATIONAL = "education.aid", "education.vocational_aid"
# Who is exempted is told by the category alone; without it the ledger excuses nobody, and may excuse everybody.
EXEMPTED = value(EXEMPTIONS, "category")
STAGES = ["学前", "小学", "初中", "普高", "中职", "高职", "大专及以上"]


def _pupils(frame: nw.LazyFrame, book: Book, *, oldest: int | None = None) -> nw.LazyFrame:
    """Persons of school age (义务教育适龄), with what the register says of their schooling."""
    first, last = book.policy["school_age"]
    return frame.filter((nw.col("school_age") >= first) & (nw.col("school_age") <= (oldest or last))).select(
        "school_age", subject="pid", pid="pid", at_school=shown("school_status_raw")
    )


def _of_school_age(book: Book) -> nw.LazyFrame:
    """Those who should be on the roll."""
    first, last = book.policy["school_age"]
    return book.everyone.filter((nw.col("school_age") >= first) & (nw.col("school_age") <= last + 1))


def _exempted(book: Book, *, accepted: bool) -> nw.LazyFrame | None:
    """Persons with an exemption record (of an accepted category, or one that cannot be read)."""
    if not (book.arrived(EXEMPTIONS) and readable(book, EXEMPTED)):
        return None
    records = book.linked(EXEMPTIONS)
    if not accepted:
        return records
    return records.filter(~known("category") | nw.col("category").is_in(book.policy["exemption_accepted"]))


def _never_enrolled(book: Book, oldest: int | None = None) -> nw.LazyFrame:
    """Persons of school age without any enrolment record or accepted exemption."""
    pupils = without(_pupils(book.everyone, book, oldest=oldest), book.linked(ENROLMENT))
    exempted = _exempted(book, accepted=True)
    return pupils if exempted is None else without(pupils, exempted)


def _school() -> nw.Expr:
    return nw.coalesce(nw.col("school"), nw.lit("学校未填"))


def _studying(book: Book) -> nw.LazyFrame:
    """在读: rows of the roll with that status, or with none given."""
    return book.linked(ENROLMENT).filter((nw.col("status") == "在读") | nw.col("status_raw").is_null())


@rule(
    "EDU-01", "义务教育适龄人口无学籍", severity=SEVERE, subject="person", owner=BUREAU, basis=CLAUSE,
    reads=(arrived(ENROLMENT),), excuses=(EXEMPTED, arrived(CERTIFICATES)), among=_of_school_age,
    detail="{name}（上一个8月31日满{school_age}周岁）在学籍名单中没有任何记录，控辍保学台账中也没有认可的情形，请核实是否失学。",
    register_value="在校生状况：{at_school}", source_value="学籍名单：无记录",
)  # fmt: skip
def edu_01(book: Book) -> nw.LazyFrame:
    """入学年龄6至14周岁（按上一个8月31日计）的台账或监测人员，学籍名单中没有任何状态的记录，控辍保学台账中也没有送教上门、因残免学、
    延缓入学、外地就读、已死亡的记录；持残疾人证的按 EDU-09 报。15周岁的可能已毕业，只作提示。"""
    last = book.policy["school_age"][1]
    missing = _never_enrolled(book, last + 1)
    if book.arrived(CERTIFICATES):
        holders = book.linked(CERTIFICATES).select("pid").unique().with_columns(certified=nw.lit(True))
        missing = missing.join(holders, on="pid", how="left")
        missing = missing.filter(nw.col("certified").is_null() | (nw.col("school_age") > last)).drop("certified")
    return missing.with_columns(
        severity=nw.when(nw.col("school_age") > last).then(nw.lit(HINT)).otherwise(nw.lit(SEVERE))
    )


@rule(
    "EDU-02", "学籍状态异常", severity=SEVERE, subject="person", owner=BUREAU, basis=CLAUSE,
    reads=(value(ENROLMENT, "status"),), excuses=(EXEMPTED,),
    detail="{name}（上一个8月31日满{school_age}周岁）在学籍名单中的状态是{status}，没有在读记录，请核实去向并劝返。",
    register_value="在校生状况：{at_school}", source_value="学籍状态：{status}（{school}）",
)  # fmt: skip
def edu_02(book: Book) -> nw.LazyFrame:
    """入学年龄6至14周岁，有学籍记录但没有一条在读。休学且在控辍保学台账中有记录的作提示；转出、毕业且有认可情形的不报。"""
    pupils = _pupils(book.people, book)
    roll = book.linked(ENROLMENT)
    doubtful = roll.filter(nw.col("status").is_null() | (nw.col("status") == "在读"))
    gone = without(pupils, doubtful).join(roll.select("pid", "status", "school", "rid"), on="pid", how="inner")
    gone = gone.with_columns(severity=nw.lit(SEVERE), school=_school())
    recorded, accepted = _exempted(book, accepted=False), _exempted(book, accepted=True)
    if recorded is None or accepted is None:
        return gone
    suspended = among(gone.filter(nw.col("status") == "休学"), recorded).with_columns(severity=nw.lit(HINT))
    rest = without(gone, suspended, "rid")
    excused = among(rest.filter(nw.col("status").is_in(["转出", "毕业"])), accepted)
    return nw.concat([suspended, without(rest, excused, "rid")])


EDU_03 = rule_in_parts(
    "EDU-03", "因残未入学无送教上门",
    """控辍保学台账中类别为因残免学，没有送教上门的记录，学籍没有在读，残疾等级不是一级（或不明）。
    学籍状态、台账类别读不懂的当作可能在读、可能是送教上门。""",
    severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE,
    reads=(arrived(ENROLMENT), EXEMPTED), excuses=(value(CERTIFICATES, "grade"),),
    detail="{name}在控辍保学台账中是因残免学，没有送教上门记录，残疾等级不是一级（{grade}），应安排送教上门。",
    register_value="在校生状况：{at_school}", source_value="控辍保学台账：因残免学，无送教上门",
)  # fmt: skip


@part(EDU_03, "没有学籍")
def disabled_without_teaching(book: Book) -> nw.LazyFrame:
    return without(_untaught(book), book.linked(ENROLMENT))


@part(EDU_03, "学籍不在读", reads=(value(ENROLMENT, "status"),))
def disabled_and_off_the_roll(book: Book) -> nw.LazyFrame:
    roll = book.linked(ENROLMENT)
    perhaps = roll.filter((nw.col("status") == "在读") | nw.col("status").is_null())
    return without(among(_untaught(book), roll), perhaps)


def _untaught(book: Book) -> nw.LazyFrame:
    """因残免学 and no 送教上门, of a grade that is not the first."""
    records = book.linked(EXEMPTIONS)
    taught = records.filter((nw.col("category") == "送教上门") | nw.col("category").is_null())
    exempt = without(records.filter(nw.col("category") == "因残免学").select("pid", "rid"), taught)
    people = book.people.select("pid", subject="pid", at_school=shown("school_status_raw"))
    found = exempt.join(people, on="pid", how="inner")
    if not book.arrived(CERTIFICATES):
        return found.with_columns(grade=nw.lit("等级不明"))
    certificates = book.linked(CERTIFICATES)
    found = without(found, certificates.filter(nw.col("grade") == 1))
    grades = certificates.select("pid", level=nw.col("grade").cast(nw.String), rid_certificate="rid")
    found = found.join(grades, on="pid", how="left")
    return found.with_columns(grade=nw.coalesce(nw.concat_str(nw.col("level"), nw.lit("级")), nw.lit("等级不明")))


EDU_04 = rule_in_parts(
    "EDU-04", "在校状况账账不符", """台账登记在校的学段与学籍在读的学段不同，或台账登记非在校生而学籍在读。""",
    severity=GENERAL, subject="person", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=(value(REGISTER, "school_status"), value(ENROLMENT, "status")),
    detail="{name}台账登记为{at_school}，学籍名单为{stage}在读，请核实后更正。",
    register_value="在校生状况：{at_school}", source_value="学籍：{stage}在读（{school}）",
)  # fmt: skip


@part(EDU_04, "学段不同", reads=(value(ENROLMENT, "stage"),))
def in_another_stage(book: Book) -> nw.LazyFrame:
    pairs = _registered_and_enrolled(book, nw.col("school_status").is_in(STAGES))
    perhaps = pairs.filter(~known("theirs") | (nw.col("theirs") == nw.col("school_status")))
    return without(pairs, perhaps)


@part(EDU_04, "登记非在校生")
def enrolled_after_all(book: Book) -> nw.LazyFrame:
    return _registered_and_enrolled(book, nw.col("school_status") == "非在校生")


def _registered_and_enrolled(book: Book, registered: nw.Expr) -> nw.LazyFrame:
    """People so registered who are on the roll (在读), with what both say."""
    people = book.people.filter(registered).select("pid", "school_status", subject="pid", at_school="school_status_raw")
    roll = _studying(book).select("pid", "rid", theirs="stage", school=_school())
    stage = nw.coalesce(nw.col("theirs"), nw.lit("学段未填"))
    return people.join(roll, on="pid", how="inner").with_columns(stage=stage)


@rule(
    "EDU-05", "应资助未资助", severity=SEVERE, subject="person", owner=BUREAU, basis=CLAUSE,
    reads=(*values(ENROLMENT, "status", "stage"), value(AID, "term/paid_on")),
    of_school_year=True,
    detail="{name}在{school}（{stage}）在读，{term}学期没有任何教育资助发放记录，应补发。",
    register_value="在校生状况：{at_school}", source_value="学籍：{stage}在读；资助名单：{term}无记录",
)  # fmt: skip
def edu_05(book: Book) -> nw.LazyFrame:
    """在读且学段属应资助学段，本学期没有资助发放记录；开学满规定天数（aid_grace_days）后开始检查。"""
    term, began = current_term(book.as_of)
    roll = _studying(book).filter(nw.col("stage").is_in(book.policy["aid_stages"]))
    roll = roll.select("pid", "rid", "stage", school=_school())
    people = book.people.select("pid", subject="pid", at_school=shown("school_status_raw"))
    unaided = without(people.join(roll, on="pid", how="inner"), of_terms(book.linked(AID), (term,)))
    unaided = unaided.with_columns(term=nw.lit(term))
    return unaided if (book.as_of - began).days >= book.policy["aid_grace_days"] else empty(unaided)


@rule(
    "EDU-06", "资助重复发放", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE,
    reads=values(AID, "term/paid_on", "item"),
    cured_by_absence=(AID,),
    detail="{name}{term}学期的“{item}”发放了不止一次，请核实是否重复。",
    register_value="在校生状况：{at_school}", source_value="{term}“{item}”多次发放，金额：{amount}元",
)  # fmt: skip
def edu_06(book: Book) -> nw.LazyFrame:
    """同一人、同一学期、同一资助项目有两条以上发放记录。"""
    records = among(book.linked(AID), book.people).filter(known("term") & known("item"))
    keys = ["pid", "term", "item"]
    repeated = records.group_by(keys).agg(times=nw.len()).filter(nw.col("times") > 1)
    people = book.people.select("pid", at_school=shown("school_status_raw"))
    found = records.join(repeated, on=keys, how="inner").join(people, on="pid", how="inner")
    return found.select("term", "item", "amount", "rid", "at_school", subject="pid")


EDU_07 = rule_in_parts(
    "EDU-07", "资助金额与标准不符",
    """资助金额与该学段标准（aid_standard，只查有标准的学段）不同；学段以资助名单为准，没有的（本学年）以学籍在读学段为准。""",
    severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE, reads=values(AID, "amount", "stage"),
    detail="{name}{term}学期“{item}”发放{amount}元，{stage}标准为{standard}元，请核实后补发或追回。",
    register_value="学段：{stage}", source_value="资助名单：{amount}元；标准：{standard}元",
)  # fmt: skip


@part(EDU_07, "资助名单的学段")
def aid_not_of_its_stage(book: Book) -> nw.LazyFrame:
    return _off_the_standard(book, _aid(book).filter(known("stage")))


@part(EDU_07, "学籍的学段", reads=(value(AID, "term/paid_on"), *values(ENROLMENT, "status", "stage")))
def aid_not_of_the_roll(book: Book) -> nw.LazyFrame:
    # The roll says what stage it is now: in another school year it may have been another.
    now = nw.col("term").is_in(list(school_year_terms(book.as_of)))
    unstaged = _aid(book).filter(now & ~known("stage")).drop("stage")
    stages = _studying(book).select("pid", "stage").unique()
    return _off_the_standard(book, unstaged.join(stages, on="pid", how="inner"))


def _aid(book: Book) -> nw.LazyFrame:
    """What was paid to people of the register, where the amount is known."""
    records = among(book.linked(AID), book.people).filter(known("amount"))
    return records.select("pid", "rid", "term", "item", "amount", "stage")


def _off_the_standard(book: Book, records: nw.LazyFrame) -> nw.LazyFrame:
    """Records of stages that have a standard, none of which agrees with the amount."""
    standard: nw.Expr = nw.when(nw.col("stage") == "").then(nw.lit(0.0))
    for stage, amount in book.policy["aid_standard"].items():
        standard = nw.when(nw.col("stage") == stage).then(nw.lit(float(amount))).otherwise(standard)
    records = records.with_columns(standard=standard)
    agreeing = records.filter((nw.col("amount") - nw.col("standard")).abs() < 0.005)
    wrong = without(records.filter(known("standard")), agreeing, "rid")
    texts = {name: nw.coalesce(nw.col(name), nw.lit("")) for name in ("term", "item")}
    return wrong.select("amount", "stage", "standard", "rid", subject="pid", **texts)


@rule(
    "EDU-08", "资助对象不在台账", severity=GENERAL, subject="record", owner=f"{BUREAU}、区扶贫办", basis=CLAUSE,
    reads=(value(AID, "item"),), excuses=(arrived(WATCHLIST),),
    detail="{name}领取了“{item}”（{amount}元），但台账和监测名单中都没有这个人，请核实身份。",
    register_value="台账、监测名单：无此人", source_value="资助名单：{item}",
)  # fmt: skip
def edu_08(book: Book) -> nw.LazyFrame:
    """资助项目名称含“建档立卡”或“特惠”，领取人在台账和监测名单中都没有。"""
    special = nw.col("item").str.contains("建档立卡|特惠")
    return book.records(AID).filter(special & nw.col("pid").is_null()).select("item", "amount", subject="rid")


@rule(
    "EDU-09", "残疾儿童未接受义务教育", severity=SEVERE, subject="person", owner=f"{BUREAU}、区残联", basis="工作要点 三（七）2",
    reads=(arrived(ENROLMENT), arrived(CERTIFICATES)), excuses=(EXEMPTED,),
    detail="{name}（上一个8月31日满{school_age}周岁）持残疾人证，在学籍名单中没有任何记录，也没有送教上门等认可的情形，请落实入学或送教。",
    register_value="在校生状况：{at_school}", source_value="学籍名单：无记录；持证残疾人：有记录",
)  # fmt: skip
def edu_09(book: Book) -> nw.LazyFrame:
    """持残疾人证、入学年龄6至14周岁的台账或监测人员，没有学籍记录，也没有认可的免学情形（代替 EDU-01）。"""
    holders = book.linked(CERTIFICATES).select("pid", "rid")
    return _never_enrolled(book).join(holders, on="pid", how="inner")


@rule(
    "EDU-10", "雨露计划应补未补", severity=GENERAL, subject="person", owner=f"{BUREAU}、区扶贫办", basis=CLAUSE,
    reads=(*values(ENROLMENT, "status", "stage"), value(VOCATIONAL, "term/paid_on")),
    of_school_year=True,
    detail="{name}在{school}（{stage}）在读，本学年没有雨露计划补助记录，应补发。",
    register_value="在校生状况：{at_school}", source_value="学籍：{stage}在读；雨露计划：本学年无记录",
)  # fmt: skip
def edu_10(book: Book) -> nw.LazyFrame:
    """在读中职、高职，本学年（秋季和次年春季）没有雨露计划补助记录。"""
    roll = _studying(book).filter(nw.col("stage").is_in(["中职", "高职"]))
    roll = roll.select("pid", "rid", "stage", school=_school())
    people = book.people.select("pid", subject="pid", at_school=shown("school_status_raw"))
    return without(
        people.join(roll, on="pid", how="inner"), of_terms(book.linked(VOCATIONAL), school_year_terms(book.as_of))
    )


RULES = (edu_01, edu_02, EDU_03, EDU_04, edu_05, edu_06, EDU_07, edu_08, edu_09, edu_10)
