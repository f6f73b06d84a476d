"""Spanish tax identifiers: one written form, and whether the check letter is right.

Rules: Real Decreto 1065/2007 art. 18-22 (NIF), Orden EHA/451/2008 (entities' NIF, the former CIF)."""

import re
import unicodedata

_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_CIF_LETTERS = "JABCDEFGHI"
_DNI = re.compile(r"\d{8}[A-Z]")
_NIE = re.compile(r"[XYZ]\d{7}[A-Z]")
_SPECIAL = re.compile(r"[KLM]\d{7}[A-Z]")
_CIF = re.compile(r"[ABCDEFGHJNPQRSUVW]\d{7}[0-9A-J]")


def normalise(tax_id: str) -> str:
    """Upper case without separators: `12.345.678-z` → `12345678Z`, whatever kind of dash or digit it has.
    Never longer than what was written: a letter whose upper case takes several (`ß` → `SS`) stays."""
    if tax_id.isascii() and tax_id.isalnum():
        return tax_id.upper()
    return "".join(_plain(character) for character in tax_id if not _separates(character))


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


def _separates(character: str) -> bool:
    """True for punctuation, mathematical signs (minus, a fraction's slash), spaces and what has no width."""
    category = unicodedata.category(character)
    return category[0] in "CPZ" or category == "Sm"


def _plain(character: str) -> str:
    """The ASCII digit or the capital, if that is one character: `７` → `7`, `ｚ` → `Z`."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    compatible = unicodedata.normalize("NFKC", character)
    character = compatible if len(compatible) == 1 else character
    capital = character.upper()
    return capital if len(capital) == 1 else character


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
