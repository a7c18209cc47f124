"""Towns and villages (镇、行政村): one name each, from columns or from an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from fupin_cli.fields.codes import normalise_text, strip_code_number
from fupin_cli.fields.columns import mapped

_OFFICE = re.compile(r"(人民政府|政府|镇政府|办事处|街道办|扶贫办|扶贫工作站|党委)$")
_COMMITTEE = re.compile(r"(村民委员会|村委会|村委|行政村|村民委)$")
_RESIDENTS = re.compile(r"(社区居民委员会|社区居委会|社区居委|居民委员会|居委会)$")
_ABOVE = re.compile(r"^.*?(省|自治区)?.{0,8}?市.{0,6}?(区|县)(?=.)|^.{0,8}?(区|县)(?=.{1,6}(镇|乡|街道))")
_TOWN = re.compile(r"^([一-龥]{1,6}?(?:镇|乡|街道|农场))")
_VILLAGE = re.compile(r"^([一-龥]{1,10}?(?:村民委员会|村委会|行政村|居民委员会|居委会|社区|村))")


class Places:
    """Town → villages as ``fupin.toml`` names them; unknown places keep their normalised name."""

    def __init__(self, towns: Mapping[str, Sequence[str]] | None = None) -> None:
        self._villages = {town: tuple(villages) for town, villages in (towns or {}).items()}
        self._towns = {_stem(town): town for town in self._villages}

    def with_towns(self, towns: Iterable[str]) -> Places:
        """The same with more towns known by name."""
        return Places({**{town: () for town in towns}, **self._villages})

    def key(self) -> str:
        """What results depend on."""
        return repr(sorted(self._villages.items()))

    def town(self, text: object) -> str | None:
        """``灵山镇人民政府``, ``灵山`` → ``灵山镇`` (when it is known, or written in full)."""
        name = normalise_text(text)
        if name is None:
            return None
        name = strip_code_number(name)
        name = _ABOVE.sub("", name) or name
        name = _OFFICE.sub("", name) or name
        return self._towns.get(_stem(name), name)

    def village(self, text: object, town: str | None = None) -> str | None:
        """``东营村委会``, ``东营`` → ``东营村``; a community keeps its ``社区``."""
        name = normalise_text(text)
        if name is None:
            return None
        name = strip_code_number(name)
        if town and name.startswith(town) and len(name) > len(town):
            name = name.removeprefix(town)
        if _RESIDENTS.search(name):
            name = _RESIDENTS.sub("", name).removesuffix("社区") + "社区"
        else:
            stem = _COMMITTEE.sub("", name)
            name = stem if stem.endswith(("村", "社区", "居", "农场")) and stem else f"{stem}村"
        if town in self._villages:
            known = {_stem(village): village for village in self._villages[town]}
            return known.get(_stem(name), name)
        return name

    def from_address(self, text: object) -> tuple[str | None, str | None]:
        """(town, village) of an address; ``None`` where it does not say."""
        name = normalise_text(text)
        if name is None:
            return None, None
        rest = _ABOVE.sub("", name)
        found = _TOWN.match(rest)
        town = self.town(found.group(1)) if found else None
        place = _VILLAGE.match(rest[found.end() :] if found else rest)
        return town, self.village(place.group(1), town) if place else None

    def town_column(self, series: pd.Series[Any]) -> pd.Series[Any]:
        """Towns of a column."""
        return mapped(series, self.town, "string[pyarrow]")

    def village_column(self, series: pd.Series[Any], towns: pd.Series[Any]) -> pd.Series[Any]:
        """Villages of a column, each in its town."""
        known: dict[tuple[Any, Any], str | None] = {}
        found = []
        for text, town in zip(series.array, towns.array, strict=True):
            key = (text, None if town is pd.NA else town)
            if key not in known:
                known[key] = self.village(*key)
            found.append(known[key])
        return pd.Series(found, index=series.index, dtype="string[pyarrow]")


def _stem(name: str) -> str:
    return re.sub(r"(镇|乡|街道|村|社区)$", "", name) or name
