"""What a list is called (名称): whether its title, sheet, file or folder names a kind, another list, or says nothing.

The innermost text that says something decides: a title over the table outweighs its sheet, that the file, that the folders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from fupin_cli.schema.kinds import Kind
from fupin_cli.schema.names import name_words

_BRACKETED = re.compile(r"[（(【〔\[][^（()）【】〔〕\[\]]*[)）】〕\]]")
# Places, offices and dates stand in every title.
_PLACE = re.compile(
    r"[一-龥]{1,4}?(?:省|市|区|县|镇|乡|街道|村委会|村|农场)|[一-龥]{1,7}(?:局|委|办|中心|政府|残联|银行|信用社)"
)
_LIST = r"(?:台账|台帐|名单|花名册|名册|名录|清单|清册|底册|明细表?|登记表|统计表|汇总表|情况表|信息表|一览表|公示表|发放表|记录表|明细)"
_LIST_FORM = re.compile(_LIST)
# Lines over a table that say who reports, when, in which unit; sentences are notes, not titles.
_NO_TITLE = re.compile(r"[:：；;。]|盖章|签字|签名|^单位|^注|^说明")
LONGEST_TITLE = 45
_OFFICE = re.compile(r"[一-龥]{1,7}?(?:局|委|办|残联|银行|信用社)(?![一-龥]{0,1}理)")
# Papers about lists, which are none.
_NOTICE = re.compile(r"通知|公告|通报|函|请示|批复|方案|办法|报告|总结|说明|须知|要求|模板|样表|会议|纪要")


class Says(Enum):
    """What a list's names say of a kind."""

    NOTHING = 0
    THIS_IN_GENERAL = 1  # in words that names of other lists have too (建档立卡户)
    THIS = 2
    ANOTHER_KIND = 3
    SOMETHING_UNKNOWN = 4
    ANOTHER_LIST = 5


@dataclass(frozen=True)
class Verdict:
    """What the names say of a kind, and the text that says it."""

    says: Says
    text: str = ""


class Names:
    """The names of one list, innermost first."""

    def __init__(self, file: str, sheet: str, titles: Sequence[str], kinds: Mapping[str, Kind]) -> None:
        *folders, name = file.split("/")
        stem = name.rpartition(".")[0] or name
        lines = [line for line in titles if len(line) <= LONGEST_TITLE and not _NO_TITLE.search(line)]
        self._texts = [(text, True) for text in lines] + [(text, False) for text in (sheet, stem, *reversed(folders))]
        self.text = "\n".join(text for text, _ in self._texts)
        self._known = name_words()
        self._specific = {
            kind.id: tuple(word for word in (kind.title, *kind.evidence) if word not in self._known.general)
            for kind in kinds.values()
        }

    def of(self, kind: Kind, *, tells_status: bool) -> Verdict:
        """What they say of ``kind``. ``tells_status``: the list has a column that tells who is no longer in it."""
        verdict = Verdict(Says.NOTHING)
        for text, is_title in self._texts:
            says = self._says(text, kind, is_title, tells_status)
            if says.value > Says.THIS_IN_GENERAL.value:
                return Verdict(says, text)
            if says is Says.THIS_IN_GENERAL:
                verdict = Verdict(says, text)  # an outer name may still be of something else
        return verdict

    def _says(self, text: str, kind: Kind, is_title: bool, tells_status: bool) -> Says:
        rest, named = without(text, (kind.title, *kind.evidence))
        if self._known.foreign.found_in(rest):
            return Says.ANOTHER_LIST
        if named and not tells_status and self._known.not_of_it.found_in(rest):
            return Says.ANOTHER_LIST
        if any(word in text for word in self._specific[kind.id]):
            return Says.THIS
        if any(word in rest for other, words in self._specific.items() if other != kind.id for word in words):
            return Says.ANOTHER_KIND
        if (is_title or _LIST_FORM.search(text)) and self._subject(rest):
            return Says.SOMETHING_UNKNOWN
        return Says.THIS_IN_GENERAL if named else Says.NOTHING

    def _subject(self, text: str) -> bool:
        """Whether something is left of a name without places, dates and the words that all names have."""
        plain = _BRACKETED.sub(" ", text)
        plain = self._known.general.taken_from(plain)
        plain = _PLACE.sub(" ", plain)
        return bool(re.search(r"[一-龥]{2}", re.sub(r"[年月日号第的和及与、至到]", " ", plain)))


def without(text: str, words: Iterable[str]) -> tuple[str, bool]:
    """A text without these words, and whether it had one."""
    rest = text
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return rest, rest != text


def kinds_named(name: str, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """The kinds that a name (a sheet's, or a file's with its folders) means specifically; the innermost part decides.

    A word that many lists' names have (参保) says so in the folder of the kind's own bureau only. A notice about lists, a list of others (农村户厕) and one of those who are not in a kind (低保停发) mean none.
    """
    words = name_words()
    *folders, last = name.split("/")
    stem = last.rpartition(".")[0] or last
    for place, text in enumerate((stem, *reversed(folders))):
        plain = _OFFICE.sub(" ", text)
        if not place and _NOTICE.search(plain):
            return ()
        found: dict[str, int] = {}
        for kind in kinds.values():
            at_home = any(kind.bureau.removeprefix("区") in folder for folder in folders)
            own = [
                word
                for word in (kind.title, *kind.evidence)
                if word in plain and (at_home or word not in words.general)
            ]
            rest, _ = without(plain, (kind.title, *kind.evidence))
            if own and not words.foreign.found_in(rest) and not words.not_of_it.found_in(rest):
                found[kind.id] = max(map(len, own))
        if found:
            return tuple(kind for kind, length in found.items() if length == max(found.values()))
        if words.foreign.found_in(plain):
            return ()
    return ()
