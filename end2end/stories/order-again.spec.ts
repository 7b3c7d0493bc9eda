// An order is ordered again: as a copy, as a template, as a file, and line by line into an order that is open.
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT } from "../support/instance";

const PHONE = { width: 390, height: 844 };
const path = (number: string) => `/ordre/innkjopsordre/${number}`;

test("an order is copied, kept as a template and taken out as files without WebAssembly", async ({ buyer, supplier, openWithoutWasm }) => {
  await connect(buyer, supplier);
  const order = buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "N-1:5", "--line", "N-2:7"]);
  const page = await openWithoutWasm();
  await signIn(page, buyer, ANNE);

  await test.step("its lines are files", async () => {
    await page.goto(buyer.url + path(order.number));
    await sound(page);
    const file = page.getByTestId("documents").getByRole("link", { name: "Linjene som CSV" });
    const answer = await page.request.get(buyer.url + (await file.getAttribute("href")));
    expect(answer.headers()["content-disposition"]).toContain(`ordre-${order.number}.csv`);
    const lines = await answer.text();
    expect(lines).toContain("Artikkelnummer;Leverandørens artikkelnummer;Beskrivelse;Leverandørens beskrivelse;Antall");
    expect(lines).toContain("N-2");
  });

  await test.step("a template needs a name, and is used, renamed, removed and brought back", async () => {
    const template = page.getByTestId("save-template");
    await template.getByText("Lagre som mal").click();
    await template.getByRole("button", { name: "Lagre" }).click();
    await expect(page.getByTestId("form-errors")).toBeVisible();
    await page.getByLabel("Navn på malen").fill("Mandagsvarer");
    await template.getByRole("button", { name: "Lagre" }).click();
    await expect(page.getByTestId("receipt")).toContainText("Malen er lagret.");
    await page.setViewportSize(PHONE);
    await sound(page);
    const row = page.getByRole("row").filter({ hasText: "Mandagsvarer" });
    await row.getByText("Endre navn").click();
    await row.getByLabel("Navn på malen Mandagsvarer").fill("Tirsdagsvarer");
    await row.getByRole("button", { name: "Lagre" }).click();
    await expect(page.getByTestId("receipt")).toContainText("nytt navn");
    await page.getByRole("button", { name: "Slett Tirsdagsvarer" }).click();
    await page.getByTestId("receipt").getByRole("button", { name: "Angre" }).click();
    await expect(page.getByTestId("receipt")).toContainText("Malen er tilbake.");
    await page.getByRole("button", { name: "Ny ordre fra malen Tirsdagsvarer" }).click();
    await expect(page.getByTestId("receipt")).toContainText("fylt ut fra malen");
    await expect(page.locator("#lines-1-quantity")).toHaveValue("7");
  });

  await test.step("templates are found from the list and from a new order", async () => {
    for (const [from, name] of [
      ["/ordre/innkjopsordre", "Maler"],
      ["/ordre/innkjopsordre/ny", "Ny fra mal"],
    ]) {
      await page.goto(buyer.url + from);
      await page.getByRole("link", { name, exact: true }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Maler");
    }
  });

  await test.step("a copy is a new draft", async () => {
    await page.goto(buyer.url + path(order.number));
    await page.getByTestId("again").getByRole("button", { name: "Dupliser" }).click();
    await expect(page.getByTestId("receipt")).toContainText(`Ny kladd laget av ${order.number}`);
    await expect(page.locator("#lines-0-article_number")).toHaveValue("N-1");
  });
});

test("lines of an order before come into the open form as one step, and an order tells its messages", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const order = buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "N-1:5", "--line", "N-2:7"]);
  buyer.run(["export", "--all-ready"]);
  const page = await open();
  await signIn(page, buyer, ANNE);

  await test.step("lines of an order before", async () => {
    await page.goto(`${buyer.url}/ordre/innkjopsordre/ny`);
    await takenOver(page);
    await page.getByRole("combobox", { name: "Leverandør" }).selectOption({ label: BOLT.name });
    await page.getByTestId("previous-lines").click();
    const dialog = page.getByTestId("previous-dialog");
    await expect(dialog.getByLabel("Tidligere ordrer hos leverandøren")).toContainText(order.number);
    await dialog.getByRole("checkbox", { name: "Velg N-1", exact: true }).uncheck();
    await sound(page);
    await dialog.getByTestId("previous-add").click();
    await expect(page.locator("#lines-0-article_number")).toHaveValue("N-2");
    await expect(page.locator("#lines-0-quantity")).toHaveValue("7");
    await page.getByTestId("undo").click();
    await expect(page.locator("#lines-0-article_number")).toHaveValue("");
  });

  await test.step("its messages, with direction and attempts", async () => {
    await page.goto(`${buyer.url}${path(order.number)}?fane=meldinger`);
    const sent = page.getByTestId("messages").getByRole("row").filter({ hasText: "Fra oss" });
    await expect(sent.first()).toContainText("1");
    await sound(page);
  });
});
