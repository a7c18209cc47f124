"""Planting problems (预置问题): each on a household of its own, with every finding it must lead to written beside it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from fupin_cli.sample.people import Registry
from fupin_cli.sample.world import Household, Person, Record, World

S, G, T = "严重", "一般", "提示"
Finding = tuple[str, str, str]


@dataclass
class Planter:
    """Hands out unused subjects and collects the truth: (rule, who, severity).

    Who: person number, household number, village (or natural village) with its town, town, or the name a record bears.
    """

    world: World
    roster: Registry
    rng: random.Random
    findings: set[Finding] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    @property
    def as_of(self) -> date:
        return self.world.as_of

    def days_ago(self, days: int) -> date:
        return self.world.as_of - timedelta(days=days)

    def expect(self, rule: str, who: Person | Household | str, severity: str) -> None:
        name = who.person_no if isinstance(who, Person) else who.household_id if isinstance(who, Household) else who
        self.findings.add((rule, name, severity))

    def person(self, wanted: Callable[[Person], bool], households: Iterable[Household] | None = None) -> Person | None:
        """A person whose household carries no other plant; ``None`` when the district has no such person."""
        homes = list(self.world.households if households is None else households)
        start = self.rng.randrange(len(homes))
        for household in homes[start:] + homes[:start]:
            if household.household_id in self.used or (household.watch_type and households is None):
                continue
            found = next((person for person in household.members if wanted(person)), None)
            if found is not None:
                self.used.add(household.household_id)
                return found
        return None

    def household(self, wanted: Callable[[Household], bool]) -> Household | None:
        found = self.person(lambda person: person is person.household.head and wanted(person.household))
        return found.household if found else None

    def watched(self, wanted: Callable[[Household], bool]) -> Household | None:
        """A household of the watchlist."""
        homes = [home for home in self.world.homes() if home.watch_type]
        found = self.person(lambda one: one is one.household.head and wanted(one.household), homes)
        return found.household if found else None

    def record(self, person: Person, kind: str) -> Record:
        return person.records[kind][0]


Plant = Callable[[Planter], None]


def plant_all(planter: Planter, plants: Iterable[Plant], times: int) -> None:
    """Every plant ``times`` times; households that carry one are written tidily."""
    for plant in plants:
        for _ in range(times):
            plant(planter)
    for household in planter.world.homes():
        if household.household_id in planter.used:
            keep_tidy(household)


def keep_tidy(household: Household) -> None:
    """The rows of a plant are written as they are, so that only the planted problem is in them."""
    for member in household.members:
        member.tidy = True
        for records in member.records.values():
            for record in records:
                record.tidy = True


def adult(planter: Planter, *, low: int = 25, high: int = 55) -> Callable[[Person], bool]:
    """Somebody of working age in good health who is not the head: few bureaus know them."""

    def wanted(person: Person) -> bool:
        years = planter.world.age(person)
        return low <= years <= high and person.health == ("健康",) and person.relation != "户主"

    return wanted


def pupil(planter: Planter, low: int, high: int) -> Callable[[Person], bool]:
    """A healthy child of that school age."""
    return lambda person: low <= planter.world.school_age(person) <= high and person.health == ("健康",)
