"""Whether a mesh is closed: a slicer fills only what has an inside."""

from __future__ import annotations

import struct
from collections import Counter


def open_edges(stl: bytes) -> int:
    """Edges of a binary STL that are not shared by exactly two triangles, one each way. 0 = watertight."""
    count: int = struct.unpack_from("<I", stl, 80)[0]
    edges: Counter[tuple[bytes, bytes]] = Counter()
    for no in range(count):
        at = 84 + 50 * no + 12
        a, b, c = (stl[at + 12 * corner : at + 12 * corner + 12] for corner in range(3))
        edges.update(((a, b), (b, c), (c, a)))
    return sum(abs(number - edges[(b, a)]) for (a, b), number in edges.items()) + max(0, 4 - count)
