"""The four checks 四性检测 of a file that has just come in, and the check of all that was ever kept (fixity)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from edge.domain import four_checks, page_gate
from edge.domain.four_checks import PROPERTIES, Arrived
from edge.domain.page_seen import FileFacts
from edge.domain.people import Person
from edge.domain.records import Item
from edge.errors import StoreError
from edge.store.database import Change
from edge.words import say
from edge.workflows.rights import needs
from edge.workflows.room import Room


@dataclass(frozen=True, slots=True)
class Fixity:
    """``changed``: beginnings of the SHA-256 that a scan was kept under and no longer has."""

    scans: int
    changed: tuple[str, ...]


def check(
    room: Room,
    change: Change,
    person: Person,
    file_id: str,
    handed_sha256: str,
    level: str,
    of: Item | None = None,
    whole: bool | None = True,
) -> None:
    """In the transaction that takes the file in, so no file is without its report. ``of``: whose a file without pages
    is; ``whole``: whether that file is as long as it says, None where it says nothing.
    """
    file = room.pages.file_in(change, file_id)
    pages = room.pages.of_file_in(change, file_id)
    owners = {page.item_id for page in pages if page.item_id} or {one for page in pages for one in page.proposed}
    owner = of or (room.catalogue.item(owners.pop()) if len(owners) == 1 else None)
    there = [page.page_no or 0 for page in room.pages.of_item_in(change, owner.id)] if owner else []
    counted = bool(owner and owner.pages and not of)  # sound and video have no pages that could be missing
    facts = FileFacts(file.format, file.author, file.created, file.modified, file.made_with, file.alarming)
    received = datetime.fromtimestamp(change.utc_ms / 1000, UTC).astimezone(ZoneInfo(room.zone))
    findings = four_checks.judge(
        Arrived(
            facts=facts,
            source=file.source,
            name=file.name,
            sha256=file.sha256,
            handed_sha256=handed_sha256,
            received=f"{received:%Y%m%d}",
            pages=len(pages) if of is None else None,
            whole=whole,
            held=sum(page.state == "held" for page in pages),
            jumps=sum(one.code == "number_skipped" for page in pages for one in page.complaints),
            item_known=owner is not None,
            missing=tuple(page_gate.missing(there, owner.pages)) if owner and counted else None,
        )
    )
    report = four_checks.report(findings, file.sha256, change.utc_ms)
    room.pages.keep_report(change, file_id, report)
    bad = [one.code for one in findings if one.verdict in ("fail", "doubt")]
    body = {"file": file_id, **report["overall"], "findings": bad}
    change.event("scan.checked", subject=file_id, actor=person.id, body=body, level=level)


def in_words(report: dict[str, Any], name: str, language: str) -> str:
    """The report for people: a line each, property by property."""
    lines = [say(language, "four_checks.title", file=name), f"SHA-256 {report['sha256']}"]
    for of in PROPERTIES:
        verdict = say(language, f"four_checks.verdict.{report['overall'][of]}")
        lines.append(f"{say(language, f'four_checks.property.{of}')}: {verdict}")
        for one in report["findings"]:
            if one["property"] == of:
                mark = say(language, f"four_checks.verdict.{one['verdict']}")
                lines.append(f"  {mark}  {say(language, 'four_checks.' + one['code'], **one['params'])}")
    return "\n".join(lines) + "\n"


@needs("digitise")
def fixity(room: Room, person: Person, progress: Callable[[int], None] = lambda _done: None) -> Fixity:
    """Read every scan and compare it with the digest it was kept under."""
    done, changed = 0, []
    for done, sha256 in enumerate(room.scans.all(), 1):
        try:
            room.scans.read(sha256)
        except StoreError as error:
            if error.code not in ("scan_changed", "scan_missing"):
                raise
            changed.append(sha256[:16])
        progress(done)
    body = {"scans": done, "changed": changed}
    room.database.write(
        lambda change: change.event("scan.fixity", subject="scans", actor=person.id, body=body, level="internal")
    )
    return Fixity(done, tuple(changed))
