"""Chinese typed as syllables at a wall panel that has no input method: what typed letters may be meant as."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
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
        self._sounds: dict[str, list[str]] = {}  # a character has several readings: 王 is wang, and once was yu
        for syllables, words in table.items():
            parts = syllables.split()
            self._whole.setdefault("".join(parts), []).extend(words)
            if len(parts) > 1:
                self._initials.setdefault("".join(part[0] for part in parts), []).extend(words)
            else:
                for character in words:
                    self._sounds.setdefault(character, []).append(parts[0])
        self._rank = {key: place for place, key in enumerate(self._whole)}
        self._keys = sorted(self._whole)

    def offers(self, letters: str, own: Mapping[str, str] | None = None) -> list[Offer]:
        """Best first: ``own`` (names of the site as they are written → in the table's characters), the word that sounds
        so, longer ones, then shorter beginnings.
        """
        found = {written: len(letters) for written, word in (own or {}).items() if self._begins(word, letters)}
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
        """Whether ``letters`` are its beginning as it sounds, by any reading of each character, or its initials."""
        sounds = [self._sounds.get(character, []) for character in word]
        initials = len(letters) <= len(word) and all(
            any(sound.startswith(letter) for sound in readings)
            for letter, readings in zip(letters, sounds, strict=False)
        )
        return initials or _spelled(letters, sounds)


def _spelled(letters: str, sounds: Sequence[Sequence[str]]) -> bool:
    rests = {letters}
    for readings in sounds:
        if any(sound.startswith(rest) for rest in rests for sound in readings):
            return True
        rests = {rest[len(sound) :] for rest in rests for sound in readings if rest.startswith(sound)}
    return False
