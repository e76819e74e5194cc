"""Everything held of one node, in its own order, so that a stranger can verify the chain."""

from __future__ import annotations

import json
from collections.abc import Iterator

from cloud_sync.store.database import Database
from edge.errors import InputRefused


def export_lines(database: Database, node: str) -> Iterator[str]:
    """One JSON object a line: ``epoch``, ``seq``, ``envelope`` (text), ``salt`` (hex) and ``body`` (text) or null.

    Raises InputRefused for a node that is not enrolled.
    """
    with database.read() as db:
        if db.execute("SELECT 1 FROM node WHERE node = ?", (node,)).fetchone() is None:
            raise InputRefused("node_not_enrolled", "see_the_nodes", node=node)
        rows = db.execute(
            "SELECT event.* FROM event JOIN epoch USING (node, epoch) WHERE node = ? ORDER BY no, event.seq", (node,)
        )
        for row in rows:
            line = {
                "epoch": row["epoch"],
                "seq": row["seq"],
                "envelope": row["envelope"].decode(),
                "salt": row["salt"].hex() if row["salt"] is not None else None,
                "body": row["body"].decode() if row["body"] is not None else None,
            }
            yield json.dumps(line, ensure_ascii=False)
