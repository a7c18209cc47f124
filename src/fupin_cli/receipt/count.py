"""What the lists hold, counted before linkage: rows by town, towns of registered persons, filled columns, years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from fupin_cli.schema.kinds import Field, Kind

REGISTER, HOUSEHOLDS = "register.persons", "register.households"
KEY, HOME = "id_number_key", "household_id"
_NO_TEXT = pl.lit(None, pl.String)


@dataclass(frozen=True)
class Homes:
    """Where the register has its persons: frames of two columns, the second of them the town."""

    persons: pl.DataFrame
    households: pl.DataFrame
    villages: pl.DataFrame
    household_counts: Mapping[str, int]


@dataclass(frozen=True)
class Count:
    """One list. ``towns``: rows by town, the row's own or the register's; ``written``: by its own town only; ``reached``:
    towns of the register of whom somebody is in it; ``filled``: column → share of rows; ``years``: dated rows by year or term."""

    rows: int = 0
    towns: Mapping[str, int] = field(default_factory=dict)
    written: Mapping[str, int] = field(default_factory=dict)
    reached: frozenset[str] = frozenset()
    filled: Mapping[str, float] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)

    @property
    def by_register(self) -> bool:
        """Its towns are the register's rather than its own."""
        return sum(self.written.values()) * 2 < self.rows


def homes_of(tables: Mapping[str, pl.LazyFrame]) -> Homes:
    """Persons, households and villages of the register, each in its town (villages of one town only)."""
    rows = tables[REGISTER].select(KEY, HOME, "village", "town").filter(pl.col("town").is_not_null())
    wanted = [
        rows.filter(pl.col(KEY).is_not_null()).group_by(KEY).agg(home=pl.col("town").min()),
        rows.filter(pl.col(HOME).is_not_null()).group_by(HOME).agg(home_of_house=pl.col("town").min()),
        rows.filter(pl.col("village").is_not_null()).group_by("village").agg(
            home_of_village=pl.col("town").min(), towns=pl.col("town").n_unique()
        ).filter(pl.col("towns") == 1).drop("towns"),
        rows.group_by("town").agg(households=pl.col(HOME).n_unique()),
    ]  # fmt: skip
    persons, households, villages, counts = pl.collect_all(wanted)
    return Homes(persons, households, villages, dict(counts.iter_rows()))


def count_list(kind: Kind, table: pl.LazyFrame, homes: Homes) -> Count:
    """Count one canonical table."""
    columns = table.collect_schema().names()
    placed = _placed(table, columns, homes)
    by_town = placed.group_by("place").agg(rows=pl.len())
    written = placed.group_by("written").agg(rows=pl.len())
    reached = placed.select(reached=pl.concat_list("home", "spoken_for")).explode("reached").unique()
    shares = table.select(pl.len().alias("rid"), *(_filled(one, columns).sum().alias(one.name) for one in kind.fields))
    years = table.group_by(year=_year(kind)).agg(rows=pl.len()) if kind.asked_by else None
    frames = pl.collect_all([by_town, written, reached, shares, *([] if years is None else [years])])
    total = frames[3].row(0, named=True)
    rows = total.pop("rid")
    return Count(
        rows, _counts(frames[0]), _counts(frames[1]),
        frozenset(town for town in frames[2]["reached"] if town),
        {name: round(number / rows, 4) if rows else 0.0 for name, number in total.items()},
        {} if years is None else _counts(frames[4]),
    )  # fmt: skip


def _placed(table: pl.LazyFrame, columns: list[str], homes: Homes) -> pl.LazyFrame:
    """``written``: the row's own town; ``home``: that of the registered person; ``place``: the first that is known, by
    household and village too; ``spoken_for``: of a row that no ID number tells whose it is."""

    def column(name: str) -> pl.Expr:
        return (pl.col(name) if name in columns else _NO_TEXT).alias(name)

    rows = table.select(column("town").alias("written"), *map(column, ("name", KEY, HOME, "village")))
    rows = rows.join(homes.persons.lazy(), on=KEY, how="left").join(homes.households.lazy(), on=HOME, how="left")
    rows = rows.join(homes.villages.lazy(), on="village", how="left")
    rows = rows.with_columns(place=pl.coalesce("written", "home", "home_of_house", "home_of_village"))
    return rows.with_columns(spoken_for=pl.when(pl.col(KEY).is_null()).then("place"))


def _filled(field: Field, columns: list[str]) -> pl.Expr:
    """Whether a row has a value in the field, readable or not."""
    own = [name for name in (f"{field.name}_raw", field.name, f"{field.name}_ok") if name in columns]
    return pl.any_horizontal(pl.col(name).is_not_null() for name in own)


def _year(kind: Kind) -> pl.Expr:
    """The year or term of a row, in words: its own, else that of its first date."""
    terms = [pl.col(one.name) for one in kind.fields if one.type == "term"]
    years = [pl.col(one.name) for one in kind.fields if one.type == "year"]
    dates = [one.name for one in kind.fields if one.type == "date" and one.name != "birth_date"]
    if kind.asked_by == "school_year":
        return pl.coalesce(*terms, *map(_term, dates))
    return pl.coalesce(*years, *(pl.col(f"{name}_year") for name in dates)).cast(pl.String) + "年"


def _term(name: str) -> pl.Expr:
    year, month = pl.col(f"{name}_year"), pl.col(name).str.slice(5, 2).cast(pl.Int64, strict=False)
    autumn = pl.when(month < 3).then(year - 1).otherwise(year).cast(pl.String) + "秋"
    spring = year.cast(pl.String) + "春"
    return pl.when((month >= 3) & (month < 9)).then(spring).when(month.is_not_null()).then(autumn)


def _counts(frame: pl.DataFrame) -> dict[str, int]:
    return {name: rows for name, rows in sorted(frame.iter_rows(), key=lambda row: row[0] or "") if name}
