"""Plants of MED."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from fupin_cli.sample.bureau_health import (
    CHRONIC,
    CONTRACTS,
    FACILITIES,
    FOLLOWUPS,
    HOSPITALS,
    INPATIENT,
    INSURANCE,
    OUTPATIENT,
    QUARTERLY,
    SERIOUS,
    bill,
    insure,
    stay,
    visit,
)
from fupin_cli.sample.bureau_relief import DEATHS
from fupin_cli.sample.planter import G, Planter, S, T, adult
from fupin_cli.sample.school_terms import ended_quarters
from fupin_cli.sample.world import TEKUN, Person


def _insured(planter: Planter) -> Callable[[Person], bool]:
    """An adult insured once this year, as a resident, who is in no hospital's books."""

    def wanted(one: Person) -> bool:
        rows = one.of(INSURANCE)
        usual = len(rows) == 1 and rows[0]["year"] == planter.as_of.year and one.basic_insured is True
        return adult(planter)(one) and usual and not one.of(INPATIENT)

    return wanted


def not_insured(planter: Planter) -> None:
    person = planter.person(_insured(planter))
    if person is not None:
        planter.world.drop_all(person, INSURANCE)
        planter.expect("MED-01", person, S)
        planter.expect("MED-05", person, G)


def not_insured_and_known(planter: Planter) -> None:
    person = planter.person(_insured(planter))
    if person is not None:
        planter.world.drop_all(person, INSURANCE)
        person.basic_insured = False
        planter.expect("MED-01", person, S)
        planter.expect("REG-26", person, S)


def insured_last_year_only(planter: Planter) -> None:
    person = planter.person(_insured(planter))
    if person is not None:
        planter.record(person, INSURANCE)["year"] = planter.as_of.year - 1
        person.basic_insured = False
        planter.expect("MED-01", person, S)
        planter.expect("REG-26", person, S)


def insurance_stopped(planter: Planter) -> None:
    person = planter.person(_insured(planter))
    if person is not None:
        planter.record(person, INSURANCE)["status"] = "停保"
        planter.expect("MED-02", person, S)
        planter.expect("MED-05", person, G)


def without_serious_insurance(planter: Planter) -> None:
    person = planter.person(_insured(planter))
    if person is not None:
        planter.record(person, INSURANCE)["serious_insured"] = False
        planter.expect("MED-03", person, S)


def premium_not_covered(planter: Planter) -> None:
    person = planter.person(_insured(planter))
    if person is not None:
        planter.record(person, INSURANCE)["subsidy"] = 180
        planter.expect("MED-04", person, G)


def insured_but_denied(planter: Planter) -> None:
    person = planter.person(_insured(planter))
    if person is not None:
        person.basic_insured = False
        planter.expect("MED-05", person, G)
        planter.expect("REG-26", person, S)


def insured_twice(planter: Planter) -> None:
    person = planter.person(_insured(planter))
    if person is not None:
        none = {"premium": None, "subsidy": None, "serious_insured": None}
        insure(planter.world, person, planter.as_of.year, scheme="职工", **none)
        planter.expect("MED-06", person, G)


def not_contracted(planter: Planter) -> None:
    person = planter.person(lambda one: bool(one.of(CHRONIC)))
    if person is not None:
        planter.world.drop_all(person, CONTRACTS)
        planter.expect("MED-07", person, G)


def quarter_missed(planter: Planter) -> None:
    person = planter.person(lambda one: any(record["disease"] in QUARTERLY for record in one.of(CHRONIC)))
    quarters = ended_quarters(planter.as_of)
    if person is None or not quarters:
        return
    first, last = quarters[-1]
    for record in list(person.records[FOLLOWUPS]):
        if first <= record["served_on"] <= last:
            planter.world.drop(record)
    planter.expect("MED-08", person, G)


def year_missed(planter: Planter) -> None:
    """Other chronic diseases: a hint from October, a finding from December, before that nothing."""
    person = planter.person(lambda one: any(record["disease"] not in QUARTERLY for record in one.of(CHRONIC)))
    if person is not None:
        planter.world.drop_all(person, FOLLOWUPS)
        if planter.as_of.month >= 10:
            planter.expect("MED-09", person, G if planter.as_of.month == 12 else T)


def not_treated(planter: Planter) -> None:
    person = planter.person(lambda one: bool(one.of(SERIOUS)))
    if person is not None:
        planter.record(person, SERIOUS)["treated"] = False
        planter.expect("MED-10", person, S)


def stay_paid_too_little(planter: Planter) -> None:
    person = planter.person(_insured(planter))
    if person is not None:
        stay(planter.world, planter.roster, person, 60, total=20000.0, self_paid=5000.0)
        planter.expect("MED-11", person, G)


def stay_just_enough(planter: Planter) -> None:
    """No finding: exactly 90 %."""
    person = planter.person(_insured(planter))
    if person is not None:
        stay(planter.world, planter.roster, person, 60, total=20000.0, self_paid=2000.0)


def visits_paid_too_little(planter: Planter) -> None:
    def wanted(one: Person) -> bool:
        return bool(one.of(CHRONIC)) and not one.of(OUTPATIENT) and one.household.poverty_type != TEKUN

    person = planter.person(wanted)
    if person is not None:
        visit(planter.world, planter.roster, person, planter.record(person, CHRONIC)["disease"], 1000.0, 0.4)
        planter.expect("MED-12", person, G)


def tekun_pays(planter: Planter) -> None:
    person = planter.person(lambda one: one.household.poverty_type == TEKUN and not one.of(INPATIENT))
    if person is not None:
        stay(planter.world, planter.roster, person, 60, total=8000.0, self_paid=100.0)
        planter.expect("MED-13", person, G)


def paid_before_treatment(planter: Planter) -> None:
    person = planter.person(lambda one: bool(one.of(INPATIENT)) and not one.of(SERIOUS))
    if person is not None:
        planter.record(person, INPATIENT)["pay_after"] = False
        planter.expect("MED-14", person, G)


def town_without_clinic(planter: Planter) -> None:
    """Once: the town's only clinic fails, and so does the village it stands in."""
    clinics = [record for record in planter.world.records[FACILITIES] if record["level"] == "乡镇卫生院"]
    clinic = clinics[1]
    if clinic["standard"]:
        clinic["standard"] = False
        planter.expect("MED-15", clinic["town"], S)
        planter.expect("MED-16", f"{clinic['town']}{clinic['village']}", S)


def village_without_clinic(planter: Planter) -> None:
    rooms = [
        record for record in planter.world.records[FACILITIES] if record["level"] == "村卫生室" and record["standard"]
    ]
    inhabited = {(household.town, household.village) for household in planter.world.households}
    room = next((record for record in rooms if (record["town"], record["village"]) in inhabited), None)
    if room is not None:
        room["standard"] = False
        planter.expect("MED-16", f"{room['town']}{room['village']}", S)


def two_beds_at_once(planter: Planter) -> None:
    person = planter.person(_insured(planter))
    if person is not None:
        _stay_at(planter, person, HOSPITALS[0], planter.days_ago(60), 10)
        _stay_at(planter, person, HOSPITALS[1], planter.days_ago(55), 9)
        planter.expect("MED-17", person, S)


def transferred(planter: Planter) -> None:
    """No finding: out of one hospital and into the other on one day."""
    person = planter.person(_insured(planter))
    if person is not None:
        _stay_at(planter, person, HOSPITALS[0], planter.days_ago(60), 10)
        _stay_at(planter, person, HOSPITALS[1], planter.days_ago(50), 9)


def treated_after_death(planter: Planter) -> None:
    person = planter.person(_insured(planter))
    if person is not None:
        planter.world.add(DEATHS, person, died_on=planter.days_ago(100))
        _stay_at(planter, person, HOSPITALS[0], planter.days_ago(60), 6)
        planter.expect("REG-15", person, G)
        planter.expect("MED-17", person, S)
        planter.expect("CIV-05", person, S)


def _stay_at(planter: Planter, person: Person, hospital: str, admitted: date, days: int) -> None:
    planter.world.add(
        INPATIENT, person, admitted_on=admitted, discharged_on=admitted + timedelta(days=days), hospital=hospital,
        pay_after=True, one_stop=True, **bill(6000.0, 300.0),
    )  # fmt: skip


def ill_but_called_healthy(planter: Planter) -> None:
    person = planter.person(lambda one: bool(one.of(CHRONIC)) and one.health == ("长期慢性病",))
    if person is not None:
        person.health = ("健康",)
        planter.expect("MED-18", person, T)


def called_ill_but_unknown(planter: Planter) -> None:
    person = planter.person(lambda one: bool(one.of(CHRONIC)) and one.health == ("长期慢性病",))
    if person is not None:
        planter.world.drop_all(person, CHRONIC)
        planter.expect("MED-18", person, T)


def parts_do_not_add_up(planter: Planter) -> None:
    person = planter.person(lambda one: bool(one.of(INPATIENT)) and not one.of(SERIOUS))
    if person is not None:
        planter.record(person, INPATIENT)["basic_paid"] += 300
        planter.expect("MED-19", person.name, T)


PLANTS = (
    not_insured, not_insured_and_known, insured_last_year_only, insurance_stopped, without_serious_insurance,
    premium_not_covered, insured_but_denied, insured_twice, not_contracted, quarter_missed, year_missed, not_treated,
    stay_paid_too_little, stay_just_enough, visits_paid_too_little, tekun_pays, paid_before_treatment, town_without_clinic,
    village_without_clinic, two_beds_at_once, transferred, treated_after_death, ill_but_called_healthy,
    called_ill_but_unknown, parts_do_not_add_up,
)  # fmt: skip
