"""What a household's facts lead to whatever was planted: REG-27, REG-28 and MON-08, told from the district itself."""

from __future__ import annotations

from fupin_cli.policy import load_policy
from fupin_cli.sample.bureau_health import INPATIENT, OUTPATIENT, SERIOUS
from fupin_cli.sample.bureau_relief import CERTIFICATES, DEATHS
from fupin_cli.sample.planter import Finding, G, S
from fupin_cli.sample.world import PLAIN, STAGE_OF_STATUS, Household, Person, World

WATCH_LINE, BURDEN = load_policy()["watch_line"], load_policy()["medical_burden"]


def consequences(world: World) -> set[Finding]:
    """Households of the register that should be supported (兜底) or on the watchlist (监测名单) and are not."""
    found: set[Finding] = set()
    for home in world.households:
        if not living(world, home):
            continue
        facts = red_facts(world, home)
        if home.poverty_type == PLAIN and "无劳动力" in facts:
            found.add(("REG-28", home.household_id, G))
        if home.watch_type:
            continue
        if _not_guaranteed(world, home):
            found.add(("REG-27", home.household_id, S))
        if len(facts) >= 2:
            found.add(("MON-08", home.household_id, S))
    return found


def living(world: World, home: Household) -> list[Person]:
    """Members not on the list of the dead."""
    return [one for one in home.members if not any(died["died_on"] <= world.as_of for died in one.of(DEATHS))]


def _not_guaranteed(world: World, home: Household) -> bool:
    members = living(world, home)
    pupils = [one for one in members if 6 <= world.school_age(one) <= 14]
    out = any(one.school_status == "非在校生" or (one.dropout_reason and not at_school(one)) for one in pupils)
    uninsured = any(one.basic_insured is False and one.employee_insured is False for one in members)
    return home.unsafe_house is True or home.safe_water is False or out or uninsured


def at_school(person: Person) -> bool:
    return person.school_status in STAGE_OF_STATUS


def red_facts(world: World, home: Household) -> set[str]:
    """The facts of which two make a red light (红灯)."""
    members = living(world, home)
    facts = set()
    if any("患有大病" in one.health or one.of(SERIOUS) or _severe(world, one) for one in members):
        facts.add("大病重残")
    if all(one.labour in ("无劳动力", "丧失劳动力") for one in members):
        facts.add("无劳动力")
    income = home.net_income
    if income is not None and _self_paid(world, members) > BURDEN * income * len(members) + 0.005:
        facts.add("医疗负担")
    if income is not None and income < WATCH_LINE:
        facts.add("收入低")
    return facts


def _severe(world: World, person: Person) -> bool:
    return any(row["grade"] <= 2 and row["expires_on"] >= world.as_of for row in person.of(CERTIFICATES))


def _self_paid(world: World, members: list[Person]) -> float:
    year = world.as_of.year
    stays = [row for one in members for row in one.of(INPATIENT) if row["admitted_on"].year == year]
    visits = [row for one in members for row in one.of(OUTPATIENT) if row["visited_on"].year == year]
    return sum(float(row["self_paid"]) for row in (*stays, *visits))
