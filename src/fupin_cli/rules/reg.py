"""REG: the register's own quality (台账质量; owner: the town and 区扶贫办; 三（八）)."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from fupin_cli.rules.book import DEATHS, REGISTER, WATCHLIST, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, Part, part, rule, rule_in_parts
from fupin_cli.rules.reads import value, values
from fupin_cli.rules.register_rows import (
    ABLE,
    SOME_ABILITY,
    any_true,
    beside_head,
    known_sex,
    living,
    watched,
    written,
)
from fupin_cli.rules.terms import known, without, worded

CLAUSE = "工作要点 三（八）"
SCHOOLING = "工作要点 三（二）1"
OWNER = "{town}、区扶贫办"
NUMBER, HOME = value(REGISTER, "id_number"), value(REGISTER, "household_id")
CERTIFICATES = "disability.certificates"
DISTRICT = "全区"

# What is wrong with a number, by its status; a checked one of 18 characters is REG-02, all else REG-01.
FORMAT_FAULTS = {
    "missing": "证件号码为空",
    "malformed": "证件号码位数或字符不对",
    "masked": "证件号码被遮盖，不完整",
    "other": "登记的不是居民身份证号或残疾人证号",
    "upgraded15": "登记的是15位旧号码，应升级为18位",
}
CHECK_FAULTS = {
    "checksum": "校验码不正确",
    "birthdate": "出生日期段不存在",
    "precision_lost": "末几位因被当作数字保存而失真",
}
WHOLE_FAULTS = ("checksum", "birthdate", "other")  # nothing of the number is lost: two equal ones are one number
MALE = ("之子", "之女婿", "之孙子", "之外孙子", "之曾孙子", "之父", "之岳父", "之公公", "之祖父")
FEMALE = ("之女", "之儿媳", "之孙女", "之外孙女", "之曾孙女", "之母", "之岳母", "之婆婆", "之祖母")
CHILDREN = ("之子", "之女")
GRANDCHILDREN = ("之孙子", "之孙女", "之外孙子", "之外孙女")
PARENTS = ("之父", "之母")


def _faults(book: Book) -> nw.LazyFrame:
    """Rows with a faulty number: the ``fault`` in words, the number as ``written``, whether it is ``whole``."""
    status, number = nw.col("id_number_status"), nw.col("id_number")
    unborn = nw.when(nw.col("birth") > book.as_of_number).then(nw.lit("出生日期段晚于比对日期"))
    rows = living(book).with_columns(fault=nw.coalesce(worded(status, FORMAT_FAULTS | CHECK_FAULTS), unborn))
    eighteen = (number.str.len_chars() == 18).fill_null(False) | (status == "disability20")
    return rows.filter(known("fault")).select(
        "subject",
        "fault",
        written=nw.coalesce(nw.col("id_number_raw"), number, nw.lit("空")),
        proper=nw.coalesce(number, nw.lit("空")),
        whole=~status.is_in(list(FORMAT_FAULTS)) & eighteen,
    )


@rule(
    "REG-01", "证件号码缺失或格式错误", severity=GENERAL, subject="person", owner=OWNER, basis=CLAUSE,
    reads=(NUMBER,),
    detail="{name}：{fault}；台账登记为“{written}”，规范化后为“{proper}”，请核对户口簿、身份证后更正。",
    register_value="证件号码：{written}", source_value="居民身份证号应为18位（残疾人证号20位）",
)  # fmt: skip
def reg_01(book: Book) -> nw.LazyFrame:
    """证件号码为空，或规范化后不是18位身份证号、20位残疾人证号（15位旧号码应升级，列出升级后的号码）。"""
    return _faults(book).filter(~nw.col("whole"))


@rule(
    "REG-02", "证件号码校验码错误", severity=GENERAL, subject="person", owner=OWNER, basis=CLAUSE,
    reads=(NUMBER,),
    detail="{name}的证件号码{id_number}{fault}，请核对户口簿、身份证后更正。",
    register_value="证件号码：{written}", source_value="按国家标准校验：{fault}",
)  # fmt: skip
def reg_02(book: Book) -> nw.LazyFrame:
    """证件号码为18位，但出生日期不存在、晚于比对日期，或校验码不正确。"""
    return _faults(book).filter(nw.col("whole"))


@rule(
    "REG-03", "证件号码重复", severity=SEVERE, subject="person", owner=OWNER, basis=CLAUSE,
    reads=(NUMBER,),
    cured_by_absence=(REGISTER,),
    detail="{name}（户编号{household_id}）的证件号码{id_number}与{other}重复，请核实是重复录入还是号码录错。",
    register_value="{name}：{id_number}", source_value="同号人员：{other}",
)  # fmt: skip
def reg_03(book: Book) -> nw.LazyFrame:
    """规范化后的证件号码在台账中出现两次以上（每名人员一条问题，注明同户或不同户）。"""
    whole = nw.when(nw.col("id_number_status").is_in(WHOLE_FAULTS)).then(nw.col("id_number"))
    rows = living(book).with_columns(number=nw.coalesce(nw.col("id_number_key"), whole)).filter(known("number"))
    shared = rows.group_by("number").agg(
        times=nw.len(), first=nw.col("household_id").min(), last=nw.col("household_id").max()
    )
    shared = shared.filter(nw.col("times") > 1)
    name = nw.concat_str(nw.col("name"), nw.lit("（户编号"), nw.col("household_id"), nw.lit("）"))
    others = rows.select("number", rid_other="rid", other=nw.coalesce(name, nw.col("name")))
    pairs = rows.join(shared, on="number", how="inner").join(others, on="number", how="inner")
    where = nw.when(nw.col("first") != nw.col("last")).then(nw.lit("不同户")).otherwise(nw.lit("同户"))
    return pairs.filter(nw.col("rid") != nw.col("rid_other")).select("subject", "rid_other", "other", variant=where)


@rule(
    "REG-04", "性别与证件号码不符", severity=HINT, subject="person", owner=OWNER, basis=CLAUSE,
    reads=(NUMBER, value(REGISTER, "sex")),
    detail="{name}性别登记为{sex}，但证件号码{id_number}第17位表示{id_sex}性。",
    register_value="性别：{sex}", source_value="证件号码：{id_sex}",
)  # fmt: skip
def reg_04(book: Book) -> nw.LazyFrame:
    """已填性别，且与有效证件号码第17位表示的性别不同。"""
    return living(book).filter(nw.col("sex") != nw.col("id_sex")).select("subject", "sex", "id_sex")


@rule(
    "REG-05", "户主缺失或不唯一", severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE,
    reads=(HOME, value(REGISTER, "relation")),
    cured_by_absence=(REGISTER,),
    detail="户编号{household_id}共{members}人，其中登记为户主的有{heads}人，应当有且只有1人。",
    register_value="登记为户主：{heads}人", source_value="每户应有1名户主",
)  # fmt: skip
def reg_05(book: Book) -> nw.LazyFrame:
    """一户没有户主或有两名以上户主（没有户主、但有成员与户主关系未填或无法识别的，不作判断）。"""
    is_head = (nw.col("relation") == "户主").fill_null(False).cast(nw.Int64)
    rows = written(book).with_columns(head=is_head, blank=nw.col("relation").is_null().cast(nw.Int64))
    counted = rows.group_by("subject").agg(members=nw.len(), heads=nw.col("head").sum(), blanks=nw.col("blank").sum())
    wrong = counted.filter((nw.col("heads") > 1) | ((nw.col("heads") == 0) & (nw.col("blanks") == 0)))
    evidence = rows.filter(nw.col("head") == 1).select("subject", rid_head="rid")
    return wrong.join(evidence, on="subject", how="left").select("subject", "members", "heads", "rid_head")


@rule(
    "REG-06", "家庭人口数与成员数不符", severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE,
    reads=(HOME, value(REGISTER, "household_size")),
    cured_by_absence=(REGISTER,),
    detail="户编号{household_id}家庭人口数登记为{household_size}人，台账中实有成员{members}人。",
    register_value="家庭人口数：{household_size}", source_value="台账成员：{members}人",
)  # fmt: skip
def reg_06(book: Book) -> nw.LazyFrame:
    """已填家庭人口数，且与台账中该户的成员行数不同。"""
    counted = written(book).group_by("subject").agg(members=nw.len())
    rows = written(book).join(counted, on="subject", how="inner")
    differs = nw.col("household_size") != nw.col("members")
    return rows.filter(differs).select("subject", "rid", "household_size", "members")


@rule(
    "REG-07", "与户主关系、性别矛盾", severity=HINT, subject="person", owner=OWNER, basis=CLAUSE,
    reads=(HOME, *values(REGISTER, "relation", "sex")),
    detail="{name}与户主关系为{relation}，性别为{sex}，两者矛盾{against}。",
    register_value="与户主关系：{relation}；性别：{sex}", source_value="关系与性别应当一致{against}",
)  # fmt: skip
def reg_07(book: Book) -> nw.LazyFrame:
    """之子、之孙子、之父等登记为女，之女、之母等登记为男，或配偶与户主同性别（性别未填的按证件号码）。"""
    relation, sex = nw.col("relation"), nw.col("sex")
    rows = book.register.with_columns(subject=nw.col("rid"), sex=known_sex())
    wrong = (relation.is_in(MALE) & (sex == "女")) | (relation.is_in(FEMALE) & (sex == "男"))
    rows = rows.filter(wrong).select("subject", "relation", "sex", rid_head="rid", against=nw.lit(""))
    couples = beside_head(book).filter((relation == "配偶") & (sex == nw.col("sex_head")))
    against = nw.concat_str(nw.lit("（户主"), nw.col("name_head"), nw.lit("性别为"), nw.col("sex_head"), nw.lit("）"))
    return nw.concat([rows, couples.select("subject", "relation", "sex", "rid_head", against=against)])


@rule(
    "REG-08", "与户主关系、年龄矛盾", severity=HINT, subject="person", owner=OWNER, basis=CLAUSE,
    reads=(HOME, value(REGISTER, "relation")),
    detail="{name}（{age}周岁）与户主{name_head}（{age_head}周岁）的关系为{relation}，年龄差应不少于{gap}岁。",
    register_value="与户主关系：{relation}；{age}周岁", source_value="户主{age_head}周岁",
)  # fmt: skip
def reg_08(book: Book) -> nw.LazyFrame:
    """之子、之女比户主小不到14岁，之父、之母比户主大不到14岁，之孙子女比户主小不到28岁（年龄差见政策参数）。"""
    gap = book.policy["parent_gap_min"]
    younger = nw.col("birth") - nw.col("birth_head")  # yyyymmdd: 10,000 a year
    relation = nw.col("relation")
    near = (relation.is_in(CHILDREN) & (younger < gap * 10_000)) | (relation.is_in(PARENTS) & (younger > -gap * 10_000))
    grand = relation.is_in(GRANDCHILDREN)
    wrong = beside_head(book).filter(near | (grand & (younger < 2 * gap * 10_000)))
    needed = nw.when(grand).then(nw.lit(2 * gap)).otherwise(nw.lit(gap))
    return wrong.select("subject", "relation", "age", "name_head", "age_head", "rid_head", gap=needed)


@rule(
    "REG-09", "在校生状况与年龄不符", severity=GENERAL, subject="person", owner=OWNER, basis=CLAUSE,
    reads=(value(REGISTER, "school_status"),),
    detail="{name}{age}周岁，在校生状况登记为{school_status_raw}，与年龄不符。",
    register_value="在校生状况：{school_status_raw}", source_value="证件号码：{age}周岁",
)  # fmt: skip
def reg_09(book: Book) -> nw.LazyFrame:
    """在校生状况的学段超出相应年龄：学前2–8、小学5–16、初中10–19、高中和中职13–24、大专及以上15–35周岁（见政策参数）。"""
    age, stage = nw.col("age"), nw.col("school_status")
    ages = book.policy["stage_ages"].items()
    wrong = any_true((stage == name) & ((age < youngest) | (age > oldest)) for name, (youngest, oldest) in ages)
    return living(book).filter(wrong).select("subject", "age", "school_status_raw")


@rule(
    "REG-10", "文化程度与年龄不符", severity=GENERAL, subject="person", owner=OWNER, basis=CLAUSE,
    reads=(value(REGISTER, "education"),),
    detail="{name}{age}周岁，文化程度登记为{education_raw}，与年龄不符。",
    register_value="文化程度：{education_raw}", source_value="证件号码：{age}周岁",
)  # fmt: skip
def reg_10(book: Book) -> nw.LazyFrame:
    """文化程度为初中不满11周岁，高中（中专）不满14周岁，大专及以上不满17周岁（见政策参数）。"""
    ages = book.policy["education_min_ages"].items()
    wrong = any_true((nw.col("education") == name) & (nw.col("age") < youngest) for name, youngest in ages)
    return living(book).filter(wrong).select("subject", "age", "education_raw")


@rule(
    "REG-11", "劳动能力与年龄不符", severity=GENERAL, subject="person", owner=OWNER, basis=CLAUSE,
    reads=(value(REGISTER, "labour"),),
    detail="{name}只有{age}周岁，劳动技能登记为{labour}，应为无劳动力。",
    register_value="劳动技能：{labour}", source_value="证件号码：{age}周岁",
)  # fmt: skip
def reg_11(book: Book) -> nw.LazyFrame:
    """不满16周岁登记为有劳动能力（普通、技能、弱劳动力或半劳动力）。"""
    young = nw.col("age") < book.policy["labour_min_age"]
    return living(book).filter(young & nw.col("labour").is_in(SOME_ABILITY)).select("subject", "age", "labour")


REG_12 = rule_in_parts(
    "REG-12", "劳动能力与健康状况不符", """登记为普通或技能劳动力，但健康状况为患有大病，或持有一、二级残疾人证（残疾人名单已提供时）。""",
    severity=HINT, subject="person", owner=OWNER, basis=CLAUSE, reads=(value(REGISTER, "labour"),),
    detail="{name}劳动技能登记为{labour}，但{reason}，请核实劳动能力。",
    register_value="劳动技能：{labour}；健康状况：{health}", source_value="{reason}",
)  # fmt: skip


@part(REG_12, "患有大病", reads=(value(REGISTER, "health"),))
def ill_but_able(book: Book) -> nw.LazyFrame:
    ill = _able(book).filter(nw.col("health").str.contains("患有大病"))
    reason = nw.lit("健康状况登记为患有大病")
    return ill.select("subject", "labour", "health", rid_proof="rid", reason=reason)


@part(REG_12, "残疾等级", reads=(value(CERTIFICATES, "grade"),))
def disabled_but_able(book: Book) -> nw.LazyFrame:
    severe = book.linked(CERTIFICATES).filter(nw.col("grade") <= 2).select("pid", "grade", rid_proof="rid")
    reason = nw.concat_str(nw.lit("残疾人证等级为"), nw.col("grade").cast(nw.String), nw.lit("级"))
    holders = _able(book).join(severe, on="pid", how="inner")
    return holders.select("subject", "labour", "health", "rid_proof", reason=reason)


def _able(book: Book) -> nw.LazyFrame:
    return living(book).filter(nw.col("labour").is_in(ABLE))


REG_13 = rule_in_parts(
    "REG-13", "已脱贫户收入低于标准",
    """已脱贫户家庭年人均纯收入低于脱贫标准4000元（严重）；低于监测标准5000元且不在监测名单（一般，监测名单已提供时）。""",
    severity=SEVERE, subject="household", owner=OWNER, basis=CLAUSE,
    reads=(HOME, *values(REGISTER, "exit_status", "net_income")),
    detail="户编号{household_id}登记为已脱贫，家庭年人均纯收入{net_income}元，低于{standard}。",
    register_value="已脱贫；家庭年人均纯收入：{net_income}元", source_value="{standard}",
)  # fmt: skip


@part(REG_13, "脱贫标准")
def out_and_poor(book: Book) -> nw.LazyFrame:
    line = book.policy["poverty_line"]
    poor = _out(book).filter(nw.col("net_income") < line)
    return poor.select("subject", "net_income", severity=nw.lit(SEVERE), standard=nw.lit(f"脱贫标准{line}元"))


@part(REG_13, "监测标准", reads=(value(WATCHLIST, "household_id"),))
def out_and_not_watched(book: Book) -> nw.LazyFrame:
    poor, line = book.policy["poverty_line"], book.policy["watch_line"]
    near = _out(book).filter((nw.col("net_income") >= poor) & (nw.col("net_income") < line))
    standard = nw.lit(f"监测标准{line}元，且未纳入监测名单")
    near = without(near, watched(book), on="household_id")
    return near.select("subject", "net_income", severity=nw.lit(GENERAL), standard=standard)


def _out(book: Book) -> nw.LazyFrame:
    """Households out of poverty (已脱贫)."""
    return book.households.filter(nw.col("exit_status") == "已脱贫").with_columns(subject=nw.col("household_id"))


@rule(
    "REG-14", "贫困户属性与成员不符", severity=GENERAL, subject="household", owner=OWNER, basis=CLAUSE,
    reads=(HOME, value(REGISTER, "poverty_type")),
    detail="户编号{household_id}各成员的贫困户属性不一致：{poverty_type}，同一户应当一致。",
    register_value="贫困户属性：{poverty_type}", source_value="同一户的贫困户属性应当一致",
)  # fmt: skip
def reg_14(book: Book) -> nw.LazyFrame:
    """同一户的成员贫困户属性互相矛盾（如有的为低保、有的为特困或一般）；未填的不计。"""
    rows = written(book).filter(known("poverty_type"))
    types = rows.group_by("subject").agg(first=nw.col("poverty_type").min(), last=nw.col("poverty_type").max())
    mixed = types.filter(nw.col("first") != nw.col("last"))
    return rows.join(mixed, on="subject", how="inner").select("subject", "rid", "poverty_type")


@rule(
    "REG-15", "已死亡人员仍在台账", severity=GENERAL, subject="person", owner=OWNER, basis=CLAUSE,
    reads=(value(DEATHS, "died_on"),),
    cured_by_absence=(REGISTER,),
    detail="{name}在死亡（殡葬、户籍注销）名单中（死亡日期：{died}），仍登记在台账，请核实后作自然减少。",
    register_value="在册", source_value="死亡日期：{died}",
)  # fmt: skip
def reg_15(book: Book) -> nw.LazyFrame:
    """台账人员在死亡（殡葬、户籍注销）名单中，死亡日期不晚于比对日期或未注明。"""
    dead = book.dead.with_columns(died=nw.coalesce(nw.col("died_on"), nw.lit("未注明")))
    return book.register.join(dead, on="pid", how="inner").select("died", "rid_death", subject="rid")


def _controls(book: Book) -> Iterator[Part]:
    """A part for each control total (控制数); without any there is nothing to check, and nothing lacks."""
    if not book.controls:
        yield Part("", ())
    for town, households, _ in book.controls:
        of_households = (HOME,) if households is not None else ()
        yield Part(town or DISTRICT, (*of_households, value(REGISTER, "town")) if town else of_households)


@rule(
    "REG-16", "户数、人数与控制数不符", severity=SEVERE, subject="unit", owner=OWNER, basis=CLAUSE, parts_of=_controls,
    detail="{name}台账共{households}户{persons}人，控制数为{control}。",
    register_value="{households}户{persons}人", source_value="控制数：{control}",
)  # fmt: skip
def reg_16(book: Book) -> nw.LazyFrame:
    """台账的户数或人数与 fupin.toml 中的控制数（全区或分镇）不同；未给控制数的不检查。"""
    found = [_against_control(book, *control) for control in book.controls]
    return nw.concat(found) if found else book.register.select(subject="town").head(0)


def _against_control(book: Book, town: str, households: int | None, persons: int | None) -> nw.LazyFrame:
    rows = book.register.filter(nw.col("town") == town) if town else book.register
    given = [("户", "households", households), ("人", "persons", persons)]
    given = [(unit, column, total) for unit, column, total in given if total is not None]
    home = nw.col("household_id")
    blank = (home.null_count() > 0).cast(nw.Int64)  # n_unique counts a blank as a household of its own
    counted = rows.select(households=nw.coalesce(home.n_unique() - blank, nw.lit(0)), persons=nw.col("rid").count())
    control = nw.lit("".join(f"{total}{unit}" for unit, _, total in given))
    subject = nw.lit(town or DISTRICT)
    named = counted.with_columns(subject=subject, part=subject, town=nw.lit(town), control=control)
    return named.filter(any_true(nw.col(column) != total for _, column, total in given))


@rule(
    "REG-17", "适龄人员在校生状况为空", severity=HINT, subject="person", owner=OWNER, basis=SCHOOLING,
    reads=(value(REGISTER, "school_status"),),
    detail="{name}{age}周岁，属义务教育适龄人员，在校生状况登记为“{written}”，请核实就学情况。",
    register_value="在校生状况：{written}", source_value="证件号码：入学年龄{school_age}周岁",
)  # fmt: skip
def reg_17(book: Book) -> nw.LazyFrame:
    """义务教育适龄人员（上一个8月31日满6至14周岁），在校生状况为空或为非在校生。"""
    youngest, oldest = book.policy["school_age"]
    due = (nw.col("school_age") >= youngest) & (nw.col("school_age") <= oldest)
    raw = nw.col("school_status_raw")
    rows = living(book).filter(due & (raw.is_null() | (nw.col("school_status") == "非在校生")))
    return rows.select("subject", "age", "school_age", written=nw.coalesce(raw, nw.lit("空")))


RULES = (
    reg_01, reg_02, reg_03, reg_04, reg_05, reg_06, reg_07, reg_08, reg_09, reg_10, reg_11, REG_12, REG_13, reg_14, reg_15,
    reg_16, reg_17,
)  # fmt: skip
