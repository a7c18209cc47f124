"""``fupin dispatch`` as people type it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from fupin_cli.cli import main
from fupin_cli.workspace import init_workspace
from tests.dispatch.conftest import HEALTH, SCHOOL, TOWN

Ledger = Callable[..., Path]


@pytest.fixture
def workspace(ledger: Ledger) -> Path:
    """A workspace with four findings, of which one is of two units and one of none."""
    path = ledger({}, {"owner": f"{SCHOOL}、{TOWN}"}, {"owner": HEALTH}, {"owner": ""})
    init_workspace(path.parent, "美兰区扶贫办")
    return path.parent


def run(workspace: Path, *words: str | Path) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["--workspace", str(workspace), *map(str, words)])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def test_dispatch_to_all_writes_a_workbook_for_every_unit(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace, "dispatch", "--all") == 0
    names = sorted(path.name for path in (workspace / "输出" / "下发" / "2020-06-30").iterdir())
    assert names == [f"{unit}-三清单-2020-06-30.xlsx" for unit in sorted([SCHOOL, HEALTH, TOWN])]
    text = capsys.readouterr().out
    assert "区教育局：2条" in text and "另有1条问题没有责任单位" in text


def test_dispatch_to_named_units(workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "下发"
    assert run(workspace, "dispatch", "--to", f"{SCHOOL}、{TOWN}", "--out", out, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert [(item["unit"], item["findings"]) for item in document["files"]] == [(SCHOOL, 2), (TOWN, 1)]
    assert all(Path(item["file"]).is_file() for item in document["files"])
    assert openpyxl.load_workbook(document["files"][0]["file"]).sheetnames == ["三清单", "问题依据"]


@pytest.mark.parametrize(
    ("words", "said"), [((), "没有写下发给谁"), (("--to", "区财政局"), "“区财政局”没有未销号的问题")]
)
def test_dispatch_says_what_is_wrong_and_who_has_problems(
    workspace: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert run(workspace, "dispatch", *words) == 2
    assert said in capsys.readouterr().err
    assert not (workspace / "输出" / "下发").exists()
