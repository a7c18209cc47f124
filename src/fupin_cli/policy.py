"""Policy (政策参数): every number a rule uses, from ``policy.toml``, read by name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fupin_cli.errors import FupinError


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; a syntax error names the file and the parser's line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise FupinError(f"配置文件语法错误（{error}）", where=str(path), cure="按提示的行列修改") from error
    except (OSError, UnicodeDecodeError) as error:
        raise FupinError("配置文件不能读取", where=str(path), cure="存为 UTF-8 编码的文本文件") from error


def default_policy_text() -> str:
    """The shipped ``policy.toml`` with its comments."""
    return files("fupin_cli").joinpath("defaults/policy.toml").read_text(encoding="utf-8")


@cache
def _default_values() -> Mapping[str, Any]:
    return tomllib.loads(default_policy_text())


@dataclass(frozen=True)
class Policy:
    """Thresholds by name; an unknown name is a bug, not a default."""

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def load_policy(path: Path | None = None) -> Policy:
    """Defaults overlaid by the workspace's ``policy.toml`` (tables merge key by key)."""
    values = dict(_default_values())
    if path is not None and path.exists():
        for name, value in read_toml(path).items():
            if name not in values:
                raise FupinError(f"没有名为“{name}”的政策参数", where=str(path), cure="参照 fupin init 写出的文件")
            default: Any = values[name]
            kinds: Any = (int, float) if isinstance(default, (int, float)) else type(default)
            if not isinstance(value, kinds) or isinstance(value, bool):
                raise FupinError(f"政策参数“{name}”的类型不对", where=str(path), cure="参照 fupin init 写出的文件")
            values[name] = {**default, **value} if isinstance(default, dict) else value
    return Policy(values)
