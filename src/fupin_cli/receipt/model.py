"""What the receipt room hands over: every list as a claim about a scope, and how far it may be believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

ScopeState = Literal["complete", "doubtful", "missing"]
EVERYWHERE = ""


@dataclass(frozen=True)
class Fault:
    """Why a list of ``kind`` is not to be believed in ``town`` (``""``: anywhere), in one Chinese sentence."""

    kind: str
    town: str
    state: ScopeState
    reason: str


@dataclass(frozen=True)
class Acceptance:
    """A person's word that a doubt is none: for the files it was given for (``digests``; none: for that day's run), or,
    ``standing``, for all that come. Without a town it speaks for the whole list."""

    kind: str
    town: str
    reason: str
    who: str
    at: str
    as_of: str
    standing: bool = False
    digests: tuple[str, ...] = ()

    def holds(self, as_of: date, digests: tuple[str, ...]) -> bool:
        """Whether it speaks of these files."""
        return self.standing or (self.digests == digests and bool(digests or self.as_of == as_of.isoformat()))

    @property
    def words(self) -> str:
        return f"{self.reason}（{self.who}，{self.at[:10]}）"


def word_on(
    accepted: Sequence[Acceptance], kind: str, town: str, as_of: date, digests: tuple[str, ...]
) -> Acceptance | None:
    """The latest word that lifts a doubt about these files in a town."""
    words = [one for one in accepted if one.kind == kind and one.town in (EVERYWHERE, town)]
    return next((one for one in reversed(words) if one.holds(as_of, digests)), None)


@dataclass(frozen=True)
class Scope:
    """A kind in a town (``""``: the whole list): files, whether a sheet of them was read, rows, share of rows in which each
    column is filled (whole lists only).

    ``state``: complete 完整, doubtful 存疑, missing 缺; ``accepted``: why and by whom the doubt was lifted. ``known``: rows
    when it was last believed, now or before; ``None``: never. ``blanked``: columns that used to be filled and are not now, with
    their titles.
    """

    kind: str
    kind_title: str
    town: str = EVERYWHERE
    period: str = ""
    files: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    read: bool = False
    rows: int = 0
    filled: Mapping[str, float] = field(default_factory=dict)
    state: ScopeState = "complete"
    reasons: tuple[str, ...] = ()
    accepted: str = ""
    standing: bool = False
    known: int | None = None
    blanked: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_doubt(self) -> bool:
        """Not to be looked at: doubtful or missing, and nobody has accepted it."""
        return self.state != "complete" and not self.accepted

    @property
    def is_lost(self) -> bool:
        """It came before and is not here, or not believed, now; only a standing word says that there is no such list."""
        return bool(self.known) and self.state != "complete" and not (self.accepted if self.read else self.standing)


@dataclass(frozen=True)
class Aside:
    """A file or sheet that was set aside (放在一边), with the state of its sheet and the reason."""

    file: str
    sheet: str
    state: str
    reason: str


@dataclass(frozen=True)
class Receipt:
    """The table of one run. ``months``: those the loaded lists are of; ``unverifiable``: what could not be verified;
    ``towns``: what ``[towns]`` and the lists say differently; ``inputs``: a digest of all files that were given."""

    as_of: date
    scopes: tuple[Scope, ...] = ()
    aside: tuple[Aside, ...] = ()
    unverifiable: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    inputs: str = ""

    def doubts(self) -> dict[str, frozenset[str]]:
        """Kind → towns where it must not be looked at; ``""`` alone: nowhere at all."""
        return _places(scope for scope in self.scopes if scope.in_doubt)

    def lost(self) -> dict[str, frozenset[str]]:
        """Kind → towns (``""`` alone: everywhere) of which it came to this workspace before, and not, or not believed, now."""
        return _places(scope for scope in self.scopes if scope.is_lost)

    def accepted(self) -> dict[str, frozenset[str]]:
        """Kind → towns of which a person vouches for it (``""`` alone: everywhere)."""
        return _places(scope for scope in self.scopes if scope.accepted)

    def blanked(self, kind: str) -> frozenset[str]:
        """Columns of a kind that used to be filled and are blank throughout now."""
        whole = self.whole(kind)
        return frozenset(whole.blanked) if whole is not None and not whole.accepted else frozenset()

    def whole(self, kind: str) -> Scope | None:
        """The scope of a whole list."""
        return self.scope(kind, EVERYWHERE)

    def scope(self, kind: str, town: str) -> Scope | None:
        return next((scope for scope in self.scopes if (scope.kind, scope.town) == (kind, town)), None)

    @property
    def arrived(self) -> tuple[Scope, ...]:
        """The lists that were read."""
        return tuple(scope for scope in self.scopes if scope.town == EVERYWHERE and scope.read)

    def with_words(self, accepted: Sequence[Acceptance]) -> Receipt:
        """The same with the doubts lifted that people have lifted since."""

        def lifted(scope: Scope) -> Scope:
            word = word_on(accepted, scope.kind, scope.town, self.as_of, scope.digests)
            return scope if word is None else replace(scope, accepted=word.words, standing=word.standing)

        return replace(self, scopes=remembering([lifted(one) if one.in_doubt else one for one in self.scopes]))

    def to_json(self) -> str:
        from pydantic import TypeAdapter

        return TypeAdapter(Receipt).dump_json(self, exclude_defaults=True).decode("utf-8")

    @staticmethod
    def from_json(text: str) -> Receipt:
        from pydantic import TypeAdapter

        return TypeAdapter(Receipt).validate_json(text)


def remembering(scopes: Sequence[Scope]) -> tuple[Scope, ...]:
    """With what the next run is measured against: the rows where they are believed, else what was known so far."""
    doubted = {(scope.kind, scope.town) for scope in scopes if scope.in_doubt}
    unsure = {kind for kind, _ in doubted}

    def believed(scope: Scope) -> bool:
        if scope.town == EVERYWHERE:
            return scope.read and scope.kind not in unsure
        return scope.read and not doubted & {(scope.kind, EVERYWHERE), (scope.kind, scope.town)}

    return tuple(replace(scope, known=scope.rows) if believed(scope) else scope for scope in scopes)


def _places(scopes: Iterable[Scope]) -> dict[str, frozenset[str]]:
    places: dict[str, set[str]] = {}
    for scope in scopes:
        places.setdefault(scope.kind, set()).add(scope.town)
    return {kind: frozenset({EVERYWHERE} if EVERYWHERE in towns else towns) for kind, towns in places.items()}
