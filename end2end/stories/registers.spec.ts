// Registers and the supplier's lists: filters, files with what is shown, and one answer to many drafts.
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { ANNE, connect, expect, KARI, signIn, sound, takenOver, test } from "../support/story";
import { BOLT } from "../support/instance";

/** The rows of the list's CSV. */
async function rows(page: Page): Promise<string[]> {
  await page.getByTestId("downloads").locator("summary").click();
  const link = page.getByTestId("downloads").getByRole("link", { name: "CSV", exact: true });
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const bytes = readFileSync(await file.path());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  return bytes.toString("utf8").trimEnd().split("\r\n");
}

test("registers are filtered, sorted and taken out as they are shown", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);

  await test.step("articles", async () => {
    await page.goto(`${buyer.url}/artikler`);
    await takenOver(page);
    await page.getByRole("columnheader", { name: "Artikkelnummer", exact: true }).getByRole("link").click();
    await expect(page).toHaveURL(/sorter=-nummer/);
    await page.getByText("Filtre", { exact: true }).click();
    await page.getByLabel("Status").selectOption("active");
    await page.getByRole("button", { name: "Bruk filtrene" }).click();
    await expect(page.getByTestId("chosen-filters").getByRole("link")).toHaveCount(1);
    await sound(page);
    const shown = await page.locator("main tbody th a").allTextContents();
    const written = await rows(page);
    expect(written.slice(1, 3).map((row) => row.split(";")[0])).toEqual(shown.slice(0, 2));
  });

  await test.step("suppliers", async () => {
    await page.goto(`${buyer.url}/kontakter/leverandorer?kobling=ja&sorter=-navn`);
    await expect(page.locator("main tbody")).toContainText(BOLT.name);
    await sound(page);
    expect((await rows(page)).join()).toContain(BOLT.name);
    await page.goto(`${buyer.url}/kontakter/leverandorer?kobling=nei&sok=${encodeURIComponent(BOLT.name)}`);
    await expect(page.getByRole("main")).toContainText("Ingen kontakter passer med");
  });

  await test.step("an order is found by an article of its lines, and duplicated", async () => {
    buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "N-1:5"]);
    await page.goto(`${buyer.url}/ordre/innkjopsordre?vis=alle&sok=n-1`);
    await takenOver(page);
    await expect(page.locator("main tbody th a")).toHaveCount(1);
    expect((await rows(page)).length).toBe(2);
    await page.locator("main tbody .pickbox").check();
    await page.getByTestId("duplicate-picked").click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Dupliser 1 ordre?");
    await sound(page);
    await page.getByRole("button", { name: "Dupliser 1 ordre" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("1 ordre er duplisert");
    await sound(page);
  });
});

for (const wasm of [true, false]) {
  test(`many drafts get one answer ${wasm ? "with" : "without"} WebAssembly`, async ({ buyer, supplier, open, openWithoutWasm }) => {
    await connect(buyer, supplier);
    for (const line of ["N-1:5", "N-2:7", "N-3:1"]) {
      buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", line]);
    }
    buyer.run(["export", "--all-ready", "--wait"]);
    const page = wasm ? await open() : await openWithoutWasm();
    await signIn(page, supplier, KARI);
    await page.goto(`${supplier.url}/salg/ordrekladder?vis=alle`);
    if (wasm) await takenOver(page);

    await test.step("one is rejected with a reason", async () => {
      await page.locator("main tbody .pickbox").first().check();
      await page.getByTestId("reject-picked").click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Avvis 1 kladd?");
      await sound(page);
      await page.getByLabel("Grunn").fill("Ikke på lager");
      await page.getByRole("button", { name: "Avvis 1 kladd" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("1 kladd er avvist");
      await sound(page);
    });

    await test.step("of three, those that can be approved are", async () => {
      await page.goto(`${supplier.url}/salg/ordrekladder?vis=alle`);
      if (wasm) await takenOver(page);
      for (const box of await page.locator("main tbody .pickbox").all()) await box.check();
      await page.getByTestId("approve-picked").click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Godkjenn 2 kladder?");
      await expect(page.getByRole("main")).toContainText("Kladden er besvart fra før.");
      await sound(page);
      await page.getByRole("button", { name: "Godkjenn 2 kladder" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("2 kladder er godkjent");
      await sound(page);
    });

    await test.step("the sales orders are a list of their own", async () => {
      await page.goto(`${supplier.url}/salg/salgsordre?sorter=-sum`);
      await expect(page.getByTestId("range")).toHaveText("1–2 av 2");
      await sound(page);
      expect((await rows(page)).length).toBe(3);
      await page.locator("main tbody th a").first().click();
      await expect(page.getByRole("heading", { level: 1 })).toContainText("Salgsordre S-");
    });
  });
}
