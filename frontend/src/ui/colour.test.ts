/** Whatever accent a clinic configures, text in it and on it stays readable. */
import { expect, test } from "vitest";
import { contrast, readableOn, readableText } from "./colour";

const ACCENTS = ["#0f766e", "#ffeb3b", "#000000", "#ffffff", "#7c3aed", "#ff6600"];

test.each(ACCENTS)("%s has readable text on it and readable text in it", (accent) => {
  expect(contrast(readableOn(accent), accent)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(readableText(accent, "#ffffff"), "#ffffff")).toBeGreaterThanOrEqual(4.5);
  expect(contrast(readableText(accent, "#141c1a"), "#141c1a")).toBeGreaterThanOrEqual(4.5);
});

test("a colour that cannot be read falls back to the clinic's own", () => {
  expect(readableText("not a colour", "#ffffff")).toBe("#0f766e");
});
