"""How two ID numbers stand to each other (证件号差异)."""

from __future__ import annotations

from fupin_cli.linkage.names import one_edit

EQUAL, CHECK, LOST, ONE, SWAP, LENGTH = "equal", "check", "lost", "one", "swap", "length"
MASKED, MASKED_FEW = "masked", "masked_few"
TWO, DAMAGED, ABSENT, APART = "two", "damaged", "absent", "apart"

# Statuses of a number that passed its check digit; an upgraded 15-digit one had none to pass.
CHECKED = frozenset({"valid", "repaired", "disability20"})
# Statuses of a cell that holds no resident ID number to compare.
NOTHING = frozenset({"missing", "other"})
ENOUGH_VISIBLE, SOME_VISIBLE = 14, 8


def number_relation(left: str | None, left_status: str, right: str | None, right_status: str) -> str:
    """``equal`` (both fail their check); ``check`` (only the check character differs); ``lost`` (a spreadsheet kept 15
    digits, they agree); ``one`` digit wrong; two neighbours in ``swap``; ``length``: a digit missing or too many;
    ``masked`` and agreeing where visible (``masked_few``: fewer than 14 digits); ``two`` digits wrong; ``damaged``: one of
    them fails its check and says nothing; ``absent``: nothing to compare; ``apart``: the numbers of two people.
    """
    statuses = {left_status, right_status}
    if not left or not right or statuses & NOTHING:
        return ABSENT
    if "malformed" in statuses:
        return LENGTH if len(left) + len(right) in (35, 37) and one_edit(left, right) else ABSENT
    if len(left) != 18 or len(right) != 18:
        return ABSENT
    if "masked" in statuses:
        return _masked(left, right)
    if left == right:
        return EQUAL
    if "precision_lost" in statuses or any(rounded(number) for number in (left, right)):
        return LOST if left[:15] == right[:15] else APART
    return APART if statuses <= CHECKED else _complete(left, right, statuses)


def rounded(number: str) -> bool:
    """Whether a spreadsheet may have put zeros for the last three characters: one such number in eleven passes its check."""
    return number.endswith("000")


def _masked(left: str, right: str) -> str:
    visible = [(a, b) for a, b in zip(left, right, strict=True) if "*" not in (a, b)]
    if any(a != b for a, b in visible):
        return APART
    if len(visible) >= ENOUGH_VISIBLE:
        return MASKED
    return MASKED_FEW if len(visible) >= SOME_VISIBLE else ABSENT


def _complete(left: str, right: str, statuses: set[str]) -> str:
    # An old number's check character was computed from its digits: a wrong digit makes a wrong check character.
    length = 17 if "upgraded15" in statuses else 18
    apart = [place for place in range(length) if left[place] != right[place]]
    if not apart:
        return EQUAL  # but for a check character nobody wrote
    if len(apart) == 1:
        return CHECK if apart[0] == 17 else ONE
    if len(apart) == 2:
        first, second = apart
        swapped = left[first] == right[second] and left[second] == right[first]
        return SWAP if second == first + 1 and swapped else TWO
    return APART if "upgraded15" in statuses else DAMAGED
