"""What the upkeep and the proof of the trace found, in words of the field: no table, no code, no SQL."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from edge import words
from edge.domain.upkeep import Finding
from edge.words import Words

_DISK_PAGE = re.compile(r"page (\d+)")


def told(found: Finding) -> Words:
    """A finding as it was kept, also one that an older release kept."""
    params = dict(found.params)
    if found.code == "trace_broken":
        seq = int(params["seq"])
        return broken(params["why"], seq, int(params.get("to", seq)), params.get("epoch", ""), params["detail"])
    if found.code == "scan_differs" and "item" not in params:
        return Words("upkeep.finding.loose_scan_differs", params)
    if found.code == "unreadable":
        code, _, name = str(params["code"]).partition(" ")
        params = {"code": code, "file": _file(name)}
    elif found.code == "page_damaged":
        params = {"file": _file(params["file"]), "said": _disk_page(params["said"])}
    for which in ("table", "to"):
        if which in params:
            params[which] = records_of(params[which])
    return Words(f"upkeep.finding.{found.code}", params)


def broken(why: str, seq: int, seq_to: int, epoch: str, detail: str) -> Words:
    """What does not verify in the trace; ``seq_to`` 0: to its end."""
    which = str(seq) if seq == seq_to else f"{seq}–{seq_to or '…'}"
    if why == "unreadable" and not seq:
        return Words("store_cli.finding.unreadable_table", {"detail": records_of(detail)})
    said = _disk_page(detail) if why == "pages" else detail
    return Words(f"store_cli.finding.{why}", {"seq": which, "epoch": epoch, "detail": said})


def records_of(table: str) -> Words:
    """What people call the records of a table; the first word of its name says whose they are."""
    named = f"upkeep.table.{table.split('_')[0]}"
    return Words(named if named in words.load() else "upkeep.table.other")


def _file(name: str) -> Words:
    named = f"upkeep.file.{PurePath(name).stem}"
    return Words(named if named in words.load() else "upkeep.file.storeroom")


def _disk_page(said: str) -> Any:
    """SQLCipher's sentence about pages of a file, by their numbers; anything else as it is."""
    found = _DISK_PAGE.findall(said)
    return Words("upkeep.disk_page", {"page": ", ".join(found)}) if found else said
