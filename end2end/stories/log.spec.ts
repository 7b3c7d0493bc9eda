// The integration log: from an order that does not arrive to its cause, and from there to an order that has arrived.
import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { ANNE, connect, expect, KARI, signIn, sound, takenOver, test } from "../support/story";
import { BOLT, type Instance } from "../support/instance";

const LOG = "/admin/logger/integrasjonslogger";

/** Writes an order and sends it; gives its number. */
function exported(buyer: Instance): string {
  const { number } = buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "N-1:5"]);
  buyer.run(["export", "--all-ready"]);
  return number;
}

/** Waits until the entry itself is taken over, and not only the frame around it: its buttons that need a script are there. */
async function entryTakenOver(page: Page): Promise<void> {
  await takenOver(page);
  await expect(page.getByRole("button", { name: "Kopier", exact: true }).first()).toBeVisible();
}

/** A further token of the buyer, for whoever sends by hand. */
function another(supplier: Instance): string {
  const customer = supplier.run(["contacts", "list", "--customers"]).rows[0].contact_id;
  return supplier.run(["token", "create", "--name", "For hånd", "--contact", customer]).secret;
}

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]) {
  test(`a failure is found, understood, mended and tried again at ${viewport.width} px`, async ({
    buyer,
    supplier,
    open,
  }) => {
    await connect(buyer, supplier);
    const secret = another(supplier);
    await supplier.stop();
    const number = exported(buyer);
    const page = await open({ viewport, permissions: ["clipboard-read", "clipboard-write"] });
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await signIn(page, buyer, ANNE);

    await test.step("from the order to its entry, with the cause in words", async () => {
      await page.goto(`${buyer.url}/ordre/innkjopsordre/${number}`);
      await expect(page.getByRole("heading", { level: 1 })).toContainText("venter på å komme fram");
      await takenOver(page);
      await page.getByRole("link", { name: "Vis integrasjonslogg" }).first().click();
      await expect(page.getByRole("table", { name: "Integrasjonslogger" }).getByRole("rowheader")).toHaveCount(1);
      await sound(page);
      await page.getByRole("table").last().getByRole("link").first().click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Send ordre ${number}`);
      await expect(page.getByRole("main")).toContainText("Den kan ikke bli dobbel.");
      await expect(page.getByRole("heading", { name: "Neste forsøk" })).toBeVisible();
      await expect(page.getByRole("main")).toContainText("Deretter");
      await sound(page);
    });
    const entry = page.url();
    const correlation = (await page.getByTestId("correlation-id").textContent()) ?? "";

    await test.step("to the page where it is put right, and back", async () => {
      await entryTakenOver(page);
      await page.getByRole("link", { name: "Rett opp" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toContainText(BOLT.name);
      await page.getByRole("link", { name: "Tilbake til loggen", exact: true }).click();
      await expect(page).toHaveURL(entry);
    });

    await test.step("no secret is on the page or in what is copied", async () => {
      await entryTakenOver(page);
      await page.getByRole("link", { name: "Rå" }).click();
      await expect(page.getByRole("region", { name: "Forespørsel", exact: true })).toContainText("authorization: Bearer oipt_…");
      await expect(page.getByTestId("as-sent-now")).toContainText("Slik den sendes nå");
      await page.getByTestId("copies").getByText("Kopier", { exact: true }).click();
      await page.getByRole("button", { name: "Kopier for support" }).click();
      await expect.poll(copied).toContain(correlation);
      await page.getByRole("button", { name: "Kopier lenke" }).click();
      await expect.poll(copied).toContain(LOG);
      await page.getByRole("button", { name: "Kopier som PowerShell" }).click();
      await expect.poll(copied).toContain("$env:PRODSYS_TOKEN");
      await page.getByRole("button", { name: "Kopier som cURL" }).click();
      await expect.poll(copied).toMatch(/^curl -X POST /);
      expect(await page.content()).not.toMatch(/oipt_[0-9A-Za-z]/);
      expect(await copied()).not.toContain("oipt_");
      await sound(page);
    });
    const curl = await copied();

    await test.step("the same cause has one row among the causes", async () => {
      await page.goto(`${buyer.url}${LOG}?vis=feil&operasjon=ordre`);
      await expect(page.getByRole("button", { name: "Prøv alle på nytt (1)" })).toBeVisible();
      await expect(page.getByTestId("chosen-filters")).toContainText("Ordrer");
      await sound(page);
    });

    await test.step("tried again with one key, it arrives", async () => {
      await page.goto(entry);
      await entryTakenOver(page);
      await supplier.start();
      await page.keyboard.press("r");
      await expect(page.getByText("1 melding sendes på nytt nå.")).toBeVisible();
      await expect(async () => {
        await page.reload();
        await expect(page.getByRole("main").getByText("Levert til partner")).toBeVisible({ timeout: 1_000 });
      }).toPass();
      await entryTakenOver(page);
      await page.getByRole("link", { name: "Gå til ordren" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${BOLT.name} har mottatt ordren som kladd`);
      await page.getByRole("link", { name: "Tilbake til loggen", exact: true }).click();
      await expect(page).toHaveURL(entry);
    });

    await test.step("the copied command sends the same message, and nothing is doubled", async () => {
      const environment = { ...process.env, PRODSYS_TOKEN: secret };
      const answer = execFileSync("sh", ["-c", `${curl} --silent --show-error`], { env: environment, encoding: "utf8" });
      expect(JSON.parse(answer)).toHaveProperty("body_sha256");
      expect(supplier.run(["drafts", "list"]).total).toBe(1);
    });

    await test.step("both sides know it by the same number", async () => {
      const other = await open({ viewport });
      await signIn(other, supplier, KARI);
      await other.goto(`${supplier.url}${LOG}?sok=${correlation}`);
      await expect(other.getByRole("table", { name: "Integrasjonslogger" })).toContainText("Motta ordre");
      await takenOver(other);
      await other.getByRole("table", { name: "Integrasjonslogger" }).getByRole("link").first().click();
      await expect(other.getByTestId("correlation-id")).toHaveText(correlation);
      await entryTakenOver(other);
      await other.getByRole("link", { name: "Gå til kladden" }).click();
      await expect(other.getByRole("main")).toContainText(number);
      await sound(other);
    });
  });
}

test("the log follows what happens, and stands still for a reader", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, supplier, KARI);
  await page.goto(`${supplier.url}${LOG}`);
  await takenOver(page);
  const table = page.getByRole("table", { name: "Integrasjonslogger" });
  const before = exported(buyer);
  await expect(page.getByText("Det er nytt i loggen.")).toBeVisible();
  await expect(page.getByText(before)).toHaveCount(0);
  await page.getByRole("button", { name: "Følg direkte" }).click();
  await expect(table).toContainText(before);
  const after = exported(buyer);
  await expect(table).toContainText(after);
  await expect(page.getByTestId("share")).toContainText("vellykket siste 7 dager");
  await page.getByText("Dag for dag").click();
  await expect(page.getByRole("table", { name: "Hendelser siste 7 dager" }).getByRole("rowheader")).toHaveCount(7);
  await sound(page);
});

test("failures are grouped and tried again without WebAssembly", async ({ buyer, supplier, openWithoutWasm }) => {
  await connect(buyer, supplier);
  await supplier.stop();
  exported(buyer);
  exported(buyer);
  const page = await openWithoutWasm();
  await signIn(page, buyer, ANNE);
  await expect(async () => {
    await page.goto(`${buyer.url}${LOG}?vis=feil&operasjon=ordre`);
    await expect(page.getByRole("button", { name: "Prøv alle på nytt (2)" })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await sound(page);
  await supplier.start();
  // The filters travel with the button: what is tried again is what was counted.
  await expect(page.locator('input[name="filter[operation]"]').first()).toHaveValue("orders");
  await page.getByRole("button", { name: "Prøv alle på nytt (2)" }).click();
  await expect(async () => {
    await page.goto(`${buyer.url}${LOG}`);
    await expect(page.getByRole("main").getByText("Levert til partner")).toHaveCount(2, { timeout: 1_000 });
  }).toPass();
  await page.getByText("Filtre", { exact: true }).click();
  await page.getByLabel("Resultat").selectOption("Vellykket");
  await page.getByRole("button", { name: "Bruk filtrene" }).click();
  await expect(page).toHaveURL(/resultat=ok/);
  await expect(page.getByTestId("chosen-filters")).toContainText("Vellykket");
  await sound(page);
});
