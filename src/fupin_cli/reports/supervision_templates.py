"""The Word templates of supervision, to be edited by an office."""

from __future__ import annotations

from pathlib import Path

from fupin_cli.reports import supervision_letters, supervision_reports
from fupin_cli.reports.docx_template import FOLDER, write_template

TEMPLATES = {**supervision_letters.TEMPLATES, **supervision_reports.TEMPLATES}


def write_templates(root: Path) -> list[Path]:
    """Write the templates the workspace does not have yet; returns what was written."""
    missing = [name for name in TEMPLATES if not (root / FOLDER / name).exists()]
    return [write_template(root, name, TEMPLATES[name]) for name in missing]
