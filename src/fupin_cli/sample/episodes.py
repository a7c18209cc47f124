"""Episodes: a planted problem's life over the months, on the same subject from its first month to its last."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from fupin_cli.sample import plant_health, plant_home, plant_register, plant_relief, plant_school
from fupin_cli.sample.consequences import consequences
from fupin_cli.sample.people import Registry
from fupin_cli.sample.planter import Finding, Plant, Planter, keep_tidy
from fupin_cli.sample.world import Household, Person, World

ROLL, AID, VOCATIONAL, EXEMPTIONS = (
    "education.enrolment", "education.aid", "education.vocational_aid", "education.exemptions",
)  # fmt: skip
INSURANCE, CONTRACTS, CERTIFICATES, ALLOWANCES = (
    "health.insurance", "health.contracts", "disability.certificates", "disability.allowances",
)  # fmt: skip
APPRAISALS, RENOVATIONS, WATER = "housing.appraisals", "housing.renovations", "water.appraisals"
DIBAO, TEKUN = "civil.dibao", "civil.tekun"

# Plants that mean the same in every month, and as what they are planted again after a while.
PLANTS: tuple[Plant, ...] = (
    plant_school.not_enrolled, plant_school.watched_and_not_enrolled, plant_school.dropped_out, plant_school.other_stage,
    plant_school.not_aided, plant_school.disabled_and_not_enrolled, plant_school.vocational_not_aided,
    plant_relief.dibao_not_listed, plant_relief.dibao_unknown, plant_relief.tekun_not_listed, plant_relief.both_lists,
    plant_relief.poor_without_dibao, plant_relief.certified_but_called_healthy, plant_relief.living_not_paid,
    plant_relief.care_not_paid, plant_health.not_insured, plant_health.insurance_stopped, plant_health.premium_not_covered,
    plant_health.insured_twice, plant_health.not_contracted, plant_health.town_without_clinic,
    plant_home.not_appraised, plant_home.not_renovated, plant_home.not_renovated_and_hidden,
    plant_home.sound_but_called_unsafe, plant_home.renovated_twice, plant_home.subsidy_short, plant_home.stranger_renovated,
    plant_home.water_not_appraised, plant_home.water_bad, plant_home.water_good_but_denied, plant_home.works_stopped,
    plant_register.homophone_name, plant_register.unknown_poor_pupil, plant_register.other_sex, plant_register.without_head,
    plant_register.other_size, plant_register.schooling_blank,
)  # fmt: skip

# Where a finding of these plants comes from, as the catalogue's text has it (a rule of the register alone is not here):
# without one of these it cannot come up, and its absence says nothing.
NEEDS: dict[str, tuple[str, ...]] = {
    "EDU-01": (ROLL,), "EDU-02": (ROLL,), "EDU-04": (ROLL,), "EDU-05": (ROLL, AID), "EDU-09": (ROLL, CERTIFICATES),
    "EDU-10": (ROLL, VOCATIONAL), "CIV-01": (DIBAO,), "CIV-02": (DIBAO,), "CIV-03": (TEKUN,), "CIV-04": (DIBAO, TEKUN),
    "CIV-06": (DIBAO, TEKUN), "DIS-01": (CERTIFICATES,), "DIS-02": (CERTIFICATES, ALLOWANCES),
    "DIS-03": (CERTIFICATES, ALLOWANCES), "MED-01": (INSURANCE,), "MED-02": (INSURANCE,), "MED-04": (INSURANCE,),
    "MED-05": (INSURANCE,), "MED-06": (INSURANCE,), "MED-07": ("health.chronic", CONTRACTS), "MED-15": ("health.facilities",),
    "MED-16": ("health.facilities",), "HSG-01": (APPRAISALS,), "HSG-02": (APPRAISALS, RENOVATIONS), "HSG-06": (APPRAISALS,),
    "HSG-07": (RENOVATIONS,), "HSG-08": (RENOVATIONS,), "HSG-09": (RENOVATIONS,), "WAT-01": (WATER,), "WAT-02": (WATER,),
    "WAT-04": (WATER,), "WAT-05": ("water.works",), "REG-15": ("civil.deaths",), "IDN-02": (INSURANCE,), "IDN-03": (ROLL,),
}  # fmt: skip


@dataclass
class SteadyPlanter(Planter):
    """Chooses its subjects in its first month and keeps to them; what no longer fits them is not planted."""

    chosen: list[str | None] = field(default_factory=list)
    again: list[str | None] = field(default_factory=list)

    def person(self, wanted: Callable[[Person], bool], households: Iterable[Household] | None = None) -> Person | None:
        if not self.again:
            found = super().person(wanted, households)
            self.chosen.append(found.household.household_id if found else None)
            return found
        wanted_home = self.again.pop(0)
        homes = (*self.world.households, *self.world.watch_only)
        home = next((one for one in homes if one.household_id == wanted_home), None)
        return next((one for one in home.members if wanted(one)), None) if home else None


@dataclass(frozen=True)
class Episode:
    """``plant`` on the households ``chosen``, in the months numbered ``active``; ``serial`` tells alike plants apart."""

    plant: Plant
    serial: int
    chosen: tuple[str | None, ...]
    active: frozenset[int]

    @property
    def seed(self) -> str:
        return f"{self.plant.__name__}/{self.serial}"


def plan_episodes(world: World, roster: Registry, rng: random.Random, months: int, times: int) -> list[Episode]:
    """Episodes on households of their own, chosen in the first month's district; each begins, ends and may come back."""
    used: set[str] = set()
    district = copy.deepcopy(world)
    episodes = []
    for plant in PLANTS:
        for serial in range(times):
            episode = Episode(plant, serial, (), frozenset())
            planter = _planter(district, roster, episode, used)
            plant(planter)
            if planter.chosen != [None] and (planter.chosen or serial == 0):
                episodes.append(Episode(plant, serial, tuple(planter.chosen), _life(rng, months)))
    return episodes


def _life(rng: random.Random, months: int) -> frozenset[int]:
    """From some month to some other; one in three comes back after a while (反弹)."""
    start = 0 if rng.random() < 0.4 else rng.randrange(months)
    end = start + rng.randint(1, 5)
    active = set(range(start, end))
    if rng.random() < 0.4:
        back = end + rng.randint(1, 3)
        active |= set(range(back, back + rng.randint(1, 3)))
    return frozenset(month for month in active if month < months)


def plant_month(world: World, roster: Registry, episodes: Sequence[Episode], month: int) -> set[Finding]:
    """Plant the episodes of the month in ``world``; returns every finding they must lead to."""
    findings: set[Finding] = set()
    for episode in episodes:
        if month in episode.active:
            planter = _planter(world, roster, episode, set())
            episode.plant(planter)
            findings |= planter.findings
    findings |= consequences(world)
    ever = {home for episode in episodes for home in episode.chosen}
    for home in (*world.households, *world.watch_only):
        if home.household_id in ever or any(_looks_spoiled(one) for one in home.members):
            keep_tidy(home)
    return findings


def _looks_spoiled(person: Person) -> bool:
    """A number that ends in 000 cannot be told from one a spreadsheet has cut: it is written in full every month."""
    return person.id_number.endswith("000")


def _planter(world: World, roster: Registry, episode: Episode, used: set[str]) -> SteadyPlanter:
    """Draws the same for an episode in every month."""
    rng = random.Random(episode.seed)
    own = Registry(rng, roster.as_of, set(roster.numbers), set(roster.names), rng.randrange(10**7, 9 * 10**7))
    return SteadyPlanter(world, own, rng, used=used, again=list(episode.chosen))
