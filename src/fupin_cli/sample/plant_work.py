"""Plants of EMP, IND, FIN, FND, INF and VIL."""

from __future__ import annotations

from fupin_cli.sample.bureau_village import BOOKS, INFRASTRUCTURE
from fupin_cli.sample.bureau_work import AWARDS, LOANS, POSTS, PROJECTS, RANGER, STATUS, hold_post, lend
from fupin_cli.sample.households import ABLE
from fupin_cli.sample.planter import G, Planter, S, T
from fupin_cli.sample.world import Person, Record

WHOLE = "全区"


def nobody_works(planter: Planter) -> None:
    home = planter.household(lambda home: any(one.labour in ABLE for one in home.members))
    if home is not None:
        for person in home.members:
            planter.world.drop_all(person, STATUS)
        planter.expect("EMP-01", home, S)


def stranger_in_post(planter: Planter) -> None:
    stranger = planter.roster.stranger(30, 50)
    hold_post(planter.world, stranger, "村保洁员").tidy = True
    planter.expect("EMP-02", stranger.name, G)


def too_old_for_the_post(planter: Planter) -> None:
    person = planter.person(lambda one: 62 <= planter.world.age(one) <= 75)
    if person is not None:
        hold_post(planter.world, person, "村保洁员").tidy = True
        planter.expect("EMP-02", person.name, G)


def too_few_rangers(planter: Planter) -> None:
    rangers = [row for row in planter.world.records.get(POSTS, []) if row["post"] == RANGER]
    for row in rangers[21:]:
        planter.world.drop(row)
    planter.expect("EMP-03", WHOLE, G)


def _awarded(planter: Planter) -> Record | None:
    home = planter.household(lambda home: bool(home.head.of(AWARDS)))
    return home.head.of(AWARDS)[0] if home else None


def wrong_tier(planter: Planter) -> None:
    row = _awarded(planter)
    if row is not None and row.person is not None:
        row["award"] += 1000
        planter.expect("IND-01", row.person.household, G)


def not_awarded(planter: Planter) -> None:
    row = _awarded(planter)
    if row is not None and row.person is not None:
        planter.world.drop(row)
        planter.expect("IND-02", row.person.household, T)


def _borrower(planter: Planter) -> Person | None:
    home = planter.household(lambda home: not home.head.of(LOANS))
    return home.head if home else None


def _borrowed(planter: Planter, rule: str, severity: str, days_left: int, **changes: object) -> None:
    person = _borrower(planter)
    if person is not None:
        lend(planter.world, person, days_left).values.update(changes)
        planter.expect(rule, person.name if rule == "FIN-04" else person, severity)


def overdue(planter: Planter) -> None:
    _borrowed(planter, "FIN-01", S, -40, status="逾期")


def due_soon(planter: Planter) -> None:
    _borrowed(planter, "FIN-02", T, 20)


def renewed(planter: Planter) -> None:
    """No finding: overdue, but renewed."""
    person = _borrower(planter)
    if person is not None:
        lend(planter.world, person, -40)["status"] = "续贷"


def long_in_recourse(planter: Planter) -> None:
    _borrowed(planter, "FIN-03", S, -150, status="逾期", recourse_since=planter.days_ago(91))


def too_large(planter: Planter) -> None:
    _borrowed(planter, "FIN-04", G, 500, principal=80000)


def _project(planter: Planter, done: bool) -> Record | None:
    """A project that carries no other plant; ``None`` when they have run out."""
    rows = [row for row in planter.world.records[PROJECTS] if (row["finished_on"] is not None) is done]
    row = next((row for row in rows if row["project"] not in planter.used), None)
    if row is not None:
        planter.used.add(row["project"])
    return row


def spent_too_little(planter: Planter) -> None:
    if (planter.as_of.month, planter.as_of.day) > (3, 1) and (row := _project(planter, done=False)):
        row["paid"] = 0
        planter.expect("FND-01", row["project"], G)


def not_published(planter: Planter) -> None:
    if row := _project(planter, done=False):
        row["published"] = False
        planter.expect("FND-02", row["project"], G)


def not_finished(planter: Planter) -> None:
    if row := _project(planter, done=False):
        row["planned_finish"] = planter.days_ago(5)
        planter.expect("FND-03", row["project"], G)


def finished_not_accepted(planter: Planter) -> None:
    if row := _project(planter, done=True):
        row.values.update(finished_on=planter.days_ago(80), accepted_on=None)
        planter.expect("FND-03", row["project"], G)


def _natural_village(planter: Planter, rule: str, **changes: object) -> None:
    """A natural village that lacks nothing else, while there is one."""
    rows = planter.world.records[INFRASTRUCTURE]
    row = next((one for one in rows if one["hard_road"] and one["fibre"] and one["kva_per_household"] >= 2.1), None)
    if row is not None:
        row.values.update(changes)
        planter.expect(rule, f"{row['town']}{row['village']}", G)


def without_hard_road(planter: Planter) -> None:
    _natural_village(planter, "INF-01", hard_road=False)


def little_power(planter: Planter) -> None:
    _natural_village(planter, "INF-02", kva_per_household=1.6)


def without_fibre(planter: Planter) -> None:
    _natural_village(planter, "INF-03", fibre=False)


PLANTS = (
    nobody_works, stranger_in_post, too_old_for_the_post, too_few_rangers, wrong_tier, not_awarded, overdue, due_soon, renewed,
    long_in_recourse, too_large, spent_too_little, not_published, not_finished, finished_not_accepted, without_hard_road,
    little_power, without_fibre,
)  # fmt: skip


def book_of_dibao_wrong(planter: Planter) -> None:
    row = next(row for row in planter.world.records[BOOKS] if row["dibao_households"])
    row["dibao_households"] += 1
    row["dibao_persons"] += 1
    planter.expect("VIL-01", f"{row['town']}{row['village']}", G)


def many_poor_in_a_village_not_poor(planter: Planter) -> None:
    rows = [row for row in planter.world.records[BOOKS] if row["registered_households"] > 20]
    if rows:
        rows[-1]["poor_village"] = False
        planter.expect("VIL-02", f"{rows[-1]['town']}{rows[-1]['village']}", T)


# What is planted in the village books, once they are counted.
BOOK_PLANTS = (book_of_dibao_wrong, many_poor_in_a_village_not_poor)
