"""How a record's name stands to the person's (姓名差异), for links only."""

from __future__ import annotations

import os

import polars as pl

SAME, HOMOPHONE, ONE_CHARACTER, DIFFERENT = "same", "homophone", "one_char", "different"


def name_relations(found: pl.DataFrame, records: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Add ``kind`` and ``name_relation`` to links (``rid``, ``pid``, ``level``, ``state``)."""
    links = found.join(records.select("rid", "kind", theirs="name_norm"), on="rid", how="left")
    links = links.join(people.select("pid", ours="name_norm"), on="pid", how="left")
    relation = [_relation(a, b) if a != b else SAME for a, b in links.select("theirs", "ours").iter_rows()]
    links = links.with_columns(name_relation=pl.Series(relation, dtype=pl.String))
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
    # Loading takes 0.1 s and few runs need it; the dictionary of phrases (0.3 s) says nothing about names.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(name))
