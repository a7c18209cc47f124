"""Fuzz the intake: valid files of every format, spoilt by seed, read one after the other in a process of its own.

``python benchmarks/fuzz.py --minutes 30 --seed 0`` counts readings, refusals and, each with its seed, what must not
be: an exception, a row that is not accounted for, a file that takes over 20 s, the death of the process.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.hostile.corpus import BASES, parts_of, spoil
from tests.hostile.workbooks import docx, zipped

from fupin_cli.fields.places import Places
from fupin_cli.intake.read import read_paths
from fupin_cli.schema.kinds import load_kinds

SECONDS = 20
MAKERS = {**BASES, "docx": docx}
ZIPPED = ("xlsx", "ods", "xlsb", "docx")


def spoilt_file(seed: int) -> tuple[str, bytes]:
    """Suffix and bytes of the file of ``seed``; of the zipped formats most are spoilt inside."""
    chance = random.Random(seed)
    suffix = chance.choice(sorted(MAKERS))
    whole = MAKERS[suffix]()
    if suffix in ZIPPED and chance.random() < 0.8:
        parts = parts_of(whole)
        for _ in range(chance.randint(1, 3)):
            name = chance.choice(sorted(parts))
            parts[name] = spoil(parts[name], chance)
        return suffix, zipped(parts)
    return suffix, spoil(whole, chance)


def serve(link: Connection, folder: str) -> None:
    """Read the file of every seed that comes; answer with what became of it and the peak memory in MB."""
    kinds = load_kinds()
    while (seed := link.recv()) is not None:
        suffix, data = spoilt_file(seed)
        path = Path(folder) / f"学籍.{suffix}"
        path.write_bytes(data)
        try:
            (file,) = read_paths([path], kinds, Places()).files
            ok = all(sheet.rows.adds_up for sheet in file.sheets) and (file.error or file.skipped or file.sheets)
            outcome = ("退回" if file.error else "读入") if ok else "行数不符"
        except BaseException as error:
            outcome = f"异常 {type(error).__name__}"
        link.send((outcome, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    counts: Counter[str] = Counter()
    slowest, peak, seed, end = 0.0, 0, options.seed, time.monotonic() + options.minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            link, other = context.Pipe()
            child = context.Process(target=serve, args=(other, folder), daemon=True)
            child.start()
            other.close()
            alive = True
            while alive and time.monotonic() < end:
                started = time.monotonic()
                link.send(seed)
                try:
                    outcome, memory = link.recv() if link.poll(SECONDS + 5) else ("超时", 0)
                except EOFError:
                    outcome, memory = "进程中止", 0
                slowest, peak = max(slowest, time.monotonic() - started), max(peak, memory)
                counts[outcome] += 1
                if outcome not in ("读入", "退回"):
                    print(f"种子 {seed}：{outcome}", flush=True)
                alive = outcome not in ("超时", "进程中止")
                seed += 1
            child.kill()
    print(f"{seed - options.seed} 个文件：", "，".join(f"{name} {count}" for name, count in sorted(counts.items())))
    print(f"最慢 {slowest:.1f} 秒，内存峰值 {peak} MB")


if __name__ == "__main__":
    main()
