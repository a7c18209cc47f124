"""What the offices of a clean district do every month (日常维护): lists follow the facts, who is endangered is watched."""

from __future__ import annotations

from datetime import timedelta

from fupin_cli.sample.bureau_relief import CERTIFICATES, grant
from fupin_cli.sample.bureau_work import employ, end_posts, spend
from fupin_cli.sample.consequences import at_school, living, red_facts
from fupin_cli.sample.households import ABLE
from fupin_cli.sample.people import Registry
from fupin_cli.sample.world import DIBAO, PLAIN, Household, Person, World

# Why a household is watched, and what is done about it.
HELP = {
    "因病": {"help_health": "签约家庭医生，落实医疗救助"}, "因残": {"help_welfare": "纳入综合保障"}, "因学": {"help_education": "落实教育资助"},
    "因灾": {"help_society": "社会帮扶"},
}  # fmt: skip


def keep_up(world: World, roster: Registry) -> None:
    """Support, schooling, work, posts, projects and the watchlist as the day's facts have them."""
    for person in (*world.people(), *world.watched()):
        _schooled(world, person)
    for home in world.homes():
        if home.poverty_type == PLAIN and "无劳动力" in red_facts(world, home):
            home.poverty_type = DIBAO
            grant(world, roster, home.head, len(home.members))
        if not home.watch_type and len(red_facts(world, home)) >= 2:
            home.watch_type, home.risk_cleared = "脱贫监测户", False
        if home.watch_type:
            _watch(world, home)
    end_posts(world)
    employ(world)
    spend(world)


def _schooled(world: World, person: Person) -> None:
    """Pupils have a stage, who has left school an education (文化程度); from 16 there is a pension (养老保险)."""
    if at_school(person) or person.school_status == "学龄前儿童":
        person.education = ""
    elif not person.education:
        person.education = "高中" if world.age(person) >= 18 else "初中"
    if world.age(person) >= 16 and person.pension_insured is None:
        person.pension_insured = True


def _watch(world: World, home: Household) -> None:
    """Risk and measures after the facts; identified and, some, cleared long enough ago."""
    members = living(world, home)
    home.risk = _risk(members)
    home.help = dict(HELP[home.risk])
    if any(one.labour in ABLE for one in members):
        home.help["help_industry"] = "发展常年瓜菜种植"
    serial = int(home.household_id[-4:])
    if home.identified_on is None:
        home.identified_on = world.as_of - timedelta(days=60 + serial % 200)
        if home.registered and serial % 4 == 0:
            home.risk_cleared = True
            home.identified_on = world.as_of - timedelta(days=400 + serial % 30)
            home.cleared_on = world.as_of - timedelta(days=90)


def _risk(members: list[Person]) -> str:
    if any({"患有大病", "长期慢性病"} & set(one.health) for one in members):
        return "因病"
    if any(one.of(CERTIFICATES) for one in members):
        return "因残"
    return "因学" if any(at_school(one) for one in members) else "因灾"
