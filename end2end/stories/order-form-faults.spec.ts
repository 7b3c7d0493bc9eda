// What the order form says is wrong: once, not before a number is typed out, and the same when the order is opened again.
import type { Page } from "@playwright/test";
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT, type Instance } from "../support/instance";

/** Anne, in a new order that the browser's half has taken over. */
async function newOrder(buyer: Instance, page: Page): Promise<Page> {
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  return page;
}

const line = (page: Page, number: number, field: string) => page.locator(`#lines-${number - 1}-${field}`);

test("what is known to be wrong is the same when the order is opened again", async ({
  buyer,
  supplier,
  open,
  openWithoutWasm,
}) => {
  await connect(buyer, supplier);
  const page = await newOrder(buyer, await open());
  const ready = page.getByTestId("ready-list");
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  for (const number of [1, 2]) {
    await line(page, number, "article_number").pressSequentially(["N-1", "N-3"][number - 1] ?? "");
    await page.keyboard.press("Tab");
    await expect(line(page, number, "unit_price")).not.toHaveValue("");
    await line(page, number, "quantity").fill("2");
  }
  await page.keyboard.press("Tab");
  await expect(ready).toContainText("2 linjer har eksakt treff");
  await line(page, 2, "quantity").fill("mange");
  await page.keyboard.press("Tab");
  // A line with a fault is not counted as fine.
  await expect(ready).toContainText("1 linje har eksakt treff");
  await expect(ready.getByRole("listitem").filter({ hasText: "Linje 2, Antall" })).toHaveCount(1);
  await line(page, 3, "description").fill("Frakt");
  await line(page, 3, "unit_price").fill("5");
  await page.keyboard.press("Tab");
  await expect(page.getByTestId("saved-at")).toContainText("Lagret kl.");
  // What the server found has come too.
  await expect(ready).toContainText("Linje 3, Antall");
  const told = (await ready.getByRole("listitem").allTextContents()).sort();
  await page.reload();
  await takenOver(page);
  await expect.poll(async () => (await ready.getByRole("listitem").allTextContents()).sort()).toEqual(told);
  await sound(page);

  await test.step("and without a script", async () => {
    const plain = await openWithoutWasm();
    await signIn(plain, buyer, ANNE);
    await plain.goto(page.url());
    const items = plain.getByTestId("ready-list").getByRole("listitem");
    expect((await items.allTextContents()).sort()).toEqual(told);
  });
});

test("a price that is left empty is the article's, in the form as in the order", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await newOrder(buyer, await open());
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  await line(page, 1, "article_number").pressSequentially("N-1");
  await page.keyboard.press("Tab");
  await expect(line(page, 1, "unit_price")).not.toHaveValue("");
  const price = await line(page, 1, "unit_price").inputValue();
  await line(page, 1, "quantity").fill("10");
  await line(page, 2, "description").fill("Frakt");
  await line(page, 2, "quantity").fill("mange");
  await line(page, 1, "unit_price").fill("");
  await line(page, 1, "description").focus();
  await expect(line(page, 1, "unit_price")).toHaveValue(price);
  await expect(page.getByTestId("saved-at")).toContainText("Lagret kl.");
  const sum = await page.getByTestId("bar-total").innerText();
  await page.goto(page.url().replace("/rediger", ""));
  await expect(page.getByRole("main")).toContainText(sum);
});

test("the supplier's number fills in the line as a suggestion does, and nothing is written over", async ({
  buyer,
  supplier,
  open,
}) => {
  await connect(buyer, supplier);
  const page = await newOrder(buyer, await open());
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });

  await test.step("typed into its own column", async () => {
    await line(page, 1, "supplier_article_number").fill("BF-3");
    await page.keyboard.press("Tab");
    await expect(line(page, 1, "description")).toHaveValue("Skrue M3");
    await expect(line(page, 1, "article_number")).toHaveValue("N-3");
    await expect(line(page, 1, "unit")).toHaveValue("stk.");
    await expect(line(page, 1, "unit_price")).toHaveValue("3,5");
    await expect(page.getByTestId("line-match").first()).toContainText("Eksakt treff");
  });

  await test.step("one step back takes what was filled in", async () => {
    await page.keyboard.press("Control+z");
    await expect(line(page, 1, "description")).toHaveValue("");
    await expect(line(page, 1, "unit_price")).toHaveValue("");
    await expect(line(page, 1, "supplier_article_number")).toHaveValue("BF-3");
    await page.keyboard.press("Control+y");
    await expect(line(page, 1, "description")).toHaveValue("Skrue M3");
  });

  await test.step("what was typed stays", async () => {
    await line(page, 2, "description").fill("Skrue, sort");
    await line(page, 2, "unit_price").fill("9,90");
    await line(page, 2, "supplier_article_number").fill("BF-7");
    await page.keyboard.press("Tab");
    await expect(line(page, 2, "unit")).toHaveValue("stk.");
    await expect(line(page, 2, "description")).toHaveValue("Skrue, sort");
    await expect(line(page, 2, "unit_price")).toHaveValue("9,90");
  });

  await test.step("typed where our own numbers stand", async () => {
    await line(page, 3, "article_number").pressSequentially("BF-5");
    await line(page, 3, "quantity").focus();
    await expect(line(page, 3, "supplier_article_number")).toHaveValue("BF-5");
    await expect(line(page, 3, "description")).toHaveValue("Skrue M5");
  });

  await test.step("a number that is written otherwise fills in nothing", async () => {
    await line(page, 4, "supplier_article_number").fill("BF4");
    await line(page, 4, "quantity").fill("1");
    await expect(page.getByTestId("line-match").nth(3)).toContainText("Trolig treff");
    await expect(line(page, 4, "description")).toHaveValue("");
  });
});

test("a number is judged when it is left, and told once", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await newOrder(buyer, await open());
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  const row = page.getByTestId("order-line").first();

  await test.step("half a number is no missing one", async () => {
    const judged = page.waitForResponse((answer) => answer.url().includes("judge_order_lines"));
    await line(page, 1, "article_number").pressSequentially("n 3");
    await judged;
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await expect(row).not.toContainText("Ingen treff");
    await expect(row.getByTestId("own-number")).toHaveCount(0);
    await page.keyboard.press("Tab");
    await expect(row.getByTestId("own-number")).toContainText("Mener du N-3, Skrue M3?");
  });

  await test.step("the question is all that is said beside the line", async () => {
    await line(page, 1, "quantity").fill("2");
    await page.keyboard.press("Tab");
    await expect(page.getByTestId("saved-at")).toContainText("Lagret kl.");
    await page.keyboard.press("Control+Enter");
    await expect(page.getByTestId("form-errors")).toBeVisible();
    await expect(row.getByTestId("own-number")).toContainText("Mener du N-3, Skrue M3?");
    const faults = page.getByTestId("line-faults");
    await expect(faults.filter({ hasText: "Artikkelnummeret finnes ikke." })).toHaveCount(0);
    const ready = page.getByTestId("ready-list");
    await expect(ready).toContainText("Mener du N-3, Skrue M3?");
    await expect(ready).not.toContainText("Artikkelnummeret finnes ikke.");
    await sound(page);
  });
});

test("a date that does not exist is told once", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await newOrder(buyer, await open());
  const date = page.getByLabel("Ønsket leveringsdato");
  const echo = page.getByTestId("date-echo");
  await date.pressSequentially("31.02");
  await expect(echo.locator(".note.warn")).toHaveText("31.02 finnes ikke i kalenderen.");
  await page.keyboard.press("Tab");
  await expect(date).toHaveAccessibleDescription("Skriv en dato som finnes, for eksempel 01.12.2026.");
  await expect(echo).toHaveText("");
  await date.fill("01.01.2020");
  await expect(echo).toContainText("Datoen er passert.");
});
