"""Normalised tables kept beside the workspace (整理结果缓存): Parquet, keyed by content, schemas, places and version.

Reports and tables carry a hash of their content: what was altered or damaged, or does not fit, is read again.
The folder can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa

from fupin_cli import __version__
from fupin_cli.fields.places import Places
from fupin_cli.intake.model import ColumnMap, Part, QualityNote, QuarantinedRow, RowCount, SheetReport
from fupin_cli.schema.kinds import Kind
from fupin_cli.schema.polars_types import polars_schema
from fupin_cli.spool import ROWS_IN_MEMORY

# The file of reports: the hash of what follows, a line feed, and that as JSON.
REPORTS = "parts"


class Cache:
    """Parts of one file in one Parquet file per sheet, and their reports in a file of their own."""

    def __init__(self, folder: Path, kinds: Mapping[str, Kind], places: Places) -> None:
        self._folder, self._kinds = folder, kinds
        known = repr((__version__, pd.__version__, pa.__version__, pl.__version__, sorted(kinds.items()), places.key()))
        self._basis = hashlib.sha256(known.encode()).hexdigest()

    def _path(self, sha256: str, name: str) -> Path:
        key = hashlib.sha256(f"{self._basis}{sha256}{name}".encode()).hexdigest()[:32]
        return self._folder / key[:2] / key

    def get(self, sha256: str, name: str) -> tuple[Part, ...] | None:
        """The file's parts, or ``None`` when they are not there whole."""
        folder = self._path(sha256, name)
        try:
            digest, _, stored = (folder / REPORTS).read_bytes().partition(b"\n")
            if digest.decode() != hashlib.sha256(stored).hexdigest():
                return None
            return tuple(self._part(folder, place, item) for place, item in enumerate(json.loads(stored)))
        except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
            return None

    def _part(self, folder: Path, place: int, item: Mapping[str, Any]) -> Part:
        report = _report(item["report"])
        table = None
        if item["sha256"] is not None:
            path = folder / f"{place}.parquet"
            if _sha256(path) != item["sha256"]:
                raise ValueError("altered or damaged")
            table = pl.scan_parquet(path)
            if {"rid": pl.Int64, **table.collect_schema()} != polars_schema(self._kinds[report.kind]):
                raise ValueError("of other columns")
            if report.rows.loaded <= ROWS_IN_MEMORY:
                table = table.collect().lazy()
        quarantine = tuple(QuarantinedRow(**{**row, "cells": tuple(row["cells"])}) for row in item["quarantine"])
        notes = tuple(QualityNote(**{**note, "rows": tuple(note["rows"])}) for note in item["notes"])
        return Part(report, table, quarantine, notes)

    def put(self, sha256: str, name: str, parts: tuple[Part, ...]) -> None:
        """Store a file's parts; a full disk or a read-only folder only means no cache."""
        folder = self._path(sha256, name)
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            staging = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
            try:
                _write(staging, parts)
                shutil.rmtree(folder, ignore_errors=True)  # what is there did not fit
                os.replace(staging, folder)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
        except (OSError, pl.exceptions.ComputeError):
            return


def _write(folder: Path, parts: tuple[Part, ...]) -> None:
    stored = []
    for place, part in enumerate(parts):
        digest = None
        if part.table is not None:
            path = folder / f"{place}.parquet"
            part.table.sink_parquet(path, compression="zstd")
            digest = _sha256(path)
        stored.append({
            "sha256": digest, "report": asdict(part.report),
            "quarantine": [asdict(row) for row in part.quarantine], "notes": [asdict(note) for note in part.notes],
        })  # fmt: skip
    text = json.dumps(stored).encode()
    (folder / REPORTS).write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _report(item: Mapping[str, Any]) -> SheetReport:
    columns = tuple(ColumnMap(**column) for column in item["columns"])
    changed = {"columns": columns, "rows": RowCount(**item["rows"]), "header_rows": tuple(item["header_rows"])}
    return SheetReport(**{**item, **changed, "unmapped": tuple(item["unmapped"])})
