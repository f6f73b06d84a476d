"""Spanish tax identifiers: one written form, and whether the check letter is right.

Rules: Real Decreto 1065/2007 art. 18-22 (NIF), Orden EHA/451/2008 (entities' NIF, the former CIF)."""

import re

_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_CIF_LETTERS = "JABCDEFGHI"
_DNI = re.compile(r"\d{8}[A-Z]")
_NIE = re.compile(r"[XYZ]\d{7}[A-Z]")
_SPECIAL = re.compile(r"[KLM]\d{7}[A-Z]")
_CIF = re.compile(r"[ABCDEFGHJNPQRSUVW]\d{7}[0-9A-J]")


def normalise(tax_id: str) -> str:
    """Upper case without separators: `12.345.678-z` → `12345678Z`. Never longer than what was written: a
    letter whose upper case takes several (`ß` → `SS`) stays."""
    return "".join(_upper(letter) for letter in re.sub(r"[\s.\-/·]", "", tax_id))


def has_wrong_check(tax_id: str) -> bool:
    """True for a normalised id in the form of a DNI, NIE or entity's NIF whose check character is wrong.
    A foreign id has another form and is never wrong."""
    if _DNI.fullmatch(tax_id):
        return tax_id[-1] != _person_letter(tax_id[:8])
    if _NIE.fullmatch(tax_id):
        return tax_id[-1] != _person_letter(str("XYZ".index(tax_id[0])) + tax_id[1:8])
    if _SPECIAL.fullmatch(tax_id):
        return tax_id[-1] != _person_letter(tax_id[1:8])
    if _CIF.fullmatch(tax_id):
        return tax_id[-1] not in _entity_checks(tax_id)
    return False


def _upper(letter: str) -> str:
    upper = letter.upper()
    return upper if len(upper) == 1 else letter


def _person_letter(digits: str) -> str:
    return _LETTERS[int(digits) % 23]


def _entity_checks(tax_id: str) -> str:
    digits = [int(d) for d in tax_id[1:8]]
    odd = sum(sum(divmod(2 * d, 10)) for d in digits[0::2])
    control = -(odd + sum(digits[1::2])) % 10
    if tax_id[0] in "NPQRSW":
        return _CIF_LETTERS[control]
    if tax_id[0] in "ABEH":
        return str(control)
    return str(control) + _CIF_LETTERS[control]
