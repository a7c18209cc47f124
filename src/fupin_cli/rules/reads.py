"""What a rule reads (规则的依据): said once, in three words, and never again in the rule's body.

``arrived``: the list came; ``header``: the column came, its blanks say something; ``value``: some row has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fupin_cli.rules.book import Book
    from fupin_cli.schema.kinds import Kind


@dataclass(frozen=True)
class Read:
    """One thing that is read: a list, or of the ``columns`` of a list any one."""

    kind: str
    how: Literal["arrived", "header", "value"]
    columns: tuple[str, ...] = ()


def arrived(kind: str) -> Read:
    """The list came."""
    return Read(kind, "arrived")


def header(kind: str, columns: str) -> Read:
    """The list came with this column (``"a/b"``: with one of them); blanks in it say something."""
    return Read(kind, "header", tuple(columns.split("/")))


def value(kind: str, columns: str) -> Read:
    """The list came, and some row has a value in this column (``"a/b"``: in one of them)."""
    return Read(kind, "value", tuple(columns.split("/")))


def values(kind: str, *columns: str) -> tuple[Read, ...]:
    """Several columns of a list, all of which are read."""
    return tuple(value(kind, column) for column in columns)


def unread(book: Book, reads: Iterable[Read]) -> tuple[str, ...]:
    """What cannot be read: kinds that did not come or are not believed anywhere, columns in words."""
    lacking = [
        read.kind if not book.believed(read.kind) else columns_title(book, read)
        for read in reads
        if not book.believed(read.kind) or not readable(book, read)
    ]
    return tuple(dict.fromkeys(lacking))


def readable(book: Book, read: Read) -> bool:
    """Whether the columns of a list that came can be read; a list without rows lacks nothing."""
    if read.how == "arrived":
        return True
    if read.how == "header":
        return any(book.asked(read.kind, name) for name in read.columns)
    return any(book.holds(read.kind, name) for name in read.columns)


def columns_title(book: Book, read: Read) -> str:
    """The columns of a read in words, one of which is enough."""
    return "或".join(column_title(book, read.kind, name) for name in read.columns)


def column_title(book: Book, kind: str, name: str) -> str:
    """A column in words: 慢病患者台账的“是否治愈”列."""
    return f"{book.kinds[kind].title}的“{book.kinds[kind].field(name).title}”列"


def in_words(reads: Iterable[Read], kinds: Mapping[str, Kind]) -> list[str]:
    """Reads for the catalogue, a text a list: 危房改造（要填写“竣工日期”，要有“验收日期”列）."""
    asked: dict[str, list[str]] = {}
    for read in dict.fromkeys(reads):
        columns = asked.setdefault(read.kind, [])
        if read.how != "arrived":
            titles = "或".join(f"“{kinds[read.kind].field(name).title}”" for name in read.columns)
            columns.append(f"要填写{titles}" if read.how == "value" else f"要有{titles}列")
    return [
        f"{kinds[kind].title}（{'，'.join(texts)}）" if texts else kinds[kind].title for kind, texts in asked.items()
    ]
