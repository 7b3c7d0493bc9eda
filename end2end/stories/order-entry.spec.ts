// What the order form tells while an order is written: what was bought, how old the catalogue is, what is saved, and what stands in the way.
import type { Page } from "@playwright/test";
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT } from "../support/instance";

const line = (page: Page, number: number, field: string) => page.locator(`#lines-${number - 1}-${field}`);

test("the form tells what was bought, how old the catalogue is, and keeps its undo through the check", async ({
  buyer,
  supplier,
  open,
}) => {
  await connect(buyer, supplier);
  const before = buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "N-1:5"]);
  const page = await open();
  await signIn(page, buyer, ANNE);

  await test.step("an order is sent, so that there is something that was bought", async () => {
    await page.goto(`${buyer.url}/ordre/eksporter-til-partner?ordre=${before.order_id}`);
    await page.getByRole("button", { name: "Eksporter 1 ordre" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("1 ordre sendt");
  });

  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);

  await test.step("the catalogue's age stands by the supplier", async () => {
    await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
    await expect(page.getByTestId("catalogue")).toContainText(`Katalogen fra ${BOLT.name}: lest `);
  });

  await test.step("suggestions say what was bought; none is told too", async () => {
    await line(page, 1, "article_number").pressSequentially("N-1");
    const option = page.getByRole("listbox").getByRole("option").first();
    await expect(option.getByTestId("bought")).toContainText("Kjøpt 1 gang");
    await expect(line(page, 1, "article_number")).toHaveAttribute("aria-expanded", "true");
    await expect(page.getByTestId("suggestions-said")).toContainText("forslag");
    await page.keyboard.press("Escape");
    await line(page, 1, "article_number").fill("qqqqqqq");
    await expect(page.getByTestId("no-suggestions")).toHaveText("Ingen forslag");
    await expect(page.getByTestId("suggestions-said")).toHaveText("Ingen forslag");
    await expect(line(page, 1, "article_number")).toHaveAttribute("aria-expanded", "false");
    await sound(page);
    await line(page, 1, "article_number").fill("");
  });

  await test.step("the supplier's reference, and the mark of a saved line", async () => {
    await page.getByLabel("Deres referanse").fill("Tilbud 7");
    await line(page, 1, "description").fill("Skrue");
    await line(page, 1, "unit_price").fill("2,50");
    await line(page, 1, "quantity").fill("4");
    await page.getByRole("heading", { level: 1 }).click();
    const mark = page.getByTestId("order-line").first().getByTestId("line-mark");
    await expect(mark).toHaveAttribute("data-mark", "saved");
    await expect(mark).toContainText("Lagret");
  });

  await test.step("the check tells what is missing without drawing the form anew", async () => {
    await line(page, 1, "quantity").fill("");
    await page.keyboard.press("Control+Enter");
    await expect(page.getByTestId("form-errors")).toBeFocused();
    await expect(line(page, 1, "quantity")).toHaveAttribute("aria-invalid", "true");
    await sound(page);
    await line(page, 1, "quantity").click();
    await page.keyboard.press("Control+z");
    await expect(line(page, 1, "quantity")).toHaveValue("4");
    await page.keyboard.press("Control+z");
    await expect(line(page, 1, "quantity")).toHaveValue("");
    await page.keyboard.press("Control+y");
    await expect(line(page, 1, "quantity")).toHaveValue("4");
    await expect(page.getByTestId("form-errors")).toHaveCount(0);
  });

  await test.step("another window of the same browser knows at once, and follows", async () => {
    const other = await page.context().newPage();
    await other.goto(page.url());
    await takenOver(other);
    await expect(page.getByTestId("presence")).toContainText("Ordren er også åpen i et annet vindu.");
    await expect(other.getByTestId("presence")).toContainText("Ordren er også åpen i et annet vindu.");
    await expect(line(other, 1, "quantity")).toHaveValue("4");
    await expect(other.getByLabel("Deres referanse")).toHaveValue("Tilbud 7");
    await line(other, 1, "quantity").fill("6");
    await other.getByRole("heading", { level: 1 }).click();
    await expect(line(page, 1, "quantity")).toHaveValue("6");
    // What came in from there is no step here.
    await line(page, 1, "unit_price").click();
    await page.keyboard.press("Control+z");
    await expect(line(page, 1, "unit_price")).toHaveValue("2,50");
    // It goes elsewhere, comes back, and is closed; each is known here at once.
    await other.goto(`${buyer.url}/oversikt`);
    await expect(page.getByTestId("presence")).toHaveText("");
    await other.goto(page.url());
    await expect(page.getByTestId("presence")).toContainText("Ordren er også åpen i et annet vindu.");
    await takenOver(other);
    await other.close({ runBeforeUnload: true });
    await expect(page.getByTestId("presence")).toHaveText("");
  });
});

test("half a word inside a compound is found", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  buyer.import("articles", [
    "number;name;unit;price;price_base_quantity;currency;vat_rate",
    "S-1;Sekskantskrue M10x50;EA;4,20;1;NOK;25",
    "S-2;Sekskantmutter M10;EA;1,10;1;NOK;25",
  ]);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  const number = line(page, 1, "article_number");
  for (const [typed, found] of [["skru m10x", "Sekskantskrue M10x50"], ["mutte m10", "Sekskantmutter M10"]]) {
    await number.fill("");
    await number.pressSequentially(typed);
    await expect(page.getByRole("listbox").getByRole("option").first()).toContainText(found);
  }
  // The register is searched alike.
  await page.goto(`${buyer.url}/artikler?sok=skru m10x50`);
  await expect(page.getByRole("main").getByRole("row").filter({ hasText: "S-1" })).toContainText("Sekskantskrue M10x50");
});

test("a line says why it has its level, and takes what is confirmed", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  await line(page, 1, "description").fill("Vare");
  await line(page, 1, "supplier_article_number").fill("BF1");
  await line(page, 1, "quantity").fill("4");
  await expect(page.getByTestId("line-match").first()).toContainText("Trolig treff");
  await page.getByTestId("why-button").first().click();
  const panel = page.getByTestId("why-line");
  await expect(panel).toContainText("Hvorfor dette treffet? Linje 1");
  await expect(panel).toContainText("Trolig treff");
  await sound(page);
  await panel.getByTestId("take-number").first().click();
  await expect(panel).toBeHidden();
  await expect(line(page, 1, "supplier_article_number")).toHaveValue("BF-1");
  await expect(page.getByTestId("line-match").first()).toContainText("Eksakt treff");
});

test("what is wrong in a cell is told there when it is left, and goes when it is right", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  const [quantity, price] = [line(page, 1, "quantity"), line(page, 1, "unit_price")];
  const faults = page.getByTestId("line-faults");
  const answer = (text: string) => faults.getByRole("button", { name: text, exact: true });
  await line(page, 1, "description").fill("Skrue");

  await test.step("not while it is typed, but when the cell is left", async () => {
    await quantity.pressSequentially("-5");
    await expect(page.getByTestId("saved-at")).toContainText("Lagret kl.");
    await expect(quantity).not.toHaveAttribute("aria-invalid", /./);
    await page.keyboard.press("Tab");
    await expect(quantity).toHaveAttribute("aria-invalid", "true");
    await expect(quantity).toHaveAccessibleDescription("Antall: Tallet må være større enn 0.");
    await sound(page);
    await quantity.fill("5");
    await expect(quantity).not.toHaveAttribute("aria-invalid", /./);
    await expect(faults).toHaveCount(0);
  });

  await test.step("a question is answered with one press", async () => {
    await quantity.fill("1.234");
    await expect(faults).toHaveCount(0);
    await page.keyboard.press("Tab");
    await expect(faults).toContainText("Mener du 1234 eller 1,234?");
    await sound(page);
    await answer("Bruk 1,234").click();
    await expect(quantity).toHaveValue("1,234");
    await expect(quantity).toBeFocused();
    await expect(faults).toHaveCount(0);
    await page.keyboard.press("Control+z");
    await expect(quantity).toHaveValue("1.234");
    await price.fill("ti");
    await line(page, 1, "description").click();
    await expect(faults).toContainText("Pris: Skriv et tall, for eksempel 12,5.");
    await answer("Bruk 1234").click();
    await expect(quantity).toHaveValue("1234");
    await expect(quantity).not.toHaveAttribute("aria-invalid", /./);
    await expect(price).toHaveAttribute("aria-invalid", "true");
  });

  await test.step("the server says the same, also when the page is opened again", async () => {
    await page.getByRole("heading", { level: 1 }).click();
    await expect(page.getByTestId("saved-at")).toContainText("Lagret kl.");
    await page.reload();
    await takenOver(page);
    await expect(price).toHaveValue("ti");
    await expect(price).toHaveAccessibleDescription("Pris: Skriv et tall, for eksempel 12,5.");
    await expect(page.getByTestId("form-errors")).toHaveCount(0);
    await price.focus();
    await page.keyboard.press("Control+Enter");
    await expect(page.getByTestId("form-errors")).toContainText("Linje 1, Pris: Skriv et tall, for eksempel 12,5.");
  });
});

test("a date that is not there, and one that has passed, are told beside the field", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  const date = page.getByLabel("Ønsket leveringsdato");
  const echo = page.getByTestId("date-echo");
  const warning = echo.locator(".note.warn");
  await date.pressSequentially("31.0");
  await expect(warning).toHaveCount(0);
  await date.pressSequentially("2");
  await expect(warning).toHaveText("31.02 finnes ikke i kalenderen.");
  // Amber while it is typed, red when it is left.
  await expect(date).not.toHaveAttribute("aria-invalid", /./);
  await page.keyboard.press("Tab");
  await expect(date).toHaveAttribute("aria-invalid", "true");
  await expect(date).toHaveAccessibleDescription("Skriv en dato som finnes, for eksempel 01.12.2026.");
  await sound(page);
  await expect(page.getByTestId("saved-at")).toContainText("Lagret kl.");
  await page.reload();
  await takenOver(page);
  await expect(date).toHaveValue("31.02");
  await expect(date).toHaveAttribute("aria-invalid", "true");
  await date.fill("01.01.2020");
  await expect(date).not.toHaveAttribute("aria-invalid", /./);
  await expect(warning).toContainText("Datoen er passert.");
  await date.fill("+0");
  await expect(echo).not.toContainText("passert");
});

test("a number that is written otherwise shows the article that it means, and takes it with one press", async ({
  buyer,
  supplier,
  open,
}) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  const row = page.getByTestId("order-line");

  await test.step("with a key", async () => {
    await line(page, 1, "article_number").pressSequentially("n 3");
    await page.keyboard.press("Tab");
    await expect(row.first().getByTestId("own-number")).toContainText("Mener du N-3, Skrue M3?");
    // Nothing that is not identical is put right by itself.
    await expect(line(page, 1, "article_number")).toHaveValue("n 3");
    await sound(page);
    // An article that cannot be fetched is told of, and can be taken the next time.
    await page.route("**/suggest_articles*", (route) => route.abort());
    await page.keyboard.press("F4");
    await expect(row.first().getByTestId("not-taken")).toHaveText("Fikk ikke hentet N-3. Prøv igjen.");
    await sound(page);
    await page.unroute("**/suggest_articles*");
    await page.keyboard.press("F4");
    await expect(line(page, 1, "article_number")).toHaveValue("N-3");
    await expect(line(page, 1, "supplier_article_number")).toHaveValue("BF-3");
    await expect(line(page, 1, "quantity")).toBeFocused();
    await expect(row.first().getByTestId("own-number")).toHaveCount(0);
    await expect(row.first()).toContainText("Eksakt treff");
  });

  await test.step("with a press, and what was typed beside it stays", async () => {
    await line(page, 2, "unit_price").fill("9,90");
    await line(page, 2, "article_number").pressSequentially("N7");
    await page.keyboard.press("Tab");
    await row.nth(1).getByTestId("use-number").click();
    await expect(line(page, 2, "article_number")).toHaveValue("N-7");
    await expect(line(page, 2, "unit_price")).toHaveValue("9,90");
    await expect(line(page, 2, "description")).toHaveValue("Skrue M7");
  });

  await test.step("a number that nobody has leads to the suggestions", async () => {
    await line(page, 3, "article_number").pressSequentially("99123");
    await page.keyboard.press("Tab");
    await expect(row.nth(2).getByTestId("own-number")).toContainText("Nummeret er ikke i artikkelregisteret.");
    await row.nth(2).getByTestId("choose-article").click();
    await expect(line(page, 3, "article_number")).toBeFocused();
  });
});
