"""Persons (人员): one row a human being, out of the rows of register and watchlist.

Two register rows with one valid ID and one name are one human being entered twice (REG-03 reports it); they
share a ``pid``, so that a record found once is not missing for the other row. A ``pid`` is the ``rid`` of the
first of the person's rows.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

REGISTER, WATCHLIST = "register.persons", "register.watchlist"


def numbered_register(register: pl.DataFrame) -> pl.DataFrame:
    """The register's rows with ``pid``."""
    return register.with_columns(pid=_shared_pid())


def _shared_pid() -> pl.Expr:
    same = pl.col("rid").min().over("id_number_key", "name")
    return (
        pl.when(pl.col("id_number_key").is_not_null() & pl.col("name").is_not_null())
        .then(same)
        .otherwise(pl.col("rid"))
    )


def person_table(
    tables: Mapping[str, pl.DataFrame], watch_links: Mapping[int, int]
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Persons (``pid``, ``in_register``, ``in_watchlist``, the columns of both lists) and both lists with ``pid``.

    ``watch_links``: ``rid`` of a watchlist row → ``pid`` of the register's person it is.
    """
    register = numbered_register(tables[REGISTER])
    persons = register.unique("pid", keep="first", maintain_order=True).with_columns(in_register=pl.lit(True))
    numbered = {REGISTER: register}
    if WATCHLIST not in tables:
        return persons.with_columns(in_watchlist=pl.lit(False)), numbered
    watch = tables[WATCHLIST].drop("pid", strict=False)
    found = pl.DataFrame(
        {"rid": list(watch_links), "linked": list(watch_links.values())},
        schema={"rid": pl.Int64, "linked": pl.Int64},
    )
    watch = watch.with_columns(own=_shared_pid()).join(found, on="rid", how="left", maintain_order="left")
    watch = watch.with_columns(pid=pl.coalesce("linked", "own")).drop("own", "linked")
    numbered[WATCHLIST] = watch
    others = watch.join(persons.select("pid"), on="pid", how="anti", maintain_order="left")
    others = others.unique("pid", keep="first", maintain_order=True).with_columns(in_register=pl.lit(False))
    persons = pl.concat([persons, others], how="diagonal")
    return persons.with_columns(in_watchlist=pl.col("pid").is_in(watch["pid"].implode())), numbered
