// A supplier without ProdSys: his EFO/NELFO price file is the catalogue that an order is written and judged against.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ANNE, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT } from "../support/instance";

/** A real file, where the trade data lies beside the project; else one in the same form. */
const REAL = join(__dirname, "../../../shared/data/trade/efonelfo/V4_varefil.csv");
/** In Windows-1252, as such files are: prices in øre for an amount in ten thousandths. */
const OWN = Buffer.from(
  [
    `VH;EFONELFO;4.0;NO${BOLT.orgNumber}MVA;;;20260101;20261231;NOK;;BOLT OG FESTE;;;;;NO`,
    "VL;1;1006100;MATTE 3MM 100W/M2  100W;1,0 m2 0,5 x 2,0 m;1;EA;STYKK;55300;10000;20260101;1;;1004;;;J;10000;0;",
    "VL;1;1006101;MATTE 3MM 100W/M2  150W;1,5 m2 0,5 x 3,0 m;1;EA;STYKK;68900;10000;20260101;1;;1004;;;J;10000;0;",
    "VL;1;1006105;MATTE 3MM 100W/M2  486W;Grå, for våtrom;1;EA;STYKK;124900;10000;20260101;1;;1004;;;J;10000;0;",
    "",
  ].join("\r\n"),
  "latin1",
);

test("a price file becomes a supplier's catalogue, and an order of its numbers is judged", async ({ buyer, open }) => {
  buyer.addUser(ANNE);
  for (const what of ["extension", "api-access"]) buyer.run([what, "enable"]);
  const contact = buyer.addContact({ ...BOLT }, "supplier");
  await buyer.start();
  const page = await open();
  await signIn(page, buyer, ANNE);

  await page.goto(`${buyer.url}/kontakter/leverandorer/${contact}`);
  await page.getByLabel("Fil", { exact: true }).setInputFiles({
    name: "varefil.csv",
    mimeType: "text/csv",
    buffer: existsSync(REAL) ? readFileSync(REAL) : OWN,
  });
  await page.getByTestId("catalogue-form").getByRole("button", { name: "Les inn" }).click();
  await expect(page.getByTestId("receipt")).toContainText(BOLT.name);
  await sound(page);

  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  await expect(page.getByTestId("catalogue")).toContainText(BOLT.name);
  // The file's own day beside the day on which it was read.
  await expect(page.getByTestId("catalogue")).toContainText(/prisfil fra \d\d\.\d\d\.\d{4}, lest \d\d\.\d\d\.\d{4}/);
  const field = (number: number, name: string) => page.locator(`#lines-${number - 1}-${name}`);
  // Found by the words of its name, unfinished and in any order.
  await field(1, "article_number").pressSequentially("150w mat");
  await page.getByRole("option", { name: /1006101/ }).click();
  await expect(field(1, "supplier_article_number")).toHaveValue("1006101");
  await expect(field(1, "unit_price")).toHaveValue("689");
  // Its number, its number in another form, two digits exchanged, and one that he does not have.
  const typed: [string, RegExp][] = [
    ["1006100", /Eksakt treff/],
    ["100 6100", /Trolig treff/],
    ["1060100", /Trolig treff/],
    ["9999999", /Ingen treff/],
  ];
  for (const [place, [number]] of typed.entries()) {
    await field(place + 2, "supplier_article_number").fill(number);
    await field(place + 2, "description").fill(number === "9999999" ? "Ukjent vare" : "Matte 3mm");
    await field(place + 2, "quantity").fill("2");
  }
  await page.getByRole("heading", { level: 1 }).click();
  for (const [place, [, level]] of typed.entries()) {
    await expect(page.getByTestId("line-match").nth(place + 1)).toContainText(level);
  }
  await sound(page);
});
