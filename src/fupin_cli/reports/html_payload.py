"""The findings inside the HTML page: columns as JSON, packed, with ID numbers masked unless asked otherwise."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable

import pandas as pd

from fupin_cli.privacy import masked
from fupin_cli.reports.counts import column
from fupin_cli.reports.wording import printable

OWN_NUMBERS = ("household_id", "person_no")
LEFT_OUT = ("finding_key", "subject_type", "state_before", "yardstick_changed")


def packed_findings(findings: pd.DataFrame, *, full_ids: bool) -> str:
    """Base64 of gzip of ``{column: [text, …]}``: 20,000 findings take about 2 MB, and nothing in it can end a script."""
    columns = {name: list(map(printable, column(findings, name))) for name in findings.columns if name not in LEFT_OUT}
    if not full_ids:
        own = list(zip(*(columns[name] for name in OWN_NUMBERS), strict=True))
        columns = {name: texts if name in OWN_NUMBERS else list(_masked(texts, own)) for name, texts in columns.items()}
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")


def _masked(texts: Iterable[str], own: Iterable[tuple[str, ...]]) -> Iterable[str]:
    return (masked(text, numbers) for text, numbers in zip(texts, own, strict=True))
