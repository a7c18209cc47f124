"""Plants of CIV and DIS."""

from __future__ import annotations

from fupin_cli.sample.bureau_health import INPATIENT, OUTPATIENT, stay
from fupin_cli.sample.bureau_relief import (
    ALLOWANCES,
    CARE,
    CERTIFICATES,
    DEATHS,
    DIBAO_LIST,
    LIVING,
    RELIEF,
    TEKUN_LIST,
    grant,
    support,
)
from fupin_cli.sample.planter import G, Planter, S, T, adult
from fupin_cli.sample.world import DIBAO, PLAIN, TEKUN, Household, Person


def _home(planter: Planter, poverty_type: str) -> Household | None:
    """A household of the type in which nobody was in hospital."""

    def wanted(home: Household) -> bool:
        bills = any(one.of(INPATIENT) or one.of(OUTPATIENT) for one in home.members)
        return home.poverty_type == poverty_type and not bills and home.exit_status == "已脱贫"

    return planter.household(wanted)


def dibao_not_listed(planter: Planter) -> None:
    home = _home(planter, DIBAO)
    if home is not None:
        for person in home.members:
            planter.world.drop_all(person, DIBAO_LIST)
        planter.expect("CIV-01", home, S)


def dibao_stopped(planter: Planter) -> None:
    home = _home(planter, DIBAO)
    if home is not None:
        for person in home.members:
            for record in person.of(DIBAO_LIST):
                record["status"] = "停发"
        planter.expect("CIV-01", home, S)


def dibao_unknown(planter: Planter) -> None:
    home = _home(planter, PLAIN)
    if home is not None:
        grant(planter.world, planter.roster, home.head, 1)
        planter.expect("CIV-02", home, G)


def tekun_not_listed(planter: Planter) -> None:
    def wanted(home: Household) -> bool:
        return home.poverty_type == TEKUN and not any(one.of(CERTIFICATES) for one in home.members)

    home = planter.household(wanted)
    if home is not None:
        for person in home.members:
            planter.world.drop_all(person, TEKUN_LIST)
        planter.expect("CIV-03", home, S)


def tekun_unknown(planter: Planter) -> None:
    home = _home(planter, PLAIN)
    if home is not None:
        support(planter.world, planter.roster, home.head)
        planter.expect("CIV-03", home, G)


def both_lists(planter: Planter) -> None:
    home = _home(planter, TEKUN)
    if home is not None:
        grant(planter.world, planter.roster, home.head, 1)
        planter.expect("CIV-04", home.head, G)


def dead_stranger_paid(planter: Planter) -> None:
    stranger = planter.roster.stranger(60, 85)
    grant(planter.world, planter.roster, stranger, 1).tidy = True
    planter.world.add(DEATHS, stranger, died_on=planter.days_ago(90)).tidy = True
    planter.expect("CIV-05", stranger.name, S)


def dead_stranger_within_grace(planter: Planter) -> None:
    """No finding: 30 days."""
    stranger = planter.roster.stranger(60, 85)
    grant(planter.world, planter.roster, stranger, 1).tidy = True
    planter.world.add(DEATHS, stranger, died_on=planter.days_ago(30)).tidy = True


def poor_without_dibao(planter: Planter) -> None:
    home = _home(planter, PLAIN)
    if home is not None:
        home.net_income = 5500.0
        planter.expect("CIV-06", home, S)


def not_verified(planter: Planter) -> None:
    """Just enough rows of one town to fall below 95 % there, but not in the whole district."""
    rows = [record for record in planter.world.records[DIBAO_LIST] if record["status"] == "在享"]
    town = planter.world.households[0].town
    own = [record for record in rows if record["town"] == town]
    if all(record["verified"] for record in own):
        for record in own[: len(own) // 20 + 1]:
            record["verified"] = False
        planter.expect("CIV-07", town, G)


def not_relieved(planter: Planter) -> None:
    def wanted(one: Person) -> bool:
        helped = any(member.of(RELIEF) for member in one.household.members)
        return adult(planter)(one) and not one.of(INPATIENT) and not helped

    person = planter.person(wanted)
    if person is not None:
        stay(planter.world, planter.roster, person, 60, total=200000.0, self_paid=12000.0)
        planter.expect("CIV-08", person.household, T)


def certified_but_called_healthy(planter: Planter) -> None:
    person = planter.person(lambda one: bool(one.of(CERTIFICATES)) and one.health == ("残疾",))
    if person is not None:
        person.health = ("健康",)
        planter.expect("DIS-01", person, G)
        if 16 <= planter.world.age(person) <= 59 and person.labour == "弱劳动力或半劳动力":
            planter.expect("REG-23", person, T)


def certificate_expired(planter: Planter) -> None:
    person = planter.person(lambda one: bool(one.of(CERTIFICATES)) and one.health == ("残疾",))
    if person is not None:
        planter.record(person, CERTIFICATES)["expires_on"] = planter.days_ago(1)
        planter.expect("DIS-01", person, G)


def _without(planter: Planter, allowance: str, rule: str, severity: str) -> None:
    def wanted(one: Person) -> bool:
        paid = any(record["allowance"] == allowance for record in one.of(ALLOWANCES))
        return bool(one.of(CERTIFICATES)) and paid and one.household.poverty_type != TEKUN

    person = planter.person(wanted)
    if person is not None:
        for record in list(person.of(ALLOWANCES)):
            if record["allowance"] == allowance:
                planter.world.drop(record)
        planter.expect(rule, person, severity)


def living_not_paid(planter: Planter) -> None:
    _without(planter, LIVING, "DIS-02", G)


def care_not_paid(planter: Planter) -> None:
    _without(planter, CARE, "DIS-03", S)


PLANTS = (
    dibao_not_listed, dibao_stopped, dibao_unknown, tekun_not_listed, tekun_unknown, both_lists, dead_stranger_paid,
    dead_stranger_within_grace, poor_without_dibao, not_verified, not_relieved, certified_but_called_healthy,
    certificate_expired, living_not_paid, care_not_paid,
)  # fmt: skip
