"""Tasks and units are found however a unit writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fupin_cli.supervision.names import TaskNames, UnitNames
from fupin_cli.supervision.plan import load_plan

PLAN = load_plan(Path("没有的目录"))


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("（二）1", "（二）1"), ("(二)1.", "（二）1"), ("三（二）1.教育扶贫方面", "（二）1"), ("三、（二）1 教育扶贫", "（二）1"),
        ("二、1", "（二）1"), ("2.1", "（二）1"), ("教育扶贫方面", "（二）1"), ("1.教育扶贫", "（二）1"), ("（二）教育扶贫", "（二）1"),
        ("（八）", "（八）"), ("（八）建立返贫、新增贫困监测预警和动态帮扶机制", "（八）"), ("四、（十四）5", "（十四）5"),
        ("14.5", "（十四）5"), ("着力防范产业扶贫风险", "（十一）2"), ("强化产业扶贫。", "（四）1"), ("（十九）", "（十九）"),
        ("探索建立“歇帮”机制", "（十三）1"), ("（ 十三 ）\n1", "（十三）1"),
    ],
)  # fmt: skip
def test_task_is_found_by_number_or_title(text: str, clause: str) -> None:
    task, why = TaskNames(PLAN).find(text)
    assert task is not None, why
    assert task.clause == clause


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("（二）", "（二）下有4项任务"), ("（二）9", "工作要点没有“（二）9”"), ("（二十）", "工作要点没有"), ("（二）1 健康扶贫", "前后不一"),
        ("植树造林", "没有写条款编号"), ("", "没有写条款编号"), ("教育扶贫和健康扶贫", "没有写条款编号"),
    ],
)  # fmt: skip
def test_doubtful_task_is_refused_with_the_reason(text: str, why: str) -> None:
    task, said = TaskNames(PLAN).find(text)
    assert task is None
    assert why in said


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("区教育局", ("区教育局",)), ("美兰区教育局", ("区教育局",)), ("海口市美兰区教育局", ("区教育局",)), ("教育局", ("区教育局",)),
        ("灵山镇人民政府", ("灵山镇",)), ("灵山", ("灵山镇",)), ("美兰区灵山镇党委政府", ("灵山镇",)),
        ("区人力资源和社会保障局", ("区人社局",)), ("区教育局、灵山镇", ("区教育局", "灵山镇")),
        ("市公安局美兰分局", ("市公安局美兰分局",)), ("海口市公安局美兰分局", ("市公安局美兰分局",)), ("区体育局", ()),
        ("区教育局、区体育局", ()), ("", ()),
    ],
)  # fmt: skip
def test_unit_is_found_by_any_of_its_names(text: str, units: tuple[str, ...]) -> None:
    assert UnitNames(PLAN).find(text) == units


@pytest.mark.parametrize(
    ("text", "unit"),
    [("区教育据", "区教育局"), ("海口市美兰区金融局", "区金融办"), ("灵三镇", "灵山镇"), ("供电公司", "")],
)
def test_nearest_unit_to_one_that_is_not_of_the_plan(text: str, unit: str) -> None:
    assert UnitNames(PLAN).find(text) == ()
    assert UnitNames(PLAN).nearest(text) == unit
