"""The files of an output folder (输出): written when all are complete, masked for publication or encrypted when asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pandas as pd
import polars as pl

from fupin_cli.errors import FupinError
from fupin_cli.household_lights import Lit
from fupin_cli.ledger.update import Update
from fupin_cli.linkage.review import review_rows
from fupin_cli.privacy import masked, masked_deep, own_numbers
from fupin_cli.reports.csvfile import write_findings_csv
from fupin_cli.reports.encryption import encrypt
from fupin_cli.reports.files import placing, writing
from fupin_cli.reports.html import NAME as REPORT_PAGE
from fupin_cli.reports.lights_page import PAGE as LIGHTS_PAGE
from fupin_cli.reports.model import Report, RunSummary
from fupin_cli.reports.quarantine import write_quarantine
from fupin_cli.reports.review import write_review
from fupin_cli.reports.workbook import write_problem_list
from fupin_cli.run import Run, manifest

PROBLEMS, FINDINGS, HELD, QUARANTINE, REVIEW, MANIFEST = OUTPUTS = (
    "问题清单.xlsx", "findings.csv", "held.csv", "隔离行.xlsx", "人工确认.xlsx", "run.json",
)  # fmt: skip
# Files with personal data that no password protects.
OPEN_FILES = (FINDINGS, HELD, REPORT_PAGE, LIGHTS_PAGE)
# Columns of a finding that name its subject and stay, unless somebody filled in an ID number there.
OWN_NUMBERS = ("household_id", "person_no")
KEY = "finding_key"  # a hash, which may look like a number


def masked_run(run: Run) -> Run:
    """The run as it may be published (公示): ID numbers and mobiles covered in findings, quarantine, notes and reports."""
    keep = _own_numbers(run.findings)
    intake = replace(
        run.intake,
        files=masked_deep(run.intake.files, keep),
        quarantine=masked_deep(run.intake.quarantine),
        notes=masked_deep(run.intake.notes, keep),
    )
    checks = masked_deep(run.checks)  # their towns are as somebody wrote them
    return replace(
        run,
        findings=masked_table(run.findings),
        held=masked_table(run.held),
        intake=intake,
        checks=checks,
        receipt=masked_deep(run.receipt),
        masked=True,
    )


def masked_table(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings, of a run or of the ledger, with ID numbers and mobiles covered in every text."""
    keep = _own_numbers(findings)
    return findings.with_columns(
        pl.Series(name, [text and masked(text, keep) for text in findings[name]], pl.String)
        for name, kind in findings.schema.items()
        if kind == pl.String and name != KEY
    )


def masked_report(report: Report) -> Report:
    """The report with numbers covered in all its texts, also names of villages and files.

    But ``id_number``: persons are counted by it, and the page covers it itself.
    """
    table = report.findings
    keep = own_numbers(pd.concat([table[name] for name in OWN_NUMBERS])) - frozenset(table["id_number"])
    texts = [name for name in table.columns if name not in (KEY, "id_number")]
    covered = {name: table[name].map(lambda text: masked_deep(text, keep)) for name in texts}
    return replace(report, findings=table.assign(**covered), summary=masked_deep(report.summary))


def masked_lights(lit: Lit) -> Lit:
    """A day's lights with numbers covered in reasons, measures, names of files; 户编号 stay."""
    homes = {one.household.household_id for one in lit.run.lights} | {one.household_id for one in lit.changes}
    covered: Lit = masked_deep(lit, own_numbers(homes))
    return covered


def _own_numbers(findings: pl.DataFrame) -> frozenset[str]:
    numbers = findings.select(OWN_NUMBERS).unpivot()["value"].unique().to_list()
    return own_numbers(numbers) - frozenset(findings["id_number"])


Place: TypeAlias = Callable[[Run, "Update | None"], RunSummary]


def write_outputs(run: Run, out: Path, update: Update | None = None, *, password: str = "") -> RunSummary:
    """The files of one run in its output folder; ``update``: what the ledger took."""
    with placing_outputs(out, is_masked=run.masked, password=password) as place:
        return place(run, update)


@contextmanager
def placing_outputs(out: Path, *, is_masked: bool = False, password: str = "") -> Iterator[Place]:
    """What writes a run's files beside ``out`` and moves them in when all are complete; if the block fails afterwards, the
    files that were there before come back.

    A masked run leaves out 人工确认.xlsx, which needs full numbers to be read back. With a ``password`` the workbooks
    are encrypted, ``findings.csv`` and ``held.csv`` are left out and ``run.json`` masked, since none can be protected.
    ``held.csv`` is there only where something is held.
    """
    _refuse_mixture(out, is_masked, bool(password))
    with placing(out) as (staging, move_in):

        def place(run: Run, update: Update | None) -> RunSummary:
            left_out = {REVIEW} if run.masked else set()
            left_out |= {FINDINGS, HELD} if password else set() if run.held.height else {HELD}
            names = tuple(name for name in OUTPUTS if name not in left_out)
            summary = run.summary(tuple(str(out / name) for name in names))
            with writing(out):
                _write_all(run, update, staging, summary, names, password)
            move_in(names, {HELD} - set(names))
            return summary

        yield place


def _write_all(
    run: Run, update: Update | None, folder: Path, summary: RunSummary, names: Iterable[str], password: str
) -> None:
    _write(run, folder, summary)
    facts = {**manifest(masked_run(run) if password else run, update)}
    facts |= {"masked": run.masked, "encrypted": bool(password)}
    (folder / MANIFEST).write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
    for name in names:
        if password and name != MANIFEST:
            encrypt(folder / name, password)


def _write(run: Run, folder: Path, summary: RunSummary) -> None:
    frame = run.findings.to_pandas()
    titles = {kind.id: kind.title for kind in run.kinds.values()}
    held = run.held.to_pandas()
    write_problem_list(folder / PROBLEMS, frame, held, summary)
    write_findings_csv(folder / FINDINGS, frame)
    if len(held):
        write_findings_csv(folder / HELD, held)
    write_quarantine(folder / QUARANTINE, run.intake.quarantine, titles)
    write_review(folder / REVIEW, review_rows(run.linked), titles, summary)


def encrypted_beside(folder: Path) -> Path:
    """Where the encrypted report (加密的报告) of a run goes that is itself not encrypted."""
    return folder.with_name(f"{folder.name}-加密")


def refuse_open_files(folder: Path) -> None:
    """Raise where a file of an earlier run lies in ``folder`` without a password: encrypted ones beside it protect nothing."""
    for path in (folder / name for name in OPEN_FILES):
        if path.exists():
            cure = "用 --out 换一个文件夹，或先删除这个文件"
            raise FupinError("文件夹里已有不能加密的文件，没有写入", where=str(path), cure=cure)


def _refuse_mixture(out: Path, is_masked: bool, is_encrypted: bool) -> None:
    """Protected files beside open ones of an earlier run protect nothing."""
    if is_encrypted:
        refuse_open_files(out)
    try:
        earlier = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    if (earlier.get("masked", False), earlier.get("encrypted", False)) != (is_masked, is_encrypted):
        cure = "用 --out 换一个文件夹，或先删除原来的输出"
        raise FupinError("文件夹里已有遮盖、加密方式不同的输出，没有写入", where=str(out), cure=cure)
