"""People's names and ids: text in any script, shown to people, and never part of a path."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from export.gallery.errors import InvalidName

LONGEST = 200
# Without these two joiners, Persian and Indic names are misspelt.
_JOINERS = {"\u200c", "\u200d"}


def clean(text: str) -> str:
    """Text as one line of visible characters in NFC.

    Control characters could drive a terminal, and marks of direction could show a name other than the one stored.
    """
    spaced = "".join(" " if character.isspace() else character for character in text)
    visible = "".join(
        character
        for character in spaced
        if character in _JOINERS or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
    return " ".join(unicodedata.normalize("NFC", visible).split())


def person_name(text: str) -> str:
    """A cleaned name. Raises InvalidName for one that is too long or has neither letter nor digit."""
    name = clean(text)
    if len(name) > LONGEST:
        raise InvalidName(name=f"{name[:20]}…", reason=f"it is longer than {LONGEST} characters")
    if not any(character.isalnum() for character in name):
        raise InvalidName(name=name, reason="it has no letter")
    return name


def person_id(name: str, department: str) -> str:
    """The same for the same name and department, whoever else is in the gallery: a readable part and a hash."""
    latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:40].rstrip("-")
    digest = hashlib.sha256(f"{department}\0{name}".encode()).hexdigest()[:12]
    return f"{readable}-{digest}" if readable else digest
