/** The letter of a Spanish identity document. */
import { expect, test } from "vitest";
import { hasWrongLetter } from "./taxId";

test.each(["12345678Z", "12.345.678-z", "X1234567L", "y-1234567-x", "Z1234567R"])("%s is right", (id) => {
  expect(hasWrongLetter(id)).toBe(false);
});

test.each(["12345678A", "X1234567A", "00000000R"])("%s has a wrong letter", (id) => {
  expect(hasWrongLetter(id)).toBe(true);
});

test.each(["", "1234", "12345678", "AB123456", "PAB123456", "B12345674"])("“%s” is no DNI or NIE", (id) => {
  expect(hasWrongLetter(id)).toBe(false);
});
