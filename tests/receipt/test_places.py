"""Places of ``[towns]`` that the lists write otherwise, or do not know."""

from __future__ import annotations

from typing import Any

import pytest

from fupin_cli.receipt.model import Receipt
from tests.receipt.lists import LING, SAN, people, receipt, word

CLINICS, LOANS = "health.facilities", "finance.loans"
ROOM = {"name": "东营村卫生室", "town": LING, "village": "东营村", "level": "村卫生室"}


def drawn(*clinics: dict[str, Any], **more: Any) -> Receipt:
    return receipt({CLINICS: [ROOM, *clinics]}, **more)


def doubted(found: Receipt) -> dict[str, set[str]]:
    return {kind: set(towns) for kind, towns in found.doubts().items()}


def test_a_town_that_no_list_knows_is_said_and_nothing_is_missed_there() -> None:
    found = drawn(towns=(LING, "三汇镇"))
    assert found.towns == (
        "fupin.toml 的 [towns] 写了“三汇镇”，名单里没有这个镇（是不是“三江镇”？）",
        "名单里有“三江镇”，fupin.toml 的 [towns] 没有写（是不是“三汇镇”？）",
    )
    assert doubted(found) == {CLINICS: {"三汇镇"}}
    lifted = drawn(towns=(LING, "三汇镇"), accepted=(word(CLINICS, "三汇镇", of=found),))
    assert lifted.doubts() == {}


def test_towns_that_the_lists_know_are_no_matter() -> None:
    found = drawn(towns=(LING, SAN))
    assert found.towns == () and found.doubts() == {}
    assert drawn().towns == ()


def test_a_town_that_one_list_misspelt_is_not_asked_for() -> None:
    assert drawn(towns=(LING, SAN, "三汇镇")).towns == ("fupin.toml 的 [towns] 写了“三汇镇”，名单里没有这个镇",)
    assert receipt({LOANS: people("三汇镇", 5)}, towns=(LING, SAN)).towns == ()


@pytest.mark.parametrize(
    ("villages", "said", "towns"),
    [
        (("东营村",), (), set()),
        (("东莹村",), ("fupin.toml 的 [towns] 写了灵山镇的“东莹村”，名单里没有这个村（是不是“东营村”？）",), {LING}),
        (("东营村", "东莹村"), (), set()),  # the one that is near is named too: another village
        (("桥头村",), (), set()),  # a village without poor households
    ],
)
def test_a_village_near_one_that_lists_know(villages: tuple[str, ...], said: tuple[str, ...], towns: set[str]) -> None:
    found = drawn(towns=(LING, SAN), villages=tuple((LING, village) for village in villages))
    assert found.towns == said
    assert doubted(found) == ({CLINICS: towns} if towns else {})
