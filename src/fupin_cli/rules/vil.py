"""VIL: village books (村级台账; owner the town; 三（八）, 三（四）1)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.engine import collected
from fupin_cli.rules.book import BOOKS, REGISTER, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, rule
from fupin_cli.rules.register_rows import lacking_any, living, not_exported
from fupin_cli.rules.terms import among, known, not_ended, without

OWNER = "{town}"
DIBAO, TEKUN, CERTIFICATES = "civil.dibao", "civil.tekun", "disability.certificates"
PLACE = ["town", "village"]
# Part and whole within one book: the first may not exceed the second.
PARTS = (
    ("registered_households", "households_total"), ("registered_persons", "persons_total"), ("dibao_households", "households_total"),
    ("dibao_persons", "persons_total"), ("tekun_persons", "persons_total"), ("disabled_persons", "persons_total"),
    ("unsafe_water_households", "households_total"), ("unsafe_house_households", "households_total"),
    ("households_total", "persons_total"), ("dibao_households", "dibao_persons"),
)  # fmt: skip
COMPARED = tuple(dict.fromkeys(field for pair in PARTS for field in pair))


def _towns_untold(book: Book) -> tuple[str, ...]:
    """The town (镇), where no village has one and the register does not settle it either."""
    untold = book.of_villages(BOOKS).filter(nw.col("town").is_null()).select("rid")
    return not_exported(BOOKS, "town")(book) if len(collected(untold)) else ()


# Certificates (持证残疾人) often tell of no place; 残疾人 are counted in the register too.
UNCOMPARED = lacking_any(
    _towns_untold, not_exported(BOOKS, *COMPARED), not_exported(REGISTER, "health", "unsafe_house", "safe_water"),
    not_exported(DIBAO, *PLACE, "household_no", "covered_count"), not_exported(TEKUN, *PLACE),
)  # fmt: skip


def _title(book: Book, field: str) -> nw.Expr:
    return nw.lit(book.kinds[BOOKS].field(field).title)


def _homes(rows: nw.LazyFrame) -> nw.LazyFrame:
    """Households of register rows, a village each."""
    return rows.filter(known("household_id")).select(*PLACE, "household_id").unique()


def _counted(rows: nw.LazyFrame) -> nw.LazyFrame:
    """Rows a village; towns in which a row names no village cannot be counted and are left out."""
    placed = without(rows.filter(known("town")), rows.filter(nw.col("village").is_null() & known("town")), "town")
    return placed.group_by(PLACE).agg(counted=nw.len())


def _with_the_dead(alive: nw.LazyFrame, written: nw.LazyFrame) -> nw.LazyFrame:
    """The living a village, and ``most``: all who are written; a book may not yet, or already, leave out the dead."""
    rows = written.rename({"counted": "most"}).join(alive, on=PLACE, how="left")
    return rows.with_columns(counted=nw.coalesce(nw.col("counted"), nw.lit(0)))


def _placed(book: Book, rows: nw.LazyFrame) -> nw.LazyFrame:
    """Rows with their towns; a list in which one tells no town, nor a village that says it, cannot be counted anywhere."""
    rows = book.in_towns(rows).with_columns(whole=nw.lit(True))
    return without(rows, rows.filter(nw.col("town").is_null()), "whole")


def _in_force(book: Book, kind: str) -> nw.LazyFrame:
    """Rows in force; towns in which a status cannot be read cannot be counted and are left out."""
    rows = _placed(book, book.records(kind))
    return without(rows, rows.filter(nw.col("active").is_null()), "town").filter(nw.col("active"))


def _dibao_households(rows: nw.LazyFrame) -> nw.LazyFrame:
    """One row a 低保证, with the persons it covers (保障人数, else its rows)."""
    homes = rows.group_by(*PLACE, "household_no").agg(covered=nw.col("covered_count").max(), listed=nw.len())
    most = nw.when(nw.col("covered") > nw.col("listed")).then(nw.col("covered")).otherwise(nw.col("listed"))
    return homes.with_columns(persons=most)


def _exact(book: Book) -> dict[tuple[str, str], nw.LazyFrame]:
    """(field, list) → what the list counts in each village (``most``: with the dead); the book must say the same."""
    register = [living(book), book.register]
    told = [without(rows, rows.filter(~known("household_id")), "town") for rows in register]
    counts = {
        ("registered_households", "台账"): _with_the_dead(*(_counted(_homes(rows)) for rows in told)),
        ("registered_persons", "台账"): _with_the_dead(*(_counted(rows) for rows in register)),
    }
    if book.arrived(DIBAO):
        rows = _in_force(book, DIBAO)
        numbered = without(rows, rows.filter(nw.col("household_no").is_null()), "town")
        homes = _dibao_households(without(numbered, numbered.filter(nw.col("village").is_null()), "town"))
        counts["dibao_households", "低保名单"] = _counted(homes)
        if book.holds(DIBAO, "covered_count"):  # else each row may be a person or a whole household
            persons = homes.filter(known("town")).group_by(PLACE).agg(counted=nw.col("persons").sum())
            counts["dibao_persons", "低保名单"] = persons
    if book.arrived(TEKUN):
        counts["tekun_persons", "特困名单"] = _counted(_in_force(book, TEKUN))
    if book.arrived(CERTIFICATES):
        valid = _placed(book, book.records(CERTIFICATES).filter(not_ended(book.as_of_day, "expires_on")))
        counts["disabled_persons", "持证残疾人名单"] = _counted(valid)
    return counts


def _least(book: Book) -> dict[tuple[str, str], nw.LazyFrame]:
    """(field, list) → what the register alone counts in each village; the book may not say less."""
    rows = living(book)
    return {
        ("disabled_persons", "台账残疾人"): _counted(rows.filter(nw.col("health").str.contains("残疾"))),
        ("unsafe_house_households", "台账危房户"): _counted(_homes(rows.filter(nw.col("unsafe_house")))),
        ("unsafe_water_households", "台账饮水不安全户"): _counted(_homes(rows.filter(~nw.col("safe_water")))),
    }


@rule(
    "VIL-01", "村级数据账账不符", severity=GENERAL, subject="village", owner=OWNER, basis="工作要点 三（八）",
    needs=(BOOKS,), wants=(DIBAO, TEKUN, CERTIFICATES),
    lacking=UNCOMPARED,
    each="{item}{told}（{source}{counted}）", detail="{town}{village}村级台账：{each}，请核实后更正。",
    register_value="村级台账：{item}", source_value="{each}",
)  # fmt: skip
def vil_01(book: Book) -> nw.LazyFrame:
    """村级台账的建档立卡户数、人口数、低保户数、低保人口数、特困、残疾人数与各名单在该村的合计不同（名单在该镇有人没写村、户编号或状态读不懂，或有人看不出在哪个镇的不比），
    残疾人、危房、饮水不安全户数少于台账登记的数，或部分超过全村总数。"""
    villages = book.of_villages(BOOKS).with_columns(subject=nw.col("rid"))
    found = []
    for (field, source), counts in _exact(book).items():
        compared = among(villages.filter(known(field)), counts, "town").join(counts, on=PLACE, how="left")
        compared = compared.with_columns(counted=nw.coalesce("counted", nw.lit(0)))
        most = nw.coalesce("most", "counted") if "most" in counts.collect_schema().names() else nw.col("counted")
        wrong = compared.filter((nw.col(field) < nw.col("counted")) | (nw.col(field) > most))
        found.append(_contradiction(book, wrong, field, nw.lit(source)))
    for (field, source), counts in _least(book).items():
        compared = villages.join(counts, on=PLACE, how="inner")
        found.append(_contradiction(book, compared.filter(nw.col(field) < nw.col("counted")), field, nw.lit(source)))
    for part, whole in PARTS:
        exceeding = villages.filter(nw.col(part) > nw.col(whole)).with_columns(counted=nw.col(whole))
        found.append(_contradiction(book, exceeding, part, _title(book, whole)))
    return nw.concat(found)


def _contradiction(book: Book, rows: nw.LazyFrame, field: str, source: nw.Expr) -> nw.LazyFrame:
    return rows.select(
        "subject",
        "town",
        item=_title(book, field),
        told=nw.col(field),
        source=source,
        counted=nw.col("counted").cast(nw.Int64),
    )


@rule(
    "VIL-02", "非贫困村贫困人口集中", severity=HINT, subject="village", owner="{town}、区扶贫办", basis="工作要点 三（四）1", needs=(BOOKS,),
    columns={BOOKS: ("poor_village",)}, lacking=_towns_untold,
    detail="{town}{village}不是贫困村，有建档立卡户{homes}户，贫困人口较集中，安排项目时应优先考虑。",
    register_value="建档立卡户：{homes}户", source_value="是否贫困村：否",
)  # fmt: skip
def vil_02(book: Book) -> nw.LazyFrame:
    """村级台账登记不是贫困村，台账中建档立卡户超过20户（见政策参数）。"""
    counts = _homes(living(book)).group_by(PLACE).agg(homes=nw.len())
    many = counts.filter(nw.col("homes") > book.policy["village_poor_households"])
    others = book.of_villages(BOOKS).filter(~nw.col("poor_village"))
    return others.join(many, on=PLACE, how="inner").select("homes", "town", subject="rid")
