// The guide from step 1 to step 6, through the screens alone, between two companies that begin with nothing.
import type { Page } from "@playwright/test";
import { ANNE, choose, expect, KARI, signIn, sound, takenOver, test } from "../support/story";
import { BOLT, type Instance, NORDVIK, PASSWORD, type User } from "../support/instance";

/** The first administrator, made with the code that the fresh instance prints. */
async function setUp(page: Page, instance: Instance, user: User) {
  await page.goto(`${instance.url}/logg-inn`);
  await page.getByRole("link", { name: "Kom i gang" }).click();
  await page.getByLabel("Engangskode").fill(instance.code);
  await page.getByLabel("Navn", { exact: true }).fill(user.name);
  await page.getByLabel("E-post").fill(user.email);
  await page.getByRole("textbox", { name: "Passord" }).fill(PASSWORD);
  await sound(page);
  await page.getByRole("button", { name: "Opprett og logg inn" }).click();
  await expect(page.getByRole("heading", { name: "Oversikt", level: 1 })).toBeVisible();
  await sound(page);
}

async function activate(page: Page) {
  await choose(page, "Admin", "Utvidelser");
  await sound(page);
  await page.getByRole("button", { name: "Aktiver" }).click();
  await expect(page.getByText("ProdSys to ProdSys er aktivert.")).toBeVisible();
  await sound(page);
}

async function addArticle(page: Page, number: string, name: string, price: string, supplierNumber?: string) {
  await choose(page, "Artikler");
  await page.getByRole("link", { name: "Ny artikkel" }).first().click();
  await page.getByLabel("Artikkelnummer", { exact: true }).fill(number);
  await page.getByLabel("Navn", { exact: true }).fill(name);
  await page.getByLabel("Pris", { exact: true }).fill(price);
  if (supplierNumber) {
    await page.getByRole("combobox", { name: "Leverandør (valgfritt)" }).selectOption(BOLT.orgNumber);
    await page.getByLabel("Leverandørens artikkelnummer").fill(supplierNumber);
  }
  await sound(page);
  await page.getByRole("button", { name: "Lagre" }).click();
  await expect(page.getByTestId("receipt")).toBeVisible();
}

async function addContact(page: Page, list: string, button: string, company: typeof BOLT) {
  await choose(page, "Kontakter", list);
  await page.getByRole("link", { name: button }).first().click();
  await page.getByLabel("Firmanavn").fill(company.name);
  await page.getByLabel("Organisasjonsnummer").fill(company.orgNumber);
  await page.getByLabel("Adresse").fill(company.street);
  await page.getByLabel("Postnummer").fill(company.postalCode);
  await page.getByLabel("Sted").fill(company.city);
  await page.getByLabel("Kontaktpersonens navn").fill(company.contactPerson);
  await sound(page);
  await page.getByRole("button", { name: "Lagre" }).click();
  await expect(page.getByRole("heading", { level: 1, name: company.name })).toBeVisible();
  await sound(page);
}

/** Writes into a field of a line; lines count from one. */
async function type(page: Page, line: number, field: string, text: string) {
  await page.locator(`#lines-${line - 1}-${field}`).fill(text);
}

test("the whole guide, between two companies that begin with nothing", async ({ buyer, supplier, open }) => {
  await supplier.start();
  await buyer.start();
  const seller = await open();
  const purchaser = await open();

  await test.step("both: first administrator", async () => {
    await setUp(seller, supplier, KARI);
    await setUp(purchaser, buyer, ANNE);
  });

  await test.step("step 2: both switch the extension on, the supplier also API access", async () => {
    await activate(seller);
    await activate(purchaser);
    await choose(seller, "Admin", "Token");
    await seller.getByRole("button", { name: "Slå på API-tilgang" }).click();
    await expect(seller.getByRole("button", { name: "Slå av API-tilgang" })).toBeVisible();
    await sound(seller);
  });

  await test.step("step 4: each is a contact at the other", async () => {
    await addContact(seller, "Kunder", "Ny kunde", NORDVIK);
    await addContact(purchaser, "Leverandører", "Ny leverandør", BOLT);
  });

  const secret = await test.step("step 1: the supplier makes a token, which is shown once", async () => {
    await choose(seller, "Admin", "Token");
    await seller.getByRole("link", { name: "Ny token" }).first().click();
    await seller.getByLabel("Navn").fill("Nordvik");
    await seller.getByRole("combobox", { name: "Partner" }).selectOption({ label: NORDVIK.name });
    for (const scope of ["PurchaseOrders:Create", "Articles:Read", "Contacts:ReadWrite"]) {
      await expect(seller.getByRole("checkbox", { name: scope })).toBeChecked();
    }
    await sound(seller);
    await seller.getByRole("button", { name: "Lag token" }).click();
    await expect(seller.getByRole("heading", { name: "Tokenen er laget" })).toBeVisible();
    await sound(seller);
    const shown = await seller.getByTestId("secret").innerText();
    expect(shown).toMatch(/^oipt_[0-9A-Za-z]{49}$/);
    expect(seller.url()).not.toContain(shown);
    await seller.reload();
    await expect(seller.getByText("Tokenen er allerede vist")).toBeVisible();
    await expect(seller.locator("body")).not.toContainText(shown);
    return shown;
  });

  await test.step("step 1: the buyer registers it and tests the connection", async () => {
    await choose(purchaser, "Admin", "Integrasjoner", "ProdSys to ProdSys");
    await sound(purchaser);
    await purchaser.getByRole("link", { name: "Ny tilkobling" }).first().click();
    await purchaser.getByLabel("API-endepunkt").fill("http://127.0.0.1:9");
    await purchaser.getByLabel("Token", { exact: true }).fill(secret);
    await purchaser.getByRole("button", { name: "Lagre og test tilkobling" }).click();
    await expect(purchaser.getByTestId("test-result")).toContainText("svarer ikke");
    await sound(purchaser);
    // Another address forgets the token: it was given for the old one.
    await purchaser.getByLabel("API-endepunkt").fill(supplier.url);
    await purchaser.getByLabel("Token", { exact: true }).fill(secret);
    await purchaser.getByRole("button", { name: "Lagre og test tilkobling" }).click();
    await expect(purchaser.getByTestId("test-result")).toContainText("Tilkoblingen virker.");
    await expect(purchaser.getByTestId("test-result")).toContainText(BOLT.name);
    await expect(purchaser.getByTestId("test-result")).toContainText("Likt firmanavn, adresse og kontaktpersoner");
    await sound(purchaser);
  });

  await test.step("articles with the supplier's numbers, one of them misspelled", async () => {
    await addArticle(seller, "BF-100", "Skrue M8 × 40", "3,12");
    await addArticle(seller, "BF-200", "Mutter M8", "0,96");
    await addArticle(purchaser, "N-1", "Skrue M8 × 40", "3,12", "BF-100");
    await addArticle(purchaser, "N-2", "Mutter M8", "0,96", "BF-2OO");
    // The catalogue is read by itself; here it is asked for.
    await choose(purchaser, "Admin", "Integrasjoner", "ProdSys to ProdSys");
    await purchaser.getByRole("link", { name: BOLT.name }).click();
    await purchaser.getByRole("button", { name: "Synkroniser nå" }).click();
    await expect(purchaser.getByText("Leverandørens artikler er hentet.")).toBeVisible();
  });

  const number = await test.step("step 3: an order of two lines", async () => {
    await choose(purchaser, "Ordre", "Innkjøpsordre");
    await sound(purchaser);
    await purchaser.getByRole("link", { name: "Ny ordre" }).first().click();
    await takenOver(purchaser);
    await purchaser.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
    await purchaser.getByText("Referanser, leveringsadresse og merknad").click();
    await purchaser.getByLabel("Merknad til leverandør").fill("Lever til port 2");
    await purchaser.locator("#lines-0-article_number").pressSequentially("N-1");
    await purchaser.getByRole("option", { name: /N-1/ }).click();
    await expect(purchaser.locator("#lines-0-supplier_article_number")).toHaveValue("BF-100");
    await type(purchaser, 1, "quantity", "200");
    await purchaser.locator("#lines-1-article_number").pressSequentially("N-2");
    await purchaser.getByRole("option", { name: /N-2/ }).click();
    await type(purchaser, 2, "quantity", "1000");
    await expect(purchaser.getByTestId("line-match").first()).toContainText("Eksakt treff");
    await expect(purchaser.getByTestId("line-match").nth(1)).toContainText("Trolig treff");
    await sound(purchaser);
    await expect(purchaser.getByTestId("saved-at")).toContainText("Lagret kl.");
    const heading = await purchaser.getByRole("heading", { level: 1 }).innerText();
    await purchaser.getByRole("button", { name: "Lagre og lukk" }).click();
    await expect(purchaser.getByRole("link", { name: "Rediger" }).first()).toBeVisible();
    return heading.replace("Innkjøpsordre ", "");
  });

  await seller.goto(`${supplier.url}/salg/ordrekladder`);
  await takenOver(seller);
  await sound(seller);

  await test.step("step 6: the buyer checks and exports", async () => {
    await choose(purchaser, "Ordre", "Eksporter til partner");
    await sound(purchaser);
    await purchaser.getByRole("checkbox", { name: `Velg ${number}` }).check();
    await purchaser.getByTestId("check-orders").click();
    await expect(purchaser.getByTestId("findings")).toContainText("BF-2OO");
    await sound(purchaser);
    await purchaser.getByRole("checkbox", { name: /Send likevel – linje 2 parkeres/ }).check();
    await purchaser.getByRole("button", { name: "Eksporter 1 ordre" }).click();
    await expect(purchaser.getByRole("heading", { level: 1 })).toContainText("1 ordre sendt");
    await expect(purchaser.getByRole("main")).toContainText("K-00001");
    await sound(purchaser);
  });

  await test.step("step 5: the draft is there, by itself, and nothing is decided", async () => {
    await seller.getByTestId("show-new").click();
    const row = seller.getByRole("row", { name: /K-00001/ });
    await expect(row).toContainText(number);
    await sound(seller);
    await row.getByRole("link", { name: "K-00001" }).click();
    await expect(seller.getByRole("heading", { level: 1 })).toHaveText(`Kladd K-00001 fra ${NORDVIK.name}`);
    await expect(seller.getByRole("main")).toContainText("Lever til port 2");
    await expect(seller.getByRole("main")).toContainText("1 linje gjenstår å koble til en artikkel.");
    await sound(seller);
  });

  await test.step("the parked line is linked, and the draft approved", async () => {
    await takenOver(seller);
    await seller.getByRole("button", { name: "Godkjenn" }).click();
    await expect(seller.getByTestId("form-errors")).toBeVisible();
    await seller.getByLabel("Vårt artikkelnummer for linje 2").fill("BF-200");
    await seller.getByRole("button", { name: "Koble til artikkel" }).click();
    await expect(seller.getByRole("main")).toContainText("Alle linjer er koblet til våre artikler.");
    await purchaser.goto(`${buyer.url}/ordre/innkjopsordre/${number}`);
    await expect(purchaser.getByRole("heading", { level: 1 })).toHaveText(`${BOLT.name} ser på ordren`);
    await takenOver(purchaser);
    await sound(purchaser);
    await seller.getByRole("button", { name: "Godkjenn" }).click();
    await expect(seller.getByTestId("receipt")).toContainText("godkjente kladden");
    await sound(seller);
    await seller.getByRole("link", { name: "Se salgsordren" }).click();
    await expect(seller.getByRole("main")).toContainText("BF-200");
    await sound(seller);
  });

  await test.step("the answer is on the buyer's screen, by itself", async () => {
    await expect(purchaser.getByRole("heading", { level: 1 })).toHaveText(`${BOLT.name} har godkjent ordren`);
    await sound(purchaser);
  });

  await test.step("both logs tell the same piece of work", async () => {
    for (const [page, instance] of [[purchaser, buyer], [seller, supplier]] as const) {
      await page.goto(`${instance.url}/oversikt`);
      await choose(page, "Admin", "Logger", "Integrasjonslogger");
      await sound(page);
      await page.getByRole("row", { name: new RegExp(`(Send|Motta) ordre.*${number}`) }).getByRole("link").first().click();
      await expect(page.getByRole("region", { name: "Forespørsel", exact: true })).toBeVisible();
      await expect(page.locator("body")).not.toContainText(secret);
      await sound(page);
    }
    const correlation = await purchaser.getByTestId("correlation-id").innerText();
    expect(await seller.getByTestId("correlation-id").innerText()).toBe(correlation);
  });
  expect(buyer.output + supplier.output).not.toContain(secret);
});
