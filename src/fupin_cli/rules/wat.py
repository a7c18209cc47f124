"""WAT: 饮水安全 (owner 区水务局; 三（二）4)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.engine import collected
from fupin_cli.rules.book import REGISTER, Book
from fupin_cli.rules.catalogue import GENERAL, SEVERE, Part, part, rule, rule_in_parts
from fupin_cli.rules.reads import arrived, header, value, values
from fupin_cli.rules.terms import among, flag_shown, in_parts, known, newest, shown, torn, without

BUREAU = "区水务局"
CLAUSE = "工作要点 三（二）4"
APPRAISALS, WORKS = "water.appraisals", "water.works"
HOME = "household_id"
INDICATORS = (("quality", "水质"), ("quantity", "水量"), ("convenience", "用水方便程度"), ("reliability", "供水保证率"))
GOOD = ["达标", "基本达标"]
CONCLUSION = "评价结论"
PLAIN, TORN, OF_VILLAGES = "几次评价一致的", "几次评价不一的", "按村评价的"
DATED = Part(TORN, (value(APPRAISALS, "appraised_on"),))
VILLAGES = (value(APPRAISALS, "village"), *values(REGISTER, "town", "village"))


def _failing(book: Book, indicator: str) -> nw.Expr:
    """The indicator is below 基本达标, by its verdict or its value; unknown is not."""
    bad = nw.when(nw.col(f"{indicator}_ok")).then(nw.lit(False)).otherwise(~nw.col(f"{indicator}_ok"))
    limit = book.policy["water"].get(indicator)
    if limit is not None:
        value = nw.col(indicator)
        if indicator == "reliability":  # a cell formatted as a percentage holds the share
            value = nw.when(value <= 1).then(value * 100).otherwise(value)
        short = value > limit if indicator == "convenience" else value < limit
        bad = nw.when(known(indicator)).then(short).otherwise(bad)
    return nw.when(bad.is_null()).then(nw.lit(False)).otherwise(bad)


def _judged(book: Book, rows: nw.LazyFrame) -> nw.LazyFrame:
    """Appraisals with ``failing`` (names of the indicators below 基本达标, empty when none)."""
    names = [
        nw.when(_failing(book, name)).then(nw.lit(f"、{title}")).otherwise(nw.lit("")) for name, title in INDICATORS
    ]
    return rows.with_columns(failing=nw.concat_str(*names).str.strip_chars("、"))


def _bad() -> nw.Expr:
    return (nw.col("conclusion") == "不达标") | (nw.col("failing") != "")


def _verdict() -> nw.Expr:
    """What an appraisal says, as far as a rule asks: its conclusion, and whether an indicator fails."""
    good = nw.when(nw.col("conclusion").is_in(GOOD)).then(nw.lit("达标")).otherwise(nw.col("conclusion"))
    failing = nw.when(nw.col("failing") == "").then(nw.lit("")).otherwise(nw.lit("、有指标不达标"))
    return nw.concat_str(nw.coalesce(good, nw.lit("")), failing)


def _first_failing() -> nw.Expr:
    """The first indicator that fails."""
    first = nw.lit("")
    for _, title in reversed(INDICATORS):
        first = nw.when(nw.col("failing").str.starts_with(title)).then(nw.lit(title)).otherwise(first)
    return first


def _by_village(book: Book) -> nw.LazyFrame:
    """Appraisals that speak for a village: no person named."""
    rows = book.tables[APPRAISALS].filter(nw.col("name").is_null() & nw.col("id_number").is_null() & known("village"))
    return _judged(book, rows)


def _claims(book: Book) -> nw.LazyFrame:
    said = flag_shown("safe_water")
    return book.households.select(
        HOME, "safe_water", "village", place=nw.coalesce(nw.col("town"), nw.lit("")), subject=HOME, claimed=said
    )


def _of_village(book: Book, homes: nw.LazyFrame) -> nw.LazyFrame:
    """Households with their village's latest appraisal; where it names a town, the town must agree."""
    columns = ["village", "rid", "conclusion", "failing", "part"]
    rows = _by_village(book).with_columns(their_town=nw.coalesce(nw.col("town"), nw.lit("")))
    contradicted = torn(rows, ["village"], _verdict())
    rows = newest(rows, ["their_town", "village"])
    rows = in_parts(rows, contradicted, TORN, PLAIN, "village").select(*columns, "their_town")
    pairs = homes.join(rows, on="village", how="inner")
    return pairs.filter(
        (nw.col("their_town") == "") | (nw.col("place") == "") | (nw.col("their_town") == nw.col("place"))
    ).drop("their_town")


def _appraised(book: Book) -> nw.LazyFrame:
    """Every household's own latest appraisal, else its village's."""
    homes = _claims(book)
    rows = _judged(book, among(book.of_households(APPRAISALS), homes, HOME))
    own = in_parts(newest(rows, [HOME]), torn(rows, [HOME], _verdict()), TORN, PLAIN, HOME)
    own = homes.join(own.select(HOME, "rid", "conclusion", "failing", "part"), on=HOME, how="inner").with_columns(
        scope=nw.lit("户")
    )
    others = _of_village(book, without(homes, own, HOME)).with_columns(scope=nw.lit("村"))
    return nw.concat([own, others.select(own.collect_schema().names())])


def _for_villages(book: Book) -> list[Part]:
    """A list may be of households alone; which village one of villages speaks for, its column 行政村 tells."""
    if book.arrived(APPRAISALS):
        nobody = book.tables[APPRAISALS].filter(nw.col("name").is_null() & nw.col("id_number").is_null())
        if collected(nobody.select("rid").head(1)).is_empty():
            return []
    return [Part(OF_VILLAGES, VILLAGES)]


@rule(
    "WAT-01", "无饮水安全评价", severity=GENERAL, subject="household", owner=BUREAU, basis=CLAUSE,
    reads=(arrived(APPRAISALS), value(REGISTER, "village")), parts_of=lambda book: _for_villages(book) or [Part("", ())],
    detail="{name}户和所在的{village}都没有饮水安全评价记录，应补做评价。",
    register_value="饮水是否安全：{claimed}", source_value="饮水安全评价：户、村均无记录",
)  # fmt: skip
def wat_01(book: Book) -> nw.LazyFrame:
    """本户和所在村（供水工程）都没有饮水安全评价；所在村没有填写的不查。"""
    return without(_claims(book).filter(known("village")), _appraised(book), HOME)


def _by_scope(book: Book) -> list[Part]:
    """What is read to tell whose an appraisal is, and which is the latest; ``PLAIN``: neither is in doubt."""
    return [Part(PLAIN, ()), *_for_villages(book), DATED]


def _by_indicator(book: Book) -> list[Part]:
    measured = [Part(title, (value(APPRAISALS, name),)) for name, title in (("conclusion", CONCLUSION), *INDICATORS)]
    return [*measured, *_for_villages(book), DATED]


@rule(
    "WAT-02", "饮水指标不达标", severity=SEVERE, subject="household", owner=BUREAU, basis=CLAUSE, parts_of=_by_indicator,
    detail="{name}户饮水安全评价（按{scope}）结论为{said}，不达标的指标：{indicators}，应整改供水。",
    register_value="饮水是否安全：{claimed}", source_value="评价结论：{said}；不达标指标：{indicators}",
)  # fmt: skip
def wat_02(book: Book) -> nw.LazyFrame:
    """本户最近一次评价（没有的按所在村）结论为不达标，或水质、水量、用水方便程度、供水保证率有一项低于基本达标。"""
    rows = _appraised(book).filter(_bad())
    first = nw.when(nw.col("conclusion") == "不达标").then(nw.lit(CONCLUSION)).otherwise(_first_failing())
    rows = rows.with_columns(part=nw.when(nw.col("part") == TORN).then(nw.lit(TORN)).otherwise(first))
    indicators = nw.when(nw.col("failing") == "").then(nw.lit("未注明")).otherwise(nw.col("failing"))
    return rows.with_columns(said=shown("conclusion"), indicators=indicators)


@rule(
    "WAT-03", "评价结论与指标不符", severity=GENERAL, subject="record", owner=BUREAU, basis=CLAUSE, reads=(value(APPRAISALS, "conclusion"),),
    parts_of=lambda _: [Part(title, (value(APPRAISALS, name),)) for name, title in INDICATORS],
    detail="{who}的饮水安全评价结论为{conclusion}，但{failing}低于基本达标，请核对。",
    register_value="", source_value="结论：{conclusion}；不达标指标：{failing}",
)  # fmt: skip
def wat_03(book: Book) -> nw.LazyFrame:
    """评价结论为达标或基本达标，而有一项指标低于基本达标。"""
    rows = _judged(book, book.tables[APPRAISALS]).filter(nw.col("conclusion").is_in(GOOD) & (nw.col("failing") != ""))
    name, village = (nw.coalesce(nw.col(column), nw.lit("")) for column in ("name", "village"))
    # a row that speaks for a village carries the village's name
    named = nw.coalesce(nw.col("name"), nw.col("village"))
    return rows.select(
        "conclusion", "failing", subject="rid", name=named, who=nw.concat_str(name, village), part=_first_failing()
    )


@rule(
    "WAT-04", "饮水账账不符", severity=GENERAL, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE,
    reads=(value(REGISTER, "safe_water"), value(APPRAISALS, "conclusion")), parts_of=_by_scope,
    detail="{name}户台账登记饮水是否安全为“{claimed}”，饮水安全评价（按{scope}）结论为{conclusion}，请核实后更正。",
    register_value="饮水是否安全：{claimed}", source_value="评价结论：{conclusion}",
)  # fmt: skip
def wat_04(book: Book) -> nw.LazyFrame:
    """台账的饮水是否安全与评价结论相反。"""
    safe = nw.col("conclusion").is_in(GOOD)
    rows = _appraised(book).filter(known("conclusion"))
    return nw.concat([rows.filter(nw.col("safe_water") & ~safe), rows.filter(~nw.col("safe_water") & safe)])


WAT_05 = rule_in_parts(
    "WAT-05", "供水工程停用或无管护", """供水工程状态为停用，或管护责任人为空（名单没有这一列的不查）。""",
    severity=GENERAL, subject="record", owner=f"{BUREAU}、{{town}}", basis=CLAUSE, reads=(value(WORKS, "project"),),
    detail="{project}：{fault}，影响{covered}，应恢复供水、落实管护责任人。",
    register_value="", source_value="{fault}",
)  # fmt: skip


@part(WAT_05, "停用", reads=(value(WORKS, "status"),))
def out_of_use(book: Book) -> nw.LazyFrame:
    return _faulty(book, nw.col("status") == "停用", "已停用")


@part(WAT_05, "无管护", reads=(header(WORKS, "manager"),))
def without_manager(book: Book) -> nw.LazyFrame:
    return _faulty(book, nw.col("manager").is_null(), "没有管护责任人")


def _faulty(book: Book, faulty: nw.Expr, fault: str) -> nw.LazyFrame:
    works = book.tables[WORKS].filter(faulty)
    covered = nw.coalesce(nw.col("villages"), nw.lit("的村未填"))
    return works.select("project", covered=covered, subject="rid", fault=nw.lit(fault), name="project")


RULES = (wat_01, wat_02, wat_03, wat_04, WAT_05)
