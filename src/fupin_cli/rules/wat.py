"""WAT: 饮水安全 (owner 区水务局; 三（二）4)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import REGISTER, Book
from fupin_cli.rules.catalogue import GENERAL, SEVERE, rule
from fupin_cli.rules.register_rows import lacking_any, not_asked, not_exported
from fupin_cli.rules.terms import agreed, among, flag_shown, known, newest, shown, without

BUREAU = "区水务局"
CLAUSE = "工作要点 三（二）4"
APPRAISALS, WORKS = "water.appraisals", "water.works"
HOME = "household_id"
INDICATORS = (("quality", "水质"), ("quantity", "水量"), ("convenience", "用水方便程度"), ("reliability", "供水保证率"))
MEASURED = tuple(name for name, _ in INDICATORS)


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
    columns = ["village", "rid", "project", "conclusion", "failing"]
    rows = _by_village(book).with_columns(their_town=nw.coalesce(nw.col("town"), nw.lit("")))
    rows = newest(rows, ["their_town", "village"]).select(*columns, "their_town")
    pairs = homes.join(rows, on="village", how="inner")
    return pairs.filter(
        (nw.col("their_town") == "") | (nw.col("place") == "") | (nw.col("their_town") == nw.col("place"))
    ).drop("their_town")


def _appraised(book: Book) -> nw.LazyFrame:
    """Every household's own latest appraisal, else its village's."""
    homes = _claims(book)
    own = newest(_judged(book, among(book.of_households(APPRAISALS), homes, HOME)), [HOME])
    own = homes.join(own.select(HOME, "rid", "project", "conclusion", "failing"), on=HOME, how="inner").with_columns(
        scope=nw.lit("户")
    )
    others = _of_village(book, without(homes, own, HOME)).with_columns(scope=nw.lit("村"))
    return nw.concat([own, others.select(own.collect_schema().names())])


def _decided(book: Book) -> nw.LazyFrame:
    """The same; of a list without dates only where the appraisals of one project do not contradict each other."""
    rows = _appraised(book).with_columns(project=nw.coalesce(nw.col("project"), nw.lit("")))
    return rows if book.holds(APPRAISALS, "appraised_on") else agreed(rows, [HOME, "project"], _bad())


@rule(
    "WAT-01", "无饮水安全评价", severity=GENERAL, subject="household", owner=BUREAU, basis=CLAUSE, needs=(APPRAISALS,),
    detail="{name}户和所在的{village}都没有饮水安全评价记录，应补做评价。",
    register_value="饮水是否安全：{claimed}", source_value="饮水安全评价：户、村均无记录",
)  # fmt: skip
def wat_01(book: Book) -> nw.LazyFrame:
    """本户和所在村（供水工程）都没有饮水安全评价；所在村没有填写的不查。"""
    return without(_claims(book).filter(known("village")), _appraised(book), HOME)


@rule(
    "WAT-02", "饮水指标不达标", severity=SEVERE, subject="household", owner=BUREAU, basis=CLAUSE, needs=(APPRAISALS,),
    lacking=not_exported(APPRAISALS, "appraised_on", *MEASURED),
    detail="{name}户饮水安全评价（按{scope}）结论为{said}，不达标的指标：{indicators}，应整改供水。",
    register_value="饮水是否安全：{claimed}", source_value="评价结论：{said}；不达标指标：{indicators}",
)  # fmt: skip
def wat_02(book: Book) -> nw.LazyFrame:
    """本户最近一次评价（没有的按所在村）结论为不达标，或水质、水量、用水方便程度、供水保证率有一项低于基本达标。"""
    rows = _decided(book).filter(_bad())
    indicators = nw.when(nw.col("failing") == "").then(nw.lit("未注明")).otherwise(nw.col("failing"))
    return rows.with_columns(said=shown("conclusion"), indicators=indicators)


@rule(
    "WAT-03", "评价结论与指标不符", severity=GENERAL, subject="record", owner=BUREAU, basis=CLAUSE, needs=(APPRAISALS,),
    columns={APPRAISALS: ("/".join(MEASURED),)}, lacking=not_exported(APPRAISALS, *MEASURED),
    detail="{who}的饮水安全评价结论为{conclusion}，但{failing}低于基本达标，请核对。",
    register_value="", source_value="结论：{conclusion}；不达标指标：{failing}",
)  # fmt: skip
def wat_03(book: Book) -> nw.LazyFrame:
    """评价结论为达标或基本达标，而有一项指标低于基本达标。"""
    rows = _judged(book, book.tables[APPRAISALS]).filter(
        nw.col("conclusion").is_in(["达标", "基本达标"]) & (nw.col("failing") != "")
    )
    name, village = (nw.coalesce(nw.col(column), nw.lit("")) for column in ("name", "village"))
    # a row that speaks for a village carries the village's name
    named = nw.coalesce(nw.col("name"), nw.col("village"))
    return rows.select("conclusion", "failing", subject="rid", name=named, who=nw.concat_str(name, village))


@rule(
    "WAT-04", "饮水账账不符", severity=GENERAL, subject="household", owner=f"{BUREAU}、{{town}}", basis=CLAUSE, needs=(APPRAISALS,),
    columns={REGISTER: ("safe_water",)}, lacking=not_exported(APPRAISALS, "appraised_on"),
    detail="{name}户台账登记饮水是否安全为“{claimed}”，饮水安全评价（按{scope}）结论为{conclusion}，请核实后更正。",
    register_value="饮水是否安全：{claimed}", source_value="评价结论：{conclusion}",
)  # fmt: skip
def wat_04(book: Book) -> nw.LazyFrame:
    """台账的饮水是否安全与评价结论相反。"""
    safe = nw.col("conclusion").is_in(["达标", "基本达标"])
    rows = _decided(book).filter(known("conclusion"))
    return nw.concat([rows.filter(nw.col("safe_water") & ~safe), rows.filter(~nw.col("safe_water") & safe)])


@rule(
    "WAT-05", "供水工程停用或无管护", severity=GENERAL, subject="record", owner=f"{BUREAU}、{{town}}", basis=CLAUSE, needs=(WORKS,),
    lacking=lacking_any(not_asked(WORKS, "manager"), not_exported(WORKS, "status")),
    detail="{project}：{fault}，影响{covered}，应恢复供水、落实管护责任人。",
    register_value="", source_value="{fault}",
)  # fmt: skip
def wat_05(book: Book) -> nw.LazyFrame:
    """供水工程状态为停用，或管护责任人为空（名单没有这一列的不查）。"""
    works = book.tables[WORKS].with_columns(covered=nw.coalesce(nw.col("villages"), nw.lit("的村未填")))
    columns = ["covered", "project"]
    stopped = works.filter(nw.col("status") == "停用").select(
        *columns, subject="rid", fault=nw.lit("已停用"), name="project"
    )
    unnamed = works.filter(nw.col("manager").is_null() & nw.lit(book.asked(WORKS, "manager")))
    neglected = unnamed.select(*columns, subject="rid", fault=nw.lit("没有管护责任人"), name="project")
    return nw.concat([stopped, neglected])
