/** Two versions of a text, told apart word by word. */
import { expect, test } from "vitest";
import { diffTexts } from "./textDiff";

test("only the words in the middle differ", () => {
  expect(diffTexts("Dolor en la rodilla derecha al subir", "Dolor en la rodilla izquierda al subir")).toEqual(
    {
      start: "Dolor en la rodilla ",
      removed: "derecha",
      added: "izquierda",
      end: " al subir",
    },
  );
});

test("what was added at the end is only added", () => {
  expect(diffTexts("Masaje", "Masaje y calor")).toEqual({
    start: "Masaje",
    removed: "",
    added: " y calor",
    end: "",
  });
});

test("a repeated word is not counted twice", () => {
  const { start, removed, added, end } = diffTexts("no no no", "no no");
  expect(start + removed + end).toBe("no no no");
  expect(start + added + end).toBe("no no");
});

test.each([
  ["", "Nuevo", "", "Nuevo"],
  ["Viejo", "", "Viejo", ""],
])("from “%s” to “%s”", (before, after, removed, added) => {
  expect(diffTexts(before, after)).toEqual({ start: "", removed, added, end: "" });
});
