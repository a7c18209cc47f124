"""The audit log (审计日志) of a workspace: one line a command that wrote or took something, each sealed with the one before.

A line's ``seal`` is a hash over the line and the seal before it, so that a changed, deleted or inserted line breaks the
chain; the number of lines and the last seal are kept in a file of their own, the head, so that a cut end is found too.
The head takes a line down before the log does, so that what a program killed at any moment leaves behind is known, and
the next one completes it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fupin_cli.errors import FupinError
from fupin_cli.privacy import masked, take_from_others

LOG, HEAD = "审计日志.jsonl", "审计日志.db"
START = "0" * 64
PATIENCE = 30


@dataclass(frozen=True)
class _State:
    """The head and the ``lines`` of the log at one moment; ``pending``: the line that was to be written then."""

    count: int
    seal: str
    pending: bytes
    lines: tuple[bytes, ...]


def append(root: Path, facts: Mapping[str, Any]) -> None:
    """Add one line to the log of the workspace ``root``. A tampered log is continued, and stays broken."""
    take_from_others((root / LOG, root / HEAD))
    try:
        with _head(root) as head:
            _complete(root, head)
            count, seal = head.execute("SELECT count, seal FROM head").fetchone()
            line = {"n": count + 1, **_writable(facts), "before": seal}
            line["seal"] = _seal(line)
            head.execute("INSERT INTO pending VALUES (?)", (_written(line),))
        with _head(root) as head:
            _complete(root, head)
    except (OSError, sqlite3.Error) as error:
        raise FupinError("审计日志不能写入", where=str(root / LOG), cure="关闭打开它的程序，检查磁盘和权限") from error


def entries(root: Path) -> list[dict[str, Any]]:
    """The lines of the log, oldest first; lines that cannot be read are left out (:func:`faults` names them)."""
    return [line for line in map(_parsed, _lines(root)) if line is not None]


def faults(root: Path) -> list[str]:
    """What is wrong with the log, one Chinese sentence each; empty when nothing was changed, killed programs or not."""
    state = _state(root)
    found, seal, number = [], START, 0
    lines = state.lines
    if lines and state.pending.startswith(lines[-1]):  # the whole of it, or what a killed program got down
        lines = lines[:-1]
    for at, (text, line) in enumerate(zip(lines, map(_parsed, lines), strict=True), 1):
        # to the letter: of two entries of one name a reader sees the first, a parser the last
        if line is None or text != _written(line).encode() or _seal(line) != line.get("seal"):
            found.append(f"第{at}行被改动过。")
        elif line["before"] != seal or line["n"] != number + 1:
            found.append(f"第{at}行与上一行接不上：之间有行被删除、插入或调换。")
        seal, number = (line.get("seal", ""), line.get("n", at)) if line else ("", at)
    if len(lines) < state.count and not found:
        found.append(f"末尾少了{state.count - len(lines)}行。")
    elif (len(lines), seal) != (state.count, state.seal):
        found.append(f"与登记的行数（{state.count}行）或最后一行不符：有行被删除、插入或替换。")
    return found


def last_seal(root: Path) -> tuple[int, str]:
    """Number of lines and seal of the last one, to be written down elsewhere (抄存)."""
    state = _state(root)
    return state.count, state.seal


def file_hashes(paths: Iterable[Path]) -> dict[str, str]:
    """Path, ID numbers in it masked → SHA-256, of the files that are there and of those in folders."""
    files = [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    return {masked(str(file)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}


def _seal(line: Mapping[str, Any]) -> str:
    facts = {name: value for name, value in line.items() if name != "seal"}
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _writable(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without what UTF-8 cannot hold: names of files may be any bytes."""
    readable: dict[str, Any] = json.loads(json.dumps(facts, ensure_ascii=False).encode("utf-8", "replace"))
    return readable


def _written(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False) + "\n"


def _parsed(text: bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) and {"n", "before", "seal"} <= set(line) else None


@contextmanager
def _head(root: Path) -> Iterator[sqlite3.Connection]:
    """The head, held against other programs until the block is done."""
    with closing(sqlite3.connect(root / HEAD, timeout=PATIENCE, isolation_level=None)) as head:
        head.execute("BEGIN IMMEDIATE")
        head.execute("CREATE TABLE IF NOT EXISTS head (count INTEGER NOT NULL, seal TEXT NOT NULL)")
        head.execute("CREATE TABLE IF NOT EXISTS pending (line TEXT NOT NULL)")
        if head.execute("SELECT count(*) FROM head").fetchone()[0] == 0:
            head.execute("INSERT INTO head VALUES (0, ?)", (START,))
        yield head
        head.execute("COMMIT")


def _complete(root: Path, head: sqlite3.Connection) -> None:
    """Bring the pending line onto the log, what of it is not there yet, and let the head move on."""
    for (text,) in head.execute("SELECT line FROM pending").fetchall():
        line = text.encode()
        with (root / LOG).open("ab+") as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - len(line)))
            end = stream.read()
            there = end if end == line else end.rpartition(b"\n")[2]
            stream.write(line.removeprefix(there))
            stream.flush()
            os.fsync(stream.fileno())
        head.execute("UPDATE head SET count = count + 1, seal = ?", (json.loads(line)["seal"],))
        head.execute("DELETE FROM pending")


def _state(root: Path) -> _State:
    """Read in one transaction: while it lasts no other program can let the head move on."""
    if not (root / HEAD).exists():
        return _State(0, START, b"", _lines(root))
    try:
        with closing(sqlite3.connect(root / HEAD, timeout=PATIENCE, isolation_level=None)) as head:
            head.execute("BEGIN")
            tables = {name for (name,) in head.execute("SELECT name FROM sqlite_master")}
            known = head.execute("SELECT count, seal FROM head").fetchone() if "head" in tables else None
            line = head.execute("SELECT line FROM pending").fetchone() if "pending" in tables else None
            # neither table nor row: killed while they were made, before any line
            (count, seal), (pending,) = known or (0, START), line or ("",)
            return _State(int(count), str(seal), str(pending).encode(), _lines(root))
    except sqlite3.OperationalError as error:
        raise FupinError(
            "审计日志的登记文件打不开", where=str(root / HEAD), cure="关闭打开它的程序，检查权限"
        ) from error
    except (sqlite3.Error, ValueError) as error:
        raise FupinError("审计日志的登记文件已损坏", where=str(root / HEAD), cure="用备份恢复后再核对") from error


def _lines(root: Path) -> tuple[bytes, ...]:
    """Every line as it stands in the log; a line ends at a line feed and nowhere else."""
    try:
        return tuple(io.BytesIO((root / LOG).read_bytes())) if (root / LOG).exists() else ()
    except OSError as error:
        raise FupinError("审计日志打不开", where=str(root / LOG), cure="关闭打开它的程序，检查权限") from error
