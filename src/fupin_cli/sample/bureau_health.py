"""What 区医保局 and 区卫健委 hold; consistent with the register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from fupin_cli.sample.people import Registry, Stranger
from fupin_cli.sample.school_terms import ended_quarters
from fupin_cli.sample.world import TEKUN, Person, Record, World

INSURANCE, CHRONIC, CONTRACTS, FOLLOWUPS = (
    "health.insurance",
    "health.chronic",
    "health.contracts",
    "health.followups",
)
SERIOUS, INPATIENT, OUTPATIENT, FACILITIES = (
    "health.serious",
    "health.inpatient",
    "health.outpatient",
    "health.facilities",
)
PREMIUM = 250
QUARTERLY = ("高血压", "高血压", "高血压", "糖尿病", "糖尿病", "肺结核", "严重精神障碍")
OTHER = ("慢性支气管炎", "冠心病", "类风湿关节炎", "慢性胃炎")
SERIOUS_DISEASES = ("胃癌", "终末期肾病", "乳腺癌", "急性心肌梗死", "白内障")
HOSPITALS = ("海口市人民医院", "美兰区人民医院", "海南省第三医院", "灵山镇中心卫生院")


def fill_health(world: World, roster: Registry, namesakes: Sequence[Person]) -> None:
    people = list(world.people())
    for person in [*people, *world.watched()]:
        _insure_person(world, roster, person)
    for person in people:
        if "长期慢性病" in person.health:
            _chronic(world, roster, person)
        elif roster.rng.random() < 0.15:
            sign(world, roster, person)
        if "患有大病" in person.health:
            disease = roster.rng.choice(SERIOUS_DISEASES)
            world.add(SERIOUS, person, disease=disease, treated=True, hospital=roster.rng.choice(HOSPITALS))
            stay(world, roster, person, days_ago=100)
        elif roster.rng.random() < 0.07:
            stay(world, roster, person, days_ago=60)
    _strangers(world, roster, namesakes, len(people))
    _facilities(world)


def _insure_person(world: World, roster: Registry, person: Person) -> None:
    rng, year = roster.rng, world.as_of.year
    if rng.random() < 0.06:
        insure(world, person, year - 1)
    worker = person.labour in ("普通劳动力", "技能劳动力") and rng.random() < 0.05
    if worker:
        insure(world, person, year, scheme="职工", premium=None, subsidy=None, serious_insured=None)
        person.basic_insured, person.employee_insured = False, True
    else:
        insure(world, person, year)


def insure(world: World, who: Person | Stranger, year: int, **values: object) -> Record:
    """A row of the insured; by default 城乡居民, fully subsidised."""
    poor = isinstance(who, Person) and who.household.registered
    flag = "建档立卡贫困人口" if poor else "普通居民"
    subsidy = PREMIUM if isinstance(who, Person) else 0
    usual = {
        "year": year, "status": "正常参保", "scheme": "城乡居民", "premium": PREMIUM, "subsidy": subsidy,
        "serious_insured": True, "poor_flag": flag,
    }  # fmt: skip
    return world.add(INSURANCE, who, **{**usual, **values})


def _chronic(world: World, roster: Registry, person: Person) -> None:
    rng = roster.rng
    disease = rng.choice(QUARTERLY) if rng.random() < 0.7 else rng.choice(OTHER)
    add_chronic(world, roster, person, disease)
    if rng.random() < 0.4:
        rate = 0.0 if person.household.poverty_type == TEKUN else 0.15
        visit(world, roster, person, disease, round(rng.uniform(200, 1800), 2), rate)


def add_chronic(world: World, roster: Registry, person: Person, disease: str) -> Record:
    """A chronic patient with contract and followups."""
    rng = roster.rng
    diagnosed = date(world.as_of.year - rng.randint(2, 11), rng.randint(1, 12), rng.randint(1, 28))
    record = world.add(CHRONIC, person, disease=disease, diagnosed_on=diagnosed, cured=False)
    if not person.of(CONTRACTS):
        sign(world, roster, person)
    named = disease if rng.random() < 0.9 else None
    if disease in QUARTERLY:
        for first, _ in ended_quarters(world.as_of):
            world.add(FOLLOWUPS, person, disease=named, served_on=first + timedelta(days=rng.randint(5, 80)))
    else:
        served = date(world.as_of.year, 1, 1) + timedelta(
            days=rng.randint(0, (world.as_of - date(world.as_of.year, 1, 1)).days)
        )
        world.add(FOLLOWUPS, person, disease=named, served_on=served)
    return record


def sign(world: World, roster: Registry, who: Person | Stranger) -> Record:
    """A family doctor's contract of this year."""
    year = world.as_of.year
    signed = min(date(year, 1, 4) + timedelta(days=roster.rng.randint(0, 70)), world.as_of)
    doctor = roster.name("男", "签约医生")
    return world.add(
        CONTRACTS,
        who,
        year=year,
        team=f"{who.town}家庭医生团队",
        doctor=doctor,
        signed_on=signed,
        status="有效",
    )


def bill(total: float, self_paid: float) -> dict[str, float]:
    """The parts of a bill: what is not paid by the patient, split over the funds."""
    rest = round(total - self_paid, 2)
    basic, serious, supplementary = round(rest * 0.7, 2), round(rest * 0.12, 2), round(rest * 0.05, 2)
    relief = round(rest - basic - serious - supplementary, 2)
    return {
        "total": total, "basic_paid": basic, "serious_paid": serious, "supplementary_paid": supplementary,
        "relief_paid": relief, "fund_paid": 0.0, "self_paid": self_paid,
    }  # fmt: skip


def stay(
    world: World,
    roster: Registry,
    who: Person | Stranger,
    days_ago: int,
    total: float = 0.0,
    self_paid: float | None = None,
) -> Record:
    """A hospital stay that began ``days_ago`` days before ``as_of`` (kept within the year)."""
    rng = roster.rng
    admitted = max(world.as_of - timedelta(days=days_ago + rng.randint(0, 20)), date(world.as_of.year, 1, 2))
    total = total or round(rng.uniform(2500, 50000), 2)
    if self_paid is None:
        tekun = isinstance(who, Person) and who.household.poverty_type == TEKUN
        self_paid = 0.0 if tekun else round(total * rng.uniform(0.03, 0.09), 2)
    discharged = min(admitted + timedelta(days=rng.randint(3, 14)), world.as_of)
    return world.add(
        INPATIENT, who, admitted_on=admitted, discharged_on=discharged, hospital=rng.choice(HOSPITALS),
        pay_after=True, one_stop=True, **bill(total, self_paid),
    )  # fmt: skip


def visit(world: World, roster: Registry, person: Person, disease: str, total: float, rate: float) -> Record:
    """A settled outpatient visit (慢性病门诊)."""
    visited = date(world.as_of.year, 1, 1) + timedelta(
        days=roster.rng.randint(0, (world.as_of - date(world.as_of.year, 1, 1)).days)
    )
    return world.add(OUTPATIENT, person, visited_on=visited, disease=disease, **bill(total, round(total * rate, 2)))


def _strangers(world: World, roster: Registry, namesakes: Sequence[Person], count: int) -> None:
    rng = roster.rng
    for place in range(count):
        namesake = namesakes[place // 20 % len(namesakes)] if namesakes and place % 20 == 0 else None
        who = roster.stranger(1, 85, *((namesake.name, namesake.village) if namesake else ()))
        insure(world, who, world.as_of.year, status="正常参保" if rng.random() < 0.97 else "停保")
        if place % 15 == 1:
            record = stay(world, roster, who, 70)
            record.values.update(bill(record["total"], round(record["total"] * 0.35, 2)), pay_after=place % 2 == 0)
        if place % 10 == 2:
            sign(world, roster, who)
        if place % 25 == 3:
            world.add(
                CHRONIC,
                who,
                disease=rng.choice(QUARTERLY),
                diagnosed_on=date(world.as_of.year - 3, 5, 6),
                cured=False,
            )


def _facilities(world: World) -> None:
    for town, villages in world.towns.items():
        seat = villages[0]
        place = {"town": town, "standard": True, "has_doctor": True}
        world.add(FACILITIES, None, facility=f"{town}中心卫生院", level="乡镇卫生院", village=seat, **place)
        for village in villages[1:]:
            world.add(FACILITIES, None, facility=f"{village}卫生室", level="村卫生室", village=village, **place)
