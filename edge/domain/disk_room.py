"""How full the disk may get, and what stops when: first what is large and can wait, never the trace or an alarm."""

from __future__ import annotations

from edge.domain.protections import Limit

LOW_MB = 1024
TIGHT_MB = 128
FULL_MB = 8  # less than one second of ordinary work may write

# Free space in MB; back well above the bound, so that one deleted file does not end what will come again.
LOW = Limit("disk_low", "free_mb", "low", LOW_MB, 256, 0, 0, "alarm")
RULES = frozenset({LOW.rule})  # shown at the panel and the centre, but it threatens nobody


def takes_bulk(free_mb: int) -> bool:
    """Whether scans, imports and a new index still come in."""
    return free_mb >= TIGHT_MB
