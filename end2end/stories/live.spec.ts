// What happens between the moment when the server reads a page and the moment when the browser shows it.
import type { Page } from "@playwright/test";
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT } from "../support/instance";

/** Holds the answers of a server function back until `happened` says so. They were read before it happened. */
async function hold(page: Page, endpoint: string, happened: () => Promise<void>): Promise<void> {
  await page.route(new RegExp(`/${endpoint}\\d*(\\?|$)`), async (route) => {
    const response = await route.fetch();
    await happened();
    await route.fulfill({ response });
  });
}

/** Opens a stream of the story's own beside the page's; what it gives waits until the stream has told of the status. */
async function listen(page: Page, status: string): Promise<() => Promise<void>> {
  const told = await page.evaluateHandle((status) => {
    const stream = new EventSource("/hendelser?after=-1");
    const told = new Promise<void>((resolve) => {
      stream.addEventListener("row", (event) => {
        if (!event.data.includes(`"status":"${status}"`)) return;
        stream.close();
        resolve();
      });
    });
    return { told };
  }, status);
  return () => told.evaluate(({ told }) => told);
}

test("an order that arrives while the page of the export is on its way is shown as arrived", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "N-1:5"]);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/eksporter-til-partner`);
  await takenOver(page);
  await page.getByRole("checkbox", { name: /Velg PO-/ }).check();
  await page.getByTestId("check-orders").click();
  await hold(page, "read_export_job", await listen(page, "received"));
  await page.getByRole("button", { name: "Eksporter 1 ordre" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("1 ordre sendt");
});

test("an order that is written while the list is on its way waits above the list", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/oversikt`);
  await takenOver(page);
  const told = await listen(page, "ready");
  await hold(page, "list_orders", async () => {
    buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "N-1:5"]);
    await told();
  });
  await page.getByRole("navigation", { name: "Hovedmeny" }).getByRole("link", { name: "Innkjøpsordre", exact: true }).click();
  await page.getByTestId("show-new").click();
  await expect(page.getByRole("link", { name: /^PO-/ }).first()).toBeVisible();
});

test("the result of an export follows what the supplier answers", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  for (const line of ["N-1:5", "N-2:5"]) buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", line]);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/eksporter-til-partner`);
  await takenOver(page);
  for (const box of await page.getByRole("checkbox", { name: /Velg PO-/ }).all()) await box.check();
  await page.getByTestId("check-orders").click();
  await expect(page.getByRole("button", { name: "Eksporter 2 ordrer" })).toBeVisible();
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const tag of await page.locator(".matrix .tag").all()) {
      expect((await tag.boundingBox())?.height ?? 0, `a state is one line at ${width} px`).toBeLessThan(30);
    }
  }
  await page.getByRole("button", { name: "Eksporter 2 ordrer" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("2 ordrer sendt");
  await expect(page.getByRole("main")).toContainText("Leverandøren må godkjenne kladdene.");
  supplier.run(["drafts", "approve", "K-00001"]);
  await expect(page.getByRole("main")).toContainText("Leverandøren har godkjent ordren.");
  supplier.run(["drafts", "reject", "K-00002", "--reason", "Utsolgt"]);
  await expect(page.getByRole("main")).toContainText("Leverandøren har avvist ordren.");
  await expect(page.getByRole("main")).not.toContainText("Leverandøren må godkjenne kladdene.");
  await sound(page);
});

test("a page that has no network says that it is not live, and since when", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await takenOver(page);
  await page.context().setOffline(true);
  await expect(page.getByTestId("live")).toHaveText(/^Frakoblet siden .*\d\d[.:]\d\d$/);
  await page.context().setOffline(false);
  await expect(page.getByTestId("live")).toHaveText("Direkte");
});
