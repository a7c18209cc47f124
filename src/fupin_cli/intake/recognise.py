"""Which kind a sheet is (种类识别): by its header, its title and its name, with a reason and a runner-up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fupin_cli.intake.header import Header, HeaderIndex, Match, header_unit
from fupin_cli.schema.kinds import Kind

# A kind whose columns stand out by this much is what the sheet is meant to be, though a required column is missing.
STANDS_OUT = 0.75
# An address says town and village; a sheet named after a town says the town.
FROM_ADDRESS = frozenset({"town", "village"})
# A column under a group of this name (户主/身份证号) is of somebody else, where a column of the row's own person is there.
_ANOTHER = re.compile("(户主|监护人|家长|申请人|联系人|代理人|代领人)[^/]*/")
ANOTHER = 1000
# A list of those who are not, are no longer, or are to be in a kind (未签约, 停发, 低保边缘户, 就业意愿) is none of the kind.
_NOT_OF_IT = re.compile("未|不符合|边缘|停发|停保|退出|取消|拟|申请|意愿|培训")


@dataclass(frozen=True)
class Column:
    """A column of the sheet taken for a field."""

    index: int
    field: str
    label: str
    opposite: bool
    unit: str


@dataclass(frozen=True)
class Candidate:
    """A kind the sheet might be: its columns, what is missing, and how much speaks for it."""

    kind: Kind
    columns: tuple[Column, ...]
    missing: tuple[str, ...]
    weight: float
    words: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(column.field for column in self.columns)

    @property
    def score(self) -> float:
        """Its columns and the words of the sheet's name."""
        return self.weight + sum(1 + len(word) / 2 for word in self.words[:2])

    def meant_rather_than(self, other: Candidate) -> bool:
        """Whether the sheet is one of this kind that lacks a column, and fits the other by a few general columns only."""
        named = bool(self.words) and not other.words
        return self.weight >= other.weight + (0 if named else STANDS_OUT)

    def reason(self) -> str:
        """What speaks for it, in Chinese."""
        shown = "、".join(f"“{column.label}”" for column in self.columns[:6])
        text = f"表头有{shown}等 {len(self.columns)} 列符合"
        if self.words:
            text += f"，名称或标题中有“{'”“'.join(self.words)}”"
        return text

    def missing_titles(self) -> str:
        """Titles of the missing columns; for sets of which one is needed, an example of each."""
        known = {field.name: field.title for field in self.kind.fields}
        return "、".join("或".join(known[name] for name in part.split("|")) for part in self.missing)


def candidates(
    header: Header, index: HeaderIndex, kinds: Mapping[str, Kind], names: Iterable[str], *, town_known: bool
) -> list[Candidate]:
    """All kinds that share a column with the header, best first. ``names``: file, sheet and title texts.

    A kind of which nothing is missing comes before the others, unless one of them is clearly what is meant.
    """
    matches = [index.matches(label) if label else {} for label in header.labels]
    text = "\n".join(names)
    found = []
    for kind in kinds.values():
        columns = _assign(kind.id, header, matches)
        if not columns:
            continue
        words = _words(kind, text)
        known = frozenset(column.field for column in columns)
        weight = sum(1 / len(matches[column.index]) for column in columns)
        missing = _missing(kind, known, named=_named(kind, text), town_known=town_known)
        found.append(Candidate(kind, columns, missing, weight, words))
    found.sort(key=lambda candidate: (bool(candidate.missing), -candidate.score, candidate.kind.id))
    meant = [candidate for candidate in found if candidate.missing and candidate.meant_rather_than(found[0])]
    if found and not found[0].missing and meant:
        found.remove(meant[0])
        found.insert(0, meant[0])
    return found


def _assign(kind: str, header: Header, matches: list[dict[str, Match]]) -> tuple[Column, ...]:
    """Each field takes the column that matches it best, each column one field."""
    offers = [
        (match[kind].rank + ANOTHER * bool(_ANOTHER.search(header.labels[place])), place, match[kind])
        for place, match in enumerate(matches)
        if kind in match
    ]
    taken: dict[str, Column] = {}
    for _, place, match in sorted(offers, key=lambda offer: offer[:2]):
        if match.field not in taken:
            label = header.labels[place]
            taken[match.field] = Column(place, match.field, label, match.opposite, header_unit(label))
    return tuple(sorted(taken.values(), key=lambda column: column.index))


def _missing(kind: Kind, known: frozenset[str], *, named: bool, town_known: bool) -> tuple[str, ...]:
    substitutes = FROM_ADDRESS if "address" in known else frozenset({"town"} if town_known else ())
    missing = [field.name for field in kind.fields if field.required and field.name not in known | substitutes]
    missing = [name for name in missing if not _has_fallback(kind, name, known)]
    if kind.one_of and not any(known.issuperset(names) for names in kind.one_of):
        missing.append("|".join(names[0] for names in kind.one_of))
    if kind.signature and not named and not known.intersection(kind.signature):
        missing.append("|".join(kind.signature[:4]))
    return tuple(missing)


def _has_fallback(kind: Kind, name: str, known: frozenset[str]) -> bool:
    """An ID of another column stands in (残疾人证号 holds the 证件号码, and the other way round)."""
    return any(
        (field.name == name and field.fallback in known) or (field.fallback == name and field.name in known)
        for field in kind.fields
        if field.fallback
    )


def _named(kind: Kind, text: str) -> bool:
    return any(word in text for word in kind.named) and not _NOT_OF_IT.search(text)


def _words(kind: Kind, text: str) -> tuple[str, ...]:
    found = sorted((word for word in kind.evidence if word in text), key=len, reverse=True)
    return tuple(word for word in found if not any(word != other and word in other for other in found))
