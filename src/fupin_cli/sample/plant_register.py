"""Plants of IDN and REG."""

from __future__ import annotations

from fupin_cli.sample.bureau_health import INSURANCE
from fupin_cli.sample.bureau_relief import CERTIFICATES, DEATHS, relieve
from fupin_cli.sample.bureau_school import ROLL, enrol
from fupin_cli.sample.bureau_work import STATUS
from fupin_cli.sample.consequences import at_school
from fupin_cli.sample.people import is_valid_id
from fupin_cli.sample.planter import G, Planter, S, T, adult, pupil
from fupin_cli.sample.world import DIBAO, TEKUN, Person

HOMOPHONES = {
    "明": "铭",
    "伟": "玮",
    "芳": "方",
    "玉": "钰",
    "英": "瑛",
    "丽": "莉",
    "秀": "绣",
    "华": "桦",
    "国": "帼",
    "平": "萍",
    "文": "雯",
    "志": "智",
}
FEW = {INSURANCE}


def _only_insured(person: Person) -> bool:
    """Known to the insurance bureau alone, once."""
    kinds = {kind for kind, records in person.records.items() if records}
    return kinds == FEW and len(person.records[INSURANCE]) == 1 and person.basic_insured is True


def other_number(planter: Planter) -> None:
    """Not one that ends in 000: it would look cut by a spreadsheet."""
    person = planter.person(lambda one: adult(planter)(one) and not one.id_number.endswith("000"))
    if person is None:
        return
    wrong = next(number for number in _one_digit_off(person.id_number) if not is_valid_id(number))
    planter.record(person, INSURANCE)["id_number"] = wrong
    planter.expect("IDN-01", person, G)


def _one_digit_off(number: str) -> list[str]:
    digits = [str((int(number[14]) + step) % 10) for step in range(1, 10)]
    return [number[:14] + digit + number[15:] for digit in digits]


def other_name(planter: Planter) -> None:
    person = planter.person(adult(planter))
    if person is not None:
        planter.record(person, INSURANCE)["name"] = "欧阳" + person.name[1:] + "子"
        planter.expect("IDN-02", person, G)


def homophone_name(planter: Planter) -> None:
    person = planter.person(lambda one: adult(planter)(one) and one.name[-1] in HOMOPHONES)
    if person is not None:
        planter.record(person, INSURANCE)["name"] = person.name[:-1] + HOMOPHONES[person.name[-1]]
        planter.expect("IDN-02", person, T)


def unknown_poor_pupil(planter: Planter) -> None:
    child = planter.roster.stranger(7, 13)
    enrol(planter.world, planter.roster, child, "小学", poor=True).tidy = True
    planter.expect("IDN-03", child.name, G)


def enrolled_twice(planter: Planter) -> None:
    person = planter.person(pupil(planter, 6, 11))
    if person is not None:
        enrol(planter.world, planter.roster, person, "小学", poor=True)
        planter.expect("IDN-04", person, T)


def record_without_number(planter: Planter) -> None:
    person = planter.person(adult(planter))
    if person is not None:
        record = relieve(planter.world, planter.roster, person)
        record["id_number"] = record["phone"] = None
        record.review = True
        planter.expect("IDN-05", person.name, T)


def number_missing(planter: Planter) -> None:
    person = planter.person(lambda one: adult(planter)(one) and _only_insured(one))
    if person is not None:
        person.registered_id = ""
        planter.expect("REG-01", person, G)


def number_too_short(planter: Planter) -> None:
    person = planter.person(lambda one: adult(planter)(one) and _only_insured(one))
    if person is not None:
        person.registered_id = person.id_number[:16]
        planter.expect("REG-01", person, G)


def wrong_check_character(planter: Planter) -> None:
    person = planter.person(adult(planter))
    if person is not None:
        last = "1" if person.id_number[-1] != "1" else "2"
        person.registered_id = person.id_number[:-1] + last
        planter.expect("REG-02", person, G)
        planter.expect("IDN-01", person, G)


def one_number_for_two(planter: Planter) -> None:
    def wanted(one: Person) -> bool:
        return adult(planter, low=30, high=50)(one) and one.relation == "配偶" and _only_insured(one)

    first, second = planter.person(wanted), planter.person(wanted)
    if first is not None and second is not None:
        second.registered_id = first.id_number
        planter.record(second, INSURANCE)["id_number"] = first.id_number
        planter.expect("REG-03", first, S)
        planter.expect("REG-03", second, S)


def other_sex(planter: Planter) -> None:
    household = planter.household(lambda home: all(one.relation != "配偶" for one in home.members))
    if household is not None:
        household.head.sex = "女" if household.head.sex == "男" else "男"
        planter.expect("REG-04", household.head, T)


def without_head(planter: Planter) -> None:
    household = planter.household(lambda home: len(home.members) >= 2)
    if household is not None:
        household.head.relation = "其他"
        planter.expect("REG-05", household, G)


def two_heads(planter: Planter) -> None:
    person = planter.person(lambda one: one.relation == "配偶")
    if person is not None:
        person.relation = "户主"
        planter.expect("REG-05", person.household, G)


def other_size(planter: Planter) -> None:
    household = planter.household(lambda home: home.size is not None)
    if household is not None and household.size is not None:
        household.size += 1
        planter.expect("REG-06", household, G)


def relation_against_sex(planter: Planter) -> None:
    person = planter.person(lambda one: one.relation == "之子")
    if person is not None:
        person.relation = "之女"
        planter.expect("REG-07", person, T)


def relation_against_age(planter: Planter) -> None:
    person = planter.person(lambda one: one.relation == "配偶" and one.sex == "女")
    if person is not None:
        person.relation = "之女"
        planter.expect("REG-08", person, T)


def pupil_too_old(planter: Planter) -> None:
    person = planter.person(adult(planter, low=30))
    if person is not None:
        person.school_status = "小学"
        person.work_place, person.work_months = "", None
        person.education = ""
        planter.expect("REG-09", person, G)


def too_young_for_education(planter: Planter) -> None:
    person = planter.person(lambda one: planter.world.age(one) in (8, 9, 10))
    if person is not None:
        person.education = "初中"
        planter.expect("REG-10", person, G)
        planter.expect("REG-22", person, T)


def too_young_for_labour(planter: Planter) -> None:
    person = planter.person(pupil(planter, 7, 13))
    if person is not None:
        person.labour = "普通劳动力"
        planter.expect("REG-11", person, G)


def disabled_but_able(planter: Planter) -> None:
    def wanted(one: Person) -> bool:
        severe = any(record["grade"] <= 2 for record in one.of(CERTIFICATES))
        return severe and 20 <= planter.world.age(one) <= 59

    person = planter.person(wanted)
    if person is not None:
        person.labour = "普通劳动力"
        planter.expect("REG-12", person, T)
        planter.expect("REG-30", person, T)
        at_work = any(row["employed"] for one in person.household.members for row in one.of(STATUS))
        if not at_work and not at_school(person):
            planter.expect("EMP-01", person.household, S)


def poor_after_exit(planter: Planter) -> None:
    for income, severity in ((3500.0, S), (4500.0, G)):
        household = planter.household(lambda home: home.poverty_type == DIBAO and home.exit_status == "已脱贫")
        if household is not None:
            household.net_income = income
            planter.expect("REG-13", household, severity)


def conflicting_types(planter: Planter) -> None:
    def wanted(one: Person) -> bool:
        return one.household.poverty_type == DIBAO and one.relation != "户主" and not one.work_months

    person = planter.person(wanted)
    if person is not None:
        person.poverty_type = TEKUN
        planter.expect("REG-14", person.household, G)


def died_recently(planter: Planter) -> None:
    person = planter.person(adult(planter, high=90))
    if person is not None:
        planter.world.add(DEATHS, person, died_on=planter.days_ago(20))
        planter.expect("REG-15", person, G)


def schooling_blank(planter: Planter) -> None:
    person = planter.person(pupil(planter, 7, 13))
    if person is not None:
        person.school_status = ""
        planter.expect("REG-17", person, T)
        planter.expect("REG-18", person, G)
        planter.expect("REG-22", person, T)


def schooling_denied(planter: Planter) -> None:
    person = planter.person(lambda one: pupil(planter, 7, 13)(one) and bool(one.of(ROLL)))
    if person is not None:
        person.school_status = "非在校生"
        planter.expect("REG-17", person, T)
        planter.expect("REG-22", person, T)
        planter.expect("EDU-04", person, G)


PLANTS = (
    other_number, other_name, homophone_name, unknown_poor_pupil, enrolled_twice, record_without_number, number_missing,
    number_too_short, wrong_check_character, one_number_for_two, other_sex, without_head, two_heads, other_size,
    relation_against_sex, relation_against_age, pupil_too_old, too_young_for_education, too_young_for_labour,
    disabled_but_able, poor_after_exit, conflicting_types, died_recently, schooling_blank, schooling_denied,
)  # fmt: skip
