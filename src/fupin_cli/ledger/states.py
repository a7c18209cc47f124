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
# Known to be true (属实), and of those mended (已整改).
TRUE = (CONFIRMED, REPORTED, CLOSED, RELAPSED)
MENDED = (REPORTED, WAITING, CLOSED)

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


def target_of(state: str, wanted: str) -> str:
    """The state people's ``wanted`` leads to: a unit's report (已整改) on a finding the data no longer show closes it."""
    return CLOSED if (state, wanted) == (WAITING, REPORTED) else wanted


def is_late(state: str, due_on: str, as_of: str) -> bool:
    """Whether the unit's date (完成时限) has passed and nothing was reported (超期); ISO dates."""
    return state in UNFINISHED and "" < due_on < as_of
