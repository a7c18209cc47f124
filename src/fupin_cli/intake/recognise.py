"""Which kind a sheet is (种类识别): by its header, its title and its name, with a reason and a runner-up."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from fupin_cli.intake.header import Header, HeaderIndex, Match, header_unit
from fupin_cli.intake.naming import Names, Says, Verdict
from fupin_cli.schema.kinds import Field, Kind
from fupin_cli.schema.names import name_words

# A kind whose columns stand out by this much is what the sheet is meant to be, though a required column is missing.
STANDS_OUT = 0.75
# An address says town and village; a sheet named after a town says the town.
FROM_ADDRESS = frozenset({"town", "village"})
# A column under a group of this name (户主/身份证号) is of somebody else, where a column of the row's own person is there.
_ANOTHER = re.compile("(户主|监护人|家长|申请人|联系人|代理人|代领人)[^/]*/")
ANOTHER = 1000
# So many columns that no other family of kinds has outweigh a name that nobody knows (of a list of villages, works or
# projects, which are less alike than lists of people); so many more than the kind that the name tells, a name of another kind.
OUTWEIGH_UNKNOWN, OUTWEIGH_UNKNOWN_OF_PLACES, OUTWEIGH_KIND = 5, 2, 2
# A kind with so many columns of its own may have one besides that other lists have.
MANY_OWN = 6
_APPLIED_FOR = "申请"


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
    """A kind the sheet might be: its columns, what is missing, how much speaks for it, and what the names say of it.

    ``own``: how many columns no kind of another family has; ``foreign``: a column or value that other lists have;
    ``against``: why it is not taken for this kind, in Chinese, empty where nothing speaks against it.
    """

    kind: Kind
    columns: tuple[Column, ...]
    missing: tuple[str, ...]
    weight: float
    words: tuple[str, ...]
    verdict: Verdict
    own: int
    foreign: str
    against: str = ""

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
    header: Header,
    index: HeaderIndex,
    kinds: Mapping[str, Kind],
    names: Names,
    *,
    town_known: bool,
    unlike: Callable[[Column, Field], str] = lambda _, __: "",
) -> list[Candidate]:
    """All kinds that share a column with the header, best first.

    ``unlike``: a value of a column of which the field knows none. A kind against which something speaks comes last; one of
    which nothing is missing before the others, unless one of them is clearly what is meant.
    """
    matches = index.all_matches(header)
    found = [
        _candidate(kind, header, columns, matches, names, unlike, town_known)
        for kind in kinds.values()
        if (columns := columns_of(kind.id, header, matches))
    ]
    told = max((one.own for one in found if one.verdict.says is Says.THIS), default=0)
    found = [replace(one, against=_against(one, told)) for one in found]
    found.sort(key=lambda one: (bool(one.against), bool(one.missing), -one.score, one.kind.id))
    meant = [one for one in found if one.missing and not one.against and one.meant_rather_than(found[0])]
    if found and not found[0].missing and meant:
        found.remove(meant[0])
        found.insert(0, meant[0])
    return found


def _candidate(
    kind: Kind,
    header: Header,
    columns: tuple[Column, ...],
    matches: Sequence[Mapping[str, Match]],
    names: Names,
    unlike: Callable[[Column, Field], str],
    town_known: bool,
) -> Candidate:
    verdict = names.of(kind, tells_status=any(column.field == "status" for column in columns))
    strange = {column: value for column in columns if (value := unlike(column, kind.field(column.field)))}
    telling = columns if verdict.says is Says.THIS else tuple(column for column in columns if column not in strange)
    weight = sum(1 / len(matches[column.index]) for column in telling)
    family = kind.id.partition(".")[0]
    own = sum(all(other.partition(".")[0] == family for other in matches[column.index]) for column in telling)
    known = frozenset(column.field for column in telling)
    by_name = verdict.says in (Says.THIS, Says.THIS_IN_GENERAL)
    named = by_name and any(word in names.text for word in kind.named) and _APPLIED_FOR not in names.text
    missing = _missing(kind, known, named=named, town_known=town_known)
    words = _words(kind, names.text) if by_name else ()
    others = [label for label in header.labels if label and label not in {column.label for column in columns}]
    foreign = _foreign(others if own < MANY_OWN else [], strange)
    return Candidate(kind, columns, missing, weight, words, verdict, own, foreign)


def _foreign(labels: Sequence[str], strange: Mapping[Column, str]) -> str:
    """A column that other lists have (户厕类型; not 是否…, which every list may ask), or a value of theirs (养老保险)."""
    words = name_words().foreign
    found = [f"有“{label}”列" for label in labels if words.found_in(label) and "是否" not in label]
    found += [f"“{column.label}”列是“{value}”" for column, value in strange.items() if words.found_in(value)]
    return found[0] if found else ""


def _against(one: Candidate, told: int) -> str:
    """Why a sheet is not taken for a kind: its names say something else, or it has a column or value of other lists.

    ``told``: the most columns of its own that a kind has which the names tell.
    """
    says, name = one.verdict.says, f"名称是“{one.verdict.text}”"
    of_people = "id_number" in one.kind.names
    outweighed = {
        Says.SOMETHING_UNKNOWN: not one.missing
        and one.own >= (OUTWEIGH_UNKNOWN if of_people else OUTWEIGH_UNKNOWN_OF_PLACES),
        Says.ANOTHER_KIND: not one.missing and one.own >= told + OUTWEIGH_KIND,
        Says.ANOTHER_LIST: False,
    }.get(says, True)
    if not outweighed:
        return name
    return "" if says is Says.THIS else one.foreign


def columns_of(kind: str, header: Header, matches: Sequence[Mapping[str, Match]]) -> tuple[Column, ...]:
    """The header's columns as fields of ``kind``: each field takes the column that matches it best, each column one field."""
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


def _words(kind: Kind, text: str) -> tuple[str, ...]:
    found = sorted((word for word in kind.evidence if word in text), key=len, reverse=True)
    return tuple(word for word in found if not any(word != other and word in other for other in found))
