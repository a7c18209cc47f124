"""The clean register: households of plausible make-up, every fact consistent."""

from __future__ import annotations

import random
from dataclasses import dataclass

from fupin_cli.sample.people import HAMLETS, SURNAMES, TOWNS, Registry
from fupin_cli.sample.world import DIBAO, PLAIN, TEKUN, Household, Person, World

TOWN_CODES = dict(zip(TOWNS, ("101", "102", "103", "104"), strict=True))
CAUSES = ("因病", "因残", "因学", "因灾", "缺技术", "缺劳动力", "缺资金", "交通条件落后", "自身发展动力不足")
SIZES = (1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6, 7)
LARGEST = 8
SERIALS_A_BLOCK = 4000
ABLE = ("普通劳动力", "技能劳动力")
WORK_PLACES = ("乡镇内", "乡（镇）外县内", "县外省内", "省外")


@dataclass(frozen=True)
class Place:
    relation: str
    sex: str
    age: int


def household_sizes(rng: random.Random, households: int, persons: int) -> list[int]:
    """Sizes of all households, adding up to ``persons``."""
    sizes = [rng.choice(SIZES) for _ in range(households)]
    while sum(sizes) != persons:
        spot = rng.randrange(households)
        step = 1 if sum(sizes) < persons else -1
        if 1 <= sizes[spot] + step <= LARGEST:
            sizes[spot] += step
    return sizes


def compose(rng: random.Random, size: int) -> list[Place]:
    """Who lives in a household of this size."""
    if size == 1:
        return [Place("户主", "男" if rng.random() < 0.75 else "女", rng.randint(50, 84))]
    if size == 2 and rng.random() < 0.6:
        age = rng.randint(52, 78)
        return [Place("户主", "男", age), Place("配偶", "女", age - rng.randint(-2, 5))]
    if size >= 5 and rng.random() < 0.3:
        return _three_generations(rng, size)
    return _couple_with_children(rng, size)


def _three_generations(rng: random.Random, size: int) -> list[Place]:
    age = rng.randint(60, 70)
    places = [Place("户主", "男", age), Place("配偶", "女", age - rng.randint(0, 4))]
    places += [Place("之子", "男", rng.randint(34, 38)), Place("之儿媳", "女", rng.randint(32, 37))]
    ages = sorted(rng.sample(range(0, 13), size - 4), reverse=True)
    for child in ages:
        sex = rng.choice("男女")
        places.append(Place("之孙子" if sex == "男" else "之孙女", sex, child))
    return places


def _couple_with_children(rng: random.Random, size: int) -> list[Place]:
    age = rng.randint(33, 56)
    places = [Place("户主", "男", age)]
    left = size - 1
    if size >= 3 or rng.random() < 0.5:
        places.append(Place("配偶", "女", age - rng.randint(-1, 4)))
        left -= 1
    parents = 0
    if left >= 2 and rng.random() < 0.5:
        parents = 2 if left >= 3 and rng.random() < 0.5 else 1
    children = left - parents
    oldest = min(age - 24, 26)
    for child in sorted(rng.sample(range(0, oldest + 1), children), reverse=True):
        sex = rng.choice("男女")
        places.append(Place("之子" if sex == "男" else "之女", sex, child))
    for sex in ("女", "男")[:parents]:
        places.append(Place("之父" if sex == "男" else "之母", sex, age + rng.randint(22, 28)))
    return places


def build_households(world: World, roster: Registry, sizes: list[int], registered: bool = True) -> None:
    """Fill the register (or the watchlist's own households)."""
    rng = roster.rng
    # The first village of each town is a large one.
    spots = [(town, village) for town, villages in world.towns.items() for village in (villages[0], *villages)]
    placed = (
        sorted(rng.randrange(len(spots)) for _ in sizes) if registered else [rng.randrange(len(spots)) for _ in sizes]
    )
    first = 1 + roster.block * SERIALS_A_BLOCK
    for serial, (size, spot) in enumerate(zip(sizes, placed, strict=True), start=first):
        town, village = spots[spot]
        code = f"460108{TOWN_CODES[town]}{0 if registered else 9}{serial:06d}"
        household = Household(code, town, village, rng.choice(HAMLETS), registered, size=size)
        _people(household, roster, compose(rng, size))
        for person in household.members:
            _facts(world, person, rng)
        _standing(world, household, roster)
        (world.households if registered else world.watch_only).append(household)


def _people(household: Household, roster: Registry, places: list[Place]) -> None:
    surname = roster.rng.choice(SURNAMES)
    phone = roster.phone()
    for serial, place in enumerate(places, start=1):
        birth = roster.birth(place.age)
        own = "" if place.relation in ("配偶", "之儿媳", "之母") else surname
        name = roster.name(place.sex, household.village, own)
        number = roster.number(birth, place.sex)
        person_no = f"{household.household_id}{serial:02d}"
        person = Person(person_no, household, name, number, birth, place.sex, place.relation, phone, number)
        person.ethnicity = "黎族" if roster.rng.random() < 0.05 else "汉族"
        household.members.append(person)


def _facts(world: World, person: Person, rng: random.Random) -> None:
    """School, education, health, labour: all fitting the age."""
    age = world.age(person)
    person.school_status = school_status_of(rng, world.school_age(person))
    person.education = _education(rng, person.school_status, age)
    person.health = _health(rng, age)
    person.labour = labour_of(world, person, rng)
    person.pension_insured = True if age >= 16 else None
    if person.labour in ABLE and rng.random() < 0.7:
        person.work_place, person.work_months = rng.choice(WORK_PLACES), rng.randint(3, 12)
        person.monthly_wage = rng.randrange(1500, 4600, 100)


def labour_of(world: World, person: Person, rng: random.Random) -> str:
    """Labour ability (劳动技能) as age, school and health have it."""
    age = world.age(person)
    if age < 16 or person.school_status not in ("非在校生", "学龄前儿童") or age >= 70:
        return "无劳动力"
    if age >= 60 or "患有大病" in person.health or "残疾" in person.health:
        return "弱劳动力或半劳动力"
    return "技能劳动力" if rng.random() < 0.08 else "普通劳动力"


def school_status_of(rng: random.Random, school_age: int) -> str:
    """What somebody of that school age attends (在校生状况)."""
    if school_age < 3:
        return "学龄前儿童"
    if school_age < 6:
        return "学前教育"
    if school_age < 12:
        return "小学"
    if school_age < 15:
        return ("七年级", "八年级", "九年级")[school_age - 12]
    if school_age < 18:
        return f"{rng.choice(('普通高中', '中职'))}{'一二三'[school_age - 15]}年级"
    if school_age < 21:
        draw = rng.random()
        if draw < 0.25:
            return f"高职高专{'一二三'[school_age - 18]}年级"
        return "本科" if draw < 0.4 else "非在校生"
    return "非在校生"


def _education(rng: random.Random, status: str, age: int) -> str:
    """Pupils have a stage, everybody else an education (文化程度)."""
    if status != "非在校生":
        return ""
    if age >= 60:
        return rng.choice(("文盲或半文盲", "小学", "小学"))
    if age >= 40:
        return rng.choice(("小学", "初中", "初中"))
    return rng.choice(("初中", "初中", "高中", "大专") if age >= 22 else ("初中", "高中"))


def _health(rng: random.Random, age: int) -> tuple[str, ...]:
    draw = rng.random()
    if age < 16:
        return ("残疾",) if draw < 0.04 else ("健康",)
    if age <= 50:
        if draw < 0.04:
            return ("残疾",)
        return ("长期慢性病",) if draw < 0.09 else ("患有大病",) if draw < 0.1 else ("健康",)
    if draw < 0.08:
        return ("残疾",)
    if draw < 0.1:
        return ("长期慢性病", "残疾")
    return ("长期慢性病",) if draw < 0.33 else ("患有大病",) if draw < 0.36 else ("健康",)


def _standing(world: World, household: Household, roster: Registry) -> None:
    rng = roster.rng
    head = household.members[0]
    if len(household.members) == 1 and world.age(head) >= 60 and rng.random() < 0.8:
        household.poverty_type, low, high = TEKUN, 6200, 9000
    elif rng.random() < 0.36 or all(person.labour == "无劳动力" for person in household.members):
        household.poverty_type, low, high = DIBAO, 6100, 9500
    else:
        household.poverty_type, low, high = PLAIN, 6800, 15000
    household.net_income = round(rng.uniform(low, high), 2)
    household.exit_status = "未脱贫" if rng.random() < 0.03 else "已脱贫"
    household.exit_year = None if household.exit_status == "未脱贫" else world.as_of.year - rng.randint(1, 4)
    household.main_cause = rng.choice(CAUSES)
    household.helper = roster.name(rng.choice("男女"), "帮扶责任人")
    household.cropland, household.forest = round(rng.uniform(0, 8), 1), round(rng.uniform(0, 5), 1)
    household.road_distance = round(rng.uniform(0.1, 1.8), 1)
    household.operating_income = round(rng.uniform(0, 13500), 2)
    if not household.registered:
        household.poverty_type, household.exit_status, household.exit_year = "一般农户", "边缘户", None
        household.watch_type, household.risk_cleared = "边缘户", False


def watch_some(world: World, rng: random.Random, count: int) -> None:
    """Put a few registered households on the watchlist (脱贫监测户)."""
    candidates = [household for household in world.households if household.exit_status == "已脱贫"]
    for household in rng.sample(candidates, min(count, len(candidates))):
        household.watch_type, household.risk_cleared = "脱贫监测户", False
