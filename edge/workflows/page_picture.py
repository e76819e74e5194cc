"""Pictures made of a kept page: one line cut out of it.

Only pages that the vision process drew itself are opened here, never what came from outside.
"""

from __future__ import annotations

import io

from PIL import Image

from edge.domain.page_seen import Quad

MARGIN = 0.6  # of a line's height around it
LINE_PX = 96  # height of a line as a person judges it
WIDE_PX = 1800
JPEG_QUALITY = 85


def line_of(page_jpeg: bytes, quad: Quad) -> bytes:
    """The line with a little of what is around it, upright as it lies on the page; a column is laid level."""
    with Image.open(io.BytesIO(page_jpeg)) as page:
        page.load()
        xs, ys = [x for x, _ in quad], [y for _, y in quad]
        margin = max(4, round(MARGIN * min(max(xs) - min(xs), max(ys) - min(ys))))
        box = (
            max(0, min(xs) - margin),
            max(0, min(ys) - margin),
            min(page.width, max(xs) + margin),
            min(page.height, max(ys) + margin),
        )
        cut = page.crop(box)
    if cut.height > 1.5 * cut.width:
        cut = cut.transpose(Image.Transpose.ROTATE_90)
    scale = min(LINE_PX * (1 + 2 * MARGIN) / cut.height, WIDE_PX / cut.width)
    cut = cut.resize((max(1, round(cut.width * scale)), max(1, round(cut.height * scale))), Image.Resampling.LANCZOS)
    return _jpeg(cut)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
