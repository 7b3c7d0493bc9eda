// Whether the supplier understands a number, and why: only what is identical goes by itself, what a person confirms is remembered, and can
// be taken back.
import type { Page } from "@playwright/test";
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT, type Instance } from "../support/instance";

const COLUMNS =
  "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size;supplier_org_number;supplier_article_number";
const PHONE = { width: 390, height: 844 };

/** A supplier with numbers that are easily taken for others, and a buyer who has some of them wrong. */
async function misspelled(buyer: Instance, supplier: Instance): Promise<void> {
  await connect(buyer, supplier);
  supplier.import("articles", [
    `${COLUMNS};minimum_quantity;status;replaced_by`,
    "11007;Sekskantskrue M10x50;EA;4,20;1;NOK;25;;;;;;;",
    "0042;Låsemutter M8;EA;1,10;1;NOK;25;;;;;;;",
    "X-9;Skive M8;EA;0,40;1;NOK;25;;;;;;;",
    "X.9;Skive M8 syrefast;EA;0,90;1;NOK;25;;;;;;;",
    "BF-100;Bolt M12;EA;9,00;1;NOK;25;;50;;;100;going_out;BF-1",
  ]);
  buyer.import("articles", [
    COLUMNS,
    `A-1;Sekskantskrue M10x50;EA;4,20;1;NOK;25;;;${BOLT.orgNumber};11O07`,
    `A-2;Låsemutter M8;EA;1,10;1;NOK;25;;;${BOLT.orgNumber};42`,
    `A-3;Skive M8;EA;0,40;1;NOK;25;;;${BOLT.orgNumber};x9`,
    `A-4;Ukjent;EA;0,40;1;NOK;25;;;${BOLT.orgNumber};FINNES-IKKE`,
    `A-5;Bolt M12;EA;9,00;1;NOK;25;;;${BOLT.orgNumber};BF-100`,
  ]);
  buyer.run(["connection", "sync", buyer.run(["connection", "list"])[0].connection_id]);
}

function order(buyer: Instance, ...lines: string[]): { id: string; number: string } {
  const given = lines.flatMap((line) => ["--line", line]);
  const made = buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, ...given]);
  return { id: made.order_id, number: made.number };
}

/** The rows of lines and links, not those of the explanation in them. */
const line = (page: Page, text: string) =>
  page.getByRole("row").and(page.locator('tr:not([data-test="why"] tr)')).filter({ hasText: text });

test("every level has its reason, and a confirmed link is remembered and taken back", async ({
  buyer,
  supplier,
  open,
}) => {
  await misspelled(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  const first = order(buyer, "N-1:5", "A-1:5", "A-2:5", "A-3:5", "A-4:5", "A-5:70");
  const show = (number: string) => page.goto(`${buyer.url}/ordre/innkjopsordre/${number}`);

  await test.step("levels and reasons", async () => {
    await show(first.number);
    const told: [string, string, string][] = [
      ["N-1", "Eksakt treff", "Numrene er identiske"],
      ["11O07", "Trolig treff", "Tegn kan være forvekslet, leverandøren har 11007"],
      ["A-2", "Trolig treff", "Ledende nuller, leverandøren har 0042"],
      ["A-3", "Flere mulige", "2 artikler passer like godt"],
      ["FINNES-IKKE", "Ingen treff", `Nummeret finnes ikke hos ${BOLT.name}`],
      ["A-5", "Eksakt treff", "Nærmest er 100"],
      ["A-5", "Eksakt treff", "Leverandøren selger minst 100"],
      ["A-5", "Eksakt treff", "Erstattet av BF-1"],
    ];
    for (const [text, level, reason] of told) {
      await expect(line(page, text).first()).toContainText(level);
      await expect(line(page, text).first()).toContainText(reason);
    }
    await sound(page);
  });

  await test.step("the title promises nothing that the check refuses", async () => {
    const stopped = "4 linjer stopper eksporten";
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Ordren er ferdig skrevet, men ${stopped}`);
    await page.goto(`${buyer.url}/ordre/innkjopsordre/${first.number}/rediger`);
    await expect(page.getByTestId("stopped-lines")).toHaveText(stopped);
  });

  await test.step("only what is exact passes the check", async () => {
    await page.goto(`${buyer.url}/ordre/eksporter-til-partner?ordre=${first.id}`);
    for (const number of ["11O07", "42", "x9", "FINNES-IKKE"]) {
      await expect(page.getByTestId("findings")).toContainText(number);
    }
  });

  await test.step("an exact line of a replaced article is exact, and the warning has a point of its own", async () => {
    const { id, number } = order(buyer, "A-5:100");
    await page.goto(`${buyer.url}/ordre/eksporter-til-partner?ordre=${id}`);
    await expect(page.getByTestId("findings")).toContainText("Erstattet av BF-1");
    const cell = (label: string) => page.getByTestId("check").getByRole("row").filter({ hasText: number }).locator(`[data-l="${label}"]`);
    await expect(cell("Eksakt treff på alle linjer")).toContainText("I orden");
    await expect(cell("Utgår eller erstattet")).toContainText("Advarsel");
    const checked = buyer.run(["export", "--check", number]);
    expect(checked[0].findings.map((finding: { check: string }) => finding.check)).toEqual(["still_sold"]);
  });

  await test.step("two characters that have changed places are told as that", async () => {
    buyer.import("articles", [COLUMNS, `A-6;Sekskantskrue M10x50;EA;4,20;1;NOK;25;;;${BOLT.orgNumber};10107`]);
    await show(order(buyer, "A-6:5").number);
    await expect(line(page, "A-6").first()).toContainText("To tegn har byttet plass, leverandøren har 11007");
  });

  await test.step("why, and the link", async () => {
    await show(first.number);
    await takenOver(page);
    const why = line(page, "11O07").getByTestId("why");
    await why.getByText("Hvorfor?").click();
    await expect(why.locator("mark").first()).toHaveText("O");
    await expect(why.locator("mark").nth(1)).toHaveText("0");
    await sound(page);
    // Both systems' fields have room beside each other, wherever the column of the match is narrow.
    const size = page.viewportSize()!;
    for (const [viewport, least] of [[{ width: 1440, height: 900 }, 400], [PHONE, 250]] as const) {
      await page.setViewportSize(viewport);
      const table = why.getByRole("table").first();
      await expect.poll(async () => (await table.boundingBox())!.width).toBeGreaterThan(least);
      expect((await table.boundingBox())!.x, "nothing is cut off").toBeGreaterThanOrEqual(0);
    }
    await sound(page);
    await page.setViewportSize(size);
    await why.getByRole("button", { name: "Bekreft kobling" }).first().click();
    await expect(line(page, "A-1")).toContainText(`Koblet av ${ANNE.name}`);
    await expect(line(page, "A-1")).toContainText("11007");
    await expect(line(page, "A-1")).toContainText("Eksakt treff");
  });

  await test.step("the next order knows it", async () => {
    const next = order(buyer, "A-1:5");
    await show(next.number);
    await expect(line(page, "A-1")).toContainText(`Koblet av ${ANNE.name}`);
  });

  await test.step("it is listed, and taken back", async () => {
    await page.goto(`${buyer.url}/artikler/koblinger?vis=bekreftet`);
    await takenOver(page);
    await expect(line(page, "A-1")).toContainText(`Koblet av ${ANNE.name}`);
    await line(page, "A-1").getByRole("button", { name: "Angre" }).click();
    await expect(page.getByTestId("receipt")).toContainText("Det er angret.");
    // And which orders that changed, each with the way to it; after a reload as well.
    await expect(page.getByTestId("given-back").getByRole("link")).toHaveCount(2);
    await page.reload();
    await expect(page.getByTestId("given-back").getByRole("link").first()).toHaveText(first.number);
    await sound(page);
    await show(first.number);
    await expect(line(page, "A-1")).toContainText("Trolig treff");
    await expect(line(page, "A-1")).toContainText("11O07");
  });
});

test("many links are gone through and confirmed at once, and typing errors corrected", async ({
  buyer,
  supplier,
  open,
}) => {
  await misspelled(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/artikler/koblinger`);
  await takenOver(page);
  await expect(line(page, "A-4")).toContainText("Ingen treff");
  await sound(page);
  // The own price stands beside theirs.
  await line(page, "A-3").getByText("Hvorfor?").click();
  await expect(line(page, "A-3").getByTestId("why").getByRole("row").filter({ hasText: "Pris" }).first()).toContainText("0,40");
  await page.getByRole("link", { name: "Trolige" }).click();
  await expect(page.getByRole("navigation", { name: "Vis koblinger" }).getByRole("link", { name: "Trolige" })).toHaveAttribute("aria-current", "page");
  await page.getByRole("link", { name: "Bekreft mange: gå gjennom de trolige" }).click();
  await expect(page.getByRole("checkbox")).toHaveCount(2);
  await sound(page);
  await page.getByRole("checkbox", { name: /A-2/ }).uncheck();
  await page.getByRole("button", { name: "Bekreft valgte" }).click();
  await expect(page.getByTestId("receipt")).toContainText("bekreftet");
  await expect(line(page, "A-1")).toContainText(`Koblet av ${ANNE.name}`);
  await page.getByTestId("receipt").getByRole("button", { name: "Angre" }).click();
  await expect(page.getByTestId("receipt")).toContainText("Det er angret.");
  await page.goto(`${buyer.url}/artikler/koblinger?vis=trolige`);
  await takenOver(page);
  // From the keyboard: the first row, not the same, and taken back; the row is marked again, and confirmed.
  await page.keyboard.press("j");
  await page.keyboard.press("d");
  await expect(page.getByTestId("receipt")).toContainText("foreslås ikke");
  await page.keyboard.press("z");
  await expect(page.getByTestId("receipt")).toContainText("Det er angret.");
  await expect(line(page, "A-1")).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("b");
  await expect(page.getByTestId("receipt")).toContainText("huskes til neste ordre");
  await page.getByRole("link", { name: "Skrivefeil" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Skrivefeil");
  await line(page, "A-2").getByRole("button", { name: "Rett nummeret" }).click();
  await expect(page.getByTestId("receipt")).toContainText("rettet fra 42 til 0042");
  await page.getByTestId("receipt").getByRole("button", { name: "Angre" }).click();
  await expect(page.getByTestId("receipt")).toContainText("rettet fra 0042 til 42");
});

test("links are decided one by one on a phone, without WebAssembly", async ({ buyer, supplier, openWithoutWasm }) => {
  await misspelled(buyer, supplier);
  const page = await openWithoutWasm();
  await page.setViewportSize(PHONE);
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/artikler/koblinger?vis=trolige`);
  await expect(line(page, "A-1")).toContainText("Er dette samme artikkel?");
  await sound(page);
  await line(page, "A-1").getByRole("button", { name: "Bekreft kobling A-1" }).click();
  await expect(page.getByTestId("receipt")).toContainText("huskes til neste ordre");
  const linked = order(buyer, "A-1:5");
  await page.getByTestId("receipt").getByRole("button", { name: "Angre" }).click();
  await expect(page.getByTestId("receipt")).toContainText("Det er angret.");
  await expect(page.getByTestId("given-back").getByRole("link")).toHaveText([linked.number]);
  await sound(page);
});

test("every decision is listed, found and taken back, also those on lines without an article", async ({ buyer, supplier, open }) => {
  await misspelled(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  const decisions = `${buyer.url}/artikler/koblinger/avgjorelser`;

  await test.step("the tabs say how many numbers they hold", async () => {
    await page.goto(`${buyer.url}/artikler/koblinger?vis=trolige`);
    await takenOver(page);
    const views = page.getByRole("navigation", { name: "Vis koblinger" });
    await expect(views.getByRole("link", { name: "Trolige 2" })).toBeVisible();
    await expect(views.getByRole("link", { name: "Flere mulige 1" })).toBeVisible();
    // What is not judged for a page is not counted on it.
    await views.getByRole("link", { name: "Alle" }).click();
    await expect(views.getByRole("link", { name: "Trolige", exact: true })).toBeVisible();
    const field = await page.getByRole("combobox", { name: "Leverandør" }).boundingBox();
    const button = await page.getByRole("button", { name: "Vis", exact: true }).boundingBox();
    expect(Math.abs(field!.y + field!.height - button!.y - button!.height), "Vis is level with its fields").toBeLessThan(3);
  });

  await test.step("links are searched for by either number and by name", async () => {
    for (const [text, found] of [["11O07", "A-1"], ["mutter", "A-2"], ["a-3", "A-3"]]) {
      await page.getByRole("searchbox", { name: "Nummer eller navn" }).fill(text);
      await page.keyboard.press("Enter");
      await expect(page.getByTestId("links").getByRole("rowheader")).toHaveText([found]);
    }
    await sound(page);
  });

  await test.step("a link on a line without an article, and one that is not the same", async () => {
    await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
    await takenOver(page);
    await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
    await page.locator("#lines-0-description").fill("Vare");
    await page.locator("#lines-0-supplier_article_number").fill("11OO7");
    await page.locator("#lines-0-quantity").fill("4");
    await expect(page.getByTestId("line-match").first()).toContainText("Trolig treff");
    await page.getByTestId("why-button").first().click();
    const panel = page.getByTestId("why-line");
    // Each button says what it does, and no reason stands twice.
    await expect(panel.getByTestId("why-help").getByRole("listitem")).toHaveCount(2);
    await expect(panel.getByText("Tegn kan være forvekslet")).toHaveCount(1);
    await sound(page);
    await panel.getByTestId("confirm-link").getByRole("button").first().click();
    await expect(panel).toBeHidden();
    await page.goto(`${buyer.url}/artikler/koblinger?vis=trolige`);
    await takenOver(page);
    await line(page, "A-1").getByRole("button", { name: "Ikke samme" }).click();
    await expect(page.getByTestId("receipt")).toContainText("foreslås ikke");
  });

  await test.step("both are listed with who and when, and taken back", async () => {
    await page.goto(decisions);
    await takenOver(page);
    await expect(line(page, "11OO7")).toContainText(ANNE.name);
    await sound(page);
    await line(page, "11OO7").getByRole("button", { name: "Angre 11007" }).click();
    await expect(page.getByTestId("receipt")).toContainText("Det er angret.");
    // It is not among those that count any more, and what was taken back is kept.
    await expect(line(page, "11OO7")).toHaveCount(0);
    const kinds = page.getByTestId("decisions");
    await expect(kinds.getByRole("link", { name: "Bekreftet 0" })).toBeVisible();
    await kinds.getByRole("link", { name: "Angret 1" }).click();
    await expect(line(page, "11OO7")).toContainText(`Angret av ${ANNE.name}`);
    await sound(page);
    await page.getByTestId("decisions").getByRole("link", { name: "Ikke samme 1" }).click();
    await expect(line(page, "11O07")).toContainText("A-1");
    await page.getByRole("searchbox", { name: "Nummer eller navn" }).fill("finnes ikke");
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("decisions")).toContainText("Ingen treff.");
    await page.getByRole("searchbox", { name: "Nummer eller navn" }).fill("11O0");
    await page.keyboard.press("Enter");
    await line(page, "11O07").getByRole("button", { name: "Angre" }).click();
    await expect(page.getByTestId("receipt")).toContainText("Det er angret.");
    await page.goto(`${buyer.url}/artikler/koblinger?vis=trolige`);
    await expect(line(page, "A-1")).toContainText("Er dette samme artikkel?");
  });
});
