"""What the ledger (整改台账) adds to a report: states, earlier runs, and the findings of a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl

from fupin_cli.errors import FupinError
from fupin_cli.findings import COLUMNS
from fupin_cli.ledger.query import coverage_of, ledger_table, rule_states, runs_of, seen_in
from fupin_cli.ledger.rates import MENDED, VERIFIED, Rates, rates_of, verified
from fupin_cli.ledger.states import CLOSED, UNSEEN
from fupin_cli.reports.counts import column
from fupin_cli.reports.model import Report, RunPoint, RunSummary, Step
from fupin_cli.rules.catalogue import catalogue
from fupin_cli.rules.check import RuleCheck
from fupin_cli.rules.outline import kinds_read

LEDGER_COLUMNS = ("state", "verified", "first_as_of", "due_on", "state_before", "yardstick_changed")
NOT_ENTERED = "未入台账"


def with_history(report: Report, ledger: Path) -> Report:
    """``report`` of one run with what the ledger knows of its findings and of the runs up to it."""
    runs = _last_runs(ledger, None, report.summary.as_of)
    if runs.is_empty():
        return replace(report, no_history="整改台账中还没有这一天和以前的比对，没有整改情况和趋势可看。")
    known = _told(ledger_table(ledger)).select("finding_key", *LEDGER_COLUMNS).to_pandas()
    findings = report.findings.merge(known, on="finding_key", how="left")
    findings["state"] = findings["state"].fillna(NOT_ENTERED)
    findings["verified"] = findings["verified"].fillna(VERIFIED[-1])
    return replace(report, findings=findings.fillna(""), runs=_points(ledger, runs))


def period_report(
    ledger: Path, since: date, until: date, district: str, towns: Iterable[str], titles: Mapping[str, str]
) -> Report:
    """The findings that the ledger held between two dates, and what the runs of that time compared."""
    if since > until:
        raise FupinError(f"起始日期 {since} 晚于截止日期 {until}", cure="把 --from 和 --to 对调")
    runs = _last_runs(ledger, since, until)
    if runs.is_empty():
        raise FupinError(f"整改台账中{since}至{until}没有比对", cure="核对日期；用 fupin ledger list 查看台账")
    # What no later run could check or see is still there: silence is never a pass.
    there = (pl.col("present") == 1) | (pl.col("state") == UNSEEN)
    still_there = there | (pl.max_horizontal("last_as_of", "cleared_as_of") >= since.isoformat())
    held = (pl.col("first_as_of") <= until.isoformat()) & still_there
    table = _told(ledger_table(ledger).filter(held)).select(*COLUMNS, *LEDGER_COLUMNS)
    findings = table.to_pandas().fillna("").astype("str")
    checks = _checks(ledger, runs, Counter(table["rule_id"].to_list()), titles)
    summary = RunSummary(district, until, (), checks, (), ())
    return Report(summary, findings, since, tuple(towns), _points(ledger, runs))


def _told(table: pl.DataFrame) -> pl.DataFrame:
    """The ledger's rows with ``verified``, every column as text."""
    return table.with_columns(verified=verified()).cast({"yardstick_changed": pl.String})


def rates_in(findings: pd.DataFrame) -> Rates:
    """Counts and rates of a report's findings, as the ledger counts them."""
    texts = {name: column(findings, name) for name in ("state", "state_before", "yardstick_changed")}
    return rates_of(pl.DataFrame(texts).cast({"yardstick_changed": pl.Int64}, strict=False))


def steps_of(counted: Rates) -> list[Step]:
    """发现→属实→整改→销号, each with its rate and what shows its findings in the page."""
    return [
        Step("发现", counted.found, None, {}),
        Step("属实", counted.true, counted.true_rate, {"verified": VERIFIED[0]}),
        Step("整改", counted.mended, counted.mended_rate, {"state": "|".join(MENDED)}),
        Step("销号", counted.closed, counted.closed_rate, {"state": CLOSED}),
    ]


def _last_runs(ledger: Path, since: date | None, until: date) -> pl.DataFrame:
    """The runs of a time, of several on one date the last."""
    runs = runs_of(ledger).filter(pl.col("as_of") <= until.isoformat())
    if since is not None:
        runs = runs.filter(pl.col("as_of") >= since.isoformat())
    return runs.sort("as_of", "id").unique("as_of", keep="last", maintain_order=True)


def _points(ledger: Path, runs: pl.DataFrame) -> tuple[RunPoint, ...]:
    categories = dict(ledger_table(ledger).select("finding_key", "category").iter_rows())
    points = []
    for run_id, as_of in runs.select("id", "as_of").iter_rows():
        states = rule_states(ledger, run_id)
        found = Counter(categories[key] for key in seen_in(ledger, run_id))
        short = tuple(sorted(rule for rule, state in states.items() if state != "checked"))
        points.append(RunPoint(date.fromisoformat(as_of), found, len(states) - len(short), short))
    return tuple(points)


def _checks(ledger: Path, runs: pl.DataFrame, found: Counter[str], titles: Mapping[str, str]) -> tuple[RuleCheck, ...]:
    """What a period checked: a rule is 已比对 when every run checked it everywhere, 未比对 when none did anywhere."""
    arrivals = [set(kinds.split()) for kinds in runs["arrived"]]
    states: dict[str, set[str]] = {}
    towns: dict[str, set[str]] = {}
    for run_id in runs["id"]:
        for rule_id, state in rule_states(ledger, run_id).items():
            states.setdefault(rule_id, set()).add(state)
        for rule_id, town, checked, _ in coverage_of(ledger, run_id).iter_rows():
            if town and not checked:
                towns.setdefault(rule_id, set()).add(town)
    checks = []
    for rule in (rule for rule in catalogue().values() if rule.id in states):
        said, read = states[rule.id], kinds_read()[rule.id]
        state = next(iter(said)) if len(said) == 1 else "partial"
        missing = (
            {kind for arrived in arrivals for kind in read if kind not in arrived} if state != "checked" else set()
        )
        absent = tuple(sorted(towns.get(rule.id, ()))) if "not_checked" not in said else ()
        if absent and not missing and len(read) == 1:  # the ledger does not say which source was partial
            missing = {read[0]}
        titled = tuple(titles.get(kind, kind) for kind in sorted(missing))
        checks.append(RuleCheck(rule.id, rule.title, rule.category, state, titled, absent, found[rule.id]))
    return tuple(checks)
