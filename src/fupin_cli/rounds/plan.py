"""The plan (年度比对计划): at least five dated rounds a year, two of them 回头看 (工作要点 三（八）), in a file people edit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fupin_cli.errors import FupinError
from fupin_cli.settings import DAY, TEXT_OR_NONE, YES_OR_NO, Place, Rows, Table, fault, read_settings, whole

PLAN = "年度比对计划.toml"
LEAST, LEAST_LOOK_BACKS = 5, 2
CURE = "改正这一行，参照 fupin round plan --year 写出的文件"
_ROUND = Table({"date": DAY, "name": TEXT_OR_NONE, "look_back": YES_OR_NO}, required=("date",))
SHAPE = Table(
    {"year": whole(2000, 2100), "grace_days": whole(0, 366), "rounds": Rows(_ROUND)}, required=("year", "rounds")
)
TEMPLATE = """\
# 年度比对计划：全年不少于5次比对，其中上半年和九月底两次为“回头看”（工作要点 三（八））
# 日期、名称可以改，也可以增加轮次；日期先后为序，第几轮按先后算
year = {year}
grace_days = 15            # 比对日期后多少天内完成不算逾期

[[rounds]]
date = {year}-03-31
name = "第一季度比对"

[[rounds]]
date = {year}-05-31
name = "五月比对"

[[rounds]]
date = {year}-06-30
name = "上半年“回头看”"
look_back = true           # 成效检查“回头看”

[[rounds]]
date = {year}-09-30
name = "九月底“回头看”"
look_back = true

[[rounds]]
date = {year}-11-30
name = "年终比对"
"""


@dataclass(frozen=True)
class Round:
    """One planned comparison (轮次): ``day`` is the date of its data (比对日期)."""

    number: int
    day: date
    name: str
    look_back: bool = False

    @property
    def title(self) -> str:
        return f"第{self.number}轮（{self.name}）" if self.name else f"第{self.number}轮"


@dataclass(frozen=True)
class Plan:
    """A year's rounds in the order of their dates, numbered from 1."""

    year: int
    grace_days: int
    rounds: tuple[Round, ...]

    def round(self, number: int) -> Round:
        if not 1 <= number <= len(self.rounds):
            raise FupinError(f"计划中没有第{number}轮", cure=f"计划共{len(self.rounds)}轮，用 fupin round plan 查看")
        return self.rounds[number - 1]


def write_plan(root: Path, year: int) -> Path:
    """Write the usual plan of a year; an existing one is kept."""
    path = root / PLAN
    if path.exists():
        raise FupinError("已有年度比对计划，没有覆盖", where=str(path), cure="直接修改这个文件，或先把它改名存档")
    path.write_text(TEMPLATE.format(year=year), encoding="utf-8")
    return path


def load_plan(root: Path) -> Plan:
    """Read the plan of a workspace and check that it is one."""
    path = root / PLAN
    if not path.is_file():
        raise FupinError("还没有年度比对计划", where=str(root), cure="用 fupin round plan --year 2020 写出一份")
    data = read_settings(path, SHAPE, CURE)
    entries = data["rounds"]
    for place, message, cure in _faults(data["year"], entries):
        raise fault(path, place, message, cure)
    return Plan(
        data["year"],
        data.get("grace_days", 15),
        tuple(
            Round(at, entry["date"], entry.get("name", ""), entry.get("look_back", False))
            for at, entry in enumerate(sorted(entries, key=lambda entry: entry["date"]), start=1)
        ),
    )


def _faults(year: int, entries: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Place, str, str]]:
    """What is wrong with rounds each of which has its shape: where, what, and the cure."""
    days: set[date] = set()
    for at, entry in enumerate(entries):
        if entry["date"] in days:
            yield ("rounds", at, "date"), "有两轮的日期相同", CURE
        if entry["date"].year != year:
            yield ("rounds", at, "date"), f"轮次的日期应都在{year}年", CURE
        days.add(entry["date"])
    if len(days) < LEAST:
        yield ("rounds",), f"只有{len(days)}轮，全年不少于{LEAST}次", "补足 [[rounds]]"
    look_backs = sum(entry.get("look_back", False) for entry in entries)
    if look_backs < LEAST_LOOK_BACKS:
        cure = "在上半年和九月底的两轮写上 look_back = true"
        yield ("rounds",), f"“回头看”只有{look_backs}轮，应有上半年和九月底两轮", cure
