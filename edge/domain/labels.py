"""Labels 标签: what the QR code on a box, slot or card says; fixed for ever, with neither title nor number in it.

``SR1:`` + kind letter + 13 Crockford base32 characters (a 64-bit number) + one check character of the same alphabet.
The check is a sum over GF(32) with a different power of a primitive element at each place, so every single wrong
character and every swap of two characters, neighbours or not, is found; a mod-31 or mod-32 sum would miss some.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal, get_args

from edge.errors import InputRefused

Kind = Literal["B", "S", "I", "V", "P", "A"]  # box, slot, item, volume, person, cabinet

PREFIX = "SR1:"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {letter: value for value, letter in enumerate(_ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_NUMBER_CHARACTERS = 13
_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)


@dataclass(frozen=True, slots=True)
class Label:
    """``number``: 64 bits, unique within its kind. ``text``: as printed."""

    kind: Kind
    number: int
    text: str


def make(kind: Kind, number: int) -> str:
    """The label of ``number`` (0 ≤ number < 2^64)."""
    if kind not in get_args(Kind) or not 0 <= number < 2**64:
        raise ValueError(f"no label for {kind!r} {number}")
    digits = "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (_NUMBER_CHARACTERS - 1), -1, -5))
    return f"{PREFIX}{kind}{digits}{_ALPHABET[_check(kind + digits)]}"


def mint(kind: Kind) -> str:
    """A new label with 64 random bits; the store's unique index refuses the twin that will never come."""
    return make(kind, secrets.randbits(64))


def parse(text: str) -> Label:
    """The label that a scanner or hand wrote; I, L, O are read as 1, 1, 0. InputRefused ``label_unreadable``."""
    written = text.strip().upper()
    body = written.removeprefix(PREFIX)
    kind, digits, check = body[:1], body[1:-1], body[-1:]
    if (
        written == body
        or len(digits) != _NUMBER_CHARACTERS
        or kind not in get_args(Kind)
        or not all(letter in _VALUE for letter in digits + check)
        or _check(kind + digits) != _VALUE[check]
    ):
        raise InputRefused("label_unreadable", "scan_label_again", text=text[:40])
    number = 0
    for letter in digits:
        number = number << 5 | _VALUE[letter]
    if number >= 2**64:
        raise InputRefused("label_unreadable", "scan_label_again", text=text[:40])
    return Label(kind, number, make(kind, number))  # type: ignore[arg-type]  # kind is one of Kind, tested above


def _check(letters: str) -> int:
    """Horner's rule over GF(32): the check's own weight is 1, the letter before it weighs α, the next α², …"""
    total = 0
    for letter in letters:
        total = _TIMES_ALPHA[total ^ _VALUE[letter]]
    return total


def _times_alpha(value: int) -> int:
    value <<= 1
    return value ^ _FIELD_POLYNOMIAL if value & 32 else value


_TIMES_ALPHA = tuple(_times_alpha(value) for value in range(32))
