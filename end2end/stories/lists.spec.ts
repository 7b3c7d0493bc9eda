// Lists: what is asked stands in the address; many orders at once; files that obey the filter.
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT, type Instance } from "../support/instance";

const LIST = "/ordre/innkjopsordre";
const YEAR = new Date().getFullYear();
const number = (place: number) => `PO-${YEAR}-${String(place).padStart(5, "0")}`;

/** A file of orders that are ready, each of one line; the later the larger. */
function orders(count: number) {
  const rows = ["order_ref;supplier_org_number;requested_delivery_date;article_number;quantity;unit;unit_price"];
  for (let place = 1; place <= count; place += 1) {
    const day = String((place % 28) + 1).padStart(2, "0");
    rows.push(`R-${place};${BOLT.orgNumber};2030-01-${day};N-1;${place};EA;1,5`);
  }
  return rows.join("\n");
}

async function numbers(page: Page): Promise<string[]> {
  return page.locator("main tbody th a").allTextContents();
}

/** A file's entry out of a workbook, which is a ZIP. */
function entry(file: Buffer, name: string): string {
  const at = file.indexOf(Buffer.from(name));
  const header = at - 30;
  const [packed, nameLength, extra] = [file.readUInt32LE(header + 18), file.readUInt16LE(header + 26), file.readUInt16LE(header + 28)];
  const begin = header + 30 + nameLength + extra;
  return inflateRawSync(file.subarray(begin, packed > 0 ? begin + packed : undefined)).toString("utf8");
}

async function bring(page: Page, buyer: Instance, text: string) {
  await page.goto(`${buyer.url}/filer/innkjopsordre`);
  await page.getByLabel("Fil", { exact: true }).setInputFiles({ name: "ordrer.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "Les inn", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("lest inn");
}

test("a list is filtered, sorted, saved and shared by its address", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await bring(page, buyer, orders(60));
  await page.goto(`${buyer.url}${LIST}?vis=kladder`);
  await takenOver(page);
  await sound(page);

  await test.step("a head sorts, and turns the sort", async () => {
    const head = page.getByRole("columnheader", { name: "Sum uten mva." });
    await head.getByRole("link").click();
    await expect(head).toHaveAttribute("aria-sort", "descending");
    await expect(page).toHaveURL(/sorter=-sum/);
    expect((await numbers(page))[0]).toBe(number(60));
    await head.getByRole("link").click();
    await expect(head).toHaveAttribute("aria-sort", "ascending");
    expect((await numbers(page))[0]).toBe(number(1));
  });

  await test.step("pages, and their size", async () => {
    await page.getByRole("link", { name: "Neste" }).click();
    await expect(page.getByTestId("range")).toHaveText("51–60 av 60");
    await page.reload();
    await expect(page.getByTestId("range")).toHaveText("51–60 av 60");
    await page.getByRole("link", { name: "100", exact: true }).click();
    await expect(page.getByTestId("range")).toHaveText("1–60 av 60");
    await page.goBack();
    await expect(page.getByTestId("range")).toHaveText("51–60 av 60");
    await page.goForward();
    await expect(page.getByTestId("range")).toHaveText("1–60 av 60");
  });

  await test.step("filters are chips that can be taken away", async () => {
    await page.getByText("Filtre", { exact: true }).click();
    await page.getByLabel("Ønsket fra").fill("2030-01-20");
    await page.getByLabel("Status").selectOption("ready");
    await page.getByRole("button", { name: "Bruk filtrene" }).click();
    await expect(page).toHaveURL(/onsket_fra=2030-01-20/);
    const chips = page.getByTestId("chosen-filters");
    await expect(chips.getByRole("link")).toHaveCount(3);
    const shown = await numbers(page);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThan(60);
    await sound(page);
    // Another person, another browser: the address says it all.
    const other = await open();
    await signIn(other, buyer, ANNE);
    await other.goto(page.url());
    expect(await numbers(other)).toEqual(shown);
    await chips.getByRole("link", { name: /Klar til eksport/ }).click();
    await expect(chips.getByRole("link")).toHaveCount(1);
  });

  await test.step("a view is saved, renamed, opened with, deleted and brought back", async () => {
    await page.getByRole("link", { name: "+ Ny visning" }).click();
    await expect(page.getByLabel("Navn på visningen")).toBeFocused();
    await page.getByLabel("Navn på visningen").fill("Sent i januar");
    await page.getByRole("button", { name: "Lagre visning" }).click();
    const tabs = page.getByRole("navigation", { name: "Visninger av innkjøpsordrer" });
    await expect(tabs.getByRole("link", { name: "Sent i januar" })).toHaveAttribute("aria-current", "page");
    await sound(page);
    await page.getByText("Visningen Sent i januar").click();
    await page.getByTestId("view-apne").click();
    await expect(page).toHaveURL(/visning=/);
    await page.goto(`${buyer.url}${LIST}`);
    await expect(page).toHaveURL(/onsket_fra=2030-01-20/);
    await expect(tabs.getByRole("link", { name: "Sent i januar" })).toHaveAttribute("aria-current", "page");
    await page.getByText("Visningen Sent i januar").click();
    await page.getByTestId("rename-view").getByLabel("Navn på visningen").fill("Januar");
    await page.getByTestId("rename-view").getByRole("button", { name: "Lagre" }).click();
    await expect(tabs.getByRole("link", { name: "Januar", exact: true })).toBeVisible();
    await page.getByText("Visningen Januar").click();
    await page.getByTestId("view-slett").click();
    await expect(page.getByTestId("receipt")).toContainText("Visningen er slettet.");
    await expect(tabs.getByRole("link", { name: "Januar", exact: true })).toHaveCount(0);
    await page.getByTestId("undo-view").click();
    await expect(tabs.getByRole("link", { name: "Januar", exact: true })).toHaveAttribute("aria-current", "page");
  });

  await test.step("an order leads back to the place in the list", async () => {
    await page.goto(`${buyer.url}${LIST}?vis=kladder&sorter=sum&side=2`);
    await takenOver(page);
    await page.getByRole("link", { name: number(55) }).click();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.getByTestId("back").getByRole("link", { name: "Tilbake til Innkjøpsordre (Kladder og klare)" }).click();
    await expect(page).toHaveURL(/vis=kladder&sorter=sum&side=2#r-/);
    await expect(page.getByTestId("range")).toHaveText("51–60 av 60");
  });

  await test.step("columns are chosen", async () => {
    await page.locator("summary").filter({ hasText: "Kolonner" }).click();
    await page.getByRole("checkbox", { name: "Sending" }).uncheck();
    await page.getByRole("button", { name: "Vis disse kolonnene" }).click();
    await expect(page.getByRole("columnheader", { name: "Sending" })).toHaveCount(0);
    await expect(page.getByRole("columnheader", { name: "Sum uten mva." })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("columnheader", { name: "Sending" })).toHaveCount(0);
  });

  await test.step("files obey the filter, and are what spreadsheets take", async () => {
    await page.goto(`${buyer.url}${LIST}?vis=kladder&status=ready&sok=${number(7)}`);
    await page.getByRole("link", { name: "Filer" }).click();
    for (const extension of ["CSV", "XLSX"]) {
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: extension, exact: true }).click()]);
      const bytes = readFileSync(await file.path());
      if (extension === "CSV") {
        expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
        const rows = bytes.toString("utf8").trimEnd().split("\r\n");
        expect(rows.length).toBe(2);
        expect(rows[1]).toContain("R-7;");
        expect(rows[1]).toContain(";1,5;");
      } else {
        const sheet = entry(bytes, "xl/worksheets/sheet1.xml");
        expect(sheet).toMatch(/<c r="[A-Z]+2"><v>1\.5<\/v><\/c>/);
      }
    }
  });
});

for (const wasm of [true, false]) {
  test(`all that fit are deleted and brought back ${wasm ? "with" : "without"} WebAssembly`, async ({ buyer, supplier, open, openWithoutWasm }) => {
    await connect(buyer, supplier);
    const page = wasm ? await open() : await openWithoutWasm();
    await signIn(page, buyer, ANNE);
    await bring(page, buyer, orders(55));
    await page.goto(`${buyer.url}${LIST}?vis=kladder`);
    if (wasm) await takenOver(page);

    await test.step("what is ticked is counted, and all that fit can be chosen", async () => {
      await page.getByRole("checkbox", { name: `Velg ${number(55)}` }).check();
      await expect(page.getByTestId("delete-picked")).toBeVisible();
      if (wasm) {
        await expect(page.getByTestId("picked")).toHaveText("1 valgt");
        await page.getByTestId("pick-page").check();
        await expect(page.getByTestId("picked")).toHaveText("50 valgt");
        await sound(page);
        await page.keyboard.press("Escape");
        await expect(page.getByTestId("delete-picked")).toBeHidden();
        await page.getByTestId("pick-page").check();
      }
      await page.getByTestId("pick-all").click();
      await expect(page.getByTestId("picked")).toHaveText("Alle 55 som passer filteret, er valgt");
      await sound(page);
    });

    await test.step("the number is said before, and what was done after", async () => {
      await page.getByTestId("delete-picked").click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Slett 55 kladder?");
      await expect(page.getByRole("main"), "the first are named").toContainText(/PO-.*, PO-.*, PO-.* og 52 til/);
      await sound(page);
      await page.getByRole("button", { name: "Slett 55 kladder" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("55 kladder er slettet");
      await sound(page);
      await page.getByTestId("undo-batch").click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("55 kladder er hentet tilbake");
      await page.goto(`${buyer.url}${LIST}?vis=kladder`);
      await expect(page.getByTestId("range")).toHaveText("1–50 av 55");
    });

    await test.step("what cannot be deleted is skipped, with why", async () => {
      await page.goto(`${buyer.url}${LIST}/valgte?handling=slett&ordre=0190a5b2-7c1e-7000-8000-000000000001`);
      await expect(page.getByRole("main")).toContainText("Ingen av de valgte ordrene kan slettes.");
      await sound(page);
    });

    await test.step("orders are printed", async () => {
      await page.goto(`${buyer.url}${LIST}?vis=kladder`);
      await page.getByRole("checkbox", { name: `Velg ${number(55)}` }).check();
      await page.getByRole("checkbox", { name: `Velg ${number(54)}` }).check();
      await page.getByTestId("print-picked").click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Skriv ut 2 ordrer");
      // A sheet is as tall as its order, or the next one is written over its lines.
      const beside = await page.locator(".printed").evaluateAll((sheets) =>
        sheets.filter((sheet) => {
          const end = sheet.lastElementChild?.getBoundingClientRect().bottom ?? 0;
          return Math.abs(sheet.getBoundingClientRect().bottom - end) > 40;
        }).length,
      );
      expect(beside).toBe(0);
      await sound(page);
    });
  });
}

test("a list is worked with keys alone", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await bring(page, buyer, orders(55));
  await page.goto(`${buyer.url}${LIST}?vis=kladder`);
  await takenOver(page);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: number(54) })).toBeFocused();
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+J");
  await expect(page.getByTestId("picked")).toHaveText("2 valgt");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+a");
  await expect(page.getByTestId("picked")).toHaveText("50 valgt");
  await page.keyboard.press("Control+a");
  await expect(page.getByTestId("picked")).toHaveText("Alle 55 som passer filteret, er valgt");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("delete-picked")).toBeHidden();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("jx/");
  await expect(page.getByRole("searchbox")).toHaveValue("jx/");
  await page.locator("h1").click();
  await page.keyboard.press("f");
  await expect(page.getByRole("combobox", { name: "Leverandør", exact: true })).toBeFocused();
  await page.locator("h1").click();
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/PO-/);
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(page.getByRole("heading", { level: 1, name: "Artikler" })).toBeVisible();

  await test.step("letters can be switched off", async () => {
    await page.goto(`${buyer.url}/innstillinger`);
    await page.getByLabel("Bare med Ctrl").check();
    await page.getByTestId("keys-form").getByRole("button", { name: "Lagre" }).click();
    await expect(page.locator("html[data-shortcuts]")).toBeAttached();
    await expect(page.getByLabel("Bare med Ctrl")).toBeChecked();
    await takenOver(page);
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await page.keyboard.press("Control+k");
    await expect(page.getByTestId("palette")).toBeVisible();
    await expect(page.getByRole("heading", { level: 1, name: "Innstillinger" })).toBeVisible();
  });
});

const COLUMNS =
  "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size;supplier_org_number;supplier_article_number";

/** Orders made in this order, of one line each; gives their numbers. */
function made(buyer: Instance, lines: string[]): string[] {
  return lines.map((line) => buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", line]).number);
}

test("chosen orders are exported by their number, and what stays is named with why", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  buyer.import("articles", [COLUMNS, `N-90;Skrue;EA;9,50;1;NOK;25;;;${BOLT.orgNumber};BF-9O`]);
  const [first, second, stopped] = made(buyer, ["N-1:5", "N-2:5", "N-90:5"]);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}${LIST}`);
  await takenOver(page);

  await test.step("the list says what stops an order that is written out", async () => {
    const row = page.getByRole("row", { name: stopped });
    await expect(row.getByTestId("stops")).toHaveText("1 linje stopper");
    await expect(row).toContainText("0/1 eksakt");
    await expect(page.getByRole("row", { name: first }).getByTestId("stops")).toHaveCount(0);
    await sound(page);
  });

  await test.step("the button counts those that can go, and names the one that stays", async () => {
    for (const number of [first, second, stopped]) await page.getByRole("checkbox", { name: `Velg ${number}` }).check();
    await expect(page.getByTestId("picked")).toHaveText("3 valgt");
    await expect(page.getByTestId("export-picked")).toContainText("Eksporter 2 ordrer");
    await expect(page.getByTestId("not-exported")).toHaveText(`Kan ikke eksporteres: ${stopped} (1 linje stopper)`);
    await sound(page);
    await page.getByTestId("export-picked").click();
  });

  await test.step("the page of what was sent names what stayed, and why", async () => {
    await page.getByRole("button", { name: "Eksporter 2 ordrer" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("2 sendt, 1 ble liggende");
    const row = page.getByRole("row", { name: stopped });
    await expect(row).toContainText("Ikke sendt");
    await expect(row).toContainText("eksakt treff");
    await sound(page);
  });

  await test.step("its link leads to the line, and put right it goes", async () => {
    await page.goto(`${buyer.url}${LIST}`);
    await takenOver(page);
    await page.getByRole("row", { name: stopped }).getByRole("link", { name: "1 linje stopper" }).click();
    await expect(page).toHaveURL(/rediger#lines-0-supplier_article_number$/);
    await takenOver(page);
    await page.locator("#lines-0-supplier_article_number").fill("BF-9");
    await page.getByRole("button", { name: "Lagre og lukk" }).click();
    await expect(page.getByRole("link", { name: "Rediger" })).toBeVisible();
    await page.goto(`${buyer.url}${LIST}`);
    const row = page.getByRole("row", { name: stopped });
    await expect(row).toContainText("1/1 eksakt");
    await expect(row.getByTestId("stops")).toHaveCount(0);
  });
});

test("what stops an order is told in a list that is open", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  buyer.import("articles", [COLUMNS, `N-90;Skrue;EA;9,50;1;NOK;25;;;${BOLT.orgNumber};BF-9O`]);
  const [number] = made(buyer, ["N-90:5", "N-90:6"]);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}${LIST}`);
  await takenOver(page);
  const row = page.getByRole("row", { name: number });
  await expect(row.getByTestId("stops")).toBeVisible();
  const askedAbout: number[] = [];
  page.on("request", (request) => {
    if (request.url().includes("count_exact_lines")) askedAbout.push((request.postData() ?? "").split("order_ids").length - 1);
  });
  const other = await open();
  await signIn(other, buyer, ANNE);
  await other.goto(`${buyer.url}${LIST}/${number}/rediger`);
  await takenOver(other);
  await other.locator("#lines-0-supplier_article_number").fill("BF-9");
  await other.getByRole("button", { name: "Lagre og lukk" }).click();
  await expect(row).toContainText("1/1 eksakt");
  await expect(row.getByTestId("stops")).toHaveCount(0);
  expect(new Set(askedAbout), "the other order is not asked about").toEqual(new Set([1]));
});

test("chosen drafts are named before they are deleted, and a sent one stays", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const { order_id: id, number: sent } = buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "N-1:5"]);
  const [first, second] = made(buyer, ["N-2:5", "N-3:5"]);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/eksporter-til-partner?ordre=${id}`);
  await page.getByRole("button", { name: "Eksporter 1 ordre" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("1 ordre sendt");
  await page.goto(`${buyer.url}${LIST}`);
  await takenOver(page);
  for (const number of [sent, first, second]) await page.getByRole("checkbox", { name: `Velg ${number}` }).check();
  await page.getByTestId("delete-picked").click();

  await test.step("what will be deleted is named, and what will not, with why", async () => {
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Slett 2 kladder?");
    for (const number of [sent, first, second]) await expect(page.getByRole("link", { name: number })).toBeVisible();
    await expect(page.getByRole("row", { name: sent })).toContainText("sendt");
    await sound(page);
    await page.getByRole("button", { name: "Slett 2 kladder" }).click();
  });

  await test.step("the result names both, and *Angre* brings them back", async () => {
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("2 kladder er slettet");
    await expect(page.getByRole("main")).toContainText(first);
    await expect(page.getByRole("row", { name: sent })).toBeVisible();
    await sound(page);
    await page.goto(`${buyer.url}${LIST}`);
    await expect(page.getByRole("row", { name: sent })).toBeVisible();
    await expect(page.getByRole("row", { name: second })).toHaveCount(0);
    await page.goBack();
    await page.getByTestId("undo-batch").click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("2 kladder er hentet tilbake");
    await page.goto(`${buyer.url}${LIST}`);
    await expect(page.getByRole("row", { name: second })).toBeVisible();
  });
});
