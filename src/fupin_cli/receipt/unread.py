"""Files and sheets that were not read (没有读) and belong to a kind by their name or headers: what they hold is not known."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from fupin_cli.intake.model import FileReport, SheetReport
from fupin_cli.intake.naming import kinds_named
from fupin_cli.receipt.model import EVERYWHERE, Fault
from fupin_cli.schema.kinds import Kind

USED = frozenset({"loaded", "superseded", "own", "copy"})
# What a scan of a list is called besides the list's own name.
_SCAN = re.compile(r"扫描件?|盖章版?|签章版?|签字版?|影印件?|照片|[\s（()）_-]")
Unread = tuple[Fault, FileReport]


def unread_faults(files: Iterable[FileReport], kinds: Mapping[str, Kind], towns: Collection[str]) -> Iterator[Unread]:
    """A doubt for every file or sheet that was not read and belongs to a kind, with its file. ``towns``: names to look for."""
    files = list(files)
    read = {(sheet.kind, _stem(file.name)) for file in files for sheet in file.sheets if sheet.state == "loaded"}
    for file in files:
        for kind, name, reason in _unread(file, kinds):
            if (kind in kinds and (kind, _stem(file.name)) not in read) or file.error or name != file.name:
                yield Fault(kind, _town(name, towns), "doubtful", reason), file


def _unread(file: FileReport, kinds: Mapping[str, Kind]) -> Iterator[tuple[str, str, str]]:
    """(kind, the name that may say its town, reason)."""
    used = [sheet for sheet in file.sheets if sheet.state in USED]
    if file.error or file.skipped:
        there = dict.fromkeys(sheet.kind for sheet in used) or kinds_named(file.name, kinds)
        reason = f"{file.name}没有读出" if file.error else f"{file.name}不是能读的表格"
        yield from ((kind, file.name, reason) for kind in there)
    for sheet in file.sheets:
        name = f"{file.name.rpartition('.')[0]}/{sheet.sheet}" if used or len(file.sheets) > 1 else file.name
        for kind in _kinds_of(sheet, file, kinds, among_others=bool(used)):
            yield kind, f"{name}", f"{file.name}的工作表“{sheet.sheet}”{_why(sheet)}"


def _kinds_of(
    sheet: SheetReport, file: FileReport, kinds: Mapping[str, Kind], *, among_others: bool
) -> tuple[str, ...]:
    """The kinds a sheet belongs to that was not read. ``among_others``: others of its file were."""
    if sheet.state == "refused":
        return (sheet.kind,)
    empty = sheet.state == "ignored" and not sheet.rows.total
    if (empty and among_others) or (sheet.state != "unrecognised" and not empty):
        return ()
    return kinds_named(sheet.sheet, kinds) or (() if among_others else kinds_named(file.name, kinds))


def _why(sheet: SheetReport) -> str:
    if sheet.state == "refused":
        return "缺少必须的列，没有读"
    return "认不出表头，没有读" if sheet.state == "unrecognised" else "是空的"


def _stem(name: str) -> str:
    return _SCAN.sub("", name.rpartition("/")[2].rpartition(".")[0])


def _town(name: str, towns: Collection[str]) -> str:
    """The only town that a name says."""
    found = [town for town in towns if town in name]
    return found[0] if len(found) == 1 else EVERYWHERE
