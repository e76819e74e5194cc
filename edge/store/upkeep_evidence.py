"""Upkeep of what must never change: the trace, the files that were imported, every page of every keyed file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard

from edge.domain.upkeep import Finding
from edge.store.upkeep_site import Site, Step
from edge.store.verify import verify


def trace(site: Site, _position: dict[str, Any]) -> Iterator[Step]:
    """All of it, from the first event; taken up again from there, as a chain has no middle."""

    def look(_events: int) -> None:
        site.require_quiet()

    report = verify(site.database.path, site.key, site.public_key, look)
    findings = [
        Finding("trace_broken", {"why": found.why, "seq": found.seq, "detail": found.detail})
        for found in report.findings
    ]
    yield Step(report.events, findings, {}, last=True)


def evidence(site: Site, position: dict[str, Any]) -> Iterator[Step]:
    """``position``: {"after": number of the import compared last}."""
    after = int(position.get("after", 0))
    while True:
        with site.looking() as db:
            query = "SELECT no, id, name, sha256 FROM import_file WHERE state = 'sealed' AND no > ? ORDER BY no LIMIT 1"
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
        yield Step(1, found, {"after": after})
    for path in site.others:
        site.require_quiet()
        if path.exists():
            damaged = _damaged_pages(site, path)
            damaged = damaged and damaged & _damaged_pages(site, path)  # a running node may be writing one
            found = [Finding("page_damaged", {"file": path.name, "said": said}) for said in sorted(damaged)]
            yield Step(1, found, {"after": after})
    yield Step(0, [], {}, last=True)


def _damaged_pages(site: Site, path: Path) -> set[str]:
    with site.looking(path) as db:
        return {row[0] for row in db.execute("PRAGMA cipher_integrity_check")}
