"""Official documents: the standard's page, text that stays text, the office's own template first."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest
from docx.shared import Mm, Pt

from fupin_cli.errors import FupinError
from fupin_cli.reports.docx_template import FOLDER, render, template, write_template
from fupin_cli.reports.encryption import encrypt
from fupin_cli.reports.official import (
    add_body,
    add_control,
    add_signature,
    add_table,
    add_title,
    new_document,
    signing_day,
)

if TYPE_CHECKING:
    from docx.document import Document as Doc

ROWS = {"rows": [{"town": "灵山镇", "found": 3}, {"town": "演丰镇", "found": 0}]}


def letter() -> Doc:
    document = new_document("通报")
    add_title(document, "关于{{ what }}的通报")
    add_control(document, "{%p if late %}")
    add_body(document, "超期。")
    add_control(document, "{%p endif %}")
    add_table(document, "表1", ("镇", "问题数"), ("{{ row.town }}", "{{ row.found }}"), "row in rows", (50, 50))
    add_signature(document, "区扶贫办", "{{ day }}")
    return document


def written(tmp_path: Path, **values: object) -> Doc:
    context = {"what": "进度", "late": False, "day": "", **ROWS, **values}
    render(template(None, "通报.docx", letter), context, tmp_path / "通报.docx")
    return docx.Document(str(tmp_path / "通报.docx"))


def test_page_is_that_of_the_standard(tmp_path: Path) -> None:
    document = written(tmp_path)
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(value / Mm(1)) for value in margins if value] == [37, 35, 28, 26]
    assert document.styles["公文正文"].paragraph_format.line_spacing == Pt(28.95)
    assert "— PAGE —" in section.footer.paragraphs[0]._p.xpath("string(.)")


def test_fonts_of_the_standard_name_their_stand_ins(tmp_path: Path) -> None:
    fonts = next(
        part.blob.decode()
        for part in written(tmp_path).part.package.iter_parts()
        if part.partname.endswith("fontTable.xml")
    )
    assert '"方正小标宋简体"' in fonts and "华文中宋" in fonts and "FangSong" in fonts


def test_values_are_text_and_loops_make_rows(tmp_path: Path) -> None:
    document = written(tmp_path, what="<w:p>张&三")
    assert document.paragraphs[0].text == "关于<w:p>张&三的通报"
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["镇", "问题数"],
        ["灵山镇", "3"],
        ["演丰镇", "0"],
    ]


@pytest.mark.parametrize("late", [True, False])
def test_conditional_paragraph_leaves_no_gap(tmp_path: Path, late: bool) -> None:
    texts = [paragraph.text for paragraph in written(tmp_path, late=late).paragraphs]
    assert texts[2:4] == (["超期。", "表1"] if late else ["表1", ""])


def test_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    written(tmp_path)
    first = (tmp_path / "通报.docx").read_bytes()
    written(tmp_path)
    assert (tmp_path / "通报.docx").read_bytes() == first


def test_template_of_the_workspace_goes_first_and_is_never_overwritten(tmp_path: Path) -> None:
    path = write_template(tmp_path, "通报.docx", letter)
    own = docx.Document(str(path))
    own.paragraphs[0].text = "本办的{{ what }}"
    own.save(str(path))
    with pytest.raises(FupinError, match="没有覆盖"):
        write_template(tmp_path, "通报.docx", letter)
    render(
        template(tmp_path, "通报.docx", letter),
        {"what": "标题", "late": False, "day": "", **ROWS},
        tmp_path / "出.docx",
    )
    assert docx.Document(str(tmp_path / "出.docx")).paragraphs[0].text == "本办的标题"


@pytest.mark.parametrize("tag", ["{{ unknown }}", "{{ what", "{{ ''.__class__.__mro__ }}"])
def test_a_mistake_in_the_offices_template_is_one_sentence(tmp_path: Path, tag: str) -> None:
    path = write_template(tmp_path, "通报.docx", letter)
    own = docx.Document(str(path))
    own.paragraphs[0].text = tag
    own.save(str(path))
    with pytest.raises(FupinError, match=f"{FOLDER}.*模板不能用"):
        render(
            template(tmp_path, "通报.docx", letter),
            {"what": "", "late": False, "day": "", **ROWS},
            tmp_path / "出.docx",
        )
    assert not (tmp_path / "出.docx").exists()


@pytest.mark.parametrize(("password", "said"), [("密", None), ("错", "密码不对"), ("", "设有打开密码")])
def test_an_offices_template_behind_a_password_is_opened_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, said: str | None
) -> None:
    encrypt(write_template(tmp_path, "通报.docx", letter), "密")
    monkeypatch.setenv("FUPIN_PASSWORD", password)
    own, out = template(tmp_path, "通报.docx", letter), tmp_path / "出.docx"
    values = {"what": "标题", "late": False, "day": "", **ROWS}
    if said is None:
        render(own, values, out)
        assert out.exists()
    else:
        with pytest.raises(FupinError, match=f"{FOLDER}.*{said}"):
            render(own, values, out)


def test_signing_day_is_left_open_for_the_pen() -> None:
    assert signing_day(date(2020, 7, 3)) == "2020年7月3日"
    assert "月" in signing_day(None) and not any(char.isdigit() for char in signing_day(None))
