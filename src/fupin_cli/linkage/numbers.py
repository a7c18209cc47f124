"""How two ID numbers differ (证件号差异): one digit, two neighbours swapped, or masked but compatible."""

from __future__ import annotations

import polars as pl


def number_distance(left: pl.Series, right: pl.Series) -> pl.Series:
    """``same`` / ``one`` / ``swap`` / ``masked`` (compatible where both are visible) / null, for candidate pairs."""
    values = [_distance(a, b) for a, b in zip(left, right, strict=True)]
    return pl.Series(values, dtype=pl.String)


def _distance(left: str | None, right: str | None) -> str | None:
    if not left or not right or len(left) != len(right):
        return None
    if left == right:
        return "same"
    if "*" in left or "*" in right:
        visible = [(a, b) for a, b in zip(left, right, strict=True) if "*" not in (a, b)]
        return "masked" if len(visible) >= 8 and all(a == b for a, b in visible) else None
    apart = [place for place, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    if len(apart) == 1:
        return "one"
    if len(apart) == 2 and apart[1] == apart[0] + 1:
        first, second = apart
        return "swap" if left[first] == right[second] and left[second] == right[first] else None
    return None
