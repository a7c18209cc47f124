"""What the reports show of a run, besides its findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from fupin_cli.reports.wording import chinese_date

if TYPE_CHECKING:
    import pandas as pd

    from fupin_cli.intake.model import FileReport, QualityNote
    from fupin_cli.receipt.model import Receipt
    from fupin_cli.rules.check import RuleCheck


@dataclass(frozen=True)
class RunSummary:
    """One run (一次比对): ``checks`` name missing sources by Chinese title, ``out_files`` are paths; ``rates``: sentences about
    the whole district (实际报销比例); ``receipt``: what arrived and how far it is believed (a period, and runs before there
    was one, have none); ``held``: why findings wait for the receipt to be accepted → how many."""

    district: str
    as_of: date
    files: tuple[FileReport, ...]
    checks: tuple[RuleCheck, ...]
    notes: tuple[QualityNote, ...]
    out_files: tuple[str, ...]
    rates: tuple[str, ...] = ()
    receipt: Receipt | None = None
    held: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RunPoint:
    """One run in a trend (一次比对): findings by category, how many rules were checked, which were not, or only in part."""

    as_of: date
    found: Mapping[str, int]
    checked: int
    unchecked: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """A step of 发现→属实→整改→销号: how many findings, the rate that goes with it, and what the page's table shows of it."""

    label: str
    number: int
    rate: float | None
    shown_by: Mapping[str, str]


@dataclass(frozen=True)
class Report:
    """What a page or document reports: one run, or a period (``since`` to ``summary.as_of``).

    ``findings``: the columns of ``findings.csv``; with ``runs``, also what the ledger says: ``state``, ``verified``
    (核实情况), ``first_as_of``, ``due_on`` and, not to be printed, ``state_before``, ``yardstick_changed``.
    ``towns``: the towns of the workspace, which stand in the tables also when nothing was found there.
    ``runs``: the ledger's runs, oldest first; ``no_history`` says why there are none.
    """

    summary: RunSummary
    findings: pd.DataFrame
    since: date | None = None
    towns: tuple[str, ...] = ()
    runs: tuple[RunPoint, ...] = ()
    no_history: str = "没有整改台账：在工作目录（fupin init 建立）中比对，才有整改情况和趋势。"

    @property
    def period(self) -> str:
        """What it is about, in words."""
        until = chinese_date(self.summary.as_of)
        return until if self.since is None else f"{chinese_date(self.since)}至{until}"
