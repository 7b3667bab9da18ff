// Opens reports in headless Chromium and uses them as a person would: real key presses and mouse
// clicks, no calls into the page's script. Exits non-zero when something does not work.
//
//   node tests/oracles/html_report.mjs [--shots DIR] [--budget SECONDS] REPORT.html …
//
// Needs Node and `chromium` (or the program named in CHROMIUM); no packages. A page
// without a table of parts, such as a bundle's `index.html`, is only opened and looked at.

import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const files = [];
let shots = null;
let budget = 2;
for (let args = process.argv.slice(2); args.length; ) {
  const arg = args.shift();
  if (arg === "--shots") shots = args.shift();
  else if (arg === "--budget") budget = Number(args.shift());
  else files.push(resolve(arg));
}
if (!files.length) {
  console.error("usage: html_report.mjs [--shots DIR] [--budget SECONDS] REPORT.html …");
  process.exit(2);
}
if (shots) mkdirSync(shots, { recursive: true });

const profile = mkdtempSync(join(tmpdir(), "flowdown-chromium-"));
const browser = spawn(process.env.CHROMIUM ?? "chromium", [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
  "--disable-background-networking", "--hide-scrollbars", "--remote-debugging-pipe",
  `--user-data-dir=${profile}`, "about:blank",
], { stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"] });
let seen = "";
browser.stderr.on("data", (piece) => { seen += piece; });
browser.on("error", (error) => { console.error(`the browser cannot be started: ${error.message}`); process.exit(1); });

let calls = 0;
const waiting = new Map();
const listeners = [];
const hear = (text) => {
  const message = JSON.parse(text);
  if (message.id) {
    const { found, failed } = waiting.get(message.id);
    waiting.delete(message.id);
    message.error ? failed(new Error(JSON.stringify(message.error))) : found(message.result);
  } else {
    for (const listener of listeners) listener(message);
  }
};
// Messages end with a zero byte.
const [, , , into, from] = browser.stdio;
let pieces = [];
from.on("data", (piece) => {
  for (let end; (end = piece.indexOf(0)) >= 0; piece = piece.subarray(end + 1)) {
    hear(Buffer.concat([...pieces, piece.subarray(0, end)]).toString());
    pieces = [];
  }
  if (piece.length) pieces.push(piece);
});
browser.on("exit", (code) => {
  for (const { failed } of waiting.values()) failed(new Error(`the browser ended with ${code}: ${seen.slice(-2000)}`));
});
const call = (method, params = {}, sessionId) => new Promise((found, failed) => {
  calls += 1;
  waiting.set(calls, { found, failed });
  into.write(`${JSON.stringify({ id: calls, method, params, sessionId })}\0`);
});
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** One page in a tab of its own. */
class Page {
  static async open(file) {
    const page = new Page();
    page.file = file;
    page.complaints = [];
    page.requests = [];
    const { targetId } = await call("Target.createTarget", { url: "about:blank" });
    page.target = targetId;
    page.session = (await call("Target.attachToTarget", { targetId, flatten: true })).sessionId;
    listeners.push((message) => message.sessionId === page.session && page.hear(message));
    for (const domain of ["Page", "Runtime", "Log", "Network", "Security", "Performance"]) await page.call(`${domain}.enable`);
    await page.size(1280, 900);
    const start = performance.now();
    await page.call("Page.navigate", { url: pathToFileURL(file).href });
    await page.until("document.readyState === 'complete'");
    page.seconds = (performance.now() - start) / 1000;
    const { metrics } = await page.call("Performance.getMetrics");
    page.processor = metrics.find(({ name }) => name === "ProcessTime").value;
    return page;
  }

  call(method, params) { return call(method, params, this.session); }

  hear({ method, params }) {
    if (method === "Runtime.exceptionThrown") this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type)) this.complaints.push(JSON.stringify(params.args));
    if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level)) this.complaints.push(params.entry.text);
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
  }

  async value(expression) {
    const { result, exceptionDetails } = await this.call("Runtime.evaluate", { expression, returnByValue: true });
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
    return result.value;
  }

  async until(expression, what = expression) {
    for (const end = Date.now() + 20_000; Date.now() < end; await pause(10)) {
      if (await this.value(expression)) return;
    }
    throw new Error(`waited in vain for: ${what}`);
  }

  size(width, height) {
    return this.call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  }

  scheme(value) {
    return this.call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
  }

  async click(selector) {
    const place = await this.value(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element.scrollIntoView({ block: "center" });
      const box = element.getBoundingClientRect();
      return { x: box.left + Math.min(box.width / 2, 40), y: box.top + box.height / 2 };
    })()`);
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.call("Input.dispatchMouseEvent", { type, ...place, button: "left", clickCount: 1 });
    }
  }

  async press(key, code) {
    const text = key === "Enter" ? "\r" : key === " " ? " " : undefined;
    for (const type of ["keyDown", "keyUp"]) {
      await this.call("Input.dispatchKeyEvent", { type, key, code: key, windowsVirtualKeyCode: code, text: type === "keyDown" ? text : undefined });
    }
  }

  type(text) { return this.call("Input.insertText", { text }); }

  async shot(name, full = true) {
    if (!shots) return;
    const { data } = await this.call("Page.captureScreenshot", { format: "png", captureBeyondViewport: full, ...(full ? { clip: await this.whole() } : {}) });
    writeFileSync(join(shots, `${name}.png`), Buffer.from(data, "base64"));
  }

  async whole() {
    const { cssContentSize: { width, height } } = await this.call("Page.getLayoutMetrics");
    return { x: 0, y: 0, width, height: Math.min(height, 16_000), scale: 1 };
  }
}

let failures = 0;
const check = (page, holds, what) => {
  if (holds) return;
  failures += 1;
  console.error(`${basename(page.file)}: ${what}`);
};

const NAMES = `[...document.querySelectorAll("#parts-table tbody.part summary")].slice(0, 100).map((it) => it.textContent).join("\\n")`;
const COUNT = `document.querySelectorAll("#parts-table tbody.part").length`;

async function tableWorks(page) {
  await page.until("document.documentElement.dataset.ready === 'true'", "the script of the page");
  const total = Number((await page.value(`document.getElementById("filter-count").textContent`)).replace(/\D/g, ""));
  const before = await page.value(NAMES);
  const first = await page.value(`(document.querySelector("#parts-table tbody.part summary").firstChild ?? new Text("")).textContent`);

  // Sorting, by mouse and by keyboard.
  await page.click(`#parts-table th[data-key="name"] button`);
  check(page, (await page.value(`document.querySelector('th[data-key="name"]').getAttribute("aria-sort")`)) === "ascending", "a click on a head does not set aria-sort");
  const ascending = await page.value(NAMES);
  await page.value(`document.querySelector('th[data-key="name"] button').focus()`);
  await page.press("Enter", 13);
  check(page, (await page.value(`document.querySelector('th[data-key="name"]').getAttribute("aria-sort")`)) === "descending", "Enter on a head does not turn the order");
  const descending = await page.value(NAMES);
  const hasOrder = total > 1 && new Set(ascending.split("\n")).size > 1;
  check(page, !hasOrder || (ascending !== descending && (ascending !== before || descending !== before)), "sorting changes nothing");

  // Filtering, by typing.
  await page.click("#filter-text");
  await page.type(first);
  await page.until(`!document.getElementById("filter-count").textContent.startsWith("${total.toLocaleString("en")} p") || ${total} === 1 || [...document.querySelectorAll("#parts-table tbody.part")].every((it) => it.textContent.includes(${JSON.stringify(first)}))`, "the filter to take effect");
  check(page, (await page.value(COUNT)) >= 1, "the filter loses what it names");
  await page.click("#filter-text");
  await page.type(" no such part");
  await page.until(`${COUNT} === 0`, "a filter that nothing meets");
  await page.click("#filter-clear");
  await page.until(`${COUNT} > 0`, "the cleared filter");

  // Unfolding, by mouse and by keyboard; the last part is one that only the data has in large reports.
  const detail = (row) => `(() => { const row = ${row}.querySelector("tr.detail"); return getComputedStyle(row).display !== "none" && row.textContent.trim().length > 20; })()`;
  const row = `document.querySelector("#parts-table tbody.part")`;
  check(page, !(await page.value(detail(row))), "details are unfolded before anybody asks");
  await page.click("#parts-table tbody.part summary");
  await page.until(detail(row), "details after a click");
  await page.value(`${row}.querySelector("summary").focus()`);
  await page.press("Enter", 13);
  await page.until(`!(${detail(row)})`, "details to fold again by Enter");
  await page.value(`location.hash = "#a${total - 1}"`);
  await page.until(`document.getElementById("a${total - 1}") && ${detail(`document.getElementById("a${total - 1}")`)}`, "the part that a link names");

  // A choice.
  await page.value(`document.getElementById("filter-kind").focus()`);
  await page.press("ArrowDown", 40);
  await page.until(`document.getElementById("filter-kind").selectedIndex === 1`, "a choice by keyboard");
  await page.click("#filter-clear");
  await page.value(`location.hash = ""`);
}

const brightness = (colour) => colour.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;

async function examine(file) {
  let page = await Page.open(file);
  // On a machine with other work the clock says little: the best of a few openings counts.
  for (let tries = 1; tries < 5 && page.seconds >= budget; tries += 1) {
    await call("Target.closeTarget", { targetId: page.target });
    page = await Page.open(file);
  }
  const bytes = statSync(file).size;
  const ready = await page.value(`Math.round(performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd)`);
  // Where even the best is too slow, processor time tells whether it was the page or the machine.
  const isSlow = page.seconds >= budget && page.processor >= budget * 0.6;
  check(page, !isSlow, `opens in ${page.seconds.toFixed(2)} s (${page.processor.toFixed(2)} s of processor time), the budget is ${budget} s`);
  check(page, bytes < 10_000_000, `has ${bytes} bytes`);
  const name = `${basename(resolve(file, ".."))}-${basename(file, ".html")}`;
  await page.scheme("light");
  const light = await page.value("getComputedStyle(document.body).backgroundColor");
  await page.shot(`${name}-light`);
  if (await page.value(`document.getElementById("parts-table") !== null`)) await tableWorks(page);
  await page.scheme("dark");
  const dark = await page.value("getComputedStyle(document.body).backgroundColor");
  const ink = await page.value("getComputedStyle(document.body).color");
  check(page, brightness(light) > 200 && brightness(dark) < 60 && brightness(ink) > 180, `dark mode: paper ${dark}, ink ${ink}, light paper ${light}`);
  await page.shot(`${name}-dark`);
  await page.scheme("light");
  await page.size(420, 900);
  const overflow = await page.value("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  check(page, overflow <= 0, `is ${overflow} pixels too wide for 420`);
  await page.shot(`${name}-narrow`);
  await page.size(1280, 900);
  const others = page.requests.filter((url) => url !== pathToFileURL(file).href && !url.startsWith(`${pathToFileURL(file).href}#`));
  check(page, others.length === 0, `asks for ${others.join(", ")}`);
  check(page, page.complaints.length === 0, `complains: ${page.complaints.join("; ")}`);
  // Thousands of rows are hundreds of sheets, which take minutes.
  if (shots && bytes < 3_000_000) {
    const { data } = await page.call("Page.printToPDF", { printBackground: true, preferCSSPageSize: true });
    writeFileSync(join(shots, `${name}.pdf`), Buffer.from(data, "base64"));
  }
  console.log(`${basename(file)}: ${bytes} bytes, complete after ${page.seconds.toFixed(2)} s (${page.processor.toFixed(2)} s of processor time, content loaded after ${ready} ms), ${page.complaints.length} console errors`);
  await call("Target.closeTarget", { targetId: page.target });
}

try {
  for (const file of files) await examine(file);
} catch (error) {
  failures += 1;
  console.error(error.message);
} finally {
  browser.kill();
  await new Promise((ended) => (browser.exitCode === null ? browser.on("exit", ended) : ended()));
  rmSync(profile, { recursive: true, force: true });
}
process.exit(failures ? 1 : 0);
