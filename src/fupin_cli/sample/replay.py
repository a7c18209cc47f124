"""What a ledger (整改台账) must say after every month of an evolving district: told from the plan, month by month.

This is the truth the ledger is tested against, so it knows nothing of the ledger's or the rules' code.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from fupin_cli.sample.episodes import NEEDS
from fupin_cli.sample.planter import Finding

NEW, CONFIRMED, DISMISSED = "待核实", "属实·整改中", "不属实"
REPORTED, WAITING, CLOSED, RELAPSED = "已整改待复核", "待确认销号", "已销号", "反弹"
# Their texts in the problem list stay the same for as long as the problem does, so a dismissal holds.
STEADY = ("HSG-01", "HSG-06", "HSG-09", "WAT-04", "MED-04", "REG-04", "REG-06", "CIV-02")
# In these months the office confirms what has gone (销号): the two 回头看 and the year's end.
CLOSING_MONTHS = (6, 9, 12)
Key = tuple[str, str]


@dataclass(frozen=True)
class Month:
    """One month as planned: what there is to find, the kinds that did not arrive, the towns some kinds left out.

    ``emptied``: (kind, town) of which a list has no row any more; whether somebody forgot them, nobody can tell.
    """

    as_of: date
    findings: frozenset[Finding]
    towns: Mapping[Key, str]
    missing: tuple[str, ...] = ()
    partial: Mapping[str, str] = field(default_factory=dict)
    emptied: frozenset[tuple[str, str]] = frozenset()

    def checked(self, rule: str, town: str) -> bool:
        """Whether a finding of the rule in that town would have come up."""
        needs = NEEDS.get(rule, ())
        return not any(
            kind in self.missing or self.partial.get(kind) == town or (kind, town) in self.emptied for kind in needs
        )

    def fired(self) -> set[Finding]:
        """What a comparison of the month's exports finds."""
        return {one for one in self.findings if self.checked(one[0], self.towns.get(one[:2], ""))}


@dataclass
class Life:
    """Where a problem stands; ``left`` is the state it had before it was no longer found."""

    state: str = NEW
    times_seen: int = 0
    relapses: int = 0
    town: str = ""
    left: str = NEW
    until: date | None = None
    habit: str = ""


@dataclass(frozen=True)
class Step:
    """The truth of one month: what people said after the comparison, and the ledger after that."""

    feedback: tuple[dict[str, Any], ...]
    ledger: tuple[tuple[str, str, str, int, int], ...]

    @property
    def counts(self) -> dict[str, int]:
        return dict(sorted(Counter(row[2] for row in self.ledger).items()))


def replay(months: Sequence[Month], rng: random.Random) -> list[Step]:
    """One :class:`Step` a month."""
    lives: dict[Key, Life] = {}
    steps = []
    for place, month in enumerate(months):
        fired = {finding[:2] for finding in month.fired()}
        after = {finding[:2] for finding in months[place + 1].fired()} if place + 1 < len(months) else fired
        for key in sorted(fired - lives.keys()):
            habits = ["reports", "reports", "reports", "silent", "silent", "none"] + ["dismisses"] * 2 * (
                key[0] in STEADY
            )
            lives[key] = Life(habit=rng.choice(habits))
        for key, life in sorted(lives.items()):
            if key in fired:
                life.town = month.towns.get(key, "")
                _seen(life, month.as_of)
            elif month.checked(key[0], life.town):
                _gone(life)
        feedback = [
            {"rule": key[0], "who": key[1], "state": said[0], "fields": said[1]}
            for key, life in sorted(lives.items())
            if (said := _said(key, life, month.as_of, key in fired, key in after))
        ]
        rows = ((*key, life.state, life.times_seen, life.relapses) for key, life in sorted(lives.items()))
        steps.append(Step(tuple(feedback), tuple(rows)))
    return steps


def _seen(life: Life, as_of: date) -> None:
    life.times_seen += 1
    if life.state == CLOSED:
        life.state = RELAPSED
        life.relapses += 1
    elif life.state == WAITING:
        life.state = life.left
    elif life.state == DISMISSED and life.until is not None and as_of > life.until:
        life.state = NEW


def _gone(life: Life) -> None:
    if life.state == REPORTED:
        life.state = CLOSED
    elif life.state in (NEW, CONFIRMED, RELAPSED):
        life.left, life.state = life.state, WAITING


def _said(key: Key, life: Life, as_of: date, here: bool, here_next: bool) -> tuple[str, dict[str, str]] | None:
    """What the unit (or, for closing, the office) says of a problem after the month's comparison."""
    if life.state == WAITING and as_of.month in CLOSING_MONTHS:
        life.state = CLOSED
        return CLOSED, {"close_evidence": "数据比对已消除，现场核查属实", "approver": "符主任"}
    if not here or life.habit == "none":
        return None
    if life.habit == "reports" and life.state in (NEW, CONFIRMED, RELAPSED) and not here_next:
        life.state = REPORTED
        return REPORTED, {"measure": "已更正并补办", "done_on": as_of.isoformat()}
    if life.state not in (NEW, RELAPSED):
        return None
    if life.habit == "dismisses":
        life.state, life.until = DISMISSED, as_of + timedelta(days=75)
        said = {"dismiss_reason": "经核实与事实不符", "dismiss_evidence": f"入户核查表{key[0]}"}
        return DISMISSED, {**said, "dismissed_until": life.until.isoformat()}
    life.state = CONFIRMED
    due = as_of + timedelta(days=45)
    said = {"leader": "王局长", "person_in_charge": "陈工", "measure": "核实后限期整改", "due_on": due.isoformat()}
    return CONFIRMED, said
