from __future__ import annotations

from pathlib import Path

import pytest

from fupin_cli.rounds.plan import Plan, load_plan, write_plan
from tests.ledger.ledgers import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    write_plan(tmp_path, 2020)
    return load_plan(tmp_path)
