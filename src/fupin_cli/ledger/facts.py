"""What a run hands to the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from fupin_cli.ledger.sight import Sight

# What the ledger keeps of a finding; ``findings.csv`` has columns of its own.
FACTS = (
    "finding_key", "rule_id", "category", "severity", "subject_type", "household_id", "person_no", "name", "id_number",
    "town", "village", "owner", "title", "detail", "register_value", "source_value", "basis", "evidence", "sources",
)  # fmt: skip


@dataclass(frozen=True)
class RunFacts:
    """One run (一次比对) as the ledger sees it.

    ``findings``: the columns of ``findings.csv`` and ``sources``, the kinds of its evidence separated by spaces.
    ``coverage``: (rule, town, checked); town ``""`` is the whole district, a town has a row where it differs.
    ``partly``: rules the run reported as checked in part (部分未比对); the ledger clears by ``coverage`` alone.
    ``arrived``: kinds of source that were read in full; ``short``: (kind, town) where one came without a town. A finding is
    only missed where its rule was checked for its town and every source of its evidence arrived with its town.
    ``receipt``: what arrived and how far it is believed (收件登记), as JSON; ``dead``: ID numbers of the dead, ``None``
    where no list of them is believed. ``sight``: what else the run saw; ``yardsticks``: rule → its version and the policy
    values it used, as JSON; ``accepted``: why somebody let a doubtful run in.
    """

    as_of: date
    findings: pl.DataFrame
    coverage: tuple[tuple[str, str, bool], ...]
    arrived: frozenset[str]
    short: frozenset[tuple[str, str]] = frozenset()
    out: str = ""
    round: str = ""
    partly: frozenset[str] = frozenset()
    receipt: str = ""
    dead: frozenset[str] | None = None
    sight: Sight = field(default_factory=Sight)
    yardsticks: Mapping[str, str] = field(default_factory=dict)
    accepted: str = ""

    @property
    def fingerprint(self) -> str:
        """Equal for runs that say the same, wherever their outputs went."""
        text = f"{self.as_of}\n{sorted(self.coverage)}\n{sorted(self.arrived)}\n{sorted(self.short)}\n"
        text += f"{sorted(self.yardsticks.items())}\n"
        ordered = self.findings.sort("finding_key").select(sorted(self.findings.columns))
        return hashlib.sha256(text.encode() + ordered.write_csv().encode()).hexdigest()
