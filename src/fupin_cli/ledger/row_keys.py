"""The hidden key (识别码) of a dispatched row: which finding, sent to which unit, with which facts beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

# The leading letter keeps spreadsheets from reading a key as a number.
_KEY = re.compile(r"K([0-9a-f]{16})\.([0-9a-f]{8})\.(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class RowKey:
    """``facts``: a short hash of the row's facts as they were sent."""

    finding_key: str
    facts: str
    unit: str

    def __str__(self) -> str:
        return f"K{self.finding_key}.{self.facts}.{self.unit}"


def parse_row_key(text: str) -> RowKey | None:
    """The key in a cell; ``None`` where there is none or it is damaged."""
    found = _KEY.fullmatch(text.strip())
    return RowKey(found[1].lower(), found[2].lower(), found[3]) if found else None


def facts_hash(facts: Iterable[str]) -> str:
    """Equal for facts that read the same: white space does not count."""
    text = "\x1f".join(re.sub(r"\s+", "", fact) for fact in facts)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
