// Søk eller kjør kommando: pages, actions and what the server finds, by keys alone; and the same as a page without a script.
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT } from "../support/instance";

test("the palette goes, runs and finds", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "N-1:5"]);
  const page = await open();
  await signIn(page, buyer, ANNE);
  await takenOver(page);
  const palette = page.getByTestId("palette");
  const field = palette.getByRole("combobox");
  const chosen = palette.locator("[role=option][aria-selected=true]");

  await test.step("Ctrl+K opens it, Escape closes it and gives the focus back", async () => {
    await page.getByTestId("palette-button").focus();
    await page.keyboard.press("Control+k");
    await expect(field).toBeFocused();
    await sound(page);
    await page.keyboard.press("Escape");
    await expect(palette).toBeHidden();
    await expect(page.getByTestId("palette-button")).toBeFocused();
  });

  await test.step("a misspelt page is found, with its key beside it", async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("levrandør");
    await expect(chosen).toContainText("Leverandører");
    await expect(chosen.locator("kbd")).toHaveText(["G", "L"]);
    await expect(field).toHaveAttribute("aria-activedescendant", "palette-0");
    await page.keyboard.press("ArrowDown");
    await expect(chosen).toContainText("Ny leverandør");
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "Leverandører" })).toBeVisible();
    await expect(palette).toBeHidden();
  });

  await test.step("the server's answers come after a pause, and are counted aloud", async () => {
    await page.keyboard.press("Control+k");
    await expect(palette.getByRole("group", { name: "Nylig brukt" })).toContainText("Leverandører");
    // What was used lately is offered once, with its key.
    const suppliers = palette.getByRole("option", { name: /^Leverandører/ });
    await expect(suppliers).toHaveCount(1);
    await expect(suppliers.locator("kbd")).toHaveText(["G", "L"]);
    await page.keyboard.type("00001");
    const orders = palette.getByRole("group", { name: "Ordre", exact: true });
    await expect(orders).toContainText(`PO-${new Date().getFullYear()}-00001`);
    await expect(palette.getByTestId("palette-count")).toHaveText(/^\d+ treff$/);
    await sound(page);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/PO-\d+-00001$/);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("bolt");
    await expect(palette.getByRole("group", { name: "Kontakter" })).toContainText(BOLT.name);
    await page.keyboard.press("Escape");
  });

  await test.step("what this page can do is there, and why not when it cannot", async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("rediger");
    await expect(palette.getByRole("group", { name: "På denne siden" })).toBeVisible();
    await page.keyboard.press("Escape");
    buyer.run(["export", "--all-ready", "--wait"]);
    await page.reload();
    await takenOver(page);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("rediger denne");
    await expect(chosen).toContainText("Ordren er sendt og kan ikke endres her.");
    await page.keyboard.press("Enter");
    await expect(palette).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("pages below those of the menu are there by their names", async () => {
    for (const [typed, title] of [["kobl", "Koblinger"], ["skrivefeil", "Skrivefeil"], ["maler", "Maler"], ["avgj", "Avgjørelser"]]) {
      await page.keyboard.press("Control+k");
      await page.keyboard.type(typed);
      await expect(chosen).toContainText(title);
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
      await takenOver(page);
    }
  });

  await test.step("nothing is found", async () => {
    await page.getByTestId("palette-button").click();
    await page.keyboard.type("qqqq");
    await expect(palette.getByRole("option", { name: /^PO-/ })).toHaveCount(0);
  });
});

test("without WebAssembly the button leads to a page that finds the same", async ({ buyer, supplier, openWithoutWasm }) => {
  await connect(buyer, supplier);
  buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "N-1:5"]);
  const page = await openWithoutWasm();
  await signIn(page, buyer, ANNE);
  await page.getByTestId("palette-button").click();
  await expect(page.getByRole("heading", { level: 1, name: "Søk" })).toBeVisible();
  await sound(page);
  await page.getByRole("searchbox").fill("00001");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: /-00001$/ }).click();
  await expect(page).toHaveURL(/PO-\d+-00001$/);
  await page.goto(`${buyer.url}/sok?sok=levrandør`);
  await page.getByRole("main").getByRole("link", { name: "Leverandører", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Leverandører" })).toBeVisible();
});
