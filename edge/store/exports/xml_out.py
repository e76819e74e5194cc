"""Writing XML piece by piece."""

from __future__ import annotations

import re
from typing import BinaryIO
from xml.sax.saxutils import escape

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_IN_TEXT = {"\r": "&#13;"}
_IN_ATTRIBUTE = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;", '"': "&quot;"}


class XmlOut:
    """``altered``: texts with characters that XML 1.0 has no way to write; each became U+FFFD."""

    def __init__(self, out: BinaryIO) -> None:
        self.altered = 0
        self._out = out
        self._open: list[str] = []
        out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')

    def start(self, name: str, **attributes: str) -> None:
        """Attributes that are empty are left out."""
        self._out.write(self._tag(name, attributes).encode())
        self._open.append(name)

    def end(self) -> None:
        self._out.write(f"</{self._open.pop()}>\n".encode())

    def leaf(self, name: str, text: str, inside: str = "", **attributes: str) -> None:
        """``inside``: elements around the text, outermost first, as ``p`` or ``name/part``."""
        for part in (name, *inside.split("/")) if inside else (name,):
            self._out.write(self._tag(part, attributes).encode())
            self._open.append(part)
            attributes = {}
        self._out.write(escape(self._clean(text), _IN_TEXT).encode())
        for _part in (name, *inside.split("/")) if inside else (name,):
            self._out.write(f"</{self._open.pop()}>".encode())

    def _tag(self, name: str, attributes: dict[str, str]) -> str:
        written = "".join(
            f' {key}="{escape(self._clean(value), _IN_ATTRIBUTE)}"' for key, value in attributes.items() if value
        )
        return f"<{name}{written}>"

    def _clean(self, text: str) -> str:
        clean, found = _NOT_XML.subn("\ufffd", text)
        self.altered += bool(found)
        return clean
