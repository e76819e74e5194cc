"""Catalogue files: told apart by what is in them, not by their names."""

from __future__ import annotations

from pathlib import Path

from edge.errors import InputRefused
from edge.store.formats.csv_sheet import open_csv
from edge.store.formats.ead import open_ead
from edge.store.formats.json_lines import open_json_lines
from edge.store.formats.listing import ListedRow, Listing

__all__ = ["ListedRow", "Listing", "open_listing"]

MAX_FILE = 300_000_000  # bytes


def open_listing(path: Path) -> Listing:
    """The rows of an EAD, CSV, XLSX or our own JSON Lines file.

    InputRefused says what is wrong and, where it knows, at which line.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise InputRefused("file_unreadable", "check_file", file=path.name, detail=error.strerror or "") from error
    if not start.strip():
        raise InputRefused("file_empty", "check_file", file=path.name)
    if size > MAX_FILE:
        raise InputRefused("file_too_big", "split_file", file=path.name, megabytes=size // 1_000_000)
    if start.startswith(b"PK\x03\x04"):
        from edge.store.formats.xlsx_sheet import open_xlsx  # openpyxl is large: the node loads it when it is needed

        return open_xlsx(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputRefused("xls_old", "save_as_xlsx", file=path.name)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return open_ead(path)
    if start.lstrip().startswith(b"{"):
        return open_json_lines(path)
    if b"\x00" in start and start[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise InputRefused("file_format_unknown", "check_file", file=path.name)
    return open_csv(path)
