"""A year of an evolving district: after every month the ledger says exactly what the truth says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from fupin_cli.ledger.actions import Change, apply_changes
from fupin_cli.ledger.query import events_of, ledger_table
from fupin_cli.run import compare, keep_in_ledger
from fupin_cli.sample.months import generate_months, month_ends
from fupin_cli.workspace import Workspace, init_workspace, load_workspace
from tests.test_truth import _who, assert_true

Key = tuple[str, str]


def by_who(table: pl.DataFrame) -> dict[Key, dict[str, Any]]:
    """The ledger's findings by rule and subject, as the truth names them."""
    return {(row["rule_id"], _who(row)): row for row in table.iter_rows(named=True)}


def told(table: pl.DataFrame) -> set[tuple[str, str, str, int, int]]:
    """Rule, subject, state, times seen, relapses."""
    return {(*key, row["state"], row["times_seen"], row["relapses"]) for key, row in by_who(table).items()}


def truth_of(folder: Path) -> list[dict[str, Any]]:
    months: list[dict[str, Any]] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["months"]
    return months


def hear_units(workspace: Workspace, month: dict[str, Any]) -> None:
    """What the units (and the office) said of the month's findings."""
    findings = by_who(ledger_table(workspace.ledger))
    changes = [
        Change(findings[said["rule"], said["who"]]["finding_key"], said["state"], said["fields"])
        for said in month["feedback"]
    ]
    applied = apply_changes(workspace.ledger, changes, who="责任单位", at=f"{month['as_of']}T12:00:00")
    assert (applied.refused, applied.unchanged) == ((), ())


def test_ledger_says_the_truth_after_every_month(tmp_path: Path) -> None:
    """Findings, links and rows of each month are exact too; a month run twice changes nothing."""
    generate_months(tmp_path / "月", month_ends(date(2020, 6, 1), date(2020, 10, 1)), seed=2, persons=300)
    init_workspace(tmp_path, "区")
    workspace = load_workspace(tmp_path)
    seen: set[str] = set()
    months = truth_of(tmp_path / "月")
    assert sum(len(month["missing"]) for month in months) == 2
    assert sum(len(month["partial"]) for month in months) == 1
    for month in months:
        folder = tmp_path / "月" / month["month"]
        run = compare([folder], date.fromisoformat(month["as_of"]), workspace, use_cache=False)
        assert_true(run, json.loads((folder / "truth.json").read_text(encoding="utf-8")))
        at = f"{month['as_of']}T10:00:00"
        keep_in_ledger(run, tmp_path / "输出", at=at)
        hear_units(workspace, month)
        assert told(ledger_table(workspace.ledger)) == {tuple(row) for row in month["ledger"]}, month["month"]
        assert keep_in_ledger(run, tmp_path / "输出", at=at).repeated
        assert told(ledger_table(workspace.ledger)) == {tuple(row) for row in month["ledger"]}
        seen |= {row[2] for row in month["ledger"]}
    assert {"不属实", "已整改待复核", "待确认销号", "已销号"} <= seen
    relapsed = ledger_table(workspace.ledger).filter(pl.col("relapses") > 0)["finding_key"].to_list()
    assert all("反弹" in events_of(workspace.ledger, key)["event"] for key in relapsed)
    assert relapsed
