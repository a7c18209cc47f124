"""``fupin sample``: a folder of exports with the truth of what is wrong in them."""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from fupin_cli.errors import FupinError
from fupin_cli.sample.bureau_village import BOOKS, fill_books
from fupin_cli.sample.exports import (
    Line,
    Written,
    household_lines,
    record_lines,
    register_lines,
    watch_lines,
    write_layout,
)
from fupin_cli.sample.layouts import LAYOUTS, Layout
from fupin_cli.sample.mess import Mess
from fupin_cli.sample.planter import Finding
from fupin_cli.sample.plants import planted
from fupin_cli.sample.world import World

SHARES = {"none": 0.0, "usual": 0.08, "heavy": 0.4}
NOTE = "2020年各部门数据报送说明\n请各单位于每月底前报送，联系人：区扶贫办。\n"


@dataclass(frozen=True)
class Truth:
    """``findings``: (rule, who, severity); ``loaded``, ``quarantined``: rows of ``file!sheet``; ``links``: ``file!sheet`` →
    row → person number, for every row that is about a registered or watched person."""

    findings: tuple[Finding, ...]
    loaded: dict[str, int]
    quarantined: dict[str, int]
    links: dict[str, dict[int, str]]

    def to_json(self) -> str:
        document: dict[str, Any] = {
            "findings": [list(finding) for finding in self.findings],
            "loaded": self.loaded, "quarantined": self.quarantined, "links": self.links,
        }  # fmt: skip
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def generate(
    folder: Path,
    *,
    as_of: date,
    seed: int = 2020,
    persons: int = 1357,
    households: int | None = None,
    mess: Literal["none", "usual", "heavy"] = "usual",
) -> Truth:
    """Write the exports of an invented district and ``truth.json`` into ``folder``; the same seed gives the same bytes."""
    world, findings, rng = planted(as_of, seed, persons, households)
    return write_exports(folder, world, findings, Mess(random.Random(rng.random()), SHARES[mess]))


def refuse_full(folder: Path) -> None:
    """Raise if there are files in ``folder`` already."""
    if folder.exists() and any(folder.iterdir()):
        raise FupinError("文件夹不是空的", where=str(folder), cure="换一个新的文件夹，以免新旧文件混在一起")


def write_exports(
    folder: Path, world: World, findings: Iterable[Finding], mess: Mess, missing: Collection[str] = ()
) -> Truth:
    """Write everything the bureaus export of ``world`` (but not the ``missing`` kinds) and its truth into ``folder``."""
    if BOOKS not in world.records:
        fill_books(world)
    written = Written()
    folder.mkdir(parents=True, exist_ok=True)
    for layout in LAYOUTS:
        lines = [] if layout.kind in missing else lines_of(world, layout.kind)
        if lines:
            write_layout(folder, layout, lines, world.as_of, mess, written)
    if "education.enrolment" not in missing:
        _older_roll(folder, world, world.as_of, mess)
    (folder / "报送说明.md").write_text(NOTE, encoding="utf-8")
    truth = Truth(tuple(sorted(findings)), written.loaded, written.quarantined, written.links)
    (folder / "truth.json").write_text(truth.to_json(), encoding="utf-8")
    return truth


def lines_of(world: World, kind: str) -> list[Line]:
    if kind == "register.persons":
        return register_lines(world.households)
    if kind == "register.households":
        return household_lines(world.households)
    if kind == "register.watchlist":
        return watch_lines(world)
    return record_lines(world.records.get(kind, []))


def _older_roll(folder: Path, world: World, as_of: date, mess: Mess) -> None:
    """Last month's roll lies in the folder too, under its month: it must not be used."""
    layout = next(layout for layout in LAYOUTS if layout.kind == "education.enrolment")
    month = as_of.replace(day=1) - timedelta(days=1)
    older: Layout = replace(layout, file=f"教育局/学籍在校生（{month.year}年{month.month}月）.xlsx")
    write_layout(folder, older, lines_of(world, layout.kind)[:-5], month, mess, Written())
