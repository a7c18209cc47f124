"""Find the header (表头) of a sheet: title rows above it, one to three rows, merged groups joined as ``group/leaf``."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from fupin_cli.intake.grids import Grid, cell_text
from fupin_cli.schema.kinds import Kind

# A row of groups over the leaves has at least this many, or two plain words;
# titles and date lines have fewer, or dates, colons, the name of a unit or a list.
MIN_GROUPS = 3
_PLAIN_GROUP = re.compile(r"[一-龥（）()、]{2,10}(?<![局办镇乡村表册单账府所站心校学院])")
# With so many known columns, a better header is not further down than this.
SURE, LOOK_BEYOND = 4, 5
SEARCH_ROWS, SEARCH_COLUMNS, MAX_DEPTH, LONGEST_LABEL = 30, 400, 3, 40
_BRACKETS = re.compile(r"[(\[【〔{][^()\[\]【】〔〕{}]*[)\]】〕}]")
_UNIT = re.compile(r"[(:/]?单位[::]?(万元|元)|[(\[【](万元|元)[)\]】]")


@dataclass(frozen=True)
class Match:
    """A header that may be ``field`` of a kind; the lower the ``rank`` the surer."""

    field: str
    rank: int
    opposite: bool = False


@dataclass(frozen=True)
class Header:
    """Rows ``first``…``last`` (0-based, in the grid) and one label a column, ``group/leaf`` where there are groups."""

    first: int
    last: int
    labels: tuple[str, ...]


@lru_cache(maxsize=65536)
def plain(label: str) -> str:
    """A header as it is compared: half-width, no spaces, no star or colon, lower case."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", label)).casefold()
    return text.strip("*:#'\"。,、.")


def header_unit(label: str) -> str:
    """``万元`` or ``元`` where the header says so, else empty."""
    found = _UNIT.search(unicodedata.normalize("NFKC", label).replace(" ", ""))
    return (found.group(1) or found.group(2)) if found else ""


class HeaderIndex:
    """Every title and alias of every kind: label → kind → :class:`Match`."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._known: dict[str, dict[str, Match]] = defaultdict(dict)
        for kind in kinds.values():
            for field in kind.fields:
                for rank, alias in enumerate((field.title, field.name, *field.aliases)):
                    self._add(kind.id, alias, Match(field.name, rank))
                for rank, alias in enumerate(field.opposite):
                    self._add(kind.id, alias, Match(field.name, rank, opposite=True))

    def _add(self, kind: str, alias: str, match: Match) -> None:
        known = self._known[plain(alias)]
        if kind not in known or match.rank < known[kind].rank:
            known[kind] = match

    def matches(self, label: str) -> dict[str, Match]:
        """Kind → match of a label; weaker readings (without brackets, leaf alone) only where the full label says nothing."""
        found: dict[str, Match] = {}
        for penalty, variant in enumerate(_variants(label)):
            for kind, match in self._known.get(variant, {}).items():
                if kind not in found:
                    found[kind] = Match(match.field, match.rank + 100 * penalty, match.opposite)
        return found

    def all_matches(self, header: Header) -> list[dict[str, Match]]:
        """The matches of each column of a header."""
        return [self.matches(label) if label else {} for label in header.labels]


@lru_cache(maxsize=65536)
def _variants(label: str) -> tuple[str, ...]:
    parts = [plain(part) for part in label.split("/")]
    leaf = parts[-1]
    joined = "".join(parts)
    variants = [joined, "/".join(parts), _BRACKETS.sub("", joined), leaf, _BRACKETS.sub("", leaf)]
    variants += [re.sub(r"\d+$", "", leaf), re.sub(r"^\d+[.、]?", "", leaf)]
    if len(parts) > 1 and leaf in ("金额", "名称", "日期", "时间", "是否", "情况"):
        variants.append(parts[0])
    return tuple(dict.fromkeys(variant for variant in variants if variant))


def find_header(grid: Grid, index: HeaderIndex) -> Header | None:
    """The rows in which most columns carry a known label; ``None`` when no row has two of them."""
    height, width = min(grid.height, SEARCH_ROWS), min(grid.width, SEARCH_COLUMNS)
    texts = [[cell_text(value) for value in grid.cells[row, :width]] for row in range(height)]
    spread = _spread_merges(grid, [list(row) for row in texts])
    best: tuple[int, int, int, Header] | None = None
    for first in range(height):
        if best is not None and best[0] >= SURE and first > best[3].last + LOOK_BEYOND:
            break
        if not any(texts[first]):
            continue
        for depth in range(1, min(MAX_DEPTH, height - first) + 1):
            labels = _labels(texts[first : first + depth], spread[first : first + depth])
            known = sum(1 for label in labels if label and len(label) <= LONGEST_LABEL and index.matches(label))
            grouped = all(_are_groups(row) for row in texts[first : first + depth - 1])
            candidate = (known, depth if grouped else -depth, -first)
            # below a header only a better one counts: the same header again is one repeated on a printed page
            again = best is not None and first > best[3].last and known <= best[0]
            if known >= 2 and not again and (best is None or candidate > best[:3]):
                best = (*candidate, Header(first, first + depth - 1, tuple(_padded(labels, grid.width))))
    return best[3] if best else None


def _are_groups(row: list[str]) -> bool:
    groups = [text for text in map(_one_line, row) if text]
    return len(groups) >= MIN_GROUPS or (len(groups) == 2 and all(map(_PLAIN_GROUP.fullmatch, groups)))


def _labels(rows: list[list[str]], spread: list[list[str]]) -> list[str]:
    """One label a column. A group's text reaches right over blanks in its row, as merged cells do."""
    if len(rows) == 1:
        return [_one_line(text) for text in rows[0]]
    groups = [_reach_right(spread[place], spread[place + 1]) for place in range(len(rows) - 1)]
    labels = []
    for column in range(len(rows[0])):
        parts = [group[column] for group in groups] + [spread[-1][column]]
        labels.append("/".join(dict.fromkeys(_one_line(part) for part in parts if part)))
    return labels


def _reach_right(row: list[str], below: list[str]) -> list[str]:
    reached, current = [], ""
    for text, under in zip(row, below, strict=True):
        current = text or (current if under else "")
        reached.append(current)
    return reached


def _spread_merges(grid: Grid, texts: list[list[str]]) -> list[list[str]]:
    for (top, left), (bottom, right) in grid.merges:
        if top >= len(texts) or left >= len(texts[0]) or right - left > 200:
            continue
        value = texts[top][left]
        for row in range(top, min(bottom, len(texts) - 1) + 1):
            for column in range(left, min(right, len(texts[0]) - 1) + 1):
                texts[row][column] = texts[row][column] or value
    return texts


def _one_line(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _padded(labels: Iterable[str], width: int) -> list[str]:
    known = list(labels)
    return known + [""] * (width - len(known))
