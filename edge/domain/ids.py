"""Identifiers: UUIDv7, minted where a thing is first made, sortable by time, never reused."""

from __future__ import annotations

import re
import secrets
import uuid

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_id(utc_ms: int) -> str:
    """A UUIDv7 (RFC 9562) for the wall time ``utc_ms``, as 36 characters of text."""
    value = (utc_ms & (2**48 - 1)) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def names_an_id(text: str) -> bool:
    """Whether an id stands anywhere in ``text``, which people cannot read then."""
    return _ID.search(text) is not None


def is_id(text: str) -> bool:
    """Whether ``text`` is written as an id, so that it says nothing by itself."""
    return _ID.fullmatch(text) is not None
