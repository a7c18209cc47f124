"""What frames an official document (公文的版头和版记): the red head with its number and line, the imprint at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt, RGBColor

from fupin_cli.reports.official import BODY_SIZE, TEXT_WIDTH
from fupin_cli.reports.official_fonts import BODY_FONT, TITLE_FONT

if TYPE_CHECKING:
    from docx.document import Document as Doc
    from docx.text.paragraph import Paragraph

RED, BLACK = "FF0000", "000000"
ORGAN_SIZE, IMPRINT_SIZE = Pt(22), Pt(14)


def add_head(document: Doc, organ: str, number: str) -> None:
    """发文机关标志 in red, 发文字号 under it, and the red line."""
    sign = document.add_paragraph(style="公文标题")
    run = sign.add_run(organ)
    run.font.size, run.font.color.rgb = ORGAN_SIZE, RGBColor.from_string(RED)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TITLE_FONT)
    line = document.add_paragraph(number, style="公文主送")
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.space_before, line.paragraph_format.space_after = BODY_SIZE, BODY_SIZE
    _draw(line, ("bottom", RED, 12, 4))


def add_imprint(document: Doc, copies: str, printer: str, day: str) -> None:
    """版记 at the end: 抄送 between two lines, under it the printing organ (left) and day (right) above the last line."""
    document.add_paragraph("", style="公文正文")
    for text, borders in (
        (copies, (("top", BLACK, 8, 1), ("bottom", BLACK, 6, 1))),
        (f"{printer}\t{day}印发", (("bottom", BLACK, 8, 1),)),
    ):
        line = document.add_paragraph(style="公文主送")
        run = line.add_run(text)
        run.font.size = IMPRINT_SIZE
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = IMPRINT_SIZE
        line.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH - IMPRINT_SIZE, WD_TAB_ALIGNMENT.RIGHT)
        _draw(line, *borders)


def _draw(paragraph: Paragraph, *borders: tuple[str, str, int, int]) -> None:
    """Lines around a paragraph: (side, colour, eighths of a point, distance in points)."""
    frame = OxmlElement("w:pBdr")
    for side, colour, size, space in borders:
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(size)), ("space", str(space)), ("color", colour)):
            edge.set(qn(f"w:{name}"), value)
        frame.append(edge)
    # The schema wants the borders before spacing, indents and alignment.
    paragraph._p.get_or_add_pPr().insert_element_before(
        frame, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc"
    )
