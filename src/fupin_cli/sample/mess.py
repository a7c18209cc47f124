"""The mess of real exports (乱象): the same facts, written as people and programs write them.

Nothing here changes what a record says about whom: every form can be read back.
"""

from __future__ import annotations

import random
from datetime import date
from typing import Any

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
SERIAL_EPOCH = date(1899, 12, 30).toordinal()


class Mess:
    """Writes values; ``share`` of the untidy names and numbers are written in some odd form."""

    def __init__(self, rng: random.Random, share: float) -> None:
        self.rng, self.share = rng, share

    def _odd(self, tidy: bool) -> bool:
        return not tidy and self.rng.random() < self.share

    def own_number(self, number: str, tidy: bool) -> Any:
        """A number in the register: only forms that lose nothing."""
        if not number or not self._odd(tidy):
            return number
        return self.rng.choice(
            (f"'{number}", f" {number}", number.lower(), number.translate(FULL_WIDTH), f"{number[:6]} {number[6:]}")
        )

    def number(self, number: str | None, tidy: bool) -> Any:
        """A number in a bureau's list: some lose their last digits or the middle ones."""
        if not number or not self._odd(tidy):
            return number
        forms: list[Any] = [
            f"'{number}", f"{number}\t", number.lower(), number.translate(FULL_WIDTH), f"{number[:6]} {number[6:14]} {number[14:]}",
            number.replace("0", "O", 1), f"{number[:6]}********{number[14:]}",
        ]  # fmt: skip
        if number.isdigit() and len(number) == 18:
            forms.append(float(f"{number[:15]}000"))
        if number[6:8] == "19" and len(number) == 18:
            forms.append(number[:6] + number[8:17])
        return self.rng.choice(forms)

    def name(self, name: str | None, tidy: bool, *, head: bool = False) -> Any:
        if not name or not self._odd(tidy):
            return name
        forms = [f"{name[0]}　{name[1:]}", f" {name} ", name.replace("·", "•")]
        if head:
            forms.append(f"{name}（户主）")
        return self.rng.choice(forms)


def written_date(day: date, form: str) -> Any:
    """A date in one of the forms bureaus use."""
    match form:
        case "slash":
            return f"{day.year}/{day.month:02d}/{day.day:02d}"
        case "dot":
            return f"{day.year}.{day.month}.{day.day}"
        case "chinese":
            return f"{day.year}年{day.month}月{day.day}日"
        case "compact":
            return f"{day:%Y%m%d}"
        case "serial":
            return day.toordinal() - SERIAL_EPOCH
        case _:
            return day.isoformat()


def written_amount(amount: float, form: str) -> Any:
    """An amount in yuan as a number, with separators, or with its unit."""
    match form:
        case "separated":
            return f"{amount:,.2f}"
        case "unit":
            return f"{amount:g}元" if float(amount).is_integer() else f"{amount}元"
        case "wan":
            return round(amount / 10_000, 8)
        case _:
            return amount
