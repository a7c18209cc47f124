"""What a run says besides its findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from fupin_cli.intake.model import Intake
from fupin_cli.linkage.link import Linked
from fupin_cli.rules.check import RuleCheck
from fupin_cli.run import Run, ledger_coverage
from fupin_cli.schema.kinds import load_kinds
from fupin_cli.spool import Spool
from fupin_cli.workspace import Workspace


def test_records_whose_key_is_too_common_are_a_remark_on_data_quality() -> None:
    linked = Linked(pl.LazyFrame(), {}, pl.DataFrame(), {"姓名、村": 1200}, Spool())
    run = Run(date(2020, 6, 30), Workspace(Path()), {}, Intake(), linked, pl.DataFrame(), (), "polars", {})
    (note,) = run.notes
    assert (note.count, note.message) == (1200, "1,200条记录的“姓名、村”与50人以上相同，说明不了是谁，没有据此核对身份")
    assert run.summary(()).notes == run.notes


@pytest.mark.parametrize(("rule", "missing", "checked"), [
    ("IDN-03", "health.insurance", True), ("IDN-03", "学籍在校生的“是否建档立卡”列", False), ("IDN-03", "education.enrolment", True),
    ("EDU-04", "学籍在校生的“学段”列", False), ("CIV-05", "health.insurance", False),
])  # fmt: skip
def test_ledger_closes_nothing_that_was_not_checked_for_want_of_a_column(
    rule: str, missing: str, checked: bool
) -> None:
    linked = Linked(pl.LazyFrame(), {"education.enrolment": pl.LazyFrame()}, pl.DataFrame(), {}, Spool())
    checks = (RuleCheck(rule, "", "", "partial", (missing,), (), 0),)
    run = Run(
        date(2020, 6, 30), Workspace(Path()), load_kinds(), Intake(), linked, pl.DataFrame(), checks, "polars", {}
    )
    assert ledger_coverage(run, frozenset()) == ((rule, "", checked),)
