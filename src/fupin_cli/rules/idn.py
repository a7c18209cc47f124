"""IDN: identity between ledgers (身份核对; owner: the source's bureau and 区扶贫办; 三（八）)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import narwhals as nw

from fupin_cli.rules.book import REGISTER, WATCHLIST, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, Part, rule
from fupin_cli.rules.reads import arrived, value, values
from fupin_cli.rules.terms import known, without, worded

CLAUSE = "工作要点 三（八）"
OWNER = "{bureau}、区扶贫办"

# Person-shaped kinds: the bureau (责任单位 by the plan, blank where 区扶贫办 itself) and the list's name in the texts.
SOURCES = {
    WATCHLIST: ("", "监测名单"),
    "education.enrolment": ("区教育局", "学籍名单"),
    "education.exemptions": ("区教育局", "控辍保学台账"),
    "education.aid": ("区教育局", "教育资助名单"),
    "education.vocational_aid": ("区教育局", "雨露计划名单"),
    "health.insurance": ("区卫健委", "参保名单"),
    "health.chronic": ("区卫健委", "慢病患者台账"),
    "health.contracts": ("区卫健委", "家庭医生签约名单"),
    "health.followups": ("区卫健委", "随访记录"),
    "health.serious": ("区卫健委", "大病救治名单"),
    "health.inpatient": ("区卫健委", "住院结算记录"),
    "health.outpatient": ("区卫健委", "慢性病门诊结算记录"),
    "housing.appraisals": ("区住建局", "住房鉴定名单"),
    "housing.renovations": ("区住建局", "危房改造名单"),
    "water.appraisals": ("区水务局", "饮水安全评价名单"),
    "civil.dibao": ("区民政局", "低保名单"),
    "civil.tekun": ("区民政局", "特困供养名单"),
    "civil.relief": ("区民政局", "临时救助名单"),
    "civil.deaths": ("区民政局", "死亡名单"),
    "disability.certificates": ("区残联", "持证残疾人名单"),
    "disability.allowances": ("区残联", "两项补贴名单"),
    "employment.status": ("区人社局", "就业名单"),
    "employment.posts": ("区人社局", "公益岗位名单"),
    "agriculture.awards": ("区农业农村局", "产业奖励名单"),
    "finance.loans": ("区金融办", "小额信贷名单"),
}
ENROLMENT, CERTIFICATES = "education.enrolment", "disability.certificates"
CONTRACTS, ALLOWANCES = "health.contracts", "disability.allowances"
# Sources of the other rules: without one of them identities are compared only in part; the others are compared if they came.
EXPECTED = tuple(
    kind for kind in SOURCES if not kind.startswith(("register.", "employment.", "agriculture.", "finance."))
)
# Columns in which a bureau says who is registered poor (education.aid has its own rule, EDU-08).
FLAGGED = {
    "education.enrolment": "is_registered_poor", "health.insurance": "poor_flag",
    "housing.appraisals": "target_type", "housing.renovations": "target_type",
}  # fmt: skip
# Lists that name a person once, with what tells an active row, and one occasion (场合) from another.
ONCE = {
    ENROLMENT: ("status",), "civil.dibao": ("status",), "civil.tekun": ("status",), CERTIFICATES: ("expires_on",),
    CONTRACTS: ("status", "year/signed_on"), ALLOWANCES: ("status", "allowance", "month"),
}  # fmt: skip
# Statuses of a number that is complete, right or wrong; the others are cut, masked, damaged or absent.
COMPLETE = ("valid", "upgraded15", "repaired", "disability20", "checksum", "birthdate")
DIFFERENCES = {
    "variant": "写法不同",
    "homophone": "读音相同、用字不同",
    "one_char": "相差一个字",
    "different": "姓名不同",
}


def _compared(*columns: str) -> Callable[[Book], Iterator[Part]]:
    """A part for each source: those expected, and the others that came, now or before; in them these columns are read."""

    def parts_of(book: Book) -> Iterator[Part]:
        for kind, (_, title) in SOURCES.items():
            if kind in EXPECTED or book.arrived(kind) or book.lost.get(kind):
                yield Part(title, values(kind, *columns))

    return parts_of


def _flags(_: Book) -> Iterator[Part]:
    return (Part(SOURCES[kind][1], (value(kind, column),)) for kind, column in FLAGGED.items())


def _once(_: Book) -> Iterator[Part]:
    return (Part(SOURCES[kind][1], values(kind, *columns)) for kind, columns in ONCE.items())


def _named(records: nw.LazyFrame, kind: str) -> nw.LazyFrame:
    """With the bureau, and the source, which is the part of a rule that its rows belong to."""
    bureau, source = SOURCES[kind]
    return records.with_columns(bureau=nw.lit(bureau), source=nw.lit(source), part=nw.lit(source))


def _number() -> nw.Expr:
    """The number compared: the 18-character ID, also out of a certificate number; null where it is not complete."""
    text = nw.coalesce(nw.col("id_number_key"), nw.col("id_number"))
    whole = nw.col("id_number_status").is_in(COMPLETE) & (text.str.len_chars() == 18)
    return nw.when(whole).then(text)


def _records(book: Book) -> nw.LazyFrame:
    """Identity of the rows of all sources that came: ``rid``, ``bureau``, ``source``, ``part``, ``their_…``."""
    found = [
        _named(book.tables[kind], kind).select(
            "rid", "bureau", "source", "part", their_name="name", their_key="id_number_key",
            their_number=_number(), their_text="id_number",
        )
        for kind in SOURCES if book.believed(kind)
    ]  # fmt: skip
    return nw.concat(found)


def _linked_pairs(book: Book) -> nw.LazyFrame:
    """Each linked record beside its living person: ``subject``, ``level``, ``evidence``, ``name_relation``, ``their_…``, ``our_…``."""
    persons = book.everyone.select("pid", our_name="name", our_key="id_number_key", our_number=_number(), subject="pid")
    links = book.links.filter(nw.col("state") == "link").select("rid", "pid", "level", "name_relation", "evidence")
    return links.join(persons, on="pid", how="inner").join(_records(book), on="rid", how="inner")


def _rounded() -> nw.Expr:
    """One is the other, a valid number, with zeros for its last three characters: cut by a spreadsheet, though it passes its check."""
    ours, theirs = nw.col("our_number"), nw.col("their_number")
    cut = ours.str.ends_with("000") | theirs.str.ends_with("000")
    return cut & (ours.str.slice(0, 15) == theirs.str.slice(0, 15)) & known("our_key") & known("their_key")


@rule(
    "IDN-01", "证件号码不一致", severity=GENERAL, subject="person", owner=OWNER, basis=CLAUSE,
    reads=(value(REGISTER, "id_number"),), parts_of=_compared("id_number"),
    detail="{name}的证件号码台账为{our_number}，{said}，认定为同一人，请核对更正。",
    register_value="证件号码：{our_number}", source_value="{source}：{their_number}",
)  # fmt: skip
def idn_01(book: Book) -> nw.LazyFrame:
    """行业记录按证件号码一致以外的依据认定为台账（监测）人员，双方证件号码均完整且规范化后不同（遮盖、残缺、缺失的不计）。"""
    pairs = _linked_pairs(book).filter(nw.col("our_number") != nw.col("their_number"), ~_rounded())
    why = nw.coalesce(nw.col("evidence"), nw.col("level"))
    said = nw.concat_str("source", nw.lit("为"), "their_number", nw.lit("（"), why, nw.lit("）"))
    return pairs.select("subject", "rid", "bureau", "source", "part", "our_number", "their_number", said=said)


@rule(
    "IDN-02", "姓名不一致", severity=GENERAL, subject="person", owner=OWNER, basis=CLAUSE,
    reads=(value(REGISTER, "id_number"),), parts_of=_compared("id_number", "name"),
    detail="证件号码{id_number}的姓名，台账为{our_name}，{source}为{their_name}（{difference}），请核对更正。",
    register_value="姓名：{our_name}", source_value="{source}：{their_name}",
)  # fmt: skip
def idn_02(book: Book) -> nw.LazyFrame:
    """有效证件号码一致，规范化后的姓名不同：读音相同、用字不同或写法不同（间隔号、省略父名）的为提示，相差一个字或姓名不同的为一般。"""
    pairs = _linked_pairs(book).filter(nw.col("our_key") == nw.col("their_key"))
    pairs = pairs.filter(nw.col("name_relation").is_in(list(DIFFERENCES)))
    relation = nw.col("name_relation")
    return pairs.select(
        "subject", "rid", "bureau", "source", "part", "our_name", "their_name",
        difference=worded(relation, DIFFERENCES),
        severity=nw.when(relation.is_in(["homophone", "variant"])).then(nw.lit(HINT)).otherwise(nw.lit(GENERAL)),
    )  # fmt: skip


@rule(
    "IDN-03", "行业名单标为建档立卡，台账无此人", severity=GENERAL, subject="record", owner=OWNER, basis=CLAUSE,
    parts_of=_flags, excuses=(arrived(WATCHLIST),),
    cured_by_absence=tuple(FLAGGED),
    detail="{source}将{name}标为建档立卡贫困人口（{flag}），但台账和监测名单中均无此人，请核对。",
    register_value="台账和监测名单中无此人", source_value="{source}：{flag}",
)  # fmt: skip
def idn_03(book: Book) -> nw.LazyFrame:
    """行业名单自己标注为建档立卡、贫困身份的记录，在台账和监测名单中找不到人（待人工确认的见 IDN-05，教育资助名单见 EDU-08）。"""
    found = [_flagged(book, kind) for kind in FLAGGED if book.believed(kind)]
    strangers = nw.concat(found).filter(nw.col("pid").is_null())
    return without(strangers, book.links, on="rid").select("bureau", "source", "part", "flag", subject="rid")


def _flagged(book: Book, kind: str) -> nw.LazyFrame:
    """Rows that call their person registered poor, with the ``flag`` as the bureau wrote it."""
    records = _named(book.tables[kind], kind)
    if kind == ENROLMENT:
        rows = records.filter(nw.col("is_registered_poor")).with_columns(flag=nw.lit("是否建档立卡：是"))
    else:
        field = FLAGGED[kind]
        rows = records.filter(_says_poor(field, list(book.kinds[kind].field(field).vocabulary or ()))).with_columns(
            flag=nw.coalesce(nw.col(f"{field}_raw"), nw.col(field))
        )
    return rows.select("rid", "pid", "bureau", "source", "part", "flag")


def _says_poor(field: str, listed: list[str]) -> nw.Expr:
    """The code 建档立卡, or a wording not ``listed`` that names it and does not deny it (非贫困、边缘户); 未脱贫 is no denial."""
    raw = nw.col(f"{field}_raw")
    named = raw.str.contains("建档立卡|贫困|精准扶贫|脱贫户|脱贫人口")
    denied = raw.str.replace_all("未脱贫", "", literal=True).str.contains("非|不|未|否|无|边缘")
    other = nw.col(field).is_in(listed).fill_null(False)
    return (nw.col(field) == "建档立卡") | (~other & named & ~denied)


@rule(
    "IDN-04", "行业名单内重复", severity=HINT, subject="person", owner=OWNER, basis=CLAUSE,
    parts_of=_once,
    cured_by_absence=tuple(ONCE),
    detail="{name}在行业名单内重复登记：{repeated}，请核实后删除重复记录。",
    register_value="{name}：台账1人", source_value="{repeated}",
)  # fmt: skip
def idn_04(book: Book) -> nw.LazyFrame:
    """同一人在同一名单有两条以上有效记录：学籍（在读，状态空白当作在读）、低保、特困、残疾人证（有效期内）、同一年度签约、同一月份同一项补贴（月份空白的不计）。"""
    entries = nw.concat([_entries(book, kind) for kind in ONCE if book.believed(kind)])
    entries = entries.join(book.everyone.select("pid", subject="pid"), on="pid", how="inner")
    one = ["subject", "source", "occasion"]
    counted = entries.group_by(one).agg(times=nw.len()).filter(nw.col("times") > 1)
    repeated = nw.concat_str(nw.col("source"), nw.col("occasion"), nw.col("times").cast(nw.String), nw.lit("条"))
    return entries.join(counted, on=one, how="inner").select("subject", "rid", "bureau", "part", repeated=repeated)


def _entries(book: Book, kind: str) -> nw.LazyFrame:
    """Active rows of linked persons, with the ``occasion`` (场合) on which only one row is normal."""
    rows, occasion = _named(book.linked(kind), kind), nw.lit("")
    if kind == ENROLMENT:
        rows = rows.filter((nw.col("status") == "在读") | nw.col("status_raw").is_null())
    elif kind == CERTIFICATES:
        rows = rows.filter(nw.col("expires_on_last").is_null() | (nw.col("expires_on_last") >= book.as_of_day))
    else:
        rows = rows.filter(nw.col("active"))
    if kind == CONTRACTS:
        occasion = nw.concat_str(nw.col("record_year").cast(nw.String), nw.lit("年度"))
    elif kind == ALLOWANCES:
        rows, month = rows.filter(known("month")), nw.col("month").str.slice(0, 7)
        item = nw.coalesce(nw.col("allowance"), nw.col("allowance_raw"), nw.lit(""))
        occasion = nw.concat_str(nw.lit("（"), item, month, nw.lit("）"))
    return rows.select("rid", "pid", "bureau", "source", "part", occasion=occasion)


@rule(
    "IDN-05", "疑似同一人，待人工确认", severity=HINT, subject="record", owner=OWNER, basis=CLAUSE,
    parts_of=_compared("name"),
    detail="{source}中的{name}可能是台账（监测名单）中的{candidate}（{level}；{evidence}），请在“人工确认”表中确认，确认前不参与其他规则比对。",
    register_value="{candidate}", source_value="{source}：{name} {their_text}",
)  # fmt: skip
def idn_05(book: Book) -> nw.LazyFrame:
    """行业记录与台账（监测）人员相似、证据不足以认定为同一人，列出候选人待人工确认。"""
    review = book.links.filter(nw.col("state") == "review").select(
        "rid", "pid", "level", evidence=nw.coalesce(nw.col("evidence"), nw.col("level"))
    )
    number = nw.coalesce(nw.col("id_number"), nw.lit("证件号码缺失"))
    candidates = book.persons.select(
        "pid", rid_candidate="pid", candidate=nw.concat_str(nw.col("name"), nw.lit("（"), number, nw.lit("）"))
    )
    pairs = review.join(candidates, on="pid", how="inner").join(_records(book), on="rid", how="inner")
    theirs = nw.coalesce(nw.col("their_text"), nw.lit("证件号码缺失"))
    return pairs.select(
        "rid_candidate", "candidate", "level", "evidence", "bureau", "source", "part", their_text=theirs, subject="rid"
    )


RULES = (idn_01, idn_02, idn_03, idn_04, idn_05)
