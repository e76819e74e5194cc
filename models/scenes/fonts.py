"""The typefaces that scenes are drawn in: Noto CJK, four faces; none where they are not installed."""

from __future__ import annotations

from pathlib import Path

FONTS = tuple(
    path
    for name in ("NotoSansCJK-Regular", "NotoSansCJK-Bold", "NotoSerifCJK-Regular", "NotoSerifCJK-Bold")
    if (path := Path(f"/usr/share/fonts/opentype/noto/{name}.ttc")).exists()
)
SIMPLIFIED = 2  # face of each collection
