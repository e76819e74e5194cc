"""Upkeep of what must never change: the trace, imported files, scans, and every page of every keyed file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import zstandard

from edge.domain.upkeep import Finding
from edge.store.page_seals import damaged_pages, pages_that_fail
from edge.store.upkeep_site import Site, Step
from edge.store.verify import verify

NIGHTS = 30  # every scan is compared within so many
LEAST_SCANS = 500  # a night
MISSING = 20  # scans named a night; a lost file of scans would name every page


def trace(site: Site, _position: dict[str, Any]) -> Iterator[Step]:
    """All of it, from the first event; taken up again from there, as a chain has no middle."""

    def look(_events: int) -> None:
        site.require_quiet()

    report = verify(site.database.path, site.key, site.public_key, look)
    findings = [
        Finding(
            "trace_broken",
            {"why": found.why, "seq": found.seq, "to": found.seq_to, "epoch": found.epoch, "detail": found.detail},
        )
        for found in report.findings
    ]
    yield Step(report.events, findings, {}, last=True)


def evidence(site: Site, position: dict[str, Any]) -> Iterator[Step]:
    """``position``: {"after": number of the import compared last; across nights "scan": the scan compared last, and
    "differ": scans found differing, which every night looks at again first}.
    """
    after, scan, differ = int(position.get("after", 0)), str(position.get("scan", "")), list(position.get("differ", []))
    while True:
        with site.looking() as db:
            kept = "(state = 'sealed' OR state = 'discarded' AND undone_utc_ms IS NOT NULL)"
            query = f"SELECT no, id, name, sha256 FROM import_file WHERE {kept} AND no > ? ORDER BY no LIMIT 1"
            imported = db.execute(query, (after,)).fetchone()
            if imported is None:
                break
            told = hashlib.sha256()
            try:
                pieces = "SELECT zstd FROM import_evidence WHERE import_no = ? ORDER BY piece"
                for piece in db.execute(pieces, (imported["no"],)):
                    told.update(zstandard.decompress(piece["zstd"]))
                    site.require_quiet()
                same = told.hexdigest() == imported["sha256"]
            except zstandard.ZstdError:
                same = False
        after = imported["no"]
        found = [] if same else [Finding("evidence_differs", {"file": imported["name"], "import": imported["id"]})]
        yield Step(1, found, {"after": after, "scan": scan, "differ": differ})
    for step in _scans(site, scan, differ):
        scan, differ = step.position["scan"], step.position["differ"]
        yield replace(step, position={"after": after, **step.position})
    for path in site.others:
        site.require_quiet()
        if path.exists():
            damaged = damaged_pages(path, partial(_pages_that_fail, site, path))
            found = [Finding("page_damaged", {"file": path.name, "said": said}) for said in damaged]
            yield Step(1, found, {"after": after, "scan": scan, "differ": differ})
    yield Step(0, [], {"scan": scan, "differ": differ}, last=True)


def _scans(site: Site, after: str, differed: list[str]) -> Iterator[Step]:
    """A part of the scans each night, by their digests, so that every one of them is met within NIGHTS; first those
    that differed.
    """
    if site.scans is None:
        return
    yield Step(0, _missing(site, site.scans), {"scan": after, "differ": differed})
    if not site.scans.exists():
        return
    differ = [one for one in differed if not _as_kept(site, site.scans, one)]
    again = [Finding("scan_differs", _whose(site, one)) for one in differ]
    yield Step(len(differed), again, {"scan": after, "differ": differ})
    with site.looking(site.scans) as db:
        count = int(db.execute("SELECT count(*) FROM scan").fetchone()[0])
    for _ in range(min(count, max(LEAST_SCANS, -(-count // NIGHTS)))):
        with site.looking(site.scans) as db:
            query = "SELECT sha256 FROM scan WHERE sha256 > ? ORDER BY sha256 LIMIT 1"
            after = (db.execute(query, (after,)).fetchone() or db.execute(query, ("",)).fetchone())["sha256"]
        good = after in differ or _as_kept(site, site.scans, after)  # named tonight already
        found = [] if good else [Finding("scan_differs", _whose(site, after))]
        differ = differ if good else [*differ, after][:MISSING]
        yield Step(1, found, {"scan": after, "differ": differ})


def _as_kept(site: Site, scans: Path, sha256: str) -> bool:
    """Also of one that is gone, which is told as missing."""
    told = hashlib.sha256()
    with site.looking(scans) as db:
        if not db.execute("SELECT 1 FROM scan WHERE sha256 = ?", (sha256,)).fetchone():
            return True
        for piece in db.execute("SELECT content FROM scan_piece WHERE sha256 = ? ORDER BY piece", (sha256,)):
            told.update(piece["content"])
    return told.hexdigest() == sha256


def _missing(site: Site, scans: Path) -> list[Finding]:
    """Hooked pages and originals that the file of scans no longer holds."""
    kept: set[str] = set()
    if scans.exists():
        with site.looking(scans) as db:
            kept = {row["sha256"] for row in db.execute("SELECT sha256 FROM scan")}
    query = (
        "SELECT p.image AS sha256 FROM page p WHERE p.state = 'hooked'"
        " UNION SELECT f.sha256 FROM scan_file f JOIN page p ON p.file_id = f.id WHERE p.state = 'hooked'"
    )
    with site.looking() as db:
        gone = [row["sha256"] for row in db.execute(query) if row["sha256"] not in kept]
    named = [_whose(site, sha256) for sha256 in gone[:MISSING]]
    return [Finding("scan_missing", one) for one in named if "item" in one]  # else unhooked since


def _whose(site: Site, sha256: str) -> dict[str, Any]:
    """The digest's beginning; label and page of the item whose page or original it is, where it is hooked."""
    query = (
        "SELECT i.label, p.page_no FROM page p JOIN scan_file f ON f.id = p.file_id JOIN item i ON i.id = p.item_id"
        " WHERE p.state = 'hooked' AND ? IN (p.image, f.sha256) ORDER BY p.page_no LIMIT 1"
    )
    with site.looking() as db:
        page = db.execute(query, (sha256,)).fetchone()
    return {"scan": sha256[:12]} | ({"item": page["label"], "page": page["page_no"]} if page else {})


def _pages_that_fail(site: Site, path: Path) -> set[str]:
    with site.looking(path) as db:
        return pages_that_fail(db)
