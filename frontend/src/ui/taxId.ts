/** Whether a Spanish tax identifier has the check character its digits ask for, to warn while it is typed. */

const LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
const ENTITY_LETTERS = "JABCDEFGHI";

// Real Decreto 1065/2007, articles 18 to 22; Orden EHA/451/2008 for entities (the former CIF).
const PERSON = /^([XYZKLM]?)(\d{7,8})([A-Z])$/;
const ENTITY = /^([ABCDEFGHJNPQRSUVW])(\d{7})([0-9A-J])$/;
const WITH_LETTER = "NPQRSW";
const WITH_DIGIT = "ABEH";

/** False for whatever has another form: a passport or a foreign identifier is legal. */
export function hasWrongCheck(typed: string): boolean {
  const written = typed.replace(/[\s.\-/·]/g, "").toUpperCase();
  const [, entity = "", digits = "", check = ""] = ENTITY.exec(written) ?? [];
  if (entity) return !entityChecks(entity, digits).includes(check);
  const [, first = "", number = "", letter = ""] = PERSON.exec(written) ?? [];
  if (number.length !== (first ? 7 : 8)) return false;
  const leading = "XYZ".includes(first) && first ? "XYZ".indexOf(first) : "";
  return LETTERS[Number(leading + number) % 23] !== letter;
}

/** The characters that may stand at the end of an entity's identifier. */
function entityChecks(entity: string, digits: string): string {
  const doubled = (digit: number) => Math.floor((2 * digit) / 10) + ((2 * digit) % 10);
  const sum = [...digits]
    .map(Number)
    .reduce((total, digit, at) => total + (at % 2 ? digit : doubled(digit)), 0);
  const control = (10 - (sum % 10)) % 10;
  const letter = ENTITY_LETTERS[control] ?? "";
  if (WITH_LETTER.includes(entity)) return letter;
  return WITH_DIGIT.includes(entity) ? String(control) : control + letter;
}
