"""Copies of the ledger (台账备份): one before every run, the last ten; taken back whole with ``fupin ledger restore``."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from fupin_cli.errors import FupinError
from fupin_cli.ledger.database import open_ledger, transaction
from fupin_cli.privacy import take_from_others

FOLDER, KEPT = "台账备份", 10
_NAME = re.compile(r"整改台账-(?P<number>\d{4,})-(?P<what>.+)\.db")


@dataclass(frozen=True)
class Backup:
    """One copy: its ``number`` (the larger the newer) and ``what`` it was made before."""

    path: Path
    number: int
    what: str


def backups_of(ledger: Path) -> list[Backup]:
    """All copies, newest first."""
    found = []
    for path in (ledger.parent / FOLDER).glob("*.db"):
        if match := _NAME.fullmatch(path.name):
            found.append(Backup(path, int(match["number"]), match["what"]))
    return sorted(found, key=lambda one: -one.number)


def back_up(ledger: Path, what: str, keep: Path | None = None) -> Path:
    """Copy the ledger as it was last committed and delete the oldest copies but not ``keep``; ``what``: what comes next, for
    the name."""
    earlier = backups_of(ledger)
    number = earlier[0].number + 1 if earlier else 1
    target = ledger.parent / FOLDER / f"整改台账-{number:04}-{what}.db"
    unfinished = target.with_suffix(".part")
    try:
        target.parent.mkdir(exist_ok=True)
        for left in target.parent.glob("*.part*"):  # of a killed program; one that writes holds the ledger
            with suppress(OSError):
                left.unlink()
        with closing(sqlite3.connect(ledger)) as source, closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
        unfinished.replace(target)
        take_from_others((target.parent, *target.parent.iterdir()))
    except (OSError, sqlite3.Error) as error:
        cure = "检查磁盘空间和文件夹权限后重新运行"
        raise FupinError("台账备份写不下，台账没有改动", where=str(target.parent), cure=cure) from error
    spare = [one for one in earlier if one.path != keep]
    for old in spare[KEPT - 1 - (len(earlier) - len(spare)) :]:
        with suppress(OSError):  # open elsewhere: the next time
            old.path.unlink(missing_ok=True)
    return target


def before_run(run_id: int, as_of: str) -> str:
    """The name of the copy made before a run."""
    return f"第{run_id}次比对（{as_of}）前"


def backup_before(ledger: Path, run_id: int, as_of: str) -> Path:
    """The copy made before a run; raises where it is no longer there."""
    wanted = before_run(run_id, as_of)
    for backup in backups_of(ledger):
        if backup.what == wanted:
            return backup.path
    raise FupinError(
        f"没有第{run_id}次比对之前的备份，不能撤回", where=str(ledger.parent / FOLDER),
        cure=f"只能撤回最近{KEPT}次比对中的最后一次；更早的用 fupin ledger restore 恢复",
    )  # fmt: skip


def restore(ledger: Path, number: int) -> Backup:
    """Put a copy in the ledger's place; the ledger as it was is copied first."""
    chosen = next((one for one in backups_of(ledger) if one.number == number), None)
    if chosen is None:
        raise FupinError(
            f"没有编号为{number}的备份", where=str(ledger.parent / FOLDER), cure="用 fupin ledger restore 查看"
        )
    with open_ledger(chosen.path):  # readable, and of today's schema
        pass
    with closing(sqlite3.connect(chosen.path)) as source, open_ledger(ledger) as current:
        with transaction(current):  # nobody else is writing
            back_up(ledger, f"恢复备份{number}前", keep=chosen.path)
        source.backup(current)
    return chosen
