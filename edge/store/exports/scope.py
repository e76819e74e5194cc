"""What of the store an export may show."""

from __future__ import annotations

import json
from dataclasses import dataclass

from edge.domain.records import SECRECY, may_see
from edge.store import volume_rows


@dataclass(frozen=True, slots=True)
class Scope:
    """``clearance``: one of SECRECY; records above it stay out. ``fonds_no``: only this one's, "" = all."""

    clearance: str
    fonds_no: str = ""

    def params(self) -> dict[str, str]:
        """For the queries' ``:levels`` (JSON) and ``:fonds``."""
        levels = [level for level in SECRECY if may_see(self.clearance, level)]
        return {"levels": json.dumps(levels), "fonds": self.fonds_no}


# Of item ``i`` and volume ``v``.
SEEN_ITEM = "i.secret_level IN (SELECT value FROM json_each(:levels))"
SEEN_VOLUME = volume_rows.seen("v", "(SELECT value FROM json_each(:levels))")
SEEN_LOAN = (
    "NOT EXISTS (SELECT 1 FROM item s WHERE s.secret_level NOT IN (SELECT value FROM json_each(:levels))"
    " AND (s.id = l.item_id OR s.volume_id = l.volume_id OR (l.kind = 'box' AND (s.box_id = l.box_id"
    " OR s.no IN (SELECT item_no FROM item_also_in a WHERE a.box_id = l.box_id)))))"
)
OF_FONDS = "(:fonds = '' OR {of}.fonds_no = :fonds)"
