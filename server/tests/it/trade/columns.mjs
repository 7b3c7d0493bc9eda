// Turns a folder of Northwind's tables (https://github.com/microsoft/sql-server-samples) into the columns of `prodsys import`:
//   node columns.mjs SOURCE TARGET BUYER_SUPPLIER_ORG
// The buyer buys every order from one wholesaler, who in turn has the table's suppliers as its own.
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const [source, target, wholesaler] = process.argv.slice(2);
const COUNTRIES = {
  Australia: "AU", Brazil: "BR", Canada: "CA", Denmark: "DK", Finland: "FI", France: "FR", Germany: "DE", Italy: "IT",
  Japan: "JP", Netherlands: "NL", Norway: "NO", Singapore: "SG", Spain: "ES", Sweden: "SE", UK: "GB", USA: "US",
};

/** Rows of a CSV file with quotes, as objects. */
function table(name) {
  const text = readFileSync(join(source, name), "utf8").replace(/^\uFEFF/, "");
  const rows = [];
  let row = [], cell = "", quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') { cell += '"'; i++; } else if (c === '"') quoted = false; else cell += c;
    } else if (c === '"') quoted = true;
    else if (c === ",") { row.push(cell); cell = ""; }
    else if (c === "\n" || c === "\r") {
      if (c === "\r" && text[i + 1] === "\n") i++;
      row.push(cell); cell = "";
      if (row.some((value) => value !== "")) rows.push(row);
      row = [];
    } else cell += c;
  }
  if (cell !== "" || row.length) { row.push(cell); rows.push(row); }
  const [head, ...body] = rows;
  return body.map((values) => Object.fromEntries(head.map((column, i) => [column, values[i] ?? ""])));
}

function write(name, columns, rows) {
  // As a spreadsheet writes text that begins like a formula.
  const asText = (value) => (/^[=@]/.test(value) ? `'${value}` : value);
  const quote = (value) => (/[";\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = [columns, ...rows.map((row) => columns.map((column) => asText(row[column] ?? "")))];
  writeFileSync(join(target, name), lines.map((line) => line.map(quote).join(";")).join("\n") + "\n");
}

/** 0.15 is 15 percent; written without arithmetic on fractions. */
function percent(fraction) {
  const [whole, part = ""] = fraction.split(".");
  const digits = `${whole}${part.padEnd(2, "0").slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const rest = part.slice(2);
  return rest ? `${digits}.${rest}` : digits;
}

const CONTACT = ["name", "org_number", "country", "role", "street", "postal_code", "city", "email", "phone", "contact_person", "contact_email"];
const ARTICLE = ["number", "name", "unit", "price", "price_base_quantity", "currency", "vat_rate", "gtin", "pack_size", "supplier_org_number", "supplier_article_number"];
const ORDER = ["order_ref", "supplier_org_number", "requested_delivery_date", "currency", "article_number", "quantity", "unit", "unit_price", "price_base_quantity", "discount_percent", "note"];

mkdirSync(target, { recursive: true });
/** Foreign companies have any registration number; a Norwegian one gets nine digits with the right check digit (modulus 11). */
function registration(id, country) {
  if (COUNTRIES[country] !== "NO") return `NW-${id}`;
  for (let number = 3000000 + Number(id); ; number += 100) {
    const digits = [...`3${number}`];
    const sum = [3, 2, 7, 6, 5, 4, 3, 2].reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check !== 10) return digits.join("") + check;
  }
}
const suppliers = new Map(table("suppliers.csv").map((row) => [row.SupplierID, row]));
write("contacts.csv", CONTACT, [...suppliers.values()].map((row) => ({
  name: row.CompanyName, org_number: registration(row.SupplierID, row.Country), country: COUNTRIES[row.Country], role: "supplier",
  street: row.Address, postal_code: row.PostalCode, city: row.City, phone: row.Phone, contact_person: row.ContactName,
})));
const products = table("products.csv");
const article = (row) => ({ name: row.ProductName, unit: "EA", price: row.UnitPrice, price_base_quantity: "1", currency: "USD", vat_rate: "25" });
write("articles-supplier.csv", ARTICLE, products.map((row) => ({
  ...article(row), number: row.ProductID, supplier_org_number: registration(row.SupplierID, suppliers.get(row.SupplierID).Country),
  supplier_article_number: `${row.SupplierID}/${row.ProductID}`,
})));
write("articles-buyer.csv", ARTICLE, products.map((row) => ({
  ...article(row), number: `V${row.ProductID}`, supplier_org_number: wholesaler, supplier_article_number: row.ProductID,
})));
const orders = new Map(table("orders_odd_ids.csv").map((row) => [row.OrderID, row]));
write("purchase-orders.csv", ORDER, table("order_details_odd_ids.csv").map((row) => ({
  order_ref: row.OrderID, supplier_org_number: wholesaler, requested_delivery_date: orders.get(row.OrderID).RequiredDate.slice(0, 10),
  currency: "USD", article_number: `V${row.ProductID}`, quantity: row.Quantity, unit: "EA", unit_price: row.UnitPrice,
  price_base_quantity: "1", discount_percent: percent(row.Discount), note: orders.get(row.OrderID).ShipName,
})));
