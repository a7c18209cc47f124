"""A run read back from its output folder (一次比对的输出): ``run.json`` and ``findings.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from fupin_cli.errors import InputError
from fupin_cli.findings import COLUMNS
from fupin_cli.intake.model import FileReport, QualityNote
from fupin_cli.receipt.model import Receipt
from fupin_cli.reports.csvfile import unguarded
from fupin_cli.reports.model import RunSummary
from fupin_cli.rules.check import RuleCheck

MANIFEST, FINDINGS = "run.json", "findings.csv"
CURE = "用 fupin reconcile 重新比对，或改指它的输出文件夹"


@dataclass(frozen=True)
class Manifest:
    """What the reports read of ``run.json``."""

    as_of: date
    district: str
    inputs: tuple[FileReport, ...]
    quality: tuple[QualityNote, ...]
    rules: tuple[RuleCheck, ...]
    findings: int
    held_findings: Mapping[str, int] = field(default_factory=dict)
    encrypted: bool = False
    rates: tuple[str, ...] = ()
    receipt: Receipt | None = None


def read_record(folder: Path, titles: Mapping[str, str]) -> tuple[RunSummary, pd.DataFrame]:
    """The summary and the findings of the run in ``folder``; ``titles``: the sources' Chinese titles by kind."""
    manifest = _manifest(folder / MANIFEST)
    if manifest.encrypted:
        cure = "在工作目录里用 fupin report --from 日期 --to 日期 取自整改台账"
        raise InputError(f"这次比对的输出已加密，没有 {FINDINGS}", where=str(folder), cure=cure)
    findings = _findings(folder / FINDINGS)
    if manifest.findings != len(findings):
        message = f"{FINDINGS} 有{len(findings)}条问题，{MANIFEST} 记的是{manifest.findings}条，不是同一次比对的"
        raise InputError(message, where=str(folder), cure=CURE)
    checks = tuple(
        replace(check, missing=tuple(titles.get(kind, kind) for kind in check.missing)) for check in manifest.rules
    )
    summary = RunSummary(
        manifest.district, manifest.as_of, manifest.inputs, checks, manifest.quality, (), manifest.rates,
        manifest.receipt, manifest.held_findings,
    )  # fmt: skip
    return summary, findings


def _manifest(path: Path) -> Manifest:
    try:
        return TypeAdapter(Manifest).validate_json(path.read_bytes())
    except FileNotFoundError:
        raise InputError(f"这里没有 {MANIFEST}，不是一次比对的输出文件夹", where=str(path.parent), cure=CURE) from None
    except ValidationError:
        # The validation error quotes the file, which holds personal data.
        raise InputError("不是本程序写的运行清单，或已损坏", where=str(path), cure=CURE) from None


def _findings(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"这里没有 {FINDINGS}", where=str(path.parent), cure=CURE) from None
    except ValueError:
        raise InputError("读不出，可能被别的程序改写过", where=str(path), cure=CURE) from None
    if tuple(table.columns) != COLUMNS:
        raise InputError("列与问题清单的格式不符，可能被别的程序改写过", where=str(path), cure=CURE)
    return pd.DataFrame({name: [unguarded(field) for field in table[name]] for name in COLUMNS})
