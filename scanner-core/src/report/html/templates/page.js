"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const table = document.getElementById("parts-table");
  const byId = (id) => document.getElementById(id);
  const make = (name, text, tone) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (tone) element.className = tone;
    return element;
  };

  // Opens every element that hides `element`, and itself.
  const unfold = (element) => {
    for (let at = element; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  };

  // Rows: those of the page are there, the others are made when they are first shown.
  const STEP = 100;
  const TONES = { unknown: "unknown", contradicted: "bad", declared: "plain", detected: "fair", concluded: "good" };
  const data = table ? JSON.parse(byId("data-rows").textContent) : { words: [], rows: [] };
  const rows = data.rows.map((row, number) => {
    const isWhole = Array.isArray(row[0]);
    const [name, version, kind, license, status, ancestors, purl, development, open, findings] = isWhole ? row[0] : row;
    const word = (place) => data.words[place];
    return {
      number, name, version, kind: word(kind), license: word(license), status: word(status),
      ancestors: ancestors ? word(ancestors) : "", development: development === 1, open, findings,
      fragments: isWhole ? row[1] : null, dependencies: isWhole ? row[2] : [], found: isWhole ? row[3] : [],
      text: [name, version, word(kind), word(license), ancestors ? word(ancestors) : "", purl].join("\n").toLowerCase(),
      element: byId("a" + number),
    };
  });
  let fragments = null;

  const link = (href, text) => {
    const element = make("a", text);
    element.href = href;
    return element;
  };
  const list = (title, links) => {
    const paragraph = make("p");
    links.forEach((item, place) => paragraph.append(place ? ", " : "", item));
    return [make("h4", title), paragraph];
  };
  const fill = (row, cell) => {
    if (cell.childNodes.length) return;
    fragments ??= JSON.parse(byId("data-fragments").textContent);
    // The markup is the report's own: text in it is escaped, and the content policy runs nothing.
    cell.innerHTML = row.fragments.map((number) => fragments[number]).join("");
    if (row.found.length) cell.append(...list("Findings", row.found.map((it) => link("#f" + it, "finding " + (it + 1)))));
    if (row.dependencies.length) {
      cell.append(...list("Depends on", row.dependencies.map((it) => link("#a" + it, rows[it].name))));
    }
  };
  const chips = (counts, tones) => {
    const cell = make("td", undefined, "number");
    counts.forEach((count, place) => count && cell.append(make("span", count, "chip " + tones[place])));
    if (!cell.childNodes.length) cell.textContent = "–";
    return cell;
  };
  const second = (cell, text, tone) => text && cell.append(make("br"), make("small", text, tone));
  const element = (row) => {
    if (row.element) return row.element;
    const body = make("tbody", undefined, "part " + row.kind);
    body.id = "a" + row.number;
    const line = body.insertRow();
    const head = make("th");
    head.scope = "row";
    const more = make("details", undefined, "more");
    const summary = make("summary", row.name);
    if (row.version) summary.append(" ", make("small", row.version));
    more.append(summary);
    head.append(more);
    const kind = make("td", row.kind);
    if (row.development) kind.append(" ", make("small", "development"));
    const license = make("td", row.license);
    second(license, row.ancestors && "with ancestors: " + row.ancestors, row.ancestors === "not known" ? "doubtful" : "");
    const status = make("td");
    status.append(make("span", row.status, "chip " + TONES[row.status]));
    line.append(head, kind, license, status, chips([row.open], ["bad"]), chips(row.findings, ["bad", "doubt", "plain"]));
    const detail = body.insertRow();
    detail.className = "detail";
    const cell = detail.insertCell();
    cell.colSpan = 6;
    more.addEventListener("toggle", () => fill(row, cell));
    row.element = body;
    return body;
  };

  const sorting = { key: null, way: 1 };
  const STATES = ["concluded", "detected", "declared", "contradicted", "unknown"];
  const weight = (row) => row.findings[0] * 1e8 + row.findings[1] * 1e4 + row.findings[2];
  const collator = new Intl.Collator("en", { numeric: true });
  const ORDERS = {
    name: (a, b) => collator.compare(a.name, b.name),
    kind: (a, b) => collator.compare(a.kind, b.kind),
    license: (a, b) => collator.compare(a.license, b.license),
    status: (a, b) => STATES.indexOf(a.status) - STATES.indexOf(b.status),
    open: (a, b) => a.open - b.open,
    findings: (a, b) => weight(a) - weight(b),
  };
  const MATTERS = {
    "": () => true,
    findings: (row) => weight(row) > 0,
    open: (row) => row.open > 0,
    ancestors: (row) => row.ancestors !== "",
    shipped: (row) => !row.development,
  };
  const field = (name) => byId("filter-" + name);
  let shown = STEP;
  let matching = rows;

  const show = () => {
    for (const body of [...table.tBodies]) body.remove();
    const part = document.createDocumentFragment();
    for (const row of matching.slice(0, shown)) part.append(element(row));
    table.append(part);
    const left = matching.length - Math.min(shown, matching.length);
    byId("parts-more").hidden = left === 0;
    byId("show-more").textContent = "Show " + Math.min(left, STEP) + " more";
    byId("show-all").textContent = "Show all " + matching.length.toLocaleString("en");
    const all = rows.length.toLocaleString("en");
    field("count").textContent = matching.length === rows.length ? all + " parts" : matching.length.toLocaleString("en") + " of " + all + " parts";
  };
  const select = () => {
    const words = field("text").value.toLowerCase().split(/\s+/).filter(Boolean);
    const [kind, status, matter] = ["kind", "status", "matter"].map((name) => field(name).value);
    matching = rows.filter((row) =>
      (!kind || row.kind === kind) && (!status || row.status === status) && MATTERS[matter](row) && words.every((word) => row.text.includes(word)));
    const order = ORDERS[sorting.key];
    if (order) matching.sort((a, b) => sorting.way * order(a, b) || a.number - b.number);
    show();
  };
  const restart = () => {
    shown = STEP;
    select();
  };
  const clear = () => {
    for (const name of ["text", "kind", "status", "matter"]) field(name).value = "";
    restart();
  };

  // What a link names is brought into view, whatever hides it.
  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const row = /^a\d+$/.test(id) ? rows[Number(id.slice(1))] : undefined;
    if (row) {
      if (!matching.includes(row)) clear();
      shown = Math.max(shown, matching.indexOf(row) + 1);
      show();
      element(row).querySelector("details").open = true;
    }
    const target = byId(id);
    if (!target) return;
    unfold(target);
    target.scrollIntoView();
  };

  if (table) {
    let waiting = 0;
    field("text").addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(restart, 80);
    });
    for (const name of ["kind", "status", "matter"]) field(name).addEventListener("change", restart);
    field("clear").addEventListener("click", clear);
    document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
    byId("show-more").addEventListener("click", () => {
      shown += STEP;
      show();
    });
    byId("show-all").addEventListener("click", () => {
      shown = rows.length;
      show();
    });
    for (const head of table.tHead.querySelectorAll("th")) {
      head.querySelector("button").addEventListener("click", () => {
        const { key } = head.dataset;
        sorting.way = sorting.key === key ? -sorting.way : key === "open" || key === "findings" ? -1 : 1;
        sorting.key = key;
        for (const other of table.tHead.querySelectorAll("th")) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", sorting.way > 0 ? "ascending" : "descending");
        restart();
      });
    }
    restart();
  }
  window.addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // Paper unfolds nothing, so everything is open on it. Packages are many and their licences stand
  // below: of those only what somebody has opened.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    if (table) {
      shown = rows.length;
      show();
    }
    opened = [...document.querySelectorAll("details:not([open])")].filter((it) => !it.closest(".package"));
    for (const it of opened) it.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const it of opened) it.open = false;
    if (table) restart();
  });
  root.dataset.ready = "true";
})();
