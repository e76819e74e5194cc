"""What the panel's keyboard offers for typed letters: the site's own names first, then the node's table of words."""

from __future__ import annotations

import re
from functools import cache

from edge.domain.search_text import normalise, traditional
from edge.domain.typed_syllables import Offer, Syllables
from edge.words import HERE
from edge.workflows.room import Room

TABLE = HERE / "typing.txt"
LETTERS = re.compile(r"[a-z]{1,24}")


def offers(room: Room, letters: str, language: str) -> list[Offer]:
    """Empty for what cannot be pinyin. ``language`` zh-Hant: in Traditional characters, names as they are written."""
    if not LETTERS.fullmatch(letters):
        return []
    own = _own(room)
    found = _table().offers(letters, own)
    if language != "zh-Hant":
        return found
    written: dict[str, int] = {}
    for one in found:
        written.setdefault(one.text if one.text in own else traditional(one.text), one.used)
    return [Offer(text, used) for text, used in written.items()]


def _own(room: Room) -> dict[str, str]:
    """Names of people, as the screen for signing in shows them to everybody, and of the room's places; simplified."""
    names = [part for person in room.people.all() for part in person.name.split()]
    return {name: normalise(name) for name in (*names, *room.places.values())}


@cache
def _table() -> Syllables:
    lines = (line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#"))
    parted = (line.split("\t") for line in lines)
    return Syllables({syllables: tuple(words.split()) for syllables, words in parted})
