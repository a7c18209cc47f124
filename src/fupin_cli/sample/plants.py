"""All plants; :func:`planted` gives a district with its truth."""

from __future__ import annotations

import random
from datetime import date

from fupin_cli.sample import (
    plant_health,
    plant_home,
    plant_quality,
    plant_register,
    plant_relief,
    plant_school,
    plant_watch,
    plant_work,
)
from fupin_cli.sample.bureau_village import fill_books
from fupin_cli.sample.clean import build_clean
from fupin_cli.sample.consequences import consequences
from fupin_cli.sample.planter import Finding, Planter, plant_all
from fupin_cli.sample.world import World

# Scarce subjects first: disabled children, 特困 households, patients.
PLANTS = (
    *plant_school.PLANTS, *plant_relief.PLANTS, *plant_health.PLANTS, *plant_home.PLANTS, *plant_register.PLANTS,
    *plant_watch.PLANTS, *plant_quality.PLANTS, *plant_work.PLANTS,
)  # fmt: skip
PERSONS_PER_ROUND, MOST_ROUNDS = 1300, 20


def planted(
    as_of: date, seed: int, persons: int, households: int | None, block: int = 0
) -> tuple[World, set[Finding], random.Random]:
    """A district with problems, every finding they must lead to, and the generator for what follows."""
    planter = Planter(*build_clean(as_of, seed, persons, households, block), random.Random(seed + 1))
    plant_all(planter, PLANTS, min(MOST_ROUNDS, max(1, persons // PERSONS_PER_ROUND)))
    fill_books(planter.world)
    plant_all(planter, plant_work.BOOK_PLANTS, 1)
    return planter.world, planter.findings | consequences(planter.world), planter.rng
