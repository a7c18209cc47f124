"""Words that names of lists are made of (名称用词), from ``schemas/_names.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from fupin_cli.schema.kinds import shipped_schemas
from fupin_cli.schema.yaml_lines import read_yaml


class Words:
    """A set of words, found in a text the longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self._all = frozenset(words)
        self._pattern = re.compile("|".join(map(re.escape, sorted(self._all, key=len, reverse=True))))

    def __contains__(self, word: str) -> bool:
        return word in self._all

    def found_in(self, text: str) -> bool:
        return self._pattern.search(text) is not None

    def taken_from(self, text: str) -> str:
        """The text with a space for each of them."""
        return self._pattern.sub(" ", text)


@dataclass(frozen=True)
class NameWords:
    """``general``: words every list's name may have; ``foreign``: of lists that are none of the kinds; ``not_of_it``: of
    those who are not, or no longer, in a kind."""

    general: Words
    foreign: Words
    not_of_it: Words


@cache
def name_words() -> NameWords:
    data = read_yaml(shipped_schemas() / "_names.yaml")
    return NameWords(*(Words(str(data[key]).split()) for key in ("general", "foreign", "not_of_it")))
