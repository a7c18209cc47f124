"""The levels of evidence (认定等级), best first, in one readable place.

A record whose valid ID is registered is decided on the ID alone, and two valid IDs that differ are two persons: neither
reaches this table. Every other candidate pair takes the first level that is true of it: *link*, or *review* (待人工确认,
which no rule uses); a pair that none fits is two persons.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fupin_cli.linkage import names, numbers

LINK, REVIEW = "link", "review"


@dataclass(frozen=True)
class Level:
    """``reason`` is printed; ``on_number``: the ID numbers agree in part, so the link does not stand on the name alone."""

    reason: str
    state: str
    true_of: pl.Expr
    on_number: bool = True


def _number(*relations: str) -> pl.Expr:
    return pl.col("number_relation").is_in(relations)


def _agrees(name: str) -> pl.Expr:
    return pl.col(f"{name}_same").fill_null(False)


def _differs(name: str) -> pl.Expr:
    return ~pl.col(f"{name}_same").fill_null(True)


_same = pl.col("name_relation").is_in([names.SAME, names.VARIANT])
_homophone = pl.col("name_relation") == names.HOMOPHONE
_one_character = pl.col("name_relation") == names.ONE_CHARACTER
_born, _village, _phone, _mates = _agrees("born"), _agrees("village"), _agrees("phone"), pl.col("mates")
_near = _village | _phone | _mates
_typed = _number(numbers.EQUAL, numbers.CHECK, numbers.ONE, numbers.SWAP)
_close = _typed | _number(numbers.LOST, numbers.MASKED, numbers.LENGTH)
_absent, _damaged = _number(numbers.ABSENT), _number(numbers.DAMAGED)
_no_contradiction = ~_differs("born") & ~_differs("sex")

LEVELS = (
    Level("证件号一致（校验码有误）且姓名相同", LINK, _number(numbers.EQUAL) & _same),
    Level("证件号前17位一致、校验码不同且姓名相同", LINK, _number(numbers.CHECK) & _same),
    Level("证件号末位失真、前15位一致且姓名相同", LINK, _number(numbers.LOST) & _same),
    Level("证件号部分遮盖、可见数字一致且姓名相同", LINK, _number(numbers.MASKED) & _same),
    Level("证件号相差一位且姓名相同", LINK, _number(numbers.ONE) & _same),
    Level("证件号相邻两位颠倒且姓名相同", LINK, _number(numbers.SWAP) & _same),
    Level("证件号多一位或少一位且姓名相同", LINK, _number(numbers.LENGTH) & _same),
    Level("证件号遮盖较多、可见数字一致，姓名相同，村不矛盾", LINK, _number(numbers.MASKED_FEW) & _same & (_born | ~_differs("village"))),
    Level("证件号基本一致（个别数字有误、失真或遮盖）且姓名同音", LINK, _close & _homophone),
    Level("证件号个别数字有误，姓名相差一个字，村、电话或同户成员相符", LINK, _typed & _one_character & _near),
    Level("证件号相差两位，姓名相同，村、电话或同户成员相符", LINK, _number(numbers.TWO) & _same & _near),
    Level("姓名、出生日期、村一致，证件号有误", LINK, _damaged & _same & _born & _village),
    Level("姓名、出生日期、村一致，证件号缺失", LINK, _absent & _same & _born & _village, on_number=False),
    Level("姓名、出生日期一致，电话或同户成员相符，证件号缺失或有误", LINK, (_absent | _damaged) & _same & _born & _near, on_number=False),
    Level("姓名、联系电话一致，证件号缺失", LINK, _absent & _same & _phone & _no_contradiction, on_number=False),
    Level("姓名一致、同户成员登记在相邻行，证件号缺失", LINK, _absent & _same & _mates & _no_contradiction, on_number=False),
    Level("姓名同音，出生日期一致，村、电话或同户成员相符，证件号缺失", LINK, _absent & _homophone & _born & _near & ~_differs("sex"), on_number=False),
    Level("证件号可见数字一致、姓名相同，村不同", REVIEW, _number(numbers.MASKED_FEW) & _same),
    Level("证件号可见数字一致、姓名同音", REVIEW, _number(numbers.MASKED_FEW) & _homophone & _near),
    Level("证件号基本一致，姓名相差一个字", REVIEW, _close & _one_character),
    Level("证件号基本一致，村、电话或同户成员相符，姓名不同", REVIEW, _close & _near),
    Level("证件号相差两位，姓名相同或同音", REVIEW, _number(numbers.TWO) & (_same | (_homophone & _near))),
    Level("姓名、出生日期一致，证件号缺失或有误", REVIEW, (_absent | _damaged) & _same & _born, on_number=False),
    Level("姓名、村一致，证件号缺失", REVIEW, _absent & _same & _village & ~_differs("born"), on_number=False),
    Level("姓名、电话一致，出生日期或性别不同，证件号缺失", REVIEW, _absent & _same & _phone, on_number=False),
    Level("姓名同音，出生日期一致，证件号缺失", REVIEW, _absent & _homophone & _born & ~_differs("town"), on_number=False),
    Level("姓名同音，电话或同户成员相符，证件号缺失", REVIEW, _absent & _homophone & (_phone | _mates) & _no_contradiction, on_number=False),
    Level("姓名相差一个字，出生日期一致，村、电话或同户成员相符，证件号缺失", REVIEW, _absent & _one_character & _born & _near, on_number=False),
    Level("出生日期、电话一致，姓名不同，证件号缺失", REVIEW, _absent & _born & _phone & ~_differs("sex"), on_number=False),
)  # fmt: skip
