// Klar for eksport?: the form and the order's page tell the same, shortly, and name the lines where they stand now.
import type { Locator, Page } from "@playwright/test";
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT, type Instance } from "../support/instance";

const COLUMNS = "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size;supplier_org_number;supplier_article_number";

/** Articles that are sold in packs of 50, at least 100 of them. */
async function packed(buyer: Instance, supplier: Instance): Promise<void> {
  await connect(buyer, supplier);
  supplier.import("articles", [`${COLUMNS};minimum_quantity`, "BF-100;Bolt M12;EA;9,00;1;NOK;25;;50;;;100"]);
  buyer.import("articles", [COLUMNS, `A-5;Bolt M12;EA;9,00;1;NOK;25;;;${BOLT.orgNumber};BF-100`]);
  buyer.run(["connection", "sync", buyer.run(["connection", "list"])[0].connection_id]);
}

const item = (list: Locator, text: string) => list.getByRole("listitem").filter({ hasText: text });

test("packs and minimums are told together, in the form as on the order's page", async ({
  buyer,
  supplier,
  open,
  openWithoutWasm,
}) => {
  await packed(buyer, supplier);
  const lines = Array.from({ length: 44 }, () => ["--line", "A-5:70"]).flat();
  const { number } = buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, ...lines]);
  const packs = "Pakning: linje 1, 2 og 3 (+ 41 til)";
  const least = "Minste antall: linje 1, 2 og 3 (+ 41 til)";
  const told = async (page: Page, list: Locator) => {
    await expect(item(list, "Pakning: linje")).toContainText(packs);
    await expect(item(list, "Minste antall: linje")).toContainText(least);
    await expect(item(list, "Pakning: linje").getByRole("link")).toHaveCount(3);
    await sound(page);
  };

  for (const [wasm, openPage] of [
    [true, open],
    [false, openWithoutWasm],
  ] as const) {
    const page = await openPage();
    await signIn(page, buyer, ANNE);
    await page.goto(`${buyer.url}/ordre/innkjopsordre/${number}`);
    await told(page, page.getByTestId("findings"));
    await item(page.getByTestId("findings"), "Pakning: linje").getByRole("link").nth(1).click();
    await expect(page).toHaveURL(/\/rediger.*#lines-1-quantity$/);
    if (wasm) await takenOver(page);
    await told(page, page.getByTestId("ready-list"));
  }
});

test("what is beyond the first items opens below them", async ({ buyer, supplier, open }) => {
  await packed(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  const rest = page.getByTestId("ready-more");
  await expect(rest).toBeHidden();
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  const line = (number: number, field: string) => page.locator(`#lines-${number - 1}-${field}`);
  for (const [number, field, text] of [
    [1, "quantity", "mange"],
    [2, "unit_price", "mye"],
    [3, "discount_percent", "litt"],
    [4, "price_base_quantity", "noe"],
    [5, "unit", "dings"],
  ] as const) {
    await line(number, "description").fill(`Vare ${number}`);
    await line(number, field).fill(text);
    await page.keyboard.press("Tab");
  }
  await expect(page.getByTestId("saved-at")).toContainText("Lagret kl.");
  await expect(page.getByTestId("ready-list").getByRole("listitem")).toHaveCount(6);
  await expect(rest).toBeVisible();
  await rest.locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect(rest.getByRole("listitem").first()).toBeVisible();
  await sound(page);

  await test.step("and stays open while something is put right", async () => {
    const before = await rest.getByRole("listitem").count();
    await line(1, "quantity").fill("4");
    await page.keyboard.press("Tab");
    await expect(rest.getByRole("listitem")).not.toHaveCount(before);
    await expect(rest).toHaveAttribute("open", "");
  });
});

test("lines are named where they stand, before the next save as well", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  const ready = page.getByTestId("ready-list");
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  for (const [at, article] of ["N-1", "N-1", "N-1"].entries()) {
    await page.locator(`#lines-${at}-article_number`).pressSequentially(article);
    await page.keyboard.press("Tab");
    await expect(page.locator(`#lines-${at}-unit_price`)).not.toHaveValue("");
    if (at < 2) await page.locator(`#lines-${at}-quantity`).fill("2");
  }
  await page.keyboard.press("Tab");
  // What only a save has found: the third line has no quantity.
  await expect(item(ready, "Linje 3, Antall")).toHaveCount(1);
  await expect(page.getByTestId("saved-at")).toContainText("Lagret kl.");

  // Nothing is saved from here on.
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/api/autosave_order*", async (route) => {
    await released;
    await route.continue();
  });
  await page.locator("#lines-0-quantity").focus();
  await page.keyboard.press("Control+Delete");
  await expect(item(ready, "Linje 2, Antall")).toHaveCount(1);
  await expect(item(ready, "Linje 3")).toHaveCount(0);
  await page.keyboard.press("Insert");
  await page.keyboard.press("Insert");
  await expect(item(ready, "Linje 4, Antall")).toHaveCount(1);
  await expect(item(ready, "Linje 2")).toHaveCount(0);
  release();
  await expect(page.getByTestId("saved-at")).toContainText("Lagret kl.");
  await expect(item(ready, "Linje 4, Antall")).toHaveCount(1);
});
