"""Coverage (比对范围): which sources arrived, and for which towns a list that should cover everybody is partial."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import narwhals as nw

from fupin_cli.engine import collected
from fupin_cli.rules.book import Book
from fupin_cli.rules.catalogue import Rule


def partial_towns(book: Book, population_kinds: Collection[str]) -> dict[str, frozenset[str]]:
    """Kind → towns with ``coverage_min_persons`` registered persons and no record linked to any of them.

    A record that speaks for a whole village (饮水评价按村) counts for the village's town.
    """
    counted = collected(book.people.group_by("town").agg(persons=nw.len()))
    enough = counted.filter(counted["persons"] >= book.policy["coverage_min_persons"])
    large = {town for town in enough["town"].to_list() if town}
    arrived = [kind for kind in population_kinds if book.arrived(kind)]
    return {kind: frozenset(large - _towns_reached(book, kind)) if large else frozenset() for kind in arrived}


def _towns_reached(book: Book, kind: str) -> set[str]:
    records = book.tables[kind]
    towns = book.persons.select("pid", reached="town")
    reached = collected(records.select("pid").join(towns, on="pid", how="inner").select("reached").unique())
    names = set(reached["reached"].to_list())
    if "village" in records.collect_schema().names():
        by_village = records.filter(nw.col("name").is_null()).select("village").unique()
        places = book.persons.select("village", reached="town").unique()
        names |= set(collected(by_village.join(places, on="village", how="inner"))["reached"].to_list())
    return names


def missing_columns(rule: Rule, book: Book) -> tuple[str, ...]:
    """The columns, in words, that keep a rule from being checked though its sources arrived (a list without rows has all)."""
    blank = [
        _either(book, kind, name) for kind, names in rule.columns.items() if book.arrived(kind)
        for name in names if not any(book.holds(kind, one) for one in name.split("/"))
    ]  # fmt: skip
    absent = [
        _either(book, kind, name) for kind, names in rule.headers.items() if book.arrived(kind)
        for name in names if not any(book.asked(kind, one) for one in name.split("/"))
    ]  # fmt: skip
    return (*blank, *absent)


def _either(book: Book, kind: str, name: str) -> str:
    return "或".join(column_title(book, kind, one) for one in name.split("/"))


def column_title(book: Book, kind: str, name: str) -> str:
    return f"{book.kinds[kind].title}的“{book.kinds[kind].field(name).title}”列"


def missing_sources(needs: tuple[str, ...], any_of: tuple[str, ...], arrived: Mapping[str, object]) -> tuple[str, ...]:
    """The sources that keep a rule from being checked; empty when it can be."""
    missing = tuple(kind for kind in needs if kind not in arrived)
    if any_of and not any(kind in arrived for kind in any_of):
        missing += any_of
    return missing
