"""What the lights room hands over: a light a household, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

RED, YELLOW, GREEN = "红灯", "黄灯", "绿灯"
LIGHTS = (RED, YELLOW, GREEN)


@dataclass(frozen=True)
class Reason:
    """A condition (情形) that holds for a household, what exactly, and where it stands."""

    condition: str
    detail: str = ""
    place: str = ""

    def __str__(self) -> str:
        return f"{self.condition}（{self.detail}）" if self.detail else self.condition


@dataclass(frozen=True)
class Override:
    """A light set by hand (人工调整), in force until and on ``until``."""

    light: str
    reason: str
    until: date


@dataclass(frozen=True)
class Care:
    """What is done for a household: 帮扶措施, 帮扶责任人, and the day it is next looked at (下次跟踪日期)."""

    measure: str = ""
    person: str = ""
    follow_up_on: date | None = None


@dataclass(frozen=True)
class Household:
    """A household of register or watchlist: its head's name, place and number of living members."""

    household_id: str
    head: str
    town: str
    village: str
    persons: int
    watched: bool


@dataclass(frozen=True)
class HouseholdLight:
    """``computed``: the light the table gives; ``light``: the one in force; ``due``: what is missing or late."""

    household: Household
    computed: str
    reasons: tuple[Reason, ...]
    override: Override | None
    care: Care
    due: tuple[str, ...]

    @property
    def light(self) -> str:
        return self.override.light if self.override else self.computed


@dataclass(frozen=True)
class LightRun:
    """All lights of a day, red first within a village; ``gaps``: sentences about what could not be judged."""

    as_of: date
    lights: tuple[HouseholdLight, ...]
    gaps: tuple[str, ...]

    def count(self, light: str) -> int:
        return sum(one.light == light for one in self.lights)
