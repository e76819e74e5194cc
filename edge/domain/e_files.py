"""Sound, video and OFD as they come in: told by their content, never by their name, and what they say of themselves."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from edge.domain import e_file_length, ofd
from edge.domain.page_seen import FileFacts

Kind = Literal["sound", "video", "document"]

_MP4_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_BOXES_AT_MOST = 10_000
_ID3_NAMES = {b"TPE1": "author", b"TDRC": "created", b"TYER": "created", b"TSSE": "made_with"}
_UTF_16 = {1: "utf-16", 2: "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Recognised:
    """``duration_ms`` None: it does not say. ``whole``: it is as long as it says it is; None: it does not say."""

    kind: Kind
    format: str
    mime: str
    suffix: str
    facts: FileFacts
    duration_ms: int | None = None
    whole: bool | None = True


def recognise(data: bytes) -> Recognised | None:
    """None: neither sound nor video nor OFD."""
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return _wav(data)
    if data.startswith(b"ID3") or (len(data) > 4 and data[0] == 0xFF and data[1] & 0xE6 in (0xE2, 0xE4)):
        said = _id3(data)
        author, created, made_with = (said.get(name, "") for name in ("author", "created", "made_with"))
        facts = FileFacts("MP3", author=author, created=created, made_with=made_with)
        begins = 10 + _seven_bits(data[6:10]) if data.startswith(b"ID3") else 0
        return Recognised("sound", "MP3", "audio/mpeg", ".mp3", facts, whole=e_file_length.mp3(data, begins))
    if data[4:8] == b"ftyp":
        return _mp4(data)
    if data.startswith(b"OggS"):
        return Recognised("sound", "Ogg", "audio/ogg", ".ogg", FileFacts("Ogg"), whole=e_file_length.ogg(data))
    if data.startswith(b"fLaC"):  # its frames tell their end only when they are decoded
        return Recognised("sound", "FLAC", "audio/flac", ".flac", FileFacts("FLAC"), _flac_ms(data), None)
    if data.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in data[:64]:
        return Recognised("video", "WebM", "video/webm", ".webm", FileFacts("WebM"), whole=e_file_length.webm(data))
    if data.startswith(b"PK\x03\x04") and b"OFD.xml" in data:
        return _ofd(data)
    return None


def _ofd(data: bytes) -> Recognised:
    facts = FileFacts("OFD")
    whole: bool | None = True
    try:
        facts = ofd.facts_of(data)
    except ofd.CutShort:
        whole = False
    except ofd.Unreadable:
        whole = None  # kept as it came: another reader may know it
    return Recognised("document", "OFD", "application/ofd", ".ofd", facts, whole=whole)


def _flac_ms(data: bytes) -> int | None:
    """By STREAMINFO, its first block: 20 bits of rate, 36 of samples."""
    said = int.from_bytes(data[18:26], "big")
    rate, samples = said >> 44, said & ((1 << 36) - 1)
    return round(1000 * samples / rate) if rate and samples and len(data) >= 26 else None


def _wav(data: bytes) -> Recognised:
    said = int.from_bytes(data[4:8], "little") + 8
    rate = length = 0
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name == b"fmt " and at + 20 <= len(data):
            rate = int.from_bytes(data[at + 16 : at + 20], "little")
        if name == b"data":
            length = size
        at += 8 + size + size % 2
    duration = round(1000 * length / rate) if rate else None
    return Recognised("sound", "WAV", "audio/wav", ".wav", FileFacts("WAV"), duration, len(data) >= said)


def _mp4(data: bytes) -> Recognised:
    whole, duration, created = True, None, ""
    for name, start, end in _boxes(data, 0, len(data)):
        whole = whole and end <= len(data)
        if name == b"moov":
            for inner, at, _to in _boxes(data, start, min(end, len(data))):
                if inner == b"mvhd":
                    duration, created = _movie_header(data[at : at + 32])
    sound = data[8:12] in (b"M4A ", b"M4B ")
    mime, suffix = ("audio/mp4", ".m4a") if sound else ("video/mp4", ".mp4")
    kind: Kind = "sound" if sound else "video"
    return Recognised(kind, "MP4", mime, suffix, FileFacts("MP4", created=created), duration, whole)


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, where its content begins, where it ends); an end behind the data: cut short."""
    for _ in range(_BOXES_AT_MOST):
        if at + 8 > end:
            return
        size, name, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1 and at + 16 <= end:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        if size == 0:
            size = end - at
        if size < head:
            return
        yield name, at + head, at + size
        at += size


def _movie_header(head: bytes) -> tuple[int | None, str]:
    try:
        if head[0] == 1:
            made, _changed, scale, length = struct.unpack(">QQIQ", head[4:32])
        else:
            made, _changed, scale, length = struct.unpack(">IIII", head[4:20])
        created = f"{_MP4_EPOCH + timedelta(seconds=made):%Y-%m-%d}" if made else ""
    except (struct.error, IndexError, OverflowError):
        return None, ""
    return (round(1000 * length / scale) if scale else None), created


def _id3(data: bytes) -> dict[str, str]:
    """Text frames of an ID3v2.3 or 2.4 tag."""
    said: dict[str, str] = {}
    if not data.startswith(b"ID3") or data[3] not in (3, 4):
        return said
    end, at = min(10 + _seven_bits(data[6:10]), len(data)), 10
    while at + 10 <= end and data[at : at + 4].isalnum():
        name, raw = data[at : at + 4], data[at + 4 : at + 8]
        size = _seven_bits(raw) if data[3] == 4 else int.from_bytes(raw, "big")
        content = data[at + 10 : at + 10 + size]
        if name in _ID3_NAMES and len(content) > 1:
            how = _UTF_16.get(content[0], "utf-8" if content[0] == 3 else "latin-1")
            said.setdefault(_ID3_NAMES[name], content[1:].decode(how, "replace").strip("\x00 ")[:200])
        at += 10 + size
    return said


def _seven_bits(raw: bytes) -> int:
    """A number of four bytes that hold seven bits each."""
    number = 0
    for byte in raw:
        number = number << 7 | byte & 0x7F
    return number
