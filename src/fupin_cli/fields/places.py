"""Towns and villages (镇、行政村): one name each, from columns or from an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from fupin_cli.fields.codes import normalise_text, strip_code_number
from fupin_cli.fields.columns import Distinct, mapped, parted

_OFFICE = re.compile(r"(?:人民政府|政府|(?<=街道)办(?:事处)?|办事处|扶贫办|扶贫工作站|党委)$")
_COMMITTEE = re.compile(r"(?<=.)(?:村民委|村委|行政村).*$")
_RESIDENTS = re.compile(r"(?<=.)(?:社区居民?委|居民?委).*$")
_NAMELESS = re.compile(r"(?:村民委员会|村民委|村委会|村委|行政村|村|社区|居民委员会|居委会|居委)")
_NOTES = re.compile(r"\([^()]*\)")
_ABOVE = (
    re.compile(r"^[^镇乡村街市县区]{2,8}?(?:省|自治区)"),
    re.compile(r"^[^镇乡村街县区]{1,8}?(?:市|自治州)(?!场|村|居|社区|行政村)"),
    re.compile(r"^[^镇乡村街社小]{1,8}?(?:县|(?<!开发)(?<![管园])区)(?=.)"),
)
_TOWN = re.compile(r"^([一-龥]{1,6}?(?:镇|乡|街道|农场))(?!村)")
_VILLAGE = re.compile(r"^([一-龥]{1,10}?(?:村民委员会|村委会|行政村|居民委员会|居委会|社区|村))")


class Places:
    """Town → villages as ``fupin.toml`` names them; unknown places keep their normalised name."""

    def __init__(self, towns: Mapping[str, Sequence[str]] | None = None) -> None:
        self._villages = {town: tuple(villages) for town, villages in (towns or {}).items()}
        self._towns = {_stem(town): town for town in self._villages}

    def with_towns(self, towns: Iterable[str]) -> Places:
        """The same with more towns known by name."""
        return Places({**{town: () for town in towns}, **self._villages})

    @property
    def towns(self) -> tuple[str, ...]:
        return tuple(self._villages)

    def key(self) -> str:
        """What results depend on."""
        return repr(sorted(self._villages.items()))

    def town(self, text: object) -> str | None:
        """``灵山镇人民政府``, ``灵山`` → ``灵山镇`` (when it is known, or written in full)."""
        name = normalise_text(text)
        if name is None:
            return None
        name = _below(strip_code_number(name))
        name = _OFFICE.sub("", name) or name
        return name if name in self._villages else self._towns.get(_stem(name), name)

    def village(self, text: object, town: str | None = None) -> str | None:
        """``东营村委会``, ``东营`` → ``东营村``; a community keeps its ``社区``."""
        name = normalise_text(text)
        if name is None:
            return None
        name = self._without_town(_NOTES.sub("", strip_code_number(name)) or name, town)
        if _NAMELESS.fullmatch(name):
            return name
        if found := _RESIDENTS.search(name):
            name = name[: found.start()].removesuffix("社区") + "社区"
        else:
            name = _COMMITTEE.sub("", name)
            name = name if name.endswith(("村", "社区", "居", "农场")) else f"{name}村"
        villages = self._villages.get(town or "", ())
        return name if name in villages else {_stem(village): village for village in villages}.get(_stem(name), name)

    def _without_town(self, name: str, town: str | None) -> str:
        """A village written with its town or county before it."""
        rest = _below(name)
        found = _TOWN.match(rest)
        if town and rest.startswith(town):
            place = rest.removeprefix(town)
        elif found and (rest != name or found.group(1) in self._villages):
            place = rest[found.end() :]
        else:
            return name
        return place if len(place) > 1 and not _NAMELESS.fullmatch(place) else name

    def from_address(self, text: object) -> tuple[str | None, str | None]:
        """(town, village) of an address; ``None`` where it does not say."""
        name = normalise_text(text)
        if name is None:
            return None, None
        rest = _below(name)
        found = _TOWN.match(rest)
        town = self.town(found.group(1)) if found else None
        rest = rest[found.end() :] if found else rest
        known = [village for village in self._villages.get(town or "", ()) if rest.startswith(village)]
        if known:
            return town, max(known, key=len)
        place = _VILLAGE.match(rest)
        return town, self.village(place.group(1), town) if place else None

    def town_column(self, series: pd.Series[Any]) -> pd.Series[Any]:
        """Towns of a column."""
        return mapped(series, self.town, "string[pyarrow]")

    def village_column(self, series: pd.Series[Any], towns: pd.Series[Any] | None = None) -> pd.Series[Any]:
        """Villages of a column, each in its town if ``towns`` says which."""
        if towns is None:
            return mapped(series, self.village, "string[pyarrow]")
        pairs = Distinct.of(series).beside(Distinct.of(towns))
        found = [self.village(text, town if isinstance(town, str) else None) for text, town in pairs.cells]
        return pairs.column(found, "string[pyarrow]")

    def address_columns(self, addresses: pd.Series[Any]) -> pd.DataFrame:
        """Columns ``town`` and ``village`` of the addresses of a column."""
        return parted(addresses, self.from_address, {"town": "string[pyarrow]", "village": "string[pyarrow]"})


def _below(name: str) -> str:
    """A place without the province, city and county before it."""
    for level in _ABOVE:
        name = level.sub("", name) or name
    return name


def _stem(name: str) -> str:
    return re.sub(r"(镇|乡|街道|村|社区)$", "", name) or name
