"""Notes on data quality (数据质量): what was read with doubt, and values out of their range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from fupin_cli.fields.columns import Distinct, blank
from fupin_cli.intake.model import QualityNote
from fupin_cli.schema.kinds import Field, Kind

SHOWN_ROWS = 50
ID_NOTES = {
    "precision_lost": "证件号码末几位失真（按数字保存过），只能用留下的前几位核对",
    "masked": "证件号码有遮盖，只能用可见数字核对",
    "missing": "证件号码没有填写",
    "malformed": "证件号码不完整或写法不对",
    "checksum": "证件号码校验码不对",
    "birthdate": "证件号码中的出生日期不存在",
    "upgraded15": "证件号码是 15 位旧号，已按规则换算为 18 位",
    "repaired": "证件号码里有写错的字符（如字母 O、l），已改正",
}
READABLE = {
    "date": "日期", "flag": "是否", "amount": "金额", "number": "数字", "percent": "百分数", "integer": "整数", "year": "年度",
    "term": "学期", "measure": "数值或达标情况",
}  # fmt: skip


def added_up(notes: Iterable[QualityNote]) -> tuple[QualityNote, ...]:
    """Notes of the slices of a sheet: one for each thing said, of all its rows."""
    found: dict[tuple[str, str, str], QualityNote] = {}
    for note in notes:
        key = (note.field, note.code, note.message)
        before = found.get(key)
        found[key] = note if before is None else replace(
            before, count=before.count + note.count, rows=(before.rows + note.rows)[:SHOWN_ROWS]
        )  # fmt: skip
    return tuple(found.values())


class Noter:
    """Makes notes for one sheet; ``first_row`` turns a grid row into Excel's row number."""

    def __init__(self, file: str, sheet: str, kind: Kind, first_row: int) -> None:
        self.file, self.sheet, self.kind, self.first_row = file, sheet, kind, first_row

    def note(self, field: str, code: str, message: str, rows: Sequence[int] | pd.Index[Any]) -> QualityNote:
        shown = tuple(row + self.first_row for row in rows[:SHOWN_ROWS])
        return QualityNote(self.file, self.sheet, self.kind.id, field, code, message, len(rows), shown)

    def all_notes(self, raw: pd.DataFrame, table: pd.DataFrame) -> Iterator[QualityNote]:
        """Notes of every field of the sheet, in the kind's order."""
        for field in self.kind.fields:
            if field.name not in raw.columns:
                continue
            if field.type == "id":
                yield from self._id_notes(field, table)
            elif field.type in ("code", "codes") and not field.open:
                yield from self._code_notes(field, table)
            elif field.type in READABLE:
                yield from self._unread_notes(field, raw, table)

    def _id_notes(self, field: Field, table: pd.DataFrame) -> Iterator[QualityNote]:
        status = table[f"{field.name}_status"]
        for code, message in ID_NOTES.items():
            rows = status.index[(status == code).fillna(False).to_numpy(dtype=bool)]
            if len(rows):
                yield self.note(field.name, f"id_{code}", message.replace("证件号码", field.title, 1), rows)

    def _code_notes(self, field: Field, table: pd.DataFrame) -> Iterator[QualityNote]:
        """An unknown value is kept, reported once with its count, and unknown to the rules."""
        unknown = table[field.name].isna() & table[f"{field.name}_raw"].notna()
        if not unknown.any():
            return
        written = table.loc[unknown.to_numpy(dtype=bool), f"{field.name}_raw"]
        for value, rows in sorted(written.groupby(written).groups.items()):
            message = f"“{field.title}”的取值“{str(value)[:20]}”不认识，按未知处理"
            yield self.note(field.name, "unknown_code", message, rows)

    def _unread_notes(self, field: Field, raw: pd.DataFrame, table: pd.DataFrame) -> Iterator[QualityNote]:
        value = table[field.name]
        if field.type == "measure":
            value = value.where(value.notna(), table[f"{field.name}_ok"].astype("double[pyarrow]"))
        unread = value.isna().to_numpy(dtype=bool)
        if not unread.any():
            return
        cells = raw.loc[unread, field.name]
        empty = Distinct.of(cells).marks(blank)
        if not empty.all():
            message = f"“{field.title}”不是能读懂的{READABLE[field.type]}，按未知处理"
            yield self.note(field.name, "unreadable", message, cells.index[~empty])
        if field.type == "flag" and empty.any():
            yield self.note(field.name, "blank_flag", f"“{field.title}”没有填写，按未知处理", cells.index[empty])

    def out_of_range(self, table: pd.DataFrame) -> tuple[pd.DataFrame, list[QualityNote]]:
        """Check the kind's constraints with pandera; a value outside becomes unknown, with a note."""
        if not any(field.constraints for field in self.kind.fields):
            return table, []
        from fupin_cli.schema.checks import SchemaErrors, pandera_schema  # importing it takes 0.3 s

        try:
            pandera_schema(self.kind).validate(table, lazy=True)
        except SchemaErrors as error:
            return self._without(table, error.failure_cases)
        return table, []

    def _without(self, table: pd.DataFrame, cases: pd.DataFrame) -> tuple[pd.DataFrame, list[QualityNote]]:
        table, notes = table.copy(), []
        for name, group in cases.dropna(subset=["index"]).groupby("column", sort=True):
            rows: list[Any] = sorted({int(row) for row in group["index"]})
            table.loc[rows, name] = pd.NA
            title = self.kind.field(str(name)).title
            notes.append(self.note(str(name), "out_of_range", f"“{title}”超出合理范围，按未知处理", rows))
        return table, notes
