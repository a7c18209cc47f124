"""Charts of Word reports: native charts that Word draws in its own fonts and an office can edit, not pictures.

XlsxWriter writes a workbook with one chart; the chart is taken out of it into the document, and the workbook goes along
as the chart's data (编辑数据 in Word opens it).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import xlsxwriter
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Mm

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATA_RELATION = "rId1"
CHART_FILE = "xl/charts/chart1.xml"
FONT = {"name": "宋体", "size": 10, "color": "#000000"}
NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{path}"'
    for prefix, path in (
        ("wp", "drawingml/2006/wordprocessingDrawing"),
        ("a", "drawingml/2006/main"),
        ("c", "drawingml/2006/chart"),
        ("r", "officeDocument/2006/relationships"),
    )
)


@dataclass(frozen=True)
class StackedBars:
    """A chart of lying bars, the first label on top; as a template value (``{{ chart }}``) it puts itself into ``document``.

    ``series``: name → (colour, a number for each label).
    """

    document: DocxTemplate
    title: str
    labels: Sequence[str]
    series: Mapping[str, tuple[str, Sequence[int]]]

    def __html__(self) -> str:
        """The chart as WordprocessingML; called where the template names it, so unused charts add nothing."""
        package = self.document.docx.part.package
        number = sum(part.partname.startswith("/word/charts/") for part in package.iter_parts()) + 1
        workbook = self._workbook()
        data = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), WORKBOOK_TYPE, workbook, package)
        chart = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART_TYPE, _linked(workbook), package)
        chart.rels.add_relationship(RELATIONSHIP_TYPE.PACKAGE, data, DATA_RELATION)
        relation = self.document.docx.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)
        drawing = (
            f'<wp:inline {NAMESPACES}><wp:extent cx="{Mm(156)}" cy="{Mm(28 + 6.5 * len(self.labels))}"/>'
            f'<wp:docPr id="{1000 + number}" name="图表{number}" descr={quoteattr(self.title)}/><wp:cNvGraphicFramePr/>'
            f'<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
            f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline>'
        )
        # The tag stands inside a run's text: close it, add a run with the drawing, open the next.
        return f'</w:t></w:r><w:r><w:drawing>{drawing}</w:drawing></w:r><w:r><w:t xml:space="preserve">'

    def _workbook(self) -> bytes:
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"created": datetime(2000, 1, 1)})  # the same content gives the same bytes
        sheet = book.add_worksheet("数据")
        chart = book.add_chart({"type": "bar", "subtype": "stacked"})
        sheet.write_column(1, 0, self.labels)
        last = len(self.labels)
        for at, (name, (colour, numbers)) in enumerate(self.series.items(), start=1):
            sheet.write_column(0, at, [name, *numbers])
            chart.add_series({
                "name": ["数据", 0, at], "categories": ["数据", 1, 0, last, 0], "values": ["数据", 1, at, last, at],
                "fill": {"color": colour}, "gap": 45,
            })  # fmt: skip
        ticks = {"num_font": FONT, "major_tick_mark": "none", "minor_tick_mark": "none"}
        # The axis of labels stands upright, and counts from below unless reversed.
        labels = {
            "line": {"color": "#808080"},
            "interval_unit": 1,
            "reverse": True,
            "major_gridlines": {"visible": False},
        }
        gridlines = {"visible": True, "line": {"color": "#D9D9D9"}}
        chart.set_y_axis(ticks | labels)
        chart.set_x_axis(ticks | {"line": {"none": True}, "major_gridlines": gridlines, "label_position": "high"})
        chart.set_legend({"position": "top", "font": FONT})
        chart.set_chartarea({"border": {"none": True}})
        sheet.insert_chart("F2", chart)
        book.close()
        return stream.getvalue()


def _linked(workbook: bytes) -> bytes:
    """The chart of ``workbook``, told where its data are and to write Chinese in the same font."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        xml = archive.read(CHART_FILE).decode("utf-8")
    data = f'<c:externalData r:id="{DATA_RELATION}"><c:autoUpdate val="0"/></c:externalData>'
    latin = f'<a:latin typeface="{FONT["name"]}"/>'
    return (
        xml.replace("<c:printSettings>", data + "<c:printSettings>")
        .replace(latin, f'{latin}<a:ea typeface="{FONT["name"]}"/>')
        .encode("utf-8")
    )
