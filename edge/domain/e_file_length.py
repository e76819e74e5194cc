"""Whether a recording is as long as it says it is: True, False, or None where it says nothing of it."""

from __future__ import annotations

_SEGMENT = 0x18538067
_EBML = 0x1A45DFA3
_LAST = 0x04  # of a page of Ogg: its stream ends with it
_PAGES_AT_MOST = 2_000_000


def webm(data: bytes) -> bool | None:
    """WebM and Matroska: one head, then one segment that says its length, unless it was written as it was recorded."""
    at = 0
    for wanted in (_EBML, _SEGMENT):
        name, at = _number(data, at, keep_marker=True)
        size, at = _number(data, at, keep_marker=False)
        if name != wanted or size is None:
            return None
        if wanted == _SEGMENT:
            return at + size <= len(data)
        at += size
    return None


def _number(data: bytes, at: int, *, keep_marker: bool) -> tuple[int | None, int]:
    """An EBML number of one to eight bytes and where it ends; None where there is none, or it says "unknown"."""
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length()
    if not first or at + length > len(data):
        return None, at
    number = int.from_bytes(data[at : at + length], "big")
    unmarked = number & ((1 << 7 * length) - 1)
    if keep_marker:
        return number, at + length
    return (None if unmarked == (1 << 7 * length) - 1 else unmarked), at + length


def ogg(data: bytes) -> bool | None:
    """Each page says its length, and the last of each stream that it is the last; None: a stream never ends."""
    at = 0
    open_streams: set[bytes] = set()
    for _ in range(_PAGES_AT_MOST):
        if at == len(data):
            return None if open_streams else True
        if at + 27 > len(data) or at + 27 + data[at + 26] > len(data):
            return False
        if data[at : at + 4] != b"OggS":
            return None
        stream, pieces = data[at + 14 : at + 18], data[at + 26]
        open_streams.add(stream)
        if data[at + 5] & _LAST:
            open_streams.discard(stream)
        at += 27 + pieces + sum(data[at + 27 : at + 27 + pieces])
    return None


def mp3(data: bytes, at: int) -> bool | None:
    """``at``: where the sound begins, behind the tag. Only what an encoder wrote into its first frame tells."""
    head = data[at : at + 200]
    for name in (b"Xing", b"Info"):
        found = head.find(name)
        if found < 0 or found + 16 > len(head):
            continue
        says = int.from_bytes(head[found + 4 : found + 8], "big")
        if says & 3 == 3:  # both the number of frames and that of bytes
            return at + int.from_bytes(head[found + 12 : found + 16], "big") <= len(data)
    return None
