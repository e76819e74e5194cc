"""One frame of a camera."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Still:
    """``age_ms`` when the camera handed it over: 0 for a frame whose exposure began after the request.

    ``metadata``: what the camera says of how it was taken, where it says anything.
    """

    jpeg: bytes
    age_ms: int
    metadata: Mapping[str, object] = field(default_factory=dict)
