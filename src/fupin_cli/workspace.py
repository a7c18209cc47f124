"""The workspace (工作目录): ``fupin.toml`` with district, towns and villages, control totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fupin_cli.errors import FupinError
from fupin_cli.policy import Policy, default_policy_text, load_policy, read_toml

CONFIG = "fupin.toml"

TEMPLATE = """\
# fupin 工作目录配置
[district]
name = "{name}"            # 填报单位名称，印在问题清单上

[towns]                    # 镇 = 行政村；留空则从台账中取
# "灵山镇" = ["东营村", "大昌村"]

[control]                  # 控制数：台账的户数、人数应与之相符（可不填）
# households = 365
# persons = 1357

[control.towns]            # 分镇控制数（可不填）
# "灵山镇" = {{ households = 92, persons = 340 }}
"""


@dataclass(frozen=True)
class Control:
    """Control totals (控制数) of the district or one town; ``None`` where not given."""

    households: int | None = None
    persons: int | None = None


@dataclass(frozen=True)
class Workspace:
    """What an office configures; without ``fupin.toml`` everything is empty and learnt from the register."""

    root: Path
    configured: bool = False
    district: str = ""
    towns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    control: Control = Control()
    town_controls: Mapping[str, Control] = field(default_factory=dict)

    @property
    def schemas(self) -> Path | None:
        folder = self.root / "schemas"
        return folder if self.configured and folder.is_dir() else None

    @property
    def cache(self) -> Path:
        return self.root / ".fupin-cache"

    @property
    def ledger(self) -> Path:
        return self.root / "整改台账.db"

    def policy(self) -> Policy:
        return load_policy(self.root / "policy.toml" if self.configured else None)


def find_workspace(folder: Path | None) -> Workspace:
    """``--workspace``, else the nearest folder upwards with ``fupin.toml``, else the current one."""
    if folder is not None:
        if not folder.is_dir():
            raise FupinError("工作目录不存在", where=str(folder), cure="先运行 fupin init 建立")
        return load_workspace(folder)
    here = Path.cwd()
    for candidate in (here, *here.parents):
        if (candidate / CONFIG).is_file():
            return load_workspace(candidate)
    return Workspace(root=here)


def load_workspace(root: Path) -> Workspace:
    """Read ``fupin.toml`` of ``root`` (absent: an unconfigured workspace)."""
    path = root / CONFIG
    if not path.is_file():
        return Workspace(root=root)
    data = read_toml(path)
    unknown = set(data) - {"district", "towns", "control"}
    if unknown:
        raise FupinError(
            f"不认识的配置项：{'、'.join(sorted(unknown))}",
            where=str(path),
            cure="参照 fupin init 写出的文件",
        )
    control = dict(_table(data, "control", path))
    towns = control.pop("towns", {})
    return Workspace(
        root=root,
        configured=True,
        district=str(_table(data, "district", path).get("name", "")),
        towns={town: tuple(villages) for town, villages in _table(data, "towns", path).items()},
        control=_control(control, path),
        town_controls={town: _control(values, path) for town, values in towns.items()},
    )


def _table(data: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    value = data.get(name, {})
    if not isinstance(value, dict):
        raise FupinError(f"“{name}”应是一个表", where=str(path), cure=f"写成 [{name}]")
    return value


def _control(values: Mapping[str, Any], path: Path) -> Control:
    try:
        return Control(**values)
    except TypeError as error:
        raise FupinError("控制数只能有 households（户数）、persons（人数）", where=str(path)) from error


def init_workspace(root: Path, district: str) -> list[Path]:
    """Create the workspace's files and folders; existing files are kept. Returns what was written."""
    written: list[Path] = []
    root.mkdir(parents=True, exist_ok=True)
    for name, text in ((CONFIG, TEMPLATE.format(name=district)), ("policy.toml", default_policy_text())):
        path = root / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            written.append(path)
    for folder in ("数据", "输出", "schemas"):
        if not (root / folder).exists():
            (root / folder).mkdir()
            written.append(root / folder)
    return written
