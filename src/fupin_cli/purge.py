"""Delete the outputs of old runs and the cache (清理): only files this program wrote; the ledger and the audit log stay."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fupin_cli.outputs import MANIFEST, OUTPUTS, encrypted_beside
from fupin_cli.reports.html import NAME as PAGE
from fupin_cli.reports.word import NAME as DOCUMENT
from fupin_cli.workspace import Workspace

OWN = (*OUTPUTS, PAGE, DOCUMENT)


@dataclass(frozen=True)
class Purge:
    """``files`` of old runs, ``folders`` to be removed whole (cache, half-written outputs), ``kept``: others' files beside them."""

    files: tuple[Path, ...]
    folders: tuple[Path, ...]
    kept: tuple[Path, ...]


def plan_purge(workspace: Workspace, before: date) -> Purge:
    """What would go: outputs under 输出/ of runs whose as_of is before ``before``, the cache, what a killed run left."""
    outputs = workspace.root / "输出"
    folders = [path for path in outputs.rglob(".fupin-*") if path.is_dir() and not path.is_symlink()]
    files: list[Path] = []
    kept: list[Path] = []
    for manifest in sorted(outputs.rglob(MANIFEST)):
        day = _as_of(manifest)
        if day is None or day >= before or any(part.startswith(".fupin-") for part in manifest.parts):
            continue
        for path in sorted(manifest.parent.iterdir()):
            (files if path.name in OWN and path.is_file() else kept).append(path)
        if (report := encrypted_beside(manifest.parent) / DOCUMENT).is_file():
            files.append(report)
    if workspace.cache.is_dir():
        folders.append(workspace.cache)
    return Purge(tuple(files), tuple(folders), tuple(kept))


def carry_out(purge: Purge) -> None:
    """Delete what was planned, and folders that are empty then. ``run.json`` goes last, so that a broken-off purge is found again."""
    for path in sorted(purge.files, key=lambda path: path.name == MANIFEST):
        path.unlink(missing_ok=True)
    for folder in {path.parent for path in purge.files}:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    for folder in purge.folders:
        shutil.rmtree(folder)


def _as_of(manifest: Path) -> date | None:
    try:
        return date.fromisoformat(json.loads(manifest.read_text(encoding="utf-8"))["as_of"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
