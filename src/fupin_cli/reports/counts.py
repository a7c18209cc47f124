"""Numbers the reports print, counted from findings, checks and file reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from fupin_cli.reports.wording import NO_OWNER, in_category_order

if TYPE_CHECKING:
    from fupin_cli.intake.model import FileReport, SheetReport
    from fupin_cli.rules.check import RuleCheck

OWNER_SEPARATOR = "、"
OWN_SHOWN = 3  # names of own files in a line


@dataclass(frozen=True)
class Source:
    """What was read of one kind (来源): distinct files, sheets, rows loaded and quarantined."""

    title: str
    files: int
    sheets: int
    loaded: int
    quarantined: int


def column(findings: pd.DataFrame, name: str) -> list[str]:
    """One finding column as plain strings, missing as empty."""
    return [value if isinstance(value, str) else "" for value in findings[name].tolist()]


def tally(findings: pd.DataFrame, *names: str) -> Counter[tuple[str, ...]]:
    """How many findings have each combination of values in the columns ``names``."""
    return Counter(zip(*(column(findings, name) for name in names), strict=True))


def tally_by_unit(findings: pd.DataFrame) -> Counter[tuple[str, str, str]]:
    """(unit, category, severity) → findings. A finding of two joint owners counts for each of them."""
    totals: Counter[tuple[str, str, str]] = Counter()
    for (owner, category, severity), count in tally(findings, "owner", "category", "severity").items():
        for unit in dict.fromkeys(part for part in owner.split(OWNER_SEPARATOR) if part) or (NO_OWNER,):
            totals[unit, category, severity] += count
    return totals


def by_size(totals: Mapping[str, int]) -> list[str]:
    """Names with the most findings first, equal ones by name."""
    return sorted(totals, key=lambda name: (-totals[name], name))


def subjects(findings: pd.DataFrame) -> tuple[int, int]:
    """Distinct households and persons that findings are about."""
    households = column(findings, "household_id")
    persons = zip(households, column(findings, "person_no"), column(findings, "id_number"), strict=True)
    return len({home for home in households if home}), len({who for who in persons if who[1] or who[2]})


def sheets_of(files: Iterable[FileReport]) -> list[SheetReport]:
    return [sheet for file in files for sheet in file.sheets]


def own_text(files: Iterable[FileReport]) -> str:
    """How many files are the program's own (自己的输出), and the first of them; empty where there are none."""
    names = list(dict.fromkeys(sheet.file for sheet in sheets_of(files) if sheet.state == "own"))
    more = "等" if len(names) > OWN_SHOWN else ""
    shown = "、".join(names[:OWN_SHOWN])
    return f"自己的输出：{len(names)}个文件是 fupin 写的，没有当作数据（{shown}{more}）" if names else ""


def sources(files: Iterable[FileReport]) -> list[Source]:
    """The sources read, in the order they were met."""
    grouped: dict[str, list[SheetReport]] = {}
    for sheet in sheets_of(files):
        if sheet.state == "loaded":
            grouped.setdefault(sheet.kind_title or sheet.kind, []).append(sheet)
    return [
        Source(
            title,
            len({sheet.file for sheet in group}),
            len(group),
            sum(sheet.rows.loaded for sheet in group),
            sum(sheet.rows.quarantined for sheet in group),
        )
        for title, group in grouped.items()
    ]


def categories_of(findings: pd.DataFrame, checks: Iterable[RuleCheck]) -> list[str]:
    """Every 保障类别 that was to be checked or has findings."""
    return in_category_order([*column(findings, "category"), *(check.category for check in checks)])


def unchecked(checks: Iterable[RuleCheck], category: str, town: str = "") -> bool:
    """Whether no rule of ``category`` could be checked (in ``town``): then nothing found means nothing."""
    states = [
        check.state == "not_checked" or (bool(town) and town in check.towns)
        for check in checks
        if check.category == category
    ]
    return bool(states) and all(states)


def unchecked_towns(checks: Iterable[RuleCheck]) -> list[str]:
    partial = (check for check in checks if check.state == "partial")
    return sorted({town for check in partial for town in check.towns})


def missing_sources(checks: Sequence[RuleCheck]) -> list[tuple[str, str, list[str]]]:
    """(missing source, 全区 or the towns, ids of the rules it keeps from being checked), most rules first."""
    rules: dict[tuple[str, str], list[str]] = {}
    for check in checks:
        if check.state == "checked":
            continue
        scope = scope_of(check)
        for source in check.missing or ("批量异常，待核对" if check.held else "（未注明来源）",):
            rules.setdefault((source, scope), []).append(check.rule_id)
    ordered = sorted(rules.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(source, scope, ids) for (source, scope), ids in ordered]


def scope_of(check: RuleCheck) -> str:
    """Where a rule was not checked."""
    towns = check.towns if check.state == "partial" and check.whole_elsewhere else ()
    return "、".join(towns) or "全区"


def not_checked(check: RuleCheck, town: str = "") -> bool:
    """Whether the rule was not checked at all, or not in ``town``."""
    return check.state == "not_checked" or bool(town and town in check.towns)


def partly_checked(check: RuleCheck, town: str = "") -> bool:
    """Whether a part of the rule was not checked (in ``town``); in the towns it names nothing of it was."""
    return check.state == "partial" and not (town and (check.whole_elsewhere or town in check.towns))


def states_of(checks: Iterable[RuleCheck]) -> Counter[str]:
    """How many rules were checked, in part or not: the one place where they are counted."""
    return Counter(check.state for check in checks)


def towns_of(findings: pd.DataFrame, checks: Iterable[RuleCheck], known: Sequence[str]) -> list[str]:
    """The ``known`` towns in their order, others by name, ``""`` last where there are findings without a town."""
    found = {*column(findings, "town"), *unchecked_towns(checks)}
    return [*known, *sorted(found.difference(known, ("",))), *([""] if "" in found else [])]


def failures(files: Iterable[FileReport]) -> list[str]:
    """Files and sheets that could not be used, so that what they hold was not compared."""
    files = list(files)
    unused = [sheet for sheet in sheets_of(files) if sheet.unused]
    return [
        *(file.error for file in files if file.error),
        *(f"{x.file}!{x.sheet}：没有用上（{x.message or x.reason or '认不出'}）" for x in unused),
    ]
