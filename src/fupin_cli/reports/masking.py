"""Masked ID numbers (遮盖证件号码): first six and last four digits, wherever in a text a number stands."""

from __future__ import annotations

import re
from collections.abc import Collection

# Numbers of 15 characters or more are ID numbers, whole, mistyped (O for 0) or partly masked already; the shorter ones
# (phones, dates, amounts) are not.
_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d[\dOoIlXx*]{14,}(?![0-9A-Za-z])")


def masked(text: str, keep: Collection[str] = ()) -> str:
    """``text`` with every ID number as ``460108********1234``; numbers in ``keep`` (户编号、人编号) stay."""
    return _NUMBER.sub(lambda match: match[0] if match[0] in keep else f"{match[0][:6]}********{match[0][-4:]}", text)
