"""A record's digest and a tally's root: what proves, against the trace, that nobody changed a record behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from edge.domain.trace import canonical

Kind = Literal["item", "volume", "box", "fonds", "series"]
Key = int | str
_WRITTEN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
GONE = b""  # the digest of a record that is not there


def digest(fields: Mapping[str, Any]) -> bytes:
    """SHA-256 over canonical JSON. Empty fields are left out, of a part of the record as well, so a field that a later
    release adds changes no digest until somebody fills it in.
    """
    return hashlib.sha256(_WRITTEN.encode(_said(fields)).encode()).digest()


def root(rows: Iterable[tuple[Kind, Key, bytes]]) -> tuple[str, int]:
    """SHA-256 in hex over one line for each record (kind, key, digest), and how many; ``rows`` in their fixed order."""
    lines, count = hashlib.sha256(), 0
    for kind, key, said in rows:
        lines.update(canonical([kind, key, said.hex()]) + b"\n")
        count += 1
    return lines.hexdigest(), count


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _said(said) if isinstance(said, dict) else said for name, said in fields.items() if said not in ("", None)
    }
