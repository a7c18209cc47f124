"""An import killed at any moment took the file or did not; importing it again completes it."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fupin_cli.ledger.import_feedback import import_feedback
from fupin_cli.ledger.query import ledger_table
from tests.dispatch.conftest import AT, PLAN, fill, send
from tests.ledger.test_durability import counted_connect

KILLS, FINDINGS = 3, 40

# A program that imports its second argument into the ledger of its first, and kills itself at the moment of its third.
VICTIM = """
import os, signal, sqlite3, sys
from pathlib import Path
from fupin_cli.ledger.import_feedback import import_feedback
from tests.dispatch.conftest import AT
from tests.ledger.test_durability import counted_connect

def die(moment):
    if moment == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

sqlite3.connect = counted_connect(die)
import_feedback(Path(sys.argv[1]), [Path(sys.argv[2])], AT)
"""


def test_killed_at_random_moments(ledger: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ledger(*[{}] * FINDINGS)
    book = fill(send(path), {number: PLAN for number in range(1, FINDINGS + 1)})
    before = ledger_table(path)
    done = Path(shutil.copy(path, tmp_path / "done.db"))
    moments: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", counted_connect(moments.append))
        import_feedback(done, [book], AT)
    after = ledger_table(done)
    assert not before.equals(after) and len(moments) > 3 * KILLS
    victims = {at: Path(shutil.copy(path, tmp_path / f"{at}.db")) for at in random.Random(2020).sample(moments, KILLS)}
    programs = [
        subprocess.Popen([sys.executable, "-c", VICTIM, str(victim), str(book), str(at)])
        for at, victim in victims.items()
    ]
    assert [program.wait() for program in programs] == [-9] * KILLS
    for victim in victims.values():
        held = ledger_table(victim)
        assert held.equals(before) or held.equals(after)
        import_feedback(victim, [book], AT)
        assert ledger_table(victim).equals(after)
