"""Small lists as intake hands them over, and receipts of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from fupin_cli.intake.model import FileReport, Intake, SheetReport
from fupin_cli.policy import load_policy
from fupin_cli.receipt.draw import draw_up
from fupin_cli.receipt.ground import Control, Ground
from fupin_cli.receipt.model import Acceptance, Receipt
from fupin_cli.schema.kinds import load_kinds
from fupin_cli.schema.polars_types import polars_schema

Row = dict[str, Any]
REGISTER, ROLL, DIBAO, RELIEF = "register.persons", "education.enrolment", "civil.dibao", "civil.relief"
INSURANCE, AID, DEATHS, BOOKS = "health.insurance", "education.aid", "civil.deaths", "village.books"
RENOVATIONS, WATER = "housing.renovations", "water.appraisals"
LING, SAN = "灵山镇", "三江镇"
JUNE = date(2020, 6, 30)
KINDS = load_kinds()


def people(town: str, count: int, **more: Any) -> list[Row]:
    """Persons of a town, told apart by their number."""
    return [{"id_number_key": f"{town}{n}", "name": f"陈{n}", "town": town, **more} for n in range(count)]


def sheet(kind: str = "", state: Any = "loaded", file: str = "", **more: Any) -> FileReport:
    """A file of one sheet."""
    name = file or f"{kind}.xlsx"
    report = SheetReport(name, "Sheet1", state=state, kind=kind, **more)
    return FileReport(name, f"digest-of-{name}", 1, sheets=(report,))


def arrived(lists: dict[str, list[Row]], *more: FileReport) -> Intake:
    """What intake hands over of lists by kind, and other files."""
    tables = {kind: pl.DataFrame(rows, polars_schema(KINDS[kind])).lazy() for kind, rows in lists.items()}
    return Intake((*map(sheet, lists), *more), tables)


def receipt(
    lists: dict[str, list[Row]],
    *more: FileReport,
    last: Receipt | None = None,
    as_of: date = JUNE,
    towns: tuple[str, ...] = (),
    controls: tuple[Control, ...] = (),
    accepted: Sequence[Acceptance] = (),
    villages: tuple[tuple[str, str], ...] = (),
) -> Receipt:
    """The receipt of these lists beside a register of 30 persons in each of two towns."""
    lists = {REGISTER: people(LING, 30) + people(SAN, 30)} | lists
    return draw_up(
        arrived(lists, *more), Ground(as_of, KINDS, load_policy(), towns, controls, last, accepted, villages)
    )


def doubts(*words: Any, **more: Any) -> dict[str, set[str]]:
    return {kind: set(towns) for kind, towns in receipt(*words, **more).doubts().items()}


def word(kind: str, town: str = "", *, standing: bool = False, of: Receipt | None = None) -> Acceptance:
    """A person's word on a list, of the files that ``of`` has of it."""
    whole = of.whole(kind) if of is not None else None
    digests = whole.digests if whole is not None else ()
    return Acceptance(kind, town, "有文件", "李四", "2020-07-01T09:00:00", JUNE.isoformat(), standing, digests)
