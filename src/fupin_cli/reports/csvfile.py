"""findings.csv: the machine form, safe to open in a spreadsheet.

Rule for text a spreadsheet could run as a formula: text whose first visible character is one of ``= + - @``
(also full-width), or that begins with a tab, a line break or an apostrophe, gets one apostrophe in front.
To get the text back, drop one leading apostrophe: every text that begins with one has it from here.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd

from fupin_cli.reports.counts import column
from fupin_cli.reports.wording import printable

GUARD = "'"
_RISKY = re.compile("['\t\n\r]|[\\s\ufeff\u200b]*[=+\\-@＝＋－＠]")


def guarded(text: str) -> str:
    """``text`` as it may stand in a CSV field."""
    clean = printable(text)
    return GUARD + clean if _RISKY.match(clean) else clean


def unguarded(field: str) -> str:
    """The text that :func:`guarded` was given."""
    return field.removeprefix(GUARD)


def write_findings_csv(path: Path, findings: pd.DataFrame) -> None:
    """Write all columns of ``findings``: UTF-8 with BOM, CRLF, one row a finding."""
    columns = [[guarded(value) for value in column(findings, name)] for name in findings.columns]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(findings.columns)
        writer.writerows(zip(*columns, strict=True))
