"""Official documents (公文) in the layout of GB/T 9704-2012: shared by every Word report.

A report builds its template once in Python with the ``add_…`` functions; their texts may hold docxtpl tags
(``{{ total }}``, ``{%p if … %}``), which :func:`fupin_cli.reports.docx_template.render` fills in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt

from fupin_cli.own import OUTPUT
from fupin_cli.reports.official_fonts import BODY_FONT, HEADING_FONT, KAITI_FONT, SONG_FONT, TITLE_FONT, declare_fonts

if TYPE_CHECKING:
    from docx.document import Document as Doc
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

BODY_SIZE, TITLE_SIZE, TABLE_SIZE, PAGE_NUMBER_SIZE = Pt(16), Pt(22), Pt(10.5), Pt(14)  # 三号、二号、五号、四号
LINE = Pt(28.95)  # 22 lines on a page of 225 mm
TEXT_COLUMN_MM = 45
ROW_HEIGHT = Mm(7.5)
TEXT_WIDTH = Mm(210 - 28 - 26)
LATIN_FONT = "Times New Roman"

# Style name → (font, size, bold, first-line indent in characters, alignment)
STYLES = {
    "公文标题": (TITLE_FONT, TITLE_SIZE, False, 0, WD_ALIGN_PARAGRAPH.CENTER),
    "公文副题": (KAITI_FONT, BODY_SIZE, False, 0, WD_ALIGN_PARAGRAPH.CENTER),
    "公文正文": (BODY_FONT, BODY_SIZE, False, 2, WD_ALIGN_PARAGRAPH.JUSTIFY),
    "公文主送": (BODY_FONT, BODY_SIZE, False, 0, WD_ALIGN_PARAGRAPH.LEFT),
    "公文一级": (HEADING_FONT, BODY_SIZE, False, 2, WD_ALIGN_PARAGRAPH.LEFT),
    "公文二级": (KAITI_FONT, BODY_SIZE, False, 2, WD_ALIGN_PARAGRAPH.LEFT),
    "公文三级": (BODY_FONT, BODY_SIZE, True, 2, WD_ALIGN_PARAGRAPH.LEFT),
    "公文落款": (BODY_FONT, BODY_SIZE, False, 0, WD_ALIGN_PARAGRAPH.RIGHT),
    "公文表题": (HEADING_FONT, Pt(12), False, 0, WD_ALIGN_PARAGRAPH.CENTER),
    "公文图": (BODY_FONT, TABLE_SIZE, False, 0, WD_ALIGN_PARAGRAPH.CENTER),
    "公文表文": (BODY_FONT, TABLE_SIZE, False, 0, WD_ALIGN_PARAGRAPH.LEFT),
    "公文页码": (SONG_FONT, PAGE_NUMBER_SIZE, False, 0, WD_ALIGN_PARAGRAPH.RIGHT),
}
COMPACT = {"公文表题", "公文图", "公文表文", "公文页码"}  # styles with the font's own line height
HEADINGS = {1: "公文一级", 2: "公文二级", 3: "公文三级"}


def new_document(title: str) -> Doc:
    """An empty A4 page with the standard's margins, styles and page numbers (— 1 —)."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.keywords = OUTPUT
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(37),
        Mm(35),
        Mm(28),
        Mm(26),
    )
    section.header_distance, section.footer_distance = Mm(15), Mm(35 - 7 - 6)  # the number stands 7 mm under the text
    declare_fonts(document)
    _set_fonts(document.styles["Normal"], BODY_FONT, BODY_SIZE)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # else punctuation is drawn the Japanese or Traditional way
    for name in STYLES:
        _add_style(document, name)
    _add_page_numbers(document)
    return document


def _add_style(document: Doc, name: str) -> None:
    font, size, bold, indent, alignment = STYLES[name]
    style = document.styles.add_style(name, 1)
    _set_fonts(style, font, size)
    style.font.bold = bold
    layout = style.paragraph_format
    layout.alignment = alignment
    layout.space_before = layout.space_after = Pt(0)
    layout.widow_control = False
    if name not in COMPACT:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    if name in HEADINGS.values() or name == "公文表题":
        layout.keep_with_next = True
    if indent:
        layout.first_line_indent = indent * size
        # Counted in characters, Word keeps the indent when an office changes the size.
        style.element.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), str(indent * 100))


def _set_fonts(style: ParagraphStyle, font: str, size: Pt) -> None:
    style.font.name, style.font.size = LATIN_FONT, size
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _add_page_numbers(document: Doc) -> None:
    """— 1 — outside on odd and even pages, one character from the edge."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, alignment in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["公文页码"]
        paragraph.alignment = alignment
        edge = "right_indent" if alignment == WD_ALIGN_PARAGRAPH.RIGHT else "left_indent"
        setattr(paragraph.paragraph_format, edge, PAGE_NUMBER_SIZE)
        paragraph.add_run("— ")
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            _add_field_part(paragraph, kind, text)
        paragraph.add_run(" —")


def _add_field_part(paragraph: Paragraph, kind: str, text: str) -> None:
    part = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        part.set(qn("w:fldCharType"), kind)
    part.text = text
    paragraph.add_run()._r.append(part)


def add_title(document: Doc, *lines: str) -> None:
    """The title (标题) in one or more centred lines, with an empty line behind."""
    for line in lines:
        document.add_paragraph(line, style="公文标题")
    document.add_paragraph("", style="公文正文")


def add_subtitle(document: Doc, text: str) -> None:
    """A line under the title, such as the period reported on."""
    document.add_paragraph(text, style="公文副题")


def add_addressee(document: Doc, text: str) -> None:
    """主送机关: flush left, ends with a colon."""
    document.add_paragraph(text, style="公文主送")


def add_heading(document: Doc, text: str, level: int = 1) -> None:
    """``一、`` (1), ``（一）`` (2) or ``1.`` (3); the number is part of ``text``."""
    document.add_paragraph(text, style=HEADINGS[level])


def add_body(document: Doc, text: str) -> Paragraph:
    return document.add_paragraph(text, style="公文正文")


def add_control(document: Doc, tag: str) -> None:
    """A paragraph that only steers: ``{%p if late %}``, ``{%p for town in towns %}``, ``{%p endif %}``."""
    document.add_paragraph(tag, style="公文正文")


def add_table(
    document: Doc,
    caption: str,
    headings: Sequence[str],
    cells: Sequence[str],
    loop: str,
    widths_mm: Sequence[float],
    *,
    total: Sequence[str] = (),
) -> Table:
    """A table with a repeated header row and one row for each turn of ``loop`` (``row in towns``); ``total``: a last row.

    The first column and wide ones hold text and are aligned left, the others are centred.
    """
    document.add_paragraph(caption, style="公文表题").paragraph_format.space_before = Pt(6)
    rows = [headings, (f"{{%tr for {loop} %}}",), cells, ("{%tr endfor %}",)] + ([total] if total else [])
    table: Table = document.add_table(rows=len(rows), cols=len(headings))
    table.style = document.styles["Table Grid"]
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for added, texts in zip(table.rows, rows, strict=True):
        for cell, text, width in zip(
            added.cells, [*texts, *[""] * (len(headings) - len(texts))], widths_mm, strict=True
        ):
            cell.width = Mm(width)
            _fill(document, cell, text, bold=texts is headings or texts is total)
        for cell, width in zip(added.cells[1:], widths_mm[1:], strict=True):
            if width < TEXT_COLUMN_MM:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        added.height = ROW_HEIGHT
        # A row is never split over two pages.
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    header = table.rows[0]
    header._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in header.cells:
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        cell.paragraphs[0].paragraph_format.keep_with_next = True  # never alone at the foot of a page
    document.add_paragraph("", style="公文表文")
    return table


def add_figure(document: Doc, caption: str, tag: str) -> None:
    """A picture or chart, with its caption under it."""
    document.add_paragraph(tag, style="公文图").paragraph_format.keep_with_next = True
    below = document.add_paragraph(caption, style="公文表题").paragraph_format
    below.keep_with_next, below.space_after = False, Pt(10)


def _fill(document: Doc, cell: _Cell, text: str, *, bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = document.styles["公文表文"]
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    run = paragraph.add_run(text)
    if bold:
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEADING_FONT)


def add_signature(document: Doc, unit: str, day: str) -> None:
    """落款: the signing unit and the date, four characters from the right, at the end of the text."""
    document.add_paragraph("", style="公文正文")
    for text, characters in ((unit, 2), (day, 4)):
        paragraph = document.add_paragraph(text, style="公文落款")
        paragraph.paragraph_format.right_indent = characters * BODY_SIZE
        paragraph.paragraph_format.keep_with_next = text is unit


def add_annex(document: Doc, text: str) -> None:
    """附件: its name flush left on top of a new page."""
    layout = document.add_paragraph(text, style="公文一级").paragraph_format
    layout.page_break_before, layout.first_line_indent = True, Pt(0)
    layout.element.pPr.ind.set(qn("w:firstLineChars"), "0")  # else the style's characters go before the points


def signing_day(day: date | None) -> str:
    """成文日期; left open for the pen when it is not given."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　　　年　　月　　日"
