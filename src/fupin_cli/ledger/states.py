"""States of a finding (问题状态) and every transition that is allowed: by people, and by a run of comparison."""

from __future__ import annotations

NEW, CONFIRMED, DISMISSED = "待核实", "属实·整改中", "不属实"
REPORTED, WAITING, UNSEEN, CLOSED, RELAPSED = "已整改待复核", "待确认销号", "证据不在", "已销号", "反弹"
STATES = (NEW, CONFIRMED, DISMISSED, REPORTED, WAITING, UNSEEN, CLOSED, RELAPSED)
WITHDRAWN = "已撤回"  # raised by a run that was taken back: kept for its history, in no list and no count
STANDING = "withdrawn = ''"  # of runs: not taken back
# Still to be dealt with (未销号).
OPEN = (NEW, CONFIRMED, REPORTED, WAITING, UNSEEN, RELAPSED)
# Still to be done by the unit: overdue (超期) when its date has passed.
UNFINISHED = (NEW, CONFIRMED, RELAPSED)

# What people may do; a closed finding is only reopened by taking the closing back (撤销销号).
BY_PEOPLE = {
    NEW: (CONFIRMED, DISMISSED, REPORTED),
    CONFIRMED: (DISMISSED, REPORTED, CLOSED),
    DISMISSED: (NEW, CONFIRMED, REPORTED),
    REPORTED: (CONFIRMED, DISMISSED, CLOSED),
    WAITING: (NEW, CONFIRMED, DISMISSED, REPORTED, CLOSED),
    UNSEEN: (NEW, CONFIRMED, DISMISSED, REPORTED, CLOSED),
    CLOSED: (),
    RELAPSED: (CONFIRMED, DISMISSED, REPORTED, CLOSED),
}

# What a run does to a finding that it looked for and saw to be right (数据已消除); other states stay.
WHEN_CLEARED = {NEW: WAITING, CONFIRMED: WAITING, RELAPSED: WAITING, REPORTED: CLOSED}
# A finding that fires no more while nobody can see whether it is right becomes UNSEEN and remembers where it was.
LOSES_SIGHT = (NEW, CONFIRMED, REPORTED, RELAPSED)
# A finding that fires again: CLOSED → RELAPSED, WAITING and UNSEEN → where it was, DISMISSED → NEW when its facts or term are no
# longer those it was dismissed with; other states stay (持续).


def moved(state: str, wanted: str) -> dict[str, str]:
    """The columns that change when people want another state.

    A unit's report (已整改) on a finding the data no longer show closes it. What a unit says of a finding nobody can see
    (证据不在) does not show it to anybody: it stays where it is, and returns to what was said.
    """
    if state == UNSEEN and wanted in (CONFIRMED, REPORTED):
        return {"state_before": wanted}
    return {"state": CLOSED if (state, wanted) == (WAITING, REPORTED) else wanted}


def worked_on_as(state: str, state_before: str) -> str:
    """The state in which units have a finding to deal with: of 证据不在 the one before."""
    return (state_before or NEW) if state == UNSEEN else state


def is_late(state: str, state_before: str, due_on: str, as_of: str) -> bool:
    """Whether the unit's date (完成时限) has passed and nothing was reported (超期); ISO dates.

    A row that is lost lifts no date.
    """
    return worked_on_as(state, state_before) in UNFINISHED and "" < due_on < as_of


def next_step(state: str, wanted: str) -> str:
    """What to do instead, where people may not change a finding from ``state`` to ``wanted``."""
    if wanted not in (NEW, CONFIRMED, DISMISSED, REPORTED, CLOSED):
        return "这个状态由比对得出，不能填报"
    if state == CLOSED:
        return "先用 fupin ledger close 编号 --undo 撤销销号"
    if wanted == CLOSED and state == NEW:
        return "先由单位核实：用 fupin dispatch 下发，单位填好后用 fupin ledger import 收回"
    if wanted == CLOSED:
        return "不属实的问题不用销号；认定错了的，由单位在下发表中改填“属实”，再用 fupin ledger import 收回"
    return "单位已经核实过；认定错了的，由单位在下发表中改填“不属实”，再用 fupin ledger import 收回"
