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
    await other.close();
  });
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
