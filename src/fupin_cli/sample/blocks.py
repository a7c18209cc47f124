"""A large district (大区) made block by block (片): each has villages, people and numbers of its own, so memory holds one."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fupin_cli.errors import FupinError
from fupin_cli.sample.bureau_health import INSURANCE
from fupin_cli.sample.bureau_relief import ALLOWANCES
from fupin_cli.sample.generate import NOTE, SHARES, lines_of, refuse_full
from fupin_cli.sample.layouts import LAYOUTS
from fupin_cli.sample.mess import Mess
from fupin_cli.sample.people import BLOCKS
from fupin_cli.sample.plain import Piece, PlainFiles, PlainFormat, piece_of
from fupin_cli.sample.plant_work import WHOLE
from fupin_cli.sample.planter import Finding, G
from fupin_cli.sample.plants import planted
from fupin_cli.sample.world import Record, World

PERSONS_A_BLOCK = 10_000
# What each block is short of, but not all of them together.
FEW_RANGERS = ("EMP-03", WHOLE, G)


@dataclass(frozen=True)
class Job:
    """One block to make."""

    block: int
    persons: int
    as_of: date
    seed: int
    form: PlainFormat


@dataclass(frozen=True)
class Block:
    """A block as it is written, and what is wrong in it."""

    pieces: dict[str, Piece]
    findings: set[Finding]


def generate_blocks(
    folder: Path, form: PlainFormat, *, as_of: date, seed: int, persons: int, block_persons: int = PERSONS_A_BLOCK
) -> set[Finding]:
    """Write a district of any size as plain tables into ``folder``, with ``truth.json`` and the links; returns the findings."""
    refuse_full(folder)
    count = -(-persons // block_persons)
    if count > BLOCKS:
        raise FupinError(f"台账最多 {BLOCKS * block_persons:,} 人", cure="减少人数")
    sizes = [persons // count + (place < persons % count) for place in range(count)]
    jobs = [Job(block, size, as_of, seed, form) for block, size in enumerate(sizes)]
    findings: set[Finding] = set()
    with PlainFiles(folder, form) as files:
        for block in _made(jobs):
            files.append(block.pieces)
            findings |= block.findings
    if count > 1:
        findings.discard(FEW_RANGERS)
    (folder / "报送说明.md").write_text(NOTE, encoding="utf-8")
    truth: dict[str, Any] = {"findings": sorted(findings), "loaded": files.loaded, "quarantined": {}}
    text = json.dumps(truth, ensure_ascii=False, separators=(",", ":"))
    (folder / "truth.json").write_text(text, encoding="utf-8")
    return findings


def _made(jobs: list[Job]) -> Iterator[Block]:
    """The blocks in order, made by one process a core; never more of them at hand than processes and one."""
    if len(jobs) == 1:
        yield make_block(jobs[0])
        return
    workers = min(os.cpu_count() or 1, len(jobs))
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        waiting: deque[Future[Block]] = deque()
        try:
            for job in jobs:
                waiting.append(pool.submit(make_block, job))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise FupinError("生成时有进程被系统终止，可能是内存不足", cure="关闭其他程序，清空文件夹后重试") from error


def make_block(job: Job) -> Block:
    """The block's rows and findings; the same job gives the same block."""
    world, findings, rng = planted(job.as_of, job.seed + 10 * job.block, job.persons, None, job.block)
    _remember(world)
    mess = Mess(random.Random(rng.random()), SHARES["usual"])
    lines = [(layout, lines_of(world, layout.kind)) for layout in LAYOUTS]
    pieces = {layout.kind: piece_of(layout, rows, mess, job.form) for layout, rows in lines if rows}
    return Block(pieces, findings)


def _remember(world: World) -> None:
    """Large lists go back further: everybody's insurance of last year, the allowances of the months before."""
    year = world.as_of.year
    known = {_whose(row) for row in world.records[INSURANCE] if row["year"] == year - 1}
    for row in list(world.records[INSURANCE]):
        if row["year"] == year and _whose(row) not in known:
            known.add(_whose(row))
            _again(world, INSURANCE, row, year=year - 1, status="正常参保")
    for row in list(world.records[ALLOWANCES]):
        for month in range(1, world.as_of.month):
            _again(world, ALLOWANCES, row, month=f"{year}-{month:02d}")


def _whose(row: Record) -> object:
    return row.person or row["id_number"]


def _again(world: World, kind: str, row: Record, **changes: object) -> None:
    world.records[kind].append(Record(kind, {**row.values, **changes}, row.person, row.review, row.tidy))
