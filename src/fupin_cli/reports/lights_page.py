"""三色灯.html: a card a yellow or red household, by village; one file, no network, prints on A4."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from fupin_cli.lights.model import GREEN, LIGHTS, RED, YELLOW, HouseholdLight, LightRun
from fupin_cli.own import OUTPUT
from fupin_cli.policy import Policy
from fupin_cli.reports.files import write_bytes
from fupin_cli.reports.lights_counts import table_in_words
from fupin_cli.reports.wording import NO_TOWN, NO_VILLAGE, chinese_date, one_line

PAGE = "三色灯.html"
STYLES = {RED: "r", YELLOW: "y", GREEN: "g"}


def write_lights_page(path: Path, run: LightRun, district: str, policy: Policy) -> None:
    """Write the page to ``path``."""
    source = files("fupin_cli").joinpath("reports/assets/lights.html.j2").read_text(encoding="utf-8")
    # Escaped, since names and reasons come from other people's files.
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    text = environment.from_string(source).render(
        mark=OUTPUT, district=one_line(district), as_of=chinese_date(run.as_of), total=len(run.lights), gaps=run.gaps, how=table_in_words(policy),
        tiles=_tiles(run), lamps=[{"css": STYLES[light], "name": light} for light in (RED, YELLOW)], towns=_towns(run.lights),
    )  # fmt: skip
    write_bytes(path, text.encode("utf-8"))


def _tiles(run: LightRun) -> list[dict[str, str]]:
    total = max(1, len(run.lights))
    tiles = [
        {"css": STYLES[light], "name": light, "count": f"{run.count(light)}户", "share": f"{100 * run.count(light) / total:.1f}%"}
        for light in LIGHTS
    ]  # fmt: skip
    due = sum(bool(one.due) for one in run.lights)
    return [*tiles, {"css": "", "name": "待办", "count": f"{due}户", "share": "缺措施、缺日期或跟踪逾期"}]


def _towns(lights: Sequence[HouseholdLight]) -> list[dict[str, Any]]:
    return [
        {"name": town or NO_TOWN, "counts": _counts(rows), "villages": _villages(rows)}
        for town, group in groupby(lights, key=lambda one: one.household.town)
        for rows in [list(group)]
    ]


def _villages(lights: Sequence[HouseholdLight]) -> list[dict[str, Any]]:
    return [
        {
            "name": village or NO_VILLAGE,
            "counts": _counts(rows),
            "cards": [_card(one) for one in rows if one.light != GREEN],
            "green": [one_line(one.household.head) or one.household.household_id for one in rows if one.light == GREEN],
        }
        for village, group in groupby(lights, key=lambda one: one.household.village)
        for rows in [list(group)]
    ]


def _counts(lights: Sequence[HouseholdLight]) -> str:
    return "　".join(f"{light}{sum(one.light == light for one in lights)}户" for light in LIGHTS)


def _card(one: HouseholdLight) -> dict[str, Any]:
    home, care = one.household, one.care
    reasons = [one_line(str(reason)) for reason in one.reasons]
    if one.override:
        until = one.override.until.isoformat()
        reasons.insert(0, one_line(f"人工调整（原为{one.computed}）：{one.override.reason}，至{until}"))
    return {
        "css": STYLES[one.light], "light": one.light, "head": one_line(home.head) or "（缺户主）", "persons": home.persons,
        "watched": home.watched, "household_id": one_line(home.household_id), "reasons": reasons, "due": one.due,
        "measure": one_line(care.measure), "person": one_line(care.person),
        "follow_up": care.follow_up_on.isoformat() if care.follow_up_on else "",
    }  # fmt: skip
