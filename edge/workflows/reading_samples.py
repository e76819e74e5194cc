"""What people corrected and confirmed, as test data for readers: each line's crop, what was read, what it says.

A folder of ``lines.jsonl`` and one picture for each line, as models/evaluate.py takes it. Pages leave the room with it,
so it takes the right to that.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from edge.domain import access
from edge.domain.people import Person
from edge.domain.reading_errors import error_rate
from edge.errors import InputRefused
from edge.store.whole_file import appears_whole
from edge.workflows import page_picture, take_out
from edge.workflows.rights import needs
from edge.workflows.room import Room

LINES = "lines.jsonl"


@dataclass(frozen=True, slots=True)
class Samples:
    """``error_rate``: of the raw readings, character by character, against what people said."""

    lines: int
    error_rate: float
    sha256: str


@needs("take_out")
def write(room: Room, person: Person, folder: Path) -> Samples:
    """Into the new folder ``folder``, up to the person's clearance. InputRefused ``export_exists``, ``no_samples``."""
    if folder.exists():
        raise InputRefused("export_exists", "choose_other_name", file=folder.name)
    clearance = access.clearance(person.roles)
    said = room.pages.said_by_people(clearance)
    if not said:
        raise InputRefused("no_samples", "correct_lines_first")
    folder.mkdir(parents=True)
    rows = []
    for page, line in said:
        name = f"{page.id}-{line.line:03d}.png"
        (folder / name).write_bytes(page_picture.cut_of(room.scans.read(page.image), line.quad))
        rows.append(
            {
                "image": name,
                "text": line.text,
                "read_text": line.read_text,
                "confidence": line.confidence,
                "state": line.state,
            }
        )
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    sha256 = hashlib.sha256(content).hexdigest()
    with appears_whole(folder / LINES) as (_path, file):
        file.write(content)
        taken = take_out.Taken(len(rows), 0, sha256)
        take_out.record(room.database, take_out.Order("samples", "jsonl", clearance), taken, person)
    return Samples(len(rows), error_rate((line.read_text, line.text) for _page, line in said), sha256)
