"""What the reports show of a run, besides its findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fupin_cli.intake.model import FileReport, QualityNote
    from fupin_cli.rules.check import RuleCheck


@dataclass(frozen=True)
class RunSummary:
    """One run (一次比对): ``checks`` name missing sources by Chinese title, ``out_files`` are paths."""

    district: str
    as_of: date
    files: tuple[FileReport, ...]
    checks: tuple[RuleCheck, ...]
    notes: tuple[QualityNote, ...]
    out_files: tuple[str, ...]
