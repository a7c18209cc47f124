"""Yes, no, unknown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from fupin_cli.fields.flags import flag_column, parse_flag
from tests.fields.cells import assert_same, cells, columns

YES = "是|有|√|✓|✔|1|1.0|Y|y|yes|YES|T|True|已|已治愈|已参保|达标|享受|对|参加|1-是|01是|1.是|(1)是|是。|是的|Ｙ| 是 |'是|基本达标|建档立卡|建档立卡户"
NO = "否|无|×|✗|✘|✖|0|0.0|N|no|F|False|未|未治愈|未参保|不达标|未享受|错|未参加|2-否|02否|2、无|没有|否。|不是|没参加|未达标|不享受"
NEITHER = "|　|-|/|？|不详|未知|不清楚|不确定|未填写|无数据|不适用|2|11|是否|待核实|张三|健康|1,2"


@pytest.mark.parametrize("written", [*YES.split("|"), True, 1, 1.0])
def test_yes(written: object) -> None:
    assert parse_flag(written) is True


@pytest.mark.parametrize("written", [*NO.split("|"), False, 0, 0.0])
def test_no(written: object) -> None:
    assert parse_flag(written) is False


@pytest.mark.parametrize("written", [*NEITHER.split("|"), None, float("nan"), 2, 0.5])
def test_unknown_is_not_no(written: object) -> None:
    assert parse_flag(written) is None


@given(cells())
def test_never_raises(value: Any) -> None:
    assert parse_flag(value) in (True, False, None)


@given(columns())
def test_column_is_scalar(values: list[Any]) -> None:
    assert_same(values, flag_column, parse_flag, "bool[pyarrow]")
