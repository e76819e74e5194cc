"""The record of a block's proofs on paper: the newest monthly proof, item by item, and what commissioning measured.

It records measurements and answers; it claims no conformity with any standard (shelving-safety.md, 'What is claimed').
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from edge.domain.commissioning import BlockFile, Signer
from edge.errors import RuleRefused
from edge.paper.document import Printed
from edge.paper.register import Cells, Column, Part, register
from edge.store.people import read_people
from edge.store.proofs import Proof, read_proofs
from edge.store.readers import Reads
from edge.store.trace import TraceView
from edge.words import say

At = Callable[[int], str]


def print_certificate(
    reads: Reads, area: str, file: BlockFile | None, zone: str, language: str, made_ms: int
) -> tuple[Printed, int]:
    """And how many lines it has. RuleRefused ``nothing_proved``."""
    with reads.read() as db:
        proofs = [one for one in read_proofs(db, area) if one.outcome in ("good", "failed")]
        names = {one.id: one.name for one in read_people(db)}
    if not proofs and file is None:
        raise RuleRefused("nothing_proved", "commission_block", file="")

    def at(ms: int) -> str:
        return datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")

    parts = []
    if proofs:
        parts.append(_monthly(proofs[0], _event(reads, proofs[0]), names, at, language))
    if file is not None:
        parts.append(_commissioning(file, at, language))
    claim = say(language, "certificate.claim")
    parts = [Part(part.head, [*part.rows, (claim, "")]) for part in parts]
    columns = [Column(say(language, f"certificate.head_{name}"), share) for name, share in (("what", 60), ("when", 40))]
    title = say(language, "certificate.title", block=area)
    return register(title, columns, parts, language, made_ms), sum(len(part.rows) for part in parts)


def _event(reads: Reads, proof: Proof) -> str:
    """Where it stands in the trace."""
    for event in TraceView(reads, "").recent(100, subject=proof.area, action_prefix=f"block.proof_{proof.outcome}"):
        if event.body and json.loads(event.body)["proof"] == proof.id:
            return f"{event.epoch[:8]}/{event.seq} {event.hash[:16]}"
    return "–"


def _monthly(proof: Proof, event: str, names: dict[str, str], at: At, language: str) -> Part:
    rows: list[Cells] = []
    for name, times in proof.answers.items():
        kind, no = name.split()
        of_aisle = no != "0" and not kind.startswith(("edge", "jog", "release"))
        where = say(language, "panel.block.aisle", aisle=no) if of_aisle else ""
        what = say(language, f"panel.proof.item.{kind}", no=no)
        rows.append((f"{where} {what}".strip(), "  ".join(at(ms) for ms in times)))
    head = say(
        language,
        "certificate.monthly",
        technician=f"{names.get(proof.technician, '')} ({proof.technician})",
        began=at(proof.began_ms),
        ended=at(proof.ended_ms or proof.began_ms),
        outcome=say(language, f"panel.proof.outcome.{proof.outcome}"),
        serial=proof.serial,
        event=event,
    )
    return Part(head, rows)


def _commissioning(file: BlockFile, at: At, language: str) -> Part:
    def who(one: Signer) -> str:
        return f"{one.name} ({one.id})"

    head = say(
        language,
        "certificate.commissioning",
        serial=file.serial,
        technician=who(file.technician),
        witness=who(file.witness),
        signed=at(file.utc_ms),
    )
    rows: list[Cells] = [(name, at(ms)) for name, ms in sorted(file.steps.items(), key=lambda step: step[1])]
    rows += [(name, str(value)) for name, value in sorted(file.limits.items())]
    rows += [
        (
            f"{one.column}: {one.board_id:08x}",
            f"{one.firmware_version >> 8}.{one.firmware_version & 0xFF} {one.image:08x} {one.config_crc:04x}",
        )
        for one in file.boards
    ]
    return Part(head, rows)
