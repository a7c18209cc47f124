// The findings: unpacked once, filtered by the form and by links (#f?town=…), shown a page at a time.
"use strict";
(() => {
  const PAGE = 50, PRINTED = 500;
  const form = document.getElementById("filters"), list = document.querySelector("#list tbody");
  const count = document.getElementById("count"), pager = document.getElementById("pager");
  const selects = [...form.querySelectorAll("select")];
  const tones = Object.fromEntries(settings.levels.map((level) => [level.name, level.tone]));
  const SEARCHED = ["name", "household_id", "person_no", "id_number", "town", "village", "rule_id", "title", "detail"];
  let columns = {}, total = 0, haystack = null, shown = [], page = 0;

  async function unpack() {
    const bytes = Uint8Array.from(atob(document.getElementById("packed").textContent), (char) => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  // A field of several values (责任单位) matches each of them; "a|b" asks for either.
  const matches = (name, value, wanted) => value === wanted || wanted.split("|").includes(value) ||
    (name === "owner" && value.split("、").includes(wanted));

  function filter() {
    const words = form.elements.text.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = selects.filter((select) => select.value !== "*");
    if (words.length && !haystack) {
      haystack = Array.from({ length: total }, (_, at) => SEARCHED.map((name) => columns[name][at]).join("\n").toLowerCase());
    }
    shown = [];
    for (let at = 0; at < total; at++) {
      if (wanted.every((select) => matches(select.name, columns[select.name][at], select.value)) &&
          words.every((word) => haystack[at].includes(word))) shown.push(at);
    }
    selects.forEach((select) => select.classList.toggle("on", select.value !== "*"));
    page = 0;
    show();
  }

  function element(tag, text, className) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function cell(row, label, text, ...subs) {
    const made = element("td", text);
    if (label) made.dataset.label = label;
    made.append(...subs.filter(Boolean).map((sub) => element("span", sub, "sub")));
    row.append(made);
    return made;
  }

  function rowOf(at) {
    const value = (name) => columns[name][at];
    const row = element("tr", "", "row");
    row.tabIndex = 0;
    cell(row, "", "").append(element("span", value("severity"), "badge " + (tones[value("severity")] || "")));
    cell(row, "", value("title"), value("detail"));
    cell(row, "对象", value("name") || value("village"), value("household_id") && "户编号 " + value("household_id"), value("id_number"));
    cell(row, "镇村", value("town") + value("village"));
    cell(row, "责任单位", value("owner"));
    if (columns.state) cell(row, "状态", value("state"), value("due_on") && "限 " + value("due_on"));
    row.dataset.at = at;
    return row;
  }

  function toggle(row) {
    if (row.nextSibling?.className === "more") return row.nextSibling.remove();
    const more = element("tr", "", "more"), place = element("td"), facts = element("dl");
    place.colSpan = row.children.length;
    for (const [name, label] of settings.details) {
      const text = columns[name]?.[row.dataset.at];
      if (text) facts.append(element("dt", label), element("dd", text));
    }
    place.append(facts);
    more.append(place);
    row.after(more);
  }

  function show() {
    const pages = Math.max(1, Math.ceil(shown.length / PAGE));
    list.replaceChildren(...shown.slice(page * PAGE, (page + 1) * PAGE).map(rowOf));
    count.textContent = shown.length === total ? `共${total.toLocaleString()}条，点一行看台账和行业记录、依据、证据。`
      : `共${total.toLocaleString()}条，筛出${shown.length.toLocaleString()}条。`;
    pager.querySelector("span").textContent = `第${page + 1}页，共${pages}页`;
    pager.querySelector("[value='-1']").disabled = page === 0;
    pager.querySelector("[value='1']").disabled = page === pages - 1;
    pager.hidden = pages === 1;
  }

  function offer() {
    for (const select of selects) {
      const values = new Map();
      for (const value of columns[select.name]) {
        for (const part of select.name === "owner" ? value.split("、") : [value]) values.set(part, (values.get(part) || 0) + 1);
      }
      const order = settings.orders[select.name] || [...values.keys()].sort();
      for (const value of order.filter((name) => values.has(name))) {
        const label = (settings.names[select.name]?.[value] || value || "（未注明）") + `（${values.get(value).toLocaleString()}）`;
        select.append(new Option(label, value));
      }
    }
  }

  function follow() {
    if (!location.hash.startsWith("#f?")) return;
    const wanted = new URLSearchParams(location.hash.slice(3));
    form.elements.text.value = wanted.get("text") || "";
    for (const select of selects) {
      const value = wanted.get(select.name);
      // A value that no finding has must give an empty table, not all findings.
      if (value !== null && ![...select.options].some((option) => option.value === value)) {
        select.append(new Option(settings.names[select.name]?.[value] || value || "（未注明）", value));
      }
      select.value = value ?? "*";
    }
    filter();
    document.getElementById("findings").scrollIntoView();
  }

  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 60); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => { history.replaceState(null, "", "#findings"); setTimeout(filter); });
  pager.addEventListener("click", (event) => {
    if (!event.target.value) return;
    page += Number(event.target.value);
    show();
    document.getElementById("findings").scrollIntoView();
  });
  list.addEventListener("click", (event) => { const row = event.target.closest("tr.row"); if (row) toggle(row); });
  list.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("tr.row")) toggle(event.target); });
  document.getElementById("print").addEventListener("click", () => print());
  addEventListener("hashchange", follow);
  addEventListener("filter", (event) => { location.hash = event.detail; follow(); });
  // The same link twice changes no address, but must filter again.
  document.addEventListener("click", (event) => { if (event.target.closest("a[href^='#f?']")) setTimeout(follow); });
  addEventListener("beforeprint", () => {
    list.replaceChildren(...shown.slice(0, PRINTED).map(rowOf));
    document.getElementById("print-note").textContent = shown.length > PRINTED
      ? `明细共${shown.length.toLocaleString()}条，此处印前${PRINTED}条；全部见“问题清单.xlsx”，或先筛选再打印。` : "";
    document.querySelectorAll("details").forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", show);

  unpack().then((unpacked) => {
    columns = unpacked;
    total = columns.rule_id.length;
    offer();
    filter();
    follow();
    document.documentElement.dataset.ready = "1";
  }).catch(() => {
    count.textContent = "这个浏览器太旧，明细展不开；请用近年的 Edge、Chrome、Firefox 或 360 极速浏览器打开，或看“问题清单.xlsx”。";
  });
})();
