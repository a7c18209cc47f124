"""The fonts of official documents (公文字体), and what stands in where a computer does not have them.

Word and WPS look for a font's other names (``altName``) first and then for one of the same family and character
set, which the font table of the document states here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

if TYPE_CHECKING:
    from docx.document import Document as Doc

TITLE_FONT, BODY_FONT, KAITI_FONT, HEADING_FONT, SONG_FONT = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "楷体_GB2312",
    "黑体",
    "宋体",
)
# Font → (other names of it or the nearest one, family)
STAND_INS = {
    TITLE_FONT: ("方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,宋体", "roman"),
    BODY_FONT: ("仿宋,FangSong,华文仿宋,FangSong_GB2312", "roman"),
    KAITI_FONT: ("楷体,KaiTi,华文楷体,KaiTi_GB2312", "roman"),
    HEADING_FONT: ("SimHei,微软雅黑", "swiss"),
    SONG_FONT: ("SimSun,新宋体", "roman"),
}
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"


def declare_fonts(document: Doc) -> None:
    """Replace the document's font table by one that names the stand-ins."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, (others, family) in STAND_INS.items()
    )
    content = f'<w:fonts xmlns:w="{NAMESPACE}">{fonts}</w:fonts>'.encode()
    for relation_id, relation in list(document.part.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            document.part.rels.pop(relation_id)
    part = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE, content, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)
