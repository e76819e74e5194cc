"""Chinese typed as syllables at a wall panel that has no input method: what typed letters may be meant as."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

OFFERED = 40
LONGER = 6  # words whose beginning was typed


@dataclass(frozen=True, slots=True)
class Offer:
    """``used``: how many of the typed letters it stands for; what is left is typed on."""

    text: str
    used: int


class Syllables:
    """``table``: syllables with spaces between them ("dang an") → words; lines and words: the usual first."""

    def __init__(self, table: Mapping[str, tuple[str, ...]]) -> None:
        self._whole: dict[str, list[str]] = {}
        self._initials: dict[str, list[str]] = {}
        self._sounds: dict[str, str] = {}
        for syllables, words in table.items():
            parts = syllables.split()
            self._whole.setdefault("".join(parts), []).extend(words)
            if len(parts) > 1:
                self._initials.setdefault("".join(part[0] for part in parts), []).extend(words)
            else:
                for character in words:
                    self._sounds.setdefault(character, parts[0])
        self._rank = {key: place for place, key in enumerate(self._whole)}
        self._keys = sorted(self._whole)

    def offers(self, letters: str, own: Iterable[str] = ()) -> list[Offer]:
        """Best first: ``own`` (the site's names), the word that sounds so, longer ones, then shorter beginnings."""
        found = {word: len(letters) for word in own if self._begins(word, letters)}
        for word in self._whole.get(letters, ()):
            found.setdefault(word, len(letters))
        if len(letters) > 1:
            for word in self._initials.get(letters, ()):
                found.setdefault(word, len(letters))
        for word in self._longer(letters):
            found.setdefault(word, len(letters))
        for end in range(len(letters) - 1, 0, -1):
            for word in self._whole.get(letters[:end], ()):
                found.setdefault(word, end)
        return [Offer(text, used) for text, used in islice(found.items(), OFFERED)]

    def _longer(self, letters: str) -> list[str]:
        first = bisect_left(self._keys, letters)
        last = bisect_left(self._keys, letters + "{")  # the character behind z
        usual = sorted((key for key in self._keys[first:last] if key != letters), key=self._rank.__getitem__)
        return [self._whole[key][0] for key in usual[:LONGER]]

    def _begins(self, word: str, letters: str) -> bool:
        sounds = [self._sounds.get(character, "") for character in word]
        return "".join(sounds).startswith(letters) or "".join(sound[:1] for sound in sounds).startswith(letters)
