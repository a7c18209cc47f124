"""Names in one form."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_cli.fields.codes import clean_text
from fupin_cli.fields.names import name_column, normalise_name
from tests.fields.cells import assert_same, cells, columns


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张三", "张三"),
        (" 张　 三 ", "张三"),
        ("李四（户主）", "李四"),
        ("王五(已故)", "王五"),
        ("王五【已故】", "王五"),
        ("王五[注]", "王五"),
        ("王五（户主", "王五"),
        ("张三2", "张三"),
        ("张三０１", "张三"),
        ("张三*", "张三"),
        ("陳黃", "陈黄"),
        ("吳瓊", "吴琼"),
        ("ＡＢＣ", "ABC"),
        ("符\ue000花", "符\ue000花"),  # a rare character from the private-use area
        ("㐱三", "㐱三"),
        ("", None),
        ("（户主）", None),
        ("-", None),
        ("/", None),
        (None, None),
        (float("nan"), None),
        (12.0, None),
    ],
)
def test_names(written: object, name: str | None) -> None:
    assert normalise_name(written) == name


@pytest.mark.parametrize("dot", "·•・．.‧⋅∙･")
def test_middle_dots_are_one(dot: str) -> None:
    assert normalise_name(f"阿依古丽{dot}买买提") == "阿依古丽·买买提"
    assert normalise_name(f"阿依古丽 {dot} 买买提") == "阿依古丽·买买提"


@given(cells())
def test_never_raises(value: Any) -> None:
    name = normalise_name(value)
    assert name is None or (name != "" and not any(character.isspace() for character in name))


@given(st.text("陈王一二·• 　.(（）)0123'"))
def test_clean_name_stays_as_it_is(written: str) -> None:
    name = normalise_name(written)
    assert name is None or normalise_name(name) == name


@given(columns())
def test_column_is_scalar(values: list[Any]) -> None:
    assert_same(values, lambda s: name_column(s)["value"], normalise_name, "string")
    assert_same(values, lambda s: name_column(s)["raw"], clean_text, "string")
