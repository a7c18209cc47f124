"""Rows of the register (台账行) as the REG rules look at them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

import narwhals as nw

from fupin_cli.rules.book import DEATHS, WATCHLIST, Book
from fupin_cli.rules.terms import known, without

ABLE = ("普通劳动力", "技能劳动力")
SOME_ABILITY = (*ABLE, "弱劳动力或半劳动力")


def living(book: Book) -> nw.LazyFrame:
    """Register rows of the living, as subjects."""
    rows = book.register.with_columns(subject=nw.col("rid"))
    return without(rows, book.dead) if book.arrived(DEATHS) else rows


def written(book: Book) -> nw.LazyFrame:
    """Register rows as written, deceased included, that name a household."""
    return book.register.filter(known("household_id")).with_columns(subject=nw.col("household_id"))


def beside_head(book: Book) -> nw.LazyFrame:
    """Register rows as written with the facts of their household's only head (``…_head``); no row where there is none."""
    heads = written(book).filter(nw.col("relation") == "户主")
    single = heads.group_by("household_id").agg(heads=nw.len()).filter(nw.col("heads") == 1)
    heads = heads.join(single, on="household_id", how="inner").select(
        "household_id", rid_head="rid", name_head="name", sex_head=known_sex(), birth_head="birth", age_head="age"
    )
    rows = written(book).with_columns(subject=nw.col("rid"), sex=known_sex())
    return rows.join(heads, on="household_id", how="inner")


def known_sex() -> nw.Expr:
    """The sex as registered, else that of the ID number."""
    return nw.coalesce(nw.col("sex"), nw.col("id_sex"))


def watched(book: Book) -> nw.LazyFrame:
    """Households on the watchlist: by a linked member or by their number."""
    members = book.persons.filter(nw.col("in_register") & nw.col("in_watchlist"))
    return nw.concat([members.select("household_id"), book.tables[WATCHLIST].select("household_id")])


def any_true(conditions: Iterable[nw.Expr]) -> nw.Expr:
    """Whether any of the conditions holds (unknown ones do not count)."""
    return reduce(or_, conditions)
