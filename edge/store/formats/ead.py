"""EAD 2002 finding aids, with or without namespace, components as ``c`` or ``c01`` … ``c12``; read piece by piece.

A component that has no parts, or that lies in a container of its own, is a record; the others are the titles above it.
Entities are refused, so is everything that would fetch another file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from edge.errors import InputRefused
from edge.store.formats.listing import MAX_CELL, ListedRow, Listing

_COMPONENT = re.compile(r"c(?:0[1-9]|1[0-2])?")
_COMPONENT_START = re.compile(rb"<(?:[A-Za-z]+:)?c(?:0[1-9]|1[0-2])?[\s>]")
_BARCODE = re.compile(r"\[([A-Za-z0-9.-]{6,})\]")
_CAPTURED = frozenset({"unittitle", "unitid", "unitdate", "container", "origination"})
_NEVER_A_BOX = frozenset({"folder", "item", "page", "reel", "frame", "file", "object", "volume"})
_PIECE = 1 << 16
_MAX_DEPTH = 100


@dataclass(slots=True)
class _Component:
    level: str
    id: str
    line: int
    values: dict[str, str] = field(default_factory=dict)
    containers: list[dict[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    has_parts: bool = False


class _Reader:
    """The parser's target. ``done``: finished rows; ``head``: what archdesc says of the whole fonds."""

    def __init__(self) -> None:
        self.parser: Any = None
        self.done: list[ListedRow] = []
        self.head: _Component | None = None
        self.root = ""
        self._number = 0
        self._open: list[_Component] = []
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._attributes: dict[str, str] = {}
        self._capture_depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        self.root = self.root or name
        self._path.append(name)
        if len(self._path) > _MAX_DEPTH:
            raise ParseError("nested too deep")
        if name == "archdesc" or _COMPONENT.fullmatch(name):
            if self._open:
                self._open[-1].has_parts = True
            line = self.parser.parser.CurrentLineNumber
            self._open.append(_Component(attributes.get("level", ""), attributes.get("id", ""), line))
        elif name in _CAPTURED and self._path[-2:-1] == ["did"] and self._open and self._text is None:
            self._text, self._attributes, self._capture_depth = [], attributes, len(self._path)

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        name = self._path[-1]
        if self._text is not None and len(self._path) == self._capture_depth:
            self._keep(name, " ".join("".join(self._text).split()))
            self._text = None
        self._path.pop()
        if name == "did" and self._path[-1:] == ["archdesc"]:
            self.head = self._open[-1]
        elif _COMPONENT.fullmatch(name):
            self._finish(self._open.pop())

    def close(self) -> None:
        pass

    def _keep(self, name: str, text: str) -> None:
        component = self._open[-1]
        if len(text) > MAX_CELL:
            component.faults.append("cell_too_long")
        elif name == "container":
            component.containers.append({**self._attributes, "text": text})
        elif name == "unitdate":
            normal = self._attributes.get("normal", "")
            if normal and not component.values.get("date"):
                component.values["date"] = normal
            component.values.setdefault("date_written", text)
        elif text:
            component.values.setdefault(name, text)

    def _finish(self, component: _Component) -> None:
        self._number += 1
        values = {"title": component.values.get("unittitle", "").rstrip(" ,")}
        values |= _renamed(component.values, {"unitid": "foreign_ref", "origination": "responsible"})
        values |= {name: component.values[name] for name in ("date", "date_written") if name in component.values}
        values.setdefault("date", values.get("date_written", ""))
        values["foreign_id"] = component.id
        above = [part.values["unittitle"].rstrip(" ,") for part in self._open[1:] if "unittitle" in part.values]
        values["context"] = " / ".join(above)
        values |= _boxes(component.containers)
        if component.has_parts and "box_no" not in values:
            values["context_only"] = component.level or "series"
        faults = tuple(component.faults)
        self.done.append(
            ListedRow(self._number, str(component.line), {k: v for k, v in values.items() if v}, faults=faults)
        )


def _renamed(values: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    return {new: values[old] for old, new in names.items() if old in values}


def _boxes(containers: list[dict[str, str]]) -> dict[str, str]:
    """The outermost containers; a folder only says where inside."""
    boxes, barcodes, inside = [], [], []
    for container in containers:
        kind = container.get("type", "box").lower()
        if kind in _NEVER_A_BOX or container.get("parent"):
            inside.append(f"{kind} {container['text']}")
        elif container["text"]:
            boxes.append(container["text"] if kind in ("box", "") else f"{kind} {container['text']}")
            barcodes += _BARCODE.findall(container.get("label", ""))
    found = {"remark": ", ".join(inside)}
    if boxes:
        found["box_no"] = " & ".join(dict.fromkeys(boxes))
    if len(barcodes) == 1 == len(set(boxes)):
        found["barcode"] = barcodes[0]
    return found


def open_ead(path: Path) -> Listing:
    """InputRefused ``xml_broken`` with line and column, ``xml_entities``, ``not_ead``."""
    rows = _rows(path)
    head: _Component = next(rows)  # type: ignore[assignment]  # the first thing it yields
    with path.open("rb") as file:
        total = sum(len(_COMPONENT_START.findall(piece)) for piece in iter(lambda: file.read(1 << 20), b""))
    fonds_no = head.values.get("unitid", "")
    return Listing("ead", rows, total, fonds_no, head.values.get("unittitle", ""))  # type: ignore[arg-type]  # rows follow


def _rows(path: Path) -> Iterator[_Component | ListedRow]:
    """First the description of the whole, then a row for each component as it ends."""
    reader = _Reader()
    parser = DefusedXMLParser(target=reader, forbid_entities=True, forbid_external=True)
    reader.parser = parser
    told = False
    try:
        with path.open("rb") as file:
            for piece in iter(lambda: file.read(_PIECE), b""):
                parser.feed(piece)
                if reader.root and reader.root != "ead":
                    raise InputRefused("not_ead", "check_file", file=path.name, line=1, root=reader.root[:40])
                if reader.head and not told:
                    told = True
                    yield reader.head
                if told:
                    yield from reader.done
                    reader.done.clear()
        parser.close()
    except ParseError as error:
        line, column = getattr(error, "position", (0, 0))
        raise InputRefused("xml_broken", "mend_xml", file=path.name, line=line, column=column + 1) from error
    except DefusedXmlException as error:
        line = parser.parser.CurrentLineNumber
        raise InputRefused("xml_entities", "remove_entities", file=path.name, line=line, column=1) from error
    if not told:
        raise InputRefused("not_ead", "check_file", file=path.name, line=1, root=reader.root[:40])
    yield from reader.done
