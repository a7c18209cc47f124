"""The clean district: register and all bureaus agree, so that no rule has anything to say."""

from __future__ import annotations

import random
from datetime import date

from fupin_cli.policy import load_policy
from fupin_cli.sample.bureau_health import fill_health
from fupin_cli.sample.bureau_home import fill_housing, fill_water
from fupin_cli.sample.bureau_relief import fill_disability, fill_relief
from fupin_cli.sample.bureau_school import fill_school
from fupin_cli.sample.bureau_village import fill_infrastructure
from fupin_cli.sample.bureau_work import fill_loans, fill_projects, fill_work
from fupin_cli.sample.households import build_households, household_sizes, watch_some
from fupin_cli.sample.people import Registry
from fupin_cli.sample.upkeep import keep_up
from fupin_cli.sample.world import World

PERSONS_PER_HOUSEHOLD = 1357 / 365


def build_clean(
    as_of: date, seed: int, persons: int, households: int | None = None, block: int = 0
) -> tuple[World, Registry]:
    """The district without problems, and the roster that can hand out more people."""
    rng = random.Random(seed)
    roster = Registry(rng, as_of, block=block)
    world = World(as_of, roster.towns)
    count = households or round(persons / PERSONS_PER_HOUSEHOLD)
    build_households(world, roster, household_sizes(rng, count, persons))
    build_households(world, roster, household_sizes(rng, max(3, count // 25), max(9, count // 8)), registered=False)
    watch_some(world, rng, max(3, count // 30))
    namesakes = rng.sample(list(world.people()), max(5, persons // 40))
    fill_disability(world, roster)
    fill_school(world, roster, dict(load_policy()["aid_standard"]), namesakes)
    fill_health(world, roster, namesakes)
    fill_housing(world, roster)
    fill_water(world, roster)
    fill_relief(world, roster)
    fill_work(world, roster)
    fill_loans(world, roster)
    fill_projects(world, roster)
    fill_infrastructure(world, roster)
    keep_up(world, roster)
    return world, roster
