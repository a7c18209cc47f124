"""What 区人社局, 区农业农村局, 区金融办 and 区财政局 hold: work, posts, awards, loans, projects; consistent with the register."""

from __future__ import annotations

from datetime import date, timedelta

from fupin_cli.policy import load_policy
from fupin_cli.sample.consequences import living
from fupin_cli.sample.households import ABLE
from fupin_cli.sample.people import Registry
from fupin_cli.sample.world import TEKUN, Household, Person, Record, World

STATUS, POSTS, AWARDS = "employment.status", "employment.posts", "agriculture.awards"
LOANS, PROJECTS = "finance.loans", "finance.projects"
RANGER, CLEANER = "生态护林员", "村保洁员"
OLDEST_IN_POST = 60
SPARE_RANGERS = 4
UNITS = ("区农业农村局", "区住建局", "区水务局")
WORKS = ("产业道路硬化", "常年瓜菜基地", "农田水利设施", "特色养殖示范")


def fill_work(world: World, roster: Registry) -> None:
    """Work of those who have any (some are listed as idle), posts, awards."""
    rng = roster.rng
    for person in (*world.people(), *world.watched()):
        if person.work_place:
            _at_work(world, person, "务工")
        elif person.labour in ABLE and rng.random() < 0.3:
            world.add(STATUS, person, employed=False)
    _posts(world, roster)
    for household in world.households:
        due = award_due(household.operating_income or 0)
        if due:
            award(world, household, due)


def _at_work(world: World, person: Person, kind: str) -> None:
    since = date(world.as_of.year, 1, 6 + int(person.person_no[-3:]) % 20)
    employer = "海口某建筑公司" if kind == "务工" else "家庭经营"
    world.add(
        STATUS, person, employed=True, employer=employer, place=person.work_place or "乡镇内", employed_on=since, kind=kind,
        wage=person.monthly_wage,
    )  # fmt: skip


def employ(world: World) -> None:
    """Nobody's household is without work (零就业动态清零)."""
    for home in world.homes():
        able = [one for one in living(world, home) if one.labour in ABLE]
        if able and not any(row["employed"] for one in living(world, home) for row in one.of(STATUS)):
            world.drop_all(able[0], STATUS)
            _at_work(world, able[0], "自主创业")


def _posts(world: World, roster: Registry) -> None:
    """护林员 as planned and a few more, and some cleaners: registered people of working age, not 特困."""
    able = [one for one in world.people() if 20 <= world.age(one) <= 55 and one.labour in ABLE]
    fit = [one for one in able if one.household.poverty_type != TEKUN and not one.work_place]
    wanted = load_policy()["forest_rangers"] + SPARE_RANGERS
    for place, person in enumerate(roster.rng.sample(fit, min(len(fit), wanted + wanted // 2))):
        hold_post(world, person, RANGER if place < wanted else CLEANER)
        person.public_post, person.post_months = "公益岗位", world.as_of.month
        person.work_place, person.work_months = "乡镇内", world.as_of.month


def hold_post(world: World, who: object, post: str) -> Record:
    """A post held since the year began."""
    return world.add(
        POSTS, who, post=post, employer="镇政府", wage=1000, status="正常", to=None,  # type: ignore[arg-type]
        **{"from": date(world.as_of.year, 1, 1)},
    )  # fmt: skip


def end_posts(world: World) -> None:
    """Who is too old leaves the post; where rangers are fewer than planned, cleaners become rangers."""
    for person in world.people():
        if person.public_post and world.age(person) > OLDEST_IN_POST:
            world.drop_all(person, POSTS)
            person.public_post, person.post_months = "", None
    held = [record["post"] for record in world.records[POSTS]]
    short = max(0, load_policy()["forest_rangers"] - held.count(RANGER))
    for record in [record for record in world.records[POSTS] if record["post"] == CLEANER][:short]:
        record["post"] = RANGER


def award_due(income: float) -> int:
    return max((award for floor, award in load_policy()["award_tiers"] if income > floor), default=0)


def award(world: World, household: Household, amount: int) -> Record:
    """This year's award for the household's income."""
    return world.add(
        AWARDS, household.head, operating_income=household.operating_income, award=amount, year=world.as_of.year
    )


def fill_loans(world: World, roster: Registry) -> None:
    for place, household in enumerate(world.households):
        if place % 11 == 3:
            lend(world, household.head, days_left=420 + roster.rng.randint(0, 300), repaid=place % 3 == 0)


def lend(world: World, who: object, days_left: int, repaid: bool = False) -> Record:
    """A loan of three years, due in so many days."""
    due = world.as_of + timedelta(days=days_left)
    granted = date(due.year - 3, due.month, min(due.day, 28))  # 29 February has no year every year
    return world.add(
        LOANS, who, principal=30000, granted_on=granted, due_on=due.replace(day=granted.day),  # type: ignore[arg-type]
        repaid=repaid, status="结清" if repaid else "正常", recourse_since=None, use="种植养殖",
    )  # fmt: skip


def fill_projects(world: World, roster: Registry) -> None:
    year, first = world.as_of.year, 1 + roster.block * len(world.towns) * len(WORKS)
    for town, villages in world.towns.items():
        for place, work in enumerate(WORKS):
            village = villages[place % len(villages)]
            done = place == 0
            world.add(
                PROJECTS, None, project_no=f"ML{year}{first + len(world.records.get(PROJECTS, ())):03d}", project=f"{village}{work}项目", town=town,
                village=village, unit=UNITS[place % len(UNITS)], budget=roster.rng.randrange(20, 90) * 10000, paid=0,
                started_on=date(year - 1, 11, 5) if done else date(year, 1, 8),
                planned_finish=date(year - 1, 12, 20) if done else date(year + 1, 6, 30),
                finished_on=date(year - 1, 12, 10) if done else None, accepted_on=date(year, 1, 5) if done else None,
                in_library=True, published=True,
            )  # fmt: skip


def spend(world: World) -> None:
    """Projects are paid for as the year goes by."""
    passed = (world.as_of - date(world.as_of.year, 1, 1)).days + 1
    for record in world.records[PROJECTS]:
        record["paid"] = round(record["budget"] * min(1, passed / 365 + 0.02), 2)
