// A page on a slow phone: four times slower processor, 1.6 Mbit/s, 150 ms. The static prototype is served from loopback, compressed
// as the server compresses, and visited in turn with the page.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { launch, open, question, takenOver } from "./chromium.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true };
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

/** Serves one folder of files; gives the address. */
async function serve(folder) {
  const server = createServer(async (request, response) => {
    try {
      const name = basename(new URL(request.url, "http://localhost").pathname);
      const content = await readFile(join(folder, name));
      const packed = extname(name) === ".woff2" ? content : brotliCompressSync(content);
      const headers = { "content-type": TYPES[extname(name)] ?? "application/octet-stream" };
      if (packed !== content) headers["content-encoding"] = "br";
      response.writeHead(200, headers).end(packed);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

/** Writes down what the browser says of the page's speed. */
function observe() {
  window.figures = { lcp: 0, cls: 0, inp: 0 };
  const watch = (type, note, options) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...options });
  watch("largest-contentful-paint", (entry) => (window.figures.lcp = entry.startTime));
  watch("layout-shift", (entry) => !entry.hadRecentInput && (window.figures.cls += entry.value));
  watch("event", (entry) => entry.interactionId && (window.figures.inp = Math.max(window.figures.inp, entry.duration)), { durationThreshold: 16 });
}

/** Presses what can be pressed without leaving the page, as a thumb would. */
async function press(page) {
  const targets = page.locator("summary:visible, button[popovertarget]:visible, button.chip:visible, button[aria-pressed]:visible");
  for (let index = 0; index < Math.min(await targets.count(), 4); index++) {
    await targets.nth(index).tap({ timeout: 3000 }).catch(() => {});
    await page.waitForTimeout(400);
    await page.keyboard.press("Escape");
    await page.waitForTimeout(200);
  }
}

async function visit(browser, visitor, path, isLive) {
  const page = await open(browser, visitor, PHONE);
  const tools = await page.context().newCDPSession(page);
  await tools.send("Network.enable");
  const speed = (1.6 * 1000 * 1000) / 8;
  await tools.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: speed, uploadThroughput: speed });
  await tools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.addInitScript(observe);
  await page.goto(`${visitor.url}${path}`, { waitUntil: "load" });
  if (isLive) await takenOver(page);
  await page.waitForTimeout(1500);
  const { lcp } = await page.evaluate(() => window.figures);
  await press(page);
  const figures = await page.evaluate(() => window.figures);
  await page.context().close();
  return { ...figures, lcp };
}

const browser = await launch();
const found = { page: [] };
let served;
if (question.prototype) {
  served = await serve(dirname(question.prototype));
  found.prototype = [];
}
for (let turn = 0; turn < question.visits; turn++) {
  found.page.push(await visit(browser, question.visitor, question.path, true));
  if (served) found.prototype.push(await visit(browser, { url: served.url }, `/${basename(question.prototype)}`, false));
}
const columns = (visits) => ({ lcp: visits.map((one) => one.lcp), inp: visits.map((one) => one.inp), cls: visits.map((one) => one.cls) });
console.log(JSON.stringify(Object.fromEntries(Object.entries(found).map(([what, visits]) => [what, columns(visits)]))));
await browser.close();
served?.server.close();
