"""What marks a file as written by this program (自己的输出): a document property, and titles and columns nobody else has.

Whatever writes a workbook, document or page sets the property; :mod:`fupin_cli.intake.own` looks for both among the
inputs. Excel, WPS and LibreOffice keep the property when they save the file, under another name or in another format;
a CSV file has none, and is known by its columns.
"""

from __future__ import annotations

import re

# The 关键词 (标记) of a file.
OUTPUT, TEMPLATE = "fupin:output", "fupin:template"

# Columns that stand together in no other table, in findings.csv, workbooks and Word documents.
HEADERS = tuple(
    map(
        frozenset,
        (
            ("finding_key", "rule_id"),
            ("问题编号", "问题详情"),
            ("规则", "问题", "保障类别"),
            ("文件", "工作表", "行号", "识别为", "原因"),
            ("名单中的姓名", "台账中的姓名", "认定依据"),
            ("问题详情", "核实情况", "整改措施"),
            ("问题详情", "台账记录", "行业记录"),
            ("户编号", "灯", "理由"),
            ("户编号", "灯", "待办"),
            ("户编号", "变化", "上次", "本次"),
            ("户编号", "灯", "情形"),
            ("行政村", "绿灯", "黄灯", "红灯"),
            ("条款", "计划进度", "完成进度", "当月情况"),
            ("条款", "计划进度", "完成进度", "填报情况"),
            ("单位", "事项数", "约谈事由（条款）"),
            ("名次", "单位", "按时序率"),
            ("所写单位", "所写条款", "没有采用的原因"),
            ("保障类别", "规则数", "已比对"),
            ("轮次", "比对日期", "已比对规则"),
        ),
    )
)
# Texts over a table, or beside it in a document.
TITLES = re.compile(
    r"数据比对问题清单(——.+)?|隔离行（没有参加比对的行）|人工确认——.+|问题、责任、任务清单|整改台账——按.+统计|"
    r".{0,40}三色灯（\d+年\d+月\d+日）|.{0,40}脱贫户、监测户三色灯|催办：帮扶措施和跟踪|"
    r"\d{4}年\d+月督查明细|没有采用的行、没有读取的文件|.{0,40}\d{4}年度扶贫数据比对情况总结"
)
