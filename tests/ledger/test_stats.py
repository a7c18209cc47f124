"""Every figure of the statistics from a handful of findings whose states are known."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from fupin_cli.ledger.query import ledger_table
from fupin_cli.ledger.stats import statistics
from tests.ledger.ledgers import Office, finding

AS_OF = date(2020, 9, 30)


def figures(table: pl.DataFrame, by: str = "category") -> dict[str, float]:
    return statistics(table, AS_OF, by).row(-1, named=True)


@pytest.fixture
def table(office: Office) -> pl.DataFrame:
    """Seven: new, confirmed and late, confirmed and due today, dismissed, reported, waiting, closed and back."""
    office.run("2020-06-30", *(finding(key) for key in "abcdefg"))
    office.confirm("b")
    office.change("c", "属实·整改中", due_on="2020-09-30")
    office.dismiss("d")
    office.report("e")
    office.report("g")
    office.run("2020-07-31", *(finding(key) for key in "abcde"))
    office.run("2020-08-31", *(finding(key) for key in "abcdegh"))
    return ledger_table(office.path)


def test_counts(table: pl.DataFrame) -> None:
    names = ("found", "unverified", "true", "dismissed", "mended", "closed", "overdue", "relapsed", "open")
    assert [figures(table)[name] for name in names] == [8, 2, 4, 1, 1, 0, 1, 1, 7]


def test_rates(table: pl.DataFrame) -> None:
    assert figures(table)["true_rate"] == pytest.approx(4 / 5)
    assert figures(table)["mended_rate"] == pytest.approx(1 / 4)
    assert figures(table)["closed_rate"] == 0


def test_ages_of_open_findings_add_up(table: pl.DataFrame) -> None:
    assert [figures(table)[name] for name in ("days_30", "days_60", "days_90", "days_more")] == [1, 0, 0, 6]


def test_no_finding_gives_no_rate(office: Office) -> None:
    office.run("2020-06-30")
    total = figures(ledger_table(office.path), "unit")
    assert (total["group"], total["found"], total["true_rate"], total["closed_rate"]) == ("合计", 0, None, None)


def test_joint_owners_each_count(office: Office) -> None:
    office.run("2020-06-30", finding("a", owner="区教育局、灵山镇"), finding("b", owner=""))
    rows = statistics(ledger_table(office.path), AS_OF, "unit").select("group", "found").rows()
    assert sorted(rows) == [("", 1), ("区教育局", 1), ("合计", 2), ("灵山镇", 1)]
