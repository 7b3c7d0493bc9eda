// Writing an order with the browser's half in place: lines come and go without a new page, and nothing typed is lost.
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT } from "../support/instance";

const FIRST = `/ordre/innkjopsordre/PO-${new Date().getFullYear()}-00001`;

test("twenty lines are added, changed and removed from the keyboard", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  const line = (number: number, field: string) => page.locator(`#lines-${number - 1}-${field}`);
  for (let number = 1; number <= 20; number += 1) {
    await line(number, "article_number").pressSequentially(`N-${number}`);
    await expect(page.getByRole("listbox").getByRole("option").first()).toContainText(`N-${number}`);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(line(number, "supplier_article_number")).toHaveValue(`BF-${number}`);
    await line(number, "quantity").fill(`${number}`);
  }
  await expect(page.getByTestId("order-line")).toHaveCount(21);
  await page.getByRole("button", { name: "Fjern linje 2", exact: true }).click();
  await expect(line(2, "article_number")).toHaveValue("N-3");
  await line(2, "quantity").fill("3,5");
  await expect(page.getByTestId("line-amount").nth(1)).toHaveText("12,25");
  await expect(page.getByTestId("line-match").nth(1)).toContainText("Eksakt treff");
  await sound(page);
  // Whatever the lines hold, they are as wide as their box.
  await line(2, "quantity").fill("9999999");
  for (const width of [1280, 1366, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const wider = await page.getByTestId("order-line").first().evaluate((row) => {
      const table = row.closest("table");
      return table ? table.scrollWidth - (table.parentElement?.clientWidth ?? 0) : NaN;
    });
    expect(wider, `at ${width} px`).toBeLessThanOrEqual(0);
  }
  await line(2, "quantity").fill("3,5");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Eksporter til partner");
  await page.getByRole("link", { name: /^PO-/ }).first().click();
  await page.getByRole("link", { name: "Rediger" }).click();
  await expect(page.locator("#lines-18-article_number")).toHaveValue("N-20");
  await expect(page.locator("#lines-1-quantity")).toHaveValue("3,5");
  // The key means the same before anything in the form has the focus.
  await page.reload();
  await takenOver(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Eksporter til partner");
});

test("an order waits while the supplier is away, and arrives once", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "N-1:5"]);
  await supplier.stop();
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/eksporter-til-partner`);
  await page.getByRole("checkbox", { name: /Velg PO-/ }).check();
  await page.getByTestId("check-orders").click();
  await page.getByRole("button", { name: "Eksporter 1 ordre" }).click();
  await page.goto(`${buyer.url}/ordre/innkjopsordre`);
  await page.getByRole("link", { name: /^PO-/ }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("venter på å komme fram");
  await expect(page.getByRole("main")).toContainText("Den kan ikke bli dobbel.");
  await sound(page);
  await takenOver(page);
  await supplier.start();
  await page.getByRole("button", { name: "Prøv på nytt" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${BOLT.name} har mottatt ordren som kladd`);
  expect(supplier.run(["drafts", "list"]).total).toBe(1);
});

test("on a phone lines are written in a sheet", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  await page.getByTestId("add-line").tap();
  const sheet = page.getByTestId("line-sheet");
  for (const number of [3, 7]) {
    await sheet.getByLabel("Artikkelnummer eller navn").pressSequentially(`N-${number}`);
    await sheet.getByRole("button", { name: new RegExp(`^N-${number} `) }).tap();
    await expect(sheet.getByLabel("Antall")).toBeFocused();
    await expect(sheet.getByLabel("Antall")).toHaveAttribute("inputmode", "decimal");
    await sheet.getByLabel("Antall").fill(`${number},5`);
    await sound(page);
    await sheet.getByTestId("sheet-next").tap();
    await expect(sheet.getByLabel("Artikkelnummer eller navn")).toBeFocused();
  }
  await sheet.getByRole("button", { name: "Lukk" }).tap();
  await expect(page.locator("#lines-1-supplier_article_number")).toHaveValue("BF-7");
  await expect(page.locator("#lines-0-quantity")).toHaveValue("3,5");
  // Fields are plain fields: no modes, and nothing is selected for the person.
  await page.locator("#lines-0-quantity").tap();
  await expect(page.locator("#lines")).not.toHaveAttribute("data-mode", /./);
  await sound(page);
});

test("on a phone half a name is not saved without a word", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  await page.getByTestId("add-line").tap();
  const sheet = page.getByTestId("line-sheet");
  const article = sheet.getByLabel("Artikkelnummer eller navn");

  await test.step("it is asked which article is meant", async () => {
    await article.pressSequentially("skrue m3");
    await sheet.getByTestId("sheet-done").tap();
    await expect(sheet.getByTestId("sheet-unchosen")).toContainText("Ingen artikkel er valgt.");
    await expect(article).toHaveAttribute("aria-invalid", "true");
    await expect(page.locator("#lines-0-article_number")).toHaveValue("");
    await sound(page);
    await sheet.getByRole("button", { name: /^N-3 / }).tap();
    await expect(sheet.getByTestId("sheet-unchosen")).toHaveCount(0);
    await sheet.getByLabel("Antall").fill("3");
    await sheet.getByTestId("sheet-next").tap();
    await expect(page.locator("#lines-0-supplier_article_number")).toHaveValue("BF-3");
  });

  await test.step("a number that was typed out needs no choice", async () => {
    await article.pressSequentially("N-7");
    await sheet.getByTestId("sheet-next").tap();
    await expect(page.locator("#lines-1-supplier_article_number")).toHaveValue("BF-7");
    await expect(page.locator("#lines-1-unit_price")).toHaveValue("7,5");
  });

  await test.step("and free text is taken when it is asked for", async () => {
    await expect(article).toHaveValue("");
    await article.pressSequentially("Frakt og emballasje");
    // Without an answer there is nothing to choose.
    await page.route("**/suggest_articles*", (route) => route.abort());
    await sheet.getByTestId("sheet-done").tap();
    await expect(sheet.getByTestId("sheet-unchosen")).toContainText("Fikk ikke svar");
    await page.unroute("**/suggest_articles*");
    await sheet.getByTestId("sheet-done").tap();
    await expect(sheet.getByTestId("sheet-unchosen")).toContainText("Ingen artikkel passer med teksten.");
    await sheet.getByTestId("sheet-free").tap();
    await sheet.getByRole("button", { name: "Lukk" }).tap();
    await expect(page.locator("#lines-2-description")).toHaveValue("Frakt og emballasje");
    await expect(page.locator("#lines-2-article_number")).toHaveValue("");
  });
});

test("on a phone the sheet asks what a number means before it lets the line go", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  // One empty card, and then the way to write a line.
  await expect(page.getByTestId("order-line").filter({ visible: true })).toHaveCount(1);
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  await page.getByTestId("add-line").tap();
  const sheet = page.getByTestId("line-sheet");
  const article = sheet.getByLabel("Artikkelnummer eller navn");
  const quantity = sheet.getByLabel("Antall");

  await test.step("the two readings are answers", async () => {
    await article.pressSequentially("N-3");
    await sheet.getByRole("button", { name: /^N-3 / }).tap();
    await quantity.fill("1.234");
    await sheet.getByTestId("sheet-next").tap();
    await expect(quantity).toHaveAccessibleDescription(/kan bety to ting/);
    await expect(sheet.getByTestId("sheet-reading")).toHaveText(["Bruk 1234", "Bruk 1,234"]);
    await sound(page);
    // It is asked as often as it is pressed.
    await sheet.getByTestId("sheet-next").tap();
    await expect(sheet.getByTestId("sheet-fault")).toHaveCount(1);
    await expect(page.locator("#lines-0-article_number")).toHaveValue("");
    await sheet.getByTestId("sheet-reading").first().tap();
    await expect(sheet.getByTestId("sheet-fault")).toHaveCount(0);
    await expect(page.locator("#lines-0-quantity")).toHaveValue("1234");
    await expect(page.locator("#lines-0-supplier_article_number")).toHaveValue("BF-3");
    await expect(article).toHaveValue("");
    await expect(article).toBeFocused();
  });

  await test.step("what is only wrong may be kept", async () => {
    await article.pressSequentially("N-7");
    await sheet.getByRole("button", { name: /^N-7 / }).tap();
    await quantity.fill("mange");
    await sheet.getByTestId("sheet-done").tap();
    await expect(sheet.getByTestId("sheet-fault")).toContainText("Antall:");
    await expect(quantity).toHaveAttribute("aria-invalid", "true");
    await sound(page);
    // Something else is typed: what was told is told no more.
    await quantity.fill("mye");
    await expect(sheet.getByTestId("sheet-fault")).toHaveCount(0);
    await sheet.getByTestId("sheet-done").tap();
    await expect(sheet.getByTestId("sheet-fault")).toHaveCount(1);
    await sheet.getByTestId("sheet-done").tap();
    await expect(sheet).toBeHidden();
    await expect(page.locator("#lines-1-quantity")).toHaveValue("mye");
    await expect(page.getByTestId("line-faults")).toContainText("Antall:");
  });
  await expect(page.getByTestId("order-line").filter({ visible: true })).toHaveCount(3);
});

for (const [name, options] of [
  ["a screen", { viewport: { width: 1440, height: 900 } }],
  ["a phone", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
] as const) {
  test(`on ${name} there is a way to one line of a long order`, async ({ buyer, supplier, open }) => {
    await connect(buyer, supplier);
    const lines = Array.from({ length: 30 }, (_, at) => ["--line", `N-${(at % 25) + 1}:${at + 1}`]).flat();
    buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, ...lines]);
    const page = await open(options);
    await signIn(page, buyer, ANNE);
    await page.goto(`${buyer.url}${FIRST}/rediger`);
    await takenOver(page);
    const field = page.getByLabel("Gå til linje");
    const said = page.getByTestId("find-line-said");
    await field.fill("25");
    await field.press("Enter");
    await expect(said).toHaveText("Linje 25");
    await expect(page.locator("#lines-24-article_number")).toBeInViewport();
    await expect(page).toHaveURL(/\/rediger$/);
    // Two lines have it: Enter goes on, and begins again after the last one.
    await field.fill("n-3");
    for (const [place, number] of [[3, 1], [28, 2], [3, 1]] as const) {
      await field.press("Enter");
      await expect(said).toHaveText(`Linje ${place}, treff ${number} av 2`);
      const articleNumber = page.locator(`#lines-${place - 1}-article_number`);
      await expect(articleNumber).toBeInViewport();
      // The field is clear of the bar at the top, and on a phone its label is.
      const above = name === "a phone" ? 20 : 0;
      const bar = (await page.locator(".topbar").boundingBox())!;
      await expect.poll(async () => (await articleNumber.boundingBox())!.y - above).toBeGreaterThanOrEqual(bar.y + bar.height);
    }
    await expect(field).toBeFocused();
    await sound(page);
    if (name === "a screen") {
      await page.keyboard.press("Tab");
      await expect(page.locator("#lines-2-article_number")).toBeFocused();
    }
    await field.fill("finnes ikke");
    await field.press("Enter");
    await expect(said).toHaveText("Ingen linje passer");
  });
}

test("a new order begins with its supplier, and what has the focus is clear of the bar at the foot", async ({
  buyer,
  supplier,
  open,
}) => {
  await connect(buyer, supplier);
  const page = await open({ viewport: { width: 1280, height: 900 } });
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny?linjer=16`);
  await takenOver(page);
  await expect(page.getByRole("combobox", { name: "Leverandør" })).toBeFocused();
  await expect(page.getByTestId("bar-total")).toHaveText(/kr$/);
  const isClear = () =>
    page.evaluate(() => {
      const row = document.activeElement!.closest("tr")!.getBoundingClientRect();
      return row.bottom <= document.querySelector(".actionbar")!.getBoundingClientRect().top;
    });
  await page.locator("#lines-0-quantity").focus();
  for (let place = 1; place < 16; place += 1) {
    await page.keyboard.press("ArrowDown");
    await expect(page.locator(`#lines-${place}-quantity`)).toBeFocused();
    await expect.poll(isClear, { message: `line ${place + 1}` }).toBe(true);
  }
});
