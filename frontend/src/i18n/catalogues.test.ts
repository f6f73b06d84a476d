/** Every screen text exists in both languages with the same placeholders, and the agreed words are used. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import en from "./en.json";
import es from "./es.json";
import { formatMessage, placeholders } from "./message";

const english: Record<string, string> = en;
const spanish: Record<string, string> = es;

test("both catalogues have the same keys, in order", () => {
  expect(Object.keys(es)).toEqual(Object.keys(en));
  expect(Object.keys(en)).toEqual(Object.keys(en).toSorted());
});

test("each text is written and takes the same placeholders in both languages", () => {
  for (const [key, text] of Object.entries(english)) {
    expect(text.trim(), key).not.toBe("");
    expect(spanish[key]?.trim(), key).not.toBe("");
    expect(placeholders(spanish[key] ?? ""), key).toEqual(placeholders(text));
  }
});

test.each([
  ["New Patient", "Nuevo paciente"],
  ["First name", "Nombre"],
  ["Last name", "Apellidos"],
  ["ID document", "DNI"],
  ["Phone", "Teléfono"],
  ["Address", "Dirección"],
  ["Allergies", "Alergias"],
  ["New appointment", "Nueva cita"],
  ["Clinic calendar", "Calendario de la clínica"],
  ["New invoice", "Nueva factura"],
  ["Generate invoice", "Generar factura"],
  ["Confirm issuance", "Confirmar emisión"],
  ["Concept", "Concepto"],
  ["Price", "Precio"],
  ["Number gaps", "Huecos de numeración"],
  ["New customer", "Nuevo cliente"],
  ["Tax identifier", "NIF/CIF"],
  ["Save", "Guardar"],
  ["Cancel", "Cancelar"],
  ["Sign in", "Entrar"],
  ["Invalid credentials", "Credenciales inválidas"],
  ["No patients found", "No se encontraron pacientes"],
  ["No invoices found", "No se han encontrado facturas"],
])("the clinic says “%s” and «%s»", (inEnglish, inSpanish) => {
  const keys = Object.keys(english).filter((key) => english[key] === inEnglish);
  expect(keys.map((key) => spanish[key])).toContain(inSpanish);
});

test("plurals follow the language's rules and write the number in it", () => {
  const pattern = "{count, plural, =0 {none} one {# patient} other {# patients}} of {name}";
  expect(formatMessage(pattern, { count: 0, name: "A" }, "en")).toBe("none of A");
  expect(formatMessage(pattern, { count: 1, name: "A" }, "en")).toBe("1 patient of A");
  expect(formatMessage(pattern, { count: 12345, name: "A" }, "es")).toBe("12.345 patients of A");
});

test("no text is kept that no screen shows", () => {
  const src = join(process.cwd(), "src");
  const paths = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
    (path) => /\.tsx?$/.test(path) && !path.includes(".test."),
  );
  const source = paths.map((path) => readFileSync(join(src, path), "utf8")).join("\n");
  const families = [...source.matchAll(/t\(`([\w.]+\.)\$\{/g)].map(([, family = ""]) => family);
  const unused = Object.keys(en).filter(
    (key) => !source.includes(`"${key}"`) && !families.some((family) => key.startsWith(family)),
  );
  expect(unused).toEqual([]);
});
