"""The last step of a run: its outputs and the ledger together or not at all, and not without asking where something speaks
against it (记入前的核对)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from fupin_cli.ledger.receipts import holding_receipt
from fupin_cli.ledger.update import Update
from fupin_cli.ledger_entry import keeping_in_ledger
from fupin_cli.outputs import Place, masked_run, placing_outputs, write_outputs
from fupin_cli.receipt.model import EVERYWHERE
from fupin_cli.reports.model import RunSummary
from fupin_cli.rules.book import REGISTER
from fupin_cli.rules.flood import FLOOD
from fupin_cli.run import Run

# Days after today that a comparison may be dated; days between it and the month that the register is of.
AHEAD, APART = 31, 92
# So many times the new findings of the run before, and at least so many, are not a month's work.
TIMES, ENOUGH = 3, 20


@dataclass(frozen=True)
class Done:
    """The run as it was written, with its update of the ledger, or why the ledger was not touched (``held``)."""

    run: Run
    summary: RunSummary
    update: Update | None = None
    held: tuple[str, ...] = ()


class HeldBack(Exception):
    """The ledger was not to take this run without a reason."""


@dataclass(frozen=True)
class Entry:
    """Where a run goes: its output ``folder``, as it may be published (``mask``) or with a ``password``; ``today``: the day the
    command runs; ``round``, ``backfill``: for the ledger."""

    folder: Path
    today: date
    round: str = ""
    backfill: bool = False
    mask: bool = False
    password: str = ""

    def kept(self, run: Run, accepted: str = "") -> Done:
        """Its outputs, and the ledger too, unless something speaks against that and nobody ``accepted`` it with a reason."""
        held = [] if accepted else list(dict.fromkeys(doubts_of(run, self.today)))
        at = datetime.now().isoformat(timespec="seconds")
        try:
            with (
                self._placing() as place,
                keeping_in_ledger(
                    run, self.folder, at=at, round=self.round, backfill=self.backfill, accepted=accepted
                ) as (kept, update),
            ):
                held += [] if accepted else too_many(update)
                if held and not update.repeated:
                    raise HeldBack
                kept = masked_run(kept) if self.mask else kept
                summary = place(kept, update)
        except HeldBack:
            with self._placing() as place, holding_receipt(run.workspace.ledger, run.receipt.to_json()):
                kept = masked_run(run) if self.mask else run
                summary = place(kept, None)
            return Done(kept, summary, held=tuple(held))
        return Done(kept, summary, update)

    def _placing(self) -> AbstractContextManager[Place]:
        return placing_outputs(self.folder, is_masked=self.mask, password=self.password)

    def written(self, run: Run) -> Done:
        """Its outputs alone."""
        run = masked_run(run) if self.mask else run
        return Done(run, write_outputs(run, self.folder, password=self.password))


def doubts_of(run: Run, today: date) -> Iterator[str]:
    """In one Chinese clause each; before the ledger is looked at."""
    if (run.as_of - today).days > AHEAD:
        yield f"比对日期{run.as_of}比今天晚{(run.as_of - today).days}天"
    for file in run.intake.files:
        for sheet in file.sheets:
            if sheet.state == "loaded" and sheet.kind == REGISTER and sheet.month and _far(run.as_of, sheet.month):
                yield f"台账写明是{sheet.month}的（{sheet.file}），比对日期是{run.as_of}"
    for scope in run.receipt.scopes:
        if scope.kind == REGISTER and scope.in_doubt:
            where = f"（{scope.town}）" if scope.town != EVERYWHERE else ""
            yield f"台账存疑{where}：{'；'.join(scope.reasons)}"
    floods = sum(count for because, count in run.held_because.items() if because.startswith(FLOOD))
    if floods:
        yield f"{floods:,}条批量异常，先核对名单"


def too_many(update: Update) -> Iterator[str]:
    """Many more new findings than the last time."""
    before = update.new_before
    if before is not None and not update.backfilled and update.new >= ENOUGH and update.new > TIMES * before:
        yield f"新发现{update.new:,}条，上次是{before:,}条"


def _far(day: date, month: str) -> bool:
    year, number = map(int, month.split("-"))
    first = date(year, number, 1)
    after = date(year + number // 12, number % 12 + 1, 1)
    return (first - day).days > APART or (day - after).days >= APART
