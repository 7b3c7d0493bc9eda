// The rules answer alike on this machine and in a browser: numbers, dates, sums, matching and merging over the same inputs.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "../support/story";

const program = process.env.EQUALITY_PROGRAM ?? "";
const module = process.env.EQUALITY_WASM ?? "";
const COUNT = 20_000;

function here(...argumentsOf: (string | number)[]): string {
  return execFileSync(program, argumentsOf.map(String), { encoding: "utf8", maxBuffer: 1 << 24 });
}

type Rules = {
  memory: WebAssembly.Memory;
  digest(seed: bigint, from: number, count: number): bigint;
  answer(seed: bigint, index: number): bigint;
};
declare global {
  interface Window {
    rules: Rules;
  }
}

test("the rules answer alike in the browser", async ({ page, database }) => {
  test.skip(database === "postgres", "no database takes part");
  test.skip(program === "" || module === "", "EQUALITY_PROGRAM and EQUALITY_WASM say where both halves are");
  const bytes = readFileSync(module).toString("base64");
  await page.goto("about:blank");
  await page.evaluate(async (encoded) => {
    const binary = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(binary, {});
    window.rules = instance.exports as unknown as Rules;
  }, bytes);
  const there = (seed: number, from: number, count: number) =>
    page.evaluate(
      ([seed, from, count]) => BigInt.asUintN(64, window.rules.digest(BigInt(seed), from, count)).toString(),
      [seed, from, count] as const,
    );
  for (const seed of [1, 2, 2026]) {
    if ((await there(seed, 0, COUNT)) === here("digest", seed, 0, COUNT)) continue;
    // Halved until one input is left, which is told.
    let [from, count] = [0, COUNT];
    while (count > 1) {
      const half = Math.floor(count / 2);
      const differs = (await there(seed, from, half)) !== here("digest", seed, from, half);
      [from, count] = differs ? [from, half] : [from + half, count - half];
    }
    const inBrowser = await page.evaluate(
      ([seed, index]) => {
        const place = BigInt.asUintN(64, window.rules.answer(BigInt(seed), index));
        const bytes = new Uint8Array(window.rules.memory.buffer, Number(place >> 32n), Number(place & 0xffffffffn));
        return new TextDecoder().decode(bytes);
      },
      [seed, from] as const,
    );
    expect(inBrowser, `seed ${seed}, input ${from}`).toBe(here("answer", seed, from));
  }
});
