"""An imported file as it came, byte by byte: whole or not at all, so it takes somebody cleared for all that came of it.

How secret a refused row is nobody knows, nor what an import that was taken back had brought: both take the highest
clearance.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO

import zstandard

from edge.domain.records import SECRECY
from edge.errors import InputRefused, RuleRefused, StoreError
from edge.store.connection import Connection
from edge.store.exports.scope import SEEN_ITEM, Scope
from edge.store.exports.written import Written


def write(out: BinaryIO, db: Connection, scope: Scope, import_id: str) -> Written:
    """InputRefused ``import_unknown``; RuleRefused ``export_not_cleared``; StoreError ``damaged``."""
    kept = "id = ? AND (state <> 'discarded' OR undone_utc_ms IS NOT NULL)"
    imported = db.execute(f"SELECT * FROM import_file WHERE {kept}", (import_id,)).fetchone()
    if imported is None:
        raise InputRefused("import_unknown", "look_at_imports")
    above = f"SELECT 1 FROM item i WHERE i.import_no = :no AND NOT {SEEN_ITEM} LIMIT 1"
    secret = db.execute(above, {**scope.params(), "no": imported["no"]}).fetchone()
    unknown = imported["refused"] or imported["undone_utc_ms"] is not None
    if secret or (unknown and scope.clearance != SECRECY[-1]):
        raise RuleRefused("export_not_cleared", "ask_cleared_person")
    told = hashlib.sha256()
    for piece in db.execute("SELECT zstd FROM import_evidence WHERE import_no = ? ORDER BY piece", (imported["no"],)):
        content = zstandard.decompress(piece["zstd"])
        told.update(content)
        out.write(content)
    if told.hexdigest() != imported["sha256"]:
        raise StoreError("damaged", "restore_backup", path=imported["name"])
    return Written(imported["rows_done"])
