"""The levels of evidence (认定等级), best first, in one readable place.

A level says on which derived key a record and a person meet, what must then be true of the pair, the Chinese reason that
is printed, and whether it links or only goes to review (待人工确认). A record whose valid ID is registered is decided by the
levels on the ID alone. Among the rest, two valid IDs that differ are two persons: such pairs never reach a level.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

LINK, REVIEW = "link", "review"

NAME = pl.col("name_norm")
NUMBER = pl.col("number")
STATUS = pl.col("status")
COMPLETE = NUMBER.str.len_chars() == 18
NO_NUMBER = STATUS.is_in(["missing", "malformed", "other"])


@dataclass(frozen=True)
class Level:
    """One level: ``key`` is computed on both sides (null: does not take part), ``true_of`` on the joined pair.

    In ``true_of`` the person's columns carry the suffix ``_p``.
    """

    reason: str
    state: str
    key: tuple[pl.Expr, ...]
    true_of: pl.Expr


def _part(start: int, length: int) -> pl.Expr:
    return pl.when(COMPLETE).then(NUMBER.str.slice(start, length))


_lost = STATUS == "precision_lost"
_masked = STATUS == "masked"
_no_number_p = pl.col("status_p").is_in(["missing", "malformed", "other"])
_one_without = NO_NUMBER | _no_number_p
_same_birth_or_unknown = pl.col("born").eq(pl.col("born_p")).fill_null(True)

LEVELS = (
    Level("证件号一致（校验码有误）且姓名相同", LINK, (NAME, pl.when(COMPLETE).then(NUMBER)), pl.lit(True)),
    Level("证件号末位失真、前15位一致且姓名相同", LINK, (NAME, NUMBER.str.slice(0, 15)), _lost | (pl.col("status_p") == "precision_lost")),
    Level("证件号部分遮盖、可见数字一致且姓名相同", LINK, (NAME, NUMBER.str.slice(0, 6)), (_masked | (pl.col("status_p") == "masked")) & (pl.col("distance") == "masked")),
    Level("证件号相差一位且姓名相同", LINK, (NAME, _part(0, 9)), pl.col("distance") == "one"),
    Level("证件号相差一位且姓名相同", LINK, (NAME, _part(9, 9)), pl.col("distance") == "one"),
    Level("证件号相邻两位颠倒且姓名相同", LINK, (NAME, _part(0, 9)), pl.col("distance") == "swap"),
    Level("证件号相邻两位颠倒且姓名相同", LINK, (NAME, _part(9, 9)), pl.col("distance") == "swap"),
    Level("证件号相邻两位颠倒且姓名相同", LINK, (NAME, _part(0, 8), _part(10, 8)), pl.col("distance") == "swap"),
    Level("姓名、出生日期、村一致，证件号缺失", LINK, (NAME, pl.col("born"), pl.col("village")), _one_without),
    Level("姓名、联系电话一致，证件号缺失", LINK, (NAME, pl.col("phone")), _one_without & _same_birth_or_unknown),
    Level("姓名、村一致，证件号缺失", REVIEW, (NAME, pl.col("village")), _one_without & _same_birth_or_unknown),
)  # fmt: skip
# A key shared by more persons than this says nothing about any of them (重名过多).
BLOCK_CAP = 50
