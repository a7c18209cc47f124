"""Lists that only excuse (只能排除的名单): what one that used to come could have excused is held, not found.

The list of the dead (死亡名单) excuses everybody and is none of these: who was dead before stays so (``Book.alive``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fupin_cli.rules.book import EVERYWHERE, Book
from fupin_cli.rules.catalogue import Rule
from fupin_cli.rules.reads import columns_title, readable


@dataclass(frozen=True)
class Excused:
    """Titles of the lists that are lost, and the towns they are lost for."""

    lost: Mapping[str, frozenset[str]]

    def because(self, town: str) -> str:
        """Why a finding of this town is held, in Chinese; empty where it is not."""
        gone = [
            title for title, towns in self.lost.items() if EVERYWHERE in towns or town in towns or (towns and not town)
        ]
        return f"{'、'.join(gone)}以前收到过，这次没有收到或存疑，可能排除这个问题" if gone else ""


def held_by(book: Book, rule: Rule) -> Excused:
    """What could excuse a subject of the rule and is lost, in doubt, or cannot be read."""
    lost: dict[str, frozenset[str]] = {}
    for read in rule.excuses:
        towns = book.lost.get(read.kind, frozenset()) | book.doubts.get(read.kind, frozenset())
        if towns:
            lost[book.kinds[read.kind].title] = towns
        elif book.arrived(read.kind) and not readable(book, read):
            lost[columns_title(book, read)] = frozenset({EVERYWHERE})
    return Excused(lost)


def not_excused_note(book: Book, rule: Rule) -> str:
    """What a finding says of lists that could excuse its subject and never came."""
    never = dict.fromkeys(book.kinds[read.kind].title for read in rule.excuses if not book.arrived(read.kind))
    return f"（未收到{'、'.join(never)}，请先核对。）" if never else ""
