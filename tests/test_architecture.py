"""Data moves one way through the house: no room imports one that comes after it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "fupin_cli"

# What each room may import (besides the leaves `errors`, `own`, `policy`, `privacy`, `settings`, `spool`, `workspace` and itself).
ALLOWED = {
    "fields": set(),
    "schema": set(),
    "intake": {"fields", "schema"},
    "receipt": {"fields", "schema", "intake"},
    "linkage": {"fields"},
    "ledger": {"fields", "schema", "intake", "receipt", "linkage", "findings"},
    "engine": set(),
    "rules": {"schema", "engine", "findings"},
    "findings": {"rules"},
    "lights": {"engine", "rules"},
    "supervision": set(),
    "rounds": {"ledger", "rules"},
    "reports": {"intake", "receipt", "linkage", "rules", "findings", "ledger", "lights", "supervision", "rounds"},
    "sample": {"fields", "schema"},
    "run": {"fields", "schema", "intake", "receipt", "linkage", "engine", "rules", "findings", "ledger", "reports"},
    "ledger_entry": {"run", "schema", "linkage", "findings", "ledger", "rules"},
    "gate": {"run", "receipt", "rules", "ledger", "ledger_entry", "reports", "outputs"},
    "outputs": {"run", "linkage", "ledger", "reports", "household_lights"},
    "audit": set(),
    "purge": {"outputs", "reports"},
    "dossier": {"run", "linkage"},
    "supervise": {"intake", "run", "ledger", "supervision"},
    "household_lights": {"engine", "rules", "ledger", "lights", "run"},
    "cli": {
        "run",
        "ledger_entry",
        "gate",
        "outputs",
        "audit",
        "purge",
        "dossier",
        "household_lights",
        "lights",
        "supervise",
        "supervision",
        "reports",
        "rules",
        "schema",
        "sample",
        "intake",
        "receipt",
        "ledger",
        "rounds",
    },
}
LEAVES = {"errors", "own", "policy", "privacy", "settings", "spool", "workspace", "__init__"}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names = [node.module]
            if node.module == "fupin_cli":
                names = [f"fupin_cli.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith("fupin_cli.")}
    return rooms - {"__version__"}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_room_imports_only_what_comes_before_it(path: Path) -> None:
    room = room_of(path)
    if room in LEAVES | {"__main__"}:
        return
    assert imported_rooms(path) <= ALLOWED[room] | LEAVES | {room}


@pytest.mark.parametrize("path", sorted((PACKAGE / "rules").glob("*.py")), ids=lambda path: path.name)
def test_rules_know_no_pandas(path: Path) -> None:
    assert "import pandas" not in path.read_text(encoding="utf-8")
