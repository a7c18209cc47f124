"""A fillable workbook (填报模板) for a kind: headers, drop-downs, and a sheet that explains the columns."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from fupin_cli.own import TEMPLATE
from fupin_cli.schema.kinds import Field, Kind

LAST_ROW = 5000
HINTS = {
    "id": "18 位证件号码，按文本填写",
    "date": "日期，如 2020-06-30；只知年月时填 2020-06",
    "flag": "是、否；不清楚时留空",
    "amount": "金额，单位元",
    "term": "学期，如 2020春",
    "year": "年度，如 2020",
    "percent": "百分数，如 95",
    "measure": "数值，或填达标、不达标",
    "codes": "可填几个，用逗号分开",
}


def write_template(kind: Kind, path: Path) -> None:
    """Write an empty workbook with the kind's columns; required ones are marked ``*`` and coloured."""
    book = Workbook()
    book.properties.keywords = TEMPLATE
    sheet = book.active
    assert sheet is not None
    sheet.title = kind.title[:31]
    for place, (field, title) in enumerate(zip(kind.fields, kind.template_header, strict=True), start=1):
        cell = sheet.cell(1, place, title)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.fill = PatternFill("solid", fgColor="FFE699" if field.required else "DDE6EE")
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(10, 2 * len(field.title) + 4)
        if field.type in ("id", "text"):
            for row in range(2, 202):
                sheet.cell(row, place).number_format = "@"
        _drop_down(sheet, field, letter)
    sheet.freeze_panes = "A2"
    _explain(book, kind)
    book.save(path)


def _drop_down(sheet: object, field: Field, letter: str) -> None:
    values = ["是", "否"] if field.type == "flag" else list(field.vocabulary or ()) if field.type == "code" else []
    text = ",".join(values)
    if not values or len(text) > 250:
        return
    rule = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True, showErrorMessage=not field.open)
    rule.error = "请从下拉列表中选择；不清楚时留空。"
    rule.add(f"{letter}2:{letter}{LAST_ROW}")
    sheet.add_data_validation(rule)  # type: ignore[attr-defined]


def _explain(book: Workbook, kind: Kind) -> None:
    sheet = book.create_sheet("说明")
    sheet.append([f"{kind.title}（{kind.bureau}）填报说明：带 * 的列必须有；不清楚的内容留空，不要填“无”。"])
    sheet.append(["列", "必须", "填写要求", "也认得的表头"])
    for field in kind.fields:
        values = "、".join(field.vocabulary or ())
        hint = HINTS.get(field.type, "")
        requirement = "；".join(part for part in (hint, values and f"可填：{values}") if part)
        sheet.append([field.title, "*" if field.required else "", requirement, "、".join(field.aliases)])
    for letter, width in zip("ABCD", (26, 6, 50, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
