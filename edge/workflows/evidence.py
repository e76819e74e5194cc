"""Hand over what proves one item: its record, its trace and the proof of both, in one file for a stranger."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.domain.people import Person
from edge.errors import InputRefused
from edge.store import evidence as extracts
from edge.store import evidence_verify
from edge.store.database import NODE, Database
from edge.store.whole_file import appears_whole
from edge.words import LANGUAGES, Words, load, say
from edge.workflows.rights import needs
from edge.workflows.take_out import OPEN_TO_ALL, require_cleared

_WRONG = "evidence.wrong."


@dataclass(frozen=True, slots=True)
class Signed:
    """The store and the node's key: only both together make an extract."""

    database: Database
    key: Ed25519PrivateKey


@needs("take_out")
def for_item(signed: Signed, person: Person, item_id: str, language: str) -> bytes:
    """The ZIP, open as far as the item itself is. InputRefused ``item_unknown``; RuleRefused ``export_not_cleared``."""
    clearance = extracts.least_clearance(signed.database, item_id) or OPEN_TO_ALL
    return make(signed, item_id, clearance=clearance, person=person, language=language)


def make(signed: Signed, number: str, *, clearance: str, person: Person | None, language: str) -> bytes:
    """InputRefused ``item_unknown``; RuleRefused ``export_not_cleared``."""
    require_cleared(person, clearance)

    def readme(record: dict[str, Any]) -> str:
        tongues = (language, *(other for other in LANGUAGES if other != language))
        words = {"ref_code": record["item"]["ref_code"], "fonds": record["fonds"]["fonds_no"]}
        return "\n\n".join(say(tongue, "evidence.readme", **words) for tongue in tongues)

    reasons = {msgid.removeprefix(_WRONG): said for msgid, said in load().items() if msgid.startswith(_WRONG)}
    return extracts.extract(
        signed.database,
        signed.key,
        number,
        clearance=clearance,
        actor=person.id if person else NODE,
        readme=readme,
        reasons=json.dumps(reasons, ensure_ascii=False, indent=1).encode("utf-8"),
    )


def hand_over(
    signed: Signed, number: str, out: Path, *, clearance: str, person: Person | None, language: str
) -> dict[str, Any]:
    """Write ``out``; what is in it. As ``make``; InputRefused ``export_exists``."""
    with appears_whole(out) as (_path, file):
        content = make(signed, number, clearance=clearance, person=person, language=language)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return {"file": str(out), "bytes": len(content), **check(content, out.name)}


def fingerprint(signed: Signed) -> str:
    """Of this node's key, as an extract shows it."""
    return hashlib.sha256(signed.key.public_key().public_bytes_raw()).hexdigest()


def check_file(path: Path) -> dict[str, Any]:
    """As ``check``. InputRefused ``file_unreadable``."""
    try:
        return check(path.read_bytes(), path.name)
    except OSError as error:
        raise InputRefused("file_unreadable", "check_file", file=path.name, detail=error.strerror or "") from error


def check(extract: bytes, name: str) -> dict[str, Any]:
    """What an extract proves: events, fingerprint of the key, when, of which item. InputRefused ``evidence_broken``."""
    wrong, found = evidence_verify.check(extract)
    if wrong:
        why = Words(_WRONG + wrong.code, {"where": wrong.where})
        raise InputRefused("evidence_broken", "keep_evidence", file=name, why=why)
    return found
