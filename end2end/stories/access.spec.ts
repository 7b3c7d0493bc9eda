// Who may see and do what, and what a person is told who may not.
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import type { User } from "../support/instance";

const MINA: User = { email: "mina@nordvik.example", name: "Mina Haug", role: "reader" };

test("a person signs in, is kept from what the role does not have, and signs out", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  buyer.addUser(MINA);
  const page = await open();
  await page.goto(`${buyer.url}/admin/utvidelser`);
  await expect(page).toHaveURL(/\/logg-inn\?neste=/);
  await sound(page);
  await page.getByLabel("E-post").fill(MINA.email);
  await page.getByRole("textbox", { name: "Passord" }).fill("feil passord her");
  await page.getByRole("button", { name: "Logg inn" }).click();
  await expect(page.getByTestId("form-errors")).toContainText("E-post eller passord stemmer ikke.");
  await expect(page.getByLabel("E-post")).toHaveValue(MINA.email);
  await sound(page);
  await signIn(page, buyer, MINA);
  const menu = page.getByRole("navigation", { name: "Hovedmeny" });
  await expect(menu.getByRole("link", { name: "Innkjøpsordre" })).toBeVisible();
  await expect(menu.getByRole("link", { name: "Utvidelser" })).toHaveCount(0);
  // The help begins with what the role does every day, and ends with what an administrator sets up.
  await page.goto(`${buyer.url}/hjelp`);
  await expect(page.getByRole("heading", { level: 2 }).first()).toHaveText("Det du gjør til daglig");
  await expect(page.getByTestId("help-day")).toHaveCount(1);
  await sound(page);
  const refused = await page.goto(`${buyer.url}/admin/utvidelser`);
  expect(refused?.status()).toBe(403);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Du har ikke tilgang til denne siden");
  await expect(page.getByRole("main")).toContainText("Anne Nordvik kan gi deg tilgang.");
  await expect(page.getByRole("link", { name: "Til oversikten" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Prøv på nytt" })).toHaveCount(0);
  await sound(page);
  const missing = await page.goto(`${buyer.url}/finnes-ikke`);
  expect(missing?.status()).toBe(404);
  await expect(page.getByTestId("not-found")).toBeVisible();
  await expect(menu.getByRole("link", { name: "Innkjøpsordre" }), "the menu stays").toBeVisible();
  await sound(page);
  await takenOver(page);
  await menu.getByRole("link", { name: "Innkjøpsordre" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Innkjøpsordre");
  await page.goto(`${buyer.url}/oversikt`);
  await page.getByTestId("user-menu").click();
  await page.locator("#bruker").getByTestId("sign-out").click();
  await expect(page).toHaveURL(/\/logg-inn/);
  await page.goto(`${buyer.url}/oversikt`);
  await expect(page).toHaveURL(/\/logg-inn/);
  await page.goto(`${buyer.url}/finnes-ikke`);
  await expect(page.getByTestId("not-found")).toBeVisible();
  await expect(menu, "a stranger sees nothing of the company").toHaveCount(0);
});

test("two instances on one host keep their sessions apart, and both languages are whole", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await signIn(page, supplier, { email: "kari@boltfeste.example", name: "Kari Feste", role: "administrator" });
  await page.goto(`${buyer.url}/oversikt`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Oversikt");
  await page.goto(`${buyer.url}/innstillinger`);
  await page.getByRole("radio", { name: "English" }).check();
  await page.getByRole("button", { name: "Lagre" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Settings");
  await page.goto(`${buyer.url}/ordre/innkjopsordre`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Purchase orders");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});
