"""Kill commands at random moments and look at what they leave: ledger, outputs and audit log, and what a second try makes of it.

``python benchmarks/kills.py --kills 200`` prints a table, a row a command: how many were killed in time, whether the ledger was
then as before or as after and the outputs old, new or (killed while they were moved in) some of each; and on standard error
each fault. ``--keep 文件夹`` leaves the workspaces with faults there. Works where processes can be forked: not on Windows.

What a command loads is loaded beforehand, so that most of the moments fall into its work.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from fupin_cli.audit import faults
from fupin_cli.cli import main as fupin
from fupin_cli.ledger import database

LEDGER, OUTPUTS = "整改台账.db", "输出"
# Enough lists for every step of a comparison; all of them only take longer.
LISTS = (
    "扶贫办/建档立卡户信息.xlsx", "扶贫办/建档立卡贫困人口信息.xlsx", "教育局/学籍在校生.xlsx", "残联/持证残疾人名册.xlsx",
    "残联/两项补贴发放.xlsx", "民政局/农村低保名册.xlsx", "水务局/农村饮水安全评价.xlsx", "各镇/村级台账.xlsx",
)  # fmt: skip
ANSWER = {
    "核实情况": "属实",
    "责任领导": "张三",
    "责任人": "李四",
    "整改措施": "逐户核实补办",
    "完成时限": "2020-08-31",
}
JULY = ("数据/2020-07", "--as-of", "2020-07-31")
COMMANDS: dict[str, tuple[str, ...]] = {
    "reconcile": ("reconcile", *JULY),
    "round run": ("round", "run", "4", JULY[0]),
    "lights run": ("lights", "run", *JULY),
    "ledger import": ("ledger", "import", "收文/二"),
    "ledger close": ("ledger", "close", "--evidence", "照片", "--by", "张三"),
    "ledger restore": ("ledger", "restore", "1", "--yes"),
    "ledger undo-run": ("ledger", "undo-run", "--reason", "用错了名单", "--by", "张三"),
}
# Said once more after it was done it takes back the run before.
ONCE = ("ledger undo-run",)
# A quarter of the moments are anywhere in a command, a quarter in this last part of it, and half after it has taken the ledger to
# write in it.
LAST = 0.3


@dataclass(frozen=True)
class Known:
    """A command, what it takes undisturbed (``seconds``; ``writing``: from when it takes the ledger), and what ledger and
    outputs are before and after."""

    name: str
    words: tuple[str, ...]
    seconds: float
    writing: float
    before: list[str]
    after: list[str]
    old: dict[str, object]
    new: dict[str, object]


@dataclass
class Left:
    """What one kill left: ``in_time``, or the command had ended; ``ledger``, ``outputs``: which they were; ``faults``, empty as
    it must be; ``litter``: unfinished files, which take room until they are purged."""

    name: str
    in_time: bool = True
    ledger: str = ""
    outputs: str = ""
    faults: list[str] = field(default_factory=list)
    litter: int = 0


@dataclass(frozen=True)
class Victim:
    """A command in a process of its own; ``began``: where it says that it has taken the ledger."""

    process: int
    began: int

    def has_begun(self) -> bool:
        """Wait until it has taken the ledger, or has ended."""
        return bool(os.read(self.began, 1))

    def code(self) -> int:
        """Wait for its exit code, negative for a signal."""
        os.close(self.began)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


def started(workspace: Path, words: tuple[str, ...]) -> Victim:
    """The command, begun in this workspace; what it says goes to ``kills.log``."""
    began, begin = os.pipe()
    if process := os.fork():
        os.close(begin)
        return Victim(process, began)
    os.setsid()  # so that what it starts can be killed with it
    os.chdir(workspace)
    log = os.open("kills.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    note = database.holder_note

    def told(path: Path) -> Path:
        os.write(begin, b".")
        return note(path)

    database.holder_note = told  # asked for when a transaction has begun
    code = 70
    try:
        fupin([*words])
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    finally:
        sys.stdout.flush()
        os._exit(code)


def ended(workspace: Path, words: tuple[str, ...]) -> int:
    """The exit code of a command that nobody disturbs."""
    return started(workspace, words).code()


def killed(workspace: Path, words: tuple[str, ...], delay: float, *, writing: bool) -> bool:
    """Whether the command was still running after ``delay`` seconds, when it was killed; ``writing``: after so many since it
    took the ledger."""
    victim = started(workspace, words)
    if writing:
        victim.has_begun()
    time.sleep(delay)
    os.killpg(victim.process, signal.SIGKILL)  # it is there until it is waited for
    return victim.code() == -signal.SIGKILL


def dump(workspace: Path) -> list[str]:
    """All that the ledger says, without the times at which it was told."""
    lines = []
    with closing(sqlite3.connect(workspace / LEDGER)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1").fetchall():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "at"]
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
            lines += sorted(f"{table} {row}".replace(str(workspace), "") for row in rows)
    return lines


def content(path: Path) -> object:
    """What a file says; neither times, nor whether the ledger already knew the run."""
    if path.name == "run.json":
        facts = json.loads(path.read_text(encoding="utf-8"))
        return {name: value for name, value in facts.items() if name not in ("seconds", "ledger")}
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist() if name != "docProps/core.xml"}
        return {name: part.replace(str(path.parents[1]).encode(), b"") for name, part in parts.items()}
    return path.read_bytes()


def outputs(workspace: Path) -> dict[str, object]:
    """Every complete output by its path; of one that cannot be read, why."""
    found: dict[str, object] = {}
    for path in sorted((workspace / OUTPUTS).rglob("*")):
        name = path.relative_to(workspace).as_posix()
        if path.is_file() and "/.fupin-" not in name:
            try:
                found[name] = content(path)
            except (ValueError, zipfile.BadZipFile) as error:
                found[name] = f"读不了：{error}"
    return found


def litter(workspace: Path) -> int:
    """How many unfinished files and folders lie about."""
    return len([*(workspace / OUTPUTS).rglob(".fupin-*"), *workspace.rglob("*.part*")])


def filled(workspace: Path, folder: str, number: int, answers: dict[str, str]) -> None:
    """The workbook of the ``number``-th unit as it comes back."""
    path = sorted((workspace / OUTPUTS / "下发").rglob("*.xlsx"))[number]
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if row[-1].value == "识别码")
    places = {cell.value: cell.column for cell in head}
    for row in sheet.iter_rows(min_row=head[0].row + 1):
        if row[-1].value:
            for title, value in answers.items():
                sheet.cell(row[0].row, places[title]).value = value
    target = workspace / "收文" / folder / path.name
    target.parent.mkdir(parents=True)
    book.save(target)


def build(workspace: Path) -> None:
    """May and June compared, lit and sent out; of two answers one has been taken."""

    def done(*words: str) -> None:
        code = ended(workspace, words)
        if code not in (0, 3):
            log = (workspace / "kills.log").read_text(encoding="utf-8")
            raise SystemExit(f"{' '.join(words)}：退出码 {code}\n{log[-2000:]}")

    workspace.mkdir(parents=True)
    done("init", ".", "--district", "美兰区")
    done("sample", "全部", "--months", "2020-05..2020-07", "--persons", "300")
    for month in ("2020-05", "2020-06", "2020-07"):
        for name in LISTS:
            if (workspace / "全部" / month / name).exists():
                (workspace / "数据" / month / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(workspace / "全部" / month / name, workspace / "数据" / month / name)
    shutil.rmtree(workspace / "全部")
    done("round", "plan", "--year", "2020")
    plan = workspace / "年度比对计划.toml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("2020-09-30", "2020-07-31"), encoding="utf-8")
    for day in ("2020-05-31", "2020-06-30"):
        done("reconcile", f"数据/{day[:7]}", "--as-of", day, "--accept", "仿真数据")
    done("lights", "run", "数据/2020-06", "--as-of", "2020-06-30")
    done("reconcile", *JULY, "--no-ledger", "--out", "试")  # so that its lists are in the cache
    shutil.rmtree(workspace / "试")
    done("dispatch", "--all")
    filled(workspace, "一", 0, ANSWER | {"整改情况": "已办结", "完成日期": "2020-07-10"})
    filled(workspace, "二", 1, ANSWER)
    done("ledger", "import", "收文/一")
    (workspace / "kills.log").unlink()


def words_of(name: str, workspace: Path) -> tuple[str, ...]:
    """The command as it is typed, with the findings it closes."""
    if name != "ledger close":
        return COMMANDS[name]
    with closing(sqlite3.connect(workspace / LEDGER)) as connection:
        keys = connection.execute("SELECT finding_key FROM findings WHERE state = '已整改待复核' ORDER BY 1").fetchall()
    return (*COMMANDS[name], *(key for (key,) in keys))


@contextlib.contextmanager
def a_copy(original: Path, parent: Path) -> Iterator[Path]:
    """A copy of the workspace, under one and the same name: some of what is written names it."""
    folder = Path(tempfile.mkdtemp(dir=parent))
    try:
        yield Path(shutil.copytree(original, folder / "区"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measured(name: str, original: Path, parent: Path) -> Known:
    """What the command does when nobody disturbs it."""
    with a_copy(original, parent) as workspace:
        before, old = dump(workspace), outputs(workspace)
        words = words_of(name, workspace)
        begins = time.perf_counter()
        victim = started(workspace, words)
        victim.has_begun()
        writes = time.perf_counter()
        code = victim.code()
        ends = time.perf_counter()
        after = dump(workspace)
        if code or before == after:
            raise SystemExit(f"{name}：退出码 {code}\n{(workspace / 'kills.log').read_text(encoding='utf-8')}")
        return Known(name, words, ends - begins, ends - writes, before, after, old, outputs(workspace))


def tried(known: Known, share: float, writing: bool, original: Path, parent: Path, keep: Path | None) -> Left:
    """Kill the command after this ``share`` of what it takes, or of its ``writing``."""
    left = Left(known.name)
    with a_copy(original, parent) as workspace:
        left.in_time = killed(
            workspace, known.words, share * (known.writing if writing else known.seconds), writing=writing
        )
        try:
            look(left, known, workspace)
        except (AssertionError, sqlite3.Error) as error:
            left.faults.append(f"台账读不了：{error!r}")
        if left.faults and keep is not None:
            log = "".join(f"{fault}\n" for fault in left.faults)
            (workspace / "kills.log").open("a", encoding="utf-8").write(f"{share} {left}\n{log}")
            shutil.copytree(workspace, Path(tempfile.mkdtemp(prefix=f"{known.name}-", dir=keep)) / "区")
    return left


def look(left: Left, known: Known, workspace: Path) -> None:
    """Note what there is, and what a second try makes of it."""
    now = dump(workspace)
    left.ledger = "前" if now == known.before else "后" if now == known.after else "别的"
    found = outputs(workspace)
    strange = [name for name in found if found[name] not in (known.old.get(name), known.new.get(name))]
    left.outputs = "旧" if found == known.old else "新" if found == known.new else "半" if not strange else "别的"
    if left.ledger == "别的":
        left.faults.append("台账既不是之前的也不是之后的")
    if strange:
        left.faults.append(f"输出既不是之前的也不是之后的：{'、'.join(strange)}")
    if left.ledger == "后" and left.outputs != "新" and known.old != known.new:
        left.faults.append(f"台账已记入，输出是{left.outputs}的")
    left.faults += [f"审计日志：{fault}" for fault in faults(workspace)]
    if not (known.name in ONCE and left.ledger == "后"):
        code = ended(workspace, known.words)
        if code:
            left.faults.append(f"重新运行：退出码 {code}")
        if dump(workspace) != known.after:
            left.faults.append("重新运行后台账与没有中断的不同")
        again = outputs(workspace)
        if again != known.new:
            differ = sorted(name for name in again | known.new if again.get(name) != known.new.get(name))
            left.faults.append(f"重新运行后输出与没有中断的不同：{'、'.join(differ)}")
        left.faults += [f"重新运行后的审计日志：{fault}" for fault in faults(workspace)]
    for path in (workspace / "台账备份").glob("*.db"):
        with closing(sqlite3.connect(path)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                left.faults.append(f"备份坏了：{path.name}")
    left.litter = litter(workspace)


def load() -> None:
    """Import what the commands do, in a process that does nothing else with it: a fork must not inherit threads."""
    import fupin_cli.gate
    import fupin_cli.household_lights
    import fupin_cli.ledger.import_feedback
    import fupin_cli.ledger.undo
    import fupin_cli.reports.ledger_terminal
    import fupin_cli.reports.lights_page
    import fupin_cli.reports.lights_sheet
    import fupin_cli.reports.lights_terminal
    import fupin_cli.reports.returns
    import fupin_cli.reports.terminal
    import fupin_cli.rounds.plan  # noqa: F401


def table(all_left: list[Left], known: dict[str, Known]) -> Iterator[str]:
    """Rows of Markdown."""
    yield "| 命令 | 用时 | 其中写 | 次数 | 运行中被终止 | 台账 前/后 | 输出 旧/半/新 | 台账前而输出新或半 | 残留 | 出错 |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for name, one in known.items():
        left = [each for each in all_left if each.name == name]
        caught = [each for each in left if each.in_time]
        ledger, out = Counter(each.ledger for each in caught), Counter(each.outputs for each in caught)
        ahead = sum(each.ledger == "前" and each.outputs != "旧" for each in caught)
        same = one.old == one.new
        moved = "—" if same else f"{out['旧']}/{out['半']}/{out['新']}"
        yield (
            f"| {name} | {one.seconds:.2f} s | {one.writing:.2f} s | {len(left)} | {len(caught)} | {ledger['前']}/{ledger['后']} | {moved} "
            f"| {ahead} | {sum(bool(each.litter) for each in left)} | {sum(bool(each.faults) for each in left)} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2020)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--only", action="append", choices=sorted(COMMANDS), help="one command, or several")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    chance, names = random.Random(options.seed), options.only or list(COMMANDS)
    context = multiprocessing.get_context("fork")
    with (
        tempfile.TemporaryDirectory(prefix="kills-") as temporary,
        ProcessPoolExecutor(options.workers, context, load) as pool,
    ):
        parent = Path(temporary)
        original = parent / "原样"
        pool.submit(build, original).result()
        known = {one.name: one for one in pool.map(measured, names, [original] * len(names), [parent] * len(names))}
        jobs = []
        for at in range(options.kills):
            turn = at // len(names) % 4
            share = chance.uniform(1 - LAST if turn == 1 else 0, 1)
            one = known[names[at % len(names)]]
            jobs.append(pool.submit(tried, one, share, turn > 1, original, parent, options.keep))
        all_left = []
        with contextlib.suppress(KeyboardInterrupt):  # then the table says how far it came
            for at, job in enumerate(jobs, 1):
                left = job.result()
                all_left.append(left)
                where = f"{at} {left.name}（台账{left.ledger}，输出{left.outputs}）"
                for fault in left.faults:
                    print(f"{where}：{fault}", file=sys.stderr, flush=True)
                if at % 20 == 0:
                    print(f"{at}次", file=sys.stderr, flush=True)
        pool.shutdown(cancel_futures=True)
    print("\n".join(table(all_left, known)))
    if any(left.faults for left in all_left):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
