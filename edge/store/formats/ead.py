"""EAD 2002 and EAD3 finding aids, with or without namespace, components ``c`` or ``c01`` … ``c12``; read in pieces.

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

from edge.domain import own_rows
from edge.errors import InputRefused
from edge.store.formats.listing import MAX_CELL, ListedRow, Listing

_COMPONENT = re.compile(r"c(?:0[1-9]|1[0-2])?")
_COMPONENT_START = re.compile(rb"<(?:[A-Za-z]+:)?c(?:0[1-9]|1[0-2])?[\s>]")
_BARCODE = re.compile(r"\[([A-Za-z0-9.-]{6,})\]")
_CAPTURED = frozenset({"unittitle", "unitid", "unitdate", "container", "origination"})
# What stands there of the whole fonds, and the field it has for it.
_OF_FONDS = {
    "scopecontent": "scope",
    "custodhist": "custody",
    "bioghist": "unit_history",
    "arrangement": "arrangement",
}
# What stands beside ``did``, and the field each is taken for; several become lines of it.
_NOTES = {
    "scopecontent": "scope",
    "accessrestrict": "access_conditions",
    "originalsloc": "originals",
    "altformavail": "copies",
}
_NAMES = {
    **dict.fromkeys(("persname", "famname", "corpname", "name"), "persons"),
    **dict.fromkeys(("subject", "geogname", "genreform", "occupation", "function", "title"), "keywords"),
}
_IN_DID = {"abstract": "abstract", "physdesc": "extent", "langmaterial": "language"}
_BREAKS = frozenset({"p", "item", "part", "chronitem", "event"})
_BREAK = "\x1f"  # XML has none
_NEVER_A_BOX = frozenset({"folder", "item", "page", "reel", "frame", "file", "object", "volume"})
_OWN_TABLES = {"item": "items", "volume": "volumes", "box": "boxes"}
_PIECE = 1 << 16
_MAX_DEPTH = 100


@dataclass(slots=True)
class _Component:
    level: str
    id: str
    line: int
    values: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    containers: list[dict[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    has_parts: bool = False
    kind: str = ""  # item, volume or box of an export of ours (``exports.ead_out``)
    own: dict[str, str] = field(default_factory=dict)
    own_boxes: list[str] = field(default_factory=list)
    told: bool = False


class _Reader:
    """The parser's target. ``done``: finished rows; ``head``: what archdesc says of the whole fonds."""

    def __init__(self, file: str) -> None:
        self.file = file
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
        self._told_as = ""  # the field of the note in prose that is being read

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        self.root = self.root or name
        self._path.append(name)
        if len(self._path) > _MAX_DEPTH:
            line = self.parser.parser.CurrentLineNumber
            raise InputRefused("xml_too_deep", "mend_xml", file=self.file, line=line, most=_MAX_DEPTH)
        if name == "archdesc" or _COMPONENT.fullmatch(name):
            if self._open:
                self._open[-1].has_parts = True
                self._tell_own(self._open[-1])
            line = self.parser.parser.CurrentLineNumber
            component = _Component(attributes.get("level", ""), attributes.get("id", ""), line)
            component.kind = _own_name(attributes)
            self._open.append(component)
        elif self._open and self._text is None and (_own_name(attributes) or self._is_told_of(name)):
            self._text, self._attributes, self._capture_depth = [], attributes, len(self._path)
            self._told_as = "" if _own_name(attributes) else self._note_of(name)
        elif self._text is not None and name in _BREAKS:
            self._data(_BREAK)

    def _is_told_of(self, name: str) -> bool:
        return (name in _CAPTURED and self._path[-2:-1] == ["did"]) or bool(self._note_of(name))

    def _note_of(self, name: str) -> str:
        """The field that a note in prose is taken for, "" of anything else."""
        if not self._open:
            return ""
        inside = self._path[-2]
        if len(self._open) == 1:
            in_did = "abstract" if (inside, name) == ("did", "abstract") else ""
            return _OF_FONDS.get(name, "") if inside in ("archdesc", "descgrp") else in_did
        if inside == "did":
            return _IN_DID.get(name, "")
        if inside == "controlaccess":
            return _NAMES.get(name, "")
        return _NOTES.get(name, "") if _COMPONENT.fullmatch(inside) or inside == "descgrp" else ""

    def data(self, text: str) -> None:
        if not (self._told_as and self._path[-1] == "head"):
            self._data(text)

    def _data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        name = self._path[-1]
        if self._text is not None and len(self._path) == self._capture_depth:
            text, self._text = "".join(self._text), None
            self._keep_own(text)
            if self._told_as:
                self._keep_note(text)
                self._told_as = ""
            elif self._is_told_of(name):
                self._keep(name, " ".join(text.split()))
        self._path.pop()
        if name == "did" and self._path[-1:] == ["archdesc"]:
            self.head = self._open[-1]
        elif name == "archdesc":
            self._tell_whole(self._open[-1])
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

    def _keep_note(self, text: str) -> None:
        component, name = self._open[-1], self._told_as
        lines = [" ".join(line.split()) for line in text.split(_BREAK)]
        told = "\n".join(filter(None, (component.notes.get(name, ""), *lines)))
        if len(told) > MAX_CELL:
            component.faults.append("cell_too_long")
        elif told:
            component.notes[name] = told

    def _keep_own(self, text: str) -> None:
        component, field_name = self._open[-1], _own_name(self._attributes)
        if not field_name:
            return
        text = text.removeprefix(_BREAK).replace(_BREAK, "\n")
        if len(text) > MAX_CELL:
            component.faults.append("cell_too_long")
        elif field_name == "box_no":
            component.own_boxes.append(text)
        elif field_name in ("date", "start_date", "end_date"):
            component.own[field_name] = _digits(self._attributes.get("normal", ""))
        else:
            component.own[field_name] = text
            if field_name == "date_written":
                component.own["date"] = _digits(self._attributes.get("normal", ""))

    def _tell_own(self, component: _Component) -> None:
        """A box or volume of ours comes before what lies in it."""
        if component.kind not in _OWN_TABLES or component.told or self.head is None:
            return
        component.told = True
        self._number += 1
        values = dict(component.own) | {name: self.head.own.get(name, "") for name in ("fonds_no", "fonds_name")}
        values["box_no"] = own_rows.join_boxes(tuple(component.own_boxes))
        volume = next((part.own for part in reversed(self._open) if part.kind == "volume"), {})
        if component.kind == "item" and volume.get("ref_code"):
            values |= {"volume_ref": volume["ref_code"], "volume_title": volume.get("volume_title", "")}
        values = {name: text for name, text in values.items() if text}
        faults = tuple(dict.fromkeys(component.faults))
        own = _OWN_TABLES[component.kind]
        self.done.append(ListedRow(self._number, str(component.line), values, faults=faults, own=own))

    def _tell_whole(self, whole: _Component) -> None:
        """The fonds is no record of the list: a row of its own says what it is described with."""
        told = whole.notes | {name: whole.own[name] for name in _OF_FONDS.values() if name in whole.own}
        if not told:
            return
        self._number += 1
        name = whole.own.get("fonds_name") or whole.values.get("unittitle", "")
        values = {"title": name, "context_only": whole.level or "fonds", "describes_fonds": "1", **told}
        self.done.append(ListedRow(self._number, str(whole.line), values))

    def _finish(self, component: _Component) -> None:
        if component.kind in _OWN_TABLES:
            self._tell_own(component)
            return
        self._number += 1
        values = {"title": component.values.get("unittitle", "").rstrip(" ,")}
        values |= _renamed(component.values, {"unitid": "foreign_ref", "origination": "responsible"})
        values |= {name: component.values[name] for name in ("date", "date_written") if name in component.values}
        values.setdefault("date", values.get("date_written", ""))
        values["foreign_id"] = component.id
        above = [part.values["unittitle"].rstrip(" ,") for part in self._open[1:] if "unittitle" in part.values]
        values["context"] = " / ".join(above)
        values |= _boxes(component.containers)
        access = component.notes.pop("access_conditions", "")
        values["remark"] = "; ".join(filter(None, (values["remark"], " ".join(access.split()))))
        values |= component.notes
        if component.has_parts and "box_no" not in values:
            values["context_only"] = component.level or "series"
        faults = tuple(component.faults)
        self.done.append(
            ListedRow(self._number, str(component.line), {k: v for k, v in values.items() if v}, faults=faults)
        )


def _own_name(attributes: dict[str, str]) -> str:
    """What an element of ours is, "" of anybody else's."""
    analog = attributes.get("encodinganalog", "")
    return analog.removeprefix(own_rows.ANALOG) if analog.startswith(own_rows.ANALOG) else ""


def _digits(normal: str) -> str:
    """Eight digits of ``2011-03``."""
    return normal.replace("-", "").ljust(8, "0") if normal else ""


def _renamed(values: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    return {new: values[old] for old, new in names.items() if old in values}


def _boxes(containers: list[dict[str, str]]) -> dict[str, str]:
    """The outermost containers; a folder only says where inside."""
    boxes: list[str] = []
    barcodes: list[str] = []
    inside: list[str] = []
    for container in containers:
        kind = (container.get("type") or container.get("localtype") or "box").lower()
        if kind in _NEVER_A_BOX or container.get("parent"):
            inside.append(f"{kind} {container['text']}")
        elif container["text"]:
            boxes.append(container["text"] if kind in ("box", "") else f"{kind} {container['text']}")
            barcode = container.get("containerid", "")
            barcodes += [barcode] if barcode else _BARCODE.findall(container.get("label", ""))
    found = {"remark": ", ".join(inside)}
    if boxes:
        found["box_no"] = " & ".join(dict.fromkeys(boxes))
    if len(barcodes) == 1 == len(set(boxes)):
        found["barcode"] = barcodes[0]
    return found


def open_ead(path: Path) -> Listing:
    """InputRefused ``xml_broken`` with line and column, ``xml_too_deep``, ``xml_entities``, ``not_ead``."""
    rows = _rows(path)
    head: _Component = next(rows)  # type: ignore[assignment]  # the first thing it yields
    with path.open("rb") as file:
        total = sum(len(_COMPONENT_START.findall(piece)) for piece in iter(lambda: file.read(1 << 20), b""))
    fonds_no = head.own.get("fonds_no") or head.values.get("unitid", "")
    return Listing("ead", rows, total, fonds_no, head.values.get("unittitle", ""))  # type: ignore[arg-type]  # rows follow


def _rows(path: Path) -> Iterator[_Component | ListedRow]:
    """First the description of the whole, then a row for each component as it ends."""
    reader = _Reader(path.name)
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
