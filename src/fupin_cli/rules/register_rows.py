"""Rows of the register (台账行) as the REG rules look at them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

import narwhals as nw

from fupin_cli.rules.book import WATCHLIST, Book
from fupin_cli.rules.terms import known

ABLE = ("普通劳动力", "技能劳动力")
SOME_ABILITY = (*ABLE, "弱劳动力或半劳动力")
NO_ABILITY = ("丧失劳动力", "无劳动力")
# What is written where there is nothing to name.
NOTHING = (
    "无",
    "否",
    "没有",
    "未务工",
    "不务工",
    "没有务工",
    "未外出",
    "务农",
    "在家务农",
    "在家",
    "未享受",
    "未落实",
    "0",
)


def living(book: Book) -> nw.LazyFrame:
    """Register rows of the living, as subjects."""
    rows = book.register.with_columns(subject=nw.col("rid"))
    return book.alive(rows)


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


def homes_without_labour(book: Book, members: nw.LazyFrame) -> nw.LazyFrame:
    """``household_id``, ``rid`` of households no member of which has any labour ability (整户无劳动力).

    A child's blank is none, an adult's is unknown: such a household is not among them.
    """
    child = (nw.col("age") < book.policy["labour_min_age"]).fill_null(False)
    rows = members.select(
        "household_id",
        "rid",
        able=nw.col("labour").is_in(SOME_ABILITY).fill_null(False).cast(nw.Int64),
        unknown=(nw.col("labour").is_null() & ~child).cast(nw.Int64),
    )
    counts = {name: nw.col(name).sum() for name in ("able", "unknown")}
    homes = rows.group_by("household_id").agg(rid=nw.col("rid").min(), **counts)
    return homes.filter((nw.col("able") == 0) & (nw.col("unknown") == 0))


def works() -> nw.Expr:
    """务工 is registered: a place, or months (blank: not known to work)."""
    return works_somewhere() | (nw.col("work_months") > 0).fill_null(False)


def works_somewhere() -> nw.Expr:
    """务工 is registered by a place."""
    return (known("work_place") & ~nw.col("work_place").is_in(NOTHING)).fill_null(False)


def in_school() -> nw.Expr:
    """在校: a stage is registered (blank: not known to be)."""
    outside = nw.col("school_status").is_in(["非在校生", "学龄前儿童"])
    return (known("school_status") & ~outside).fill_null(False)


def has_post() -> nw.Expr:
    """公益岗位 is registered."""
    return (known("public_post") & ~nw.col("public_post").is_in(NOTHING)).fill_null(False)
