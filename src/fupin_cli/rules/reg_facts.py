"""REG-21 … REG-30: facts of the register that contradict each other (台账质量; 三（八）)."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from fupin_cli.rules.book import REGISTER, WATCHLIST, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, Part, part, rule, rule_in_parts
from fupin_cli.rules.reads import arrived, header, value, values
from fupin_cli.rules.register_rows import (
    ABLE,
    NO_ABILITY,
    has_post,
    homes_without_labour,
    in_school,
    living,
    watched,
    works,
    works_somewhere,
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
OUT_OF_SCHOOL = "有成员失学辍学"
TOO_ABLE = "残疾人证等级为一、二级，与劳动能力不符"


def _or_blank(column: str) -> nw.Expr:
    return nw.coalesce(nw.col(column), nw.lit("空"))


@rule(
    "REG-21", "联系电话不合规", severity=HINT, subject="household", owner=OWNER, basis=CLAUSE,
    reads=values(REGISTER, HOME, "phone"),
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


REG_22 = rule_in_parts(
    "REG-22", "文化程度与在校生状况矛盾",
    """文化程度和在校的学段（含学龄前儿童）都填了；或满7周岁，文化程度为空、在校生状况为空或非在校生，也没有失学辍学原因。""",
    severity=HINT, subject="person", owner=OWNER, basis=CLAUSE, reads=values(REGISTER, "education", "school_status"),
    detail="{name}文化程度登记为{education}，在校生状况登记为{school}，{fault}。",
    register_value="文化程度：{education}；在校生状况：{school}", source_value="在校生只填在校生状况，其他人只填文化程度",
)  # fmt: skip


def _schooling(rows: nw.LazyFrame, fault: str) -> nw.LazyFrame:
    texts = {"education": _or_blank("education_raw"), "school": _or_blank("school_status_raw")}
    return rows.select("subject", **texts, fault=nw.lit(fault))


def _out_of_school() -> nw.Expr:
    return (nw.col("school_status") == "非在校生").fill_null(False)


@part(REG_22, "两项都填")
def both_filled(book: Book) -> nw.LazyFrame:
    both = known("education") & known("school_status") & ~_out_of_school()
    return _schooling(living(book).filter(both), "两项不应都填")


@part(REG_22, "两项都空", reads=(header(REGISTER, "dropout_reason"),))
def both_blank(book: Book) -> nw.LazyFrame:
    neither = nw.col("education_raw").is_null() & (nw.col("school_status_raw").is_null() | _out_of_school())
    rows = living(book).filter(neither & nw.col("dropout_reason").is_null() & (nw.col("age") >= 7))
    return _schooling(rows, "两项都没有说明就学情况，也没有失学辍学原因")


REG_23 = rule_in_parts(
    "REG-23", "健康劳动年龄人口劳动能力存疑",
    """16至59周岁、健康、不在校，劳动技能为无、丧失、弱或半劳动力；或满60周岁登记为普通、技能劳动力。""",
    severity=HINT, subject="person", owner=OWNER, basis=CLAUSE, reads=(value(REGISTER, "labour"),),
    detail="{name}{age}周岁，健康状况为{health}，劳动技能登记为{labour}，请核实劳动能力。",
    register_value="劳动技能：{labour}；健康状况：{health}", source_value="证件号码：{age}周岁",
)  # fmt: skip


@part(REG_23, "劳动年龄", reads=values(REGISTER, "health", "school_status", "education"))
def grown_and_weak(book: Book) -> nw.LazyFrame:
    youngest, oldest = book.policy["labour_ages"]
    outside = (nw.col("school_status") == "非在校生") | (nw.col("school_status_raw").is_null() & known("education"))
    weak = nw.col("labour").is_in((*NO_ABILITY, "弱劳动力或半劳动力")) & (nw.col("health") == "健康")
    grown = (nw.col("age") >= youngest) & (nw.col("age") <= oldest)
    rows = living(book).filter(grown & weak & outside)
    return rows.select("subject", "age", "labour", health=shown("health"))


@part(REG_23, "老年")
def old_and_able(book: Book) -> nw.LazyFrame:
    _, oldest = book.policy["labour_ages"]
    rows = living(book).filter((nw.col("age") > oldest) & nw.col("labour").is_in(ABLE))
    return rows.select("subject", "age", "labour", health=shown("health"))


# What tells of work (务工): one who has a place of work is found by it, whatever the months.
WORK = {"work_place": ("务工区域", works_somewhere()), "work_months": ("务工时间", works() & ~works_somewhere())}


def _should_not_work(book: Book) -> dict[str, tuple[str | None, nw.Expr]]:
    """Reason → the column it is read from (``None``: the age), and the condition."""
    return {
        "年龄不满16周岁": (None, nw.col("age") < book.policy["labour_min_age"]),
        "在校就读": ("school_status", nw.col("school_status").is_in(BELOW_COLLEGE)),
        "属特困供养": ("poverty_type", nw.col("poverty_type") == "特困"),
        "无劳动能力": ("labour", nw.col("labour").is_in(NO_ABILITY)),
    }


def _work_parts(book: Book) -> Iterator[Part]:
    for reason, (column, _) in _should_not_work(book).items():
        for work, (told, _) in WORK.items():
            yield Part(f"{reason}（{told}）", values(REGISTER, *filter(None, (work, column))))


@rule(
    "REG-24", "不应务工人员登记务工", severity=GENERAL, subject="person", owner=OWNER, basis=CLAUSE, parts_of=_work_parts,
    each="{reason}", detail="{name}登记务工（{place}），但{each}，请核实后更正。",
    register_value="务工区域：{place}", source_value="{each}",
)  # fmt: skip
def reg_24(book: Book) -> nw.LazyFrame:
    """登记了务工区域或务工时间，而不满16周岁、在校（大专以下）、是特困供养户成员，或无（丧失）劳动力。"""
    rows = living(book)
    return nw.concat(
        [
            rows.filter(working & wrong).select(
                "subject", place=shown("work_place"), reason=nw.lit(reason), part=nw.lit(f"{reason}（{told}）")
            )
            for reason, (_, wrong) in _should_not_work(book).items()
            for told, working in WORK.values()
        ]
    )


REG_25 = rule_in_parts(
    "REG-25", "公益岗位登记矛盾",
    """登记公益岗位而不满16或满70周岁、没有聘用月数、务工区域在县外；或有聘用月数而没有公益岗位。""",
    severity=GENERAL, subject="person", owner=OWNER, basis=CLAUSE, reads=(header(REGISTER, "public_post"),),
    each="{fault}", detail="{name}的公益岗位登记为{post}，{each}，请核实后更正。",
    register_value="公益岗位：{post}；务工区域：{place}", source_value="{each}",
)  # fmt: skip


def _posts(book: Book, wrong: nw.Expr, fault: str) -> nw.LazyFrame:
    texts = {"post": _or_blank("public_post"), "place": _or_blank("work_place")}
    return living(book).filter(wrong).select("subject", fault=nw.lit(fault), **texts)


def _paid_months() -> nw.Expr:
    return (nw.col("post_months") > 0).fill_null(False)


@part(REG_25, "年龄")
def post_at_wrong_age(book: Book) -> nw.LazyFrame:
    youngest, oldest = book.policy["post_ages"]
    wrong = has_post() & ((nw.col("age") < youngest) | (nw.col("age") > oldest))
    return _posts(book, wrong, "年龄不在16至69周岁")


@part(REG_25, "务工区域", reads=(value(REGISTER, "work_place"),))
def post_and_work_elsewhere(book: Book) -> nw.LazyFrame:
    return _posts(book, has_post() & nw.col("work_place").str.contains(FAR), "务工区域在县外")


@part(REG_25, "没有聘用月数", reads=(value(REGISTER, "post_months"),))
def post_without_months(book: Book) -> nw.LazyFrame:
    return _posts(book, has_post() & ~_paid_months(), "没有聘用月数")


@part(REG_25, "没有岗位", reads=values(REGISTER, "public_post", "post_months"))
def months_without_post(book: Book) -> nw.LazyFrame:
    return _posts(book, _paid_months() & ~has_post(), "有聘用月数而没有岗位")


@rule(
    "REG-26", "基本医疗保险登记矛盾", severity=GENERAL, subject="person", owner=OWNER, basis="工作要点 三（二）2",
    reads=values(REGISTER, "basic_insured", "employee_insured"),
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


REG_27 = rule_in_parts(
    "REG-27", "未保障未纳入监测",
    """台账登记为危房、饮水不安全、有成员失学辍学（义务教育入学年龄非在校生，或填了失学辍学原因而不在校）或未参保（居民、职工医保都为否），全户不在监测名单。""",
    severity=SEVERE, subject="household", owner=OWNER, basis=CLAUSE,
    reads=(value(REGISTER, HOME), value(WATCHLIST, HOME)),
    each="{fact}", detail="{name}户台账登记{each}，没有纳入监测名单，请核实并纳入监测、落实帮扶。",
    register_value="{each}", source_value="监测名单：全户无记录",
)  # fmt: skip


def _unwatched(book: Book, fact: nw.Expr, text: str) -> nw.LazyFrame:
    """Members of whom the register tells this, of households that are not on the watchlist."""
    rows = without(living(book).filter(known(HOME)), watched(book), HOME)
    return rows.filter(fact).select("rid", subject=HOME, fact=nw.lit(text))


@part(REG_27, "危房", reads=(value(REGISTER, "unsafe_house"),))
def unsafe_house_unwatched(book: Book) -> nw.LazyFrame:
    return _unwatched(book, nw.col("unsafe_house"), "住房为危房")


@part(REG_27, "饮水", reads=(value(REGISTER, "safe_water"),))
def unsafe_water_unwatched(book: Book) -> nw.LazyFrame:
    return _unwatched(book, ~nw.col("safe_water"), "饮水不安全")


@part(REG_27, "参保", reads=values(REGISTER, "basic_insured", "employee_insured"))
def uninsured_unwatched(book: Book) -> nw.LazyFrame:
    return _unwatched(book, ~nw.col("basic_insured") & ~nw.col("employee_insured"), "有成员未参加基本医疗保险")


@part(REG_27, "非在校生", reads=(value(REGISTER, "school_status"),))
def out_of_school_unwatched(book: Book) -> nw.LazyFrame:
    return _unwatched(book, _of_school_age(book) & _out_of_school(), OUT_OF_SCHOOL)


@part(REG_27, "失学辍学原因", reads=(value(REGISTER, "school_status"), header(REGISTER, "dropout_reason")))
def dropped_out_unwatched(book: Book) -> nw.LazyFrame:
    return _unwatched(book, _of_school_age(book) & known("dropout_reason") & ~in_school(), OUT_OF_SCHOOL)


def _of_school_age(book: Book) -> nw.Expr:
    youngest, oldest = book.policy["school_age"]
    due: nw.Expr = (nw.col("school_age") >= youngest) & (nw.col("school_age") <= oldest)
    return due


@rule(
    "REG-28", "整户无劳动力未兜底", severity=GENERAL, subject="household", owner=OWNER, basis="工作要点 三（七）1",
    reads=values(REGISTER, HOME, "labour", "poverty_type"),
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
    reads=(value(REGISTER, "health"), header(REGISTER, "dropout_reason")),
    detail="{name}失学或辍学原因登记为{dropout_reason}，健康状况登记为健康，两者矛盾。",
    register_value="失学或辍学原因：{dropout_reason}；健康状况：健康", source_value="因病、因残失学的应有病残登记",
)  # fmt: skip
def reg_29(book: Book) -> nw.LazyFrame:
    """失学或辍学原因为因病或因残，健康状况为健康。"""
    rows = living(book).filter(nw.col("dropout_reason").str.contains("因病|因残|疾病|残疾"))
    return rows.filter(nw.col("health") == "健康").select("subject", "dropout_reason")


def _disability_parts(book: Book) -> tuple[Part, ...]:
    """A register may keep certificate numbers in a column of their own or among the ID numbers; one that has the column needs it."""
    apart = book.asked(REGISTER, "certificate_no") or "certificate_no" in book.blanked.get(REGISTER, ())
    own = (value(REGISTER, "certificate_no"),) if apart else ()
    labour = value(REGISTER, "labour")
    return (
        Part(
            "证件号码的残疾等级",
            values(REGISTER, "labour", "id_number"),
            lambda book: _able_by_number(book, "id_number"),
        ),
        *(
            Part("残疾人证号的残疾等级", (labour, one), lambda book: _able_by_number(book, "certificate_no"))
            for one in own
        ),
        Part("名单的残疾等级", (labour, value(CERTIFICATES, "grade")), _able_by_list),
        Part("没有残疾人证号", (value(REGISTER, "health"), arrived(CERTIFICATES), *own), _disabled_without_number),
    )


def _disability(rows: nw.LazyFrame, fault: str) -> nw.LazyFrame:
    return rows.select("subject", "rid_proof", health=shown("health"), labour=shown("labour"), fault=nw.lit(fault))


def _able(book: Book) -> nw.LazyFrame:
    return living(book).filter(nw.col("labour").is_in(ABLE))


def _able_by_number(book: Book, column: str) -> nw.LazyFrame:
    """The 20th digit of a certificate number is its grade."""
    is_certificate = (nw.col(f"{column}_status") == "disability20").fill_null(False)
    severe = is_certificate & nw.col(column).str.slice(19, 1).is_in(["1", "2"])
    return _disability(_able(book).filter(severe).with_columns(rid_proof=nw.col("rid")), TOO_ABLE)


def _able_by_list(book: Book) -> nw.LazyFrame:
    graded = book.linked(CERTIFICATES).filter(nw.col("grade") <= 2).select("pid", rid_proof="rid")
    return _disability(_able(book).join(graded, on="pid", how="inner"), TOO_ABLE)


def _disabled_without_number(book: Book) -> nw.LazyFrame:
    numbered = (nw.col("id_number_status") == "disability20").fill_null(False) | known("certificate_no")
    bare = living(book).filter(nw.col("health").str.contains("残疾") & ~numbered)
    absent = without(bare, book.linked(CERTIFICATES)).with_columns(rid_proof=nw.col("rid"))
    return _disability(absent, "没有20位残疾人证号")


REG_30 = rule_in_parts(
    "REG-30", "残疾信息矛盾",
    """健康状况为残疾，台账和持证残疾人名单（已提供时才查）都没有20位残疾人证号；或残疾人证等级为一、二级，登记为普通、技能劳动力。""",
    severity=HINT, subject="person", owner=OWNER, basis="工作要点 三（七）2", parts_of=_disability_parts,
    each="{fault}", detail="{name}健康状况为{health}，劳动技能为{labour}，{each}，请核实后更正。",
    register_value="健康状况：{health}；劳动技能：{labour}", source_value="{each}",
)  # fmt: skip


RULES = (reg_21, REG_22, REG_23, reg_24, REG_25, reg_26, REG_27, reg_28, reg_29, REG_30)
