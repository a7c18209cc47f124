"""Towns and villages, from columns and from addresses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from fupin_cli.fields.places import Places
from tests.fields.cells import assert_same, cells, columns, plain, series

KNOWN = Places({"灵山镇": ("东营村", "东营上村", "灵山社区"), "演丰镇": (), "三江镇": ()})
UNKNOWN = Places()


@pytest.mark.parametrize(
    "written",
    [
        "灵山镇",
        "灵山",
        "灵山 镇",
        "灵山镇人民政府",
        "灵山镇政府",
        "美兰区灵山镇",
        "海南省海口市美兰区灵山镇",
        "01灵山镇",
        "灵山镇扶贫办",
    ],
)
def test_known_towns(written: str) -> None:
    assert KNOWN.town(written) == "灵山镇"


@pytest.mark.parametrize(
    ("written", "town"),
    [
        ("灵山镇政府", "灵山镇"),
        ("灵山镇人民政府", "灵山镇"),
        ("和平南街道办", "和平南街道"),
        ("和平南街道办事处", "和平南街道"),
        ("三江农场", "三江农场"),
        ("灵山", "灵山"),
        ("-", None),
        (None, None),
    ],
)
def test_unknown_towns_keep_their_name(written: object, town: str | None) -> None:
    assert UNKNOWN.town(written) == town


def test_towns_can_be_learned() -> None:
    places = UNKNOWN.with_towns(["大致坡镇"])
    assert places.town("大致坡") == "大致坡镇"
    assert places.key() != UNKNOWN.key()


@pytest.mark.parametrize(
    ("written", "village"),
    [
        ("东营", "东营村"),
        ("东营村", "东营村"),
        ("东营村委会", "东营村"),
        ("东营村村委会", "东营村"),
        ("东营行政村", "东营村"),
        ("东营村民委员会", "东营村"),
        ("东营村委会三组", "东营村"),
        ("东营村（贫困村）", "东营村"),
        ("东 营 村", "东营村"),
        ("03东营村", "东营村"),
        ("海口市美兰区灵山镇东营村委会", "东营村"),
        ("新村村委会", "新村"),
        ("塔市村委会", "塔市村"),
        ("镇海村", "镇海村"),
        ("山区村", "山区村"),
        ("灵山居委会", "灵山社区"),
        ("灵山社区居委会", "灵山社区"),
        ("灵山社区居民委员会", "灵山社区"),
        ("灵山居民委员会", "灵山社区"),
        ("灵山社区", "灵山社区"),
        ("村委会", "村委会"),
        ("", None),
        (None, None),
    ],
)
def test_villages(written: object, village: str | None) -> None:
    assert UNKNOWN.village(written) == village


def test_villages_of_a_known_town() -> None:
    assert KNOWN.village("灵山镇东营村委会") == "东营村"
    assert KNOWN.village("灵山镇东营村委会", "灵山镇") == "东营村"
    assert KNOWN.village("灵山村", "灵山镇") == "灵山社区"
    assert KNOWN.village("别处", "灵山镇") == "别处村"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("海南省海口市美兰区灵山镇东营村委会三组12号", ("灵山镇", "东营村")),
        ("海口市灵山镇东营村委会", ("灵山镇", "东营村")),
        ("美兰区灵山镇东营行政村5队", ("灵山镇", "东营村")),
        ("灵山镇东营村民委员会", ("灵山镇", "东营村")),
        ("灵山镇灵山居委会", ("灵山镇", "灵山社区")),
        ("灵山镇新市村小区5号", ("灵山镇", "新市村")),
        ("演丰镇塔市村委会", ("演丰镇", "塔市村")),
        ("海南省白沙黎族自治县牙叉镇方香村", ("牙叉镇", "方香村")),
        ("广西壮族自治区南宁市武鸣区城厢镇夏黄村", ("城厢镇", "夏黄村")),
        ("海口市美兰区和平南街道上坡社区", ("和平南街道", "上坡社区")),
        ("海口市美兰区东营村委会", (None, "东营村")),
        ("海口市美兰区", (None, None)),
        ("灵山镇", ("灵山镇", None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_addresses(address: object, place: tuple[str | None, str | None]) -> None:
    assert UNKNOWN.from_address(address) == place


def test_the_longest_known_village_wins() -> None:
    places = Places({"灵山镇": ("大村", "大村头村")})
    assert places.from_address("灵山镇大村头村12号") == ("灵山镇", "大村头村")
    assert places.from_address("灵山镇大村12号") == ("灵山镇", "大村")


@given(cells())
def test_never_raises(value: Any) -> None:
    for places in (KNOWN, UNKNOWN):
        places.town(value)
        places.village(value)
        places.village(value, "灵山镇")
        places.from_address(value)


@given(columns())
def test_columns_are_scalars(values: list[Any]) -> None:
    assert_same(values, KNOWN.town_column, KNOWN.town, "string")
    assert_same(values, KNOWN.village_column, KNOWN.village, "string")
    towns = [("灵山镇", None, float("nan"), "别镇")[place % 4] for place in range(len(values))]
    column = KNOWN.village_column(series(values), series(towns))
    expected = [KNOWN.village(v, t if isinstance(t, str) else None) for v, t in zip(values, towns, strict=True)]
    assert plain(column) == expected


@given(columns())
def test_address_columns_are_scalars(values: list[Any]) -> None:
    values = [f"灵山镇{value}" if isinstance(value, str) else value for value in values]
    table = KNOWN.address_columns(series(values))
    assert list(zip(plain(table["town"]), plain(table["village"]), strict=True)) == list(
        map(KNOWN.from_address, values)
    )
