// J3: rows from Excel become lines of an order; bad pastes are told and change nothing; workbooks, templates and orders before.
import type { Page } from "@playwright/test";
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT, type Instance } from "../support/instance";

/** Puts text on the clipboard of a paste event in the first cell, as a browser does. */
async function paste(page: Page, text: string, html?: string): Promise<void> {
  await page.locator("#lines-0-article_number").evaluate((field, [plain, rich]) => {
    (field as HTMLElement).focus();
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", plain ?? "");
    if (rich) clipboardData.setData("text/html", rich);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, [text, html] as const);
}

/** An order form with the supplier chosen. */
async function newOrder(page: Page, buyer: Instance): Promise<void> {
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
}

/** Rows as Excel copies them: a head, a blank row after every tenth, decimal commas. */
function rows(count: number): string {
  const lines = ["Varenr\tBeskrivelse\tAntall\tEnhet\tPris"];
  for (let number = 1; number <= count; number += 1) {
    lines.push(`N-${((number - 1) % 20) + 1}\tBlå skrue nr. ${number}, æøå\t1\u00a0000,5\tstk\t3,50`);
    if (number % 10 === 0) lines.push("\t\t\t\t");
  }
  return `${lines.join("\r\n")}\r\n`;
}

test("forty and five hundred rows from Excel are looked at, added, and taken back in one step", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await newOrder(page, buyer);
  const dialog = page.getByTestId("paste-dialog");
  for (const count of [40, 500]) {
    await paste(page, rows(count), "<table><tr><td>not this</td></tr></table>");
    await expect(dialog.getByTestId("paste-counts")).toContainText(`${count} eksakte`);
    await expect(dialog.getByLabel("Hva er kolonnen Varenr?")).toHaveValue("article_number");
    await expect(dialog.getByLabel("Hva er kolonnen Pris?")).toHaveValue("unit_price");
    await sound(page);
    await dialog.getByRole("button", { name: `Legg til ${count} linjer` }).click();
    await expect(page.getByTestId("last-step")).toContainText(`La til ${count} linjer`);
    await expect(page.locator(`#lines-${count - 1}-quantity`)).toHaveValue("1000,5");
    await expect(page.locator("#lines-0-supplier_article_number")).toHaveValue("BF-1");
    await page.getByTestId("undo").click();
    await expect(page.locator("#lines-0-article_number")).toHaveValue("");
  }
});

test("what cannot become lines is told in words, and changes nothing", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await newOrder(page, buyer);
  const dialog = page.getByTestId("paste-dialog");
  const bad: [string, string][] = [
    ["Hei Kari\nkan du bestille dette?", "Vi fant ingen tall"],
    ["N-1\t1\n".repeat(100_000), "Teksten har 100000 rader"],
    ["<table><tr><td>N-1</td></tr></table>\n", "kildekoden til en nettside"],
  ];
  for (const [text, words] of bad) {
    await paste(page, text);
    await expect(dialog).toContainText(words);
    await dialog.getByRole("button", { name: "Lukk" }).click();
  }
  await paste(page, "Varenr\tBeskrivelse\tAntall\nN-1\tSkrue 🔩\t2\nN-2\t=HYPERLINK(1)\t-5\nN-3\tC\t0\nN-4\tD\t99999999999\nN-5\tE\t=1+1\n");
  const faults = dialog.getByTestId("paste-faults");
  await expect(faults).toContainText("4 rader blir ikke lagt til");
  await expect(faults).toContainText("Rad 3, Antall");
  await expect(faults).toContainText("formel");
  await sound(page);
  await dialog.getByRole("button", { name: "Lukk" }).click();
  await expect(page.locator("#lines-0-article_number")).toHaveValue("");
});

test("rows are pasted, fetched and begun from a template without WebAssembly", async ({ buyer, supplier, openWithoutWasm }) => {
  await connect(buyer, supplier);
  const page = await openWithoutWasm();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  await page.getByTestId("paste-lines").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Lim inn fra Excel");
  await page.getByLabel("Celler fra regnearket").fill("Varenr\tAntall\nN-1\t-2\n");
  await page.getByRole("button", { name: "Legg til linjene" }).click();
  await expect(page.getByTestId("form-errors")).toContainText("Linje 2, Antall");
  await expect(page.getByLabel("Celler fra regnearket")).toHaveValue(/N-1\t-2/);
  await sound(page);
  await page.getByLabel("Celler fra regnearket").fill("Varenr\tAntall\nN-1\t2\nN-2\t3,5\n");
  await page.getByRole("button", { name: "Legg til linjene" }).click();
  await expect(page.getByTestId("receipt")).toContainText("Linjene er lagt til");
  await expect(page.locator("#lines-1-quantity")).toHaveValue("3,5");

  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  await page.getByTestId("previous-lines").click();
  await page.getByTestId("previous-orders").getByRole("link").first().click();
  await page.getByRole("checkbox", { name: "Velg N-1", exact: true }).uncheck();
  await sound(page);
  await page.getByRole("button", { name: "Legg til valgte linjer" }).click();
  await expect(page.locator("#lines-0-article_number")).toHaveValue("N-2");
});
