/** Who may import whom: ui, api, i18n <- features <- app, and never one feature another. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { expect, test } from "vitest";

const SRC = join(process.cwd(), "src");
const MAY_IMPORT: Record<string, readonly string[]> = {
  i18n: [],
  api: ["i18n"],
  ui: ["i18n"],
  features: ["ui", "api", "i18n"],
  app: ["features", "ui", "api", "i18n"],
};
const IMPORT = /(?:from|import)\s*\(?\s*"([^"]+)"/g;

/** `features/patients` is its own place; the others are one each. */
function placeOf(path: string): string {
  const [layer = "", feature] = path.split("/");
  return layer === "features" ? `features/${feature}` : layer;
}

function violations(path: string, source: string): string[] {
  const from = placeOf(path);
  const allowed = MAY_IMPORT[from.split("/")[0] ?? ""];
  if (!allowed) return [`${path} is in no layer`];
  return [...source.matchAll(IMPORT)]
    .map(([, target = ""]) => target)
    .map((target) =>
      target.startsWith("@/")
        ? target.slice(2)
        : target.startsWith(".")
          ? posix.join(dirname(path), target)
          : null,
    )
    .filter((target) => target !== null)
    .filter((target) => placeOf(target) !== from && !allowed.includes(target.split("/")[0] ?? ""))
    .map((target) => `${path} imports ${target}`);
}

function sources(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
    (path) => /\.tsx?$/.test(path) && !/\.(test|gen)\./.test(path),
  );
}

test("every module imports only what its layer may", () => {
  const found = sources().flatMap((path) => violations(path, readFileSync(join(SRC, path), "utf8")));
  expect(found).toEqual([]);
  expect(sources().length).toBeGreaterThan(60);
});

test.each([
  ["a feature another feature", "features/billing/x.ts", 'import { y } from "@/features/patients/queries";'],
  ["the same by a relative way", "features/billing/x.ts", 'import { y } from "../patients/queries";'],
  ["the same lazily", "features/billing/x.ts", 'const y = import("../patients/queries");'],
  ["a feature the application", "features/billing/x.ts", 'import { y } from "@/app/router";'],
  ["the design a call", "ui/x.tsx", 'import { y } from "@/api/http";'],
  ["a call the design", "api/x.ts", 'import { y } from "../ui/toast";'],
  ["a stray module anything", "helpers/x.ts", ""],
])("it is noticed when %s imports", (_, path, planted) => {
  expect(violations(path, planted)).toHaveLength(1);
});
