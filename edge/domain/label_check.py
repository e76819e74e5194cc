"""Is it the right box? What the counter camera read, code and print, against what was asked for.

The code decides, unless the print names another box for certain: then a person reads the label. Where the code is torn,
the printed fonds and box number may, if they name one box for certain; a number that could be the rest of a longer one,
or another one upside down, is never taken for itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from edge.domain import labels
from edge.errors import InputRefused

Why = Literal[
    "match",
    "wrong_box",
    "unreadable",
    "foreign_code",
    "several",
    "stale_frame",
    "not_on_loan",
    "print_unclear",
    "code_and_print_differ",  # the code is another box's too: no number that a person reads makes it right
    "print_names_another",  # the code is the right one
]
By = Literal["code", "print", "person", ""]

# What a camera cannot tell a person may: the label in hand is read aloud by its number.
CANNOT_TELL: frozenset[Why] = frozenset(("unreadable", "foreign_code", "print_unclear", "print_names_another"))

FRAME_MAX_AGE_MS = 3000  # an older frame may show what was held there before
PRINT_SURE = 0.8  # least confidence in each character of a printed line
_DIGITS_UPSIDE_DOWN = frozenset("01689")
_LIKE_DIGITS = frozenset("bgiloqsz")  # small letters that worn 6, 9, 1, 1, 0, 9, 5, 2 are read as
_LETTERS_LIKE_DIGITS = frozenset("BDGILOQSZ")  # capitals that worn 8, 0, 6, 1, 1, 0, 0, 5, 2 are read as
_FONDS_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Z]([0-9A-Z]{3})(?![A-Za-z0-9])")
_FONDS_LETTER_FLECKED = re.compile(r"(?<![A-Za-z0-9])[EGR]\d{3}(?![A-Za-z0-9])")  # F, C, P with one fleck more
_FONDS_WITHOUT_LETTER = re.compile(
    r"全宗[号號]\d|全宗[号號][\s:：]*[01]\d{3}(?![0-9A-Za-z])"
    r"|(?<![A-Za-z0-9·.-])(?:[01]\d{3}-(?=[0-9A-Z])|\d{4}-(?:[A-Z]{2}·|\d{3}-\d))"
)  # the letter lost, or read as a digit
_DOT_IN_FONDS = re.compile(r"(?<![A-Za-z0-9])[A-Z]\d{0,2}\.\d")  # a speck
_DOT_LOST = re.compile(r"·\d{6}-")  # between a class and a year
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-·/][A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line; ``weakest``: confidence in its least sure character; ``agreed``: two networks read the same."""

    text: str
    weakest: float
    agreed: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """Labels of boxes that the print names exactly, and of others that it may mean: whose numbers contain what is
    printed, or whose fonds has a letter where a digit was read."""

    exact: tuple[str, ...] = ()
    longer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """``expected`` and ``seen`` are label texts, ``*_no`` what people call the same things; "" = nothing was seen."""

    ok: bool
    expected: str
    seen: str
    why: Why
    look_id: str
    expected_no: str = ""
    seen_no: str = ""
    by: By = ""

    @property
    def cannot_tell(self) -> bool:
        """A person reads the label instead."""
        return self.why in CANNOT_TELL


def ours(texts: Sequence[str], kinds: str = "BIV") -> list[str]:
    """The distinct labels of ``kinds`` among ``texts``, in canonical writing."""
    found: list[str] = []
    for text in texts:
        try:
            label = labels.parse(text)
        except InputRefused:
            continue
        if label.kind in kinds and label.text not in found:
            found.append(label.text)
    return found


def certain(lines: Sequence[Line]) -> list[str]:
    """The texts of lines that may count as evidence."""
    return [line.text for line in lines if line.agreed and line.weakest >= PRINT_SURE and not worn(line.text)]


def worn(text: str) -> bool:
    """Whether a sign of a number in it may have worn into another or away: a small letter where a digit may stand, as
    numbers are printed in capitals; a fonds number whose letter is lost, a digit or made another by a fleck, or that
    has a letter or a dot among its three digits, as they are one letter and three digits (DA/T 13-1994); a class and a
    year in one.
    """
    if any(rule.search(text) for rule in (_FONDS_WITHOUT_LETTER, _FONDS_LETTER_FLECKED, _DOT_IN_FONDS, _DOT_LOST)):
        return True
    for digits in _FONDS_NUMBER.findall(text):
        letters = {sign for sign in digits if not sign.isdigit()}
        if letters and letters <= _LETTERS_LIKE_DIGITS and any(sign.isdigit() for sign in digits):
            return True
    for token in _TOKEN.findall(text):
        small = {sign for sign in token if sign.islower()}
        if small and small <= _LIKE_DIGITS and any(sign.isdigit() for sign in token):
            return True
    return False


def letter_as_digit(fonds_no: str) -> bool:
    """Whether what was read may be one letter and three digits (DA/T 13-1994): O is read 0, I 1, a worn S 6."""
    return len(fonds_no) == 4 and fonds_no.isdigit()


def one_way_up(fonds_no: str, box_no: str) -> bool:
    """Whether the two together cannot be other numbers when the label is held upside down."""
    return not set(fonds_no + box_no) <= _DIGITS_UPSIDE_DOWN


def read_one(texts: Sequence[str], age_ms: int, printed: Printed = Printed()) -> tuple[str, Why, By]:
    """The one label in a frame with codes ``texts``: (label, "match", by what), or ("", why not, ""); with
    "code_and_print_differ" the label that the code names.
    """
    if age_ms > FRAME_MAX_AGE_MS:
        return "", "stale_frame", ""
    found = ours(texts)
    if len(found) > 1:
        return "", "several", ""
    if found:
        is_box = labels.parse(found[0]).kind == "B"
        if is_box and printed.exact and found[0] not in printed.exact:
            return found[0], "code_and_print_differ", ""
        return found[0], "match", "code"
    if len(printed.exact) > 1:
        return "", "several", ""
    if printed.exact or printed.longer:
        return (printed.exact[0], "match", "print") if not printed.longer else ("", "print_unclear", "")
    return "", "foreign_code" if texts else "unreadable", ""


def doubted(why: Why) -> Why:
    """The same for a frame whose code names what was asked for."""
    return "print_names_another" if why == "code_and_print_differ" else why


def judge_any(
    expected: Sequence[str], texts: Sequence[str], age_ms: int, look_id: str, printed: Printed = Printed()
) -> Verdict:
    """Compare a frame with several labels, any of which will do. ``expected`` names one only where one is."""
    seen, why, by = read_one(texts, age_ms, printed)
    if seen in expected:
        why = doubted(why)
    elif why == "match":
        why = "wrong_box"
    named = seen if why == "match" else expected[0] if len(expected) == 1 else ""
    return Verdict(why == "match", named, seen, why, look_id, by=by)


def judge(expected: str, texts: Sequence[str], age_ms: int, look_id: str, printed: Printed = Printed()) -> Verdict:
    """Compare a frame with the label ``expected``. Two labels in one frame are refused, even if one fits."""
    return judge_any((expected,), texts, age_ms, look_id, printed)
