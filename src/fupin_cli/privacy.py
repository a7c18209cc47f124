"""Numbers of people covered (遮盖), wherever in a text they stand: for announcements (公示), errors and logs.

And files kept from the other users of the machine.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

# Whatever stands beside a number, letters too: a name glued to it hides nothing. \d is any script's digit.
_NUMBERS = re.compile(
    # Hashes stay: keys of findings (问题编号), checksums of files.
    r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])(?P<hash>[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64})(?![0-9A-Za-z])"
    # 15 characters or more are a 证件号码 or account, whole, mistyped (O for 0) or partly covered already, also with
    # spaces between or hyphens between the usual blocks. Shorter ones (dates, amounts) are not.
    r"|(?P<number>(?<!\d)(?:\d(?:\s?[\dOoIlXxＸｘ*＊]){14,}|\d{6}[\s\-.]{1,3}\d{8}[\s\-.]{1,3}\d{3}[\dXxＸｘ]))"
    # A number once saved as a number: 4.60108201201011E+17.
    r"|(?P<float>(?<![\d.])\d\.\d{5,}[Ee]\+?1[04-9])"
    r"|(?P<mobile>(?<!\d)(?P<area>\+?86[\s\-]?)?(?P<head>[1１][3-9３-９]\d)[\s\-]?\d{4}[\s\-]?(?P<tail>\d{4})(?!\d))"
)
# A number of 18 digits with a day of birth in it, anywhere in a longer one, or of 15 (before 1999), alone.
_DAY = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_RESIDENT = re.compile(rf"[1-9]\d{{5}}(?:19|20){_DAY}\d{{3}}[\dXx]|^[1-9]\d{{5}}{_DAY}\d{{3}}$")


def masked(text: str, keep: Collection[str] = ()) -> str:
    """``text`` with ID numbers as 460108********1234, mobiles as 138****5678; numbers in ``keep`` (户编号) stay."""

    def covered(found: re.Match[str]) -> str:
        number = found[0]
        if found["hash"] or number in keep:
            return number
        if found["mobile"]:
            return f"{found['area'] or ''}{found['head']}****{found['tail']}"
        return f"{number[:7]}********" if found["float"] else f"{number[:6]}********{number[-4:]}"

    if len(text) < 11 or text in keep or not any(char.isdigit() for char in text):
        return text
    return _NUMBERS.sub(covered, text)


def own_numbers(numbers: Iterable[str]) -> frozenset[str]:
    """Of 户编号 and 人编号 those to keep when a list is masked; not those that hold an ID number."""
    return frozenset(number for number in numbers if not _RESIDENT.search(_plain(number)))


def _plain(number: str) -> str:
    return re.sub(r"[\s\-.]", "", unicodedata.normalize("NFKC", number))


def uncovered(said: str, held: str) -> str:
    """What a form says that was filled in beforehand from a masked list: ``held``, where it is only that, covered."""
    return held if said == masked(held) else said


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


@contextmanager
def for_owner_only() -> Iterator[None]:
    """Whatever is written inside is its owner's alone (0600, folders 0700), whatever the umask was."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def take_from_others(paths: Iterable[Path]) -> None:
    """Files that are there become their owner's alone; somebody else's, and on a drive without modes all, stay open."""
    for path in paths:
        with suppress(OSError):
            mode = path.stat().st_mode
            if mode & 0o077:
                path.chmod(mode & 0o700)
