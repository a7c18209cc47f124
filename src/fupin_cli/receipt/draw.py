"""The receipt of a run (收件登记), drawn up from what was read before anything is linked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from fupin_cli.intake.model import FileReport, Intake
from fupin_cli.receipt.count import REGISTER, Count, count_list, homes_of
from fupin_cli.receipt.ground import Ground
from fupin_cli.receipt.lists import list_faults
from fupin_cli.receipt.model import EVERYWHERE, Aside, Fault, Receipt, Scope, ScopeState, remembering
from fupin_cli.receipt.places import misspelt_places, unnamed_towns
from fupin_cli.receipt.register import register_faults
from fupin_cli.receipt.unread import unread_faults
from fupin_cli.schema.kinds import Kind

# Columns by which a row is known to be about somebody, besides name and number; 人编号 is what the ledger knows a person by.
WHO = frozenset({"phone", "birth_date", "sex", "town", "village", "household_id", "person_no", "project"})
ASIDE = frozenset({"superseded", "own", "copy"})


def draw_up(intake: Intake, ground: Ground) -> Receipt:
    """The receipt of everything that arrived; a register is needed."""
    homes = homes_of(intake.tables)
    counts = {kind: count_list(ground.kinds[kind], table, homes) for kind, table in intake.tables.items()}
    register = counts[REGISTER]
    towns = sorted({*ground.towns, *register.towns, *ground.known_towns(REGISTER)})
    unread = list(unread_faults(intake.files, ground.kinds, towns))
    faults = [fault for fault, _ in unread]
    faults += list_faults(ground.kinds[REGISTER], register, ground, register, ())
    faults += register_faults(intake.tables, counts, homes, ground)
    doubted = {fault.town for fault in faults if fault.kind == REGISTER}
    for kind, count in counts.items():
        if kind != REGISTER:
            faults += list_faults(ground.kinds[kind], count, ground, register, doubted)
        faults += _unidentified(ground.kinds[kind], count, ground)
    misspelt = list(misspelt_places(intake.tables, counts, ground))
    faults += [fault for fault in misspelt if fault.kind in counts]
    files = _files_by_kind(intake.files, [(fault.kind, file) for fault, file in unread])
    absent = {kind for kind, town in ground.known if town == EVERYWHERE} - set(counts)
    absent -= {fault.kind for fault, _ in unread if fault.town == EVERYWHERE}
    faults += [
        Fault(kind, EVERYWHERE, "missing", "以前收到过，这次没有收到") for kind in absent if kind in ground.kinds
    ]
    names = {*files, *(fault.kind for fault in faults), *(one.kind for one in ground.accepted if one.standing)}
    scopes = [
        scope for kind in ground.kinds.values() if kind.id in names
        for scope in _scopes(kind, counts.get(kind.id), files.get(kind.id, []), faults, ground, intake.files)
    ]  # fmt: skip
    return Receipt(
        ground.as_of, remembering(scopes), _set_aside(intake.files), tuple(_unverifiable(scopes, ground)),
        (*(fault.reason for fault in misspelt), *unnamed_towns(counts, ground)), _months(intake.files, None), digest_of(intake.files),
    )  # fmt: skip


def _files_by_kind(
    files: Iterable[FileReport], unread: Iterable[tuple[str, FileReport]]
) -> dict[str, list[FileReport]]:
    """Kind → the files it was read from, or should have been."""
    found: dict[str, dict[str, FileReport]] = {}
    for file in files:
        for sheet in file.sheets:
            if sheet.state == "loaded":
                found.setdefault(sheet.kind, {})[file.name] = file
    for kind, file in unread:
        found.setdefault(kind, {})[file.name] = file
    return {kind: list(named.values()) for kind, named in found.items()}


def _scopes(
    kind: Kind,
    counted: Count | None,
    files: Collection[FileReport],
    faults: Iterable[Fault],
    ground: Ground,
    all_files: Iterable[FileReport],
) -> list[Scope]:
    """The whole list first, then every town that it has, had, or should have."""
    count = counted or Count()
    own = [fault for fault in faults if fault.kind == kind.id]
    before = ground.known_towns(kind.id)
    towns = sorted({*count.towns, *before, *(fault.town for fault in own if fault.town)})
    period = _period(kind, count, all_files)
    return [_scope(kind, town, period, counted, files, own, ground) for town in (EVERYWHERE, *towns)]


def _scope(
    kind: Kind,
    town: str,
    period: str,
    counted: Count | None,
    files: Collection[FileReport],
    faults: Iterable[Fault],
    ground: Ground,
) -> Scope:
    own = [fault for fault in faults if fault.town == town]
    count, read = counted or Count(), counted is not None
    whole = town == EVERYWHERE
    digests = tuple(sorted({file.sha256 for file in files if file.sha256}))
    word = ground.word_on(kind.id, town, digests) if own or not read else None
    state: ScopeState = "doubtful" if own else "complete" if read else "missing"
    if any(fault.state == "missing" for fault in own):
        state = "missing"
    return Scope(
        kind.id, kind.title, town, period if files else "", tuple(sorted(file.name for file in files)), digests, read,
        count.rows if whole else count.towns.get(town, 0), count.filled if whole and count.rows else {},
        state, tuple(dict.fromkeys(fault.reason for fault in own)),
        word.words if word is not None else "", word is not None and word.standing,
        known=ground.known.get((kind.id, town)), blanked=_blanked(kind, count, ground) if whole else {},
    )  # fmt: skip


def _blanked(kind: Kind, count: Count, ground: Ground) -> Mapping[str, str]:
    """Columns that were filled when the list last came, or then already used to be, and are not now."""
    last = ground.last.whole(kind.id) if ground.last is not None else None
    if last is None or not count.rows:
        return last.blanked if last is not None else {}
    used = {name for name, share in last.filled.items() if share} | set(last.blanked)
    return {field.name: field.title for field in kind.fields if field.name in used and not count.filled.get(field.name)}


def _unidentified(kind: Kind, count: Count, ground: Ground) -> Iterator[Fault]:
    """A column that tells who a row is about (联系电话 …) used to be filled and is not: other rows are found than before."""
    for name, title in _blanked(kind, count, ground).items():
        if name in WHO and count.rows:
            yield Fault(kind.id, EVERYWHERE, "doubtful", f"以前有人填的“{title}”列这次整列空白，核对身份要用到")


def _period(kind: Kind, count: Count, files: Iterable[FileReport]) -> str:
    """The year or term that most rows are of, else the months that the sheets' names say."""
    if count.years:
        return max(count.years, key=lambda name: (count.years[name], name))
    months = _months(files, kind.id)
    return "至".join(dict.fromkeys((months[0], months[-1]))) if months else ""


def _months(files: Iterable[FileReport], kind: str | None) -> tuple[str, ...]:
    """The months, oldest first, that names of loaded sheets (of one kind) say."""
    sheets = [sheet for file in files for sheet in file.sheets if sheet.state == "loaded" and sheet.month]
    months = Counter(sheet.month for sheet in sheets if kind in (None, sheet.kind))
    return tuple(f"{int(month[:4])}年{int(month[5:7])}月" for month in sorted(months))


def _set_aside(files: Iterable[FileReport]) -> tuple[Aside, ...]:
    sheets = [sheet for file in files for sheet in file.sheets if sheet.state in ASIDE]
    return tuple(Aside(sheet.file, sheet.sheet, sheet.state, sheet.message) for sheet in sheets)


def _unverifiable(scopes: Iterable[Scope], ground: Ground) -> list[str]:
    """Lists that came for the first time and need not name everybody: nobody knows whether they are complete."""
    whole = [scope for scope in scopes if scope.town == EVERYWHERE and scope.read]
    first = [scope for scope in whole if (scope.kind, EVERYWHERE) not in ground.known]
    titles = [scope.kind_title for scope in first if ground.kinds[scope.kind].covers != "population"]
    if not titles:
        return []
    if ground.last is None:
        return [f"没有上次的收件可以对照：{len(titles)}种不必覆盖全部人口的名单是否齐全无从核对，按齐全处理"]
    return [f"第一次收到，是否齐全无从核对，按齐全处理：{'、'.join(titles)}"]


def digest_of(files: Iterable[FileReport]) -> str:
    """One digest of everything that was given: equal for equal inputs."""
    return hashlib.sha256("\n".join(sorted(file.sha256 or file.name for file in files)).encode()).hexdigest()
