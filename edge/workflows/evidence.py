"""Hand over what proves one item: its record, its trace and the proof of both, in one file for a stranger."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.domain.people import Person
from edge.errors import InputRefused
from edge.store import evidence as extracts
from edge.store import evidence_verify
from edge.store.database import NODE, Database
from edge.store.whole_file import appears_whole
from edge.words import LANGUAGES, say
from edge.workflows.take_out import require_cleared


def hand_over(
    database: Database,
    signing: Ed25519PrivateKey,
    number: str,
    out: Path,
    *,
    clearance: str,
    person: Person | None,
    language: str,
) -> dict[str, Any]:
    """Write ``out``; what is in it. InputRefused ``item_unknown``, ``export_exists``; RuleRefused
    ``export_not_cleared``.
    """
    require_cleared(person, clearance)
    actor = person.id if person else NODE

    def readme(record: dict[str, Any]) -> str:
        tongues = (language, *(other for other in LANGUAGES if other != language))
        words = {"ref_code": record["item"]["ref_code"], "fonds": record["fonds"]["fonds_no"]}
        return "\n\n".join(say(tongue, "evidence.readme", **words) for tongue in tongues) + "\n"

    with appears_whole(out) as (_path, file):
        content = extracts.extract(database, signing, number, clearance=clearance, actor=actor, readme=readme)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return {"file": str(out), "bytes": len(content), **check(out)}


def check(path: Path) -> dict[str, Any]:
    """What an extract proves: events, fingerprint of the key, when, of which item. InputRefused ``evidence_broken``."""
    try:
        wrong, found = evidence_verify.check(path.read_bytes())
    except OSError as error:
        raise InputRefused("file_unreadable", "check_file", file=path.name, detail=error.strerror or "") from error
    if wrong:
        raise InputRefused("evidence_broken", "keep_evidence", file=path.name, why=wrong)
    return found
