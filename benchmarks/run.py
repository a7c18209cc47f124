"""Measure fupin beside its yardsticks in one run and print a table of ratios.

``python benchmarks/run.py [--persons N] [--replicas N]``: ``--persons`` sizes the invented district of the whole run (100,000
gives about 700,000 source rows and takes half an hour), ``--replicas`` how often its linked tables stand side by side for the
rules (370 gives 500,000 persons).
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import xlsxwriter
from python_calamine import CalamineWorkbook

from fupin_cli.fields.resident_id import check_char

ROOT = Path(__file__).resolve().parent.parent
AS_OF = date(2020, 6, 30)
WATCHER = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - start
print(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def command(*words: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a program of its own."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHER, sys.executable, *words], check=True, capture_output=True, text=True, cwd=ROOT
    )
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def best(measure: Callable[[], tuple[float, float]], times: int = 5) -> tuple[float, float]:
    return min(measure() for _ in range(times))


def row(what: str, seconds: float, yardstick: str, other: float, wanted: str, megabytes: float | None = None) -> None:
    memory = f"{megabytes:.0f} MB" if megabytes else ""
    print(
        f"| {what} | {seconds:.2f} s | {memory} | {yardstick} {other:.2f} s | {seconds / other:.2f} | {wanted} |",
        flush=True,
    )


def start_up() -> None:
    ours, _ = best(lambda: command("-m", "fupin_cli", "--help"))
    typer, _ = best(lambda: command("-c", "import typer"))
    row("`fupin --help`", ours, "`import typer`", typer, "≤ 2")


def district() -> None:
    with tempfile.TemporaryDirectory() as folder:
        words = (
            "-m",
            "fupin_cli",
            "reconcile",
            "sample_data/2020-06",
            "--as-of",
            "2020-06-30",
            "--out",
            f"{folder}/out",
            "--quiet",
        )
        seconds, megabytes = best(lambda: command(*words), 3)
    row("样例月份全程（冷启动）", seconds, "目标", 3.0, "≤ 1；≤ 300 MB", megabytes)


def write_roll(path: Path, rows: int) -> None:
    """A roll of 12 columns, as one workbook."""
    rng = random.Random(1)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    headers = [
        "学生姓名",
        "性别",
        "身份证件号",
        "全国学籍号",
        "学校名称",
        "学段",
        "年级",
        "班级",
        "学生状态",
        "是否建档立卡",
        "户籍所在镇",
        "村（社区）",
    ]
    sheet.write_row(0, 0, headers)
    for number in range(1, rows + 1):
        first17 = (
            f"46010820{rng.randint(5, 14):02d}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(0, 999):03d}"
        )
        identity = first17 + check_char(first17)
        name = rng.choice("陈王符吴林李黄") + rng.choice("明伟强海文林") + rng.choice("英芳玉兰花梅")
        cells = [
            name,
            "男",
            identity,
            f"G{identity}",
            f"第{number % 97}小学",
            "小学",
            "三年级",
            "1班",
            "在读",
            "否",
            "灵山镇",
            f"第{number % 50}村",
        ]
        sheet.write_row(number, 0, cells)
    book.close()


COLUMNS = """
import sys, time
from pathlib import Path
from fupin_cli.fields.places import Places
from fupin_cli.intake.grids import workbook_grids
from fupin_cli.intake.header import HeaderIndex
from fupin_cli.intake.sheets import Reader
from fupin_cli.schema.kinds import load_kinds
kinds = load_kinds()
reader = Reader(kinds, HeaderIndex(kinds), Places())
path = Path(sys.argv[1])
grids = list(workbook_grids(path.read_bytes()))
started = time.process_time()
reader.read(grids, path.name, None)
print(time.process_time() - started)
"""


def columns_once(path: Path) -> tuple[float, float]:
    """CPU seconds from the cells of a sheet to its canonical table."""
    done = subprocess.run([sys.executable, "-c", COLUMNS, str(path)], check=True, capture_output=True, text=True)
    return float(done.stdout), 0.0


def intake(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "学籍在校生.xlsx"
        write_roll(path, rows)
        code = "import sys; from pathlib import Path; from fupin_cli.fields.places import Places; from fupin_cli.schema.kinds import load_kinds; "
        code += "from fupin_cli.intake.read import read_paths; read_paths([Path(sys.argv[1])], load_kinds(), Places())"
        ours, megabytes = best(lambda: command("-c", code, str(path)), 2)
        raw = "import sys; from python_calamine import CalamineWorkbook as W; b=W.from_path(sys.argv[1]); b.get_sheet_by_index(0).to_python()"
        calamine, _ = best(lambda: command("-c", raw, str(path)), 2)
        pandas = "import sys, pandas as pd; pd.read_excel(sys.argv[1], dtype=str, engine='openpyxl')"
        slow, _ = command("-c", pandas, str(path))
        row(f"读取整理 {rows:,}×12", ours, "calamine 只读", calamine, "≤ 2.0", megabytes)
        row(f"读取整理 {rows:,}×12", ours, "pandas+openpyxl 只读", slow, "≤ 0.17")
        cleaning, _ = best(lambda: columns_once(path), 3)
        row(f"其中整理（读完之后的 CPU 时间）{rows:,}×12", cleaning, "目标每行 10 µs", rows / 100_000, "≤ 1")


def whole_run(persons: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        command("-m", "fupin_cli", "sample", str(folder / "data"), "--persons", str(persons))
        command("-m", "fupin_cli", "init", str(folder / "ws"))
        words = ("-m", "fupin_cli", "reconcile", str(folder / "data"), "--as-of", "2020-06-30", "--quiet")
        words += ("--workspace", str(folder / "ws"), "--out", str(folder / "out"))
        first, megabytes = command(*words)
        second, _ = best(lambda: command(*words), 2)
        rows, started = 0, time.perf_counter()
        for path in sorted((folder / "data").rglob("*.xlsx")):
            book = CalamineWorkbook.from_path(str(path))
            rows += sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
        raw = time.perf_counter() - started
        baseline, _ = command("benchmarks/baseline_pandas.py", str(folder / "data"), str(folder / "out.xlsx"))
        what = f"全程 {persons:,} 人、xlsx {rows:,} 行"
        row(what, first, "分析员脚本", baseline, "≤ 0.125", megabytes)
        row(what, first, "calamine 只读", raw, "≤ 1.6")
        row("输入不变再跑一次", second, "第一次", first, "≤ 0.35")


RULES = """
import sys, time
sys.path.insert(0, "benchmarks")
from replicate import replicated_book
from fupin_cli.rules.catalogue import catalogue
from fupin_cli.rules.check import run_rules
book, tables, population = replicated_book(int(sys.argv[1]), sys.argv[2])
started = time.perf_counter()
findings, _ = run_rules(book, tables, catalogue().values(), population)
print(findings.height, time.perf_counter() - started, file=sys.stderr)
"""


def rules(replicas: int) -> None:
    for engine, copies in (("polars", replicas), ("pandas", max(1, replicas // 10))):
        done = subprocess.run(
            [sys.executable, "-c", WATCHER, sys.executable, "-c", RULES, str(copies), engine],
            check=True, capture_output=True, text=True, cwd=ROOT,
        )  # fmt: skip
        found, seconds = done.stderr.split()[-2:]
        what = f"规则 {engine} {copies * 1357:,} 人（{int(found):,} 个问题）"
        row(what, float(seconds), "目标", 20.0 * copies / 370, "≤ 1；≤ 4 GB", float(done.stdout.split()[1]))


def workbook() -> None:
    code = (
        "import sys; sys.path.insert(0, 'benchmarks'); from pathlib import Path; from replicate import many_findings; "
        "from fupin_cli.reports.workbook import write_problem_list; frame, summary = many_findings(50_000); import time; "
        "t = time.perf_counter(); write_problem_list(Path(sys.argv[1]), frame, summary); print(time.perf_counter() - t, file=sys.stderr)"
    )
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", WATCHER, sys.executable, "-c", code, f"{folder}/out.xlsx"],
            check=True, capture_output=True, text=True, cwd=ROOT,
        )  # fmt: skip
    row(
        "问题清单 50,000 条",
        float(done.stderr.split()[-1]),
        "目标",
        8.0,
        "≤ 1；≤ 500 MB",
        float(done.stdout.split()[1]),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=10_000)
    parser.add_argument("--replicas", type=int, default=370)
    parser.add_argument("--rows", type=int, default=200_000)
    options = parser.parse_args()
    print(f"Polars {pl.__version__}, Python {sys.version.split()[0]}\n")
    print("| 项目 | fupin | 内存峰值 | 对照 | 比值 | 目标 |\n| --- | --- | --- | --- | --- | --- |")
    start_up()
    district()
    intake(options.rows)
    whole_run(options.persons)
    rules(options.replicas)
    workbook()


if __name__ == "__main__":
    main()
