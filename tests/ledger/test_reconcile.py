"""``fupin reconcile`` in a workspace brings the ledger up to date."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from fupin_cli.ledger.query import coverage_of, ledger_table, runs_of
from fupin_cli.ledger.states import NEW, WAITING
from tests.cli.test_commands import CHILD, REGISTER, run
from tests.intake.conftest import ID, ROLL, xlsx

OTHER_ID = "460108201005051038"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A workspace whose register has one child, and a roll without it."""
    root = tmp_path / "区扶贫办"
    assert run("init", str(root)) == 0
    xlsx(root / "数据" / "台账.xlsx", [REGISTER, CHILD])
    xlsx(root / "数据" / "学籍.xlsx", [ROLL, ("李四", OTHER_ID, "一小", "小学", "在读")])
    return root


def reconcile(office: Path, as_of: str, *more: str) -> int:
    return run("reconcile", str(office / "数据"), "--workspace", str(office), "--as-of", as_of, *more)


def ledger(office: Path) -> pl.DataFrame:
    return ledger_table(office / "整改台账.db")


def edu_01(office: Path) -> dict[str, object]:
    return ledger(office).filter(pl.col("rule_id") == "EDU-01").row(0, named=True)


def enrol(office: Path) -> None:
    xlsx(
        office / "数据" / "学籍.xlsx",
        [ROLL, ("李四", OTHER_ID, "一小", "小学", "在读"), ("陈一", ID, "一小", "小学", "在读")],
    )


def test_findings_enter_with_the_kinds_of_their_evidence(office: Path) -> None:
    assert reconcile(office, "2020-06-30") == 0
    row = edu_01(office)
    assert (row["state"], row["sources"], row["first_as_of"]) == (NEW, "register.persons", "2020-06-30")
    assert ledger(office)["state"].unique().to_list() == [NEW]


def test_mended_finding_waits_and_the_manifest_says_so(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reconcile(office, "2020-06-30")
    enrol(office)
    capsys.readouterr()
    assert reconcile(office, "2020-07-31") == 0
    assert edu_01(office)["state"] == WAITING
    assert "待确认销号1条" in capsys.readouterr().out.replace("\n", "")
    manifest = json.loads((office / "输出" / "2020-07-31" / "run.json").read_text(encoding="utf-8"))
    assert manifest["ledger"]["waiting"] == 1


def test_missing_source_clears_nothing(office: Path) -> None:
    reconcile(office, "2020-06-30")
    (office / "数据" / "学籍.xlsx").unlink()
    reconcile(office, "2020-07-31")
    assert edu_01(office)["state"] == NEW


def test_unreadable_file_clears_nothing(office: Path) -> None:
    """Nobody knows what it held."""
    reconcile(office, "2020-06-30")
    enrol(office)
    broken = office / "数据" / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04broken")
    assert reconcile(office, "2020-07-31") == 3
    assert edu_01(office)["state"] == NEW
    broken.unlink()
    reconcile(office, "2020-07-31")
    assert edu_01(office)["state"] == WAITING


def test_identity_rules_count_as_checked_though_other_lists_are_missing(office: Path) -> None:
    reconcile(office, "2020-06-30")
    rows = coverage_of(office / "整改台账.db", 1)
    covered = {(rule, town): checked for rule, town, checked, _ in rows.iter_rows()}
    assert (covered["IDN-02", ""], covered["EDU-01", ""], covered["MED-01", ""], covered["REG-12", ""]) == (1, 1, 0, 0)
    partly = set(rows.filter(pl.col("part") == 1)["rule_id"])
    assert "IDN-02" in partly and not partly & {"EDU-01", "MED-01"}


def test_identity_finding_is_cleared_only_where_its_list_arrived(office: Path) -> None:
    roll = office / "数据" / "学籍.xlsx"
    xlsx(roll, [ROLL, ("陈壹", ID, "一小", "小学", "在读")])
    reconcile(office, "2020-05-31")

    def state() -> object:
        return ledger(office).filter(pl.col("rule_id") == "IDN-02")["state"].item()

    assert state() == NEW
    roll.unlink()
    reconcile(office, "2020-06-30")
    assert state() == NEW
    enrol(office)
    reconcile(office, "2020-07-31")
    assert state() == WAITING


def test_same_inputs_twice_change_nothing(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reconcile(office, "2020-06-30")
    capsys.readouterr()
    assert reconcile(office, "2020-06-30") == 0
    assert "没有变化" in capsys.readouterr().out
    assert runs_of(office / "整改台账.db").height == 1


def test_older_date_is_refused_before_any_work_and_taken_with_backfill(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reconcile(office, "2020-06-30")
    assert reconcile(office, "2020-05-31") == 2
    assert "--backfill" in capsys.readouterr().err
    assert not (office / "输出" / "2020-05-31").exists()
    assert reconcile(office, "2020-05-31", "--backfill") == 0
    assert (edu_01(office)["first_as_of"], edu_01(office)["times_seen"]) == ("2020-05-31", 2)


def test_no_ledger_and_no_workspace_leave_no_ledger(office: Path, tmp_path: Path) -> None:
    assert reconcile(office, "2020-06-30", "--no-ledger") == 0
    assert not (office / "整改台账.db").exists()
    data, out = str(office / "数据"), str(tmp_path / "out")
    assert run("reconcile", data, "--workspace", str(tmp_path), "--as-of", "2020-06-30", "--out", out) == 0
    assert not list(tmp_path.glob("*.db"))
    assert json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["ledger"] is None


def test_json_tells_what_the_ledger_took(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    reconcile(office, "2020-06-30", "--json")
    document = json.loads(capsys.readouterr().out)
    assert document["ledger"]["new"] == document["findings"] > 0
