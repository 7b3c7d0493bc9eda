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

/** Anne, in a new order for a supplier that is connected. */
async function atNewOrder(buyer: Instance, supplier: Instance, open: () => Promise<Page>): Promise<Page> {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await newOrder(page, buyer);
  return page;
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
  const page = await atNewOrder(buyer, supplier, open);
  const dialog = page.getByTestId("paste-dialog");
  for (const count of [40, 500]) {
    await paste(page, rows(count), "<table><tr><td>not this</td></tr></table>");
    await expect(dialog.getByTestId("paste-counts")).toContainText(`${count} eksakte`);
    await expect(dialog.getByLabel("Hva er kolonnen Varenr?")).toHaveValue("article_number");
    await expect(dialog.getByLabel("Hva er kolonnen Pris?")).toHaveValue("unit_price");
    await sound(page);
    await dialog.getByRole("button", { name: `Legg til ${count} linjer` }).click();
    await expect(page.getByTestId("last-step")).toContainText(`La til ${count} linjer`);
    await expect(page.getByTestId("undo"), "the way back is in sight").toBeInViewport();
    await expect(page.locator("#lines-0-article_number"), "one goes on where the new lines begin").toBeFocused();
    await expect(page.getByTestId("grid-said")).toHaveText(`De nye linjene er linje 1 til ${count}.`);
    await expect(page.locator(`#lines-${count - 1}-quantity`)).toHaveValue("1000,5");
    await expect(page.locator("#lines-0-supplier_article_number")).toHaveValue("BF-1");
    await page.getByTestId("undo").click();
    await expect(page.locator("#lines-0-article_number")).toHaveValue("");
  }
});

test("what cannot become lines is told in words, and changes nothing", async ({ buyer, supplier, open }) => {
  const page = await atNewOrder(buyer, supplier, open);
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
  await expect(faults).toContainText("4 rader har noe som ikke kan leses, og tas med slik de står.");
  await expect(faults).toContainText("Rad 3, Antall");
  await expect(faults).toContainText("formel");
  await sound(page);
  await dialog.getByRole("button", { name: "Lukk" }).click();
  await expect(page.locator("#lines-0-article_number")).toHaveValue("");
  // Where no row can be read there is nothing to add.
  await paste(page, "Varenr\tAntall\nN-1\t-5\n");
  await expect(faults).toContainText("1 rad har noe som ikke kan leses. Ingen rad kan leses, så ingenting legges til.");
  await expect(faults).toContainText("Rad 2, Antall");
  await expect(dialog.getByTestId("paste-counts")).toContainText("Ingen rad kan leses");
  await expect(dialog.getByTestId("paste-add")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Lukk" }).click();
  await expect(page.locator("#lines-0-article_number")).toHaveValue("");
});

test("rows that are no lines are told and can be taken, and what cannot be read stays as it was written", async ({ buyer, supplier, open }) => {
  const page = await atNewOrder(buyer, supplier, open);
  const dialog = page.getByTestId("paste-dialog");
  const counts = dialog.getByTestId("paste-counts");
  await paste(
    page,
    ["Bestilling uke 48", "Varenr\tBeskrivelse\tAntall\tSum", "N-1\t\t2\t3", "N 2\tSkrue\tmange\t", "\tSum\t\t3", "\t\t\t3"].join("\n"),
  );

  await test.step("each row says what it is", async () => {
    await expect(counts).toContainText("1 rad har noe som ikke kan leses, og tas med slik den står.");
    await expect(counts).toContainText("1 sumrad utelatt.");
    await expect(counts).toContainText("1 rad uten artikkelnummer, beskrivelse og antall utelatt.");
    await expect(counts).toContainText("Rad 2 er lest som overskrifter. 1 rad over overskriftene er ikke med.");
    const others = dialog.getByTestId("paste-no-line");
    await expect(others).toHaveCount(2);
    await expect(others.first()).toContainText("Sum · 3");
    await expect(others.first()).toContainText("Rad 5: Sumrad – tas ikke med");
    await expect(others.last()).toContainText("Rad 6: Ingen linje – tas ikke med");
    await expect(others.last().getByRole("checkbox")).toHaveCount(0);
    await sound(page);
  });

  await test.step("and the article that it means", async () => {
    const means = dialog.getByTestId("paste-means");
    await expect(means).toHaveText([
      "N-1 Skrue M1",
      "Mener du N-2 Skrue M2?",
      "Sumrad – tas ikke med",
      "Ingen linje – tas ikke med",
    ]);
  });

  await test.step("the sum is taken all the same", async () => {
    await expect(dialog.getByTestId("paste-add")).toHaveText("Legg til 2 linjer");
    const take = dialog.getByRole("checkbox", { name: "Ta med rad 5 likevel" });
    await take.check();
    await expect(take).toBeFocused();
    await expect(counts).toContainText("1 sumrad tas med.");
    await expect(dialog.getByTestId("paste-no-line").first()).toContainText("Rad 5: Sumrad – tas med");
    await dialog.getByRole("button", { name: "Legg til 3 linjer" }).click();
  });

  await test.step("the form holds all of it, and asks", async () => {
    await expect(page.locator("#lines-0-article_number")).toBeFocused();
    await expect(page.locator("#lines-0-quantity")).toHaveValue("2");
    await expect(page.locator("#lines-1-article_number")).toHaveValue("N 2");
    await expect(page.locator("#lines-1-quantity")).toHaveValue("mange");
    await expect(page.locator("#lines-1-quantity")).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByTestId("line-faults").first()).toContainText("Antall:");
    await expect(page.locator("#lines-2-description")).toHaveValue("Sum");
    await sound(page);
  });
});

test("a sum that other columns make a line is not taken as a sum, and a question that failed is asked again", async ({ buyer, supplier, open }) => {
  const page = await atNewOrder(buyer, supplier, open);
  const dialog = page.getByTestId("paste-dialog");
  const counts = dialog.getByTestId("paste-counts");
  await paste(
    page,
    ["Varenr\tBeskrivelse\tAntall\tVekt", "N-1\tSkrue\t2\t3", "\tSum\t\t3", "N-2\tSkrue\t5\t6", "\tTotalt\t9\t", "N-3\tSkrue\t1\t1"].join("\n"),
  );

  await test.step("each reading of the columns has its own sums", async () => {
    await dialog.getByRole("checkbox", { name: "Ta med rad 3 likevel" }).check();
    await expect(counts).toContainText("1 sumrad tas med.");
    await dialog.getByLabel("Hva er kolonnen Vekt?").selectOption("quantity");
    await expect(counts).toContainText("1 sumrad utelatt.");
    await expect(counts).not.toContainText("tas med.");
    await expect(dialog.getByRole("checkbox", { name: "Ta med rad 5 likevel" })).not.toBeChecked();
    await dialog.getByLabel("Hva er kolonnen Antall?").selectOption("quantity");
    await expect(dialog.getByRole("checkbox", { name: "Ta med rad 3 likevel" })).not.toBeChecked();
    await expect(counts).toContainText("1 sumrad utelatt.");
    await sound(page);
  });

  await test.step("without an answer there is a way to ask again", async () => {
    const asked = "**/look_at_paste*";
    await page.route(asked, (route) => route.abort());
    await dialog.getByLabel("Hva er kolonnen Vekt?").selectOption("unit_price");
    await expect(dialog).toContainText("Vi får ikke kontakt med serveren.");
    await expect(dialog.getByTestId("paste-add")).toHaveCount(0);
    await sound(page);
    await page.unroute(asked);
    await dialog.getByRole("button", { name: "Prøv på nytt" }).click();
    await expect(counts).toBeFocused();
    await expect(dialog.getByTestId("paste-ask-again")).toHaveCount(0);
    await dialog.getByRole("button", { name: "Legg til 4 linjer" }).click();
    await expect(page.locator("#lines-1-article_number")).toHaveValue("N-2");
  });
});

test("a column of our own numbers is known as one without a header", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  buyer.import("articles", ["number;name;unit;price", ...[1001, 1002, 1003].map((number) => `${number};Mutter ${number};EA;1`)]);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await newOrder(page, buyer);
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().includes("look_at_paste")) asked += 1;
  });
  const dialog = page.getByTestId("paste-dialog");
  await paste(page, "5\t1001\n1001\t1002\n7\t1003\n");
  await expect(dialog.getByLabel("Hva er kolonnen 2?")).toHaveValue("article_number");
  await expect(dialog.getByLabel("Hva er kolonnen 1?")).toHaveValue("quantity");
  await expect(dialog.getByTestId("paste-means")).toHaveText(["1001 Mutter 1001", "1002 Mutter 1002", "1003 Mutter 1003"]);
  expect(asked, "one question for all of it").toBe(1);
  await dialog.getByTestId("paste-add").click();
  await expect(page.locator("#lines-1-article_number")).toHaveValue("1002");
  await expect(page.locator("#lines-1-quantity")).toHaveValue("1001");
  // Numbers that nobody knows go where they were put.
  await page.locator("#lines-3-article_number").evaluate((field) => {
    (field as HTMLElement).focus();
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "8001\t2\n8002\t3\n");
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(dialog.getByLabel("Hva er kolonnen 1?")).toHaveValue("article_number");
  await dialog.getByTestId("paste-add").click();
  await expect(page.locator("#lines-3-article_number")).toBeFocused();
  await expect(page.locator("#lines-4-article_number")).toHaveValue("8002");
});

test("every row that cannot be read is shown, what is asked is answered there, and the text stays", async ({ buyer, supplier, open }) => {
  const page = await atNewOrder(buyer, supplier, open);
  const dialog = page.getByTestId("paste-dialog");
  const area = dialog.getByLabel("Celler fra regnearket");
  const quantities = ["1.234", "2.500", ...Array.from({ length: 56 }, () => "-5"), "3", "4"];
  const text = ["Varenr\tAntall", ...quantities.map((quantity, index) => `N-${(index % 20) + 1}\t${quantity}`)].join("\n");

  await test.step("the field has the focus, and nonsense stays in it", async () => {
    await page.getByTestId("paste-lines").click();
    await expect(area).toBeFocused();
    await area.fill("Hei Kari, kan du bestille dette?");
    await dialog.getByTestId("paste-look").click();
    await expect(dialog).toContainText("Vi fant ingen tall");
    await expect(area).toHaveValue("Hei Kari, kan du bestille dette?");
    await area.fill("");
  });

  await test.step("every such row is there with its text and its fault", async () => {
    await area.fill(text);
    const faults = dialog.getByTestId("paste-faults");
    await expect(faults).toContainText("58 rader har noe som ikke kan leses, og tas med slik de står.");
    const rows = faults.getByTestId("paste-row");
    await expect(rows).toHaveCount(50);
    await expect(rows.first()).toContainText("N-1 · 1.234");
    await expect(rows.nth(2)).toContainText("Rad 4, Antall");
    await expect(faults).toContainText("Viser 50 av 58 rader.");
    await faults.getByTestId("paste-more").click();
    await expect(rows).toHaveCount(58);
    await sound(page);
  });

  await test.step("one row is answered, then the whole column, and the text is still there", async () => {
    const faults = dialog.getByTestId("paste-faults");
    await dialog.getByRole("button", { name: "1,234 i rad 2, Antall" }).click();
    await expect(faults).toContainText("57 rader har noe som ikke kan leses");
    await dialog.getByTestId("paste-back").click();
    await expect(area).toBeFocused();
    await expect(area).toHaveValue(text);
    await dialog.getByTestId("paste-look").click();
    await expect(dialog.getByTestId("paste-column-asks")).toContainText("2 tall i kolonnen Antall");
    await dialog.getByRole("button", { name: "Alle som 1234", exact: true }).click();
    await expect(faults).toContainText("56 rader har noe som ikke kan leses");
    await expect(dialog.getByTestId("paste-counts")).toBeFocused();
    await dialog.getByRole("button", { name: "Legg til 60 linjer" }).click();
    await expect(page.locator("#lines-0-quantity")).toHaveValue("1234");
    await expect(page.locator("#lines-1-quantity")).toHaveValue("2500");
    await expect(page.locator("#lines-2-quantity")).toHaveValue("-5");
    await expect(page.locator("#lines-2-quantity")).toHaveAttribute("aria-invalid", "true");
    await expect(page.locator("#lines-59-quantity")).toHaveValue("4");
  });
});

test("a price says what it is for where it is proposed, fetched and pasted", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  buyer.import("articles", [
    "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size;supplier_org_number;supplier_article_number",
    `H-1;Skive per hundre;EA;350;100;NOK;25;;;${BOLT.orgNumber};BF-H1`,
  ]);
  buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "H-1:5"]);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await newOrder(page, buyer);
  const number = page.locator("#lines-0-article_number");

  await test.step("under the cell", async () => {
    await number.pressSequentially("H-1");
    await expect(page.getByRole("listbox").getByRole("option").first()).toContainText("350,00 NOK per 100");
    await page.keyboard.press("Escape");
    await number.fill("");
  });

  await test.step("in the order before", async () => {
    await page.getByTestId("previous-lines").click();
    const previous = page.getByTestId("previous-dialog");
    await expect(previous).toContainText(/350(,00)? per 100/);
    await previous.getByRole("button", { name: "Lukk" }).click();
  });

  await test.step("in what is pasted, where nothing is guessed", async () => {
    await paste(page, "Varenr\tAntall\tPris\nH-1\t200\t3,50\nN-1\t5\t1,50\n");
    const dialog = page.getByTestId("paste-dialog");
    await expect(dialog.getByTestId("paste-price-base")).toContainText("Pris per 1");
    const bases = dialog.getByTestId("paste-bases");
    await expect(bases).toContainText("Rad 2, H-1: 3,50 per 1. Artikkelens pris er per 100.");
    await expect(bases.getByRole("listitem")).toHaveCount(1);
    await sound(page);
    await bases.getByTestId("paste-base").click();
    await expect(bases).toContainText("Rad 2, H-1: 3,50 per 100.");
    await dialog.getByTestId("paste-add").click();
    await expect(page.locator("#lines-0-price_base_quantity")).toHaveValue("100");
    await expect(page.locator("#lines-1-price_base_quantity")).toHaveValue("");
  });

  await test.step("a row's own answer goes before that for all of them", async () => {
    await paste(page, "Varenr\tAntall\tPris\nH-1\t200\t350\nH-1\t5\t4\nH-1\t7\t340\n");
    const dialog = page.getByTestId("paste-dialog");
    const bases = dialog.getByTestId("paste-bases");
    await expect(bases).toContainText("3 priser står uten mengde. De er lest som pris per 1.");
    await bases.getByRole("button", { name: "Les rad 3 som pris per 100" }).click();
    await expect(bases).toContainText("2 er lest som pris per 1, 1 som artikkelens pris.");
    await expect(bases.getByRole("button", { name: "Les rad 3 som pris per 1", exact: true })).toBeFocused();
    await bases.getByRole("button", { name: "Les rad 3 som pris per 1", exact: true }).click();
    await bases.getByTestId("paste-base").click();
    await expect(bases.getByTestId("paste-base")).toBeFocused();
    await expect(bases).toContainText(/Rad 2, H-1: 350(,00)? per 100\./);
    await expect(bases).toContainText(/Rad 3, H-1: 4(,00)? per 1\./);
    await expect(bases).toContainText("1 er lest som pris per 1, 2 som artikkelens pris.");
    await sound(page);
    await dialog.getByTestId("paste-add").click();
    await expect(page.locator("#lines-2-price_base_quantity")).toHaveValue("100");
    await expect(page.locator("#lines-3-price_base_quantity")).toHaveValue("");
    await expect(page.locator("#lines-4-price_base_quantity")).toHaveValue("100");
    await page.getByTestId("undo").click();
    await expect(page.locator("#lines-2-article_number")).toHaveValue("");
  });

  await test.step("a column of its own says it", async () => {
    await paste(page, "Varenr\tAntall\tPris\tMengde x\nH-1\t200\t350\t100\n");
    const dialog = page.getByTestId("paste-dialog");
    await dialog.getByLabel("Hva er kolonnen Mengde x?").selectOption("price_base_quantity");
    await expect(dialog.getByTestId("paste-price-base")).toHaveCount(0);
    await expect(dialog.getByTestId("paste-bases")).toHaveCount(0);
    await dialog.getByTestId("paste-add").click();
    await expect(page.locator("#lines-2-price_base_quantity")).toHaveValue("100");
  });
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
  await page.getByLabel("Celler fra regnearket").fill("Varenr\tBeskrivelse\tAntall\tSum\nN-1\t\t2\t3\nN-2\t\t3,5\t9\n\tSum\t\t12\n");
  await page.getByRole("button", { name: "Legg til linjene" }).click();
  await expect(page.getByTestId("receipt")).toContainText("Linjene er lagt til");
  await expect(page.getByTestId("receipt"), "nothing is left out without a word").toContainText("1 rad er ikke med");
  await expect(page.getByTestId("receipt")).toContainText("eller står over overskriftene.");
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
