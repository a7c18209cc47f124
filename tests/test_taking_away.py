"""Taking something away never adds a finding, never clears one, and shows as unchecked or held.

One month is read once. Then columns, lists, halves and towns are taken from what was read, as if they had not come: in a
workspace that saw the whole month before, and in one that never saw any. What only excuses, and rows of lists of few people,
nobody can miss who never saw them: there the receipt says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
import pytest

from fupin_cli.intake.model import Intake, SheetReport
from fupin_cli.ledger_entry import keep_in_ledger, ledger_coverage, trusted_kinds, with_sources
from fupin_cli.rules.catalogue import catalogue
from fupin_cli.run import Run, book_of, compare, compare_intake
from fupin_cli.sample.generate import generate
from fupin_cli.schema.columns import field_columns
from fupin_cli.workspace import Workspace, init_workspace, load_workspace

AS_OF = date(2020, 6, 30)
REGISTER, WATCHLIST = "register.persons", "register.watchlist"
TOWN = "灵山镇"
WHO = {"name", "id_number", "household_id", "birth_date"}
Identity = tuple[str, ...]


@dataclass(frozen=True)
class Month:
    """A whole month, compared in a workspace that had seen nothing, and in one that had seen it."""

    whole: Run
    fresh: Workspace
    knowing: Workspace


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    inputs, fresh, knowing = (tmp_path_factory.mktemp(name) for name in ("inputs", "fresh", "knowing"))
    generate(inputs, as_of=AS_OF, seed=7, persons=420)
    init_workspace(knowing, "美兰区")
    workspace = load_workspace(knowing)
    whole = compare([inputs], AS_OF, workspace)
    keep_in_ledger(whole, knowing / "输出", at="2020-06-30T09:00:00")
    return Month(whole, load_workspace(fresh), workspace)


Changed = Mapping[str, pl.LazyFrame | None]


def altered(intake: Intake, tables: Changed, dropped: Mapping[str, frozenset[str]]) -> Intake:
    """What was read with other rows of some kinds (``None``: the kind did not come), without some columns."""

    def sheet(report: SheetReport) -> SheetReport | None:
        if report.state != "loaded" or (report.kind not in tables and report.kind not in dropped):
            return report
        table = tables.get(report.kind, intake.tables[report.kind])
        if table is None:
            return None
        here = (pl.col("source_file") == report.file) & (pl.col("source_sheet") == report.sheet)
        rows = table.filter(here).select(pl.len()).collect().item()
        columns = tuple(one for one in report.columns if one.field not in dropped.get(report.kind, ()))
        counts = replace(report.rows, loaded=rows, unread=report.rows.unread + report.rows.loaded - rows)
        return replace(report, rows=counts, columns=columns)

    files = []
    for file in intake.files:
        sheets = tuple(kept for one in file.sheets if (kept := sheet(one)) is not None)
        if sheets or not file.sheets:
            changed = any(one.kind in {*tables, *dropped} for one in file.sheets)
            files.append(replace(file, sheets=sheets, sha256=f"changed {file.sha256}" if changed else file.sha256))
    remaining = {kind: tables.get(kind, table) for kind, table in intake.tables.items()}
    kept = {kind: table for kind, table in remaining.items() if table is not None}
    return replace(intake, files=tuple(files), tables=kept)


def blanked(table: pl.LazyFrame, whole: Run, kind: str, field: str) -> pl.LazyFrame:
    """A table in which one field has no value."""
    schema = table.collect_schema()
    columns = [name for name in field_columns(whole.kinds[kind].field(field)) if name in schema]
    return table.with_columns(pl.lit(None, dtype=schema[name]).alias(name) for name in columns)


def who(findings: pl.DataFrame) -> dict[Identity, dict[str, str]]:
    """Findings by rule and subject: a lost column may change how a record is told from the others, not whom it is about."""
    names = ("rule_id", "subject_type", "household_id", "name", "id_number")
    return {tuple(row[name] for name in names): row for row in findings.iter_rows(named=True)}


def judge(
    month: Month, intake: Intake, *, may_add: frozenset[str] = frozenset(), may_lose: frozenset[str] = frozenset()
) -> Iterator[str]:
    """What goes wrong in either workspace, in words; ``may_add``, ``may_lose``: rules that a fresh one cannot keep from
    finding more, or less."""
    before, sources = who(month.whole.findings), who(with_sources(month.whole))
    for memory, workspace in (("fresh", month.fresh), ("knowing", month.knowing)):
        run = compare_intake(intake, month.whole.kinds, AS_OF, workspace)
        after, held = who(run.findings), who(run.held)
        for one in after.keys() - before.keys():
            if memory == "knowing" or one[0] not in may_add:
                yield f"{memory}: added {one[0]} {one[3]}"
        coverage = {(rule, town): checked for rule, town, checked in ledger_coverage(run)}
        nowhere = {rule for (rule, _), checked in coverage.items() if not checked}  # what is of no town may be there
        believed = trusted_kinds(run)
        short = {(kind, town) for kind, towns in run.doubts.items() for town in towns}
        states = {check.rule_id: check.state for check in run.checks}
        for one in before.keys() - after.keys() - held.keys():
            rule, town = one[0], before[one]["town"]
            if memory == "fresh" and rule in may_lose:
                continue
            kinds = set(sources[one]["sources"].split())
            seen = (
                coverage.get((rule, town), coverage[rule, ""]) and kinds <= believed and (town or rule not in nowhere)
            )
            if seen and not any((kind, town) in short for kind in kinds):
                yield f"{memory}: cleared {rule} {one[3]}"
            if states[rule] == "checked":
                yield f"{memory}: lost unsaid {rule} {one[3]}"


def first(kinds: tuple[str, ...]) -> str:
    return kinds[0]


def groups(kinds: list[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(kinds[start : start + size]) for start in range(0, len(kinds), size)]


LISTS = (
    "agriculture.awards", "civil.deaths", "civil.dibao", "civil.relief", "civil.tekun", "disability.allowances",
    "disability.certificates", "education.aid", "education.enrolment", "education.exemptions", "education.vocational_aid",
    "employment.posts", "employment.status", "finance.loans", "finance.projects", "health.chronic", "health.contracts",
    "health.facilities", "health.followups", "health.inpatient", "health.insurance", "health.outpatient", "health.serious",
    "housing.appraisals", "housing.renovations", "register.households", "register.watchlist", "village.books",
    "village.infrastructure", "water.appraisals", "water.works",
)  # fmt: skip
# Lists that only excuse, or of few people: a workspace that never saw them cannot miss them, or a part of them.
EXCUSED_BY = {
    "civil.deaths": None,  # anybody
    "education.exemptions": frozenset({"EDU-01", "EDU-02", "EDU-09"}),
    "disability.certificates": frozenset({"EDU-01", "EDU-03"}),
    "civil.tekun": frozenset({"MED-11", "MED-12", "DIS-02"}),
    "register.watchlist": frozenset({"EDU-08", "IDN-03", "EMP-02", "FIN-04", "REG-13", "REG-27", "MON-08"}),
}


def excused(kinds: tuple[str, ...], rules: frozenset[str]) -> frozenset[str]:
    """Rules that may find more in a workspace that never saw these lists."""
    allowed = [EXCUSED_BY.get(kind, frozenset()) for kind in kinds]
    return rules if None in allowed else frozenset().union(*(one for one in allowed if one is not None))


def rules_of(month: Month) -> frozenset[str]:
    return frozenset(check.rule_id for check in month.whole.checks)


def test_nothing_taken_away_changes_nothing(month: Month) -> None:
    for workspace in (month.fresh, month.knowing):
        run = compare_intake(month.whole.intake, month.whole.kinds, AS_OF, workspace)
        assert run.findings.equals(month.whole.findings)
        assert not run.held.height and {check.state for check in run.checks} == {"checked"}


@pytest.mark.parametrize("kinds", groups(list(LISTS), 11), ids=first)
def test_lists_that_did_not_come(month: Month, kinds: tuple[str, ...]) -> None:
    intake = altered(month.whole.intake, dict.fromkeys(kinds), {})
    assert list(judge(month, intake, may_add=excused(kinds, rules_of(month)))) == []


@pytest.mark.parametrize("kinds", groups(list(LISTS), 11), ids=first)
def test_lists_with_a_header_only(month: Month, kinds: tuple[str, ...]) -> None:
    tables = {kind: month.whole.intake.tables[kind].head(0) for kind in kinds}
    assert list(judge(month, altered(month.whole.intake, tables, {}))) == []


# What a workspace that never saw the list can tell from the register alone: whether nearly everybody is in it.
COVER_EVERYBODY = ("education.enrolment", "employment.status", "health.insurance", "housing.appraisals")


@pytest.mark.parametrize(
    "kinds", [*groups([kind for kind in LISTS if kind not in COVER_EVERYBODY], 14), COVER_EVERYBODY], ids=first
)
def test_halves_of_lists(month: Month, kinds: tuple[str, ...]) -> None:
    """A workspace that never saw the list misses half of it where it should cover everybody, and else cannot."""
    tables = {kind: month.whole.intake.tables[kind].gather_every(2) for kind in kinds}
    wrong = list(judge(month, altered(month.whole.intake, tables, {})))
    if kinds == COVER_EVERYBODY:
        assert [
            one
            for one in wrong
            if one.startswith(("knowing", "fresh: added EDU-01", "fresh: added MED-01", "fresh: added HSG-01"))
        ] == []
    assert [one for one in wrong if one.startswith("knowing")] == []


def without_town(month: Month, kind: str) -> pl.LazyFrame:
    """A list without the rows of a town: by its own column, else by where the register has the person."""
    table = month.whole.intake.tables[kind]
    names = table.collect_schema().names()
    if "town" in names and kind != "water.appraisals" and table.select(pl.col("town").count()).collect().item():
        return table.filter(pl.col("town").ne_missing(TOWN))
    if "id_number_key" not in names:
        return table
    people = month.whole.intake.tables[REGISTER].filter(pl.col("town") == TOWN)
    numbers = people.select("id_number_key").drop_nulls().unique()
    villages = people.select("village").drop_nulls().unique()
    kept = table.join(numbers, on="id_number_key", how="anti")
    by_village = pl.col("village").is_in(villages.collect()["village"].to_list()) & pl.col("id_number_key").is_null()
    return kept.filter(~by_village.fill_null(False))


@pytest.mark.parametrize("kinds", groups(list(LISTS), 8), ids=first)
def test_lists_without_a_town(month: Month, kinds: tuple[str, ...]) -> None:
    tables = {kind: without_town(month, kind) for kind in kinds}
    few = [kind for kind in kinds if month.whole.kinds[kind].covers != "population"]
    wrong = list(judge(month, altered(month.whole.intake, tables, {})))
    assert [one for one in wrong if not few or one.startswith("knowing")] == []


def test_register_without_a_town(month: Month) -> None:
    tables = {REGISTER: month.whole.intake.tables[REGISTER].filter(pl.col("town") != TOWN)}
    assert list(judge(month, altered(month.whole.intake, tables, {}))) == []


@pytest.mark.parametrize("start", [0, 1])
def test_half_of_the_register(month: Month, start: int) -> None:
    tables = {REGISTER: month.whole.intake.tables[REGISTER].gather_every(2, start)}
    assert list(judge(month, altered(month.whole.intake, tables, {}))) == []


def columns_of(month: Month) -> list[tuple[str, str]]:
    """(kind, field) of every column that came and is not required, in an order that mixes the kinds."""
    found = [
        (kind, field.name)
        for kind, fields in month.whole.intake.asked.items()
        for field in month.whole.kinds[kind].fields
        if field.name in fields and field.name not in WHO
    ]
    return sorted(found, key=lambda one: (one[1], one[0]))


def batches(month: Month, size: int) -> Iterator[list[tuple[str, str]]]:
    """Some columns at a time, of a kind one."""
    waiting = columns_of(month)
    while waiting:
        batch: dict[str, str] = {}
        rest = []
        for kind, field in waiting:
            if kind in batch or len(batch) == size:
                rest.append((kind, field))
            else:
                batch[kind] = field
        waiting = rest
        yield list(batch.items())


def by_blanks(month: Month, columns: list[tuple[str, str]]) -> frozenset[str]:
    """Rules to which a blank in one of these columns says something (``header``): who never saw it filled takes its word."""
    whole = month.whole
    book = book_of(whole.linked, AS_OF, whole.workspace, "polars", whole.kinds)
    rules = {
        rule.id
        for rule in catalogue().values()
        for part in rule.parts_in(book)
        for read in part.reads
        if read.how == "header" and any((read.kind, name) in columns for name in read.columns)
    }
    return frozenset(rules | ({"MON-06"} if rules else set()))  # it reads the findings of others


# Every run of the tests takes a part of the columns away, some at a time; ``--all-columns`` each alone (an hour).
COLUMNS_AT_ONCE, SHARE = 6, 8


@pytest.mark.parametrize("turn", range(2))
@pytest.mark.parametrize("how", ["dropped", "blank"])
def test_columns(month: Month, how: str, turn: int, pytestconfig: pytest.Config) -> None:
    everything = pytestconfig.getoption("--all-columns")
    for place, batch in enumerate(batches(month, 1 if everything else COLUMNS_AT_ONCE)):
        if place % 2 != turn or (not everything and place // 2 % SHARE):
            continue
        batch = [one for one in batch if how == "blank" or not month.whole.kinds[one[0]].field(one[1]).required]
        tables = {kind: blanked(month.whole.intake.tables[kind], month.whole, kind, field) for kind, field in batch}
        dropped = {kind: frozenset({field}) for kind, field in batch} if how == "dropped" else {}
        told = by_blanks(month, batch) if how == "blank" else frozenset()
        if any(field in ("phone", "sex") for _, field in batch):
            told = rules_of(month)  # other records are linked; who never saw them cannot know
        elif any(field == "village" for _, field in batch):
            told |= {"IDN-05"}  # who might be somebody is told by the village too
        wrong = judge(month, altered(month.whole.intake, tables, dropped), may_add=told, may_lose=told)
        assert list(wrong) == [], batch
