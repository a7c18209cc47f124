"""How a record's name stands to the person's (姓名差异), and how a name sounds."""

from __future__ import annotations

import os
from functools import cache

import polars as pl

SAME, VARIANT, HOMOPHONE, ONE_CHARACTER, DIFFERENT = "same", "variant", "homophone", "one_char", "different"


def sounds(names: pl.Series) -> pl.Series:
    """Pinyin without tones; equal for names that sound alike."""
    distinct = names.unique().drop_nulls()
    spoken = pl.Series([_sound(name) for name in distinct], dtype=pl.String)
    return names.replace_strict(distinct, spoken, default=None, return_dtype=pl.String)


def name_relation(theirs: str | None, ours: str | None) -> str | None:
    """``same``; ``variant`` (a dot or the second part of a long name is missing); ``homophone``; ``one_char`` (one
    character another, missing or too many); ``different``; ``None`` where a name is missing."""
    if not theirs or not ours:
        return None
    if theirs == ours:
        return SAME
    if _is_variant(theirs, ours):
        return VARIANT
    if _sound(theirs) == _sound(ours):
        return HOMOPHONE
    return ONE_CHARACTER if one_edit(theirs, ours) else DIFFERENT


def one_edit(left: str, right: str) -> bool:
    """Whether one character changed, missing or too many makes one text the other."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    shorter = min(len(left), len(right))
    start = next((at for at in range(shorter) if left[at] != right[at]), shorter)
    rest = (len(left) >= len(right), len(right) >= len(left))
    return left[start + rest[0] :] == right[start + rest[1] :]


def _is_variant(theirs: str, ours: str) -> bool:
    if "·" not in theirs + ours:
        return False
    plain = {theirs.replace("·", ""), ours.replace("·", "")}
    return len(plain) == 1 or theirs == ours.split("·")[0] or ours == theirs.split("·")[0]


def _sound(name: str) -> str:
    return " ".join(map(_syllable, name.replace("·", "")))


@cache
def _syllable(character: str) -> str:
    # Loading takes 0.1 s; the dictionary of phrases (0.3 s) says nothing about names, so character by character will do.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(character)[0])
