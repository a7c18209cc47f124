"""The workspace (工作目录): ``fupin.toml`` with district, towns and villages, control totals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fupin_cli.errors import FupinError
from fupin_cli.policy import Policy, default_policy_text, load_policy
from fupin_cli.settings import TEXT, TEXT_OR_NONE, Table, Texts, fault, read_settings, whole

CONFIG, POLICY = "fupin.toml", "policy.toml"
CURE = "改正这一行，参照 fupin init 写出的文件"
_TOTALS = {"households": whole(0, 100_000_000), "persons": whole(0, 100_000_000)}
SHAPE = Table(
    {
        "district": Table({"name": TEXT_OR_NONE}),
        "towns": Table(others=Texts(TEXT), names=TEXT),
        "control": Table({**_TOTALS, "towns": Table(others=Table(_TOTALS), names=TEXT)}),
    }
)

TEMPLATE = """\
# fupin 工作目录配置
[district]
name = {name}            # 填报单位名称，印在问题清单上

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
    policy: Policy = field(default_factory=load_policy)

    @property
    def schemas(self) -> Path | None:
        folder = self.root / "schemas"
        return folder if self.configured and folder.is_dir() else None

    @property
    def cache(self) -> Path:
        return self.root / ".fupin-cache"

    @property
    def villages(self) -> tuple[tuple[str, str], ...]:
        """(town, village) of every village that ``[towns]`` names."""
        return tuple((town, village) for town, names in self.towns.items() for village in names)

    @property
    def ledger(self) -> Path:
        return self.root / "整改台账.db"


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
    """Read ``fupin.toml`` and ``policy.toml`` of ``root`` (no ``fupin.toml``: an unconfigured workspace)."""
    path = root / CONFIG
    if not path.is_file():
        return Workspace(root=root)
    data = read_settings(path, SHAPE, CURE)
    control, towns = dict(data.get("control", {})), data.get("towns", {})
    town_controls = control.pop("towns", {})
    for town in town_controls:
        if towns and town not in towns:
            raise fault(path, ("control", "towns", town), f"[towns] 里没有“{town}”，不能给它控制数", CURE)
    return Workspace(
        root=root,
        configured=True,
        district=data.get("district", {}).get("name", ""),
        towns={town: tuple(villages) for town, villages in towns.items()},
        control=Control(**control),
        town_controls={town: Control(**values) for town, values in town_controls.items()},
        policy=load_policy(root / POLICY),
    )


def init_workspace(root: Path, district: str) -> list[Path]:
    """Create the workspace's files and folders; existing files are kept. Returns what was written."""
    written: list[Path] = []
    root.mkdir(parents=True, exist_ok=True)
    for name, text in (
        (CONFIG, TEMPLATE.format(name=json.dumps(district.strip(), ensure_ascii=False))),
        (POLICY, default_policy_text()),
    ):
        path = root / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            written.append(path)
    for folder in ("数据", "输出", "schemas"):
        if not (root / folder).exists():
            (root / folder).mkdir()
            written.append(root / folder)
    return written
