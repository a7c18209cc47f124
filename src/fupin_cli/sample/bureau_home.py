"""What 区住建局 and 区水务局 hold: house appraisals and renovations, drinking water; consistent with the register."""

from __future__ import annotations

from datetime import date, timedelta

from fupin_cli.sample.people import Registry
from fupin_cli.sample.world import Household, Record, World

APPRAISALS, RENOVATIONS = "housing.appraisals", "housing.renovations"
WATER, WORKS = "water.appraisals", "water.works"
# This town's water is appraised house by house, the others' village by village.
BY_HOUSE_TOWN = "大致坡镇"
TARGET = "建档立卡"
AGENCIES = ("海南正信房屋安全鉴定中心", "海口市房屋鉴定所")


def fill_housing(world: World, roster: Registry) -> None:
    for household in world.households:
        unsafe = roster.rng.random() < 0.11
        grade = roster.rng.choice("CD") if unsafe else roster.rng.choice("AAABB")
        year = world.as_of.year - (2 if unsafe else roster.rng.randint(0, 1))
        day = min(
            date(year, roster.rng.randint(1, 12), roster.rng.randint(1, 28)),
            world.as_of - timedelta(days=9),
        )
        appraise(world, roster, household, grade, day)
        if unsafe:
            renovate(world, roster, household, grade, batch_year=world.as_of.year - 1)
    for place in range(len(world.households) // 6):
        stranger = roster.stranger(30, 80)
        day = date(world.as_of.year - 1, 1 + place % 12, 15)
        target = "低保户" if place % 3 else "农村分散供养特困"
        grade = roster.rng.choice("AABC")
        values = {
            "target_type": target,
            "grade": grade,
            "agency": AGENCIES[place % 2],
            "housing_kind": "自有",
        }
        world.add(APPRAISALS, stranger, appraised_on=day, address=f"{stranger.town}{stranger.village}", **values)
        if grade == "C":
            _renovation(world, roster, stranger, target, grade, world.as_of.year - 1)


def appraise(world: World, roster: Registry, household: Household, grade: str, day: date) -> Record:
    """A house appraisal under the head's name."""
    address = f"{household.town}{household.village}{household.hamlet}"
    return world.add(
        APPRAISALS, household.head, target_type=TARGET, grade=grade, appraised_on=day,
        agency=roster.rng.choice(AGENCIES), housing_kind="自有", address=address,
    )  # fmt: skip


def renovate(world: World, roster: Registry, household: Household, grade: str, batch_year: int) -> Record:
    """A renovation of ``batch_year``: finished in time, accepted, paid."""
    return _renovation(world, roster, household.head, TARGET, grade, batch_year)


def _renovation(world: World, roster: Registry, who: object, target: str, grade: str, batch_year: int) -> Record:
    rng = roster.rng
    started = date(batch_year, rng.randint(1, 4), rng.randint(1, 28))
    finished = started + timedelta(days=rng.randint(50, 150))
    accepted = finished + timedelta(days=rng.randint(5, 50))
    rebuild = grade == "D"
    subsidy = rng.randrange(40, 61) * 1000 if rebuild else rng.randrange(12, 21) * 1000
    return world.add(
        RENOVATIONS, who, target_type=target, grade=grade, method="重建" if rebuild else "修缮加固",  # type: ignore[arg-type]
        batch_year=batch_year, started_on=started, finished_on=finished, accepted_on=accepted,
        subsidy=subsidy, subsidy_paid=subsidy,
    )  # fmt: skip


def fill_water(world: World, roster: Registry) -> None:
    for town, villages in world.towns.items():
        for place, village in enumerate(villages):
            if town != BY_HOUSE_TOWN:
                values = sound_water(world, roster)
                world.add(WATER, None, name=None, id_number=None, town=town, village=village, **values)
            if place % 2 == 0:
                covered = "、".join(villages[place : place + 2])
                world.add(
                    WORKS, None, project=f"{town}{village}集中供水工程", town=town, villages=covered, status="正常",
                    manager=roster.name("男", "管护责任人"), quality_tested_on=date(world.as_of.year, 3, 12),
                )  # fmt: skip
    for household in world.households:
        if household.town == BY_HOUSE_TOWN or roster.rng.random() < 0.03:
            appraise_water(world, roster, household)


def appraise_water(world: World, roster: Registry, household: Household) -> Record:
    """The household's own water, sound."""
    return world.add(WATER, household.head, **sound_water(world, roster))


def sound_water(world: World, roster: Registry) -> dict[str, object]:
    rng = roster.rng
    measured = rng.random() < 0.6
    return {
        "quality": "达标", "quantity": rng.randint(40, 90) if measured else "达标",
        "convenience": rng.randint(1, 12) if measured else "达标", "reliability": rng.randint(95, 100) if measured else "达标",
        "conclusion": "达标" if rng.random() < 0.85 else "基本达标",
        "appraised_on": min(date(world.as_of.year, 4, rng.randint(1, 28)), world.as_of),
    }  # fmt: skip
