/** Totals in integer cents: rounded half-up per line, exact where floats are not. */
import { expect, test } from "vitest";
import { speak } from "@/i18n/language";
import { asDecimal, asTyped, asTypedQuantity, centsOf, hundredths, lineCents, totalCents } from "./cents";

test.each([
  ["60", 6000],
  ["60.5", 6050],
  ["60,50", 6050],
  [" 1.10 ", 110],
  ["999999.99", 99999999],
  ["60.505", null],
  ["1.234,50", null],
  ["-1", -100],
  ["−0,5", -50],
  ["-0", 0],
  ["1-", null],
  ["1e3", null],
  ["", null],
])("“%s” is read as %s hundredths", (text, amount) => {
  expect(hundredths(text)).toBe(amount);
});

test.each([
  ["1", "60.00", 6000],
  ["3", "1.10", 330],
  ["0.5", "0.01", 1],
  ["0.33", "10.00", 330],
  ["1.15", "0.10", 12],
  ["10000", "999999.99", 999999990000],
  ["0.5", "-0.01", -1],
  ["2", "-30", -6000],
])("%s × %s is %s cents, half a cent going up", (quantity, price, cents) => {
  expect(lineCents(quantity, price)).toBe(cents);
});

test("a line that is still being written counts nothing", () => {
  expect(
    totalCents([
      { quantity: "1", unitPrice: "60" },
      { quantity: "", unitPrice: "5" },
    ]),
  ).toBe(6000);
});

test("the total is the sum of the rounded lines, not the rounding of the sum", () => {
  const half = { quantity: "0.5", unitPrice: "0.01" };
  expect(totalCents([half, half, half])).toBe(3);
});

test.each([
  [0, "0.00"],
  [5, "0.05"],
  [6000, "60.00"],
  [123456, "1234.56"],
  [-5, "-0.05"],
  [-6000, "-60.00"],
])("%s cents are written %s", (cents, text) => {
  expect(asDecimal(cents)).toBe(text);
});

test.each([
  ["60.00", 6000],
  ["-0.05", -5],
  ["90071992.54", 9007199254],
])("%s of the wire are %s cents", (decimal, cents) => {
  expect(centsOf(decimal)).toBe(cents);
});

test("an amount stands in a field as one types it", () => {
  expect([
    asTyped("1234.50"),
    asTypedQuantity("2.00"),
    asTypedQuantity("1.50"),
    asTypedQuantity("10"),
  ]).toEqual(["1234.50", "2", "1.50", "10"]);
  speak("es", {});
  expect([asTyped("1234.50"), asTypedQuantity("1.50")]).toEqual(["1234,50", "1,50"]);
});
