"""VIL: village books (村级台账; owner the town; 三（八）, 三（四）1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import narwhals as nw

from fupin_cli.engine import collected
from fupin_cli.rules.book import BOOKS, DEATHS, REGISTER, Book
from fupin_cli.rules.catalogue import GENERAL, HINT, Part, rule, rule_in_parts
from fupin_cli.rules.reads import Read, arrived, value, values
from fupin_cli.rules.register_rows import living
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
VILLAGES, HOMES = values(REGISTER, *PLACE), values(REGISTER, *PLACE, "household_id")
Counts = Callable[[Book], nw.LazyFrame]


def _towns(book: Book, kind: str) -> tuple[Read, ...]:
    """The town (镇) of a list's rows, where the register does not settle it by the village."""
    if not book.arrived(kind):
        return ()
    untold = book.in_towns(book.tables[kind]).filter(nw.col("town").is_null()).select("rid")
    return (value(kind, "town"),) if len(collected(untold.head(1))) else ()


def _places(book: Book, kind: str) -> tuple[Read, ...]:
    return (value(kind, "village"), *_towns(book, kind))


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


def _registered_homes(book: Book) -> nw.LazyFrame:
    told = [without(rows, rows.filter(~known("household_id")), "town") for rows in (living(book), book.register)]
    return _with_the_dead(*(_counted(_homes(rows)) for rows in told))


def _registered_persons(book: Book) -> nw.LazyFrame:
    return _with_the_dead(_counted(living(book)), _counted(book.register))


def _dibao(book: Book) -> nw.LazyFrame:
    """One row a 低保证, with the persons it covers (保障人数, else its rows)."""
    rows = _in_force(book, DIBAO)
    numbered = without(rows, rows.filter(nw.col("household_no").is_null()), "town")
    placed = without(numbered, numbered.filter(nw.col("village").is_null()), "town")
    homes = placed.group_by(*PLACE, "household_no").agg(covered=nw.col("covered_count").max(), listed=nw.len())
    most = nw.when(nw.col("covered") > nw.col("listed")).then(nw.col("covered")).otherwise(nw.col("listed"))
    return homes.with_columns(persons=most)


def _dibao_households(book: Book) -> nw.LazyFrame:
    return _counted(_dibao(book))


def _dibao_persons(book: Book) -> nw.LazyFrame:
    return _dibao(book).filter(known("town")).group_by(PLACE).agg(counted=nw.col("persons").sum())


def _tekun_persons(book: Book) -> nw.LazyFrame:
    return _counted(_in_force(book, TEKUN))


def _certified(book: Book) -> nw.LazyFrame:
    valid = book.records(CERTIFICATES).filter(not_ended(book.as_of_day, "expires_on"))
    return _counted(_placed(book, valid))


def _disabled(book: Book) -> nw.LazyFrame:
    return _counted(living(book).filter(nw.col("health").str.contains("残疾")))


def _unsafe_homes(book: Book) -> nw.LazyFrame:
    return _counted(_homes(living(book).filter(nw.col("unsafe_house"))))


def _dry_homes(book: Book) -> nw.LazyFrame:
    return _counted(_homes(living(book).filter(~nw.col("safe_water"))))


def _comparisons(book: Book) -> Iterator[Part]:
    """A part for each number of the book and what it is compared with; only those whose lists tell of places."""
    dibao = (*_places(book, DIBAO), *values(DIBAO, "household_no", "status"))
    yield _same(book, "registered_households", "台账", _registered_homes, HOMES)
    yield _same(book, "registered_persons", "台账", _registered_persons, VILLAGES)
    yield _same(book, "dibao_households", "低保名单", _dibao_households, dibao)
    # Without 保障人数 each row may be a person or a whole household.
    yield _same(book, "dibao_persons", "低保名单", _dibao_persons, (*dibao, value(DIBAO, "covered_count")))
    yield _same(book, "tekun_persons", "特困名单", _tekun_persons, (*_places(book, TEKUN), value(TEKUN, "status")))
    if not _placeless(book, CERTIFICATES):
        certified = (*_places(book, CERTIFICATES), value(CERTIFICATES, "expires_on"))
        yield _same(book, "disabled_persons", "持证残疾人名单", _certified, certified)
    yield _no_less(book, "disabled_persons", "台账残疾人", _disabled, (*VILLAGES, value(REGISTER, "health")))
    yield _no_less(
        book, "unsafe_house_households", "台账危房户", _unsafe_homes, (*HOMES, value(REGISTER, "unsafe_house"))
    )
    yield _no_less(
        book, "unsafe_water_households", "台账饮水不安全户", _dry_homes, (*HOMES, value(REGISTER, "safe_water"))
    )
    for some, whole in PARTS:
        yield _no_more(book, some, whole)
    yield from _untold(book)


def _placeless(book: Book, kind: str) -> bool:
    """Whether the list tells of no place and never did: certificates often do not; 残疾人 are counted in the register too."""
    return book.arrived(kind) and not book.holds(kind, "village") and "village" not in book.blanked.get(kind, ())


def _untold(book: Book) -> Iterator[Part]:
    """The villages of the book whose town nothing tells; they are compared with nothing."""
    if towns := _towns(book, BOOKS):
        yield Part("看不出在哪个镇的村", towns)


def _same(book: Book, field: str, source: str, counts: Counts, reads: tuple[Read, ...]) -> Part:
    """The book says what the list counts (``most``: with the dead)."""

    def check(book: Book) -> nw.LazyFrame:
        listed = counts(book)
        compared = among(_villages(book).filter(known(field)), listed, "town").join(listed, on=PLACE, how="left")
        compared = compared.with_columns(counted=nw.coalesce("counted", nw.lit(0)))
        most = nw.coalesce("most", "counted") if "most" in listed.collect_schema().names() else nw.col("counted")
        wrong = compared.filter((nw.col(field) < nw.col("counted")) | (nw.col(field) > most))
        return _contradiction(book, wrong, field, nw.lit(source))

    return Part(f"{_title(book, field)}与{source}", (value(BOOKS, field), *reads), check)


def _no_less(book: Book, field: str, source: str, counts: Counts, reads: tuple[Read, ...]) -> Part:
    """The book says no less than the register alone."""

    def check(book: Book) -> nw.LazyFrame:
        compared = _villages(book).join(counts(book), on=PLACE, how="inner")
        return _contradiction(book, compared.filter(nw.col(field) < nw.col("counted")), field, nw.lit(source))

    return Part(f"{_title(book, field)}与{source}", (value(BOOKS, field), *reads), check)


def _no_more(book: Book, some: str, whole: str) -> Part:
    """A part is no more than the whole."""

    def check(book: Book) -> nw.LazyFrame:
        exceeding = _villages(book).filter(nw.col(some) > nw.col(whole)).with_columns(counted=nw.col(whole))
        return _contradiction(book, exceeding, some, nw.lit(_title(book, whole)))

    return Part(f"{_title(book, some)}与{_title(book, whole)}", values(BOOKS, some, whole), check)


def _villages(book: Book) -> nw.LazyFrame:
    return book.of_villages(BOOKS).with_columns(subject=nw.col("rid"))


def _contradiction(book: Book, rows: nw.LazyFrame, field: str, source: nw.Expr) -> nw.LazyFrame:
    counted = nw.col("counted").cast(nw.Int64)
    return rows.select(
        "subject", "town", item=nw.lit(_title(book, field)), told=nw.col(field), source=source, counted=counted
    )


def _title(book: Book, field: str) -> str:
    return book.kinds[BOOKS].field(field).title


VIL_01 = rule_in_parts(
    "VIL-01", "村级数据账账不符",
    """村级台账的建档立卡户数、人口数、低保户数、低保人口数、特困、残疾人数与各名单在该村的合计不同（名单在该镇有人没写村、户编号或状态读不懂，或有人看不出在哪个镇的不比），
    残疾人、危房、饮水不安全户数少于台账登记的数，或部分超过全村总数。""",
    severity=GENERAL, subject="village", owner=OWNER, basis="工作要点 三（八）", reads=(value(BOOKS, "village"),),
    parts_of=_comparisons, excuses=(arrived(DEATHS),),
    each="{item}{told}（{source}{counted}）", detail="{town}{village}村级台账：{each}，请核实后更正。",
    register_value="村级台账：{item}", source_value="{each}",
)  # fmt: skip


def _poor_villages(book: Book) -> Iterator[Part]:
    yield Part("", ())
    yield from _untold(book)


@rule(
    "VIL-02", "非贫困村贫困人口集中", severity=HINT, subject="village", owner="{town}、区扶贫办", basis="工作要点 三（四）1",
    reads=(*values(BOOKS, "village", "poor_village"), *HOMES), parts_of=_poor_villages,
    detail="{town}{village}不是贫困村，有建档立卡户{homes}户，贫困人口较集中，安排项目时应优先考虑。",
    register_value="建档立卡户：{homes}户", source_value="是否贫困村：否",
)  # fmt: skip
def vil_02(book: Book) -> nw.LazyFrame:
    """村级台账登记不是贫困村，台账中建档立卡户超过20户（见政策参数）。"""
    counts = _homes(living(book)).group_by(PLACE).agg(homes=nw.len())
    many = counts.filter(nw.col("homes") > book.policy["village_poor_households"])
    others = book.of_villages(BOOKS).filter(~nw.col("poor_village"))
    return others.join(many, on=PLACE, how="inner").select("homes", "town", subject="rid")


RULES = (VIL_01, vil_02)
