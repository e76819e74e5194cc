"""How the sync stands, for the panel."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """``backlog``: events the centre has not confirmed. ``last_ack_age_ms``: None before its first word in this run.

    ``fault``: ``centre_knows_other_trace``, ``centre_holds_more``, ``sync_failed`` or "".
    """

    connected: bool
    backlog: int
    last_ack_age_ms: int | None
    fault: str
