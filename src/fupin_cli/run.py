"""One run (一次比对): files → intake → linkage → rules → findings → the files of an output folder."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from fupin_cli import __version__
from fupin_cli.engine import each_on_spark, lazy_frame, lazy_frames, start_spark
from fupin_cli.errors import FupinError, InputError
from fupin_cli.fields.places import Places
from fupin_cli.intake.model import Intake, QualityNote
from fupin_cli.intake.read import Each, read_paths
from fupin_cli.ledger.decisions import read_decisions
from fupin_cli.ledger.memory import counts_before, read_dead
from fupin_cli.ledger.receipts import last_receipt, read_acceptances
from fupin_cli.ledger.update import Update
from fupin_cli.linkage.blocks import BLOCK_CAP
from fupin_cli.linkage.decisions import Decided
from fupin_cli.linkage.households import with_household_facts
from fupin_cli.linkage.link import Linked, link_tables
from fupin_cli.linkage.persons import pids_of
from fupin_cli.receipt.draw import digest_of, draw_up
from fupin_cli.receipt.ground import Control, Ground
from fupin_cli.receipt.model import Receipt
from fupin_cli.reports.model import RunSummary
from fupin_cli.rules.book import DEATHS, HOUSEHOLDS, REGISTER, Book
from fupin_cli.rules.catalogue import catalogue
from fupin_cli.rules.check import RuleCheck, Yardstick, run_rules
from fupin_cli.rules.med import reimbursed
from fupin_cli.schema.kinds import Kind, load_kinds
from fupin_cli.workspace import Workspace

LIBRARIES = ("narwhals", "pandas", "pandera", "polars", "python-calamine", "xlsxwriter")


@dataclass(frozen=True)
class Run:
    """What one comparison knows; ``findings`` has the columns of ``findings.csv``, ``held`` those of ``held.csv``;
    ``grounds``: the rows that findings rest on (``finding_key``, ``place``, ``rid``, ``own``)."""

    as_of: date
    workspace: Workspace
    kinds: dict[str, Kind]
    intake: Intake
    linked: Linked
    findings: pl.DataFrame
    held: pl.DataFrame
    checks: tuple[RuleCheck, ...]
    engine: str
    seconds: dict[str, float]
    receipt: Receipt
    grounds: pl.DataFrame
    yardsticks: Mapping[str, Yardstick]
    rates: tuple[str, ...] = ()
    masked: bool = False

    @property
    def notes(self) -> tuple[QualityNote, ...]:
        """Remarks on data quality (数据质量), also of what linkage could not use."""
        text = "{:,}条记录的“{}”与{}人以上相同，说明不了是谁，没有据此核对身份"
        return self.intake.notes + tuple(
            QualityNote("", "", "", "", "linkage.common_key", text.format(count, block, BLOCK_CAP), count)
            for block, count in self.linked.skipped.items()
        )

    def summary(self, files: tuple[str, ...]) -> RunSummary:
        """What the reports show of it; ``files``: the paths of its outputs."""
        checks = tuple(_titled(check, self.kinds) for check in self.checks)
        return RunSummary(
            self.workspace.district, self.as_of, self.intake.files, checks, self.notes, files, self.rates, self.receipt,
            self.held_because,
        )  # fmt: skip

    @property
    def held_because(self) -> dict[str, int]:
        """Why findings are held → how many, most first."""
        counts = self.held["held_because"].value_counts().sort("count", "held_because", descending=[True, False])
        return dict(counts.iter_rows())

    @property
    def doubts(self) -> dict[str, frozenset[str]]:
        """Kind → towns in which it was not looked at (``""``: nowhere)."""
        return self.receipt.doubts()


def read_sources(
    paths: Sequence[Path],
    workspace: Workspace,
    progress: Callable[[str], None],
    *,
    use_cache: bool = True,
    each: Each | None = None,
) -> tuple[Intake, dict[str, Kind]]:
    """Read everything under ``paths`` with the shipped and the workspace's source kinds."""
    for path in paths:
        if not path.exists():
            raise FupinError("文件或文件夹不存在", where=str(path), cure="检查路径是否写对")
    kinds = load_kinds(workspace.schemas)
    cache = workspace.cache if workspace.configured and use_cache else None
    return read_paths(paths, kinds, Places(workspace.towns), cache_dir=cache, each=each, progress=progress), kinds


def link_sources(intake: Intake, kinds: dict[str, Kind], decisions: pl.DataFrame | None = None) -> Linked:
    """Canonical tables linked to persons; ``decisions``: what people confirmed (人工确认)."""
    tables = dict(intake.tables)
    if {REGISTER, HOUSEHOLDS} <= set(tables):
        tables[REGISTER] = with_household_facts(tables[REGISTER], tables[HOUSEHOLDS])
    snapshots = frozenset(kind.id for kind in kinds.values() if kind.nature == "snapshot")
    return link_tables(tables, snapshots, None if decisions is None else Decided(decisions), intake.spool)


def compare(
    paths: Sequence[Path],
    as_of: date,
    workspace: Workspace,
    *,
    engine: str = "polars",
    master: str = "",
    progress: Callable[[str], None] = lambda _: None,
    use_cache: bool = True,
) -> Run:
    """The main job without its outputs. Raises :class:`InputError` when there is no register to compare with.

    ``master``: where Spark runs, for ``engine`` ``spark``.
    """
    started = time.perf_counter()
    each = None
    if engine == "spark":
        start_spark(master)
        each = each_on_spark
    intake, kinds = read_sources(paths, workspace, progress, use_cache=use_cache, each=each)
    if REGISTER not in intake.tables:
        errors = "".join(file.error for file in intake.files if file.error)
        raise InputError(
            f"没有读到建档立卡台账（{kinds[REGISTER].title}），无法比对。{errors}",
            where="、".join(str(path) for path in paths),
            cure="把台账导出表放进数据文件夹；用 fupin inspect 查看每张表被认作什么",
        )
    reading = time.perf_counter() - started
    run = compare_intake(intake, kinds, as_of, workspace, engine=engine, progress=progress)
    return replace(run, seconds={"读取": reading, **run.seconds})


def compare_intake(
    intake: Intake,
    kinds: dict[str, Kind],
    as_of: date,
    workspace: Workspace,
    *,
    engine: str = "polars",
    progress: Callable[[str], None] = lambda _: None,
) -> Run:
    """What follows once everything is read: receipt, identities, rules."""
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    progress("收件登记")
    receipt = received(intake, as_of, workspace, kinds)
    seconds["收件登记"] = time.perf_counter() - started
    progress("核对身份")
    decisions = read_decisions(workspace.ledger) if workspace.configured else None
    linked = link_sources(intake, kinds, decisions)
    seconds["核对身份"] = time.perf_counter() - started - sum(seconds.values())
    book = believed(book_of(linked, as_of, workspace, engine, kinds), intake, receipt, linked, workspace)
    checked = run_rules(book, linked.tables, catalogue().values(), progress)
    seconds["检查规则"] = time.perf_counter() - started - sum(seconds.values())
    return Run(
        as_of, workspace, kinds, intake, linked, checked.findings, checked.held, checked.checks, engine, seconds, receipt,
        checked.grounds, checked.yardsticks, reimbursed(book),
    )  # fmt: skip


def received(intake: Intake, as_of: date, workspace: Workspace, kinds: dict[str, Kind]) -> Receipt:
    """What arrived and how far it may be believed, measured against the last receipt of a configured workspace."""
    ledger, inputs = workspace.ledger, digest_of(intake.files)
    last = last_receipt(ledger, as_of, inputs) if workspace.configured else None
    accepted = read_acceptances(ledger) if workspace.configured else ()
    towns, controls = tuple(workspace.towns), controls_of(workspace)
    ground = Ground(as_of, kinds, workspace.policy, towns, controls, last, accepted, workspace.villages)
    return draw_up(intake, ground)


def controls_of(workspace: Workspace) -> tuple[Control, ...]:
    """The control totals (控制数) that were given: (town, households, persons), town ``""`` the district."""
    district = workspace.control
    controls = [("", district.households, district.persons)]
    controls += [(town, control.households, control.persons) for town, control in workspace.town_controls.items()]
    return tuple(control for control in controls if control[1:] != (None, None))


def believed(book: Book, intake: Intake, receipt: Receipt, linked: Linked, workspace: Workspace) -> Book:
    """The book with what the receipt says of its lists, and what the ledger remembers."""
    ledger = workspace.ledger if workspace.configured else None
    lost = receipt.lost()
    gone = DEATHS in lost or DEATHS in receipt.doubts()
    return replace(
        book,
        columns=intake.asked,
        doubts=receipt.doubts(),
        lost=lost,
        blanked={kind: receipt.blanked(kind) for kind in linked.tables},
        accepted=receipt.accepted(),
        counted_before=counts_before(ledger, book.as_of) if ledger else {},
        dead_before=pids_of(linked.persons, read_dead(ledger)) if ledger and gone else frozenset(),
    )


def book_of(linked: Linked, as_of: date, workspace: Workspace, engine: str, kinds: Mapping[str, Kind]) -> Book:
    """The rules' view of the linked tables, with the workspace's policy, towns and control totals."""
    return Book(
        as_of=as_of,
        policy=workspace.policy,
        tables=lazy_frames(linked.tables, engine, linked.spool),
        persons=lazy_frame(linked.persons, engine, linked.spool),
        links=lazy_frame(linked.links.lazy(), engine, linked.spool),
        towns=tuple(workspace.towns),
        villages=workspace.villages,
        controls=controls_of(workspace),
        kinds=kinds,
        engine=engine,
    )


def manifest(run: Run, update: Update | None = None) -> dict[str, Any]:
    """``run.json``: what a number in the next audit can be traced to."""
    links = run.linked.links
    return {
        "as_of": run.as_of.isoformat(),
        "district": run.workspace.district,
        "inputs": [asdict(file) for file in run.intake.files],
        "receipt": {**asdict(run.receipt), "as_of": run.as_of.isoformat()},
        "quality": [asdict(note) for note in run.notes],
        "links": links.group_by("kind", "level", "state").len("count").sort("kind", "level").to_dicts(),
        "rules": [asdict(check) for check in run.checks],
        "findings": run.findings.height,
        "rates": list(run.rates),
        "held_findings": run.held_because,
        "ledger": {k: v for k, v in asdict(update).items() if k != "keys"} if update is not None else None,
        "policy": dict(run.workspace.policy.values),
        "versions": {
            "fupin": __version__,
            "python": platform.python_version(),
            **{x: version(x) for x in LIBRARIES},
        },
        "engine": run.engine,
        "seconds": {step: round(value, 3) for step, value in run.seconds.items()},
    }


def _titled(check: RuleCheck, kinds: dict[str, Kind]) -> RuleCheck:
    """The same check with the sources' Chinese titles in place of their ids."""
    missing = tuple(kinds[kind].title if kind in kinds else kind for kind in check.missing)
    return RuleCheck(**{**asdict(check), "missing": missing})
