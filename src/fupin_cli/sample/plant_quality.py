"""Plants of REG-18 … REG-30: blanks, odd values and contradictions of the register."""

from __future__ import annotations

from collections.abc import Callable

from fupin_cli.sample.bureau_health import INPATIENT
from fupin_cli.sample.bureau_relief import ALLOWANCES, CERTIFICATES
from fupin_cli.sample.consequences import red_facts
from fupin_cli.sample.planter import G, Planter, T, adult, pupil
from fupin_cli.sample.world import PLAIN, Household, Person


def _plain_adult(planter: Planter) -> Callable[[Person], bool]:
    """Of working age and able, insured as a resident, without a post."""

    def wanted(one: Person) -> bool:
        return adult(planter)(one) and one.labour == "普通劳动力" and one.basic_insured is True and not one.public_post

    return wanted


def ethnicity_blank(planter: Planter) -> None:
    person = planter.person(_plain_adult(planter))
    if person is not None:
        person.ethnicity = ""
        planter.expect("REG-18", person, T)


def house_not_told(planter: Planter) -> None:
    home = planter.household(lambda home: home.unsafe_house is False)
    if home is not None:
        home.unsafe_house = None
        planter.expect("REG-18", home, G)


def child_without_labour_entry(planter: Planter) -> None:
    """No finding: nobody asks for a child's labour ability."""
    person = planter.person(pupil(planter, 7, 12))
    if person is not None:
        person.labour = ""


def works_fifteen_months(planter: Planter) -> None:
    person = planter.person(lambda one: _plain_adult(planter)(one) and bool(one.work_place))
    if person is not None:
        person.work_months = 15
        planter.expect("REG-19", person, T)


def far_too_much_land(planter: Planter) -> None:
    home = planter.household(lambda home: home.cropland is not None)
    if home is not None:
        home.cropland = 1200.0
        planter.expect("REG-19", home, T)


def ethnicity_abridged(planter: Planter) -> None:
    person = planter.person(_plain_adult(planter))
    if person is not None:
        person.ethnicity = "汉"
        planter.expect("REG-20", person, T)


def own_words_for_the_cause(planter: Planter) -> None:
    home = planter.household(lambda home: bool(home.main_cause))
    if home is not None:
        home.main_cause = "家里没有人手"
        planter.expect("REG-20", home, T)


def _phone(home: Household, phone: str) -> None:
    for person in home.members:
        person.phone = phone


def phone_too_short(planter: Planter) -> None:
    home = planter.household(lambda home: bool(home.head.phone))
    if home is not None:
        _phone(home, "138765")
        planter.expect("REG-21", home, T)


def phone_blank(planter: Planter) -> None:
    home = planter.household(lambda home: bool(home.head.phone))
    if home is not None:
        _phone(home, "")
        planter.expect("REG-21", home, T)


def one_phone_for_two_households(planter: Planter) -> None:
    first = planter.household(lambda home: bool(home.head.phone))
    second = planter.household(lambda home: bool(home.head.phone))
    if first is not None and second is not None:
        _phone(second, first.head.phone)
        planter.expect("REG-21", first, T)
        planter.expect("REG-21", second, T)


def schooling_untold(planter: Planter) -> None:
    person = planter.person(lambda one: _plain_adult(planter)(one) and one.school_status == "非在校生")
    if person is not None:
        person.education = ""
        planter.expect("REG-22", person, T)


def healthy_but_weak(planter: Planter) -> None:
    person = planter.person(lambda one: _plain_adult(planter)(one) and not one.work_place)
    if person is not None:
        person.labour = "弱劳动力或半劳动力"
        planter.expect("REG-23", person, T)


def old_but_able(planter: Planter) -> None:
    person = planter.person(lambda one: 62 <= planter.world.age(one) <= 69 and one.health == ("健康",))
    if person is not None:
        person.labour = "普通劳动力"
        planter.expect("REG-23", person, T)


def pupil_at_work(planter: Planter) -> None:
    person = planter.person(pupil(planter, 11, 13))
    if person is not None:
        person.work_place, person.work_months = "县外省内", 4
        planter.expect("REG-24", person, G)


def months_without_post(planter: Planter) -> None:
    person = planter.person(_plain_adult(planter))
    if person is not None:
        person.post_months = 3
        planter.expect("REG-25", person, G)


def post_far_away(planter: Planter) -> None:
    person = planter.person(lambda one: bool(one.public_post))
    if person is not None:
        person.work_place = "省外"
        planter.expect("REG-25", person, G)


def insured_in_both(planter: Planter) -> None:
    person = planter.person(_plain_adult(planter))
    if person is not None:
        person.employee_insured = True
        planter.expect("REG-26", person, G)


def nobody_able_and_not_supported(planter: Planter) -> None:
    def wanted(home: Household) -> bool:
        ages = [planter.world.age(one) for one in home.members]
        quiet = not red_facts(planter.world, home) and not any(one.of(INPATIENT) for one in home.members)
        return home.poverty_type == PLAIN and min(ages) >= 60 and quiet

    home = planter.household(wanted)
    if home is not None:
        for person in home.members:
            person.labour = "无劳动力"
        planter.expect("REG-28", home, G)


def ill_by_reason_healthy_by_entry(planter: Planter) -> None:
    person = planter.person(pupil(planter, 7, 13))
    if person is not None:
        person.dropout_reason = "因病"
        planter.expect("REG-29", person, T)


def disabled_without_certificate(planter: Planter) -> None:
    person = planter.person(lambda one: one.health == ("残疾",) and bool(one.of(CERTIFICATES)))
    if person is not None:
        planter.world.drop_all(person, CERTIFICATES, ALLOWANCES)
        planter.expect("REG-30", person, T)
        planter.expect("DIS-01", person, G)


PLANTS = (
    disabled_without_certificate, nobody_able_and_not_supported, old_but_able, post_far_away, ethnicity_blank, house_not_told,
    child_without_labour_entry, works_fifteen_months, far_too_much_land, ethnicity_abridged, own_words_for_the_cause,
    phone_too_short, phone_blank, one_phone_for_two_households, schooling_untold, healthy_but_weak, pupil_at_work,
    months_without_post, insured_in_both, ill_by_reason_healthy_by_entry,
)  # fmt: skip
