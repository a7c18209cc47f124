"""The report page in a browser: from a file, alone, filtered, printed. Times are printed (pytest -s), never asserted."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from fupin_cli.findings import COLUMNS
from fupin_cli.reports.history import LEDGER_COLUMNS
from fupin_cli.reports.html import write_html
from fupin_cli.reports.model import Report, RunPoint, RunSummary
from fupin_cli.rules.check import RuleCheck

ROWS = 20_000
TOWNS = ("灵山镇", "演丰镇", "三江镇", "大致坡镇")
RULES = (("EDU-01", "义务教育", "义务教育适龄人口无学籍"), ("MED-01", "基本医疗", "未参加基本医疗保险"))
STATES = ("待核实", "属实·整改中", "已整改待复核", "已销号")
MINE = "<i>欧阳独一</i>"  # one finding of this name, which is no markup


def many_findings() -> pd.DataFrame:
    rows = []
    for at in range(ROWS):
        rule_id, category, title = RULES[at % 2]
        number = f"46010819{at % 90 + 10}{at % 12 + 1:02d}{at % 28 + 1:02d}{at % 10_000:04d}"
        name = MINE if at == 12_345 else f"陈{chr(0x4E00 + at % 9_000)}"
        rows.append({
            "finding_key": f"{at:016x}", "rule_id": rule_id, "category": category, "title": title,
            "severity": ("严重", "一般", "提示")[at % 3], "subject_type": "person", "household_id": f"46010810{at:08d}",
            "person_no": f"46010810{at:010d}", "name": name, "id_number": number, "town": TOWNS[at % 4],
            "village": f"{chr(0x4E1C + at % 40)}村", "owner": "区教育局、区扶贫办" if at % 2 == 0 else "区医保局",
            "detail": f"{name}（{at % 80}周岁，{number}）在名册中没有任何记录，请核实。", "register_value": f"在校生状况：{at}",
            "source_value": "名册：无记录", "basis": "工作要点 三（二）", "evidence": f"扶贫办/台账.xlsx!{TOWNS[at % 4]}!{at + 2}",
            "state": STATES[at % 4], "verified": "未核实" if at % 4 == 0 else "属实", "first_as_of": "2020-06-30", "due_on": "",
            "state_before": "", "yardstick_changed": "0",
        })  # fmt: skip
    return pd.DataFrame(rows, columns=[*COLUMNS, *LEDGER_COLUMNS])


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    checks = tuple(RuleCheck(rule_id, title, category, "checked", (), (), 1) for rule_id, category, title in RULES)
    gap = RuleCheck("WAT-01", "无饮水安全评价", "饮水安全", "not_checked", ("饮水安全评价",), (), 0)
    summary = RunSummary("区扶贫办", date(2020, 6, 30), (), (*checks, gap), (), ())
    runs = (RunPoint(date(2020, 5, 31), {"义务教育": 9_000}, 3, ()), RunPoint(date(2020, 6, 30), {}, 2, ("WAT-01",)))
    path = tmp_path_factory.mktemp("报告 一") / "报告.html"
    write_html(path, Report(summary, many_findings(), towns=TOWNS, runs=runs))
    return path


@pytest.fixture
def opened(browser: webdriver.Chrome, page: Path) -> Iterator[webdriver.Chrome]:
    """The page, opened from its file and ready; leaves no error in the console and has asked nobody for anything."""
    browser.get_log("browser"), browser.get_log("performance")
    started = time.perf_counter()
    browser.get(page.as_uri())
    WebDriverWait(browser, 60, 0.02).until(
        lambda _: browser.execute_script("return document.documentElement.dataset.ready")
    )
    print(f"\n{ROWS:,} findings, {page.stat().st_size / 1e6:.1f} MB: open {time.perf_counter() - started:.2f} s")
    yield browser
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    assert requests(browser) <= {page.as_uri(), "data:,"}


def requests(browser: webdriver.Chrome) -> set[str]:
    messages = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    return {x["params"]["request"]["url"] for x in messages if x["method"] == "Network.requestWillBeSent"}


def count(browser: webdriver.Chrome) -> str:
    return str(browser.find_element(By.ID, "count").text)


def filtered(browser: webdriver.Chrome, **wanted: str) -> float:
    """Filter as a link does; the milliseconds it took."""
    script = """
        const started = performance.now();
        location.hash = "#f?" + new URLSearchParams(arguments[0]);
        dispatchEvent(new HashChangeEvent("hashchange"));
        document.body.offsetHeight;  // layout belongs to it
        return performance.now() - started;"""
    spent = float(browser.execute_script(script, wanted))
    print(f"filter {wanted}: {spent:.0f} ms")
    return spent


def click(browser: webdriver.Chrome, selector: str) -> None:
    """Click by script: a page that still scrolls has no place to point at."""
    browser.execute_script("document.querySelector(arguments[0]).click()", selector)


def test_opens_from_a_file_with_charts_and_first_page_of_findings(opened: webdriver.Chrome) -> None:
    assert "共20,000条" in count(opened)
    assert len(opened.find_elements(By.CSS_SELECTOR, "#list tr.row")) == 50
    assert len(opened.find_elements(By.CSS_SELECTOR, ".chart svg")) == 3


def test_filters_by_field_by_one_of_several_units_and_by_words(opened: webdriver.Chrome) -> None:
    filtered(opened, town="灵山镇", severity="严重")
    assert "筛出1,667条" in count(opened)
    filtered(opened, owner="区扶贫办")
    assert "筛出10,000条" in count(opened)
    filtered(opened, text="欧阳独一 台账")
    assert "筛出0条" in count(opened)
    filtered(opened, text="欧阳独一 名册")
    assert "筛出1条" in count(opened)
    filtered(opened, state="已整改待复核|已销号")
    assert "筛出10,000条" in count(opened)


def test_typing_filters_and_reset_shows_all(opened: webdriver.Chrome) -> None:
    opened.find_element(By.NAME, "text").send_keys("欧阳独一")
    WebDriverWait(opened, 10).until(lambda _: "筛出1条" in count(opened))
    click(opened, "#filters [type=reset]")
    WebDriverWait(opened, 10).until(lambda _: "共20,000条，点" in count(opened))


def test_a_row_opens_its_evidence_as_text_and_masked(opened: webdriver.Chrome) -> None:
    filtered(opened, text="欧阳独一")
    assert MINE in opened.find_element(By.CSS_SELECTOR, "#list tr.row").text
    click(opened, "#list tr.row")
    more = opened.find_element(By.CSS_SELECTOR, "#list tr.more").text
    assert "扶贫办/台账.xlsx!演丰镇!12347" in more and "460108********2345" in more and "工作要点" in more


def test_a_cell_of_the_matrix_leads_to_its_findings_also_twice(opened: webdriver.Chrome) -> None:
    cell = ".heat tbody tr td a"
    number = opened.find_element(By.CSS_SELECTOR, cell).get_attribute("textContent")
    for _ in range(2):
        click(opened, cell)
        WebDriverWait(opened, 10).until(lambda _: f"筛出{number}条" in count(opened))
        click(opened, "#filters [type=reset]")
        WebDriverWait(opened, 10).until(lambda _: "共20,000条，点" in count(opened))


def test_paging(opened: webdriver.Chrome) -> None:
    click(opened, "#pager button[value='1']")
    assert "第2页，共400页" in opened.find_element(By.ID, "pager").text


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_screen(opened: webdriver.Chrome, width: int) -> None:
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    try:
        # The charts are drawn anew a moment after the screen has changed.
        WebDriverWait(opened, 10).until(
            lambda page: page.execute_script("return document.documentElement.scrollWidth") <= width
        )
    finally:
        opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (Debian: apt install poppler-utils)")
def test_prints_what_is_filtered_on_a4(opened: webdriver.Chrome, tmp_path: Path) -> None:
    filtered(opened, town="灵山镇", severity="严重", rule_id="EDU-01")
    printed: Any = opened.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    (tmp_path / "报告.pdf").write_bytes(base64.b64decode(printed["data"]))
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "报告.pdf", "-"], capture_output=True, check=True, text=True
    ).stdout
    size = subprocess.run(["pdfinfo", tmp_path / "报告.pdf"], capture_output=True, check=True, text=True).stdout
    assert "(A4)" in size
    assert "明细共1,667条，此处印前500条" in text and text.count("义务教育适龄人口无学籍") >= 500
    assert "全部显示" not in text
