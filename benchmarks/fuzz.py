"""Fuzz the intake, or ``ledger import``: valid files, spoilt by seed, read one after the other in a process of its own.

``python benchmarks/fuzz.py --minutes 30 --seed 0`` (``--target ledger`` for returned workbooks) counts readings, refusals and, each with its seed, what must not
be: an exception, a row that is not accounted for, a file that takes over 20 s, the death of the process. Also said: files read slowly, and those
with which the peak memory of the process rose past 1,200 MB (``--minutes 0.01 --seed N`` measures one of them alone).
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.hostile.corpus import BASES
from tests.hostile.parquet_footer import spoilt_parquet
from tests.hostile.specimen import parts_of, spoil
from tests.hostile.workbooks import docx, zipped

from fupin_cli.fields.places import Places
from fupin_cli.intake.read import read_paths
from fupin_cli.ledger.import_feedback import import_feedback
from fupin_cli.schema.kinds import load_kinds

SECONDS, SLOW, LARGE = 20, 8, 1200
SAMPLE = Path(__file__).parents[1] / "sample_data" / "2020-06"
MAKERS = {**BASES, "docx": docx}
ZIPPED = ("xlsx", "ods", "xlsb", "docx")


def spoilt_file(seed: int, returned: bytes = b"") -> tuple[str, bytes]:
    """Suffix and bytes of the file of ``seed``, made from ``returned`` where given; zipped formats are mostly spoilt inside,
    Parquet in its footer and the headers of its pages.
    """
    chance = random.Random(seed)
    suffix = "xlsx" if returned else chance.choice(sorted(MAKERS))
    if suffix == "parquet":
        return suffix, spoilt_parquet(chance)
    whole = returned or MAKERS[suffix]()
    if suffix in ZIPPED and chance.random() < 0.8:
        parts = parts_of(whole)
        for _ in range(chance.randint(1, 3)):
            name = chance.choice(sorted(parts))
            parts[name] = spoil(parts[name], chance)
        return suffix, zipped(parts)
    return suffix, spoil(whole, chance)


def office(folder: Path) -> tuple[Path, bytes]:
    """A workspace's ledger with the findings of the sample month, and a workbook sent to a unit."""
    for words in (["init", str(folder)], ["reconcile", str(SAMPLE), "--as-of", "2020-06-30"], ["dispatch", "--all"]):
        command = [sys.executable, "-m", "fupin_cli", *words, "--workspace", str(folder), "--quiet"]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    sent = min(folder.rglob("*三清单*.xlsx"), key=lambda path: path.stat().st_size)
    return folder / "整改台账.db", sent.read_bytes()


def read_outcome(path: Path) -> str:
    """What intake makes of the file."""
    (file,) = read_paths([path], load_kinds(), Places()).files
    if not all(sheet.rows.adds_up for sheet in file.sheets) or not (file.error or file.skipped or file.sheets):
        return "行数不符"
    return "退回" if file.error else "读入"


def import_outcome(ledger: Path, path: Path) -> str:
    """What the ledger makes of the file."""
    (taken,) = import_feedback(ledger, [path], "2020-07-10T09:00:00")
    rows = taken.taken + taken.unchanged + taken.blank
    return "退回" if taken.refused else "读入" if rows or taken.notes or taken.known else "没有下文"


def serve(link: Connection, folder: str, target: str) -> None:
    """Take the file of every seed that comes; answer with what became of it and the peak memory in MB."""
    ledger, returned = office(Path(folder, "工作目录")) if target == "ledger" else (None, b"")
    while (seed := link.recv()) is not None:
        suffix, data = spoilt_file(seed, returned)
        path = Path(folder) / f"学籍.{suffix}"
        path.write_bytes(data)
        try:
            outcome = import_outcome(ledger, path) if ledger else read_outcome(path)
        except BaseException as error:
            outcome = f"异常 {type(error).__name__}"
        link.send((outcome, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", choices=("intake", "ledger"), default="intake")
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    counts: Counter[str] = Counter()
    slowest, peak, seed, end = 0.0, 0, options.seed, time.monotonic() + options.minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            link, other = context.Pipe()
            child = context.Process(target=serve, args=(other, folder, options.target), daemon=True)
            child.start()
            other.close()
            alive = first = True
            while alive and time.monotonic() < end:
                started = time.monotonic()
                link.send(seed)
                try:
                    outcome, memory = link.recv() if link.poll(SECONDS + 40 * first) else ("超时", 0)
                except EOFError:
                    outcome, memory = "进程中止", 0
                seconds = time.monotonic() - started
                if memory > max(peak, LARGE):
                    print(f"种子 {seed}：内存峰值升到 {memory} MB", flush=True)
                slowest, peak = slowest if first else max(slowest, seconds), max(peak, memory)
                counts[outcome] += 1
                if outcome not in ("读入", "退回") or (seconds > SLOW and not first):
                    print(f"种子 {seed}：{outcome} {seconds:.1f} 秒", flush=True)
                first = False
                alive = outcome not in ("超时", "进程中止")
                seed += 1
            child.kill()
    print(f"{seed - options.seed} 个文件：", "，".join(f"{name} {count}" for name, count in sorted(counts.items())))
    print(f"最慢 {slowest:.1f} 秒，内存峰值 {peak} MB")


if __name__ == "__main__":
    main()
