"""Text as people compare it: without case and without marks."""

import unicodedata


def fold(text: str) -> str:
    """Lower case, compatibility-decomposed, marks off, spaces single: `Muñoz  GARCÍA` → `munoz garcia`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
