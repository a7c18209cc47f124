"""The policy table decides: red, yellow or green, and what is due."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_cli.errors import FupinError
from fupin_cli.lights.model import LIGHTS, Care
from fupin_cli.lights.table import CONDITIONS, light_table, what_is_due
from fupin_cli.policy import default_policy_text, load_policy

TABLE = light_table(load_policy())
ILL, NO_LABOUR, BILLS, POOR = "有大病或重度残疾成员", "整户无劳动能力", "年度医疗自付过高", "收入低于监测标准"
AS_OF = date(2020, 6, 30)


@pytest.mark.parametrize(
    ("conditions", "light"),
    [
        ((), "绿灯"), ((ILL,), "黄灯"), ((NO_LABOUR,), "黄灯"), ((BILLS,), "黄灯"), ((POOR,), "黄灯"), ((ILL, NO_LABOUR), "红灯"),
        ((BILLS, POOR), "红灯"), ((ILL, ILL), "黄灯"), (("有未销号的严重问题",), "黄灯"), (("严重问题长期未销号",), "红灯"),
        (("产业不强",), "黄灯"), (("就业不稳", "受疫情影响", "受猪瘟影响", "监测风险未消除"), "黄灯"), ((ILL, "就业不稳"), "黄灯"),
    ],
)  # fmt: skip
def test_light_of_conditions(conditions: tuple[str, ...], light: str) -> None:
    assert TABLE.light(conditions) == light


@given(st.sets(st.sampled_from(CONDITIONS)), st.sampled_from(CONDITIONS))
def test_one_more_condition_never_makes_a_light_better(conditions: set[str], more: str) -> None:
    assert LIGHTS.index(TABLE.light(conditions | {more})) <= LIGHTS.index(TABLE.light(conditions))


def policy_with(root: Path, text: str) -> Path:
    (root / "policy.toml").write_text(text, encoding="utf-8")
    return root / "policy.toml"


def test_an_office_changes_the_table_not_the_code(tmp_path: Path) -> None:
    path = policy_with(tmp_path, '[light_red]\nseveral = 3\n[light_yellow]\nany_of = ["产业不强"]\n')
    table = light_table(load_policy(path))
    assert [table.light(held) for held in ((ILL, NO_LABOUR), (ILL, NO_LABOUR, POOR), ("产业不强",))] == [
        "绿灯", "红灯", "黄灯",
    ]  # fmt: skip


def test_unknown_condition_in_the_table_is_one_sentence(tmp_path: Path) -> None:
    path = policy_with(tmp_path, '[light_yellow]\nany_of = ["心情不好"]\n')
    with pytest.raises(FupinError, match="心情不好"):
        light_table(load_policy(path))


@pytest.mark.parametrize(
    ("light", "care", "due"),
    [
        ("绿灯", Care(), ()), ("黄灯", Care(), ("缺帮扶措施", "缺下次跟踪日期")),
        ("红灯", Care("产业帮扶", "张三", date(2020, 7, 1)), ()), ("红灯", Care("产业帮扶", "", AS_OF), ()),
        ("黄灯", Care("产业帮扶", "", date(2020, 6, 29)), ("跟踪逾期",)), ("黄灯", Care("", "张三", AS_OF), ("缺帮扶措施",)),
    ],
)  # fmt: skip
def test_yellow_and_red_need_a_measure_and_a_day_to_come(light: str, care: Care, due: tuple[str, ...]) -> None:
    assert what_is_due(light, care, AS_OF) == due


# What the plan itself gives (工作要点原文的数字和名单); everything else of the policy is for the district to settle.
OF_THE_PLAN = {
    "village_poor_households", "inpatient_rate", "outpatient_rate", "dibao_verified_rate", "forest_rangers", "award_tiers",
    "recourse_days", "kva_per_household", "quarterly_diseases",
}  # fmt: skip


def test_policy_marks_what_the_plan_does_not_give() -> None:
    names, marked = load_policy().values, {}
    for line in default_policy_text().splitlines():
        name = re.match(r"\[?(\w+)", line)
        if name and name[1] in names:
            marked[name[1]] = "（待本地核定）" in line
    assert set(marked) == set(names)
    assert {name for name, said in marked.items() if not said} == OF_THE_PLAN
