"""What 区教育局 holds: roll, financial aid, 雨露计划, 控辍保学台账; consistent with the register."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from fupin_cli.sample.people import Registry, Stranger, full_years
from fupin_cli.sample.school_terms import current_term, previous_term, school_day, school_year
from fupin_cli.sample.world import STAGE_OF_STATUS, Person, Record, World

ROLL, AID, VOCATIONAL, EXEMPTIONS = (
    "education.enrolment", "education.aid", "education.vocational_aid", "education.exemptions",
)  # fmt: skip
SPECIAL_ITEM = "建档立卡家庭经济困难学生特惠资助"
COMMON_ITEM = "家庭经济困难学生生活补助"
SCHOOLS = {
    "学前": "中心幼儿园",
    "小学": "中心小学",
    "初中": "初级中学",
    "普高": "高级中学",
    "中职": "职业技术学校",
    "高职": "职业技术学院",
}
GRADES = {
    "学前": ("小班", "中班", "大班"), "小学": ("一年级", "三年级", "五年级"), "初中": ("七年级", "八年级", "九年级"),
    "普高": ("高一", "高二", "高三"), "中职": ("一年级", "二年级"), "高职": ("一年级", "二年级"),
}  # fmt: skip


def fill_school(world: World, roster: Registry, aid_standard: dict[str, float], namesakes: Sequence[Person]) -> None:
    """Every pupil is on the roll and aided; strangers follow."""
    for person in [*world.people(), *world.watched()]:
        stage = STAGE_OF_STATUS.get(person.school_status)
        if stage in SCHOOLS:
            enrol(world, roster, person, stage, poor=person.household.registered)
            if stage in aid_standard:
                _aid(world, roster, person, stage, aid_standard[stage])
            if stage in ("中职", "高职"):
                pay_vocational_aid(world, roster, person, stage)
    for place in range(round(0.35 * sum(1 for _ in world.people()))):
        name, apart = _namesake(place, namesakes)
        _stranger(world, roster, roster.stranger(4, 17, name, apart), aid_standard)
    for _ in range(6):
        child = roster.stranger(7, 13)
        world.add(
            EXEMPTIONS,
            child,
            category=roster.rng.choice(("送教上门", "外地就读", "延缓入学")),
            school="",
            reason="",
        )


def _namesake(place: int, namesakes: Sequence[Person]) -> tuple[str, str]:
    if place % 12 or not namesakes:
        return "", ""
    person = namesakes[(place // 12) % len(namesakes)]
    return person.name, person.village


def enrol(world: World, roster: Registry, who: Person | Stranger, stage: str, poor: bool) -> Record:
    """A row of the roll (在读)."""
    rng = roster.rng
    town = who.town if stage in ("学前", "小学", "初中") else "海口市"
    disabled = isinstance(who, Person) and "残疾" in who.health
    return world.add(
        ROLL, who, sex=who.sex, student_no=f"G{who.id_number}", school=f"{town}{SCHOOLS[stage]}", stage=stage,
        grade=rng.choice(GRADES[stage]), class_name=f"{rng.randint(1, 6)}班", status="在读",
        is_registered_poor=poor, is_disabled=disabled,
    )  # fmt: skip


def _aid(world: World, roster: Registry, person: Person, stage: str, amount: float) -> None:
    terms = [current_term(world.as_of)]
    if roster.rng.random() < 0.3:
        terms.insert(0, previous_term(world.as_of))
    for term in terms:
        pay_special_aid(world, person, term, amount, stage, roster.rng)


def pay_special_aid(
    world: World, person: Person, term: tuple[str, date], amount: float, stage: str, rng: random.Random
) -> None:
    """The aid of a term, paid some weeks after it began, if that day has come."""
    name, began = term
    paid_on = began + timedelta(days=rng.randint(25, 55))
    if paid_on <= world.as_of:
        _pay(world, person, name, SPECIAL_ITEM, amount, paid_on, stage)


def _pay(world: World, who: Person | Stranger, term: str, item: str, amount: float, paid_on: Any, stage: str) -> None:
    world.add(AID, who, term=term, item=item, amount=amount, paid_on=paid_on, stage=stage)


def pay_vocational_aid(world: World, roster: Registry, person: Person, stage: str) -> None:
    """雨露计划 of the school year."""
    term = school_year(world.as_of)[0]
    paid_on = school_day(world.as_of) + timedelta(days=roster.rng.randint(70, 110))
    values = {"term": term, "item": "雨露计划补助", "amount": 1750, "stage": stage}
    world.add(VOCATIONAL, person, paid_on=min(paid_on, world.as_of), **values)


def _stranger(world: World, roster: Registry, child: Stranger, aid_standard: dict[str, float]) -> None:
    age = full_years(child.birth, school_day(world.as_of))
    stage = "学前" if age < 6 else "小学" if age < 12 else "初中" if age < 15 else "普高"
    row = enrol(world, roster, child, stage, poor=False)
    row["status"] = "在读" if roster.rng.random() < 0.97 else "转出"
    if roster.rng.random() < 0.1:
        term, began = current_term(world.as_of)
        paid_on = min(began + timedelta(days=40), world.as_of)
        _pay(world, child, term, COMMON_ITEM, aid_standard[stage] / 2, paid_on, stage)
