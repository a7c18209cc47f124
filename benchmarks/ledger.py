"""The ledger at 100,000 findings over 24 months: what a run's ledger step and ``fupin ledger list`` take.

``python benchmarks/ledger.py [findings] [months]`` prints rows for docs/benchmarks.md: seconds by the clock, and seconds
of the processor, which other programs do not blur.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from fupin_cli.findings import COLUMNS
from fupin_cli.ledger.facts import RunFacts
from fupin_cli.ledger.update import update_ledger
from fupin_cli.workspace import init_workspace

TOWNS, RULES = 20, 80
SHARE_FIRED, SHARE_CHANGED = 0.8, 0.1


def month_of(count: int, as_of: date, rng: random.Random) -> RunFacts:
    """A month in which four findings of five fire, and one of ten of those says something else than before."""
    rows = []
    for at in range(count):
        if rng.random() > SHARE_FIRED:
            continue
        amount = as_of.toordinal() if rng.random() < SHARE_CHANGED else 100
        rows.append((
            f"{at:016x}", f"R{at % RULES:02}-01", "基本医疗", "一般", "person", f"46010810{at // 4:08}", f"46010810{at:010}", "某人",
            "460108198001011018", f"第{at % TOWNS}镇", f"第{at % 400}村", "区医保局、区财政局", "住院报销比例不足",
            f"某人住院总费用8000元，实际报销{amount}元，低于应报销的九成，请核实补报。", "建档立卡，应报销90%", f"报销{amount}元",
            "工作要点 三（二）2", f"医保局/住院结算.xlsx!表!{at + 2}", "health.inpatient register.persons",
        ))  # fmt: skip
    table = pl.DataFrame(rows, schema={name: pl.String for name in (*COLUMNS, "sources")}, orient="row")
    coverage = tuple((f"R{rule:02}-01", "", True) for rule in range(RULES))
    return RunFacts(as_of, table, coverage, frozenset({"health.inpatient", "register.persons"}))


def updated(path: Path, facts: RunFacts) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    update_ledger(path, facts, f"{facts.as_of}T10:00:00")
    return time.perf_counter() - clock, time.process_time() - processor


def listed(folder: str, words: list[str]) -> tuple[float, float]:
    command = [sys.executable, "-m", "fupin_cli", "ledger", "list", *words, "--workspace", folder]
    clock, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - clock, processor


def main() -> None:
    given = [int(word) for word in sys.argv[1:]]
    count, months = [*given, *(100_000, 24)[len(given) :]]
    rng = random.Random(2020)
    with tempfile.TemporaryDirectory() as folder:
        init_workspace(Path(folder), "")
        path = Path(folder) / "整改台账.db"
        days = [date(2019, 1, 31) + timedelta(days=30 * month) for month in range(months)]
        clock, processor = max(updated(path, month_of(count, day, rng)) for day in days)
        size = path.stat().st_size / 1e6
        print(f"| 台账更新，{count:,} 个问题、{months} 期中最慢一期 | {clock:.2f} s | {processor:.2f} s | 10 s |")
        for words in (["--unit", "医保局"], ["--state", "待核实", "--rule", "R07"], ["第399村", "--overdue"]):
            clock, processor = min(listed(folder, words) for _ in range(3))
            print(f"| `fupin ledger list {' '.join(words)}` | {clock:.2f} s | {processor:.2f} s | 1 s |")
        print(f"| 台账文件 | {size:.0f} MB | | |")


if __name__ == "__main__":
    main()
