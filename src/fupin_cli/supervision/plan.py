"""The work plan (工作要点) as data: items, tasks, responsible units, time nodes, and how far a task should be on a day."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from fupin_cli.settings import (
    DAY,
    TEXT,
    TEXT_OR_NONE,
    Place,
    Rows,
    Shape,
    Table,
    Texts,
    fault,
    number,
    read_settings,
    whole,
)

PLAN_FILE = "工作要点.toml"
TOWN_GROUP = "各镇"
CURE = "改正这一行，参照 fupin supervise setup 写出的文件"
_NODE = Table({"by": DAY, "text": TEXT, "percent": number(0, 100)}, required=("by", "text"))
_TASK = Table(
    {"number": TEXT, "title": TEXT, "units": Texts(TEXT, least=1), "nodes": Rows(_NODE)}, required=("title", "units")
)
_ITEM = Table(
    {"number": TEXT, "title": TEXT, "section": TEXT, "task": Rows(_TASK)}, required=("number", "title", "task")
)
_HEAD: dict[str, Shape] = {
    "title": TEXT, "number": TEXT_OR_NONE, "district": TEXT, "issued": DAY, "until": DAY, "fortnight_days": whole(1, 366),
    "issuer": TEXT_OR_NONE, "code": TEXT_OR_NONE, "superior": TEXT_OR_NONE, "last_towns": whole(0, 1000),
    "last_bureaus": whole(0, 1000), "towns": Texts(TEXT), "item": Rows(_ITEM),
}  # fmt: skip
_NAMES = Table(others=Texts(TEXT), names=TEXT)
SHAPE = Table({**_HEAD, "groups": _NAMES, "aliases": _NAMES}, required=tuple(_HEAD))


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
    if not path.is_file():
        return _plan(tomllib.loads(default_plan_text()), towns)
    data = read_settings(path, SHAPE, CURE)
    for place, message in _faults(data):
        raise fault(path, place, message, CURE)
    return _plan(data, towns)


def _faults(data: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """What is wrong between values each of which has its shape."""
    if not data["issued"] < data["until"]:
        yield ("until",), "issued（印发日期）应早于 until（完成日期）"
    clauses: set[str] = set()
    for nth, item in enumerate(data["item"]):
        for at, task in enumerate(item["task"]):
            clause = _clause(item, task)
            if clause in clauses:
                yield ("item", nth, "task", at), f"条款编号“{clause}”前面已有"
            clauses.add(clause)


def _clause(item: Mapping[str, Any], task: Mapping[str, Any]) -> str:
    return f"{item['number']}{task.get('number', '')}"


def _plan(data: Mapping[str, Any], towns: tuple[str, ...]) -> Plan:
    towns = towns or tuple(data["towns"])
    groups = {name: tuple(units) for name, units in data.get("groups", {}).items()} | {TOWN_GROUP: towns}
    tasks = tuple(_task(item, task, groups) for item in data["item"] for task in item["task"])
    return Plan(
        title=data["title"], number=data["number"], district=data["district"], issued=data["issued"],
        until=data["until"], fortnight_days=data["fortnight_days"], issuer=data["issuer"], code=data["code"],
        superior=data["superior"], last_towns=data["last_towns"], last_bureaus=data["last_bureaus"],
        towns=towns, aliases={alias: unit for unit, names in data.get("aliases", {}).items() for alias in names},
        tasks=tasks,
    )  # fmt: skip


def _task(item: Mapping[str, Any], task: Mapping[str, Any], groups: Mapping[str, tuple[str, ...]]) -> Task:
    units = tuple(dict.fromkeys(unit for name in task["units"] for unit in groups.get(name, (name,))))
    return Task(
        clause=_clause(item, task),
        title=task["title"],
        item=f"{item['number']}{item['title']}",
        units=units,
        unnamed=tuple(name for name in task["units"] if name in groups and not groups[name]),
        nodes=tuple(Node(node["by"], node["text"], node.get("percent")) for node in task.get("nodes", ())),
    )
