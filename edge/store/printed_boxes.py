"""Boxes by what is printed on them: fonds number 全宗号 and box number 盒号 as they were read from a label."""

from __future__ import annotations

from collections.abc import Sequence

from edge.domain.label_check import Printed, letter_as_digit, one_way_up
from edge.store.database import Database

READ_AT_MOST = 12  # numbers of each kind in one frame; more is no label
SHOWN_AT_MOST = 20


def printed_boxes(database: Database, fonds: Sequence[str], numbers: Sequence[str]) -> Printed:
    """The boxes that ``fonds`` and ``numbers``, in capitals, name together, and others that they may mean."""
    fonds, numbers = fonds[:READ_AT_MOST], numbers[:READ_AT_MOST]
    exact: dict[str, None] = {}
    longer: dict[str, None] = {}
    with database.read() as db:
        for fonds_no in fonds:
            lettered = f"[A-Z]{fonds_no[1:]}" if letter_as_digit(fonds_no) else fonds_no
            for box_no in numbers:
                found = db.execute(
                    "SELECT label, upper(fonds_no) = ?1 AND upper(box_no) = ?2 AS whole FROM shown_box"
                    " WHERE (instr(upper(fonds_no), ?1) OR upper(fonds_no) GLOB ?4) AND instr(upper(box_no), ?2)"
                    " ORDER BY whole DESC LIMIT ?3",
                    (fonds_no, box_no, SHOWN_AT_MOST, lettered),
                ).fetchall()
                if not any(row["whole"] for row in found):
                    continue
                for row in found:
                    sure = row["whole"] and one_way_up(fonds_no, box_no)
                    (exact if sure else longer)[row["label"]] = None
    return Printed(tuple(exact), tuple(label for label in longer if label not in exact))
