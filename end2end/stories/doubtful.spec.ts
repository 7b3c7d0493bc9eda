// What is hardly meant: a price a hundred times off, and half a piece.
import { ANNE, connect, expect, KARI, signIn, sound, takenOver, test } from "../support/story";
import { BOLT } from "../support/instance";

const COLUMNS = "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size";
const ABOVE = "Prisen er 100 ganger katalogprisen: 150,00 mot 1,50.";
const BELOW = "Prisen er en hundredel av katalogprisen: 0,035 mot 3,50.";

for (const wasm of [true, false]) {
  const way = wasm ? "with" : "without";
  test(`a price far off is approved by who has looked at it, ${way} WebAssembly`, async ({ buyer, supplier, open, openWithoutWasm }) => {
    await connect(buyer, supplier);
    const order = (...lines: string[]) =>
      buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, ...lines.flatMap((line) => ["--line", line])]);
    const { number } = order("N-1:5:150", "N-2:7", "N-3:10:0,035");
    const openPage = wasm ? open : openWithoutWasm;

    await test.step("the buyer is told loudly, and before all else", async () => {
      const page = await openPage();
      await signIn(page, buyer, ANNE);
      await page.goto(`${buyer.url}/ordre/innkjopsordre/${number}`);
      await expect(page.getByTestId("ready").getByRole("listitem").first()).toContainText(ABOVE);
      await expect(page.getByTestId("ready").getByRole("listitem").nth(1)).toContainText(BELOW);
      await expect(page.getByTestId("far-off")).toHaveText([new RegExp(ABOVE), new RegExp(BELOW)]);
      await sound(page);
      if (!wasm) return;
      await page.goto(`${buyer.url}/ordre/innkjopsordre/${number}/rediger`);
      await takenOver(page);
      await expect(page.getByTestId("line-match").first().getByTestId("far-off")).toContainText(ABOVE);
      await expect(page.getByTestId("order-line").first()).toHaveAttribute("data-tone", "err");
      await expect(page.getByTestId("line-match").nth(1).getByTestId("far-off")).toHaveCount(0);
      await expect(page.getByTestId("ready-list").getByRole("listitem").first()).toContainText(ABOVE);
      await sound(page);
    });

    // One after the other, so that the first draft is the doubtful one.
    buyer.run(["export", "--all-ready", "--wait"]);
    order("N-2:4");
    buyer.run(["export", "--all-ready", "--wait"]);
    const page = await openPage();
    await signIn(page, supplier, KARI);

    await test.step("one answer to many leaves it out", async () => {
      await page.goto(`${supplier.url}/salg/ordrekladder?vis=alle`);
      if (wasm) await takenOver(page);
      for (const box of await page.locator("main tbody .pickbox").all()) await box.check();
      await page.getByTestId("approve-picked").click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Godkjenn 1 kladd?");
      await expect(page.getByRole("row", { name: /K-00001/ })).toContainText("En pris er langt fra vår. Åpne kladden, og kontroller den der.");
      await sound(page);
      await page.getByRole("button", { name: "Godkjenn 1 kladd" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("1 kladd er godkjent");
    });

    await test.step("one press does not approve it", async () => {
      await page.goto(`${supplier.url}/salg/ordrekladder/K-00001`);
      if (wasm) await takenOver(page);
      await expect(page.getByTestId("far-off")).toHaveText([/100 ganger vår: 150,00 mot 1,50/, /en hundredel av vår: 0,035 mot 3,50/]);
      await expect(page.getByRole("row").filter({ hasText: "Skrue M1" })).toHaveAttribute("data-tone", "err");
      await expect(page.getByRole("row").filter({ hasText: "Skrue M2" })).not.toHaveAttribute("data-tone", /./);
      await expect(page.getByRole("region", { name: "Svar på kladden" })).toContainText("Prisene på linje 1, 3 er langt fra våre.");
      await sound(page);
      await page.getByTestId("approve").getByRole("button", { name: "Godkjenn" }).click();
      const told = page.getByTestId("form-errors").getByRole("link");
      await expect(told).toHaveText("Prisen på linje 1, 3 er langt fra vår. Kontroller den, og kryss av for det ved Godkjenn.");
      await expect(told).toHaveAttribute("href", "#prices_checked");
      await expect(page.locator("#prices_checked")).not.toBeChecked();
      await sound(page);
      expect(supplier.run(["drafts", "show", "K-00001"]).row.status).toBe("received");
    });

    await test.step("a price that has come to be far off since was not looked at", async () => {
      supplier.import("articles", [COLUMNS, "BF-2;Skrue M2;EA;0,025;1;NOK;25;;"]);
      await page.getByRole("checkbox", { name: "Jeg har kontrollert prisene på linje 1, 3" }).check();
      await page.getByTestId("approve").getByRole("button", { name: "Godkjenn" }).click();
      await expect(page.getByTestId("form-errors")).toContainText("Prisen på linje 2 er langt fra vår.");
      await expect(page.getByRole("checkbox", { name: "Jeg har kontrollert prisene på linje 1–3" })).not.toBeChecked();
      await sound(page);
    });

    await test.step("nor was a price of ours that has become another", async () => {
      supplier.import("articles", [COLUMNS, "BF-1;Skrue M1;EA;0,15;1;NOK;25;;"]);
      await page.getByRole("checkbox", { name: "Jeg har kontrollert prisene på linje 1–3" }).check();
      await page.getByTestId("approve").getByRole("button", { name: "Godkjenn" }).click();
      await expect(page.getByTestId("form-errors")).toContainText("Prisen på linje 1 er langt fra vår.");
      await expect(page.getByTestId("far-off").first()).toContainText("150,00 mot 0,15");
      await expect(page.getByRole("checkbox", { name: "Jeg har kontrollert prisene på linje 1–3" })).not.toBeChecked();
      await sound(page);
      expect(supplier.run(["drafts", "show", "K-00001"]).row.status).toBe("received");
    });

    await test.step("who has looked at the prices says so, and it is approved", async () => {
      await page.getByRole("checkbox", { name: "Jeg har kontrollert prisene på linje 1–3" }).check();
      await page.getByTestId("approve").getByRole("button", { name: "Godkjenn" }).click();
      await expect(page.getByTestId("receipt")).toContainText("godkjente kladden");
      await expect(page.locator("#prices_checked")).toHaveCount(0);
      await sound(page);
    });
  });
}

test("half a piece is asked about, and is no fault", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await takenOver(page);
  const field = (name: string) => page.locator(`#lines-0-${name}`);
  const asked = page.getByTestId("whole-pieces");
  await field("description").fill("Skrue");
  await field("unit_price").fill("2,50");
  await field("quantity").fill("12,5");
  await expect(asked).toHaveText("12,5 stk. – skal det være hele?");
  await expect(field("quantity")).not.toHaveAttribute("aria-invalid", "true");
  await sound(page);
  await field("unit").fill("m");
  await expect(asked).toHaveCount(0);
  await field("unit").fill("stk");
  await field("quantity").fill("12");
  await expect(asked).toHaveCount(0);
  await field("quantity").fill("0,0001");
  await expect(asked).toHaveText("0,0001 stk. – skal det være hele?");
  await expect(page.getByTestId("saved-at")).toContainText("Lagret kl.");
  await page.getByRole("button", { name: "Lagre og lukk" }).click();
  await expect(page.getByRole("link", { name: "Rediger" }).first()).toBeVisible();
  await expect(asked).toHaveText("0,0001 stk. – skal det være hele?");
  await sound(page);
});
