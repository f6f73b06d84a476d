"""The words by which the desk finds a patient, those it types, and when the two sound or look alike."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from patients.domain.patient import Particulars, Status
from shared_kernel.text import fold

WORD_LENGTH = 40
"""Words are cut here, the typed ones too: what differs further on is found all the same."""
SORT_LENGTH = 60
MOST_WORDS = 8
INFIX_LENGTH = 3
"""Shorter words are found only from their beginning."""
FUZZY_LENGTH = 4
"""Shorter words must be spelled right (product §1)."""
TWO_EDITS_LENGTH = 8
_COMPARED = 20
_MOST_KEPT = 20

_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "·": None}
)
_SIGNS = str.maketrans(dict.fromkeys("’‘`´ʼʻ′", "'") | dict.fromkeys("‐‑‒–—―−", "-"))
_MARIA = re.compile(r"\bm\.?\s?ª\.?", re.IGNORECASE)

_NEXT_TO_NONE = r"(?<![^\W_])"
_END = r"(?![^\W_])"
_WORD = r"[^\W_]+(?:'[^\W_]+)*"
_TYPED = re.compile(
    rf"(?P<address>[^\s@]*@\S*)"
    rf"|(?P<tax_id>{_NEXT_TO_NONE}(?:[a-z][.\-\s]?)?\d(?:[.\-\s]?\d){{6,7}}[.\-\s]?[a-z]{_END}"
    rf"|{_NEXT_TO_NONE}[a-z][.\-]\d+(?:[.\-]\d+)*{_END})"
    rf"|(?P<digits>\+?{_NEXT_TO_NONE}\d+(?:[\s.\-()]+\d+)*{_END})"
    rf"|(?P<word>{_WORD})"
)
_INTERNATIONAL = re.compile(r"^(?:\+|00)(?:34)?(?=\d)")
_SPANISH_PHONE = re.compile(r"(?:34)?(\d{9})")


@dataclass(frozen=True)
class IndexCard:
    """What the search index keeps of a patient. `words` are those of name, phone, e-mail, tax id and number;
    `names`, some of them, those of the name, which a misspelling may mean."""

    number: int
    sort_key: str
    active: bool
    words: frozenset[str]
    names: frozenset[str]


def index_card(number: int, particulars: Particulars) -> IndexCard:
    """The card of the patient with this short number."""
    names = _cut(name_words(particulars.full_name))[:_MOST_KEPT]
    others = [
        str(number),
        *_phone_words(_folded(particulars.phone or "")),
        "".join(_parts(_folded(particulars.tax_id or ""))),
        *_address_words(_folded(particulars.email or "")),
    ]
    return IndexCard(
        number=number,
        sort_key=alphabetical(particulars)[:SORT_LENGTH].rstrip(),
        active=particulars.status is Status.ACTIVE,
        words=frozenset([*names, *_cut(word for word in others if word)[:_MOST_KEPT]]),
        names=frozenset(names),
    )


def alphabetical(particulars: Particulars) -> str:
    """By what the patient stands in an alphabetical list: `munoz garcia maria jose`."""
    return fold(f"{particulars.last_name} {particulars.first_name}")


def name_words(name: str) -> Iterator[str]:
    """The words of a name as they are compared: `Mª José d'Ors` → maria, jose, dors, d, ors."""
    for word in re.findall(_WORD, _folded(name)):
        yield word.replace("'", "")
        if "'" in word:
            yield from word.split("'")


def words_sought(text: str) -> tuple[str, ...]:
    """The words of a search, at most eight: digits and separators of a phone or a tax id are one word."""
    found: dict[str, None] = {}
    for match in _TYPED.finditer(_folded(text)):
        found.update(dict.fromkeys(_cut(_meant(match))))
    return tuple(found)[:MOST_WORDS]


def suffixes(word: str) -> set[str]:
    """Where else a word may be found from than its beginning. Names of e-mail boxes joined by dots are
    found by their parts."""
    return set() if "." in word else {word[i:] for i in range(1, len(word) - INFIX_LENGTH + 1)}


def spelling_keys(word: str) -> set[str]:
    """What is left of a name and of its sound without one letter, or without two in words of six or more.
    A misspelling shares one of these with the word that was meant."""
    return _without(word, 2 if len(word) >= TWO_EDITS_LENGTH - 2 else 1)


def misspelling_keys(word: str) -> set[str]:
    """The same of a typed word, in which two letters may be wrong from eight on."""
    return _without(word, 2 if len(word) >= TWO_EDITS_LENGTH else 1)


def may_be_misspelled(word: str) -> bool:
    """Long enough, and of letters alone."""
    return len(word) >= FUZZY_LENGTH and word.isalpha()


def sound(word: str) -> str:
    """Equal for what sounds alike in Spanish: b/v, s/z/soft c, ll/y, g/j before e and i; h is silent."""
    word = re.sub("(?<!c)h", "", word).replace("ll", "y").replace("v", "b").replace("z", "s")
    return re.sub("g(?=[ei])", "j", re.sub("c(?=[ei])", "s", word))


def compared(word: str) -> str:
    """The part of a word that spelling is judged by."""
    return word[:_COMPARED]


def _folded(text: str) -> str:
    return fold(_MARIA.sub(" maria ", text.translate(_SIGNS))).translate(_PLAIN)


def _cut(words: Iterable[str]) -> list[str]:
    return [word[:WORD_LENGTH] for word in words]


def _parts(folded: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded)


def _phone_words(phone: str) -> Iterator[str]:
    for one in re.split(r"[^\d\s.\-()+]+", phone):
        digits = re.sub(r"[^\d+]", "", one)
        if digits:
            yield _national(digits)


def _national(phone: str) -> str:
    """Without how it is dialled from abroad: `+34600112233` → `600112233`, `+33612345678` → `33612345678`."""
    spanish = _SPANISH_PHONE.fullmatch(phone)
    return spanish[1] if spanish else _INTERNATIONAL.sub("", phone).replace("+", "")


def _address_words(folded: str) -> list[str]:
    box = _box(folded)
    return [*_parts(folded), *([box] if box else [])]


def _box(folded: str) -> str:
    """`maria.munoz` of `maria_munoz@…`: seldom two patients', so an address is found at once."""
    return ".".join(_parts(folded.partition("@")[0]))


def _meant(match: re.Match[str]) -> list[str]:
    text = match[0]
    match match.lastgroup:
        case "address":
            box, _, domain = text.partition("@")
            return [word for word in (_box(box), *_parts(domain)) if word]
        case "tax_id":
            return ["".join(_parts(text))]
        case "digits":
            return _typed_digits(text)
        case _:
            return [text.replace("'", "")]


def _typed_digits(text: str) -> list[str]:
    """A phone written in groups is one word; beside a long number each stands for itself."""
    digits = re.sub(r"[^\d+]", "", text)
    if _INTERNATIONAL.match(digits) or _SPANISH_PHONE.fullmatch(digits):
        return [_national(digits)]
    groups = re.findall(r"\d+", text)
    return groups if max(map(len, groups)) > 6 else [digits]


def _without(word: str, letters: int) -> set[str]:
    kept = compared(word)
    return {
        "".join(rest)
        for spelled in {kept, sound(kept)}
        for gone in range(min(letters, len(spelled)) + 1)
        for rest in combinations(spelled, len(spelled) - gone)
    }
