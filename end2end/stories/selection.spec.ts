// Rows that are ticked while they change: what the bar says of them follows.
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT } from "../support/instance";

test("what is said of ticked orders follows what happens to them", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const numbers: string[] = ["N-1:5", "N-2:5"].map(
    (line) => buyer.run(["orders", "create", "--supplier", BOLT.orgNumber, "--line", line]).number,
  );
  const page = await open();
  await signIn(page, buyer, ANNE);
  await page.goto(`${buyer.url}/ordre/innkjopsordre?vis=alle`);
  await takenOver(page);
  for (const number of numbers) await page.getByRole("checkbox", { name: `Velg ${number}` }).check();
  await expect(page.getByTestId("export-picked")).toContainText("Eksporter 2 ordrer");
  await expect(page.getByTestId("not-exported")).toHaveCount(0);
  // Sent from elsewhere: nothing is ticked or loaded anew here.
  buyer.run(["export", "--all-ready", "--wait"]);
  await expect(page.getByTestId("not-exported")).toContainText(`${numbers[0]} (er sendt)`);
  await expect(page.getByTestId("not-exported")).toContainText(`${numbers[1]} (er sendt)`);
  await expect(page.getByTestId("picked")).toHaveText("2 valgt");
  await sound(page);
});
