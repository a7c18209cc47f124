"""Problems of several units (多个责任单位): the words of each kept side by side, ``加强管护（区水务局）；补签合同（灵山镇）``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_SEPARATORS = re.compile(r"[、，,；;/\n]+")
_AND_OTHERS = re.compile(r"(?<=[局委办联会镇乡])等[^等]*单位$")


def units_of(owner: str) -> tuple[str, ...]:
    """The units named in 责任单位, the leading one first; ``区民政局等单位`` is 区民政局.

    Without spaces and characters that do not show.
    """
    names = ("".join(char for char in part if char.isprintable() and char != " ") for part in _SEPARATORS.split(owner))
    return tuple(dict.fromkeys(unit for name in names if (unit := _AND_OTHERS.sub("", name))))


def words_of(text: str, units: Sequence[str]) -> dict[str, str]:
    """Unit → its words; words that name no unit are under ``""``. A single unit needs no name: all words are its own."""
    if len(units) == 1:
        return {units[0]: text} if text else {}
    names = "|".join(map(re.escape, units))
    said = re.compile(rf"(.*?)（({names})）(?:；|$)", re.DOTALL)
    words = {found[2]: found[1] for found in said.finditer(text)}
    rest = said.sub("", text)
    return {"": rest, **words} if rest else words


def joined(words: Mapping[str, str], units: Sequence[str]) -> str:
    """The opposite of :func:`words_of`, in the order of ``units``, words of nobody last."""
    if len(units) == 1:
        return words.get(units[0], "")
    named = [f"{words[unit]}（{unit}）" for unit in units if words.get(unit)]
    return "；".join([*named, words[""]] if words.get("") else named)
