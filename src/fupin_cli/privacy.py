"""Numbers of people covered (遮盖), wherever in a text they stand: for announcements (公示), errors and logs."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

# 15 characters or more are a 证件号码 or account, whole, mistyped (O for 0) or partly covered already, also with spaces
# between or hyphens between the usual blocks; \d is any script's digit. Shorter ones (dates, amounts) are not.
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:\d(?:\s?[\dOoIlXxＸｘ*＊]){14,}|\d{6}[\s\-.]{1,3}\d{8}[\s\-.]{1,3}\d{3}[\dXxＸｘ])(?![0-9A-Za-z])"
)
# A number once saved as a number: 4.60108201201011E+17.
_SCIENTIFIC = re.compile(r"(?<![0-9A-Za-z.])\d\.\d{5,}[Ee]\+?1[4-9]")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")


def masked(text: str, keep: Collection[str] = ()) -> str:
    """``text`` with ID numbers as 460108********1234, mobiles as 138****5678; numbers in ``keep`` (户编号) stay."""

    def covered(found: re.Match[str]) -> str:
        number = found[0]
        return number if number in keep else f"{number[:6]}********{number[-4:]}"

    if len(text) < 11 or not any(char.isdigit() for char in text):
        return text
    text = _SCIENTIFIC.sub(lambda found: f"{found[0][:7]}********", _NUMBER.sub(covered, text))
    return _MOBILE.sub(lambda found: found[0] if found[0] in keep else f"{found[0][:3]}****{found[0][-4:]}", text)


def masked_deep(value: Any, keep: Collection[str] = ()) -> Any:
    """The same tuples, lists, mappings and dataclasses with every text in them masked; keys stay."""
    if isinstance(value, str):
        return masked(value, keep)
    if isinstance(value, (tuple, list)):
        return type(value)(masked_deep(item, keep) for item in value)
    if isinstance(value, Mapping):
        return {name: masked_deep(item, keep) for name, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: masked_deep(getattr(value, field.name), keep) for field in fields(value)})
    return value
