"""Whole runs: the invented district's exports give exactly the findings, links and rows of its truth."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fupin_cli.rules.catalogue import catalogue
from fupin_cli.rules.check import run_rules
from fupin_cli.rules.outline import kinds_read
from fupin_cli.run import Run, book_of, compare, link_sources
from fupin_cli.sample.generate import generate
from fupin_cli.workspace import Workspace

SAMPLE = Path(__file__).parent.parent / "sample_data" / "2020-06"
AS_OF = date(2020, 6, 30)


def found(findings: pl.DataFrame) -> set[tuple[str, str, str]]:
    return {(row["rule_id"], _who(row), row["severity"]) for row in findings.iter_rows(named=True)}


def _who(row: dict[str, str]) -> str:
    match row["subject_type"]:
        case "person":
            return row["person_no"] or row["name"]
        case "household":
            return row["household_id"]
        case "village":
            return row["town"] + row["name"]
        case _:
            return row["name"] or row["village"]


def run_of(folder: Path, as_of: date = AS_OF, engine: str = "polars") -> Run:
    return compare([folder], as_of, Workspace(root=folder), engine=engine)


def assert_true(run: Run, truth: Any) -> None:
    assert found(run.findings) == {tuple(finding) for finding in truth["findings"]}
    for file in run.intake.files:
        for sheet in file.sheets:
            assert sheet.rows.adds_up
            place = f"{sheet.file}!{sheet.sheet}"
            if sheet.state == "loaded":
                counts = (sheet.rows.loaded, sheet.rows.quarantined)
                assert counts == (truth["loaded"][place], truth["quarantined"].get(place, 0)), place
    numbers = dict(run.linked.persons.select("pid", "person_no").collect().iter_rows())
    for kind, table in run.linked.tables.items():
        places = table.select("source_file", "source_sheet", "source_row", "pid").collect()
        for file_, sheet_, row, pid in places.iter_rows():
            wanted = truth["links"].get(f"{file_}!{sheet_}", {}).get(str(row))
            assert (numbers[pid] if pid is not None else None) == wanted, (kind, row)


@pytest.mark.parametrize("engine", ["polars", "pandas"])
def test_committed_sample_gives_exactly_its_truth(engine: str) -> None:
    assert_true(run_of(SAMPLE, engine=engine), json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("as_of", "seed", "persons", "mess"),
    [(date(2020, 9, 30), 3, 300, "usual"), (date(2020, 12, 31), 4, 1357, "heavy"), (date(2021, 3, 31), 5, 700, "none")],
)
def test_other_months_give_exactly_their_truth(tmp_path: Path, as_of: date, seed: int, persons: int, mess: Any) -> None:
    truth = generate(tmp_path, as_of=as_of, seed=seed, persons=persons, mess=mess)
    assert_true(run_of(tmp_path, as_of), json.loads(truth.to_json()))


def test_committed_sample_is_what_the_generator_writes(tmp_path: Path) -> None:
    generate(tmp_path, as_of=AS_OF)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    committed = {path.relative_to(SAMPLE): path.read_bytes() for path in SAMPLE.rglob("*") if path.is_file()}
    assert written == committed


def test_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*")) <= 3_000_000


@pytest.fixture(scope="module")
def whole() -> Run:
    return run_of(SAMPLE)


@pytest.mark.parametrize("start", range(4))
def test_removing_a_source_removes_no_finding_of_other_rules(whole: Run, start: int) -> None:
    """A rule that needs the source is 未比对 or partly so; every other rule finds at least what it found."""
    kinds = [kind for kind in sorted(whole.intake.tables) if not kind.startswith("register.")]
    everything = found(whole.findings)
    for kind in kinds[start::4]:
        tables = {name: frame for name, frame in whole.intake.tables.items() if name != kind}
        intake = replace(whole.intake, tables=tables)
        linked = link_sources(intake, whole.kinds)
        book = replace(book_of(linked, AS_OF, whole.workspace, "polars", whole.kinds), columns=whole.intake.asked)
        checked = run_rules(book, linked.tables, catalogue().values())
        findings, checks = checked.findings, checked.checks
        affected = {check.rule_id for check in checks if check.state != "checked"}
        assert affected == {rule for rule, kinds in kinds_read().items() if kind in kinds}, kind
        before = {one[:2] for one in everything if one[0] not in affected}
        assert before <= {one[:2] for one in found(findings)}, kind
        not_checked = {check.rule_id for check in checks if check.state == "not_checked"}
        assert not {one for one in found(findings) if one[0] in not_checked}
