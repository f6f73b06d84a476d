/** Whether a DNI or NIE has the letter its digits ask for (Real Decreto 1065/2007), to warn while it is typed. */

const LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
const DNI_OR_NIE = /^([XYZ]?)(\d{7,8})([A-Z])$/;

/** False for whatever has another form: a passport or a foreign document is legal. */
export function hasWrongLetter(typed: string): boolean {
  const written = typed.replace(/[\s.\-/·]/g, "").toUpperCase();
  const [, first = "", digits = "", letter] = DNI_OR_NIE.exec(written) ?? [];
  if (digits.length !== (first ? 7 : 8)) return false;
  const number = Number((first ? "XYZ".indexOf(first) : "") + digits);
  return LETTERS[number % 23] !== letter;
}
