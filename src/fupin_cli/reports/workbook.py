"""问题清单.xlsx: the problem list that is printed, filtered and handed to the responsible units."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from fupin_cli.reports.count_sheets import add_place_sheet, add_unit_sheet
from fupin_cli.reports.coverage_sheets import add_gap_sheet, add_quality_sheet
from fupin_cli.reports.finding_sheets import add_finding_sheets, add_held_sheet
from fupin_cli.reports.model import RunSummary
from fupin_cli.reports.page import Styles, open_workbook
from fupin_cli.reports.summary_sheet import add_summary_sheet


def write_problem_list(path: Path, findings: pd.DataFrame, held: pd.DataFrame, summary: RunSummary) -> None:
    """Write the workbook; ``findings`` has the columns of ``findings.csv``, ``held`` those of ``held.csv``, in printing order."""
    book = open_workbook(path, "数据比对问题清单", summary.district, summary.as_of)
    with book:
        styles = Styles(book)
        add_summary_sheet(book, styles, findings, summary)
        add_finding_sheets(book, styles, findings, summary)
        add_unit_sheet(book, styles, findings, summary)
        add_place_sheet(book, styles, findings, summary)
        add_held_sheet(book, styles, held)
        add_gap_sheet(book, styles, summary)
        add_quality_sheet(book, styles, summary)
