"""What a receipt is drawn up from, besides what arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from fupin_cli.policy import Policy
from fupin_cli.receipt.model import EVERYWHERE, Acceptance, Receipt, word_on
from fupin_cli.schema.kinds import Kind

Control = tuple[str, int | None, int | None]


@dataclass(frozen=True)
class Ground:
    """``towns``, ``villages`` (town, village): of ``fupin.toml``; ``controls``: (town, households, persons), town ``""`` the district; ``last``: the last
    receipt of this workspace; ``accepted``: people's words, the latest last."""

    as_of: date
    kinds: Mapping[str, Kind]
    policy: Policy
    towns: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    last: Receipt | None = None
    accepted: Sequence[Acceptance] = field(default_factory=tuple)
    villages: tuple[tuple[str, str], ...] = ()

    @cached_property
    def known(self) -> dict[tuple[str, str], int]:
        """(kind, town) → rows when it was last believed."""
        scopes = self.last.scopes if self.last is not None else ()
        return {(scope.kind, scope.town): scope.known for scope in scopes if scope.known is not None}

    def known_towns(self, kind: str) -> dict[str, int]:
        """Town → rows of a kind when it was last believed there."""
        return {town: rows for (name, town), rows in self.known.items() if name == kind and town != EVERYWHERE}

    def came(self, kind: str) -> bool:
        """Whether it was read the last time, believed or not."""
        whole = self.last.whole(kind) if self.last is not None else None
        return whole is not None and whole.read

    def word_on(self, kind: str, town: str, digests: tuple[str, ...]) -> Acceptance | None:
        """The latest word that lifts a doubt about these files in a town."""
        return word_on(self.accepted, kind, town, self.as_of, digests)
