"""Counts of lights by village, and the policy table in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fupin_cli.lights.model import LIGHTS, HouseholdLight
from fupin_cli.policy import Policy


@dataclass(frozen=True)
class VillageCount:
    """Households of a village by light (in the order of ``LIGHTS``); ``village`` is ``None`` for a whole town."""

    town: str
    village: str | None
    lights: tuple[int, ...]
    due: int

    @property
    def total(self) -> int:
        return sum(self.lights)


def villages_of(lights: Sequence[HouseholdLight]) -> list[VillageCount]:
    """Every village, behind the villages of a town the town itself."""
    counts = []
    for town in dict.fromkeys(one.household.town for one in lights):
        own = [one for one in lights if one.household.town == town]
        for village in dict.fromkeys(one.household.village for one in own):
            counts.append(_count(town, village, [one for one in own if one.household.village == village]))
        counts.append(_count(town, None, own))
    return counts


def _count(town: str, village: str | None, lights: Sequence[HouseholdLight]) -> VillageCount:
    by_light = tuple(sum(one.light == light for one in lights) for light in LIGHTS)
    return VillageCount(town, village, by_light, sum(bool(one.due) for one in lights))


def table_in_words(policy: Policy) -> list[str]:
    """How a light comes about, as the workspace's policy has it."""
    red, yellow = policy["light_red"], policy["light_yellow"]
    return [
        f"红灯：有下列情形之一：{'、'.join(red['any_of'])}；或者同时有下列情形中的{red['several']}项：{'、'.join(red['several_of'])}。",
        f"黄灯：不是红灯，而有下列情形之一：{'、'.join(yellow['any_of'])}。",
        "绿灯：没有以上情形。各情形的界限见 policy.toml；人工调整的灯在有效期内以调整为准。",
    ]
