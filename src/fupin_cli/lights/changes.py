"""What changed between the lights of two days (变化)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fupin_cli.lights.model import GREEN, RED, YELLOW

WORSE, BETTER, NEW, GONE = "加重", "减轻", "新增", "不再在册"
_GRAVITY = {GREEN: 0, YELLOW: 1, RED: 2}


@dataclass(frozen=True)
class Change:
    """One household whose light differs. ``before``, ``after``: the lights, empty where it had none."""

    household_id: str
    head: str
    town: str
    village: str
    before: str
    after: str
    reasons: str

    @property
    def kind(self) -> str:
        if not self.before:
            return NEW
        if not self.after:
            return GONE
        return WORSE if _GRAVITY[self.after] > _GRAVITY[self.before] else BETTER


def changes_between(before: pl.DataFrame, after: pl.DataFrame) -> tuple[Change, ...]:
    """Households whose light differs, came or went, by town and village. Both frames as the ledger keeps lights."""
    old, new = _by_household(before), _by_household(after)
    changes = []
    for home in old.keys() | new.keys():
        was, is_ = old.get(home), new.get(home)
        lights = (str(was["light"]) if was else "", str(is_["light"]) if is_ else "")
        if lights[0] != lights[1]:
            shown = is_ or was or {}
            head, town, village, reasons = (str(shown[name]) for name in ("head", "town", "village", "reasons"))
            changes.append(Change(home, head, town, village, *lights, reasons))
    return tuple(sorted(changes, key=lambda one: (one.town, one.village, one.household_id)))


def _by_household(frame: pl.DataFrame) -> dict[str, dict[str, object]]:
    return {row["household_id"]: row for row in frame.iter_rows(named=True)}
