"""Identifiers: UUIDv7, minted where a thing is first made, sortable by time, never reused."""

from __future__ import annotations

import secrets
import uuid


def new_id(utc_ms: int) -> str:
    """A UUIDv7 (RFC 9562) for the wall time ``utc_ms``, as 36 characters of text."""
    value = (utc_ms & (2**48 - 1)) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))
