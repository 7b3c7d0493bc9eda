// What every story starts from: two instances on the project's database, and pages that are watched.
import AxeBuilder from "@axe-core/playwright";
import { type BrowserContext, type BrowserContextOptions, type Page, type TestInfo, test as base, expect } from "@playwright/test";
import { BOLT, type Database, Instance, NORDVIK, PASSWORD, type User } from "./instance";

export interface Settings {
  database: Database;
}

interface Story {
  buyer: Instance;
  supplier: Instance;
  /** Opens a page of its own session; errors in its console fail the story. */
  open: (options?: BrowserContextOptions) => Promise<Page>;
  /** The same for a browser that never gets the WebAssembly. */
  openWithoutWasm: (options?: BrowserContextOptions) => Promise<Page>;
}

export const ANNE: User = { email: "anne@nordvik.example", name: "Anne Nordvik", role: "administrator" };
export const KARI: User = { email: "kari@boltfeste.example", name: "Kari Feste", role: "administrator" };

/** Chromium's own words for an answer with an error status; the answers themselves are watched, see `watch`. */
const SAID_TWICE = /Failed to load resource|reading a resource in/;
/** A refusal that the screen shows in words. Pages may be refused too: a story looks at those itself. */
const REFUSALS = [403, 404, 409, 422];

/** Notes what must not happen on any page: errors of its code, files that are missing, calls that break. */
function watch(page: Page, faults: string[]): void {
  page.on("response", (answer) => {
    const kind = answer.request().resourceType();
    const refused = REFUSALS.includes(answer.status()) && (kind === "document" || kind === "fetch");
    if (answer.status() >= 400 && !refused) faults.push(`${answer.status()} ${kind} ${answer.url()}`);
  });
}

/** A story that failed keeps what the server said meanwhile. */
async function keepLog(story: TestInfo, name: string, instance: Instance): Promise<void> {
  if (story.status === story.expectedStatus) return;
  await story.attach(`${name}.log`, { body: instance.output, contentType: "text/plain" });
}

export const test = base.extend<Settings & Story>({
  database: ["sqlite", { option: true }],
  buyer: async ({ database }, use, story) => {
    const buyer = await Instance.create(NORDVIK, database);
    await use(buyer);
    await keepLog(story, "buyer", buyer);
    await buyer.remove();
  },
  supplier: async ({ database }, use, story) => {
    const supplier = await Instance.create(BOLT, database);
    await use(supplier);
    await keepLog(story, "supplier", supplier);
    await supplier.remove();
  },
  open: async ({ browser, contextOptions }, use) => {
    const contexts: BrowserContext[] = [];
    const faults: string[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ ...contextOptions, ...options });
      contexts.push(context);
      // A panic is worth its whole stack.
      await context.addInitScript(() => (Error.stackTraceLimit = 60));
      const page = await context.newPage();
      watch(page, faults);
      page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type()) && !SAID_TWICE.test(message.text())) {
          faults.push(`${page.url()}: ${message.text()}`);
        }
      });
      return page;
    });
    for (const context of contexts) await context.close();
    expect(faults).toEqual([]);
  },
  openWithoutWasm: async ({ browser, contextOptions }, use) => {
    const contexts: BrowserContext[] = [];
    const faults: string[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ ...contextOptions, ...options });
      contexts.push(context);
      await context.route("**/*.wasm", (route) => route.abort());
      const page = await context.newPage();
      watch(page, faults);
      // A page without its other half works, and has nothing to complain of.
      page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
      return page;
    });
    for (const context of contexts) await context.close();
    expect(faults).toEqual([]);
  },
});

export { expect };

/** Signs in and stands on the overview. */
export async function signIn(page: Page, instance: Instance, user: User): Promise<void> {
  await page.goto(`${instance.url}/logg-inn`);
  await page.getByLabel("E-post").fill(user.email);
  await page.getByRole("textbox", { name: "Passord" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Logg inn" }).click();
  await expect(page.getByRole("heading", { name: "Oversikt", level: 1 })).toBeVisible();
}

/** Follows the menu, by the guide's own words. */
export async function choose(page: Page, ...entries: string[]): Promise<void> {
  const menu = page.getByRole("navigation", { name: "Hovedmeny" });
  await menu.getByRole("link", { name: entries.at(-1), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: entries.at(-1) })).toBeVisible();
}

/** Waits until the browser's half has taken all of the page over, and has opened the stream of live updates. */
export async function takenOver(page: Page): Promise<void> {
  await expect(page.locator("html[data-taken-over]")).toBeAttached();
  await expect(page.getByTestId("live")).toHaveText("Direkte");
}

/** Nothing on the page that axe, or the width of the window, has to say anything about. */
export async function sound(page: Page): Promise<void> {
  const size = page.viewportSize();
  // As tall as the page, or what lies behind a bar at the bottom counts as hidden; in another size a page can be taller still.
  for (let round = 0; size && round < 2; round++) {
    const height = await page.evaluate(() => document.fonts.ready.then(() => document.documentElement.scrollHeight));
    await page.setViewportSize({ width: size.width, height: Math.max(page.viewportSize()?.height ?? 0, height) });
  }
  const found = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const told = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
  expect(told, page.url()).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${page.url()} is wider than its window`).toBeLessThanOrEqual(0);
  if (size) await page.setViewportSize(size);
}

/** Two companies that know each other, with articles, a token and a tested connection, all made through the command line. */
export async function connect(buyer: Instance, supplier: Instance): Promise<void> {
  buyer.addUser(ANNE);
  supplier.addUser(KARI);
  for (const instance of [buyer, supplier]) {
    instance.run(["extension", "enable"]);
    instance.run(["api-access", "enable"]);
  }
  const contact = buyer.addContact(supplier.company, "supplier");
  const customer = supplier.addContact(buyer.company, "customer");
  const columns =
    "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size;supplier_org_number;supplier_article_number";
  const numbers = Array.from({ length: 25 }, (_, index) => index + 1);
  const price = (number: number) => `${number},50`;
  supplier.import("articles", [
    columns,
    ...numbers.map((number) => `BF-${number};Skrue M${number};EA;${price(number)};1;NOK;25;;;;`),
  ]);
  buyer.import("articles", [
    columns,
    ...numbers.map((number) => `N-${number};Skrue M${number};EA;${price(number)};1;NOK;25;;;${BOLT.orgNumber};BF-${number}`),
  ]);
  const token = supplier.run(["token", "create", "--name", "Nordvik", "--contact", customer]);
  await supplier.start();
  const connection = buyer.run(["connection", "add", "--endpoint", supplier.url, "--contact", contact], token.secret);
  buyer.run(["connection", "test", connection.connection_id]);
  buyer.run(["connection", "sync", connection.connection_id]);
  await buyer.start();
}
