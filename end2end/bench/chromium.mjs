// What both scripts start from: the question on standard input, and a browser.
import { readFileSync } from "node:fs";
import { chromium } from "@playwright/test";

/** The document that the benchmark asks with. */
export const question = JSON.parse(readFileSync(0, "utf8"));

/** Chromium, as the browser stories start it. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
}

/** A page of someone who is signed in. */
export async function open(browser, { url, cookie }, options = {}) {
  const context = await browser.newContext({ locale: "nb-NO", timezoneId: "Europe/Oslo", ...options });
  if (cookie) await context.addCookies([{ ...cookie, url }]);
  return context.newPage();
}

/** Waits until the browser's half has taken the page over: only then does it open the stream of live updates. */
export async function takenOver(page) {
  await page.locator('[data-test="live"]', { hasText: "Direkte" }).waitFor({ state: "attached" });
}
