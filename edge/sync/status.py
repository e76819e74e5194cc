"""How the sync stands, for the panel and for the heartbeat."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """``backlog``: events the centre has not confirmed. ``last_ack_age_ms``: None before its first word in this run."""

    connected: bool
    backlog: int
    in_flight: int
    last_ack_age_ms: int | None
    fault: str
