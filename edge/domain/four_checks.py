"""四性检测: is an electronic file authentic, complete, usable and safe? Checked on arrival, in the order of DA/T 70.

Each finding is *pass*, *doubt* (a person should know), *fail*, or *unchecked* where this room has no means to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import Any, Literal

from edge.domain.page_seen import FileFacts

Property = Literal["authenticity", "integrity", "usability", "safety"]
Verdict = Literal["pass", "doubt", "fail", "unchecked"]

PROPERTIES: tuple[Property, ...] = ("authenticity", "integrity", "usability", "safety")
WORST_FIRST: tuple[Verdict, ...] = ("fail", "doubt", "pass", "unchecked")
# kept readable for decades; the others are fashions
LASTING = ("JPEG", "MPO", "TIFF", "PNG", "PDF", "OFD", "WAV", "FLAC", "MP3", "MP4")

# what a file's name ends in, by its content
SUFFIXES = {
    "JPEG": (".jpg", ".jpeg", ".jpe"),
    "MPO": (".jpg", ".jpeg", ".mpo"),
    "TIFF": (".tif", ".tiff"),
    "PNG": (".png",),
    "BMP": (".bmp", ".dib"),
    "WEBP": (".webp",),
    "PDF": (".pdf",),
    "OFD": (".ofd",),
    "WAV": (".wav", ".wave"),
    "MP3": (".mp3",),
    "FLAC": (".flac",),
    "Ogg": (".ogg", ".oga", ".ogv", ".opus"),
    "MP4": (".mp4", ".m4a", ".m4b", ".m4v", ".mov"),
    "WebM": (".webm",),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Words: ``four_checks.<code>``."""

    property: Property
    code: str
    verdict: Verdict
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What is known of a file when it is in. ``handed_sha256``: as whoever handed it over says, "" if nothing was said.

    ``pages`` None: it has none, and ``whole`` says whether it is as long as it says; None: it does not say.
    ``missing``: page numbers its item still lacks, None without an item or without a catalogued count.
    """

    facts: FileFacts
    source: str
    sha256: str
    handed_sha256: str
    received: str  # eight digits
    pages: int | None
    held: int  # pages that are not good enough
    jumps: int  # printed page numbers that do not follow each other
    item_known: bool
    missing: tuple[int, ...] | None
    whole: bool | None = True
    name: str = ""  # as it came; a frame has none


def judge(arrived: Arrived) -> list[Finding]:
    return [*_authenticity(arrived), *_integrity(arrived), *_usability(arrived), *_safety(arrived)]


def overall(findings: Sequence[Finding], of: Property) -> Verdict:
    """The worst of one property; what nobody can check here does not outweigh what was."""
    found = {one.verdict for one in findings if one.property == of}
    return next((verdict for verdict in WORST_FIRST if verdict in found), "unchecked")


def report(findings: Sequence[Finding], sha256: str, utc_ms: int) -> dict[str, Any]:
    """As it is kept and written out as JSON."""
    return {
        "format": 1,
        "sha256": sha256,
        "checked_utc_ms": utc_ms,
        "overall": {name: overall(findings, name) for name in PROPERTIES},
        "findings": [asdict(one) for one in findings],
    }


def _authenticity(arrived: Arrived) -> list[Finding]:
    found = [Finding("authenticity", "source_recorded", "pass")]
    if arrived.source == "camera":
        found.append(Finding("authenticity", "made_here", "pass"))
    elif not arrived.handed_sha256:
        found.append(Finding("authenticity", "digest_not_handed", "unchecked"))
    elif arrived.handed_sha256.lower() == arrived.sha256:
        found.append(Finding("authenticity", "digest_matches", "pass"))
    else:
        found.append(Finding("authenticity", "digest_differs", "fail"))
    created, modified = _day(arrived.facts.created), _day(arrived.facts.modified)
    if arrived.source == "file":
        if not created and not modified:
            found.append(Finding("authenticity", "dates_unsaid", "doubt"))
        elif max(created, modified) > arrived.received or (created and modified and modified < created):
            found.append(
                Finding("authenticity", "dates_impossible", "doubt", {"created": created, "modified": modified})
            )
        else:
            found.append(Finding("authenticity", "dates_possible", "pass"))
    return found


def _spans(pages: Sequence[int]) -> str:
    """All of them, ascending, neighbours as one: "2–21, 23"."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and spans[-1][-1] == page - 1:
            spans[-1] = [spans[-1][0], page]
        else:
            spans.append([page])
    return ", ".join("–".join(map(str, span)) for span in spans)


def _integrity(arrived: Arrived) -> list[Finding]:
    if arrived.pages is not None:
        found = [Finding("integrity", "read_to_the_end", "pass", {"pages": arrived.pages})]
    elif arrived.whole:
        found = [Finding("integrity", "as_long_as_it_says", "pass")]
    else:
        found = [Finding("integrity", "length_unsaid", "unchecked")]
    if not arrived.item_known:
        found.append(Finding("integrity", "item_unknown", "doubt"))
    elif arrived.pages is not None:
        found.append(_against_the_count(arrived.missing))
    if arrived.jumps:
        found.append(Finding("integrity", "numbers_jump", "doubt", {"count": arrived.jumps}))
    return found


def _against_the_count(missing: Sequence[int] | None) -> Finding:
    if missing is None:
        return Finding("integrity", "count_unsaid", "unchecked")
    if missing:
        return Finding("integrity", "pages_missing", "doubt", {"pages": _spans(missing)})
    return Finding("integrity", "pages_all_there", "pass")


def _usability(arrived: Arrived) -> list[Finding]:
    form = arrived.facts.format.split(" ")[0]
    lasting: Verdict = "pass" if form in LASTING else "doubt"
    good: Verdict = "fail" if arrived.held else "pass"
    pages = "pages_not_good" if arrived.held else "pages_good"
    suffix = PurePath(arrived.name).suffix.lower()
    differs = suffix not in SUFFIXES.get(form, (suffix,)) if arrived.name else False
    named = {"suffix": suffix or "?", "format": form}
    return [
        Finding(
            "usability", "format_lasting" if lasting == "pass" else "format_passing", lasting, {"format": form or "?"}
        ),
        *([Finding("usability", "name_differs", "doubt", named)] if differs else []),
        *([] if arrived.pages is None else [Finding("usability", pages, good, {"count": arrived.held})]),
    ]


def _safety(arrived: Arrived) -> list[Finding]:
    alarming = [
        Finding("safety", f"has_{what}", "doubt" if what == "unknown" else "fail") for what in arrived.facts.alarming
    ]
    return [
        *(alarming or [Finding("safety", "nothing_active", "pass")]),
        Finding("safety", "kept_encrypted", "pass"),
        Finding("safety", "virus_not_scanned", "unchecked"),
    ]


def _day(said: str) -> str:
    """The eight digits of a date as EXIF ("2024:03:02 …") or PDF ("D:20240302…") write it; "" where there are none."""
    digits = "".join(sign for sign in said if sign.isdigit())[:8]
    return digits if len(digits) == 8 and digits[:2] in ("19", "20") else ""
