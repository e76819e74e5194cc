"""OFD (GB/T 33190): what a file says of itself, and the text it carries, page by page.

Not drawn: layout, seals and signatures are for a reader that shows them as their signer saw them. The text layer is
shown as such and never searched, for what is searched must be what is seen.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from edge.domain.page_seen import FileFacts

ENTRIES_AT_MOST = 20_000
XML_BYTES_AT_MOST = 4_000_000  # of one part, unpacked
TEXT_PAGES_AT_MOST = 500
SIGNS_AT_MOST = 400_000
SHORT = 200  # characters kept of what a file says
SAME_ROW = 0.5  # of the row's height
WORD_GAP = 0.6  # of the letter's height: wider, and there was a blank
# what zipfile and expat raise on packages that were damaged, encrypted or made to deceive
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, ElementTree.ParseError),
    *(KeyError, ValueError, OSError, EOFError, RuntimeError, OverflowError),
)


@dataclass(frozen=True, slots=True)
class Layer:
    """``count``: pages there are; ``pages``: their text, "" where one carries none. ``signed``: not whether validly."""

    title: str
    count: int
    pages: tuple[str, ...]
    signed: bool


class Unreadable(Exception):
    """It calls itself OFD and says nothing that is understood here: encrypted, say."""


class CutShort(Unreadable):
    """Not even its list of contents is there."""


def facts_of(data: bytes) -> FileFacts:
    """Author, dates and program as it says. Raises Unreadable."""
    package = _Package(data)
    said = package.about
    attached = package.document.find("{*}Attachments") is not None
    return FileFacts(
        "OFD",
        author=_text(said, "Author"),
        created=_text(said, "CreationDate"),
        modified=_text(said, "ModDate"),
        made_with=" ".join(filter(None, (_text(said, "Creator"), _text(said, "CreatorVersion"))))[:SHORT],
        alarming=("attachment",) if attached else (),
    )


def layer_of(data: bytes) -> Layer:
    """Raises Unreadable."""
    package = _Package(data)
    places = package.pages()
    pages: list[str] = []
    left = SIGNS_AT_MOST
    for place in places[:TEXT_PAGES_AT_MOST]:
        text = package.text(place)[:left]
        left -= len(text)
        pages.append(text)
    return Layer(_text(package.about, "Title"), len(places), tuple(pages), package.signed)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Millimetres on the page."""

    left: float
    top: float
    right: float
    high: float
    text: str


class _Package:
    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise CutShort from error
        if len(self._zip.infolist()) > ENTRIES_AT_MOST:
            raise Unreadable
        try:
            body = _must(self._part("OFD.xml").find("{*}DocBody"))
            about = body.find("{*}DocInfo")
            self.about = about if about is not None else Element("DocInfo")
            self.signed = bool(_text(body, "Signatures"))
            root = _text(body, "DocRoot").lstrip("/")
            self._folder = posixpath.dirname(root)
            self.document = self._part(root)
        except _DAMAGE as error:
            raise Unreadable from error

    def pages(self) -> list[str]:
        return [self._place(page.get("BaseLoc", "")) for page in self.document.iterfind("{*}Pages/{*}Page")]

    def text(self, place: str) -> str:
        """Of one page and of the forms it is laid over. Raises Unreadable."""
        try:
            page = self._part(place)
            forms = {one.get("ID"): one.get("BaseLoc", "") for one in self.document.iterfind(".//{*}TemplatePage")}
            over = [forms[used] for one in page.iterfind("{*}Template") if (used := one.get("TemplateID")) in forms]
            parts = [page, *(self._part(self._place(form)) for form in over)]
            return _in_rows([piece for part in parts for piece in _pieces(part)])
        except _DAMAGE as error:
            raise Unreadable from error

    def _place(self, said: str) -> str:
        return said.lstrip("/") if said.startswith("/") else posixpath.join(self._folder, said)

    def _part(self, place: str) -> Element:
        with self._zip.open(posixpath.normpath(place)) as packed:
            content = packed.read(XML_BYTES_AT_MOST + 1)
        text = content.decode("utf-8-sig")
        if len(content) > XML_BYTES_AT_MOST or "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise ValueError(place)  # OFD knows no declarations; what brings one wants to be expanded
        return ElementTree.fromstring(text.encode())


def _pieces(part: Element) -> Iterator[_Piece]:
    for thing in part.iterfind(".//{*}TextObject"):
        left, top, wide, _high = _numbers(thing.get("Boundary", ""), 4)
        (size,) = _numbers(thing.get("Size", ""), 1)
        for code in thing.iterfind("{*}TextCode"):
            x, y = (_numbers(code.get(name, ""), 1)[0] for name in ("X", "Y"))
            text = "".join(code.itertext()).strip("\r\n")
            if text.strip():
                yield _Piece(left + x, top + y, left + wide, size or 3.0, text)


def _in_rows(pieces: list[_Piece]) -> str:
    """Top to bottom, in a row left to right; a wide gap is a blank."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda one: (one.top, one.left)):
        if rows and piece.top - rows[-1][0].top <= SAME_ROW * rows[-1][0].high:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return "\n".join(_row(sorted(row, key=lambda one: one.left)) for row in rows)


def _row(row: list[_Piece]) -> str:
    text = row[0].text
    for before, piece in pairwise(row):
        text += (" " if piece.left - before.right > WORD_GAP * piece.high else "") + piece.text
    return text


def _numbers(said: str, count: int) -> list[float]:
    numbers = [float(one) for one in said.split()[:count]]
    return [*numbers, *[0.0] * (count - len(numbers))]


def _text(of: Element, name: str) -> str:
    found = of.find(f"{{*}}{name}")
    return " ".join((found.text or "").split())[:SHORT] if found is not None else ""


def _must(found: Element | None) -> Element:
    if found is None:
        raise KeyError
    return found
