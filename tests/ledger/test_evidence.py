"""A month that is read once, altered in memory and compared a day later: what becomes of the findings of the month before.

Nothing that was only lost to sight is put right, and a problem keeps its key however its people, households and lists are
written. The workspace that compares has seen nothing before, so no receipt stands in for what the ledger has to notice itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fupin_cli.intake.model import Intake, QuarantinedRow
from fupin_cli.ledger.query import ledger_table, runs_of
from fupin_cli.ledger.states import CLOSED, NEW, UNSEEN, WAITING
from fupin_cli.ledger.undo import undo_run
from fupin_cli.ledger_entry import keep_in_ledger
from fupin_cli.policy import Policy
from fupin_cli.rules.catalogue import catalogue
from fupin_cli.run import Run, compare, compare_intake
from fupin_cli.sample.generate import generate
from fupin_cli.workspace import Workspace, init_workspace, load_workspace
from tests.test_taking_away import altered, blanked

AS_OF, NEXT, LATER = date(2020, 6, 30), date(2020, 7, 1), date(2020, 7, 2)
PERSONS, WATCHLIST, HOUSEHOLDS = REGISTER = ("register.persons", "register.watchlist", "register.households")
POSTS, INPATIENT = "employment.posts", "health.inpatient"
CLEARED = (WAITING, CLOSED)
NUMBER = (
    "id_number", "id_number_raw", "id_number_key", "birth", "birth_day", "id_sex", "birth_date", "birth_date_day", "phone",
)  # fmt: skip
# A day later these two terms are over, whatever else happens.
BY_DATE = {("CIV-05", "云珠芳"), ("HSG-03", "黄运启")}
Tables = Mapping[str, pl.DataFrame]
Finding = dict[str, Any]


@dataclass(frozen=True)
class Month:
    """A month that was compared and kept in a ledger; ``blind``: a workspace that saw nothing."""

    whole: Run
    blind: Workspace

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        return {kind: table.collect() for kind, table in self.whole.intake.tables.items()}

    @cached_property
    def kind_of(self) -> dict[int, str]:
        return {rid: kind for kind, table in self.tables.items() for rid in table["rid"]}

    @cached_property
    def findings(self) -> dict[str, Finding]:
        return {row["finding_key"]: row for row in self.whole.findings.iter_rows(named=True)}

    @cached_property
    def rows(self) -> dict[str, list[int]]:
        """Key → the rows of lists that the finding rests on."""
        grounds = self.whole.grounds.sort("finding_key", "rid").group_by("finding_key").agg("rid")
        return {key: [rid for rid in rids if self.kind_of[rid] not in REGISTER] for key, rids in grounds.iter_rows()}

    def key(self, rule: str, name: str = "") -> str:
        found = [key for key, row in self.findings.items() if row["rule_id"] == rule and name in row["name"]]
        return found[0]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    inputs, blind, knowing = (tmp_path_factory.mktemp(name) for name in ("inputs", "blind", "knowing"))
    generate(inputs, as_of=AS_OF, seed=7, persons=420)
    init_workspace(knowing, "美兰区")
    whole = compare([inputs], AS_OF, load_workspace(knowing))
    keep_in_ledger(whole, knowing / "输出", at="2020-06-30T09:00:00")
    return Month(whole, load_workspace(blind))


class Office:
    """A copy of the ledger of the month, to which altered months are added."""

    def __init__(self, month: Month, folder: Path) -> None:
        self._month = month
        shutil.copytree(month.whole.workspace.ledger.parent, folder, dirs_exist_ok=True)
        self.workspace = load_workspace(folder)

    def keep(self, intake: Intake, as_of: date = NEXT, **policy: Any) -> None:
        values = {**self._month.blind.policy.values, **policy}
        blind = replace(self._month.blind, policy=Policy(values))
        run = compare_intake(intake, self._month.whole.kinds, as_of, blind)
        keep_in_ledger(replace(run, workspace=self.workspace), Path("输出"), at=f"{as_of}T09:00:00")

    def table(self) -> dict[str, Finding]:
        return {row["finding_key"]: row for row in ledger_table(self.workspace.ledger).iter_rows(named=True)}

    def undo(self) -> None:
        undo_run(self.workspace.ledger, reason="试", who="张三", at="2020-07-03T09:00:00")


@pytest.fixture
def office(month: Month, tmp_path: Path) -> Iterator[Office]:
    """After every case its last run is taken back, and the ledger is as it was."""
    office = Office(month, tmp_path / "office")
    before = office.table()
    yield office
    for _ in range(runs_of(office.workspace.ledger).height - 1):
        office.undo()
    assert office.table() == before


def with_tables(month: Month, tables: Tables, dropped: Mapping[str, frozenset[str]] | None = None) -> Intake:
    return altered(month.whole.intake, {kind: table.lazy() for kind, table in tables.items()}, dropped or {})


def each(month: Month, change: Callable[[pl.DataFrame], pl.DataFrame], kinds: Collection[str] = REGISTER) -> Tables:
    return {kind: change(month.tables[kind]) for kind in kinds}


def without_rows(month: Month, rids: Collection[int]) -> Tables:
    kinds = sorted({month.kind_of[rid] for rid in rids})
    return each(month, lambda table: table.filter(~pl.col("rid").is_in(list(rids))), kinds)


def set_aside(month: Month, rids: Collection[int]) -> Intake:
    """Rows without name and number, as the intake sets them aside (隔离行)."""
    intake = with_tables(month, without_rows(month, rids))
    strays = []
    for rid in sorted(rids):
        kind = month.kind_of[rid]
        row = month.tables[kind].row(by_predicate=pl.col("rid") == rid, named=True)
        place = (row["source_file"], row["source_sheet"], row["source_row"])
        strays.append(QuarantinedRow(*place, kind, "姓名和证件号码都是空的", (row["town"] or "",)))
    return replace(intake, quarantine=(*intake.quarantine, *strays))


def told(month: Month, after: Mapping[str, Finding], keys: Collection[str]) -> list[str]:
    """The findings among these that were put right, in words."""
    rows = [(after[key], month.findings[key]) for key in keys if after[key]["state"] in CLEARED]
    return sorted(f"{row['rule_id']} {row['name']} {found['source_value']}" for row, found in rows)


def newly(month: Month, after: Mapping[str, Finding]) -> list[str]:
    new = [row for key, row in after.items() if key not in month.findings]
    return sorted(f"{x['rule_id']} {x['name']} {x['title']}" for x in new if (x["rule_id"], x["name"]) not in BY_DATE)


def cured_by_absence(month: Month, key: str) -> bool:
    return bool(catalogue()[month.findings[key]["rule_id"]].cured_by_absence)


def assert_same(month: Month, after: Mapping[str, Finding]) -> None:
    """Every finding is found again under its key, and nothing else."""
    assert newly(month, after) == []
    assert {key: (after[key]["state"], after[key]["present"]) for key in month.findings} == dict.fromkeys(
        month.findings, (NEW, 1)
    )


def unexplained(after: Mapping[str, Finding], keys: Collection[str]) -> list[str]:
    return [key for key in keys if after[key]["state"] == UNSEEN and not after[key]["unseen_because"]]


def test_finding_whose_rows_are_gone_is_not_put_right(month: Month, office: Office) -> None:
    """But where leaving the list is the cure. A finding about other findings goes out of sight with them (MON-06)."""
    keys = [key for key in sorted(month.findings) if month.rows.get(key)]
    office.keep(with_tables(month, without_rows(month, {rid for key in keys for rid in month.rows[key]})))
    after = office.table()
    curable = [key for key in keys if cured_by_absence(month, key)]
    assert told(month, after, month.findings.keys() - set(curable)) == []
    assert told(month, after, curable) and not unexplained(after, keys)


def test_record_that_may_be_a_row_set_aside_is_not_put_right(month: Month, office: Office) -> None:
    """Of findings that rest on several rows of one list one of them is set aside, of others all."""
    gone: set[int] = set()
    for key, rids in month.rows.items():
        by_kind: dict[str, list[int]] = {}
        for rid in rids:
            by_kind.setdefault(month.kind_of[rid], []).append(rid)
        several = [rows[-1] for rows in by_kind.values() if len(rows) > 1]
        gone.update(several or (rids if cured_by_absence(month, key) else []))
    office.keep(set_aside(month, gone))
    assert told(month, office.table(), month.findings) == []


def test_row_without_its_number_is_nobodys(month: Month, office: Office) -> None:
    rids = [
        rid for rids in month.rows.values() for rid in rids if "id_number" in month.tables[month.kind_of[rid]].columns
    ]

    def unnumbered(table: pl.DataFrame) -> pl.DataFrame:
        these = pl.col("rid").is_in(rids)
        blank = [
            pl.when(these).then(None).otherwise(pl.col(name)).alias(name) for name in NUMBER if name in table.columns
        ]
        status = pl.when(these).then(pl.lit("empty")).otherwise("id_number_status")
        return table.with_columns(*blank, id_number_status=status)

    office.keep(with_tables(month, each(month, unnumbered, sorted({month.kind_of[rid] for rid in rids}))))
    assert told(month, office.table(), month.findings) == []


def register_rows(month: Month, rule: str, number: int) -> list[int]:
    keys = [key for key, row in month.findings.items() if row["rule_id"].startswith(rule) and row["person_no"]]
    own = month.whole.grounds.filter(pl.col("finding_key").is_in(keys) & pl.col("own"))["rid"].unique().sort()
    return [rid for rid in own if month.kind_of[rid] == PERSONS][:number]


def test_people_of_the_register_mistyped_and_gone(month: Month, office: Office) -> None:
    mistyped = register_rows(month, "EDU", 3) + register_rows(month, "IDN-02", 1)
    people, own = month.tables[PERSONS], pl.col("rid")
    gone = [rid for rid in register_rows(month, "MED", 20) if rid not in mistyped][:2]
    alone = month.findings[month.key("REG-13", "吴海宁")][
        "household_id"
    ]  # lives alone: the number is all that names the household
    home = month.findings[month.key("HSG-06")]["household_id"]
    wrong = own.is_in(mistyped) | (pl.col("household_id") == alone)
    last = pl.col("id_number").str.slice(17, 1)
    number = pl.col("id_number").str.slice(0, 17) + pl.when(last == "1").then(pl.lit("2")).otherwise(pl.lit("1"))
    people = people.with_columns(
        id_number=pl.when(wrong).then(number).otherwise("id_number"),
        id_number_key=pl.when(wrong).then(None).otherwise("id_number_key"),
        id_number_status=pl.when(wrong).then(pl.lit("checksum")).otherwise("id_number_status"),
    ).filter(~own.is_in(gone) & pl.col("household_id").ne_missing(home))
    households = month.tables[HOUSEHOLDS].filter(pl.col("household_id") != home)
    office.keep(with_tables(month, {PERSONS: people, HOUSEHOLDS: households}))
    after = office.table()
    assert told(month, after, month.findings) == []
    # what is wrong with them now, and what nobody is known for any more
    expected = {"REG-02", "REG-06", "IDN-01", "IDN-03", "VIL-01", "REG-22", "EDU-08", "FIN-04"}
    assert {one.split()[0] for one in newly(month, after)} <= expected
    reasons = {row["unseen_because"] for row in after.values() if row["state"] == UNSEEN}
    assert {"此人不在台账和监测名单中", "这一户不在台账和监测名单中"} <= reasons and "" not in reasons


def renumbered(field: str) -> pl.Expr:
    return pl.when(pl.col(field).is_not_null()).then(pl.lit("9") + pl.col(field).str.reverse()).alias(field)


def test_new_numbers_of_people_and_households_in_another_order(month: Month, office: Office) -> None:
    def change(table: pl.DataFrame) -> pl.DataFrame:
        fields = [name for name in ("person_no", "household_id") if name in table.columns]
        return table.with_columns(map(renumbered, fields))

    tables = {**month.tables, **each(month, change)}
    shuffled = {kind: table.sample(fraction=1.0, shuffle=True, seed=3) for kind, table in tables.items()}
    office.keep(with_tables(month, shuffled))
    assert_same(month, office.table())


def test_no_numbers_of_people(month: Month, office: Office) -> None:
    lists = (PERSONS, WATCHLIST)
    tables = each(month, lambda table: table.with_columns(person_no=pl.lit(None, pl.String)), lists)
    office.keep(with_tables(month, tables, dict.fromkeys(lists, frozenset({"person_no"}))))
    assert_same(month, office.table())


def test_people_moved_to_where_the_register_is_not_believed(month: Month, office: Office) -> None:
    """A town that is in doubt is not looked at: who moved there was not seen to be right."""
    places = month.tables[PERSONS].select("household_id", "town", "village").drop_nulls()
    places = places.unique("household_id", maintain_order=True)
    turned = {name: places[name].to_list()[7:] + places[name].to_list()[:7] for name in ("town", "village")}

    def moved(table: pl.DataFrame) -> pl.DataFrame:
        homes = places["household_id"].to_list()
        return table.with_columns(
            pl.col("household_id").replace_strict(homes, turned[name], default=pl.col(name)).alias(name)
            for name in ("town", "village")
        )

    office.keep(with_tables(month, each(month, moved)))
    after = office.table()
    assert {row["town"] for row in after.values() if row["present"]} >= {"三江镇", "灵山镇"}
    questions = {
        key for key, row in month.findings.items() if row["rule_id"] == "IDN-05"
    }  # the village was what it asked about
    assert told(month, after, month.findings.keys() - questions) == []
    assert {one.split()[0] for one in newly(month, after)} <= {"VIL-01"}


def test_villages_that_nothing_names_any_more(month: Month, office: Office) -> None:
    kinds = [kind for kind, table in month.tables.items() if "village" in table.columns]
    office.keep(
        with_tables(month, each(month, lambda t: t.with_columns(village=pl.lit("新") + pl.col("village")), kinds))
    )
    after = office.table()
    assert told(month, after, [key for key, row in month.findings.items() if row["rule_id"] != "IDN-05"]) == []
    assert after[month.key("MED-16")]["unseen_because"] == "这个村不在台账和名单中"


# Of each list the first of these that it has.
COLUMNS = (
    ("term", "month", "served_on", "paid_on", "admitted_on", "batch_year", "household_id", "town"),
    ("item", "visited_on", "granted_on", "paid_on", "batch_year", "village"),
)


@pytest.mark.parametrize("columns", COLUMNS, ids=lambda one: one[0])
def test_lost_columns_of_lists(month: Month, office: Office, columns: tuple[str, ...]) -> None:
    """No finding is put right, and none is raised anew that is one of before."""
    asked = {kind: fields for kind, fields in month.whole.intake.asked.items() if kind not in REGISTER}
    lost = {kind: [one for one in columns if one in fields][:1] for kind, fields in asked.items()}
    dropped = {kind: frozenset(fields) for kind, fields in lost.items() if fields}
    tables = {}
    for kind, fields in dropped.items():
        for field in fields:
            tables[kind] = blanked(month.tables[kind].lazy(), month.whole, kind, field).collect()
    office.keep(with_tables(month, tables, dropped))
    after = office.table()
    assert told(month, after, month.findings) == []
    whose = ("rule_id", "subject_type", "household_id", "name", "id_number")
    before = {tuple(row[name] for name in whose) for row in month.findings.values()}
    new = [row for key, row in after.items() if key not in month.findings]
    assert [row["rule_id"] for row in new if tuple(row[name] for name in whose) in before] == []


def test_divided_households_keep_their_findings(month: Month, office: Office) -> None:
    """Half of the members of each get another number, among them those whom the lists name."""

    def divided(table: pl.DataFrame) -> pl.DataFrame:
        other = pl.col("rid").rank("ordinal").over("household_id") % 2 == 0
        home = pl.when(other).then(pl.col("household_id") + "9").otherwise("household_id")
        return table.with_columns(household_id=home)

    office.keep(with_tables(month, each(month, divided, [PERSONS])))
    after = office.table()
    assert told(month, after, month.findings) == []
    followed = after[month.key("CIV-08")]
    assert (followed["present"], followed["state"]) == (1, NEW) and followed["household_id"].endswith("9")


def test_corrected_number_clears_what_was_wrong_with_it_alone(month: Month, office: Office) -> None:
    key = month.key("REG-02")
    wrong = month.findings[key]
    twin = month.tables[PERSONS].filter(pl.col("id_number_status") == "valid").row(0, named=True)
    right = wrong["id_number"][:17] + _check_digit(wrong["id_number"])
    mine = pl.col("id_number") == wrong["id_number"]
    new = {
        "id_number": right,
        "id_number_raw": right,
        "id_number_key": right,
        "id_number_status": twin["id_number_status"],
    }
    people = month.tables[PERSONS].with_columns(
        pl.when(mine).then(pl.lit(value)).otherwise(pl.col(name)).alias(name) for name, value in new.items()
    )
    office.keep(with_tables(month, {PERSONS: people}))
    after = office.table()
    assert after[key]["state"] == WAITING
    assert {one.split()[0] for one in told(month, after, month.findings)} <= {"REG-02", "IDN-01"}
    assert newly(month, after) == []


def _check_digit(number: str) -> str:
    return "10X98765432"[sum(int(digit) * (2 ** (17 - at) % 11) for at, digit in enumerate(number[:17])) % 11]


def test_two_findings_of_a_person_never_swap(month: Month, office: Office) -> None:
    """Two posts of one dead or unentitled person: which of them is given up does not matter to the other's key."""
    key = month.key("EMP-02")
    table = month.tables[POSTS]
    (rid,) = month.rows[key]
    row = table.filter(pl.col("rid") == rid)
    other = row.with_columns(
        rid=pl.lit(10**6, pl.Int64), post=pl.lit("护林员"), source_row=pl.lit(999, row["source_row"].dtype)
    )
    both = pl.concat([table, other.cast(table.schema)])
    office.keep(with_tables(month, {POSTS: both}))
    found = {x["finding_key"]: x["source_value"] for x in office.table().values() if x["rule_id"] == "EMP-02"}
    keys = {
        key for key, said in found.items() if month.findings[month.key("EMP-02")]["name"] == office.table()[key]["name"]
    }
    assert len(keys) == 2 and key in keys and "护林员" not in found[key]
    (second,) = keys - {key}
    office.keep(with_tables(month, {POSTS: both.filter(pl.col("rid") != rid)}), LATER)
    after = office.table()
    assert (after[key]["state"], after[key]["present"]) == (WAITING, 0)
    assert (after[second]["state"], after[second]["present"], after[second]["source_value"]) == (NEW, 1, found[second])


def test_loosened_policy_puts_nothing_right(month: Month, office: Office) -> None:
    keys = [month.key("MED-11"), month.key("MED-12")]
    office.keep(month.whole.intake, inpatient_rate=0.1, outpatient_rate=0.1)
    after = office.table()
    assert [(after[key]["state"], after[key]["yardstick_changed"]) for key in keys] == [(UNSEEN, 1)] * 2
    assert all("政策参数变了" in after[key]["unseen_because"] for key in keys)
    assert told(month, after, month.findings) == []
    office.keep(month.whole.intake, LATER)
    again = office.table()
    assert [(again[key]["state"], again[key]["relapses"]) for key in keys] == [(NEW, 0)] * 2
    assert [again[key]["yardstick_changed"] for key in keys] == [0, 0]


def test_risk_is_refuted_by_a_row_that_is_gone(month: Month, office: Office) -> None:
    key = month.key("MON-03", "蔡龙雄")
    home = month.findings[key]["household_id"]
    persons = month.whole.linked.persons.filter(pl.col("household_id") == home).select("pid")
    appraisals = month.whole.linked.tables["housing.appraisals"].join(persons, on="pid", how="semi")
    office.keep(with_tables(month, without_rows(month, appraisals.collect()["rid"].to_list())))
    assert told(month, office.table(), [key]) == []
