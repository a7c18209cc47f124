"""From exports and ledger to a light a household: reasons, overrides, measures, and what changed in a month."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import narwhals as nw
import openpyxl
import polars as pl
import pytest

from fupin_cli.engine import collected
from fupin_cli.errors import FupinError
from fupin_cli.household_lights import Lit, judge, light_changes, light_households, set_light, take_cares, two_days
from fupin_cli.ledger.lights import cares_of, clear_override, light_days, light_events, lights_of_household
from fupin_cli.lights.model import HouseholdLight, Override
from fupin_cli.reports.lights_sheet import write_lights
from fupin_cli.run import compare
from fupin_cli.workspace import Workspace, find_workspace
from tests.ledger.ledgers import Office, finding
from tests.lights.villages import CHANGES, LIGHTS_IN_JUNE, LIGHTS_IN_MAY, two_months

MAY, JUNE, AT = date(2020, 5, 31), date(2020, 6, 30), "2020-07-01T09:00:00"
SAMPLE = Path(__file__).parents[2] / "sample_data" / "2020-06"


class District:
    """A workspace with two months of exports and a ledger."""

    def __init__(self, root: Path) -> None:
        (root / "fupin.toml").write_text('[district]\nname = "美兰区"\n', encoding="utf-8")
        self.may, self.june = two_months(root / "数据")
        self.office = Office(root)

    @property
    def workspace(self) -> Workspace:
        return find_workspace(self.office.path.parent)

    def light(self, month: Path, as_of: date) -> Lit:
        return light_households([month], as_of, self.workspace, AT)


@pytest.fixture
def district(tmp_path: Path) -> District:
    made = District(tmp_path)
    made.office.run("2020-05-31")
    return made


def one(lit: Lit, home: str) -> HouseholdLight:
    return next(light for light in lit.run.lights if light.household.household_id == home)


def lights(lit: Lit) -> dict[str, str]:
    return {light.household.household_id: light.light for light in lit.run.lights}


def test_two_months_give_the_lights_and_changes_planted_in_them(district: District) -> None:
    may = district.light(district.may, MAY)
    june = district.light(district.june, JUNE)
    assert lights(may) == LIGHTS_IN_MAY
    assert lights(june) == LIGHTS_IN_JUNE
    assert (may.since, may.changes, june.since) == (None, (), "2020-05-31")
    assert {change.household_id: (change.kind, change.before, change.after) for change in june.changes} == CHANGES
    assert light_changes(district.office.path, *two_days(district.office.path, None, None)) == june.changes


def test_every_household_of_the_sample_has_exactly_one_light(tmp_path: Path) -> None:
    (tmp_path / "fupin.toml").write_text('[district]\nname = "美兰区"\n', encoding="utf-8")
    office = Office(tmp_path)
    office.run("2020-06-30")
    lit = light_households([SAMPLE], JUNE, find_workspace(tmp_path), AT)
    homes = [light.household.household_id for light in lit.run.lights]
    assert len(homes) == len(set(homes)) >= 365
    assert all(bool(light.reasons) == (light.computed != "绿灯") for light in lit.run.lights)
    places = {reason.place for light in lit.run.lights for reason in light.reasons}
    assert all(place.count("!") >= 2 for place in places)


def test_same_inputs_give_the_same_lights_with_their_reasons_in_one_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fupin.toml").write_text('[district]\nname = "美兰区"\n', encoding="utf-8")
    workspace = find_workspace(tmp_path)
    run = compare([SAMPLE], JUNE, workspace)
    findings = run.findings.with_columns(first_as_of=pl.lit("2020-03-01"))
    first = judge(run, findings, workspace, "2020-06-30")
    assert max(len(light.reasons) for light in first.lights) > 2
    assert judge(run, findings, workspace, "2020-06-30") == first
    for seed in range(5):

        def shuffled(frame: nw.LazyFrame, seed: int = seed) -> pl.DataFrame:
            """The rows as threads may hand them over."""
            return collected(frame).sample(fraction=1, shuffle=True, seed=seed)

        monkeypatch.setattr("fupin_cli.lights.facts.collected", shuffled)
        monkeypatch.setattr("fupin_cli.household_lights.collected", shuffled)
        again = findings.sample(fraction=1, shuffle=True, seed=seed)
        assert judge(run, again, workspace, "2020-06-30") == first


def test_reasons_say_what_exactly_and_where(district: District) -> None:
    reasons = one(district.light(district.may, MAY), "R2").reasons
    assert [str(reason) for reason in reasons] == ["整户无劳动能力", "收入低于监测标准（人均纯收入4000元）"]
    assert {reason.place for reason in reasons} == {"建档立卡贫困人口信息.csv!建档立卡贫困人口信息!8"}


@pytest.mark.parametrize(
    ("first", "severity", "category", "light"),
    [
        ("2020-05-31", "严重", "义务教育", "黄灯"), ("2020-04-30", "严重", "义务教育", "红灯"), ("2020-05-01", "严重", "义务教育", "黄灯"),
        ("2020-04-30", "一般", "义务教育", "绿灯"), ("2020-04-30", "严重", "兜底保障", "黄灯"),
    ],
)  # fmt: skip
def test_open_severe_findings_of_the_ledger_light_yellow_and_old_ones_red(
    tmp_path: Path, first: str, severity: str, category: str, light: str
) -> None:
    district = District(tmp_path)
    row = finding(household_id="G1", severity=severity, category=category)
    district.office.run(first, row)
    district.office.run("2020-06-30", row)
    assert one(district.light(district.june, JUNE), "G1").light == light


def test_a_dismissed_finding_lights_nothing(district: District) -> None:
    district.office.run("2020-06-30", finding(household_id="G1"))
    assert one(district.light(district.june, JUNE), "G1").light == "黄灯"
    district.office.dismiss()
    assert one(district.light(district.june, JUNE), "G1").light == "绿灯"


def test_light_set_by_hand_holds_until_its_day_and_says_why(district: District) -> None:
    district.light(district.may, MAY)
    ledger = district.office.path
    set_light(ledger, "G1", Override("红灯", "户主突发重病", JUNE), who="张三", at=AT)
    lit = one(district.light(district.june, JUNE), "G1")
    assert (lit.light, lit.computed, lit.due) == ("红灯", "绿灯", ("缺帮扶措施", "缺下次跟踪日期"))
    assert "人工调整：户主突发重病（至2020-06-30）" in lights_of_household(ledger, "G1")[-1]["reasons"]
    assert one(district.light(district.june, date(2020, 7, 1)), "G1").light == "绿灯"
    clear_override(ledger, "G1", who="李四", at=AT)
    assert one(district.light(district.june, JUNE), "G1").light == "绿灯"
    assert [(row["who"], row["event"]) for row in light_events(ledger, "G1")] == [
        ("张三", "人工调整"), ("李四", "撤销人工调整"),
    ]  # fmt: skip
    with pytest.raises(FupinError, match="没有人工调整"):
        clear_override(ledger, "G1", who="李四", at=AT)
    with pytest.raises(FupinError, match="没有判定过"):
        set_light(ledger, "没有的户", Override("红灯", "", JUNE), who="张三", at=AT)


def filled(district: District, path: Path, cells: dict[str, tuple[str, str, str]]) -> Path:
    """三色灯.xlsx of May with the fill-in cells of some households filled, its columns turned round, its rows sorted."""
    lit = district.light(district.may, MAY)
    write_lights(path, lit.run, "美兰区", district.workspace.policy, None, ())
    book = openpyxl.load_workbook(path)
    for sheet in book:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        heads = [at for at, row in enumerate(rows) if "帮扶措施" in row]
        if not heads:
            continue
        head = rows[heads[0]]
        for row in rows[heads[0] + 1 :]:
            if row[head.index("户编号")] in cells:
                row[-3:] = cells[str(row[head.index("户编号")])]
        copy = book.create_sheet(f"{sheet.title}改", 0)
        for row in [head, *sorted(rows[heads[0] + 1 :], key=str, reverse=True)]:
            copy.append(list(reversed(row)))
        book.remove(sheet)
    book.save(path)
    return path


def test_filled_lists_come_back_whatever_order_they_are_in(district: District, tmp_path: Path) -> None:
    cells = {"Y1": ("大病救治", "王五", "2020-07-15"), "R1": ("低保兜底", "", "2020年6月1日"), "B1": ("", "", "下个月")}
    file = filled(district, tmp_path / "灵山镇.xlsx", cells)
    taken = take_cares(district.office.path, file, who="张三", at=AT)
    assert sorted(taken.changed) == ["R1", "Y1"]
    assert [reason for _, reason in taken.refused] == ["下次跟踪日期要写到日，如 2020-07-15"]
    assert cares_of(district.office.path)["R1"] == ("低保兜底", "", "2020-06-01")
    again = take_cares(district.office.path, file, who="张三", at=AT)
    assert (again.changed, again.same) == ((), 2)
    june = district.light(district.june, JUNE)
    assert (one(june, "Y1").due, one(june, "R1").due) == ((), ("跟踪逾期",))
    assert [row["event"] for row in light_events(district.office.path, "Y1")] == [
        "帮扶措施",
        "帮扶责任人",
        "下次跟踪日期",
    ]


def test_unknown_household_and_double_words_are_refused(district: District, tmp_path: Path) -> None:
    district.light(district.may, MAY)
    rows = ["户编号,帮扶措施", "Y1,产业", "Y1,就业", "没有的户,产业", ",产业", "Y2,就业"]
    (tmp_path / "填报.csv").write_text("\n".join(rows), encoding="utf-8")
    taken = take_cares(district.office.path, tmp_path / "填报.csv", who="张三", at=AT)
    assert taken.changed == ("Y2",)
    reasons = " ".join(reason for _, reason in taken.refused)
    assert "所填不一致" in reasons and "没有判定过三色灯" in reasons and "户编号是空的" in reasons


def test_same_lights_are_kept_once(district: District) -> None:
    assert district.light(district.may, MAY).new
    assert not district.light(district.may, MAY).new
    assert light_days(district.office.path) == ["2020-05-31"]


def test_what_could_not_be_judged_is_said(district: District) -> None:
    gaps = district.light(district.june, JUNE).run.gaps
    assert any("就业信息" in gap and "没有判断" in gap for gap in gaps)
    assert any("最近一次比对是2020-05-31" in gap for gap in gaps)
    assert "监测名单以外的一般农户没有名单" in gaps[-1]


def test_without_workspace_or_comparison_there_are_no_lights(tmp_path: Path) -> None:
    district = District(tmp_path)
    with pytest.raises(FupinError, match="还没有"):
        district.light(district.may, MAY)
    with pytest.raises(FupinError, match="不是工作目录"):
        light_households([district.may], MAY, Workspace(tmp_path / "别处"), AT)
    district.office.run("2020-05-31")
    with pytest.raises(FupinError, match="还没有两次"):
        two_days(district.office.path, None, None)


def test_failure_while_keeping_leaves_the_lights_of_before(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    district.light(district.may, MAY)
    with sqlite3.connect(district.office.path) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON lights WHEN new.household_id = 'Y3' BEGIN SELECT RAISE(ABORT, 'x'); END"
        )
    with pytest.raises((FupinError, sqlite3.Error)):
        district.light(district.june, JUNE)
    assert light_days(district.office.path) == ["2020-05-31"]
