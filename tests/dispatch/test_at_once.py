"""Imports at the same time leave the ledger as one after the other would."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.ledger.import_feedback import import_feedback
from tests.dispatch.conftest import AT, PLAN, SCHOOL, TOWN, fill, send

DISMISSED = {"verdict": "不属实", "dismiss_reason": "在外省就读", "dismiss_evidence": "学籍证明"}
# A program that imports the file of its second argument into the ledger of its first: it says when it has read everything
# and is about to begin, and once it has begun notes its file in that of the third.
IMPORTER = """
import sys
from contextlib import contextmanager
from pathlib import Path
from fupin_cli.ledger import import_feedback as module
from tests.dispatch.conftest import AT

begin = module.transaction

@contextmanager
def told(connection):
    print("ready", flush=True)
    with begin(connection):
        with open(sys.argv[3], "a", encoding="utf-8") as order:
            print(sys.argv[2], file=order)
        yield

module.transaction = told
module.import_feedback(Path(sys.argv[1]), [Path(sys.argv[2])], AT)
"""


def dump(path: Path) -> list[str]:
    with open_ledger(path) as connection:
        return list(connection.iterdump())


def test_five_imports_at_once_are_one_after_the_other(ledger: Callable[..., Path], tmp_path: Path) -> None:
    """Answers that build on each other, that contradict each other, of two units, and one file twice."""
    path = ledger({}, {"owner": f"{SCHOOL}、{TOWN}"}, {})
    files = [
        fill(send(path), {1: PLAN, 2: PLAN}),
        fill(send(path), {1: DISMISSED, 3: PLAN}),
        fill(send(path, TOWN), {2: DISMISSED}),
        fill(send(path), {1: {"done_on": "2020-07-10"}, 3: {"done_on": "2020-07-15"}}),
    ]
    files.append(Path(shutil.copy(files[0], tmp_path / "又一份.xlsx")))
    alone, order = Path(shutil.copy(path, tmp_path / "alone.db")), tmp_path / "order.txt"
    with open_ledger(path) as connection, transaction(connection):
        programs = [
            subprocess.Popen([sys.executable, "-c", IMPORTER, path, file, order], stdout=subprocess.PIPE)
            for file in files
        ]
        assert [program.stdout.readline() for program in programs if program.stdout] == [b"ready\n"] * len(files)
    assert [program.wait() for program in programs] == [0] * len(files)
    for program in programs:
        program.communicate()
    began = order.read_text(encoding="utf-8").splitlines()
    assert sorted(began) == sorted(map(str, files))
    for file in began:
        import_feedback(alone, [Path(file)], AT)
    assert dump(path) == dump(alone)
