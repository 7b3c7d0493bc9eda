// Every page, wide and narrow, light and dark: nothing for axe to say, nothing wider than the window.
import type { Page } from "@playwright/test";
import { ANNE, choose, connect, expect, KARI, signIn, sound, takenOver, test } from "../support/story";
import { BOLT, type Instance, type User } from "../support/instance";

const BUYER = [
  "/oversikt",
  "/ordre/innkjopsordre?vis=alle",
  "/ordre/innkjopsordre/ny",
  "/ordre/innkjopsordre/PO-2026-00001",
  "/ordre/innkjopsordre/PO-2026-00003/rediger",
  "/ordre/eksporter-til-partner",
  "/artikler",
  "/artikler/N-1",
  "/artikler/koblinger",
  "/artikler/koblinger/avgjorelser",
  "/kontakter/leverandorer",
  "/kontakter/leverandorer/ny",
  "/admin/integrasjoner/prodsys-to-prodsys",
  "/admin/integrasjoner/prodsys-to-prodsys/ny",
  "/admin/logger/integrasjonslogger",
  "/innstillinger",
  "/hjelp",
];
const SUPPLIER = [
  "/oversikt",
  "/salg/ordrekladder?vis=alle",
  "/salg/ordrekladder/K-00001",
  "/salg/salgsordre",
  "/admin/api-tilgang/token",
  "/admin/api-tilgang/token/ny",
  "/admin/utvidelser",
  "/admin/logger/integrasjonslogger",
  "/kontakter/kunder",
  "/filer/artikler",
  "/partner/v1/docs",
];

async function visit(page: Page, instance: Instance, user: User, paths: string[]) {
  await signIn(page, instance, user);
  for (const path of paths) {
    const answer = await page.goto(instance.url + path);
    expect(answer?.status(), path).toBe(200);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await sound(page);
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [390, 1440]) {
    test(`every page at ${width} px, ${colorScheme}`, async ({ buyer, supplier, open, database }) => {
      test.skip(database === "postgres", "pages look alike whatever the database is");
      await connect(buyer, supplier);
      const year = new Date().getFullYear();
      for (const lines of [["N-1:5", "N-2:7"], ["N-3:1"]]) {
        buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, ...lines.flatMap((line) => ["--line", line])]);
      }
      const dated = (paths: string[]) => paths.map((path) => path.replace("2026", String(year)));
      buyer.run(["export", "--all-ready", "--wait"]);
      buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", "N-4:9"]);
      const size = { viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme, hasTouch: width === 390 };
      await visit(await open(size), buyer, ANNE, dated(BUYER));
      await visit(await open(size), supplier, KARI, SUPPLIER);
    });
  }
}

test("a link followed before all of a page is taken over is followed by the browser", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  const stays = () => page.evaluate(() => "stays" in window);
  const follow = async () => {
    await page.evaluate(() => Object.assign(window, { stays: true }));
    await choose(page, "Artikler");
  };
  await takenOver(page);
  await follow();
  expect(await stays(), "the page is changed in place").toBe(true);

  await page.goto(`${buyer.url}/`);
  await takenOver(page);
  await page.evaluate(() => document.documentElement.removeAttribute("data-taken-over"));
  await follow();
  expect(await stays(), "the page is loaded").toBe(false);
});
