"""What a list's own quality rules (台账质量) ask of a field: filled, in range, as the standard writes it. A check is a line of YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from fupin_cli.errors import FupinError
from fupin_cli.schema.yaml_lines import Located

EXPECTATION_KEYS = {"expected", "expected_when", "range", "enum", "pattern"}
Span = tuple[float | None, float | None]
AGE, BLANK = "age", "空"
USUAL, SEVERITIES = "提示", ("提示", "一般", "严重")
CURE = "参照 docs/schemas.md 修改"


@dataclass(frozen=True)
class Expectation:
    """``severity``: how bad a blank is (必填), empty where it may be blank; ``when``: other field → values (``空``: blank) and
    ``ages``: lowest and highest age under which it is expected; ``range``: lowest and highest value (``None``: open);
    ``enum``, ``pattern``: how a text must be."""

    severity: str = ""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ages: Span | None = None
    range: Span | None = None
    enum: tuple[str, ...] = ()
    pattern: str = ""


NOTHING_EXPECTED = Expectation()


def parse_expectation(item: Located, path: Path) -> Expectation:
    """The expectation written in a field's YAML."""
    given = item.get("expected_when", {})
    if not isinstance(given, dict) or not all(isinstance(values, list) for values in given.values()):
        raise _error(path, item, "expected_when", "expected_when 应写成“{字段: [取值]}”，空白写“空”")
    return Expectation(
        severity=_severity(item, bool(given), path),
        when={str(name): tuple(map(str, values)) for name, values in given.items() if name != AGE},
        ages=_span(item, "expected_when", given[AGE], path) if AGE in given else None,
        range=_span(item, "range", item["range"], path) if "range" in item else None,
        enum=_enum(item, path),
        pattern=_pattern(item, path),
    )


def enlarged(known: Expectation, item: Located, path: Path) -> Expectation:
    """``known`` with what a workspace's own YAML says in its place."""
    given = parse_expectation(item, path)
    changed = {name: getattr(given, name) for name in ("range", "enum", "pattern") if name in item}
    if "expected_when" in item:
        changed |= {"when": given.when, "ages": given.ages, "severity": known.severity or given.severity}
    if "expected" in item:
        changed["severity"] = given.severity
    return replace(known, **changed)


def _severity(item: Located, conditional: bool, path: Path) -> str:
    given = item.get("expected", conditional)
    if isinstance(given, bool):
        return USUAL if given else ""
    if given not in SEVERITIES:
        raise _error(path, item, "expected", f"expected 只能是 true 或 {'、'.join(SEVERITIES)}")
    return str(given)


def _span(item: Located, key: str, value: object, path: Path) -> Span:
    if not isinstance(value, list) or len(value) != 2 or not all(one is None or _is_number(one) for one in value):
        raise _error(path, item, key, "范围应写成 [最小, 最大]，不限的一端写 null")
    return value[0], value[1]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _enum(item: Located, path: Path) -> tuple[str, ...]:
    given = item.get("enum", [])
    if not isinstance(given, list):
        raise _error(path, item, "enum", "enum 应是一个列表，如 [甲, 乙]")
    return tuple(str(value) for value in given)


def _pattern(item: Located, path: Path) -> str:
    given = str(item.get("pattern", ""))
    try:
        re.compile(given)
    except re.error as error:
        raise _error(path, item, "pattern", f"pattern 不是正确的正则表达式（{error}）") from error
    return given


def _error(path: Path, item: Located, key: str, message: str) -> FupinError:
    return FupinError(message, where=f"{path}第{item.line_of(key)}行", cure=CURE)
