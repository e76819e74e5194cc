"""An XLSX workbook as far as a catalogue needs it: its sheets by name, its strings, and which styles are dates.

The strings that cells share lie in memory as one run of UTF-8: as objects of Python's, those of a million rows would
take a gigabyte.
"""

from __future__ import annotations

import posixpath
import zipfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from defusedxml import ElementTree
from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from edge.store.formats.listing import MAX_CELL
from edge.store.formats.xml_events import XmlEvents

MAX_PART = 20_000_000  # bytes of a part that is read whole: the list of sheets, the styles


class PartTooBig(Exception):
    """A part that is read whole is larger than any honest one; carries its bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Strings:
    """Texts by their number, in UTF-8."""

    def __init__(self) -> None:
        self._text, self._ends = bytearray(), array("Q", [0])

    def add(self, text: str) -> None:
        """What is longer than a cell may be is cut where it is certain to be too long."""
        self._text += text[: MAX_CELL + 1].encode("utf-8", "surrogatepass")
        self._ends.append(len(self._text))

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            raise IndexError(number)
        return self._text[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Styles:
    """Numbers of the cell styles that show a number as a date or as a length of time; the day that counts as 0."""

    dates: frozenset[int]
    lengths: frozenset[int]
    epoch: datetime


class Book:
    """Raises what the zip, the XML and wrong references in it raise (``xlsx_sheet`` knows them all)."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        main = next((part for kind, part in self._related("").values() if kind == "officeDocument"), "xl/workbook.xml")
        tree, related = self._tree(main), self._related(main)
        self.sheets = {
            _attribute(sheet, "name"): related[_attribute(sheet, "id")][1]
            for sheet in tree.iter()
            if _name(sheet) == "sheet" and related[_attribute(sheet, "id")][0] == "worksheet"
        }
        mac = any(_attribute(one, "date1904") in ("1", "true") for one in tree.iter() if _name(one) == "workbookPr")
        parts = dict(related.values())
        self.styles = self._styles(parts.get("styles", ""), MAC_EPOCH if mac else WINDOWS_EPOCH)
        self.strings = Strings()
        if "sharedStrings" in parts:
            with packed.open(parts["sharedStrings"]) as file:
                _read_strings(file, self.strings)

    def open(self, sheet: str) -> IO[bytes]:
        return self._packed.open(self.sheets[sheet])

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """Id → kind and path of what ``part`` ("" = the package) names."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self._packed.namelist():
            return {}
        found = {}
        for one in self._tree(path).iter():
            if _name(one) == "Relationship" and one.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, one.attrib["Target"]))
                found[one.attrib["Id"]] = one.attrib["Type"].rpartition("/")[2], target.lstrip("/")
        return found

    def _styles(self, part: str, epoch: datetime) -> Styles:
        if part not in self._packed.namelist():
            return Styles(frozenset(), frozenset(), epoch)
        tree = self._tree(part)
        own = {int(one.attrib["numFmtId"]): one.attrib["formatCode"] for one in tree.iter() if _name(one) == "numFmt"}
        cells = next((one for one in tree if _name(one) == "cellXfs"), ())
        formats = [int(one.get("numFmtId", 0)) for one in cells]
        codes = [own.get(number, builtin_format_code(number)) for number in formats]
        dates = frozenset(at for at, code in enumerate(codes) if is_date_format(code))
        return Styles(dates, frozenset(at for at, code in enumerate(codes) if is_timedelta_format(code)), epoch)

    def _tree(self, part: str) -> Any:
        size = self._packed.getinfo(part).file_size
        if size > MAX_PART:
            raise PartTooBig(size)
        return ElementTree.fromstring(self._packed.read(part), forbid_dtd=True)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute(element: Any, name: str) -> str:
    """Whatever namespace it stands in; "" where there is none."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _read_strings(file: IO[bytes], strings: Strings) -> None:
    for _nothing in _Shared(strings).read(file):
        pass


class _Shared(XmlEvents[None]):
    """Each string may come in pieces of different type; how it is read aloud is not part of it."""

    def __init__(self, strings: Strings) -> None:
        super().__init__()
        self._strings = strings
        self._pieces: list[str] = []
        self._aloud = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._aloud = True
        elif name == "t" and not self._aloud:
            self.listen()

    def end(self, name: str) -> None:
        if name == "t" and not self._aloud:
            self._pieces.append(self.heard())
        elif name == "rPh":
            self._aloud = False
        elif name == "si":
            self._strings.add("".join(self._pieces))

    def told(self) -> Iterator[None]:
        return iter(())
