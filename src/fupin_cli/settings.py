"""Settings files (TOML): what shape each value must have; a fault is one sentence with its file, line and cure."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from fupin_cli.errors import FupinError

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Value:
    """One value: ``words`` say what it should be."""

    words: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True)
class Table:
    """Keys by name; ``others``: what any other key holds (``None``: there is none), ``names``: how it may be called."""

    keys: Mapping[str, Shape] = field(default_factory=dict)
    others: Shape | None = None
    names: Value | None = None
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """Tables of one shape, each under its own ``[[name]]``."""

    of: Table


@dataclass(frozen=True)
class Texts:
    """A list of texts, none of them twice; ``least``: how many at the least."""

    of: Value
    least: int = 0


Shape = Value | Texts | Table | Rows


def whole(least: int, most: int) -> Value:
    """A whole number of a range."""
    return Value(f"{least}至{most}的整数", lambda value: type(value) is int and least <= value <= most)


def number(least: int, most: int) -> Value:
    """Any number of a range; not ``nan``."""
    return Value(f"{least}至{most}的数", lambda value: type(value) in (int, float) and least <= value <= most)


def span(most: int) -> Value:
    """Two whole numbers, the lower one first."""
    one = whole(0, most)

    def holds(value: Any) -> bool:
        return isinstance(value, list) and len(value) == 2 and all(map(one.holds, value)) and value[0] <= value[1]

    return Value(f"[最小, 最大] 两个{one.words}，小的在前", holds)


def is_text(value: Any) -> bool:
    """A text with something in it, no blanks around it and no control characters."""
    return isinstance(value, str) and value == value.strip() != "" and not re.search(r"[\x00-\x1f\x7f]", value)


TEXT = Value("加引号的文字，不能空白，前后不带空格", is_text)
TEXT_OR_NONE = Value("加引号的文字，前后不带空格", lambda value: value == "" or is_text(value))
YES_OR_NO = Value(" true 或 false", lambda value: isinstance(value, bool))
DAY = Value(
    "2000至2100年的日期，如 2020-06-30，不加引号", lambda value: type(value) is date and 2000 <= value.year <= 2100
)


def one_of(known: Collection[str]) -> Value:
    """One of these texts."""
    return Value(f"其中之一：{'、'.join(known)}", lambda value: isinstance(value, str) and value in known)


def read_settings(path: Path, shape: Table, cure: str) -> dict[str, Any]:
    """Read a TOML file of this shape; ``cure`` is what to do about whatever is not so."""
    text = _text(path)
    data = _parsed(text, path)
    for place, message in _faults(shape, data, ()):
        raise FupinError(message, where=f"{path}第{line_of(text, place)}行", cure=cure)
    return data


def fault(path: Path, place: Place, message: str, cure: str) -> FupinError:
    """The fault of a value that has its shape and is wrong beside others."""
    return FupinError(message, where=f"{path}第{line_of(_text(path), place)}行", cure=cure)


def line_of(text: str, place: Place) -> int:
    """The line on which the value at ``place`` begins: found by reading ever longer beginnings of the file."""
    lines = text.split("\n")

    def readable(end: int) -> tuple[int, Any]:
        """The longest beginning of at most ``end`` lines that is TOML, and what it says."""
        while True:
            try:
                return end, tomllib.loads("\n".join(lines[:end]))
            except (ValueError, RecursionError):
                end -= 1

    if not place:
        return 1
    last = bisect_left(range(len(lines)), True, key=lambda end: _has(readable(end)[1], place))
    return readable(last - 1)[0] + 1


def _has(data: Any, place: Place) -> bool:
    for step in place:
        if step not in (range(len(data)) if isinstance(data, list) else data):
            return False
        data = data[step]
    return True


def _faults(shape: Shape, value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Where ``value`` is not as it should be, and what it should be."""
    name = next((step for step in reversed(place) if isinstance(step, str)), "")
    match shape:
        case Value():
            if not shape.holds(value):
                yield place, f"“{name}”应是{shape.words}"
        case Texts():
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                yield place, f"“{name}”应是写在 [ ] 里的一列文字"
            elif len(value) < shape.least:
                yield place, f"“{name}”不能是空的"
            else:
                for at, one in enumerate(value):
                    if not shape.of.holds(one):
                        yield place, f"“{name}”里的“{one}”应是{shape.of.words}"
                    elif one in value[:at]:
                        yield place, f"“{name}”里的“{one}”写了两遍"
        case Rows():
            if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
                yield place, f"“{name}”应逐个写在 [[{name}]] 下面，不能没有"
            else:
                for number, row in enumerate(value):
                    yield from _faults(shape.of, row, (*place, number))
        case Table():
            if not isinstance(value, dict):
                yield place, f"“{name}”应是一个表"
                return
            for key, held in value.items():
                inner = shape.keys.get(key, shape.others)
                if inner is None:
                    yield (*place, key), f"不认识的配置项“{key}”"
                elif key not in shape.keys and shape.names and not shape.names.holds(key):
                    yield (*place, key), f"名称“{key}”应是{shape.names.words}"
                else:
                    yield from _faults(inner, held, (*place, key))
            for key in shape.required:
                if key not in value:
                    yield place, f"缺少“{key}”"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FupinError("配置文件不能读取", where=str(path), cure="存为 UTF-8 编码的文本文件") from error


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        place = f"第{found.group(1)}行" if found else f"第{text.count(chr(10)) + 1}行" if "end of" in str(error) else ""
        cure = "检查这一处的引号、方括号、等号，文字要加引号，同一项只写一遍"
        raise FupinError("配置文件语法错误", where=f"{path}{place}", cure=cure) from error
