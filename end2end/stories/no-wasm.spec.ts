// The browser's half never arrives: orders are written, sent and followed all the same.
import { ANNE, connect, expect, KARI, signIn, sound, test } from "../support/story";
import { BOLT } from "../support/instance";

test("an order is written, sent and followed without WebAssembly", async ({ buyer, supplier, openWithoutWasm }) => {
  await connect(buyer, supplier);
  const page = await openWithoutWasm();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
  await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
  const line = (number: number, field: string) => page.locator(`#lines-${number - 1}-${field}`);

  await test.step("twenty lines are added, with what is missing filled in from the articles", async () => {
    for (let number = 1; number <= 20; number += 1) {
      if (!(await line(number, "article_number").isVisible())) {
        await page.getByRole("button", { name: "Legg til linje" }).click();
      }
      await line(number, "article_number").fill(`N-${number}`);
      await line(number, "quantity").fill(`${number}`);
    }
    await page.getByRole("button", { name: "Lagre", exact: true }).click();
    await expect(page.getByText("Ordren er lagret.")).toBeVisible();
    await expect(line(20, "supplier_article_number")).toHaveValue("BF-20");
    await sound(page);
  });

  await test.step("lines are changed and removed, and what cannot be read is kept", async () => {
    await line(3, "quantity").fill("tre");
    await page.getByRole("button", { name: "Fjern linje 2", exact: true }).click();
    await expect(line(2, "article_number")).toHaveValue("N-3");
    await expect(line(2, "quantity")).toHaveValue("tre");
    await page.getByRole("button", { name: "Kontroller og eksporter" }).click();
    await expect(page.getByTestId("form-errors")).toBeVisible();
    await expect(line(2, "quantity")).toHaveAttribute("aria-invalid", "true");
    await sound(page);
    await line(2, "quantity").fill("3,5");
    await page.getByRole("button", { name: "Kontroller og eksporter" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Eksporter til partner");
  });

  await test.step("it is sent, and its status read", async () => {
    await page.getByRole("button", { name: "Eksporter 1 ordre" }).click();
    await expect(async () => {
      await page.reload();
      await expect(page.getByRole("heading", { level: 1 })).toContainText("1 ordre sendt", { timeout: 200 });
    }).toPass();
    await sound(page);
    await page.goto(`${buyer.url}/ordre/innkjopsordre`);
    await page.getByRole("link", { name: /^PO-/ }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${BOLT.name} har mottatt ordren som kladd`);
    await sound(page);
  });

  await test.step("the supplier rejects it, without WebAssembly too, and the reason comes back", async () => {
    const seller = await openWithoutWasm();
    await signIn(seller, supplier, KARI);
    await seller.goto(`${supplier.url}/salg/ordrekladder`);
    await seller.getByRole("link", { name: "K-00001" }).click();
    await seller.getByTestId("to-reject").click();
    await seller.getByLabel("Grunn").fill("Vi har ikke flere skruer");
    await seller.getByTestId("reject").getByRole("button", { name: "Avvis ordre" }).click();
    await expect(seller.getByRole("main")).toContainText("avviste ordren");
    await sound(seller);
    await expect(async () => {
      await page.reload();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${BOLT.name} har avvist ordren`, { timeout: 200 });
    }).toPass();
    await expect(page.getByRole("main")).toContainText("Vi har ikke flere skruer");
  });
});

test("on a phone without WebAssembly a line is read, and a number written otherwise is taken", async ({
  buyer,
  supplier,
  openWithoutWasm,
}) => {
  await connect(buyer, supplier);
  const page = await openWithoutWasm();
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);

  await test.step("fields under their labels, two beside one another at most", async () => {
    const boxes = await page.getByTestId("order-line").first().locator("input[type=text]").evaluateAll((fields) =>
      fields.map((field) => field.getBoundingClientRect()).map(({ left, width }) => ({ left: Math.round(left), width })),
    );
    expect(boxes).toHaveLength(8);
    expect(new Set(boxes.map(({ left }) => left)).size).toBeLessThanOrEqual(2);
    for (const { width } of boxes) expect(width).toBeGreaterThan(120);
    await sound(page);
  });

  await test.step("the article is shown, and taken with one press", async () => {
    await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
    await page.locator("#lines-0-article_number").fill("n 3");
    await page.locator("#lines-0-quantity").fill("-2");
    await page.getByRole("button", { name: "Lagre", exact: true }).click();
    await expect(page.getByTestId("own-number")).toContainText("Mener du N-3, Skrue M3?");
    await expect(page.locator("#lines-0-quantity")).toHaveAttribute("aria-invalid", "true");
    await sound(page);
    await page.getByRole("button", { name: "Bruk N-3" }).click();
    await expect(page.locator("#lines-0-article_number")).toHaveValue("N-3");
    await expect(page.locator("#lines-0-supplier_article_number")).toHaveValue("BF-3");
    await expect(page.locator("#lines-0-description")).toHaveValue("Skrue M3");
    await expect(page.locator("#lines-0-quantity")).toHaveValue("-2");
    await expect(page.getByTestId("own-number")).toHaveCount(0);
  });
});

test("a half that the server does not have is told in the console", async ({ buyer, browser }) => {
  buyer.addUser(ANNE);
  await buyer.start();
  for (const missing of ["**/pkg/*.js", "**/pkg/*.wasm"]) {
    const page = await browser.newPage();
    await page.route(missing, (route) => route.fulfill({ status: 404, contentType: "text/plain", body: "" }));
    const told = page.waitForEvent("pageerror");
    await page.goto(buyer.url);
    await told;
    await page.close();
  }
});
