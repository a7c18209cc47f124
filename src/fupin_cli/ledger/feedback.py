"""One dispatched workbook on its way back (整改反馈): what each row answers, whatever happened to the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from fupin_cli.errors import InputError
from fupin_cli.fields.codes import Lookup, parse_code
from fupin_cli.intake.forms import FormRow, FormSheet, read_form
from fupin_cli.ledger.form_values import Remark, read_cells
from fupin_cli.ledger.row_keys import RowKey, facts_hash, parse_row_key
from fupin_cli.schema.kinds import load_form

FORM = load_form("feedback")
TITLES = {item.name: item.title for item in FORM.fields}
TRUE, UNTRUE = "属实", "不属实"
FACTS = ("severity", "place", "name", "detail", "state")
DISMISSAL = ("dismiss_reason", "dismiss_evidence", "dismissed_until")
TEXTS = ("dismiss_reason", "dismiss_evidence", "leader", "person_in_charge", "measure", "progress")
DATES = ("dismissed_until", "due_on", "done_on")
FILLED = ("verdict", *DISMISSAL, "leader", "person_in_charge", "measure", "due_on", "progress", "done_on")
# A sheet without any key is still a dispatched form when it has the problem's column and so many to fill in.
ENOUGH = 4
MISPLACED = "识别码与这一行的问题对不上，可能排序时只排了一部分列；处理办法：恢复原来的行后重新报送"
_SENT_TO = re.compile(r"责任单位[:：]\s*(\S+)")
_DONE = re.compile(r"^(?:已|全部|均已)(?:整改|完成|解决|办结|落实)")


@dataclass(frozen=True)
class Answer:
    """What a unit says in one row: ``values`` by field (dates as ISO text, verdict 属实 or 不属实), none of them empty.

    ``key`` is ``None`` where the row lost it; ``unit`` is then whom the sheet was sent to, if that can still be read.
    """

    row: FormRow
    key: RowKey | None
    unit: str
    values: Mapping[str, str]


@dataclass
class Feedback:
    """One file's ``answers``, what was ``refused``, ``notes`` (taken, but look at it), ``blank``: rows nobody filled in."""

    file: str
    answers: list[Answer] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    blank: int = 0


def read_feedback(path: Path, name: str, today: date) -> Feedback:
    """All answers in one file. Raises :class:`InputError` for a file that cannot be read or is no dispatched form."""
    sheets = [sheet for sheet in read_form(path, name, FORM) if _is_ours(sheet)]
    if not sheets:
        raise InputError("不是下发的问题清单", where=name, cure="确认是 fupin dispatch 下发、由单位填好报回的表")
    feedback = Feedback(name)
    for sheet in sheets:
        _read_sheet(sheet, feedback, today)
    if not (feedback.answers or feedback.blank or feedback.refused or feedback.notes):
        cure = "用 Excel 或 WPS 打开核对后另存，重新报送"
        raise InputError("是下发的问题清单，但一个问题也没有读到，文件可能不完整", where=name, cure=cure)
    return feedback


def _is_ours(sheet: FormSheet) -> bool:
    keyed = any(_key_of(row) for row in sheet.rows)
    return keyed or ("detail" in sheet.fields and len(sheet.fields.intersection(FILLED)) >= ENOUGH)


def _key_of(row: FormRow) -> RowKey | None:
    """The key is known by its looks, so its column may stand anywhere under any name."""
    return next(filter(None, map(parse_row_key, row.texts)), None)


def _read_sheet(sheet: FormSheet, feedback: Feedback, today: date) -> None:
    if not sheet.fields.intersection(FILLED):
        text = "有识别码而认不出填报的列，表头可能被删或改名；处理办法：恢复下发时的表头后重新报送"
        feedback.refused.append(Remark(f"{sheet.file}!{sheet.sheet}", text))
        return
    sent_to = next((found[1] for text in sheet.above if (found := _SENT_TO.search(text))), "")
    keys = [_key_of(row) for row in sheet.rows]
    sent = {key.facts for key in keys if key}
    changed = []
    for row, key in zip(sheet.rows, keys, strict=True):
        if not any(row.text(name) for name in FILLED):
            feedback.blank += key is not None
            continue
        now = facts_hash(row.text(name) for name in FACTS) if sheet.fields.issuperset(FACTS) else ""
        if key and now and now != key.facts:
            if now in sent:
                feedback.refused.append(Remark(row.place(), MISPLACED))
                continue
            changed.append(str(row.number))
        if key and sent_to and key.unit != sent_to:
            text = f"这一行是下发给{key.unit}的，不是{sent_to}的；处理办法：由{key.unit}用自己的表报送"
            feedback.refused.append(Remark(row.place(), text))
            continue
        values = _consistent(row, dict(_read_values(row, feedback, today)), feedback)
        if values:
            feedback.answers.append(Answer(row, key, key.unit if key else sent_to, values))
    if changed:
        text = f"第{'、'.join(changed)}行的锁定栏与下发时不同，改动没有采用，以台账为准；填报内容照收"
        feedback.notes.append(Remark(f"{sheet.file}!{sheet.sheet}", text))


def _read_values(row: FormRow, feedback: Feedback, today: date) -> Iterator[tuple[str, str]]:
    """Each filled cell as a value; those that cannot be read are refused one by one."""
    if row.text("verdict"):
        verdict = parse_code(row.text("verdict"), Lookup(FORM.field("verdict").vocabulary or {}))[0]
        reason = "" if verdict else "不认识；处理办法：只选“属实”或“不属实”"
        yield from _taken(row, "verdict", verdict or "", reason, feedback)
    for name, value, reason in read_cells(row, TEXTS, DATES):
        late = name == "done_on" and value > today.isoformat()
        yield from _taken(row, name, value, "晚于今天；处理办法：写完成的那一天" if late else reason, feedback)


def _taken(row: FormRow, name: str, value: str, reason: str, feedback: Feedback) -> Iterator[tuple[str, str]]:
    if reason:
        feedback.refused.append(Remark(row.place(name), f"“{TITLES[name]}”{reason}"))
    else:
        yield name, value


def _consistent(row: FormRow, values: dict[str, str], feedback: Feedback) -> dict[str, str]:
    """The values without those that contradict each other; a doubtful verdict moves no state."""
    verdict = values.get("verdict", "")
    missing = [name for name in ("dismiss_reason", "dismiss_evidence") if name not in values]
    doubt = ""
    without: tuple[str, ...] = ("verdict", *DISMISSAL)
    if verdict == UNTRUE and "done_on" in values:
        doubt, without = "核实情况是“不属实”，又填了完成日期；处理办法：二者只留一个", (*without, "done_on")
    elif verdict == UNTRUE and missing:
        doubt = f"选了“不属实”，没有填{'、'.join(TITLES[name] for name in missing)}；处理办法：补填后重新报送"
    elif verdict != UNTRUE and not set(values).isdisjoint(DISMISSAL):
        chosen = f"选的是“{verdict}”" if verdict else "没有填或认不出"
        doubt = f"填了不属实的理由等，而核实情况{chosen}；处理办法：核对后重新报送"
    if doubt:
        feedback.refused.append(Remark(row.place("verdict"), doubt))
        values = {name: value for name, value in values.items() if name not in without}
    if _DONE.match(values.get("progress", "")) and "done_on" not in values and not row.text("done_on"):
        feedback.notes.append(Remark(row.place("done_on"), "整改情况写已完成，没有填完成日期，没有登记为已整改"))
    if "done_on" in values and not verdict:
        values["verdict"] = TRUE  # what has been mended was so
    elif not row.text("verdict") and not doubt and {"measure", "due_on"} & set(values):
        feedback.notes.append(Remark(row.place("verdict"), "填了整改任务，没有选核实情况，状态没有改变"))
    return values
