// From the click on *Eksporter* to the moment when the supplier's open list shows that there is a new draft. Both pages write down
// the machine's time themselves, so what the script does in between is not counted.
import { launch, open, question, takenOver } from "./chromium.mjs";

const browser = await launch();
const buyer = await open(browser, question.buyer);
const supplier = await open(browser, question.supplier);

/** Writes down when the list says that a row is new; the moment is after the next frame is painted. */
function watchRows() {
  window.shown = undefined;
  const look = () => {
    if (window.shown !== undefined || !document.querySelector('[data-test="show-new"]')) return;
    window.shown = 0;
    requestAnimationFrame(() => setTimeout(() => (window.shown = performance.timeOrigin + performance.now())));
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}

async function clickToDraft(order) {
  await supplier.bringToFront();
  await supplier.goto(`${question.supplier.url}/salg/ordrekladder`);
  await takenOver(supplier);
  await supplier.evaluate(watchRows);
  await buyer.goto(`${question.buyer.url}/ordre/eksporter-til-partner?ordre=${order}`);
  await takenOver(buyer);
  await buyer.evaluate(() => {
    document.addEventListener("click", () => (window.clicked = performance.timeOrigin + performance.now()), true);
  });
  const button = buyer.getByRole("button", { name: /^Eksporter 1 ordre/ });
  await button.waitFor();
  // Read before the answer takes the page away.
  const clicked = buyer.evaluate(
    () => new Promise((resolve) => {
      const wait = () => (window.clicked ? resolve(window.clicked) : setTimeout(wait, 1));
      wait();
    }),
  );
  await button.click();
  const from = await clicked;
  await supplier.waitForFunction(() => window.shown > 0, undefined, { polling: 20 });
  return (await supplier.evaluate(() => window.shown)) - from;
}

const milliseconds = [];
for (const order of question.orders) milliseconds.push(await clickToDraft(order));
// The first one warms up.
console.log(JSON.stringify({ milliseconds: milliseconds.slice(1) }));
await browser.close();
