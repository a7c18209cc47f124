"""YAML with line numbers, so that a broken schema is reported with the line to mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from fupin_cli.errors import FupinError

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Located(dict[str, Any]):
    """A mapping that knows the line of each of its keys."""

    line = 1
    key_lines: dict[str, int]

    def line_of(self, key: str) -> int:
        return self.key_lines.get(key, self.line)


class _LineLoader(Loader):  # type: ignore[misc]
    pass


def _construct(loader: Any, node: yaml.MappingNode) -> Any:
    located = Located()
    located.line = node.start_mark.line + 1
    located.key_lines = {}
    yield located
    for key_node, value_node in node.value:
        # keys stay as written: YAML would read 是/否-like words and numbers as something else
        key = str(loader.construct_scalar(key_node))
        located.key_lines[key] = key_node.start_mark.line + 1
        located[key] = loader.construct_object(value_node, deep=True)


_LineLoader.add_constructor("tag:yaml.org,2002:map", _construct)


def read_yaml(path: Path) -> Located:
    """The top mapping of a YAML file. Raises :class:`FupinError` with file and line."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8-sig"), _LineLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FupinError(
            "数据种类文件的 YAML 写法不对", where=f"{path}第{line}行", cure="检查缩进、冒号和括号"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise FupinError("数据种类文件不能读取", where=str(path), cure="存为 UTF-8 编码的文本文件") from error
    if not isinstance(data, Located):
        raise FupinError("数据种类文件应写成“键: 值”", where=f"{path}第1行", cure="参照 docs/schemas.md")
    return data
