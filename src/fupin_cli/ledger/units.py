"""Responsible units (责任单位) by the one name the ledger uses, and the nearest name to one that is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

# How like a known name another must be to ask whether it is meant: one character of three, not two of four.
ALIKE = 0.65
_DISTRICT = re.compile(r"^(?:[^省市县区]+[省市县])*[^省市县区]*区(?=.)")


def unit_named(text: str, known: Mapping[str, str]) -> str:
    """``美兰区教育局``, ``教育局`` → ``区教育局`` where that is known, else nothing. ``known``: name → unit."""
    return known.get(text) or known.get(_of_the_district(text), "")


def with_units(known: Mapping[str, str], units: Iterable[str]) -> Mapping[str, str]:
    """``known`` and further ``units``, each under the name that ``known`` has for it."""
    return {unit: unit_named(unit, known) or unit for unit in units} | dict(known)


def nearest_unit(text: str, known: Mapping[str, str]) -> str:
    """The known unit that ``text`` is most like, else nothing."""
    alike = get_close_matches(text, known, 1, ALIKE) or get_close_matches(_of_the_district(text), known, 1, ALIKE)
    return known[alike[0]] if alike else ""


def is_it(text: str, known: Mapping[str, str]) -> str:
    """The question whether the nearest unit is meant; nothing where the unit is known or none is near."""
    near = "" if unit_named(text, known) else nearest_unit(text, known)
    return f"是不是“{near}”？" if near else ""


def _of_the_district(text: str) -> str:
    return "区" + _DISTRICT.sub("", text)
