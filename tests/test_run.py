"""What a run says besides its findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from fupin_cli.findings import finding_table
from fupin_cli.intake.model import Intake
from fupin_cli.ledger_entry import ledger_coverage
from fupin_cli.linkage.link import Linked
from fupin_cli.receipt.model import Receipt, Scope
from fupin_cli.rules.catalogue import catalogue
from fupin_cli.rules.check import RuleCheck
from fupin_cli.run import Run
from fupin_cli.schema.kinds import load_kinds
from fupin_cli.spool import Spool
from fupin_cli.workspace import Workspace


def test_records_whose_key_is_too_common_are_a_remark_on_data_quality() -> None:
    linked = Linked(pl.LazyFrame(), {}, pl.DataFrame(), {"姓名、村": 1200}, Spool())
    run = a_run(linked, ())
    (note,) = run.notes
    assert (note.count, note.message) == (1200, "1,200条记录的“姓名、村”与50人以上相同，说明不了是谁，没有据此核对身份")
    assert run.summary(()).notes == run.notes


@pytest.mark.parametrize(("rule", "missing", "parts", "checked"), [
    ("IDN-03", "health.insurance", "基本医疗保险参保", True), ("IDN-03", "学籍在校生的“是否建档立卡”列", "学籍", False),
    ("EDU-04", "学籍在校生的“学段”列", "学段", False), ("CIV-05", "health.insurance", "参保", False),
])  # fmt: skip
def test_ledger_closes_nothing_that_was_not_checked_for_want_of_a_column(
    rule: str, missing: str, parts: str, checked: bool
) -> None:
    linked = Linked(pl.LazyFrame(), {"education.enrolment": pl.LazyFrame()}, pl.DataFrame(), {}, Spool())
    category = catalogue()[rule].category
    checks = (RuleCheck(rule, "", category, "partial", (missing,), (), 0, (parts,)),)
    assert ledger_coverage(a_run(linked, checks)) == ((rule, "", checked),)


def test_ledger_closes_nothing_of_a_rule_where_findings_of_it_are_held() -> None:
    linked = Linked(pl.LazyFrame(), {}, pl.DataFrame(), {}, Spool())
    held = {**dict.fromkeys(finding_table([]).columns, ""), "rule_id": "EDU-01", "town": "灵山镇", "held_because": "缺"}
    checks = (RuleCheck("EDU-01", "", "义务教育", "partial", (), (), 0, held=1),)
    run = replace(a_run(linked, checks), held=finding_table([held], held=True))
    assert ledger_coverage(run) == (("EDU-01", "", True), ("EDU-01", "灵山镇", False))


def test_who_is_not_in_a_register_in_doubt_is_not_put_right() -> None:
    """Of the rules on identity a town missing from another list is no gap, one missing from the register is."""
    linked = Linked(pl.LazyFrame(), {}, pl.DataFrame(), {}, Spool())
    kinds, towns = ("register.persons", "housing.appraisals"), ("演丰镇", "灵山镇")
    checks = (RuleCheck("IDN-03", "", "身份核对", "partial", kinds, towns, 0),)
    doubtful = [Scope(kind, "", town, read=True, state="doubtful") for kind, town in zip(kinds, towns, strict=True)]
    run = replace(a_run(linked, checks), receipt=Receipt(date(2020, 6, 30), tuple(doubtful)))
    assert ledger_coverage(run) == (("IDN-03", "", True), ("IDN-03", "演丰镇", False))


def a_run(linked: Linked, checks: tuple[RuleCheck, ...]) -> Run:
    day = date(2020, 6, 30)
    return Run(
        day, Workspace(Path()), load_kinds(), Intake(), linked, finding_table([]), finding_table([], held=True), checks,
        "polars", {}, Receipt(day), pl.DataFrame(), {},
    )  # fmt: skip
