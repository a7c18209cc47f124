"""Reconcile months written by ``fupin sample``, with one engine or several, and print time, memory and agreement.

``python benchmarks/month.py 文件夹… --as-of 2020-06-30 --engine polars --engine spark``: a line of the table for every folder and
engine: rows, seconds, microseconds a row, peak memory summed over all processes of the run (pages that two of them share count
twice), and whether ``findings.csv`` is, byte for byte, the one of the first engine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

SAMPLED_EVERY = 0.2


def resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def measured(words: list[str]) -> tuple[float, float]:
    """Seconds, and peak megabytes of the program and all processes that it starts."""
    started, peak = time.perf_counter(), 0
    with psutil.Popen(words, stdout=subprocess.DEVNULL) as program:
        while program.poll() is None:
            try:
                peak = max(peak, sum(map(resident, [program, *program.children(recursive=True)])))
            except psutil.NoSuchProcess:
                continue
            time.sleep(SAMPLED_EVERY)
        if program.returncode:
            raise SystemExit(f"{' '.join(words)}：退出码 {program.returncode}")
    return time.perf_counter() - started, peak / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--as-of", required=True)
    parser.add_argument("--engine", action="append", dest="engines", default=None)
    options = parser.parse_args()
    print(
        "| 月份 | 行 | 引擎 | 用时 | 每行 | 内存峰值 | 问题 | 与第一个引擎相同 |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    for folder in options.folders:
        first = b""
        for engine in options.engines or ["polars"]:
            with tempfile.TemporaryDirectory() as temporary:
                out = Path(temporary, "out")
                words = [sys.executable, "-m", "fupin_cli", "reconcile", str(folder), "--as-of", options.as_of]
                words += ["--engine", engine, "--out", str(out), "--workspace", temporary, "--no-ledger", "--quiet"]
                seconds, megabytes = measured(words)
                found = (out / "findings.csv").read_bytes()
                known = json.loads((out / "run.json").read_text("utf-8"))
            rows = sum(sheet["rows"]["total"] for file in known["inputs"] for sheet in file["sheets"])
            first = first or found
            same = "是" if found == first else "否"
            print(
                f"| {folder.name} | {rows:,} | {engine} | {seconds:.1f} s | {seconds / rows * 1e6:.1f} µs "
                f"| {megabytes:,.0f} MB | {known['findings']:,} | {same} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
