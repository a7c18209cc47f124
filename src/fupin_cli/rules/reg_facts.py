"""REG-21 … REG-30: facts of the register that contradict each other (台账质量; 三（八）)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import REGISTER, WATCHLIST, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, rule
from fupin_cli.rules.register_rows import (
    ABLE,
    NO_ABILITY,
    any_true,
    has_post,
    homes_without_labour,
    in_school,
    lacking_any,
    living,
    not_asked,
    not_exported,
    watched,
    works,
)
from fupin_cli.rules.terms import known, shown, without

CLAUSE = "工作要点 三（八）"
OWNER = "{town}、区扶贫办"
CERTIFICATES = "disability.certificates"
HOME = "household_id"
NUMBER = r"(?:\+?86[- ]?)?1[3-9]\d{9}|(?:0\d{2,3}[- ]?)?[2-9]\d{6,7}(?:[-转]\d{1,6})?"
PHONE = f"^(?:{NUMBER})(?:[、,;/ ]+(?:{NUMBER}))*$"
BELOW_COLLEGE = ("学前", "小学", "初中", "普高", "中职")
FAR = "县外|省外|境外"


def _or_blank(column: str) -> nw.Expr:
    return nw.coalesce(nw.col(column), nw.lit("空"))


@rule(
    "REG-21", "联系电话不合规", severity=HINT, subject="household", owner=OWNER, basis=CLAUSE,
    columns={REGISTER: ("phone",)},
    each="{fault}", detail="户编号{household_id}（{name}户）的联系电话：{each}，请核实后更正。",
    register_value="联系电话：{written}", source_value="应为11位手机号码或座机号码，各户不同",
)  # fmt: skip
def reg_21(book: Book) -> nw.LazyFrame:
    """全户没有一个联系电话，或填写的不是11位手机号码、座机号码，或同一号码登记在不同的户。"""
    rows = living(book).filter(known(HOME))
    phones = rows.filter(known("phone"))
    blank = without(rows, phones, HOME).select(HOME, "rid", written=nw.lit("空"), fault=nw.lit("没有填写"))
    proper = nw.col("phone").str.contains(PHONE)
    wrong = phones.filter(~proper).select(
        HOME, "rid", written="phone", fault=nw.concat_str(nw.lit("“"), "phone", nw.lit("”不是手机号码或座机号码"))
    )
    numbers = phones.filter(proper).select(HOME, "rid", "phone")
    spread = numbers.group_by("phone").agg(first=nw.col(HOME).min(), last=nw.col(HOME).max())
    shared = numbers.join(spread.filter(nw.col("first") != nw.col("last")), on="phone", how="inner")
    other = nw.when(nw.col(HOME) == nw.col("first")).then(nw.col("last")).otherwise(nw.col("first"))
    shared = shared.select(
        HOME, "rid", written="phone", fault=nw.concat_str("phone", nw.lit("与户编号"), other, nw.lit("的户相同"))
    )
    return nw.concat([blank, wrong, shared]).select("rid", "written", "fault", subject=HOME)


@rule(
    "REG-22", "文化程度与在校生状况矛盾", severity=HINT, subject="person", owner=OWNER, basis=CLAUSE,
    columns={REGISTER: ("education", "school_status")}, lacking=not_asked(REGISTER, "dropout_reason"),
    detail="{name}文化程度登记为{education}，在校生状况登记为{school}，{fault}。",
    register_value="文化程度：{education}；在校生状况：{school}", source_value="在校生只填在校生状况，其他人只填文化程度",
)  # fmt: skip
def reg_22(book: Book) -> nw.LazyFrame:
    """文化程度和在校的学段（含学龄前儿童）都填了；或满7周岁，文化程度为空、在校生状况为空或非在校生，也没有失学辍学原因。"""
    rows = living(book)
    columns = {"education": _or_blank("education_raw"), "school": _or_blank("school_status_raw")}
    outside = (nw.col("school_status") == "非在校生").fill_null(False)
    both = rows.filter(known("education") & known("school_status") & ~outside)
    found = [both.select("subject", **columns, fault=nw.lit("两项不应都填"))]
    if book.asked(REGISTER, "dropout_reason"):
        neither = nw.col("education_raw").is_null() & (nw.col("school_status_raw").is_null() | outside)
        blank = rows.filter(neither & nw.col("dropout_reason").is_null() & (nw.col("age") >= 7))
        found.append(blank.select("subject", **columns, fault=nw.lit("两项都没有说明就学情况，也没有失学辍学原因")))
    return nw.concat(found)


@rule(
    "REG-23", "健康劳动年龄人口劳动能力存疑", severity=HINT, subject="person", owner=OWNER, basis=CLAUSE,
    columns={REGISTER: ("labour",)}, lacking=not_exported(REGISTER, "health", "school_status", "education"),
    detail="{name}{age}周岁，健康状况为{health}，劳动技能登记为{labour}，请核实劳动能力。",
    register_value="劳动技能：{labour}；健康状况：{health}", source_value="证件号码：{age}周岁",
)  # fmt: skip
def reg_23(book: Book) -> nw.LazyFrame:
    """16至59周岁、健康、不在校，劳动技能为无、丧失、弱或半劳动力；或满60周岁登记为普通、技能劳动力。"""
    youngest, oldest = book.policy["labour_ages"]
    outside = (nw.col("school_status") == "非在校生") | (nw.col("school_status_raw").is_null() & known("education"))
    weak = nw.col("labour").is_in((*NO_ABILITY, "弱劳动力或半劳动力")) & (nw.col("health") == "健康")
    grown = (nw.col("age") >= youngest) & (nw.col("age") <= oldest)
    doubtful = (nw.col("age") > oldest) & nw.col("labour").is_in(ABLE)
    if book.holds(REGISTER, "school_status"):  # without the column nobody is known to be out of school
        doubtful = doubtful | (grown & weak & outside)
    rows = living(book).filter(doubtful)
    return rows.select("subject", "age", "labour", health=shown("health"))


@rule(
    "REG-24", "不应务工人员登记务工", severity=GENERAL, subject="person", owner=OWNER, basis=CLAUSE,
    lacking=not_exported(REGISTER, "work_place", "work_months", "school_status", "poverty_type", "labour"),
    each="{reason}", detail="{name}登记务工（{place}），但{each}，请核实后更正。",
    register_value="务工区域：{place}", source_value="{each}",
)  # fmt: skip
def reg_24(book: Book) -> nw.LazyFrame:
    """登记了务工区域或务工时间，而不满16周岁、在校（大专以下）、是特困供养户成员，或无（丧失）劳动力。"""
    rows = living(book).filter(works())
    reasons = {
        "年龄不满16周岁": nw.col("age") < book.policy["labour_min_age"],
        "在校就读": nw.col("school_status").is_in(BELOW_COLLEGE),
        "属特困供养": nw.col("poverty_type") == "特困",
        "无劳动能力": nw.col("labour").is_in(NO_ABILITY),
    }
    place = shown("work_place")
    return nw.concat(
        [rows.filter(wrong).select("subject", place=place, reason=nw.lit(text)) for text, wrong in reasons.items()]
    )


@rule(
    "REG-25", "公益岗位登记矛盾", severity=GENERAL, subject="person", owner=OWNER, basis=CLAUSE,
    headers={REGISTER: ("public_post",)}, lacking=not_exported(REGISTER, "post_months", "work_place"),
    each="{fault}", detail="{name}的公益岗位登记为{post}，{each}，请核实后更正。",
    register_value="公益岗位：{post}；务工区域：{place}", source_value="{each}",
)  # fmt: skip
def reg_25(book: Book) -> nw.LazyFrame:
    """登记公益岗位而不满16或满70周岁、没有聘用月数、务工区域在县外；或有聘用月数而没有公益岗位。"""
    youngest, oldest = book.policy["post_ages"]
    months = (nw.col("post_months") > 0).fill_null(False)
    faults = {
        "年龄不在16至69周岁": has_post() & ((nw.col("age") < youngest) | (nw.col("age") > oldest)),
        "务工区域在县外": has_post() & nw.col("work_place").str.contains(FAR),
    }
    if book.holds(REGISTER, "post_months"):
        faults |= {"没有聘用月数": has_post() & ~months, "有聘用月数而没有岗位": months & ~has_post()}
    texts = {"post": _or_blank("public_post"), "place": _or_blank("work_place")}
    rows = living(book)
    return nw.concat(
        [rows.filter(wrong).select("subject", fault=nw.lit(text), **texts) for text, wrong in faults.items()]
    )


@rule(
    "REG-26", "基本医疗保险登记矛盾", severity=GENERAL, subject="person", owner=OWNER, basis="工作要点 三（二）2",
    columns={REGISTER: ("basic_insured",)}, headers={REGISTER: ("employee_insured",)},
    detail="{name}的城乡居民、城镇职工基本医疗保险{fault}，应当参加且只参加一种，请核实。",
    register_value="居民医保、职工医保：{fault}", source_value="应参加其中一种",
)  # fmt: skip
def reg_26(book: Book) -> nw.LazyFrame:
    """居民医保和职工医保都登记为是，都登记为否（严重），或都没有填写。"""
    residents, employees = nw.col("basic_insured"), nw.col("employee_insured")
    rows = living(book)
    faults = (
        (residents & employees, GENERAL, "都登记为是"),
        (~residents & ~employees, SEVERE, "都登记为否"),
        (residents.is_null() & employees.is_null(), GENERAL, "都没有填写"),
    )
    return nw.concat(
        [
            rows.filter(wrong).select("subject", severity=nw.lit(weight), fault=nw.lit(text))
            for wrong, weight, text in faults
        ]
    )


@rule(
    "REG-27", "未保障未纳入监测", severity=SEVERE, subject="household", owner=OWNER, basis=CLAUSE, needs=(WATCHLIST,),
    lacking=lacking_any(
        not_exported(REGISTER, "unsafe_house", "safe_water", "school_status", "basic_insured"),
        not_asked(REGISTER, "dropout_reason"),
    ),
    each="{fact}", detail="{name}户台账登记{each}，没有纳入监测名单，请核实并纳入监测、落实帮扶。",
    register_value="{each}", source_value="监测名单：全户无记录",
)  # fmt: skip
def reg_27(book: Book) -> nw.LazyFrame:
    """台账登记为危房、饮水不安全、有成员失学辍学（义务教育入学年龄非在校生，或填了失学辍学原因而不在校）或未参保（居民、职工医保都为否；没有职工医保一列的看居民医保），全户不在监测名单。"""
    youngest, oldest = book.policy["school_age"]
    due = (nw.col("school_age") >= youngest) & (nw.col("school_age") <= oldest)
    out = (nw.col("school_status") == "非在校生").fill_null(False) | (known("dropout_reason") & ~in_school())
    uninsured = ~nw.col("basic_insured")
    if book.holds(REGISTER, "employee_insured"):  # without the column the register tells of one insurance only
        uninsured = uninsured & ~nw.col("employee_insured")
    facts = {
        "住房为危房": nw.col("unsafe_house"),
        "饮水不安全": ~nw.col("safe_water"),
        "有成员未参加基本医疗保险": uninsured,
    }
    if book.holds(REGISTER, "school_status"):  # without the column a reason alone does not say who is out of school
        facts["有成员失学辍学"] = due & out
    rows = without(living(book).filter(known(HOME)), watched(book), HOME)
    return nw.concat([rows.filter(fact).select("rid", subject=HOME, fact=nw.lit(text)) for text, fact in facts.items()])


@rule(
    "REG-28", "整户无劳动力未兜底", severity=GENERAL, subject="household", owner=OWNER, basis="工作要点 三（七）1",
    columns={REGISTER: ("labour", "poverty_type")},
    detail="{name}户全户没有劳动能力，没有登记为低保或特困户，请核查是否应纳入兜底保障。",
    register_value="全户无劳动能力；贫困户属性：{poverty_type}", source_value="应核查低保、特困供养",
)  # fmt: skip
def reg_28(book: Book) -> nw.LazyFrame:
    """全户没有一名成员有劳动能力（普通、技能、弱或半劳动力），也没有成员登记为低保或特困；成年人劳动技能或贫困户属性不明的不判断。"""
    rows = living(book).filter(known(HOME))
    homes = homes_without_labour(book, rows)
    supported = rows.filter(nw.col("poverty_type").is_in(["低保", "特困"]) | nw.col("poverty_type").is_null())
    types = rows.select(HOME, "poverty_type").unique()
    return without(homes, supported, HOME).join(types, on=HOME, how="inner").select("rid", "poverty_type", subject=HOME)


@rule(
    "REG-29", "失学原因与健康状况矛盾", severity=HINT, subject="person", owner=OWNER, basis="工作要点 三（二）1",
    columns={REGISTER: ("health",)}, headers={REGISTER: ("dropout_reason",)},
    detail="{name}失学或辍学原因登记为{dropout_reason}，健康状况登记为健康，两者矛盾。",
    register_value="失学或辍学原因：{dropout_reason}；健康状况：健康", source_value="因病、因残失学的应有病残登记",
)  # fmt: skip
def reg_29(book: Book) -> nw.LazyFrame:
    """失学或辍学原因为因病或因残，健康状况为健康。"""
    rows = living(book).filter(nw.col("dropout_reason").str.contains("因病|因残|疾病|残疾"))
    return rows.filter(nw.col("health") == "健康").select("subject", "dropout_reason")


def _severe_by_number(column: str) -> nw.Expr:
    """The 20th digit of a certificate number is its grade."""
    is_certificate = (nw.col(f"{column}_status") == "disability20").fill_null(False)
    return is_certificate & nw.col(column).str.slice(19, 1).is_in(["1", "2"])


@rule(
    "REG-30", "残疾信息矛盾", severity=HINT, subject="person", owner=OWNER, basis="工作要点 三（七）2", wants=(CERTIFICATES,),
    lacking=lacking_any(not_exported(REGISTER, "health", "labour"), not_exported(CERTIFICATES, "grade")),
    each="{fault}", detail="{name}健康状况为{health}，劳动技能为{labour}，{each}，请核实后更正。",
    register_value="健康状况：{health}；劳动技能：{labour}", source_value="{each}",
)  # fmt: skip
def reg_30(book: Book) -> nw.LazyFrame:
    """健康状况为残疾，台账和持证残疾人名单（已提供时才查）都没有20位残疾人证号；或残疾人证等级为一、二级，登记为普通、技能劳动力。"""
    rows = living(book).with_columns(labour=shown("labour"), health=shown("health"))
    columns = ("subject", "health", "labour", "rid_proof", "fault")
    able = nw.col("labour").is_in(ABLE)
    numbered = nw.col("id_number_status") == "disability20"
    severe = nw.lit("残疾人证等级为一、二级，与劳动能力不符")
    own = rows.filter(able & any_true(_severe_by_number(column) for column in ("id_number", "certificate_no")))
    found = [own.with_columns(rid_proof=nw.col("rid"), fault=severe).select(columns)]
    if book.arrived(CERTIFICATES):
        listed = book.linked(CERTIFICATES).select("pid", "grade", rid_proof="rid")
        graded = rows.filter(able).join(listed.filter(nw.col("grade") <= 2), on="pid", how="inner")
        found.append(graded.with_columns(fault=severe).select(columns))
        bare = nw.col("health").str.contains("残疾") & ~numbered.fill_null(False) & nw.col("certificate_no").is_null()
        absent = without(rows.filter(bare), listed)
        fault = nw.lit("没有20位残疾人证号")
        found.append(absent.with_columns(rid_proof=nw.col("rid"), fault=fault).select(columns))
    return nw.concat(found)
