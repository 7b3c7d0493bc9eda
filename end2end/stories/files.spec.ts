// Files in through the browser, with and without its half, and out again.
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { ANNE, connect, expect, signIn, sound, test } from "../support/story";

const GOOD = "Varenummer;Navn;Pris\nF-1;Skrue \u00e6;1,50\nF-2;Mutter;2,25\n";
const BAD = "Varenummer;Navn;Pris\nF-1;Skrue;ti\nF-2;=1+1;2,25\n";

async function bring(page: Page, text: string, encoding: BufferEncoding = "utf8", dryRun = false) {
  await page.getByLabel("Fil", { exact: true }).setInputFiles({
    name: "artikler.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(text, encoding),
  });
  if (dryRun) await page.getByRole("checkbox", { name: /Pr\u00f8vekj\u00f8ring/ }).check();
  await page.getByRole("button", { name: "Les inn", exact: true }).click();
}

for (const wasm of [true, false]) {
  test(`a file of articles goes in and comes out ${wasm ? "with" : "without"} WebAssembly`, async ({ buyer, supplier, open, openWithoutWasm }) => {
    await connect(buyer, supplier);
    const page = wasm ? await open() : await openWithoutWasm();
    await signIn(page, buyer, ANNE);
    await page.goto(`${buyer.url}/artikler`);
    await page.getByRole("link", { name: "Filer" }).click();
    await sound(page);

    await bring(page, "Koodi;navn;pris\nF-9;A;1\n");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hva er kolonnene i filen?");
    await expect(page.getByLabel("Hva er kolonnen navn?")).toHaveValue("name");
    await sound(page);
    await page.getByRole("button", { name: "Les inn", exact: true }).click();
    await expect(page.getByTestId("form-errors")).toContainText("Filen mangler kolonnen number");
    await page.getByLabel("Hva er kolonnen Koodi?").selectOption({ label: "Artikkelnummer" });
    await page.getByRole("button", { name: "Les inn", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("1 lest inn, 0 oppdatert");
    await page.getByRole("link", { name: "Les inn en fil til" }).click();

    await bring(page, BAD);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ingenting er lest inn");
    const refused = page.getByTestId("refused-rows");
    await expect(refused.getByRole("row", { name: /Pris ti Skriv et tall/ })).toBeVisible();
    await expect(refused).toContainText("Cellen er en formel");
    await sound(page);

    await page.getByRole("link", { name: "Les inn en fil til" }).click();
    await bring(page, GOOD, "latin1", true);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Prøvekjøring er ferdig");
    await page.getByRole("link", { name: "Les inn en fil til" }).click();
    await bring(page, GOOD, "latin1");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("2 lest inn, 0 oppdatert");
    await sound(page);

    await page.goto(`${buyer.url}/filer/artikler`);
    for (const extension of ["CSV", "XLSX"]) {
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: extension, exact: true }).click(),
      ]);
      expect(file.suggestedFilename()).toBe(`artikler.${extension.toLowerCase()}`);
      const bytes = readFileSync(await file.path());
      if (extension === "CSV") expect(bytes.toString("utf8")).toContain("F-1;Skrue \u00e6;EA;1,5;1;NOK;25");
      else expect(bytes.subarray(0, 2).toString()).toBe("PK");
    }
  });
}
