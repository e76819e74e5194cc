"""What in a PDF acts by itself, or brings other files along, wherever in it that stands.

PDFium counts the scripts of the catalogue's own list only. One that runs as the file is opened, as a page is turned or
a field is filled stands elsewhere, so its names are looked for in the file's own bytes and in its packed objects, also
those that nothing points to and PDFium leaves out when it writes the file plain.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

UNPACKED_AT_MOST = 64_000_000  # bytes of all packed objects
OBJECT_AT_MOST = 8_000_000
BROKEN_COUNTS = 250_000  # of them one that cannot be unpacked takes, so that many of those cost no hour


def _name(written: str) -> str:
    """A pattern of the name with any of its letters also in hexadecimal: /J#61vaScript."""
    letters = "".join(f"(?:{one}|#{ord(one):02x}|#{ord(one):02X})" for one in written)
    return f"/{letters}(?![A-Za-z0-9#])"


_ACTIVE = {
    "script": re.compile(_name("JavaScript").encode()),
    "program": re.compile(_name("Launch").encode()),
    "attachment": re.compile(f"{_name('EmbeddedFile')}|{_name('RichMedia')}".encode()),
}
HEAD_AT_MOST = 2000  # bytes between an object's number and its stream
_PACKED = re.compile(_name("ObjStm").encode() + rb".{0,%d}?stream\r?\n" % HEAD_AT_MOST, re.DOTALL)
_FILTER = re.compile(_name("Filter").encode() + rb"\s*(\[[^\]]*\]|[^\s<>\[\]/]*(?:/[^\s<>\[\]/]*)?)")
# what PDFium unpacks; objects packed otherwise stay shut to it, and it leaves them out without a word
_UNPACKED_BY_PDFIUM = {
    *(b"FlateDecode", b"LZWDecode", b"ASCII85Decode", b"ASCIIHexDecode", b"RunLengthDecode"),
    *(b"Fl", b"LZW", b"A85", b"AHx", b"RL"),
}


def active_in(data: bytes) -> tuple[str, ...]:
    """Names of what was found, as FileFacts has them; what cannot be unpacked is not looked into."""
    found = {name for part in (data, *_packed(data)) for name, pattern in _ACTIVE.items() if pattern.search(part)}
    return tuple(name for name in _ACTIVE if name in found)


def shut(data: bytes) -> bool:
    """Whether some of its objects are packed in a way that PDFium does not know."""
    for head in _PACKED.finditer(data):
        begin = data.rfind(b"obj", max(0, head.start() - HEAD_AT_MOST), head.start())
        written = _FILTER.search(data, max(begin, 0), head.end())
        if written and set(re.findall(rb"[^\s\[\]/]+", written[1])) - _UNPACKED_BY_PDFIUM:
            return True
    return False


def _packed(data: bytes) -> Iterator[bytes]:
    left = UNPACKED_AT_MOST
    for head in _PACKED.finditer(data):
        try:
            part = zlib.decompressobj().decompress(memoryview(data)[head.end() :], min(left, OBJECT_AT_MOST))
        except zlib.error:
            part = b""
        yield part
        left -= len(part) or BROKEN_COUNTS
        if left <= 0:
            return
