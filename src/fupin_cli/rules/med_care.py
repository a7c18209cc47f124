"""MED: 基本医疗有保障, care: contracts, followups, treatment, facilities (owner 区卫健委; 三（二）2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import narwhals as nw

from fupin_cli.rules.book import REGISTER, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE, Part, part, rule, rule_in_parts
from fupin_cli.rules.reads import arrived, header, value, values
from fupin_cli.rules.terms import among, empty, in_parts, known, shown, without

BUREAU = "区卫健委"
CLAUSE = "工作要点 三（二）2"
CHRONIC, CONTRACTS, FOLLOWUPS = "health.chronic", "health.contracts", "health.followups"
SERIOUS, FACILITIES = "health.serious", "health.facilities"
CURABLE = "肺结核"
OTHERS_VISITED = "{}，随访了其他病种"
NO_CLINIC, BELOW_STANDARD = "没有机构", "机构未达标"
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


def _patients(book: Book) -> nw.LazyFrame:
    """Chronic patients among the register's living persons (慢病患者)."""
    said = shown("health_raw")
    people = book.people.select("pid", "health", subject="pid", said_health=said)
    return (
        book.linked(CHRONIC)
        .select("pid", "rid", "disease", "disease_raw", "diagnosed_on_last", "cured")
        .join(people, on="pid", how="inner")
    )


MED_07 = rule_in_parts(
    "MED-07", "慢病患者未签约家庭医生", """慢病台账中未治愈，比对年度没有有效的家庭医生签约。""",
    severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE, reads=(header(CHRONIC, "cured"), arrived(CONTRACTS)),
    detail="{name}患{disease}，本年度没有有效的家庭医生签约，应签约并提供服务。",
    register_value="健康状况：{said_health}", source_value="慢病台账：{disease}；签约名单：本年度无有效签约",
)  # fmt: skip


def _still_ill(book: Book) -> nw.LazyFrame:
    ill = _patients(book).filter(~nw.col("cured") | nw.col("cured").is_null())
    return ill.with_columns(disease=nw.coalesce(nw.col("disease"), nw.lit("慢病")))


@part(MED_07, "没有任何签约")
def never_contracted(book: Book) -> nw.LazyFrame:
    return without(_still_ill(book), book.linked(CONTRACTS))


@part(MED_07, "没有当年的有效签约", reads=(value(CONTRACTS, "year"), header(CONTRACTS, "status")))
def no_contract_in_force(book: Book) -> nw.LazyFrame:
    contracts = book.linked(CONTRACTS)
    in_force = contracts.filter(
        (nw.col("record_year") == book.as_of.year) & (nw.col("active") | nw.col("active").is_null())
    )
    return without(among(_still_ill(book), contracts), in_force)


def _by_disease(book: Book) -> Iterator[Part]:
    """Each of the four diseases; whose followups some of the year's are, their column 病种 tells."""
    for disease in book.policy["quarterly_diseases"]:
        reads = (header(CHRONIC, "cured"),) if disease == CURABLE else ()
        yield Part(disease, reads)
        yield Part(OTHERS_VISITED.format(disease), (*reads, value(FOLLOWUPS, "disease")))


@rule(
    "MED-08", "四类慢病未按季度随访", severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE,
    reads=(*values(CHRONIC, "disease", "diagnosed_on"), value(FOLLOWUPS, "served_on")), parts_of=_by_disease,
    detail="{name}患{disease}，本年度缺少随访：{quarter}，应按季度随访。",
    register_value="健康状况：{said_health}", source_value="慢病台账：{disease}；无随访：{quarter}",
)  # fmt: skip
def med_08(book: Book) -> nw.LazyFrame:
    """高血压、糖尿病、肺结核（未治愈）、严重精神障碍患者，在确诊之后开始、比对日期之前结束的每个季度，
    没有该病种（或未写病种）的随访记录；列出所缺季度。"""
    patients, visits = _patients(book), book.linked(FOLLOWUPS)
    found = []
    for disease in book.policy["quarterly_diseases"]:
        ill = patients.filter((nw.col("disease") == disease) | nw.col("disease_raw").str.contains(disease))
        if disease == CURABLE:
            ill = ill.filter(~nw.col("cured") | nw.col("cured").is_null())
        named = (
            nw.col("disease_raw").is_null()
            | (nw.col("disease") == disease)
            | nw.col("disease_raw").str.contains(disease)
        )
        seen = visits.filter(named)
        for number, first, last in _ended_quarters(book.as_of):
            before = (nw.col("diagnosed_on_last") < first) | nw.col("diagnosed_on_last").is_null()
            within = (nw.col("served_on_day") <= last) & (nw.col("served_on_last") >= first)
            then = within | nw.col("served_on_day").is_null()
            missed = without(ill.filter(before), seen.filter(then)).with_columns(
                quarter=nw.lit(f"{disease}第{number}季度")
            )
            found.append(in_parts(missed, visits.filter(then), OTHERS_VISITED.format(disease), disease))
    return nw.concat(found) if found else empty(patients.with_columns(quarter=nw.lit("")))


def _ended_quarters(as_of: date) -> list[tuple[int, int, int]]:
    """Number, first and last day (ordinals) of the quarters of the year that ended on or before ``as_of``."""
    quarters = []
    for number, (month, day) in enumerate(QUARTER_ENDS, start=1):
        last = date(as_of.year, month, day)
        if last <= as_of:
            quarters.append((number, date(as_of.year, month - 2, 1).toordinal(), last.toordinal()))
    return quarters


MED_09 = rule_in_parts(
    "MED-09", "其他慢病年度服务缺失", """四类以外的慢病（治愈的也查），比对年度没有随访记录：12月1日起报一般，10月1日起提示，之前不报。
    一格写了几种病而其中有四类慢病的，按 MED-08 查。""",
    severity=GENERAL, subject="person", owner=BUREAU, basis=CLAUSE, reads=(value(CHRONIC, "disease"), arrived(FOLLOWUPS)),
    detail="{name}患{disease}，本年度没有任何健康管理或随访记录，年底前应至少服务一次。",
    register_value="健康状况：{said_health}", source_value="慢病台账：{disease}；随访：本年度无记录",
)  # fmt: skip


@part(MED_09, "哪一年的随访都没有")
def never_visited(book: Book) -> nw.LazyFrame:
    return without(_otherwise_ill(book), book.linked(FOLLOWUPS))


@part(MED_09, "只有其他年度的随访", reads=(value(FOLLOWUPS, "served_on"),))
def visited_in_another_year(book: Book) -> nw.LazyFrame:
    visits = book.linked(FOLLOWUPS)
    this_year = visits.filter(nw.col("record_year") == book.as_of.year)
    return without(among(_otherwise_ill(book), visits), this_year)


def _otherwise_ill(book: Book) -> nw.LazyFrame:
    """Patients with a disease that none of the four is, from the month on in which they are looked at."""
    quarterly = book.policy["quarterly_diseases"]
    other = ~nw.col("disease").is_in(quarterly) & ~nw.col("disease_raw").str.contains("|".join(quarterly))
    ill = _patients(book).filter(known("disease") & other)
    ill = ill.with_columns(severity=nw.lit(GENERAL if book.as_of.month >= 12 else HINT))
    return ill if book.as_of.month >= 10 else empty(ill)


@rule(
    "MED-10", "大病患者未专项救治", severity=SEVERE, subject="person", owner=BUREAU, basis=CLAUSE, reads=(value(SERIOUS, "treated"),),
    detail="{name}患{disease}，大病专项救治台账登记为未救治，应落实救治。",
    register_value="健康状况：{said_health}", source_value="大病台账：{disease}，未救治",
)  # fmt: skip
def med_10(book: Book) -> nw.LazyFrame:
    """大病专项救治台账中是否救治为否。"""
    people = book.people.select("pid", subject="pid", said_health=shown("health_raw"))
    untreated = book.linked(SERIOUS).filter(~nw.col("treated"))
    untreated = untreated.select("pid", "rid", disease=nw.coalesce(nw.col("disease"), nw.lit("大病")))
    return people.join(untreated, on="pid", how="inner")


def _standards(book: Book) -> list[Part]:
    """Whether there is one, and whether it is up to standard; the towns stand in the workspace, else in the register."""
    towns = () if book.towns else (value(REGISTER, "town"),)
    return [Part(NO_CLINIC, towns), Part(BELOW_STANDARD, (*towns, value(FACILITIES, "standard")))]


@rule(
    "MED-15", "镇无达标卫生院", severity=SEVERE, subject="unit", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=values(FACILITIES, "level", "town"), parts_of=_standards,
    detail="{town}没有达标的乡镇卫生院，应加快标准化建设。",
    register_value="台账中的镇：{town}", source_value="机构名单：{town}没有达标的乡镇卫生院",
)  # fmt: skip
def med_15(book: Book) -> nw.LazyFrame:
    """工作目录（未写则台账）中的镇没有达标的乡镇卫生院；是否达标未填的不算不达标，机构类别读不懂的当作可能是卫生院。"""
    register = book.tables[REGISTER]
    towns = register.filter(known("town")).select("town").unique()
    if book.towns:
        towns = nw.concat([register.head(1).select(town=nw.lit(town)) for town in book.towns])
    clinics = book.tables[FACILITIES].filter((nw.col("level") == "乡镇卫生院") | nw.col("level").is_null())
    clinics = clinics.filter(known("town"))
    good = clinics.filter(nw.col("standard") | nw.col("standard").is_null())
    missing = in_parts(without(towns, good, "town"), clinics, BELOW_STANDARD, NO_CLINIC, "town")
    return missing.with_columns(subject=nw.col("town"))


@rule(
    "MED-16", "建制村无达标卫生室", severity=SEVERE, subject="village", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=(*values(FACILITIES, "level", "town", "village"), *values(REGISTER, "town", "village")), parts_of=_standards,
    detail="{town}{village}没有达标的村卫生室，村内也没有达标的卫生院，应落实。",
    register_value="建制村：{town}{village}", source_value="机构名单：{village}没有达标的村卫生室",
)  # fmt: skip
def med_16(book: Book) -> nw.LazyFrame:
    """工作目录、台账写到的行政村和机构名单上有卫生室的村，没有达标的村卫生室（村内有达标的卫生院也算）；是否达标未填的不算不达标，该镇有卫生室没写村的不查。"""
    register, facilities = book.tables[REGISTER], book.of_villages(FACILITIES)
    places = [register, facilities.filter(nw.col("level") == "村卫生室")]
    places += [register.head(1).with_columns(town=nw.lit(town), village=nw.lit(name)) for town, name in book.villages]
    villages = nw.concat([rows.select("town", "village") for rows in places])
    villages = villages.filter(known("town") & known("village")).unique()
    good = facilities.filter(nw.col("standard") | nw.col("standard").is_null())
    somewhere = good.filter(nw.col("village").is_null() & (nw.col("level") == "村卫生室"))
    missing = villages.join(good.select("town", "village").unique(), on=["town", "village"], how="anti")
    missing = without(missing, somewhere, "town").with_columns(
        subject=nw.concat_str("town", "village"), name=nw.col("village")
    )
    there = facilities.select(subject=nw.concat_str("town", "village"))
    return in_parts(missing, there, BELOW_STANDARD, NO_CLINIC, "subject")


@rule(
    "MED-18", "健康状况账账不符", severity=HINT, subject="person", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=(value(REGISTER, "health"), arrived(CHRONIC)),
    detail="{name}台账健康状况为{said_health}，慢病台账{theirs}，请核实后更正。",
    register_value="健康状况：{said_health}", source_value="慢病台账：{theirs}",
)  # fmt: skip
def med_18(book: Book) -> nw.LazyFrame:
    """在慢病台账中（治愈的也算）而台账登记健康，或台账登记长期慢性病而慢病台账中没有。"""
    patients = _patients(book)
    healthy = patients.filter(nw.col("health") == "健康")
    listed = healthy.select(
        "subject",
        "said_health",
        "rid",
        theirs=nw.concat_str(nw.lit("有记录："), nw.coalesce(nw.col("disease"), nw.lit("慢病"))),
    )
    claimed = book.people.filter(nw.col("health").str.contains("长期慢性病"))
    absent = without(claimed.select("pid", subject="pid", said_health="health_raw"), patients)
    absent = absent.select("subject", "said_health", rid="subject", theirs=nw.lit("没有记录"))
    return nw.concat([listed, absent])


RULES = (MED_07, med_08, MED_09, med_10, med_15, med_16, med_18)
