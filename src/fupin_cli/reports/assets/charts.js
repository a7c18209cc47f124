// The charts: what the page's settings hold, drawn by ECharts; a click filters the findings like any link.
"use strict";
const settings = JSON.parse(document.getElementById("settings").textContent);
const charts = [];

function draw(id, height, options, hrefOf) {
  const box = document.getElementById(id);
  if (!box) return;
  box.style.height = height + "px";
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true },
    ...options,
  });
  chart.on("click", (event) => { const href = hrefOf(event); if (href) dispatchEvent(new CustomEvent("filter", { detail: href })); });
  charts.push(chart);
}

function drawBars(id, bars) {
  const rows = [...bars].reverse(); // ECharts counts categories from below
  const levels = settings.levels;
  draw(id, Math.max(200, rows.length * 30 + 60), {
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12 },
    grid: { left: 4, right: 36, top: 30, bottom: 4, containLabel: true },
    xAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#eceef0" } } },
    yAxis: { type: "category", data: rows.map((row) => row.label), axisTick: { show: false },
      axisLabel: { width: 150, overflow: "truncate", color: "#1f2328" } },
    series: levels.map((level, at) => ({
      type: "bar", stack: "all", name: level.name, color: level.color, barMaxWidth: 16,
      data: rows.map((row) => row.parts[at]),
      label: at === levels.length - 1
        ? { show: true, position: "right", color: "#1f2328", formatter: (point) => rows[point.dataIndex].number }
        : undefined,
    })),
  }, (event) => rows[event.dataIndex]?.href);
}

function drawTrend(id, trend) {
  draw(id, 340, {
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12 },
    grid: { left: 4, right: 10, top: 64, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: trend.labels, axisLabel: { lineHeight: 17, interval: 0, hideOverlap: true } },
    yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#eceef0" } } },
    series: trend.series.map((row) => ({
      type: "bar", stack: "all", name: row.name, color: row.color, barMaxWidth: 44, data: row.numbers,
    })),
  }, (event) => trend.series[event.seriesIndex]?.href);
}

drawBars("chart-units", settings.units);
drawBars("chart-rules", settings.rules);
if (settings.trend) drawTrend("chart-trend", settings.trend);
addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
// Paper is narrower than the screen: with a view box the style sheet can shrink the drawings to their column.
addEventListener("beforeprint", () => charts.forEach((chart) => {
  chart.getDom().querySelector("svg").setAttribute("viewBox", `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
}));
