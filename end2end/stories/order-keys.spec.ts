// Writing an order from the keyboard alone. Every key of the table is pressed, and what it does is looked at.
import type { Page } from "@playwright/test";
import { ANNE, connect, expect, signIn, sound, takenOver, test } from "../support/story";
import { BOLT } from "../support/instance";
import { Hands, KEYS, focused, forbidMouse, press } from "../support/keyboard";

const NEW = "/ordre/innkjopsordre/ny";

interface Grid {
  focus: string;
  mode: string | null;
  articles: string[];
  quantities: string[];
  selected: number;
  caret: [number | null, number | null];
  active: string | null;
}

/** The grid as it is now. */
function grid(page: Page): Promise<Grid> {
  return page.evaluate(() => {
    const rows = [...document.querySelectorAll("[data-test=order-line]")];
    const texts = (field: string) => rows.map((row) => row.querySelector<HTMLInputElement>(`[id$="-${field}"]`)!.value);
    const active = document.activeElement as HTMLInputElement;
    return {
      focus: active.id,
      mode: document.getElementById("lines")!.getAttribute("data-mode"),
      articles: texts("article_number"),
      quantities: texts("quantity"),
      selected: document.querySelectorAll("#lines [aria-selected=true]:is(td, th)").length,
      caret: [active.selectionStart, active.selectionEnd],
      active: active.getAttribute("aria-activedescendant"),
    };
  });
}

async function looks(page: Page, wanted: Partial<Grid>): Promise<void> {
  await expect.poll(() => grid(page)).toMatchObject(wanted);
}

/** Three lines that no register knows, and two empty ones; the focus is on the second quantity. */
async function arrange(page: Page, url: string): Promise<void> {
  await page.goto(url + NEW);
  await takenOver(page);
  for (const [line, article] of ["A", "B", "C"].entries()) {
    await page.locator(`#lines-${line}-description`).fill(`Vare ${article}`);
    await page.locator(`#lines-${line}-article_number`).fill(article);
    await page.locator(`#lines-${line}-quantity`).fill(`${line + 2}0`);
  }
  await page.locator("#lines-1-quantity").focus();
  await looks(page, { focus: "lines-1-quantity", mode: "navigation", articles: ["A", "B", "C", "", ""], caret: [0, 2] });
}

type Case = (page: Page, key: string) => Promise<void>;

const goes =
  (focus: string, more: Partial<Grid> = {}): Case =>
  async (page, key) => {
    await press(page, key);
    await looks(page, { focus, mode: "navigation", ...more });
  };

const said = (page: Page) => page.getByTestId("grid-said");

const undoAndRedo =
  (back: boolean): Case =>
  async (page, key) => {
    if ((await grid(page)).mode === "edit") await page.keyboard.type("5");
    else await press(page, "Delete");
    const changed = (await grid(page)).quantities[1];
    if (!back) await press(page, "Ctrl+Z");
    await press(page, key);
    await looks(page, { focus: "lines-1-quantity", quantities: ["20", back ? "30" : changed!, "40", "", ""] });
    await expect(said(page)).toContainText(back ? "Angret: " : "Gjort om: ");
  };

const NAVIGATION: Record<string, Case> = {
  cell_up: goes("lines-0-quantity", { caret: [0, 2] }),
  cell_down: goes("lines-2-quantity"),
  cell_left: goes("lines-1-supplier_article_number"),
  cell_right: goes("lines-1-unit"),
  first_cell: goes("lines-1-article_number"),
  last_cell: goes("lines-1-discount_percent"),
  grid_start: goes("lines-0-article_number"),
  grid_end: goes("lines-4-discount_percent"),
  page_up: goes("lines-0-quantity"),
  page_down: goes("lines-4-quantity"),
  edit: async (page, key) => {
    await press(page, key);
    await looks(page, { focus: "lines-1-quantity", mode: "edit", caret: [2, 2], quantities: ["20", "30", "40", "", ""] });
    await expect(said(page)).toHaveText("Redigering på");
  },
  replace: async (page) => {
    await page.keyboard.press("7");
    await looks(page, { focus: "lines-1-quantity", mode: "edit", quantities: ["20", "7", "40", "", ""] });
  },
  clear_cell: goes("lines-1-quantity", { quantities: ["20", "", "40", "", ""] }),
  delete_line: goes("lines-1-quantity", { articles: ["A", "C", "", ""] }),
  insert_line: goes("lines-2-article_number", { articles: ["A", "B", "", "C", "", ""] }),
  move_line_up: goes("lines-0-quantity", { articles: ["B", "A", "C", "", ""], quantities: ["30", "20", "40", "", ""] }),
  move_line_down: goes("lines-2-quantity", { articles: ["A", "C", "B", "", ""] }),
  select_line: goes("lines-1-discount_percent", { selected: 8 }),
  extend_up: goes("lines-0-quantity", { selected: 2 }),
  extend_down: goes("lines-2-quantity", { selected: 2 }),
  extend_left: goes("lines-1-supplier_article_number", { selected: 2 }),
  extend_right: goes("lines-1-unit", { selected: 2 }),
  copy: async (page, key) => {
    await press(page, "Shift+ArrowDown");
    await press(page, key);
    await press(page, "ArrowDown");
    await press(page, "Ctrl+V");
    await looks(page, { quantities: ["20", "30", "40", "30", "40", ""] });
  },
  cut: async (page, key) => {
    await press(page, key);
    await looks(page, { quantities: ["20", "", "40", "", ""] });
    await press(page, "ArrowUp");
    await press(page, "Ctrl+V");
    await looks(page, { focus: "lines-0-quantity", quantities: ["30", "", "40", "", ""] });
  },
  paste: async (page, key) => {
    await press(page, "Ctrl+C");
    await press(page, "Shift+ArrowDown");
    await press(page, key);
    await looks(page, { quantities: ["20", "30", "30", "", ""], selected: 2 });
  },
  undo: undoAndRedo(true),
  redo: undoAndRedo(false),
  article_panel: async (page, key) => {
    await press(page, key);
    const panel = page.getByTestId("why-line");
    await expect(panel.getByRole("heading")).toBeFocused();
    await expect(panel).toContainText("Hvorfor dette treffet? Linje 2");
    await press(page, "Escape");
    await looks(page, { focus: "lines-1-supplier_article_number", mode: "navigation" });
  },
  take_meant: async (page, key) => {
    const isEditing = (await grid(page)).mode === "edit";
    await page.locator("#lines-1-article_number").fill("n 1");
    await page.locator("#lines-1-quantity").focus();
    await expect(page.getByTestId("order-line").nth(1).getByTestId("own-number")).toContainText("Mener du N-1");
    if (isEditing) await press(page, "Enter");
    await press(page, key);
    await looks(page, { focus: "lines-1-quantity", mode: "edit", articles: ["A", "N-1", "C", "", ""] });
  },
  open_suggestions: async (page, key) => {
    await page.locator("#lines-3-description").fill("Vare D");
    await page.locator("#lines-3-article_number").fill("N-1");
    await expect(page.getByRole("listbox")).toBeVisible();
    // The first Escape is the list's.
    await press(page, "Escape");
    await expect(page.getByRole("listbox")).toBeHidden();
    await press(page, key);
    await expect(page.getByRole("listbox")).toBeVisible();
    await looks(page, { focus: "lines-3-article_number", mode: "edit" });
  },
  leave_forward: async (page, key) => {
    await press(page, key);
    await expect(page.getByTestId("add-line")).toBeFocused();
  },
  leave_backward: async (page, key) => {
    await press(page, key);
    await expect.poll(() => page.evaluate(() => document.activeElement!.closest("table") === null)).toBe(true);
  },
};

const EDIT: Record<string, Case> = {
  commit_down: async (page, key) => {
    await page.keyboard.type("5");
    await goes("lines-2-quantity", { quantities: ["20", "305", "40", "", ""] })(page, key);
  },
  commit_next: async (page, key) => {
    await press(page, key);
    await looks(page, { focus: "lines-1-unit", mode: "edit" });
  },
  commit_previous: async (page, key) => {
    await press(page, key);
    await looks(page, { focus: "lines-1-supplier_article_number", mode: "edit" });
  },
  restore: async (page, key) => {
    await page.keyboard.type("5");
    await goes("lines-1-quantity", { quantities: ["20", "30", "40", "", ""] })(page, key);
  },
  open_suggestions: NAVIGATION.open_suggestions!,
  article_panel: NAVIGATION.article_panel!,
  take_meant: NAVIGATION.take_meant!,
  caret_left: async (page, key) => {
    await press(page, key);
    await looks(page, { focus: "lines-1-quantity", mode: "edit", caret: [1, 1] });
    await press(page, key);
    await goes("lines-1-supplier_article_number")(page, key);
  },
  caret_right: async (page, key) => {
    await press(page, "Home");
    await press(page, key);
    await looks(page, { focus: "lines-1-quantity", mode: "edit", caret: [1, 1] });
    await press(page, key);
    await goes("lines-1-unit")(page, key);
  },
  leave_up: async (page, key) => {
    await press(page, "Home");
    await goes("lines-0-quantity")(page, key);
  },
  leave_down: goes("lines-2-quantity"),
  undo: undoAndRedo(true),
  redo: undoAndRedo(false),
};

const options = (page: Page) => page.getByRole("listbox").getByRole("option");

const isActive =
  (...before: string[]) =>
  (which: "first" | "last"): Case =>
  async (page, key) => {
    for (const pressed of before) await press(page, pressed);
    await press(page, key);
    const last = (await options(page).count()) - 1;
    await looks(page, { focus: "lines-3-article_number", active: `suggestion-${which === "first" ? 0 : last}` });
  };

const SUGGESTIONS: Record<string, Case> = {
  next_suggestion: isActive()("first"),
  previous_suggestion: isActive()("last"),
  first_suggestion: isActive("ArrowDown", "ArrowDown")("first"),
  last_suggestion: isActive("ArrowDown")("last"),
  choose_suggestion: async (page, key) => {
    await press(page, "ArrowDown");
    await press(page, key);
    await looks(page, { focus: "lines-3-quantity", mode: "edit", articles: ["A", "B", "C", "N-1", ""] });
    await expect(page.locator("#lines-3-description")).toHaveValue("Skrue M1");
  },
  close_suggestions: async (page, key) => {
    await press(page, key);
    await expect(page.getByRole("listbox")).toBeHidden();
    await looks(page, { focus: "lines-3-article_number", mode: "edit", articles: ["A", "B", "C", "N-1", ""] });
  },
};

const FORM: Record<string, Case> = {
  check: async (page, key) => {
    await press(page, key);
    await expect(page.getByTestId("form-errors")).toContainText("Leverandør");
  },
};

const CONTEXTS: [string, Record<string, Case>, (page: Page) => Promise<void>][] = [
  ["grid_navigation", NAVIGATION, async () => {}],
  [
    "grid_edit",
    EDIT,
    async (page) => {
      await press(page, "Enter");
      await looks(page, { mode: "edit", caret: [2, 2] });
    },
  ],
  [
    "suggestions",
    SUGGESTIONS,
    async (page) => {
      await page.locator("#lines-3-article_number").focus();
      await page.keyboard.type("N-1");
      await expect(options(page).first()).toContainText("N-1");
    },
  ],
  ["order_form", FORM, async () => {}],
];

test("every key of the lines does what the table says", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  forbidMouse(page);
  for (const [context, cases, begin] of CONTEXTS) {
    for (const { action, keys } of KEYS.filter((row) => row.context === context)) {
      for (const key of keys) {
        await test.step(`${context}: ${key} is ${action}`, async () => {
          await arrange(page, buyer.url);
          await begin(page);
          const run = cases[action];
          if (!run) throw new Error(`no case says what ${action} does in ${context}`);
          await run(page, key);
        });
      }
    }
  }
  await sound(page);
});

test("Enter takes the only suggestion, marks the first of several, and goes on to the quantity", async ({
  buyer,
  supplier,
  open,
}) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  forbidMouse(page);
  await arrange(page, buyer.url);
  const type = async (line: number, text: string) => {
    await page.locator(`#lines-${line}-article_number`).focus();
    await page.keyboard.type(text);
    // Said once, when the typing has stopped and its answer is there.
    await expect(page.getByTestId("suggestions-said")).toHaveText(/forslag$/);
  };
  await type(3, "skrue");
  await press(page, "Enter");
  await looks(page, { focus: "lines-3-article_number", active: "suggestion-0", articles: ["A", "B", "C", "skrue", ""] });
  await press(page, "Enter");
  await looks(page, { focus: "lines-3-quantity", mode: "edit" });
  await expect(page.locator("#lines-3-description")).toHaveValue(/^Skrue M/);
  // A number has its quantity next, as when it is taken from the list; without a list as well.
  await type(3, "N-2");
  await press(page, "Enter");
  await looks(page, { focus: "lines-3-quantity", mode: "edit", articles: ["A", "B", "C", "N-2", ""] });
  await page.keyboard.type("7");
  await press(page, "Enter");
  await looks(page, { focus: "lines-4-article_number", mode: "navigation" });
  await type(4, "n 13");
  await press(page, "Enter");
  await looks(page, { focus: "lines-4-quantity", mode: "edit", articles: ["A", "B", "C", "N-2", "N-13", ""] });
  // Where nobody answers, the list of what was typed before is gone, and nothing is taken from it.
  await type(3, "n 1");
  await page.route("**/suggest_articles*", (route) => route.abort());
  await page.keyboard.type("4");
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await press(page, "Enter");
  // How many is known: down.
  await looks(page, { focus: "lines-4-article_number", articles: ["A", "B", "C", "n 14", "N-13", ""] });
});

test("twenty lines are ordered without a mouse", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  forbidMouse(page);
  await page.goto(buyer.url + NEW);
  await takenOver(page);
  const hands = new Hands(page);
  await hands.tabTo("supplier_id");
  await hands.type("Bolt");
  await hands.tabTo("lines-0-article_number");
  for (let line = 1; line <= 20; line += 1) {
    expect(await focused(page)).toBe(`lines-${line - 1}-article_number`);
    await hands.type(`N-${line}`);
    if (line % 2 === 0) {
      // Who knows the number needs no list.
      await hands.press("Tab", "Tab", "Tab");
    } else {
      await expect(options(page).first()).toContainText(`N-${line}`);
      await hands.press("ArrowDown", "Enter");
    }
    expect(await focused(page)).toBe(`lines-${line - 1}-quantity`);
    await hands.type(`${line},5`);
    await hands.press("Enter");
  }
  await expect(page.locator("#lines-19-supplier_article_number")).toHaveValue("BF-20");
  for (const line of [0, 1, 18, 19]) {
    await expect(page.locator(`#lines-${line}-quantity`)).toHaveValue(`${line + 1},5`);
    await expect(page.getByTestId("line-match").nth(line)).toContainText("Eksakt treff");
  }
  await press(page, "Ctrl+Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Eksporter til partner");
  expect(hands.seconds).toBeLessThanOrEqual(90);
});

test("Tab makes a line after the last one and leaves from an empty one", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  forbidMouse(page);
  await arrange(page, buyer.url);
  for (const [from, number] of [[3, "D"], [4, "E"]] as const) {
    await page.locator(`#lines-${from}-article_number`).focus();
    await page.keyboard.type(number);
    for (let cell = 0; cell < 8; cell += 1) await press(page, "Tab");
    await looks(page, { focus: `lines-${from + 1}-article_number`, mode: "edit" });
  }
  expect((await grid(page)).articles).toEqual(["A", "B", "C", "D", "E", ""]);
  for (let cell = 0; cell < 8; cell += 1) await press(page, "Tab");
  await expect(page.getByTestId("add-line")).toBeFocused();
  expect((await grid(page)).articles).toHaveLength(6);
});

test("the strip below the lines tells what the keys do where the person is", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open({ viewport: { width: 1440, height: 900 } });
  await signIn(page, buyer, ANNE);
  await arrange(page, buyer.url);
  const strip = page.getByTestId("key-strip");
  await expect(strip).toContainText("Tab ut av linjene");
  await page.keyboard.type("5");
  await expect(strip).toContainText("Tab neste felt");
  await press(page, "Tab");
  await looks(page, { focus: "lines-1-unit", mode: "edit" });
  await press(page, "Enter");
  await expect(strip).toContainText("Tab ut av linjene");
  await press(page, "Tab");
  await expect(page.getByTestId("add-line")).toBeFocused();
});

test("a hundred steps are undone and done again", async ({ buyer, supplier, open }) => {
  await connect(buyer, supplier);
  const page = await open();
  await signIn(page, buyer, ANNE);
  forbidMouse(page);
  await arrange(page, buyer.url);
  for (let step = 1; step <= 100; step += 1) {
    await page.keyboard.type(`${step}`);
    await press(page, "Enter");
    await press(page, "ArrowUp");
  }
  await looks(page, { quantities: ["20", "100", "40", "", ""] });
  for (let step = 99; step >= 1; step -= 1) await press(page, "Ctrl+Z");
  await expect(said(page)).toHaveText("Angret: Endret antall på linje 2: 1 → 2");
  await looks(page, { quantities: ["20", "1", "40", "", ""] });
  await press(page, "Ctrl+Z");
  await looks(page, { quantities: ["20", "30", "40", "", ""] });
  for (let step = 1; step <= 100; step += 1) await press(page, "Ctrl+Shift+Z");
  await looks(page, { quantities: ["20", "100", "40", "", ""] });
});
