"""The files of a dispatch (下发): a workbook for each unit that has open findings."""

from __future__ import annotations

import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from fupin_cli.errors import FupinError, InputError
from fupin_cli.intake.encrypted import unlocked
from fupin_cli.ledger.joint import units_of
from fupin_cli.ledger.states import OPEN
from fupin_cli.privacy import masked
from fupin_cli.reports.dispatch import Addressee, write_dispatch
from fupin_cli.reports.encryption import encrypt
from fupin_cli.reports.files import writing
from fupin_cli.reports.wording import printable
from fupin_cli.rules.catalogue import SEVERITIES

ORDER = ("town", "village", "household_id", "person_no", "rule_id", "finding_key")
# Not in a file name on Windows, or able to lead out of the folder.
_UNSAFE = re.compile(r"""[\\/:*?"<>|\s.]+""")


@dataclass(frozen=True)
class Dispatched:
    """A unit's workbook and how many findings are in it."""

    unit: str
    file: Path
    findings: int


def open_findings(table: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Unit → its open findings, severe ones first; a finding of several units goes to each of them.

    Findings of no unit are under ``""``.
    """
    rank = pl.col("severity").replace_strict({name: at for at, name in enumerate(SEVERITIES)}, default=len(SEVERITIES))
    rows = table.filter(pl.col("state").is_in(OPEN)).sort(rank, *ORDER)
    places: dict[str, list[int]] = defaultdict(list)
    for at, owner in enumerate(rows["owner"]):
        for unit in units_of(owner) or ("",):
            places[unit].append(at)
    return {unit: rows[places[unit]] for unit in sorted(places)}


def write_dispatches(
    out: Path,
    findings: dict[str, pl.DataFrame],
    units: Sequence[str],
    district: str,
    as_of: date,
    *,
    password: str = "",
) -> list[Dispatched]:
    """Write the workbooks of ``units`` beside ``out`` first and move them in when all are complete.

    A file that is already there is only replaced by one with the same content: it may hold what a unit filled in.
    With a ``password`` the workbooks are encrypted, and one that is there is opened with it to see its content.
    """
    names = _file_names(units, as_of)
    with writing(out):
        _write(out, names, findings, district, as_of, password)
    return [Dispatched(unit, out / name, findings[unit].height) for unit, name in names.items()]


def _write(
    out: Path, names: dict[str, str], findings: dict[str, pl.DataFrame], district: str, as_of: date, password: str
) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fupin-", dir=out.parent) as staging:
        for unit, name in names.items():
            draft, target = Path(staging, name), out / name
            write_dispatch(draft, findings[unit], Addressee(unit, district, as_of))
            if target.exists() and not _same_content(target.read_bytes(), draft.read_bytes(), password):
                raise FupinError(
                    "已有下发表，内容不同，没有覆盖", where=str(target), cure="移走原文件，或用 --out 换一个文件夹"
                )
            if password:
                encrypt(draft, password)
        out.mkdir(exist_ok=True)
        for name in names.values():
            os.replace(Path(staging, name), out / name)


def _same_content(held: bytes, clear: bytes, password: str) -> bool:
    """Encrypting the same workbook twice gives different bytes, so what is ``held`` is opened to compare."""
    try:
        return (unlocked(held, password) if password else held) == clear
    except InputError:  # behind another password
        return False


def _file_names(units: Sequence[str], as_of: date) -> dict[str, str]:
    """A safe file name for each unit, numbered where two would be the same. A number of a person is in none."""
    names: dict[str, str] = {}
    for unit in dict.fromkeys(units):
        stem = _UNSAFE.sub("_", masked(printable(unit))).strip("_")[:60] or "单位"
        taken = {name.casefold() for name in names.values()}
        name, number = f"{stem}-三清单-{as_of}.xlsx", 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}（{number}）-三清单-{as_of}.xlsx"
        names[unit] = name
    return names
