"""Records that somebody changed behind the trace: seen before the night finds them, and accepted only by a person who
says why. Putting one right by a correction needs no acceptance of its own.
"""

from __future__ import annotations

from typing import Any

from edge.domain.people import Person
from edge.domain.tally import Key, Kind
from edge.errors import RuleRefused
from edge.store import tally, tally_roots, upkeep_records
from edge.store.database import Change
from edge.workflows.archive import Archive
from edge.workflows.rights import needs


@needs("correct")
def seen(archive: Archive, _person: Person) -> list[tuple[Kind, Key, str]]:
    """Kind, key and name of every record that is not what the trace left it as; no name: it is gone."""
    return _differing(archive)


@needs("void")
def accept(archive: Archive, person: Person, reason: str) -> int:
    """All of them are taken as they are now; how many. RuleRefused ``reason_missing``. Event ``records.accepted``."""
    if not reason.strip():
        raise RuleRefused("reason_missing", "give_reason")

    found = _differing(archive)  # every record is compared: nobody's change may wait for that

    def write(change: Change) -> int:
        tallies = list(tally_roots.astray(change.db))
        if not found and not tallies:
            return 0
        open_now = tally.open_tally(change.db)
        for kind, key, _name in found:
            tally.tell_these(change.db, open_now, kind, [key])
        body: dict[str, Any] = {"reason": reason, "records": len(found)}
        body["named"] = [f"{kind} {name or key}" for kind, key, name in found[: tally.NAMED]]
        body["tallies"] = tally_roots.as_they_are(change.db, tallies)
        change.event(tally_roots.ACCEPTED, subject="records", actor=person.id, body=body)
        return len(found) + len(tallies)

    return archive.database.write(write, telemetry=True)  # nothing to accept is no event


def _differing(archive: Archive) -> list[tuple[Kind, Key, str]]:
    with archive.database.read() as db:
        return list(upkeep_records.differing(db)) if tally_roots.began(db) else []
