// What a person typed is never lost: not by a crash, not without a network, not by another window or another person.
import type { Page } from "@playwright/test";
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT, type Company, type Instance, type User } from "../support/instance";

const OLA: User = { email: "ola@nordvik.example", name: "Ola Bakke", role: "buyer" };

const FJORD: Company = {
  name: "Fjord Skruer AS",
  orgNumber: "314445007",
  street: "Kaia 3",
  postalCode: "6002",
  city: "Ålesund",
  contactPerson: "Siri Vik",
};

const line = (page: Page, number: number, field: string) => page.locator(`#lines-${number - 1}-${field}`);
const state = (page: Page) => page.getByTestId("saved-at");

async function newOrder(page: Page, buyer: Instance): Promise<void> {
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
}

async function saved(page: Page): Promise<void> {
  await expect(state(page)).toContainText("Lagret kl.");
}

/** Types a line; the last field is left, so that it is a step and is saved. */
async function typeLine(page: Page, number: number, article: string, quantity: string): Promise<void> {
  await line(page, number, "description").fill(`Vare ${article}`);
  await line(page, number, "article_number").fill(article);
  await line(page, number, "unit_price").fill("2,50");
  await line(page, number, "quantity").fill(quantity);
}

test("choosing a supplier makes no order yet", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await newOrder(page, buyer);
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  // When the page goes out of sight everything is saved at once, without a pause.
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    window.dispatchEvent(new Event("visibilitychange"));
  });
  await expect(state(page)).toHaveText("");
  await newOrder(page, buyer);
  // Nothing was left behind on the device either.
  await expect(page.getByTestId("found")).toHaveCount(0);
  expect(buyer.run(["orders", "list"]).total).toBe(0);
});

test("an order is there from the first keystroke, and is saved while it is written", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await newOrder(page, buyer);
  // Whoever only looks at what a supplier has gets no number.
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  await line(page, 1, "article_number").focus();
  await expect(state(page)).toHaveText("");
  await line(page, 1, "article_number").pressSequentially("N");
  await saved(page);
  await expect(page).toHaveURL(/\/ordre\/innkjopsordre\/PO-[^/]+\/rediger$/);
  expect(buyer.run(["orders", "list"]).total).toBe(1);
  await line(page, 1, "article_number").pressSequentially("-1");
  await expect(page.getByRole("listbox").getByRole("option").first()).toContainText("N-1");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.type("12");
  await expect(state(page)).toContainText("Lagrer …");
  await saved(page);
  // Nothing is red while somebody types, though a line is not whole.
  await line(page, 2, "article_number").pressSequentially("ukjent");
  await saved(page);
  await expect(page.locator("[aria-invalid=true]")).toHaveCount(0);
  await sound(page);
  await page.reload();
  await takenOver(page);
  await expect(line(page, 1, "quantity")).toHaveValue("12");
  await expect(line(page, 1, "supplier_article_number")).toHaveValue("BF-1");
  await expect(line(page, 2, "article_number")).toHaveValue("ukjent");
  expect(buyer.run(["orders", "list"]).total).toBe(1);
});

test("what was typed without a network is kept on the device, found after a crash, and taken back", async ({
  buyer,
  supplier,
  open,
}) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await newOrder(page, buyer);
  await typeLine(page, 1, "A", "1");
  await page.getByRole("heading", { level: 1 }).click();
  await saved(page);
  await page.context().setOffline(true);
  for (let number = 2; number <= 4; number += 1) await typeLine(page, number, `B${number}`, `${number}`);
  await expect(state(page)).toHaveText("Lagret på denne enheten");
  const address = page.url();
  // A crash runs no code of the page.
  const crashed = await page.context().newPage();
  await page.close({ runBeforeUnload: false });
  await crashed.context().setOffline(false);
  await crashed.goto(address);
  await takenOver(crashed);
  await expect(crashed.getByTestId("found")).toContainText("Vi fant 3 linjer som ikke ble lagret.");
  await sound(crashed);
  await crashed.getByTestId("restore").click();
  await expect(crashed.getByTestId("receipt")).toContainText("3 linjer er hentet tilbake.");
  await expect(line(crashed, 4, "quantity")).toHaveValue("4");
  await expect(line(crashed, 1, "article_number")).toHaveValue("A");
  await saved(crashed);
  await crashed.reload();
  await takenOver(crashed);
  await expect(crashed.getByTestId("found")).toHaveCount(0);
  await expect(line(crashed, 3, "article_number")).toHaveValue("B3");
  expect(buyer.run(["orders", "list"]).total).toBe(1);
});

test("editing goes on without a network, and is saved when it is back", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await newOrder(page, buyer);
  await typeLine(page, 1, "A", "1");
  await saved(page);
  await page.context().setOffline(true);
  await line(page, 1, "quantity").fill("7");
  await expect(state(page)).toHaveText("Lagret på denne enheten");
  await expect(page.getByTestId("line-amount").first()).toHaveText("17,50");
  await page.context().setOffline(false);
  await saved(page);
  await page.reload();
  await expect(line(page, 1, "quantity")).toHaveValue("7");
});

test("what is let go is gone, and signing out leaves nothing behind", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await newOrder(page, buyer);
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("prodsys.order.")).length);
  await page.context().setOffline(true);
  await typeLine(page, 1, "A", "1");
  await expect(state(page)).toHaveText("Lagret på denne enheten");
  expect(await kept()).toBe(1);
  const other = await page.context().newPage();
  await page.close();
  await other.context().setOffline(false);
  await other.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(other);
  await expect(other.getByTestId("found")).toContainText("Vi fant 1 linje som ikke ble lagret.");
  await other.getByTestId("forget").click();
  await expect(other.getByTestId("found")).toHaveCount(0);
  await expect(line(other, 1, "article_number")).toHaveValue("");
  const left = () => other.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("prodsys.order.")).length);
  expect(await left()).toBe(0);
});

test("two windows follow one another, and two people choose where both wrote", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  buyer.addUser(OLA);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await newOrder(page, buyer);
  await typeLine(page, 1, "A", "1");
  await typeLine(page, 2, "B", "2");
  await page.getByRole("heading", { level: 1 }).click();
  await saved(page);
  const second = await open();
  await signIn(second, buyer, OLA);
  await second.goto(page.url());
  await takenOver(second);

  await test.step("a change in one is in the other", async () => {
    await line(second, 1, "quantity").fill("10");
    await second.getByRole("heading", { level: 1 }).click();
    await saved(second);
    await expect(line(page, 1, "quantity")).toHaveValue("10");
    await expect(page.getByTestId("came-in")).toBeVisible();
  });

  await test.step("different fields are put together", async () => {
    await page.context().setOffline(true);
    await line(page, 2, "quantity").fill("20");
    await expect(state(page)).toHaveText("Lagret på denne enheten");
    await line(second, 2, "description").fill("Vare B, sort");
    await second.getByRole("heading", { level: 1 }).click();
    await saved(second);
    await page.context().setOffline(false);
    await expect(line(page, 2, "description")).toHaveValue("Vare B, sort");
    await expect(line(page, 2, "quantity")).toHaveValue("20");
    await expect(line(second, 2, "quantity")).toHaveValue("20");
  });

  await test.step("the same field is asked about", async () => {
    await page.context().setOffline(true);
    await line(page, 1, "quantity").fill("100");
    await expect(state(page)).toHaveText("Lagret på denne enheten");
    await line(second, 1, "quantity").fill("2000");
    await second.getByRole("heading", { level: 1 }).click();
    await saved(second);
    await page.context().setOffline(false);
    const chooser = page.getByTestId("conflict");
    await expect(chooser).toContainText("Ola Bakke lagret mens du skrev");
    await expect(chooser).toContainText("Linje 1, Antall");
    await sound(page);

    // The line says it too, and it and the bar at the foot lead to the choice.
    await expect(line(page, 1, "quantity")).toHaveAccessibleDescription(/Velg hva som skal stå/);
    await expect(line(page, 2, "quantity")).not.toHaveAttribute("aria-invalid", /./);
    await line(page, 2, "description").focus();
    await page.getByTestId("line-to-conflict").click();
    await expect(chooser).toBeFocused();
    await line(page, 2, "description").focus();
    await page.getByTestId("to-conflict").click();
    await expect(chooser).toBeFocused();
    await expect(chooser).toBeInViewport();

    // Values are shown as they are elsewhere.
    await chooser.getByText("Ola Bakke skrev: 2 000").click();
    await page.getByTestId("decide").click();
    await expect(chooser).toHaveCount(0);
    await expect(page.getByTestId("to-conflict")).toHaveCount(0);
    await expect(line(page, 1, "quantity")).toHaveValue("2000");
    await expect(line(page, 1, "quantity")).toBeFocused();
    await expect(line(page, 1, "quantity")).not.toHaveAttribute("aria-invalid", /./);
    await saved(page);
  });

  await test.step("one's own other window is no other person", async () => {
    const other = await open();
    await signIn(other, buyer, ANNE);
    await other.goto(page.url());
    await takenOver(other);
    await page.context().setOffline(true);
    await line(page, 2, "unit").fill("kg");
    await expect(state(page)).toHaveText("Lagret på denne enheten");
    await line(other, 2, "unit").fill("m");
    await other.getByRole("heading", { level: 1 }).click();
    await saved(other);
    await page.context().setOffline(false);
    const chooser = page.getByTestId("conflict");
    await expect(chooser).toContainText("Du lagret i et annet vindu du har åpent, mens du skrev her");
    await chooser.getByText("Det du skrev i det andre vinduet: m").click();
    await page.getByTestId("decide").click();
    await expect(line(page, 2, "unit")).toHaveValue("m");
    await saved(page);
  });
});

test("a supplier that came after the form was opened comes in by name when others choose it", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  buyer.addUser(OLA);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await newOrder(page, buyer);
  await typeLine(page, 1, "A", "1");
  await page.getByRole("heading", { level: 1 }).click();
  await saved(page);
  buyer.addContact(FJORD, "supplier");
  const chosen = (of: Page) => of.getByRole("combobox", { name: "Leverandør" }).locator("option:checked");
  const second = await open();
  await signIn(second, buyer, OLA);
  await second.goto(page.url());
  await takenOver(second);
  await second.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: FJORD.name });
  await saved(second);
  await expect(chosen(page)).toHaveText(FJORD.name);
  // What is saved from here keeps it.
  await line(page, 1, "quantity").fill("5");
  await page.getByRole("heading", { level: 1 }).click();
  await saved(page);
  await second.reload();
  await expect(chosen(second)).toHaveText(FJORD.name);
  await expect(line(second, 1, "quantity")).toHaveValue("5");
});

test("what is typed before the page is taken over stays", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`, { waitUntil: "domcontentloaded" });
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  await line(page, 1, "description").fill("Skrue");
  await line(page, 1, "unit_price").fill("2,50");
  await line(page, 1, "quantity").fill("4");
  await line(page, 1, "article_number").pressSequentially("N-");
  release();
  await takenOver(page);
  // The focus and the caret are where they were, and the keys work.
  await page.keyboard.type("7");
  await expect(line(page, 1, "article_number")).toHaveValue("N-7");
  await expect(line(page, 1, "quantity")).toHaveValue("4");
  await expect(page.getByTestId("line-amount").first()).toHaveText("10,00");
  await expect(page.getByRole("listbox").getByRole("option").first()).toContainText("N-7");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(line(page, 2, "article_number")).toBeFocused();
  await saved(page);
});
