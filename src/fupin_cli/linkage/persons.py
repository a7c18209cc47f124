"""Persons (人员): one row a human being, out of the rows of register and watchlist.

Two register rows with one valid ID and one name are one human being entered twice (REG-03 reports it); they
share a ``pid``, so that a record found once is not missing for the other row. A ``pid`` is the ``rid`` of the
first of the person's rows.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

REGISTER, WATCHLIST = "register.persons", "register.watchlist"


def numbered(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of register or watchlist with ``pid``."""
    # only these columns need to be in memory together
    same = rows.select("rid", key="id_number_key", name="name").collect()
    whole = pl.col("key").is_not_null() & pl.col("name").is_not_null()
    first = pl.when(whole).then(pl.col("rid").min().over("key", "name")).otherwise("rid")
    return rows.join(same.lazy().select("rid", pid=first), on="rid", how="left", maintain_order="left")


def watched(watchlist: pl.LazyFrame, links: pl.DataFrame) -> pl.LazyFrame:
    """The watchlist's rows with ``pid``: that of the register's person where ``links`` (``rid``, ``pid``) say who it is."""
    own = numbered(watchlist).rename({"pid": "own"}).join(links.lazy(), on="rid", how="left", maintain_order="left")
    return own.with_columns(pid=pl.coalesce("pid", "own")).drop("own")


def person_table(register: pl.LazyFrame, watchlist: pl.LazyFrame | None) -> pl.LazyFrame:
    """Persons (``pid``, ``in_register``, ``in_watchlist``, the columns of both lists) of lists that have ``pid``."""
    persons = register.filter(pl.col("pid") == pl.col("rid")).with_columns(in_register=pl.lit(True))
    if watchlist is None:
        return persons.with_columns(in_watchlist=pl.lit(False))
    others = watchlist.join(persons.select("pid"), on="pid", how="anti", maintain_order="left")
    others = others.unique("pid", keep="first", maintain_order=True).with_columns(in_register=pl.lit(False))
    listed = watchlist.select("pid").unique().with_columns(in_watchlist=pl.lit(True))
    both = pl.concat([persons, others], how="diagonal").join(listed, on="pid", how="left", maintain_order="left")
    return both.with_columns(pl.col("in_watchlist").fill_null(False))


def pids_of(persons: pl.LazyFrame, numbers: Collection[str]) -> frozenset[int]:
    """``pid`` of the persons who have one of these valid ID numbers."""
    if not numbers:
        return frozenset()
    found = persons.filter(pl.col("id_number_key").is_in(list(numbers))).select("pid").collect()
    return frozenset(found["pid"])
