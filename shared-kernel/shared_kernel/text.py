"""Text as people compare it: without case and without marks."""

import unicodedata


def fold(text: str) -> str:
    """Lower case, compatibility-decomposed, marks off, spaces single: `Muñoz  GARCÍA` → `munoz garcia`."""
    if text.isascii():  # most words, and many times as fast
        return " ".join(text.lower().replace("\0", "").split())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c) and c != "\0").split())
