"""The plan (年度比对计划): at least five dated rounds a year, two of them 回头看 (工作要点 三（八）), in a file people edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fupin_cli.errors import FupinError
from fupin_cli.policy import read_toml

PLAN = "年度比对计划.toml"
LEAST, LEAST_LOOK_BACKS = 5, 2
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
    data = read_toml(path)
    unknown = set(data) - {"year", "grace_days", "rounds"}
    if unknown:
        raise FupinError(f"不认识的项：{'、'.join(sorted(unknown))}", where=str(path))
    year, grace, entries = data.get("year"), data.get("grace_days", 15), data.get("rounds", [])
    if not isinstance(year, int) or not isinstance(grace, int) or grace < 0:
        raise FupinError("year（年份）、grace_days（天数）应为整数", where=str(path))
    rounds = sorted((_round(entry, path) for entry in _list(entries, path)), key=lambda one: one.day)
    plan = Plan(
        year,
        grace,
        tuple(Round(at, one.day, one.name, one.look_back) for at, one in enumerate(rounds, start=1)),
    )
    _check(plan, path)
    return plan


def _list(entries: Any, path: Path) -> Sequence[Mapping[str, Any]]:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise FupinError("轮次应逐个写在 [[rounds]] 下面", where=str(path))
    return entries


def _round(entry: Mapping[str, Any], path: Path) -> Round:
    unknown = set(entry) - {"date", "name", "look_back"}
    if unknown:
        raise FupinError(f"[[rounds]] 中不认识的项：{'、'.join(sorted(unknown))}", where=str(path))
    day, look_back = entry.get("date"), entry.get("look_back", False)
    if type(day) is not date:
        raise FupinError("[[rounds]] 的 date 应是日期", where=str(path), cure="写成 date = 2020-06-30，不加引号")
    if not isinstance(look_back, bool):
        raise FupinError("[[rounds]] 的 look_back 只能是 true 或 false", where=str(path))
    return Round(0, day, str(entry.get("name", "")), look_back)


def _check(plan: Plan, path: Path) -> None:
    days = [one.day for one in plan.rounds]
    if len(set(days)) < len(days):
        raise FupinError("有两轮的日期相同", where=str(path))
    if any(day.year != plan.year for day in days):
        raise FupinError(f"轮次的日期应都在{plan.year}年", where=str(path))
    if len(days) < LEAST:
        raise FupinError(f"只有{len(days)}轮，全年不少于{LEAST}次", where=str(path), cure="补足 [[rounds]]")
    look_backs = [one for one in plan.rounds if one.look_back]
    if len(look_backs) < LEAST_LOOK_BACKS:
        cure = "在上半年和九月底的两轮写上 look_back = true"
        raise FupinError(f"“回头看”只有{len(look_backs)}轮，应有上半年和九月底两轮", where=str(path), cure=cure)
