"""A small run for the reports: findings with defaults, checks, files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from fupin_cli.findings import COLUMNS
from fupin_cli.intake.model import FileReport, QualityNote, RowCount, SheetReport
from fupin_cli.reports.model import RunSummary
from fupin_cli.rules.check import RuleCheck

DEFAULTS = {
    "rule_id": "EDU-01",
    "category": "义务教育",
    "severity": "严重",
    "subject_type": "person",
    "household_id": "4601080001",
    "person_no": "46010800010003",
    "name": "王小明",
    "id_number": "460108201103052219",
    "town": "灵山镇",
    "village": "东营村",
    "owner": "区教育局",
    "title": "义务教育适龄人口无学籍",
    "detail": "王小明（9周岁）在学籍名册中没有任何记录，也没有送教上门、因残免学等免学记录。",
    "register_value": "在校生状况：小学",
    "source_value": "学籍：无记录",
    "basis": "工作要点 三（二）1",
    "evidence": "建档立卡台账.xlsx!人员!128; 学籍在校生2020春.xlsx!Sheet1!无",
}


def finding_table(*changes: dict[str, str]) -> pd.DataFrame:
    """One finding for each dict of values that differ from the defaults."""
    rows = [{"finding_key": f"{at:016x}", **DEFAULTS, **change} for at, change in enumerate(changes)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


@pytest.fixture
def findings() -> Callable[..., pd.DataFrame]:
    return finding_table


def small_table() -> pd.DataFrame:
    """Four findings of three categories in two towns."""
    medical = {"rule_id": "MED-01", "category": "基本医疗", "title": "未参加基本医疗保险", "owner": "区卫健委"}
    return finding_table(
        {},
        {"town": "三江镇", "village": "茄芮村", "severity": "一般", "owner": "区教育局、区扶贫办"},
        medical | {"severity": "提示", "household_id": "4601080002"},
        {"rule_id": "REG-05", "category": "台账质量", "subject_type": "household", "person_no": "", "id_number": ""},
    )


@pytest.fixture
def four_findings() -> pd.DataFrame:
    return small_table()


def small_summary() -> RunSummary:
    """Two files read, one broken; one rule not checked anywhere, one not in one town."""
    register = SheetReport(
        "建档立卡台账.xlsx", "人员", state="loaded", kind="register.persons", kind_title="建档立卡人口",
        rows=RowCount(total=1365, title=1, header=2, subtotal=1, loaded=1357, quarantined=4),
    )  # fmt: skip
    roll = SheetReport(
        "学籍.xlsx", "Sheet1", state="loaded", kind="education.enrolment", kind_title="学籍在校生",
        rows=RowCount(total=20_002, header=1, footnote=1, loaded=20_000),
    )  # fmt: skip
    unknown = SheetReport("学籍.xlsx", "说明", message="没有找到表头", rows=RowCount(total=7, unread=7))
    return RunSummary(
        "海口市美兰区扶贫开发领导小组办公室",
        date(2020, 6, 30),
        (
            FileReport("建档立卡台账.xlsx", "0" * 64, 1, sheets=(register,)),
            FileReport("学籍.xlsx", "1" * 64, 1, sheets=(roll, unknown)),
            FileReport("坏.xlsx", "2" * 64, 1, error="坏.xlsx：文件不完整，打不开；处理办法：请重新导出。"),
        ),
        (
            RuleCheck("REG-05", "户主缺失或不唯一", "台账质量", "checked", (), (), 1),
            RuleCheck("EDU-01", "义务教育适龄人口无学籍", "义务教育", "partial", ("学籍在校生",), ("大致坡镇",), 2),
            RuleCheck("MED-01", "未参加基本医疗保险", "基本医疗", "checked", (), (), 1),
            RuleCheck("WAT-01", "无饮水安全评价", "饮水安全", "not_checked", ("饮水安全评价",), (), 0),
        ),
        (
            QualityNote("学籍.xlsx", "Sheet1", "education.enrolment", "id_number", "id_masked", "证件号码被遮盖", 30,
                        tuple(range(5, 25))),
            QualityNote("建档立卡台账.xlsx", "人员", "register.persons", "", "total_mismatch",
                        "表内合计1358人，读入1357人", 1, (1365,)),
        ),
        ("输出/2020-06-30/问题清单.xlsx", "输出/2020-06-30/findings.csv"),
    )  # fmt: skip


@pytest.fixture
def summary() -> RunSummary:
    return small_summary()


@pytest.fixture
def everything_checked(summary: RunSummary) -> RunSummary:
    checks = tuple(replace(check, state="checked", missing=(), towns=()) for check in summary.checks)
    return replace(summary, checks=checks)
