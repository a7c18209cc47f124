"""Plants of EDU."""

from __future__ import annotations

from fupin_cli.sample.bureau_relief import CERTIFICATES
from fupin_cli.sample.bureau_school import AID, EXEMPTIONS, ROLL, SPECIAL_ITEM, VOCATIONAL
from fupin_cli.sample.planter import G, Planter, S, T, pupil
from fupin_cli.sample.school_terms import current_term
from fupin_cli.sample.world import Person

GRACE_DAYS = 60


def _leave_school(planter: Planter, person: Person) -> None:
    planter.world.drop_all(person, ROLL, AID, VOCATIONAL)


def not_enrolled(planter: Planter) -> None:
    person = planter.person(pupil(planter, 7, 13))
    if person is not None:
        _leave_school(planter, person)
        planter.expect("EDU-01", person, S)


def watched_and_not_enrolled(planter: Planter) -> None:
    person = planter.person(pupil(planter, 7, 13), planter.world.watch_only)
    if person is not None:
        _leave_school(planter, person)
        planter.expect("EDU-01", person, S)


def fifteen_and_not_enrolled(planter: Planter) -> None:
    person = planter.person(pupil(planter, 15, 15))
    if person is not None:
        _leave_school(planter, person)
        planter.expect("EDU-01", person, T)


def studies_elsewhere(planter: Planter) -> None:
    """No finding: 外地就读."""
    person = planter.person(pupil(planter, 7, 13))
    if person is not None:
        _leave_school(planter, person)
        planter.world.add(EXEMPTIONS, person, category="外地就读", school="", reason="随父母在三亚就读")


def dropped_out(planter: Planter) -> None:
    person = planter.person(pupil(planter, 7, 13))
    if person is not None:
        planter.record(person, ROLL)["status"] = "辍学"
        planter.expect("EDU-02", person, S)


def suspended(planter: Planter) -> None:
    person = planter.person(pupil(planter, 7, 13))
    if person is not None:
        planter.record(person, ROLL)["status"] = "休学"
        planter.world.add(EXEMPTIONS, person, category="休学", school="", reason="因病")
        planter.expect("EDU-02", person, T)


def moved_away(planter: Planter) -> None:
    """No finding: 转出 with 外地就读."""
    person = planter.person(pupil(planter, 7, 13))
    if person is not None:
        planter.record(person, ROLL)["status"] = "转出"
        planter.world.add(EXEMPTIONS, person, category="外地就读", school="", reason="")


def _disabled_child(planter: Planter) -> Person | None:
    def wanted(one: Person) -> bool:
        milder = all(record["grade"] > 1 for record in one.of(CERTIFICATES))
        return 6 <= planter.world.school_age(one) <= 14 and bool(one.of(CERTIFICATES)) and milder

    return planter.person(wanted)


def exempt_without_teaching(planter: Planter) -> None:
    person = _disabled_child(planter)
    if person is not None:
        _leave_school(planter, person)
        planter.world.add(EXEMPTIONS, person, category="因残免学", school="", reason="肢体残疾")
        planter.expect("EDU-03", person, G)


def other_stage(planter: Planter) -> None:
    person = planter.person(pupil(planter, 6, 11))
    if person is not None:
        planter.record(person, ROLL)["stage"] = "初中"
        planter.expect("EDU-04", person, G)


def not_aided(planter: Planter) -> None:
    person = planter.person(pupil(planter, 6, 13))
    if person is not None:
        planter.world.drop_all(person, AID)
        if (planter.as_of - current_term(planter.as_of)[1]).days >= GRACE_DAYS:
            planter.expect("EDU-05", person, S)


def _aided(planter: Planter) -> Person | None:
    return planter.person(lambda one: pupil(planter, 6, 13)(one) and bool(one.of(AID)))


def aided_twice(planter: Planter) -> None:
    person = _aided(planter)
    if person is not None:
        latest = person.records[AID][-1]
        planter.world.add(
            AID, person, **{name: latest[name] for name in ("term", "item", "amount", "paid_on", "stage")}
        )
        planter.expect("EDU-06", person, G)


def aided_too_little(planter: Planter) -> None:
    person = _aided(planter)
    if person is not None:
        person.records[AID][-1]["amount"] -= 100
        planter.expect("EDU-07", person, G)


def stranger_aided_as_poor(planter: Planter) -> None:
    child = planter.roster.stranger(7, 13)
    term, began = current_term(planter.as_of)
    record = planter.world.add(AID, child, term=term, item=SPECIAL_ITEM, amount=1200, paid_on=began, stage="小学")
    record.tidy = True
    planter.expect("EDU-08", child.name, G)


def disabled_and_not_enrolled(planter: Planter) -> None:
    person = _disabled_child(planter)
    if person is not None:
        _leave_school(planter, person)
        planter.expect("EDU-09", person, S)


def vocational_not_aided(planter: Planter) -> None:
    person = planter.person(lambda one: bool(one.of(VOCATIONAL)))
    if person is not None:
        planter.world.drop_all(person, VOCATIONAL)
        planter.expect("EDU-10", person, G)


PLANTS = (
    not_enrolled, watched_and_not_enrolled, fifteen_and_not_enrolled, studies_elsewhere, dropped_out, suspended, moved_away,
    exempt_without_teaching, other_stage, not_aided, aided_twice, aided_too_little, stranger_aided_as_poor,
    disabled_and_not_enrolled, vocational_not_aided,
)  # fmt: skip
