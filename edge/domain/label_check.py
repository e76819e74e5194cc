"""Is it the right box? The code read at the counter camera against the code that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from edge.domain import labels
from edge.errors import InputRefused

Why = Literal["match", "wrong_box", "unreadable", "foreign_code", "several", "stale_frame", "not_on_loan"]

FRAME_MAX_AGE_MS = 3000  # an older frame may show what was held there before


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


def read_one(texts: Sequence[str], age_ms: int) -> tuple[str, Why]:
    """The one label in a frame with codes ``texts``: (label, "match"), or ("", why not)."""
    if age_ms > FRAME_MAX_AGE_MS:
        return "", "stale_frame"
    found = ours(texts)
    if len(found) > 1:
        return "", "several"
    if found:
        return found[0], "match"
    return "", "foreign_code" if texts else "unreadable"


def judge_any(expected: Sequence[str], texts: Sequence[str], age_ms: int, look_id: str) -> Verdict:
    """Compare a frame's codes with several labels, any of which will do. ``expected`` names one only where one is."""
    seen, why = read_one(texts, age_ms)
    if why == "match" and seen not in expected:
        why = "wrong_box"
    named = seen if why == "match" else expected[0] if len(expected) == 1 else ""
    return Verdict(why == "match", named, seen, why, look_id)


def judge(expected: str, texts: Sequence[str], age_ms: int, look_id: str) -> Verdict:
    """Compare a frame's codes with the label ``expected``. Two labels in one frame are refused, even if one fits."""
    return judge_any((expected,), texts, age_ms, look_id)
