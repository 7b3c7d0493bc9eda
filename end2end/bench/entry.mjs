// Writing an order: from a key to the frame in which its suggestions stand, from a paste to checked lines, and from a key in a cell of a
// long order to the next frame. The page writes down the times itself.
import { launch, open, question, takenOver } from "./chromium.mjs";

const browser = await launch();
const page = await open(browser, question.visitor, { viewport: { width: 1440, height: 900 } });
page.setDefaultTimeout(120_000);

/** Listens for keys, and for what they lead to. */
function watch() {
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))));
  window.painted = painted;
  window.pressed = 0;
  document.addEventListener("keydown", () => (window.pressed = performance.now()), true);
  // A letter that the browser's driver has no key for comes as text alone.
  document.addEventListener("beforeinput", () => (window.pressed ||= performance.now()), true);
  /** From the key that is pressed next to the frame in which the suggestions are others. */
  window.nextSuggestions = () =>
    new Promise((resolve) => {
      window.pressed = 0;
      const isList = (node) => {
        const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
        return Boolean(element?.closest("#suggestions, [data-test=suggestions-said]"));
      };
      const given = setTimeout(() => end(undefined), 3000);
      const observer = new MutationObserver((changes) => {
        const touched = changes.some(
          (change) => isList(change.target) || [...change.addedNodes].some((node) => isList(node)),
        );
        if (touched && window.pressed > 0) painted().then((at) => end(at - window.pressed));
      });
      const end = (value) => {
        clearTimeout(given);
        observer.disconnect();
        resolve(value ?? null);
      };
      observer.observe(document.getElementById("lines"), { childList: true, subtree: true, characterData: true });
    });
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
  }).observe({ type: "longtask" });
}

async function openForm(path) {
  await page.goto(`${question.visitor.url}${path}`);
  await takenOver(page);
  await page.locator("#lines[data-mode]").waitFor();
  await page.evaluate(watch);
}

/** Types the texts key by key into the first cell. The first key of a text is not counted: there is nothing to be replaced yet. */
async function suggestions() {
  await openForm("/ordre/innkjopsordre/ny");
  await page.locator("#supplier_id").selectOption(question.supplier);
  const keys = [];
  for (const text of question.texts) {
    await page.locator("#lines-0-article_number").fill("");
    await page.locator("#lines-0-article_number").click();
    for (const [at, key] of [...text].entries()) {
      // It listens before the key is pressed.
      await page.evaluate(() => void (window.told = window.nextSuggestions()));
      if (/^[ -~]$/.test(key)) await page.keyboard.press(key === " " ? "Space" : key);
      else await page.keyboard.insertText(key);
      const took = await page.evaluate(() => window.told);
      if (at > 0 && took !== null) keys.push(took);
    }
    await page.keyboard.press("Escape");
  }
  return keys;
}

/** Pastes the rows, adds them, waits until each has its level, and takes them back. */
async function pastes() {
  await openForm("/ordre/innkjopsordre/ny");
  await page.locator("#supplier_id").selectOption(question.supplier);
  const count = question.rows.trim().split("\n").length - 1;
  const preview = [];
  const pasted = [];
  // The first one warms up.
  for (let round = 0; round <= question.pastes; round++) {
    const [shown, checked] = await page.evaluate(
      async ([text, wanted]) => {
        const until = async (found) => {
          while (!found()) await window.painted();
        };
        const field = document.getElementById("lines-0-article_number");
        field.focus();
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        const from = performance.now();
        field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        await until(() => document.querySelector('[data-test="paste-add"]') && document.querySelector('[data-test="paste-counts"]')?.textContent.trim());
        const at = await window.painted();
        document.querySelector('[data-test="paste-add"]').click();
        await until(() => document.querySelectorAll('[data-test="line-match"] .tag').length >= wanted);
        return [at - from, (await window.painted()) - from];
      },
      [question.rows, count],
    );
    await page.locator('[data-test="undo"]').click();
    await page.waitForFunction(() => document.getElementById("lines-0-supplier_article_number").value === "");
    if (round > 0) {
      preview.push(shown);
      pasted.push(checked);
    }
  }
  return { preview, pasted };
}

/** Changes quantities here and there: a digit, and Enter. */
async function cells() {
  await openForm(question.order);
  const typed = [];
  const committed = [];
  const longest = [];
  const measured = async (key) => {
    await page.evaluate(() => {
      window.told = new Promise((resolve) => {
        const once = () => {
          const from = performance.now();
          window.painted().then((at) => resolve(at - from));
        };
        document.addEventListener("keydown", once, { capture: true, once: true });
      });
    });
    await page.keyboard.press(key);
    return page.evaluate(() => window.told);
  };
  for (let round = 0; round <= question.edits; round++) {
    const place = (round * 37) % (question.lines - 1);
    await page.locator(`#lines-${place}-quantity`).click();
    await page.evaluate(() => (window.longest = 0));
    const key = await measured(String((round % 9) + 1));
    const enter = await measured("Enter");
    // The save, and the answer to it, are part of what the next key has to wait for.
    await page.locator('[data-test="saved-at"]', { hasText: "Lagret kl." }).waitFor();
    if (round > 0) {
      typed.push(key);
      committed.push(enter);
      longest.push(await page.evaluate(() => window.longest));
    }
  }
  return { typed, committed, longest };
}

const keys = await suggestions();
const { preview, pasted } = await pastes();
const { typed, committed, longest } = await cells();
console.log(JSON.stringify({ keys, preview, pasted, typed, committed, longest }));
await browser.close();
