"""How findings are counted (统计口径): each count and each rate once, for every table, page and document that shows it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fupin_cli.ledger.states import CLOSED, CONFIRMED, DISMISSED, RELAPSED, REPORTED, UNSEEN, WAITING

TRUE = (CONFIRMED, REPORTED, CLOSED, RELAPSED)
MENDED = (REPORTED, CLOSED)
VERIFIED = ("属实", "不属实", "未核实")
_state, _before = pl.col("state"), pl.col("state_before")
# What the data no longer show is as true as it was; nobody has mended it by that.
_true = pl.when(_state.is_in((WAITING, UNSEEN))).then(_before).otherwise(_state).is_in(TRUE)
_dismissed, _unseen = _state == DISMISSED, _state == UNSEEN
_MASKS = {
    "true": _true,
    "dismissed": _dismissed,
    "mended": _state.is_in(MENDED),
    "closed": _state == CLOSED,
    "unseen": _unseen,
    "yardstick_changed": _unseen & (pl.col("yardstick_changed") == 1),
}


@dataclass(frozen=True)
class Rates:
    """``found`` 发现, ``true`` 属实, ``dismissed`` 不属实, ``mended`` 已整改, ``closed`` 已销号; ``unseen`` 证据不在, of
    which ``yardstick_changed`` because a parameter or a rule changed. Rates are ``None`` where there is nothing to divide by.
    """

    found: int
    true: int
    dismissed: int
    mended: int
    closed: int
    unseen: int
    yardstick_changed: int
    true_rate: float | None
    mended_rate: float | None
    closed_rate: float | None


def counts() -> list[pl.Expr]:
    """The counts of :class:`Rates`, to aggregate findings by (columns ``state``, ``state_before``, ``yardstick_changed``)."""
    found = pl.len().cast(pl.Int64).alias("found")
    return [found, *(mask.sum().cast(pl.Int64).alias(name) for name, mask in _MASKS.items())]


def rates() -> list[pl.Expr]:
    """属实率, 整改率 and 销号率 of a table of :func:`counts`."""
    parts = {
        "true_rate": ("true", pl.col("true") + pl.col("dismissed")),
        "mended_rate": ("mended", pl.col("true")),
        "closed_rate": ("closed", pl.col("found") - pl.col("dismissed")),
    }
    return [pl.when(of > 0).then(pl.col(part) / of).alias(name) for name, (part, of) in parts.items()]


def verified() -> pl.Expr:
    """Which of ``VERIFIED`` a finding counts as (核实情况)."""
    said = [pl.lit(word) for word in VERIFIED]
    return pl.when(_true).then(said[0]).when(_dismissed).then(said[1]).otherwise(said[2])


def rates_of(findings: pl.DataFrame) -> Rates:
    """Everything counted over all of ``findings``."""
    return Rates(**findings.select(counts()).with_columns(rates()).row(0, named=True))
