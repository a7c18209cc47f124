"""What makes a text safe to show outside the office (公示、日志): numbers of people are covered."""

from __future__ import annotations

import re

# 15 or more digits in a row (证件号码, 残疾人证号, 银行卡号), or 18 written in the usual blocks; \d is any script's digit.
_NUMBER = re.compile(r"(?<!\d)(?:\d{14,}[\dXxＸｘ]|\d{6}[\s\-]\d{8}[\s\-]\d{3}[\dXxＸｘ])(?!\d)")


def without_numbers(text: str) -> str:
    """``text`` with every ID number in it covered: 460108********1017."""
    return _NUMBER.sub(lambda found: covered(found.group()), text)


def covered(number: str) -> str:
    """The area code and the last four characters of an ID number stay, as announcements (公示) print it."""
    return number[:6] + "*" * (len(number) - 10) + number[-4:]
