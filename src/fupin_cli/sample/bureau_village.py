"""What towns tell of their villages: books (村级台账) counted from the lists, roads and networks."""

from __future__ import annotations

from fupin_cli.sample.bureau_relief import CERTIFICATES, DIBAO_LIST, TEKUN_LIST
from fupin_cli.sample.consequences import living
from fupin_cli.sample.people import Registry
from fupin_cli.sample.world import Record, World

BOOKS, INFRASTRUCTURE = "village.books", "village.infrastructure"
NATURAL_VILLAGES = ("上村", "下村")
FEW_POOR = 20


def fill_infrastructure(world: World, roster: Registry) -> None:
    for town, villages in world.towns.items():
        for village in villages:
            for name in NATURAL_VILLAGES:
                world.add(
                    INFRASTRUCTURE, None, town=town, village=village, natural_village=name, hard_road=True,
                    kva_per_household=round(roster.rng.uniform(2.1, 3.4), 1), fibre=True, mobile_4g=True,
                )  # fmt: skip


def fill_books(world: World) -> None:
    """A row a village, counted from what the district's lists say."""
    for town, villages in world.towns.items():
        for village in villages:
            _book(world, town, village)


def _book(world: World, town: str, village: str) -> Record:
    homes = [home for home in world.households if (home.town, home.village) == (town, village) and living(world, home)]
    people = [one for home in homes for one in living(world, home)]
    dibao = [row for row in _rows(world, DIBAO_LIST, town, village) if row["status"] == "在享"]
    covered = {row["household_no"]: 0 for row in dibao}
    for number in covered:
        rows = [row for row in dibao if row["household_no"] == number]
        covered[number] = max(len(rows), *(row["covered_count"] for row in rows))
    disabled = sum("残疾" in one.health for one in people)
    certified = len(_rows(world, CERTIFICATES, town, village))
    total = 150 + 13 * len(homes) + len(dibao)
    return world.add(
        BOOKS, None, town=town, village=village, poor_village=len(homes) > FEW_POOR, exited=True if len(homes) > FEW_POOR else None,
        households_total=total, persons_total=total * 4 + sum(covered.values()),
        registered_households=len(homes), registered_persons=len(people), dibao_households=len(covered),
        dibao_persons=sum(covered.values()), tekun_persons=sum(row["status"] == "正常" for row in _rows(world, TEKUN_LIST, town, village)),
        disabled_persons=max(disabled, certified), unsafe_water_households=sum(home.safe_water is False for home in homes),
        unsafe_house_households=sum(home.unsafe_house is True for home in homes),
    )  # fmt: skip


def _rows(world: World, kind: str, town: str, village: str) -> list[Record]:
    return [row for row in world.records.get(kind, []) if (row["town"], row["village"]) == (town, village)]
