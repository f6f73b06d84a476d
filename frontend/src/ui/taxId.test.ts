/** The check character of a Spanish tax identifier, of people and of entities. */
import { expect, test } from "vitest";
import { hasWrongCheck } from "./taxId";

test.each(["12345678Z", "12.345.678-z", "X1234567L", "y-1234567-x", "Z1234567R", "K1234567L"])(
  "%s is right",
  (id) => expect(hasWrongCheck(id)).toBe(false),
);

test.each(["B12345674", "b-12345674", "A58818501", "Q2826000H", "G28029643", "C1234567D", "C12345674"])(
  "%s of an entity is right",
  (id) => expect(hasWrongCheck(id)).toBe(false),
);

test.each(["12345678A", "X1234567A", "00000000R", "M1234567A"])("%s has a wrong letter", (id) => {
  expect(hasWrongCheck(id)).toBe(true);
});

test.each(["B12345675", "B1234567D", "Q28260008", "A58818502"])("%s has a wrong check character", (id) => {
  expect(hasWrongCheck(id)).toBe(true);
});

test.each(["", "1234", "12345678", "AB123456", "PAB123456", "FR12345678901", "DE123456789"])(
  "“%s” has no check that is known here",
  (id) => expect(hasWrongCheck(id)).toBe(false),
);
