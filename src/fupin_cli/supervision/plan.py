"""The work plan (工作要点) as data: items, tasks, responsible units, time nodes, and how far a task should be on a day."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from fupin_cli.errors import FupinError
from fupin_cli.policy import read_toml

PLAN_FILE = "工作要点.toml"
TOWN_GROUP = "各镇"


@dataclass(frozen=True)
class Node:
    """A time node (时间节点) of a task; ``percent``: how far it should be by then, where somebody said."""

    by: date
    text: str
    percent: float | None = None


@dataclass(frozen=True)
class Task:
    """What units report on: an item of the plan, or one of its numbered parts. ``clause`` as （二）1."""

    clause: str
    title: str
    item: str
    units: tuple[str, ...]
    unnamed: tuple[str, ...] = ()
    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Fortnight:
    """Two weeks of the plan's calendar, both days included; the report is due on ``last``."""

    number: int
    first: date
    last: date


@dataclass(frozen=True)
class Plan:
    """The plan of one year. ``aliases``: other ways of writing a unit → the unit."""

    title: str
    number: str
    district: str
    issued: date
    until: date
    fortnight_days: int
    issuer: str
    code: str
    superior: str
    last_towns: int
    last_bureaus: int
    towns: tuple[str, ...]
    aliases: Mapping[str, str]
    tasks: tuple[Task, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that answers for a task: bureaus in the plan's order, then towns."""
        named = dict.fromkeys(unit for task in self.tasks for unit in task.units)
        return tuple(unit for unit in named if unit not in self.towns) + self.towns

    def planned(self, task: Task, day: date) -> float:
        """Percent ``task`` should have reached by ``day``: evenly between the nodes that name one."""
        points = {self.issued: 0.0, self.until: 100.0}
        points |= {node.by: node.percent for node in task.nodes if node.percent is not None}
        days = sorted(points)
        if day >= days[-1]:
            return points[days[-1]]
        if day < days[0]:
            return 0.0
        before = max(point for point in days if point <= day)
        after = min(point for point in days if point > day)
        share = (day - before) / (after - before)
        return round(points[before] + (points[after] - points[before]) * share, 1)

    def fortnights(self, until: date) -> tuple[Fortnight, ...]:
        """All fortnights due by ``until``, from the day after the plan was issued."""
        length = timedelta(days=self.fortnight_days)
        found: list[Fortnight] = []
        first, end = self.issued + timedelta(days=1), min(until, self.until)
        while first + length - timedelta(days=1) <= end:
            found.append(Fortnight(len(found) + 1, first, first + length - timedelta(days=1)))
            first += length
        return tuple(found)


def default_plan_text() -> str:
    """The shipped plan with its comments."""
    return files("fupin_cli").joinpath("defaults/work_plan_2020.toml").read_text(encoding="utf-8")


def write_plan(root: Path) -> list[Path]:
    """Write the shipped plan into the workspace for editing; an existing one is kept. Returns what was written."""
    path = root / PLAN_FILE
    if path.exists():
        return []
    path.write_text(default_plan_text(), encoding="utf-8")
    return [path]


def load_plan(root: Path, towns: tuple[str, ...] = ()) -> Plan:
    """The workspace's 工作要点.toml, else the shipped plan; ``towns`` of the workspace stand for 各镇."""
    path = root / PLAN_FILE
    data = read_toml(path) if path.is_file() else tomllib.loads(default_plan_text())
    try:
        return _plan(data, towns)
    except KeyError as error:
        raise _broken(path, f"缺少“{error.args[0]}”") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise _broken(path, "有一项的写法不对") from error


def _broken(path: Path, what: str) -> FupinError:
    return FupinError(f"工作要点数据{what}", where=str(path), cure="参照 fupin supervise setup 写出的文件")


def _plan(data: Mapping[str, Any], towns: tuple[str, ...]) -> Plan:
    towns = towns or tuple(data["towns"])
    groups = {name: tuple(units) for name, units in data.get("groups", {}).items()} | {TOWN_GROUP: towns}
    tasks = tuple(_task(item, task, groups) for item in data["item"] for task in item["task"])
    if len({task.clause for task in tasks}) < len(tasks):
        raise FupinError("工作要点数据中有重复的条款编号", cure="改正 工作要点.toml")
    if not data["issued"] < data["until"]:
        raise FupinError("工作要点数据中 issued（印发日期）应早于 until（完成日期）", cure="改正 工作要点.toml")
    if int(data["fortnight_days"]) < 1:
        raise FupinError("工作要点数据中 fortnight_days（双周天数）应大于0", cure="改正 工作要点.toml")
    return Plan(
        title=data["title"], number=data["number"], district=data["district"], issued=data["issued"],
        until=data["until"], fortnight_days=int(data["fortnight_days"]), issuer=data["issuer"], code=data["code"],
        superior=data["superior"], last_towns=int(data["last_towns"]), last_bureaus=int(data["last_bureaus"]),
        towns=towns, aliases={alias: unit for unit, names in data.get("aliases", {}).items() for alias in names},
        tasks=tasks,
    )  # fmt: skip


def _task(item: Mapping[str, Any], task: Mapping[str, Any], groups: Mapping[str, tuple[str, ...]]) -> Task:
    units = tuple(dict.fromkeys(unit for name in task["units"] for unit in groups.get(name, (name,))))
    return Task(
        clause=f"{item['number']}{task.get('number', '')}",
        title=task["title"],
        item=f"{item['number']}{item['title']}",
        units=units,
        unnamed=tuple(name for name in task["units"] if name in groups and not groups[name]),
        nodes=tuple(Node(node["by"], node["text"], node.get("percent")) for node in task.get("nodes", ())),
    )
