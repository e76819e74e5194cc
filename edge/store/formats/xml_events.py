"""XML in pieces: what has been read of a long file is handed on and forgotten. Declarations of any kind are refused."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import IO, Generic, TypeVar
from xml.parsers import expat

from defusedxml.common import DTDForbidden

from edge.store.formats.listing import MAX_CELL

T = TypeVar("T")

PIECE_BYTES = 1 << 16
HEARD = 2 * MAX_CELL  # characters of one text after which no more is kept: it is too long already


class XmlEvents(ABC, Generic[T]):
    """Names come without namespace. Raises ExpatError, DTDForbidden, and what the handlers raise."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._text: list[str] | None = None
        self._length = 0

    def read(self, file: IO[bytes]) -> Iterator[T]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._started, self._ended
        parser.CharacterDataHandler = self._said
        parser.StartDoctypeDeclHandler = _refuse
        while piece := file.read(PIECE_BYTES):
            parser.Parse(piece, False)
            yield from self.told()
        parser.Parse(b"", True)
        yield from self.told()

    def listen(self) -> None:
        """The text from here on is wanted."""
        self._text, self._length = [], 0

    def heard(self) -> str:
        """The text since ``listen``."""
        text, self._text = self._text or [], None
        return "".join(text)

    @abstractmethod
    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    @abstractmethod
    def end(self, name: str) -> None: ...

    @abstractmethod
    def told(self) -> Iterator[T]:
        """What is ready, once."""

    def _started(self, tag: str, attributes: dict[str, str]) -> None:
        self.start(self._names.get(tag) or self._name(tag), attributes)

    def _ended(self, tag: str) -> None:
        self.end(self._names.get(tag) or self._name(tag))

    def _said(self, text: str) -> None:
        if self._text is not None and self._length < HEARD:
            self._text.append(text)
            self._length += len(text)

    def _name(self, tag: str) -> str:
        name = tag.rpartition(":")[2]
        if len(self._names) < 1000:
            self._names[tag] = name
        return name


def _refuse(name: str, system_id: str | None, public_id: str | None, _has_internal: bool) -> None:
    raise DTDForbidden(name, system_id, public_id)
