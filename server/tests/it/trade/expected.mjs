// What must stand at the supplier, computed straight from the source files and from nothing else of this project:
//   node expected.mjs SOURCE
// One JSON object: order -> { lines: [[supplier's number, quantity, amount in hundredths]], total in hundredths }.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const lines = readFileSync(join(process.argv[2], "order_details_odd_ids.csv"), "utf8").trim().split(/\r?\n/).slice(1);
const SCALE = 1_000_000n;

/** A decimal as millionths. */
function millionths(text) {
  const [whole, part = ""] = text.split(".");
  return BigInt(whole) * SCALE + BigInt(part.padEnd(6, "0").slice(0, 6));
}

const orders = {};
for (const line of lines) {
  const [order, product, price, quantity, discount] = line.split(",");
  // quantity × price × (1 − discount), in 10⁻¹⁸; then to hundredths, half up.
  const exact = millionths(quantity) * millionths(price) * (SCALE - millionths(discount));
  const unit = SCALE * SCALE * SCALE / 100n;
  const amount = (exact + unit / 2n) / unit;
  const entry = (orders[order] ??= { lines: [], total: 0 });
  entry.lines.push([product, Number(quantity), Number(amount)]);
  entry.total += Number(amount);
}
console.log(JSON.stringify(orders));
