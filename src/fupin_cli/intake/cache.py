"""Normalised tables kept beside the workspace (整理结果缓存): Parquet, keyed by content, schemas, places and version.

Anything that does not fit is read again; the folder can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
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


class Cache:
    """Parts of one file in one Parquet file per sheet, and their reports in its metadata."""

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
            stored = json.loads((folder / "parts.json").read_text(encoding="utf-8"))
            return tuple(self._part(folder, place, item) for place, item in enumerate(stored))
        except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
            return None

    def _part(self, folder: Path, place: int, item: Mapping[str, Any]) -> Part:
        report = _report(item["report"])
        table = None
        if item["bytes"] is not None:
            path = folder / f"{place}.parquet"
            table = pl.scan_parquet(path)
            expected = polars_schema(self._kinds[report.kind])
            if path.stat().st_size != item["bytes"] or {"rid": pl.Int64, **table.collect_schema()} != expected:
                raise ValueError("cut short, or of other columns")
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
            stored = []
            for place, part in enumerate(parts):
                size = None
                if part.table is not None:
                    path = staging / f"{place}.parquet"
                    part.table.sink_parquet(path, compression="zstd")
                    size = path.stat().st_size
                stored.append({
                    "bytes": size, "report": asdict(part.report),
                    "quarantine": [asdict(row) for row in part.quarantine], "notes": [asdict(note) for note in part.notes],
                })  # fmt: skip
            (staging / "parts.json").write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
            os.replace(staging, folder)
        except (OSError, pl.exceptions.ComputeError):
            return


def _report(item: Mapping[str, Any]) -> SheetReport:
    columns = tuple(ColumnMap(**column) for column in item["columns"])
    changed = {"columns": columns, "rows": RowCount(**item["rows"]), "header_rows": tuple(item["header_rows"])}
    return SheetReport(**{**item, **changed, "unmapped": tuple(item["unmapped"])})
