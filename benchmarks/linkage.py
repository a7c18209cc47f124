"""Precision and recall of linkage, by kind of damage, beside plain ID equality and (when installed) Splink on DuckDB.

``python benchmarks/linkage.py [--persons N] [--records M] [--splink]`` prints the tables of ``docs/linkage.md``.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from corruption import DAMAGES, WHOLE, World, make_world
from fupin_cli.linkage.identities import identities, people_of
from fupin_cli.linkage.link import find_links

KIND = "education.enrolment"
DAMAGED, ALL = "全部损坏", "合计"


def fupin(world: World) -> tuple[Mapping[int, int], Mapping[int, set[int]]]:
    """(``rid`` → ``pid`` of links, ``rid`` → candidates in review)."""
    people = people_of(world.register.lazy().with_columns(pid="rid"))
    links, skipped = find_links(identities(world.records.lazy(), KIND), people, frozenset({KIND}))
    for name, count in skipped.items():
        print(f"（键太常见未用：{name}，{count:,}条记录）")
    sure = dict(links.filter(pl.col("state") == "link").select("rid", "pid").iter_rows())
    review: dict[int, set[int]] = defaultdict(set)
    for rid, pid in links.filter(pl.col("state") == "review").select("rid", "pid").iter_rows():
        review[rid].add(pid)
    return sure, review


def equal_numbers(world: World) -> tuple[Mapping[int, int], Mapping[int, set[int]]]:
    """What VLOOKUP on the ID number as written finds."""
    pairs = world.records.join(world.register.select("written", pid="rid"), on="written", how="inner")
    return dict(pairs.select("rid", "pid").iter_rows()), {}


@dataclass
class Result:
    """One method's answers, its seconds and the process's peak megabytes so far."""

    title: str
    links: Mapping[int, int]
    review: Mapping[int, set[int]]
    seconds: float
    megabytes: float


def counted(world: World, result: Result) -> dict[str, Counter[str]]:
    """Per kind of damage and in sum: records of registered people, links right and wrong, true candidates in review."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for rid, pid in world.truth.items():
        kind = world.damage[rid]
        found, asked = result.links.get(rid), result.review.get(rid, set())
        for group in (WHOLE, ALL) if kind == WHOLE else (kind, DAMAGED, ALL):
            counts[group]["records"] += pid is not None
            counts[group]["right"] += found is not None and found == pid
            counts[group]["wrong"] += found is not None and found != pid
            counts[group]["asked"] += found is None and pid in asked
            counts[group]["review"] += bool(asked)
            counts[group]["rows"] += 1
    return counts


def report(world: World, results: list[Result]) -> None:
    """A table a method: precision, recall of links, recall with review, share of rows in review."""
    tables = [counted(world, result) for result in results]
    for result in results:
        print(f"- {result.title}：{result.seconds:.1f} 秒，进程内存峰值 {result.megabytes:,.0f} MB")
    print("\n| 损坏 | 记录 | " + " | ".join(f"{result.title}：准／全／全含疑／疑" for result in results) + " |")
    print("| --- | ---: |" + " --- |" * len(results))
    for group in (*DAMAGES, DAMAGED, WHOLE, ALL):
        cells = [_cell(table[group]) for table in tables]
        print(f"| {group} | {tables[0][group]['records']:,} | " + " | ".join(cells) + " |")


def _cell(n: Counter[str]) -> str:
    linked, known = n["right"] + n["wrong"], n["records"] or 1
    precision = f"{n['right'] / linked:.5f}" if linked else "—"
    wrong = f"（错{n['wrong']}）" if n["wrong"] else ""
    asked = (n["right"] + n["asked"]) / known
    return f"{precision}{wrong}／{n['right'] / known:.4f}／{asked:.4f}／{n['review'] / (n['rows'] or 1):.4f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=10_000)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--splink", action="store_true")
    options = parser.parse_args()
    world = make_world(options.persons, options.records, seed=options.seed)
    runs = [("fupin", fupin), ("证件号相等（VLOOKUP）", equal_numbers)]
    if options.splink:
        from linkage_splink import splink_links

        runs.append(("Splink", splink_links))
    results = []
    for title, run in runs:
        started = time.perf_counter()
        links, review = run(world)
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        results.append(Result(title, links, review, seconds, peak))
    report(world, results)


if __name__ == "__main__":
    main()
