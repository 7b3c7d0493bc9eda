// Stories from the keyboard alone: the table of keys as the program has it, and pages that refuse a mouse.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Page, expect } from "@playwright/test";

export interface Binding {
  context: string;
  keys: string[];
  action: string;
}

/** The table of `domain::keyboard`, written by its tests. */
export const KEYS: Binding[] = JSON.parse(readFileSync(join(__dirname, "keys.json"), "utf8"));

/** Presses a key as the table spells it; `G O` is two keys. */
export async function press(page: Page, spelt: string): Promise<void> {
  for (const key of spelt.split(" ")) {
    const named = key.replace("Ctrl", "Control");
    // Letters are spelt large in the table, and are pressed small.
    await page.keyboard.press(named.replace(/(^|\+)([A-Z])$/, (_, plus, letter) => plus + letter.toLowerCase()));
  }
}

const POINTERS = ["click", "dblclick", "tap", "hover", "dragTo", "check", "uncheck", "setChecked", "selectOption"];
const guarded = new WeakSet<Page>();
let prototypeIsGuarded = false;

/** From now on anything that points on this page breaks the story. */
export function forbidMouse(page: Page): void {
  const refuse = (what: string) => () => {
    throw new Error(`${what}: this story has no mouse`);
  };
  for (const name of ["click", "dblclick", "down", "move", "up", "wheel"] as const) page.mouse[name] = refuse(`mouse.${name}`);
  page.touchscreen.tap = refuse("touchscreen.tap");
  for (const name of POINTERS) if (name in page) (page as any)[name] = refuse(`page.${name}`);
  guarded.add(page);
  if (prototypeIsGuarded) return;
  prototypeIsGuarded = true;
  const locators = Object.getPrototypeOf(page.locator("body"));
  for (const name of POINTERS) {
    const original = locators[name];
    locators[name] = function (this: { page(): Page }, ...rest: unknown[]) {
      return guarded.has(this.page()) ? refuse(`locator.${name}`)() : original.apply(this, rest);
    };
  }
}

/** Counts the keys that are pressed on a page, each taking as long as a practised hand takes. */
export class Hands {
  keys = 0;

  constructor(
    private readonly page: Page,
    private readonly milliseconds = 60,
  ) {}

  async type(text: string): Promise<void> {
    this.keys += text.length;
    await this.page.keyboard.type(text, { delay: this.milliseconds });
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.keys += 1;
      await this.page.keyboard.press(key, { delay: this.milliseconds });
    }
  }

  /** Tab until the element with the id has the focus. */
  async tabTo(id: string): Promise<void> {
    for (let tries = 0; tries < 60; tries += 1) {
      if ((await focused(this.page)) === id) return;
      await this.press("Tab");
    }
    expect(await focused(this.page)).toBe(id);
  }

  /** What all keys took together, in seconds. */
  get seconds(): number {
    return (this.keys * this.milliseconds) / 1000;
  }
}

/** The id of the element that has the focus. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.id ?? "");
}
