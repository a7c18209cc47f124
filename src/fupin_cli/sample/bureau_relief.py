"""What 区民政局 and 区残联 hold: 低保, 特困, 临时救助, deaths, certificates, allowances; consistent with the register."""

from __future__ import annotations

from datetime import date, timedelta

from fupin_cli.sample.people import Registry, Stranger
from fupin_cli.sample.world import DIBAO, TEKUN, Household, Person, Record, World

DIBAO_LIST, TEKUN_LIST, RELIEF, DEATHS = "civil.dibao", "civil.tekun", "civil.relief", "civil.deaths"
CERTIFICATES, ALLOWANCES = "disability.certificates", "disability.allowances"
LIVING, CARE = "困难残疾人生活补贴", "重度残疾人护理补贴"
KINDS = {"视力": "1", "听力": "2", "言语": "3", "肢体": "4", "智力": "5", "精神": "6", "多重": "7"}
REASONS = ("因病住院", "火灾", "交通事故", "子女就学")


def fill_relief(world: World, roster: Registry) -> None:
    rng = roster.rng
    for household in world.households:
        if household.poverty_type == DIBAO:
            _dibao_household(world, roster, household)
        if household.poverty_type == TEKUN:
            for person in household.members:
                support(world, roster, person)
        if rng.random() < 0.03:
            relieve(world, roster, household.head)
    count = len(world.households)
    for place in range(count // 8):
        row = grant(world, roster, roster.stranger(30, 80), 1)
        row["status"] = "停发" if place % 7 == 6 else "在享"
    for _ in range(count // 20):
        support(world, roster, roster.stranger(60, 88))
    for _ in range(count // 25):
        relieve(world, roster, roster.stranger(25, 70))
    for _ in range(count // 12):
        died = world.as_of - timedelta(days=rng.randint(5, 300))
        world.add(DEATHS, roster.stranger(50, 90), died_on=died)


def _dibao_household(world: World, roster: Registry, household: Household) -> None:
    everybody = roster.rng.random() < 0.4
    covered = household.members if everybody else [household.head]
    for person in covered:
        grant(world, roster, person, len(household.members))


def grant(world: World, roster: Registry, who: Person | Stranger, covered: int) -> Record:
    """An active row of the 低保 list."""
    rng = roster.rng
    head = isinstance(who, Stranger) or who.relation == "户主"
    number = who.household.household_id[-7:] if isinstance(who, Person) else f"8{rng.randrange(10**6):06d}"
    return world.add(
        DIBAO_LIST, who, household_no=f"琼美低{number}", is_head=head, covered_count=covered,
        category=rng.choice(("A类", "B类", "C类")), amount=rng.randrange(300, 521, 10) * covered,
        since=date(world.as_of.year - rng.randint(1, 6), rng.randint(1, 12), 1), status="在享", verified=True,
    )  # fmt: skip


def support(world: World, roster: Registry, who: Person | Stranger) -> Record:
    """An active row of the 特困 list."""
    rng = roster.rng
    return world.add(
        TEKUN_LIST, who, mode=rng.choice(("分散", "分散", "集中")), self_care=rng.choice(("全自理", "半护理")),
        amount=910, since=date(world.as_of.year - rng.randint(1, 6), rng.randint(1, 12), 1), status="正常",
    )  # fmt: skip


def relieve(world: World, roster: Registry, who: Person | Stranger) -> Record:
    """A grant of 临时救助 this year."""
    rng = roster.rng
    day = max(world.as_of - timedelta(days=rng.randint(5, 150)), date(world.as_of.year, 1, 3))
    return world.add(RELIEF, who, reason=rng.choice(REASONS), amount=rng.randrange(5, 31) * 100, granted_on=day)


def fill_disability(world: World, roster: Registry) -> None:
    disabled = [person for person in world.people() if "残疾" in person.health]
    for person in disabled:
        grade = roster.rng.choice((1, 2, 2, 3, 3, 4, 4))
        certify(world, roster, person, grade)
        if person.labour in ("普通劳动力", "技能劳动力"):
            person.labour = "弱劳动力或半劳动力"
        if person.household.poverty_type != TEKUN:
            allow(world, person, LIVING)
        if grade <= 2:
            allow(world, person, CARE)
    for _ in range(len(world.households) // 5):
        stranger = roster.stranger(8, 80)
        grade = roster.rng.randint(1, 4)
        certify(world, roster, stranger, grade)
        if grade <= 2:
            allow(world, stranger, CARE)


def certify(world: World, roster: Registry, who: Person | Stranger, grade: int) -> Record:
    """A certificate in force (残疾人证): the number is the ID, the category and the grade."""
    kind = roster.rng.choice(tuple(KINDS))
    issued = date(
        world.as_of.year - roster.rng.randint(1, 6),
        roster.rng.randint(1, 12),
        roster.rng.randint(1, 28),
    )
    return world.add(
        CERTIFICATES, who, certificate_no=f"{who.id_number}{KINDS[kind]}{grade}", kind=kind, grade=grade,
        issued_on=issued, expires_on=date(issued.year + 10, issued.month, issued.day),
    )  # fmt: skip


def allow(world: World, who: Person | Stranger, allowance: str) -> Record:
    """This month's allowance (两项补贴)."""
    amount = 80 if allowance == LIVING else 110
    return world.add(ALLOWANCES, who, allowance=allowance, amount=amount, month=f"{world.as_of:%Y-%m}", status="正常")
