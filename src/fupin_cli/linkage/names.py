"""How a record's name stands to the person's (姓名差异), for links only."""

from __future__ import annotations

import polars as pl

SAME, HOMOPHONE, ONE_CHARACTER, DIFFERENT = "same", "homophone", "one_char", "different"


def name_relations(found: pl.DataFrame, records: pl.DataFrame, persons: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Add ``kind`` and ``name_relation`` to links (``rid``, ``pid``, ``level``, ``state``)."""
    links = found.join(records.select("rid", theirs="name"), on="rid", how="left")
    links = links.join(persons.select("pid", ours="name"), on="pid", how="left")
    relation = [_relation(a, b) if a != b else SAME for a, b in links.select("theirs", "ours").iter_rows()]
    links = links.with_columns(name_relation=pl.Series(relation, dtype=pl.String), kind=pl.lit(kind))
    return links.select("rid", "pid", "kind", "level", "state", "name_relation")


def _relation(theirs: str | None, ours: str | None) -> str | None:
    if not theirs or not ours:
        return None
    if _sound(theirs) == _sound(ours):
        return HOMOPHONE
    if len(theirs) == len(ours) and sum(a != b for a, b in zip(theirs, ours, strict=True)) == 1:
        return ONE_CHARACTER
    return DIFFERENT


def _sound(name: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # its dictionary takes 0.1 s to load and few runs need it

    return tuple(lazy_pinyin(name))
