"""Time passes in the clean district: months end, schools open, people are born, move and die; it stays clean."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta

from fupin_cli.policy import load_policy
from fupin_cli.sample.bureau_health import CHRONIC, FOLLOWUPS, INPATIENT, QUARTERLY, insure, stay
from fupin_cli.sample.bureau_home import BY_HOUSE_TOWN, WATER
from fupin_cli.sample.bureau_relief import ALLOWANCES, DEATHS, RELIEF, relieve
from fupin_cli.sample.bureau_school import (
    AID,
    ROLL,
    SCHOOLS,
    VOCATIONAL,
    enrol,
    pay_special_aid,
    pay_vocational_aid,
)
from fupin_cli.sample.households import ABLE, LARGEST, labour_of, school_status_of
from fupin_cli.sample.people import TOWNS, Registry
from fupin_cli.sample.planter import Finding, G
from fupin_cli.sample.school_terms import current_term, ended_quarters, school_day
from fupin_cli.sample.upkeep import keep_up
from fupin_cli.sample.world import STAGE_OF_STATUS, TEKUN, Household, Person, World

# Days after the first of a term by which every pupil is paid.
PAID_BY = 55
PRESCHOOL = "学龄前儿童"


def advance(world: World, roster: Registry, as_of: date, still: Collection[str], *, moving: bool) -> set[Finding]:
    """Bring the district to ``as_of``, a later month of the same year; returns what is found there though all is clean:
    those who died this month are still in the register. Households in ``still`` see neither birth nor death."""
    rng, before = roster.rng, world.as_of
    _bury(world)
    world.as_of = as_of
    if school_day(as_of) != school_day(before):
        _open_schools(world, roster)
    _pay_pupils(world, rng)
    for record in world.records[ALLOWANCES]:
        record["month"] = f"{as_of:%Y-%m}"
    _follow_up(world, rng, before)
    for person in [*world.people(), *world.watched()]:
        _settle(world, person, rng)
    _fall_ill(world, roster)
    homes = rng.sample(world.households, len(world.households))
    if moving:
        _move(world, roster, homes)
    homes = [home for home in homes if home.household_id not in still]
    _born(world, roster, homes)
    dead = _die(world, roster, homes)
    keep_up(world, roster)
    return dead


def _open_schools(world: World, roster: Registry) -> None:
    """1 September: everybody is a year older at school."""
    for person in [*world.people(), *world.watched()]:
        years = world.school_age(person)
        person.school_status = _next_status(roster.rng, person.school_status, years)
        world.drop_all(person, ROLL, VOCATIONAL)  # lists of a school year
        stage = STAGE_OF_STATUS.get(person.school_status)
        if stage in SCHOOLS:
            enrol(world, roster, person, stage, poor=person.household.registered)
            if stage in ("中职", "高职"):
                pay_vocational_aid(world, roster, person, stage)


def _next_status(rng: random.Random, was: str, years: int) -> str:
    if was[:2] in ("普通", "中职", "高职") and not was.endswith("三年级"):
        return was.replace("二年级", "三年级").replace("一年级", "二年级")
    left = was == "非在校生" and years > 15
    return was if left or (was == "本科" and years < 22) else school_status_of(rng, years)


def _pay_pupils(world: World, rng: random.Random) -> None:
    term, began = current_term(world.as_of)
    if (world.as_of - began).days < PAID_BY:
        return
    standard = dict(load_policy()["aid_standard"])
    for person in [*world.people(), *world.watched()]:
        stage = STAGE_OF_STATUS.get(person.school_status, "")
        unpaid = all(record["term"] != term for record in person.of(AID))
        if stage in standard and person.of(ROLL) and unpaid:
            pay_special_aid(world, person, (term, began), standard[stage], stage, rng)


def _follow_up(world: World, rng: random.Random, before: date) -> None:
    """Visits of the quarters that have ended since ``before``."""
    for first, last in ended_quarters(world.as_of):
        if last <= before:
            continue
        for person in world.people():
            for record in person.of(CHRONIC):
                if record["disease"] in QUARTERLY:
                    served = first + timedelta(days=rng.randint(5, 80))
                    world.add(FOLLOWUPS, person, disease=record["disease"], served_on=served)


def _settle(world: World, person: Person, rng: random.Random) -> None:
    """Labour as age and school have it now; who is able no more has no work."""
    labour = labour_of(world, person, rng)
    if labour != person.labour and {labour, person.labour} != set(ABLE):
        person.labour = labour
        if labour not in ABLE:
            person.work_place, person.work_months, person.monthly_wage = "", None, None


def _fall_ill(world: World, roster: Registry) -> None:
    """A stay in hospital or two, and a grant of relief."""
    homes = [home for home in world.households if home.poverty_type != TEKUN]
    for home in roster.rng.sample(homes, 3):
        if not any(one.of(INPATIENT) for one in home.members):
            stay(world, roster, home.members[-1], days_ago=5)
        elif not any(one.of(RELIEF) for one in home.members):
            relieve(world, roster, home.head)


def _born(world: World, roster: Registry, homes: Iterable[Household]) -> None:
    """A younger sibling for a small child."""
    for home in homes:
        infants = [one for one in home.members if one.school_status == PRESCHOOL and one.relation in ("之子", "之女")]
        if infants and len(home.members) < LARGEST and home.members[-1].birth.year < world.as_of.year:
            sex = roster.rng.choice("男女")
            birth = world.as_of.replace(day=roster.rng.randint(1, 26))
            number = roster.number(birth, sex)
            child = replace(
                infants[-1], person_no=f"{home.household_id}{_serial(home):02d}", name=roster.name(sex, home.village, infants[-1].name[0]),
                id_number=number, registered_id=number, birth=birth, sex=sex, relation="之子" if sex == "男" else "之女",
                health=("健康",), records={},
            )  # fmt: skip
            home.members.append(child)
            home.size = len(home.members)
            insure(world, child, world.as_of.year)
            return


def _serial(home: Household) -> int:
    return max(int(one.person_no[-2:]) for one in home.members) + 1


def _move(world: World, roster: Registry, homes: Iterable[Household]) -> None:
    """To another village, in another town where water is appraised by village too; the bureaus follow."""
    for home in homes:
        alone = sum(other.village == home.village for other in world.households) == 1
        if alone or home.town == BY_HOUSE_TOWN or any(one.of(WATER) for one in home.members):
            continue
        towns = [town for town in TOWNS if town not in (home.town, BY_HOUSE_TOWN)]
        town = roster.rng.choice(towns)
        for village in TOWNS[town]:
            names = {(one.name, village) for one in home.members}
            if not names & roster.names:
                roster.names |= names
                _settle_in(home, town, village)
                return


def _settle_in(home: Household, town: str, village: str) -> None:
    home.town, home.village = town, village
    for person in home.members:
        for records in person.records.values():
            for record in records:
                record.values.update({name: at for name, at in (("town", town), ("village", village)) if record[name]})


def _die(world: World, roster: Registry, homes: Iterable[Household]) -> set[Finding]:
    """Somebody dies; the town takes them out of the register next month."""
    for home in homes:
        old = [one for one in home.members if world.age(one) >= 58 and one is not home.head and not one.of(INPATIENT)]
        if old and home.poverty_type != TEKUN:
            died = world.as_of.replace(day=roster.rng.randint(2, 26))
            world.add(DEATHS, old[0], died_on=died)
            return {("REG-15", old[0].person_no, G)}
    return set()


def _bury(world: World) -> None:
    """Those who died last month leave every list but that of the dead."""
    for record in world.records[DEATHS]:
        person = record.person
        if person is not None and person in person.household.members:
            world.drop_all(person, *(kind for kind in person.records if kind != DEATHS))
            person.household.members.remove(person)
            person.household.size = len(person.household.members)
            record.person = None
