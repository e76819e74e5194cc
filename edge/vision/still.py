"""One frame of a camera."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Still:
    """``age_ms`` when the camera handed it over: 0 for a frame whose exposure began after the request."""

    jpeg: bytes
    age_ms: int
