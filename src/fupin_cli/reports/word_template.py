"""The template of 数据比对情况报告.docx as we ship it; an office edits its own copy in Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fupin_cli.reports.official import (
    add_addressee,
    add_annex,
    add_body,
    add_control,
    add_figure,
    add_heading,
    add_signature,
    add_table,
    add_title,
    new_document,
)

if TYPE_CHECKING:
    from docx.document import Document as Doc

WEIGHTS = ("严重", "一般", "提示", "合计")
WEIGHT_CELLS = tuple(f"{{{{ '{{:,}}'.format(row.{name}) }}}}" for name in ("severe", "general", "hint", "total"))


def report_template() -> Doc:
    """Texts with docxtpl tags; :mod:`fupin_cli.reports.word` says what each stands for."""
    document = new_document("数据比对情况报告")
    add_title(document, "关于{{ period }}", "数据比对情况的报告")
    add_addressee(document, "区扶贫开发领导小组：")
    add_body(
        document,
        "按照年度工作要点（八）“开展扶贫数据与行业部门数据比对工作”“全年对脱贫户的‘三保障’、饮水安全及纳保情况开展"
        "不少于5次比对工作”的要求，{{ district }}将建档立卡台账与行业部门数据作了比对。现将情况报告如下。",
    )
    _add_scope(document)
    _add_findings(document)
    _add_progress(document)
    _add_next_steps(document)
    add_signature(document, "{{ signer }}", "{{ signed_on }}")
    _add_sources(document)
    return document


def _add_scope(document: Doc) -> None:
    add_heading(document, "一、比对了什么，什么没有比对")
    add_heading(document, "（一）比对范围", 2)
    add_body(document, "{{ checked_text }}")
    add_heading(document, "（二）没有比对的内容", 2)
    add_body(document, "{{ gaps_text }}")
    add_control(document, "{%p if missing %}")
    add_table(
        document,
        "缺少的数据和没有比对的规则",
        ("缺少的数据", "范围", "没有比对的规则"),
        ("{{ row.source }}", "{{ row.scope }}", "{{ row.rules }}"),
        "row in missing",
        (48, 36, 72),
    )
    add_control(document, "{%p endif %}")


def _add_findings(document: Doc) -> None:
    add_heading(document, "二、发现的问题")
    add_heading(document, "（一）总体情况", 2)
    add_body(document, "{{ found_text }}")
    add_control(document, "{%p if total %}")
    add_figure(document, "各保障类别的问题数", "{{ category_chart }}")
    add_control(document, "{%p endif %}")
    add_table(
        document,
        "各保障类别的比对情况和问题数",
        ("保障类别", "规则数", "已比对", "部分未比对", "未比对", *WEIGHTS),
        (
            "{{ row.label }}",
            "{{ row.rules }}",
            "{{ row.checked }}",
            "{{ row.partial }}",
            "{{ row.absent }}",
            *(cell.replace("{{ ", "{{ '未比对' if row.unknown else ") for cell in WEIGHT_CELLS),
        ),
        "row in categories",
        (26, 14, 14, 23, 14.5, 15.5, 15.5, 15.5, 18),
    )
    add_heading(document, "（二）各镇情况", 2)
    add_body(document, "{{ towns_text }}")
    cells = ("{{ row.label }}", *WEIGHT_CELLS, "{{ row.absent }}")
    add_table(
        document,
        "各镇问题数",
        ("镇", *WEIGHTS, "未比对或部分未比对的规则"),
        cells,
        "row in towns",
        (40, 19, 19, 19, 19, 40),
    )
    add_heading(document, "（三）各责任单位情况", 2)
    add_body(document, "一个问题由几个单位共同负责的，各单位分别计数，因此各单位之和可能大于问题总数。")
    add_control(document, "{%p if units %}")
    add_figure(document, "各责任单位的问题数", "{{ unit_chart }}")
    add_table(
        document,
        "各责任单位的问题数",
        ("责任单位", *WEIGHTS),
        ("{{ row.label }}", *WEIGHT_CELLS),
        "row in units",
        (64, 23, 23, 23, 23),
    )
    add_control(document, "{%p endif %}")
    add_heading(document, "（四）较多的问题", 2)
    add_table(
        document,
        "问题最多的规则",
        ("规则", "问题", "依据", "条数"),
        ("{{ row.id }}", "{{ row.title }}", "{{ row.basis }}", "{{ row.total }}"),
        "row in rules",
        (20, 68, 52, 16),
    )


def _add_progress(document: Doc) -> None:
    add_heading(document, "三、整改情况")
    add_body(document, "{{ progress_text }}")
    add_control(document, "{%p if runs %}")
    add_table(
        document,
        "历次比对",
        ("比对日期", "发现问题", "已比对规则", "未比对或部分未比对的规则"),
        ("{{ row.as_of }}", "{{ row.found }}", "{{ row.checked }}", "{{ row.absent }}"),
        "row in runs",
        (44, 32, 36, 44),
    )
    add_control(document, "{%p endif %}")


def _add_next_steps(document: Doc) -> None:
    add_heading(document, "四、下一步工作")
    add_body(
        document,
        "核实整改。各责任单位对照问题清单逐条核实，属实的列明整改措施、责任人和完成时限，不属实的说明理由并附佐证，"
        "逐项对账销号。",
    )
    add_control(document, "{%p if missing or failed %}")
    add_body(document, "补齐数据。没有送达、读不出或只送来一部分的数据，请有关单位尽快补报，补报后重新比对。")
    add_control(document, "{%p endif %}")
    add_body(document, "附件：数据比对问题清单（见“问题清单.xlsx”）")


def _add_sources(document: Doc) -> None:
    add_control(document, "{%p if sources %}")
    add_annex(document, "附表")
    cells = (
        "{{ row.title }}",
        "{{ row.files }}",
        "{{ '{:,}'.format(row.loaded) }}",
        "{{ '{:,}'.format(row.quarantined) }}",
    )
    add_table(
        document,
        "参加比对的数据",
        ("来源", "文件数", "读入行数", "隔离行数"),
        cells,
        "row in sources",
        (69, 29, 29, 29),
    )
    add_control(document, "{%p endif %}")
