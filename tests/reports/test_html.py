"""The HTML page: every number leads to what it is made of, gaps are never silent, nothing escapes from the data."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_cli.privacy import masked
from fupin_cli.reports.html import write_html
from fupin_cli.reports.html_counts import matrix, rule_bars, tiles, town_cards, unit_bars
from fupin_cli.reports.model import Report, RunPoint, RunSummary

MORE = {
    "state": "待核实", "verified": "未核实", "first_as_of": "2020-06-30", "due_on": "", "state_before": "",
    "yardstick_changed": "0",
}  # fmt: skip


def page(tmp_path: Path, report: Report, *, full_ids: bool = False) -> str:
    path = tmp_path / "报告.html"
    write_html(path, report, full_ids=full_ids)
    return path.read_text(encoding="utf-8")


def packed(text: str) -> dict[str, list[str]]:
    found = re.search(r'id="packed">([A-Za-z0-9+/=]*)</script>', text)
    assert found
    columns: dict[str, list[str]] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return columns


def filtered(findings: pd.DataFrame, href: str) -> int:
    """How many findings the page's table shows for a link."""
    chosen = findings
    for part in filter(None, href.removeprefix("#f?").split("&")):
        name, _, value = part.partition("=")
        wanted = unquote(value)
        hit = chosen[name].map(lambda text, name=name, wanted=wanted: (
            text == wanted or text in wanted.split("|") or (name == "owner" and wanted in text.split("、"))
        ))  # fmt: skip
        chosen = chosen[hit]
    return len(chosen)


def test_every_number_counts_the_findings_its_link_shows(four_findings: pd.DataFrame, summary: RunSummary) -> None:
    four_findings.loc[3, ["owner", "town", "village"]] = ["", "", ""]
    report = Report(summary, four_findings, towns=("灵山镇", "新埠镇"))
    _, lines = matrix(report)
    cards = town_cards(report)
    numbers = [
        *tiles(report),
        *(cell for line in lines for cell in line.cells),
        *unit_bars(report),
        *rule_bars(report),
        *cards,
        *(bar for card in cards for bar in card.villages),
    ]
    assert [filtered(four_findings, item.href) for item in numbers] == [item.number for item in numbers]
    assert lines[-1].cells[-1].number == 4


def test_what_was_not_compared_is_marked_in_its_cells(four_findings: pd.DataFrame, summary: RunSummary) -> None:
    towns, lines = matrix(Report(summary, four_findings, towns=("新埠镇",)))
    cells = {
        (line.label, town): cell for line in lines for town, cell in zip([*towns, "合计"], line.cells, strict=True)
    }
    assert cells["饮水安全", "新埠镇"].gap == "all" and cells["饮水安全", "合计"].gap == "all"
    assert cells["义务教育", "大致坡镇"].gap == "all" and cells["义务教育", "新埠镇"].gap == ""
    assert cells["义务教育", "合计"].gap == "some"
    assert cells["合计", "新埠镇"].gap == "some"
    assert "WAT-01" in cells["饮水安全", "新埠镇"].hint


def test_page_says_what_was_not_compared_before_the_numbers_by_town(
    tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary
) -> None:
    text = page(tmp_path, Report(summary, four_findings))
    gaps = text[text.index('id="gaps"') : text.index('id="h-matrix"')]
    assert "1条未比对，1条部分未比对" in gaps and "饮水安全评价" in gaps and "大致坡镇" in gaps
    assert "坏.xlsx：文件不完整" in gaps and "学籍.xlsx!说明" in gaps


def test_page_says_so_when_everything_was_compared(
    tmp_path: Path, four_findings: pd.DataFrame, everything_checked: RunSummary
) -> None:
    text = page(tmp_path, Report(replace(everything_checked, files=()), four_findings))
    assert "规则4条全部比对" in text and "gap-box" not in text.partition("</style>")[2]


def test_page_without_ledger_says_why_there_is_no_trend(
    tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary
) -> None:
    text = page(tmp_path, Report(summary, four_findings))
    assert "没有整改台账" in text and 'id="chart-trend"' not in text
    assert "state" not in packed(text)


def test_trend_tells_the_rules_not_checked(tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary) -> None:
    runs = (RunPoint(date(2020, 5, 31), {"义务教育": 7}, 75, ("WAT-01",)), RunPoint(date(2020, 6, 30), {}, 76, ()))
    text = page(tmp_path, Report(summary, four_findings.assign(**MORE), runs=runs))
    found = re.search(r'id="settings">(.*?)</script>', text, re.S)
    assert found
    trend = json.loads(found[1])["trend"]
    assert trend["labels"] == ["2020-05-31\n1条未比对或部分未比对", "2020-06-30"]
    assert trend["series"][0]["numbers"] == [7, 0]
    assert "2020-05-31（1条），那几次的问题数可能偏小" in text


def test_trend_puts_the_smaller_categories_together(
    tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary
) -> None:
    found = {f"类别{at}": 10 - at for at in range(9)}
    runs = (RunPoint(date(2020, 6, 30), found, 76, ()),)
    text = page(tmp_path, Report(summary, four_findings.assign(**MORE), runs=runs))
    settings = re.search(r'id="settings">(.*?)</script>', text, re.S)
    assert settings
    *_, others = json.loads(settings[1])["trend"]["series"]
    assert (others["name"], others["numbers"], unquote(others["href"])) == ("其他类别", [5], "#f?category=类别7|类别8")


@pytest.mark.parametrize(
    "evil", ["</script><script>alert(1)</script>", "<!--<script>", '"><img src=x onerror=alert(1)>']
)
def test_text_of_the_data_stays_text(
    tmp_path: Path, findings: Callable[..., pd.DataFrame], summary: RunSummary, evil: str
) -> None:
    table = findings(
        {name: evil for name in ("name", "title", "town", "village", "owner", "detail", "category", "rule_id")}
    )
    plain = page(tmp_path, Report(summary, findings({})))
    text = page(tmp_path, Report(replace(summary, district=evil), table, towns=(evil,)))
    assert evil not in text
    assert text.count("<script") == plain.count("<script") and text.count("<!--") == plain.count("<!--")
    assert packed(text)["name"] == [evil]


def test_page_needs_no_network(tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary) -> None:
    text = page(tmp_path, Report(summary, four_findings))
    assert "default-src 'none'" in text
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text) and "@import" not in text


def test_ids_are_masked_everywhere_unless_asked(
    tmp_path: Path, findings: Callable[..., pd.DataFrame], summary: RunSummary
) -> None:
    number, other = "460108201103052219", "46010819710527546X"
    table = findings({
        "id_number": number, "person_no": "460108101000005003", "detail": f"证件号码{number}与{other}不同，人编号460108101000005003",
        "register_value": f"证件号码：{number}", "source_value": other, "evidence": f"名单{other}.xlsx!表!3",
    })  # fmt: skip
    hidden, shown = (page(tmp_path, Report(summary, table), full_ids=asked) for asked in (False, True))
    assert number not in str(packed(hidden)) and other not in str(packed(hidden))
    assert packed(hidden)["id_number"] == ["460108********2219"]
    assert packed(hidden)["detail"] == ["证件号码460108********2219与460108********546X不同，人编号460108101000005003"]
    assert packed(shown)["id_number"] == [number] and "未遮盖" in shown and "未遮盖" not in hidden


@given(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True), st.sampled_from(["", "号", "（", "、", "："]))
def test_no_id_number_survives_masking(number: str, beside: str) -> None:
    assert masked(f"甲{beside}{number}{beside}乙") == f"甲{beside}{number[:6]}********{number[-4:]}{beside}乙"


@pytest.mark.parametrize(
    "number",
    [
        "4601O8201103052219",
        "460108110305221",
        "460108********2219",
        "４６０１０８２０１１０３０５２２１９",
        "46010819710527546x43",
    ],
)
def test_mistyped_old_and_longer_numbers_are_masked_too(number: str) -> None:
    assert masked(f"残疾人证{number}。") == f"残疾人证{number[:6]}********{number[-4:]}。"


def test_run_outside_the_ledger_is_said_to_be_missing_from_the_trend(
    tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary
) -> None:
    runs = (RunPoint(date(2020, 4, 30), {}, 76, ()), RunPoint(date(2020, 5, 31), {}, 76, ()))
    assert "趋势里没有它" in page(tmp_path, Report(summary, four_findings.assign(**MORE), runs=runs))


@pytest.mark.parametrize("text", ["2020-06-30", "46010810", "3,600.00元", "第128行"])
def test_shorter_numbers_are_left_alone(text: str) -> None:
    assert masked(text) == text


def test_same_run_gives_the_same_bytes(tmp_path: Path, four_findings: pd.DataFrame, summary: RunSummary) -> None:
    report = Report(summary, four_findings)
    assert page(tmp_path, report) == page(tmp_path, report)


def test_empty_run_has_a_page(tmp_path: Path, findings: Callable[..., pd.DataFrame], summary: RunSummary) -> None:
    text = page(tmp_path, Report(summary, findings()))
    assert packed(text)["rule_id"] == []
