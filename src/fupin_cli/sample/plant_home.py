"""Plants of HSG and WAT."""

from __future__ import annotations

from fupin_cli.sample.bureau_home import (
    APPRAISALS,
    BY_HOUSE_TOWN,
    RENOVATIONS,
    WATER,
    WORKS,
    appraise,
    renovate,
)
from fupin_cli.sample.planter import G, Planter, S
from fupin_cli.sample.world import Household, Record

IDENTITY = ("name", "id_number", "town", "village", "phone")


def _sound(planter: Planter) -> Household | None:
    """A household whose house was appraised A or B and never renovated."""

    def wanted(home: Household) -> bool:
        rows = home.head.of(APPRAISALS)
        return len(rows) == 1 and rows[0]["grade"] in "AB" and not home.head.of(RENOVATIONS)

    return planter.household(wanted)


def _renovated(planter: Planter) -> Household | None:
    return planter.household(lambda home: len(home.head.of(RENOVATIONS)) == 1)


def _unsafe(planter: Planter, grade: str = "D") -> tuple[Household, Record] | None:
    """A sound household made unsafe, and known to be so by the register."""
    home = _sound(planter)
    if home is None:
        return None
    home.unsafe_house = True
    row = home.head.records[APPRAISALS][0]
    row["grade"] = grade
    return home, row


def _work(planter: Planter, home: Household, **changes: object) -> None:
    record = renovate(planter.world, planter.roster, home, "C", planter.as_of.year)
    record.values.update(changes)


def not_appraised(planter: Planter) -> None:
    home = _sound(planter)
    if home is not None:
        planter.world.drop_all(home.head, APPRAISALS)
        planter.expect("HSG-01", home, G)


def not_renovated(planter: Planter) -> None:
    found = _unsafe(planter)
    if found:
        planter.expect("HSG-02", found[0], S)


def not_renovated_and_hidden(planter: Planter) -> None:
    found = _unsafe(planter, "C")
    if found:
        found[0].unsafe_house = False
        planter.expect("HSG-02", found[0], S)
        planter.expect("HSG-06", found[0], G)


def lives_elsewhere(planter: Planter) -> None:
    """No finding: the house is unsafe, the family rents another."""
    found = _unsafe(planter)
    if found:
        found[1]["housing_kind"] = "租住"


def unfinished(planter: Planter) -> None:
    found = _unsafe(planter, "C")
    if found:
        _work(planter, found[0], started_on=planter.days_ago(200), finished_on=None, accepted_on=None)
        planter.expect("HSG-03", found[0], S)


def begun_lately(planter: Planter) -> None:
    """No finding: exactly 180 days."""
    found = _unsafe(planter, "C")
    if found:
        _work(planter, found[0], started_on=planter.days_ago(180), finished_on=None, accepted_on=None)


def not_accepted(planter: Planter) -> None:
    found = _unsafe(planter, "C")
    if found:
        _work(planter, found[0], started_on=planter.days_ago(150), finished_on=planter.days_ago(61), accepted_on=None)
        planter.expect("HSG-04", found[0], G)


def still_unsafe(planter: Planter) -> None:
    home = _renovated(planter)
    if home is not None:
        accepted = home.head.records[RENOVATIONS][0]["accepted_on"]
        later = min(planter.days_ago(9), accepted.replace(year=accepted.year + 1))
        appraise(planter.world, planter.roster, home, "C", later)
        planter.expect("HSG-05", home, S)


def sound_but_called_unsafe(planter: Planter) -> None:
    home = _sound(planter)
    if home is not None:
        home.unsafe_house = True
        planter.expect("HSG-06", home, G)


def renovated_twice(planter: Planter) -> None:
    home = _renovated(planter)
    if home is not None:
        first = home.head.records[RENOVATIONS][0]
        copied = {name: first[name] for name in first.values if name not in IDENTITY}
        planter.world.add(RENOVATIONS, home.head, **{**copied, "batch_year": planter.as_of.year})
        planter.expect("HSG-07", home, G)


def stranger_renovated(planter: Planter) -> None:
    stranger = planter.roster.stranger(35, 70)
    like = planter.world.records[RENOVATIONS][0]
    values = {
        name: like[name] for name in ("grade", "method", "batch_year", "started_on", "finished_on", "accepted_on")
    }
    record = planter.world.add(
        RENOVATIONS, stranger, target_type="一般农户", subsidy=12000, subsidy_paid=12000, **values
    )
    record.tidy = True
    planter.expect("HSG-08", stranger.name, G)


def subsidy_short(planter: Planter) -> None:
    home = _renovated(planter)
    if home is not None:
        home.head.records[RENOVATIONS][0]["subsidy_paid"] -= 3000
        planter.expect("HSG-09", home, G)


def _watered(planter: Planter) -> tuple[Household, Record] | None:
    """A household whose water is appraised by itself."""
    home = planter.household(lambda one: one.town == BY_HOUSE_TOWN and len(one.head.of(WATER)) == 1)
    return (home, home.head.records[WATER][0]) if home else None


def water_not_appraised(planter: Planter) -> None:
    found = _watered(planter)
    if found:
        planter.world.drop(found[1])
        planter.expect("WAT-01", found[0], G)


def water_bad(planter: Planter) -> None:
    found = _watered(planter)
    if found:
        found[0].safe_water = False
        found[1].values.update(quality="不达标", conclusion="不达标")
        planter.expect("WAT-02", found[0], S)


def water_scarce_but_passed(planter: Planter) -> None:
    found = _watered(planter)
    if found:
        found[1].values.update(quantity=15, conclusion="达标")
        planter.expect("WAT-02", found[0], S)
        planter.expect("WAT-03", found[0].head.name, G)


def water_at_the_limit(planter: Planter) -> None:
    """No finding: 20 litres, 20 minutes, 90 %."""
    found = _watered(planter)
    if found:
        found[1].values.update(quantity=20, convenience=20, reliability=90, conclusion="基本达标")


def water_good_but_denied(planter: Planter) -> None:
    found = _watered(planter)
    if found:
        found[0].safe_water = False
        planter.expect("WAT-04", found[0], G)


def _running(planter: Planter) -> Record | None:
    works = planter.world.records[WORKS]
    return next((one for one in works if one["status"] == "正常" and one["manager"]), None)


def works_stopped(planter: Planter) -> None:
    record = _running(planter)
    if record is not None:
        record["status"] = "停用"
        planter.expect("WAT-05", record["project"], G)


def works_neglected(planter: Planter) -> None:
    record = _running(planter)
    if record is not None:
        record["manager"] = None
        planter.expect("WAT-05", record["project"], G)


PLANTS = (
    not_appraised, not_renovated, not_renovated_and_hidden, lives_elsewhere, unfinished, begun_lately, not_accepted, still_unsafe,
    sound_but_called_unsafe, renovated_twice, stranger_renovated, subsidy_short, water_not_appraised, water_bad,
    water_scarce_but_passed, water_at_the_limit, water_good_but_denied, works_stopped, works_neglected,
)  # fmt: skip
